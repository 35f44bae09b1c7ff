import { Answer, defineRule } from '#rule';

/** Where EKS writes the logs of a cluster (EKS User Guide, Send control plane logs to CloudWatch Logs). */
const pattern = /^\/aws\/eks\/(.+)\/cluster$/;

export default defineRule({
  title: 'Control plane logs should have a retention period',
  severity: 'low',
  preset: 'recommended',
  kinds: ['logGroup', 'cluster'],
  scope: 'workspace',
  fix: 'suggestion: keep them for 90 days',
  options: {
    minDays: { type: 'integer', minimum: 1, default: 30, description: 'Minimum retention period in days.' },
    requireLogGroup: {
      type: 'boolean',
      default: false,
      description: 'Also report clusters whose log group is not defined in the files.',
    },
  },
  messages: {
    forever: 'The control plane logs of cluster "{name}" are kept forever, so their cost grows every month',
    short:
      'The control plane logs of cluster "{name}" are kept for {days}, which is too short to investigate an incident',
    none: 'No log group of cluster "{name}" is defined, so EKS creates one that keeps logs forever',
  },
  help: 'Set RetentionInDays (Terraform retention_in_days, eksctl logRetentionInDays) of the log group, e.g. to 90',
  equivalents: ['checkov:CKV_AWS_66', 'checkov:CKV_AWS_338', 'cis-eks-1.7:2.1.2', 'cis-eks-1.8:2.1.2'],
  sources: [
    'EKS Best Practices Guide, Cost > Cost Optimization - Observability',
    'CIS Amazon EKS Benchmark, 2.1.2',
    'terraform-aws-eks: cloudwatch_log_group_retention_in_days = 90',
  ],
  check(subject, { options, report, workspace }) {
    if (subject.kind === 'cluster') {
      const { name, logging } = subject;
      // Tools that create a log group automatically describe it here as well.
      if (!options.requireLogGroup || name.value === undefined) return;
      const wanted = `/aws/eks/${name.value}/cluster`;
      const may = workspace
        .parts('logGroup')
        .map((group) => group.name.is(wanted))
        .reduce((any, one) => any.or(one), Answer.no);
      report({
        when: logging.empty.not().and(may.not()),
        message: 'none',
        data: { name: name.value },
        at: logging.at,
      });
      return;
    }
    const cluster = subject.name.where((text) => pattern.test(text));
    const { retention } = subject;
    const name = pattern.exec(subject.name.value ?? '')?.[1] ?? '';
    report({
      when: cluster.and(retention.where((days) => days > 0).not()),
      message: 'forever',
      data: { name },
      at: retention.at,
      fix: { safe: false, edits: retention.write(90) },
    });
    const { value: days } = retention;
    report({
      when: cluster.and(retention.where((one) => one > 0 && one < options.minDays)),
      message: 'short',
      data: { name, days: days === 1 ? '1 day' : `${days ?? 0} days` },
      at: retention.at,
    });
  },
});
