import { type AnyResource, defineRule } from '#rule';
import { exempt, namespaceAt } from '#rule/namespace';
import { dig, digList } from '#rule/shape';

/**
 * Whether an item for containers sets a default limit and a default request. Without them, the API server uses its
 * `max`, which fits few containers.
 */
const hasDefaults = (range: AnyResource): boolean => {
  const gives = (item: object, field: string) =>
    ['cpu', 'memory'].some((compute) => (dig(item, field, compute) ?? undefined) !== undefined);
  return digList(range.object, 'spec', 'limits').some(
    (item) => dig(item, 'type') === 'Container' && gives(item, 'default') && gives(item, 'defaultRequest'),
  );
};

export default defineRule({
  title: 'Namespace should have a LimitRange',
  severity: 'low',
  preset: 'strict',
  kinds: ['Namespace', 'LimitRange'],
  scope: 'workspace',
  options: { exempt },
  messages: {
    missing:
      '{namespace} has no LimitRange with default and defaultRequest for containers, so containers without resources get no defaults',
  },
  help: 'Add a LimitRange with an item of type Container, default: {memory: 512Mi} and defaultRequest: {cpu: 100m, memory: 256Mi}',
  equivalents: ['trivy:KSV-0039', 'kics:Pod or Container Without LimitRange'],
  sources: ['EKS Best Practices Guide, Multi-tenancy'],
  check(subject, { options, report, workspace }) {
    const judged = namespaceAt(workspace, subject, 'LimitRange');
    if (!judged || options.exempt.includes(judged.name)) return;
    const unit = workspace.unit(subject);
    if (unit.all('LimitRange', judged.name).some(hasDefaults)) return;
    report({ message: 'missing', data: { namespace: judged.title }, when: unit.closed, ...judged.place });
  },
});
