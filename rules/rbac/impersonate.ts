import { defineRule } from '#rule';
import { grantsEverything, grantsOf, ignoreNames, impersonatedIn, isMaintained, shortList, wordsOf } from '#rule/rbac';

export default defineRule({
  title: 'Role must not allow impersonation',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  options: { ignoreNames },
  messages: {
    anyone: '{role} can impersonate any of {resources}, so its holders can act as an administrator',
    system: '{role} can impersonate {names}, so its holders get the permissions of that group',
  },
  help: {
    anyone: 'List the identities, e.g. resourceNames: [viewer], or remove the entry',
    system: 'Remove {names} from resourceNames',
  },
  equivalents: [
    'trivy:KSV-0043',
    'kubescape:C-0065',
    'kubescape:C-0191',
    'checkov:CKV2_K8S_3',
    'cis-eks-1.7:4.1.8',
    'kics:RBAC Roles with Impersonate Permission',
  ],
  sources: ['CIS Amazon EKS Benchmark 1.7', 'Kubernetes documentation, RBAC good practices'],
  check(role, { options, report }) {
    if (isMaintained(role, options.ignoreNames)) return;
    const grants = grantsOf(role);
    if (grants.some((grant) => grantsEverything(grant, role.kind))) return;
    for (const grant of grants) {
      const held = impersonatedIn(grant);
      if (!held) continue;
      const { resources } = wordsOf(role, held);
      if (grant.names.length === 0)
        report({ message: 'anyone', data: { role: role.title, resources }, on: grant.entry, key: 'resources' });
      else {
        const names = shortList(grant.names.filter((name) => name.startsWith('system:')));
        report({ message: 'system', data: { role: role.title, names }, on: grant.entry, key: 'resourceNames' });
      }
    }
  },
});
