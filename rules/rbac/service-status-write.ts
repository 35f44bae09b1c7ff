import { defineRule } from '#rule';
import { bindingsOf, heldBy, ignoreNames, subjectsOf, wordsOf } from '#rule/rbac';

const wanted = [{ groups: [''], resources: ['services/status'], verbs: ['update', 'patch'] }];

export default defineRule({
  title: 'Role must not write service status',
  severity: 'high',
  preset: 'strict',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'workspace',
  options: {
    ignoreNames,
    controllers: {
      type: 'array',
      items: { type: 'string' },
      default: ['aws-load-balancer-controller', 'cloud-controller-manager'],
      description: 'Names of the service accounts of load balancer controllers, which write the status by design.',
    },
  },
  messages: {
    write:
      '{role} grants {verbs} on {resources}, so its holders can redirect traffic for any IP address to their own pods',
  },
  help: 'Remove services/status from resources',
  equivalents: ['checkov:CKV2_K8S_4'],
  sources: ['CVE-2020-8554 advisory'],
  // The address of a load balancer in the status is routed inside the cluster (CVE-2020-8554).
  check(role, { options, report, workspace }) {
    const all = heldBy(role, wanted, options.ignoreNames);
    if (all.length === 0) return;
    const subjects = bindingsOf(workspace, role, 'unit').flatMap(subjectsOf);
    const isController = ({ kind, name }: (typeof subjects)[number]) =>
      kind === 'ServiceAccount' && options.controllers.includes(name);
    if (subjects.length > 0 && subjects.every(isController)) return;
    for (const held of all)
      report({ message: 'write', data: wordsOf(role, held), on: held.grant.entry, key: 'resources' });
  },
});
