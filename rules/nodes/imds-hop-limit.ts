import { Answer, defineRule } from '#rule';
import { nodesTitle } from '#rule/cluster';

export default defineRule({
  title: "Pods must not reach the node's IAM credentials",
  severity: 'high',
  preset: 'recommended',
  kinds: ['nodeTemplate'],
  scope: 'model',
  fix: 'suggestion: hop limit 1 (eksctl: disablePodIMDS: true) once the pods on the group have their own roles',
  options: {
    allow: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Names of node groups and EC2NodeClasses whose pods need IMDS.',
    },
    judgeDefaults: {
      type: 'boolean',
      default: false,
      description: 'Also judge the hop limit of 2 that EKS, eksctl and some AMIs use by default.',
    },
  },
  messages: {
    written: "A hop limit of {limit} lets pods on {group} read the node's IAM credentials from IMDS",
    default: "No hop limit is set for {group} (default {limit}), so pods can read the node's IAM credentials",
  },
  help: 'Set HttpPutResponseHopLimit (Terraform http_put_response_hop_limit) to 1 once the pods have their own IAM roles',
  equivalents: ['hardeneks:check_access_to_instance_profile', 'checkov:CKV_AWS_341'],
  sources: [
    'EKS Best Practices Guide, Security > Identity and Access Management > Restrict access to the instance profile',
    'eksctl validation and schema: hop limit 2 unless disablePodIMDS',
  ],
  check(subject, { options, report }) {
    const { hopLimit, endpointEnabled } = subject.imds;
    const { name } = subject.subject;
    if (options.allow.includes(name)) return;
    const byDefault = !hopLimit.written;
    if (byDefault && !options.judgeDefaults) return;
    // eksctl rejects disablePodIMDS together with withAddonPolicies: such a group has no other way.
    const judged = byDefault ? subject.addonPolicies.is(true).not() : Answer.yes;
    report({
      when: hopLimit
        .where((limit) => limit > 1)
        .and(endpointEnabled.is(true))
        .and(judged),
      message: byDefault ? 'default' : 'written',
      data: { limit: hopLimit.value ?? 0, group: nodesTitle(subject).replace(/^Node/, 'node') },
      at: hopLimit.at,
      fix: { safe: false, edits: hopLimit.write(1) },
    });
  },
});
