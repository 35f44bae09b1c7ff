import { Answer, defineRule, Resource } from '#rule';
import { digRecord } from '#rule/shape';

export default defineRule({
  title: "Pods must not reach the node's IAM credentials",
  severity: 'high',
  preset: 'recommended',
  kinds: ['nodeTemplate', 'EC2NodeClass'],
  scope: 'model',
  fix: 'suggestion: hop limit 1 (eksctl: disablePodIMDS: true) after the pods on the group have roles of their own',
  options: {
    allow: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Names of node groups and EC2NodeClasses whose pods need the metadata of the node.',
    },
    judgeDefaults: {
      type: 'boolean',
      default: false,
      description: 'Also judge the hop limit of 2 that EKS, eksctl and some AMIs use where none is written.',
    },
  },
  messages: {
    written: "A hop limit of {limit} lets pods on {group} read the node's IAM credentials from IMDS",
    default: "No hop limit is set for {group} (default {limit}), so pods can read the node's IAM credentials",
  },
  help: 'Set HttpPutResponseHopLimit (http_put_response_hop_limit) to 1 after the pods have IAM roles of their own',
  equivalents: ['hardeneks:check_access_to_instance_profile', 'checkov:CKV_AWS_341'],
  sources: [
    'EKS Best Practices Guide, Security > Identity and Access Management > Restrict access to the instance profile',
    'eksctl validation and schema: hop limit 2 unless disablePodIMDS',
  ],
  check(subject, { options, report }) {
    if (subject instanceof Resource) {
      const metadata = digRecord(subject.object, 'spec', 'metadataOptions');
      const limit = metadata?.['httpPutResponseHopLimit'];
      if (
        !metadata ||
        subject.group !== 'karpenter.k8s.aws' ||
        options.allow.includes(subject.name) ||
        typeof limit !== 'number' ||
        limit <= 1 ||
        metadata['httpEndpoint'] === 'disabled'
      )
        return;
      report({
        message: 'written',
        data: { limit, group: subject.title },
        on: metadata,
        key: 'httpPutResponseHopLimit',
        fix: { safe: false, edits: [{ op: 'set', on: metadata, key: 'httpPutResponseHopLimit', value: 1 }] },
      });
      return;
    }
    const { hopLimit, endpointEnabled } = subject.imds;
    const { name } = subject.subject;
    if (options.allow.includes(name)) return;
    const byDefault = !hopLimit.written;
    if (byDefault && !options.judgeDefaults) return;
    // eksctl rejects disablePodIMDS beside withAddonPolicies: such a group has no other way.
    const judged = byDefault ? subject.addonPolicies.is(true).not() : Answer.yes;
    report({
      when: hopLimit
        .where((limit) => limit > 1)
        .and(endpointEnabled.is(true))
        .and(judged),
      message: byDefault ? 'default' : 'written',
      data: { limit: hopLimit.value ?? 0, group: `node group "${name}"` },
      at: hopLimit.at,
      fix: { safe: false, edits: hopLimit.write(1) },
    });
  },
});
