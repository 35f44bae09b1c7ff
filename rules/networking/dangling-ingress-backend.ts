import { defineRule, type Neighbours } from '#rule';
import { isSomewhere, lookFor } from '#rule/absence';
import { backendsOf, isAction, resourceBackendsOf } from '#rule/ingress';
import { text } from '#rule/shape';

const anyone = (): boolean => true;
/** Whether a Service would be expected here, and no operator creates it. */
const hasServices = (bundle: Neighbours, namespace: string): boolean =>
  !bundle.mayHoldOtherPods(namespace) && (bundle.has('Service', namespace) || bundle.someWorkload(anyone, namespace));

export default defineRule({
  title: 'Ingress backend must exist',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Ingress'],
  scope: 'workspace',
  options: {
    external: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Names of backends that exist but are not in the input.',
    },
  },
  messages: {
    missing: '{ingress} sends requests to {kind} "{name}", which does not exist, so they fail',
    elsewhere: '{ingress} sends requests to {kind} "{name}", which exists only in namespace "{other}", so they fail',
  },
  help: {
    missing: 'Correct the name, or add the object; if it exists elsewhere, list it in the option external',
    elsewhere: 'Move the Ingress to namespace {other}: an Ingress reaches only objects in its own namespace',
  },
  equivalents: [
    'kube-linter:dangling-ingress',
    'kube-score:ingress-targets-service',
    'kubescape:C-0298',
    'popeye:1401',
    'monokle:LNK001',
  ],
  sources: ['Kubernetes documentation, Ingress'],
  check(ingress, { options, report, undetermined, workspace }) {
    const judge = (kind: string, name: string, on: object, key: string, present: typeof hasServices): void => {
      if (options.external.includes(name)) return;
      const search = lookFor(
        workspace,
        ingress,
        { kind, name },
        (bundle, namespace) => present(bundle, namespace) && !isSomewhere(workspace, kind, name, namespace),
      );
      const data = { ingress: ingress.title, kind, name };
      if (search.state === 'unclear') undetermined(search.why, { on, key });
      else if (search.state === 'missing') report({ message: 'missing', data, on, key });
      else if (search.state === 'elsewhere')
        report({
          message: 'elsewhere',
          data: { ...data, other: search.object.namespace },
          on,
          key,
          related: [search.object.at],
        });
    };
    for (const backend of backendsOf(ingress))
      if (!isAction(backend)) judge('Service', backend.service, backend.on, backend.key, hasServices);
    for (const resource of resourceBackendsOf(ingress)) {
      const kind = text(resource['kind']);
      const name = text(resource['name']);
      if (kind !== undefined && name !== undefined)
        judge(kind, name, resource, 'name', (bundle, namespace) => bundle.has(kind, namespace));
    }
  },
});
