import { type AnyResource, defineRule, type Neighbours } from '#rule';
import {
  bindingsBySubject,
  bindingsOf,
  type Grant,
  grantsOf,
  hasPair,
  heldBy,
  ignoreNames,
  isRbac,
  roleRefOf,
  subjectName,
  subjectsOf,
  wordsOf,
} from '#rule/rbac';

const group = 'certificates.k8s.io';
const approval = [{ groups: [group], resources: ['certificatesigningrequests/approval'], verbs: ['update', 'patch'] }];

type Signers = 'none' | 'own' | 'kubernetes';

/** Which signers some entries may approve for. */
function signersOf(grants: readonly Grant[]): Signers {
  const found = grants.filter(
    (grant) =>
      hasPair(grant, group, ['signers', '*']) && (grant.verbs.includes('approve') || grant.verbs.includes('*')),
  );
  if (found.length === 0) return 'none';
  const open = ({ names }: Grant) => names.length === 0 || names.some((name) => name.startsWith('kubernetes.io/'));
  return found.some(open) ? 'kubernetes' : 'own';
}

/** Which signers each subject of a unit may approve for. */
function signersBySubject(unit: Neighbours): ReadonlyMap<string, Signers> {
  const known = new Map<AnyResource, Signers>();
  const ofRole = (role: AnyResource): Signers => {
    const signers = known.get(role) ?? signersOf(grantsOf(role));
    known.set(role, signers);
    return signers;
  };
  const of = (binding: AnyResource): readonly Signers[] => {
    const ref = roleRefOf(binding);
    return ref?.kind === 'ClusterRole' ? unit.find('ClusterRole', ref.name, '*').filter(isRbac).map(ofRole) : [];
  };
  return new Map(
    [...unit.once(bindingsBySubject)].map(([subject, bindings]) => [subject, widest(bindings.flatMap(of))]),
  );
}

const widest = (all: readonly Signers[]): Signers =>
  all.includes('kubernetes') ? 'kubernetes' : all.includes('own') ? 'own' : 'none';

export default defineRule({
  title: 'Role must not approve certificate signing requests',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'workspace',
  options: { ignoreNames },
  messages: {
    approve:
      '{role} grants {verbs} on {resources}, so its holders can issue themselves a client certificate for any user',
    half: '{role} grants {verbs} on {resources}, which together with approve on signers allows client certificates for any user',
  },
  help: 'Limit the approval to your own signer in the same role: resources: [signers], verbs: [approve], resourceNames: [example.com/signer]',
  equivalents: ['checkov:CKV_K8S_156', 'kubescape:C-0280', 'prowler:rbac_minimize_csr_approval_access'],
  sources: ['Kubernetes documentation, RBAC good practices'],
  check(role, { options, report, workspace }) {
    if (role.kind !== 'ClusterRole') return;
    const held = heldBy(role, approval, options.ignoreNames);
    if (held.length === 0) return;
    const bySubject = workspace.unit(role).once(signersBySubject);
    const signers = widest([
      signersOf(grantsOf(role)),
      ...bindingsOf(workspace, role, 'unit').flatMap((binding) =>
        subjectsOf(binding).map((subject) => bySubject.get(subjectName(subject, binding.namespace)) ?? 'none'),
      ),
    ]);
    if (signers === 'own') return;
    for (const one of held) {
      const place = { on: one.grant.entry, key: 'resources' } as const;
      if (signers === 'kubernetes') report({ message: 'approve', data: wordsOf(role, one), ...place });
      else report({ message: 'half', data: wordsOf(role, one), ...place, severity: 'low' });
    }
  },
});
