import { defineRule } from '#rule';
import { mappingStart } from '#rule/aws-auth';
import { matchesAny, pattern, whole } from '#rule/pattern';

export default defineRule({
  title: 'Principals in aws-auth must not be in the group system:masters',
  severity: 'high',
  preset: 'recommended',
  kinds: ['awsAuth'],
  scope: 'model',
  options: {
    allow: {
      description: 'ARNs of emergency principals, as regular expressions that match the whole ARN.',
      type: 'array',
      default: [],
      items: { type: 'string' },
      patterns: true,
    },
  },
  messages: {
    masters: '{principal} in aws-auth has group system:masters, which has all permissions and bypasses RBAC',
  },
  help: 'Use an access entry with AmazonEKSClusterAdminPolicy for administrators, and your own groups for everyone else',
  equivalents: ['cis-eks-1.7:4.1.1', 'cis-eks-1.7:5.5.1', 'cis-eks-1.8:5.5.1', 'kubescape:C-0232'],
  sources: [
    'EKS Best Practices Guide, Security > Identity and Access Management > The aws-auth ConfigMap',
    'EKS Best Practices Guide, Security > Cluster Access Manager',
  ],
  check({ mappings }, { options, report, undetermined }) {
    const allowed = options.allow.map((one) => whole(pattern(one)));
    for (const mapping of mappings) {
      const { arn, groups } = mapping;
      const [group] = groups.items.filter((one) => one.value === 'system:masters');
      if (arn.value !== undefined && matchesAny(arn.value, allowed)) continue;
      report({
        when: groups.has((one) => one.is('system:masters')),
        message: 'masters',
        data: { principal: mappingStart(mapping) },
        at: group?.at ?? groups.at,
      });
    }
    if (!mappings.complete) undetermined(mappings.why ?? 'there may be more mappings', { at: mappings.at });
  },
});
