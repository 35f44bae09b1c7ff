import { defineRule } from '#rule';
import { heldBy, ignoreNames, wordsOf } from '#rule/rbac';

const verbs = ['delete', 'deletecollection'];
const events = [{ groups: ['', 'events.k8s.io'], resources: ['events'], verbs }];
/** The API server only lets logs be read (kubernetes, pkg/registry/core/pod/rest/log.go). */
const logs = [{ groups: [''], resources: ['pods/log'], verbs: [...verbs, 'update'] }];

export default defineRule({
  title: 'Role should not be able to delete events or logs',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  options: { ignoreNames },
  messages: {
    write: '{role} grants {verbs} on {resources}, so its holders can remove traces of what happened in {reach}',
    log: '{role} grants {verbs} on {resources}, which can only be read, so these verbs have no effect',
  },
  help: 'Remove delete, deletecollection and update from the entry, e.g. verbs: [get, list, watch]',
  equivalents: ['trivy:KSV-0042', 'kubescape:C-0031'],
  sources: ['Threat Matrix for Kubernetes'],
  check(role, { options, report }) {
    for (const held of heldBy(role, events, options.ignoreNames))
      report({ message: 'write', data: wordsOf(role, held), on: held.grant.entry, key: 'resources' });
    for (const held of heldBy(role, logs, options.ignoreNames))
      report({ message: 'log', severity: 'low', data: wordsOf(role, held), on: held.grant.entry, key: 'resources' });
  },
});
