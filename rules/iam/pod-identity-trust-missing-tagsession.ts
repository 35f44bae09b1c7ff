import { defineRule } from '#rule';
import { letsPodIdentity, roleTitle } from '#rule/iam';

export default defineRule({
  title: 'Pod Identity role must allow sts:AssumeRole and sts:TagSession',
  severity: 'high',
  preset: 'recommended',
  kinds: ['podIdentity'],
  scope: 'model',
  messages: {
    assume: '{role} does not let pods.eks.amazonaws.com assume it, so pods of {account} get no credentials',
    tag: '{role} does not let pods.eks.amazonaws.com use sts:TagSession, so pods of {account} get no credentials',
  },
  help: 'Allow sts:AssumeRole and sts:TagSession for the service pods.eks.amazonaws.com in the trust policy',
  equivalents: [],
  sources: [
    'Amazon EKS User Guide, EKS Pod Identities',
    'EKS Best Practices Guide, Security > Identity and Access Management > EKS Pod Identities',
  ],
  check({ role: { part: role }, namespace, serviceAccount }, { report }) {
    if (!role) return;
    const account = `service account ${namespace.value ?? '...'}/${serviceAccount.value ?? '...'}`;
    const data = { role: roleTitle(role), account };
    const { at } = role.trust;
    const [assume, tag] = ['sts:AssumeRole', 'sts:TagSession'].map((action) => letsPodIdentity(role, action));
    if (!assume || !tag) return;
    report({ when: assume.not(), message: 'assume', data, at });
    if (assume.state !== 'no') report({ when: tag.not(), message: 'tag', data, at });
  },
});
