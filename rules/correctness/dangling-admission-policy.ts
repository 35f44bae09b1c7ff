import { type AnyResource, defineRule, Resource } from '#rule';
import { whyObjectUnseen } from '#rule/absence';
import { dig, digRecord, isRecord } from '#rule/shape';
import { unrendered } from '#rule/unknown';

const group = 'admissionregistration.k8s.io';
const policies: readonly string[] = ['ValidatingAdmissionPolicy', 'MutatingAdmissionPolicy'];

/**
 * Whether a policy may read its parameter. Without a paramRef the variable `params` is null, which only an expression
 * that uses it notices (Kubernetes API reference, ValidatingAdmissionPolicySpec).
 */
function mayReadParameter(policy: object): boolean {
  const expressions = ['variables', 'matchConditions', 'validations', 'auditAnnotations', 'mutations'].flatMap(
    (key) => dig(policy, 'spec', key) ?? [],
  );
  return expressions.length === 0 || /\bparams\b/.test(JSON.stringify(expressions));
}

export default defineRule({
  title: 'Admission policy and binding should refer to each other',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Resource'],
  scope: 'workspace',
  messages: {
    policy: '{title} binds policy "{policy}", which does not exist, so nothing is enforced',
    binding: '{title} has no binding, so nothing is enforced',
    parameter: '{title} has a paramRef but its policy has no paramKind, so the binding has no effect',
    kind: '{title} has no paramRef but its policy has a paramKind, so its requests fail or pass unchecked',
  },
  help: {
    policy: 'Correct spec.policyName, or add the policy',
    binding: 'Add a binding whose spec.policyName is the name of the policy',
    parameter: 'Add spec.paramKind to the policy, or remove paramRef',
    kind: 'Add spec.paramRef to the binding, or remove paramKind',
  },
  equivalents: ['monokle:LNK001'],
  sources: ['Kubernetes documentation, Validating Admission Policy'],
  check(resource, { workspace, report, undetermined }) {
    if (!(resource instanceof Resource) || resource.group !== group) return;
    const { kind, object, title, name } = resource;
    const unit = workspace.unit(resource);
    const spec = digRecord(object, 'spec');
    if (policies.includes(kind)) {
      if (
        unit
          .all(`${kind}Binding`, '*')
          .some(
            (one) =>
              dig(one.object, 'spec', 'policyName') === name || unrendered(dig(one.object, 'spec', 'policyName')),
          )
      )
        return;
      const why = whyObjectUnseen(unit, `${kind}Binding`, name, undefined);
      if (why === undefined) report({ message: 'binding', data: { title }, on: object, key: 'metadata' });
      else undetermined(why, { on: object, key: 'metadata' });
      return;
    }
    const bound = policies.find((one) => kind === `${one}Binding`);
    const policy = spec?.['policyName'];
    if (!spec || bound === undefined || typeof policy !== 'string' || policy === '' || unrendered(policy)) return;
    const found: AnyResource | undefined = unit.find(bound, policy, '*')[0];
    const place = { on: spec, key: 'policyName' } as const;
    if (!found) {
      if (!unit.live && workspace.bundle(resource).all(bound, '*').length === 0) return;
      const why = whyObjectUnseen(unit, bound, policy, undefined);
      if (why === undefined) report({ message: 'policy', data: { title, policy }, ...place });
      else undetermined(why, place);
      return;
    }
    const wants = isRecord(dig(found.object, 'spec', 'paramKind'));
    const gives = isRecord(spec['paramRef']);
    if (gives && !wants)
      report({ message: 'parameter', data: { title }, on: spec, key: 'paramRef', related: [found.at] });
    if (wants && !gives && mayReadParameter(found.object))
      report({ message: 'kind', data: { title }, ...place, related: [found.at] });
  },
});
