import { defineRule } from '#rule';
import { nodesTitle } from '#rule/cluster';

/** The day of the last Amazon Linux 2 AMIs for EKS (amazon-eks-ami, issue 2545). */
const lastImages = '2025-11-26';
/** Kubernetes 1.33 is the first version without them (EKS User Guide, Upgrade from Amazon Linux 2). */
const firstWithout = 33;

export default defineRule({
  title: 'Nodes must not run Amazon Linux 2',
  severity: 'high',
  preset: 'recommended',
  kinds: ['nodeTemplate'],
  scope: 'model',
  fix: 'suggestion: use the AL2023 AMI type for the same hardware; custom user data must become a NodeConfig',
  options: {
    today: { type: 'string', default: '', description: 'Date to judge by, e.g. 2026-11-21. If empty, today.' },
  },
  messages: {
    old: '{group} runs Amazon Linux 2, so it cannot upgrade to Kubernetes 1.33 or newer',
  },
  help: 'Use Amazon Linux 2023 (AL2023_x86_64_STANDARD) or Bottlerocket, and write user data as a NodeConfig',
  equivalents: ['eksup:EKS008'],
  sources: [
    'Amazon EKS User Guide, Upgrade from Amazon Linux 2 to Amazon Linux 2023',
    'amazon-eks-ami, issue 2545',
    'Karpenter documentation, EC2NodeClass amiFamily',
  ],
  check(subject, { options, target, today, report }) {
    const now = options.today === '' ? today : options.today;
    const severity = now > lastImages || target.highest >= firstWithout ? 'high' : 'medium';
    const { amiType } = subject;
    const twin = amiType.value
      ?.replace(/^AL2_x86_64_GPU$/, 'AL2023_x86_64_NVIDIA')
      .replace(/^AL2_(x86_64|ARM_64)$/, 'AL2023_$1_STANDARD');
    report({
      when: amiType.where((type) => type.startsWith('AL2_')),
      message: 'old',
      data: { group: nodesTitle(subject) },
      at: amiType.at,
      severity,
      minor: firstWithout,
      ...(twin === undefined ? {} : { fix: { safe: false, edits: amiType.write(twin) } }),
    });
  },
});
