import { defineRule } from '#rule';
import { heldBy, ignoreNames, isIgnored, rights, wordsOf } from '#rule/rbac';

/** The pod template of a Job is immutable, so its changes only start, pause and end it. */
const jobChanges = [{ groups: ['batch'], resources: ['jobs'], verbs: ['update', 'patch'] }];

export default defineRule({
  title: 'Role should not be able to create pods or pod controllers',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Role', 'ClusterRole'],
  needs: ['rules'],
  scope: 'resource',
  options: {
    ignoreNames,
    deployers: {
      type: 'array',
      items: { type: 'string' },
      patterns: true,
      default: [],
      description: 'Patterns for names of deployment tool roles.',
    },
  },
  messages: {
    write:
      '{role} grants {verbs} on {resources}, so its holders can run pods with any Secret and ServiceAccount of {reach}',
    change: '{role} grants {verbs} on {resources}, so its holders can pause and end Jobs of {reach}',
  },
  help: 'Remove create, update and patch on workloads, and deploy through a pipeline or GitOps controller',
  equivalents: [
    'kube-linter:access-to-create-pods',
    'trivy:KSV-0048',
    'kubescape:C-0188',
    'cis-eks-1.7:4.1.4',
    'prowler:rbac_minimize_pod_creation_access',
    'monokle:KBP107',
    'kics:Permissive Access to Create Pods',
  ],
  sources: ['CIS Amazon EKS Benchmark 1.7', 'Kubernetes documentation, RBAC good practices'],
  check(role, { options, report }) {
    if (isIgnored(role, options.deployers)) return;
    const writes = heldBy(role, rights.workloadChange, options.ignoreNames);
    const reported = new Set(writes.map(({ grant }) => grant.entry));
    for (const held of writes)
      report({ message: 'write', data: wordsOf(role, held), on: held.grant.entry, key: 'resources' });
    for (const held of heldBy(role, jobChanges, options.ignoreNames))
      if (!reported.has(held.grant.entry))
        report({
          message: 'change',
          severity: 'low',
          data: wordsOf(role, held),
          on: held.grant.entry,
          key: 'resources',
        });
  },
});
