import { defineRule } from '#rule';
import { heldBy, ignoreNames, rights, wordsOf } from '#rule/rbac';

export default defineRule({
  title: 'Role must not allow exec, attach or debug containers',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  options: { ignoreNames },
  messages: {
    exec: '{role} grants {verbs} on {resources}, so its holders can run commands in any container of {reach}',
  },
  help: 'Remove pods/exec, pods/attach and pods/ephemeralcontainers from resources, or grant them for a limited time in a RoleBinding',
  equivalents: [
    'polaris:clusterrolePodExecAttach',
    'polaris:rolePodExecAttach',
    'polaris:clusterrolebindingPodExecAttach',
    'polaris:rolebindingClusterRolePodExecAttach',
    'polaris:rolebindingRolePodExecAttach',
    'trivy:KSV-0053',
    'trivy:KSV-0054',
    'kubescape:C-0002',
    'checkov:CKV2_K8S_2',
    'monokle:KBP108',
    'kics:RBAC Roles with Exec Permission',
    'kics:RBAC Roles with Attach Permission',
  ],
  sources: ['Kubernetes documentation, RBAC good practices', 'NSA/CISA Kubernetes Hardening Guide'],
  // A websocket connection to exec or attach is a GET, so get counts as well.
  check(role, { options, report }) {
    for (const held of heldBy(role, rights.exec, options.ignoreNames))
      report({ message: 'exec', data: wordsOf(role, held), on: held.grant.entry, key: 'resources' });
  },
});
