import { Answer, defineRule } from '#rule';
import { clusterTitle } from '#rule/cluster';

export default defineRule({
  title: 'Audit and authenticator logs should be enabled',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  fix: 'safe: add the missing types',
  options: {
    required: {
      type: 'array',
      items: { type: 'string' },
      default: ['audit', 'authenticator'],
      description:
        'Control plane log types that must be enabled: api, audit, authenticator, controllerManager, scheduler.',
    },
  },
  messages: {
    off: 'The control plane of {cluster} does not send {types} logs to CloudWatch, so an intrusion cannot be traced to a user',
  },
  help: 'Add {types} to the enabled control plane log types',
  equivalents: [
    'hardeneks:check_logs_are_enabled',
    'securityhub:EKS.8',
    'cis-eks-1.7:2.1.1',
    'cis-eks-1.8:2.1.1',
    'kubescape:C-0067',
  ],
  sources: [
    'EKS Best Practices Guide, Security > Auditing and logging > Enable audit logs',
    'AWS Security Hub CSPM, EKS.8',
    'CIS Amazon EKS Benchmark, 2.1.1',
  ],
  check(cluster, { options, report }) {
    const { logging } = cluster;
    const answers = options.required.map((type) => ({ type, lacks: logging.lacks((one) => one.is(type)) }));
    const missing = answers.filter(({ lacks }) => lacks.state === 'yes').map(({ type }) => type);
    const unknown = answers.find(({ lacks }) => lacks.state === 'unknown');
    if (missing.length > 0) {
      const [first = Answer.yes, ...rest] = answers.map(({ lacks }) => lacks).filter(({ state }) => state === 'yes');
      report({
        when: rest.reduce((all, one) => all.and(one), first),
        message: 'off',
        data: { cluster: clusterTitle(cluster), types: missing.join(' and ') },
        at: logging.at,
        fix: { safe: true, edits: logging.add(...missing) },
      });
    } else if (unknown)
      report({
        when: unknown.lacks,
        message: 'off',
        data: { cluster: clusterTitle(cluster), types: unknown.type },
        at: logging.at,
      });
  },
});
