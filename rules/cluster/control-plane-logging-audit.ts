import { type Cluster, clusterTitle, defineRule, digRecord, isRecord } from '#rule';

/** Adds types to the list where one is written, or writes the whole list where the input has one place for it. */
function editsFor({ input, object, logging }: Cluster, missing: readonly string[]) {
  // A resource of CloudFormation without `Properties` has no place to write to.
  if (!isRecord(object) || (input === 'cloudformation' && Object.hasOwn(object, 'Type'))) return [];
  const make = (type: string): unknown => (input === 'cloudformation' ? { Type: type } : type);
  const steps =
    input === 'cloudformation'
      ? ['Logging', 'ClusterLogging', 'EnabledTypes']
      : input === 'eksctl'
        ? ['cloudWatch', 'clusterLogging', 'enableTypes']
        : undefined;
  const paths = steps ? [steps] : [['enabled_cluster_log_types'], ['enabled_log_types'], ['cluster_enabled_log_types']];
  for (const path of paths) {
    const key = path.at(-1) ?? '';
    const on = path.length === 1 ? object : digRecord(object, ...path.slice(0, -1));
    const list: unknown = on?.[key];
    if (!on || !Array.isArray(list)) continue;
    const added = missing.map((type) => make(type));
    // One item can be put behind the others, which leaves comments alone; for more the list is written anew.
    return added.length === 1
      ? [{ op: 'set' as const, on: list, key: list.length, value: added[0] }]
      : [{ op: 'set' as const, on, key, value: [...(list as unknown[]), ...added] }];
  }
  const [first = 'enabled_cluster_log_types', ...rest] = paths[0] ?? [];
  // A module has defaults of its own: what it lacks is written, so only resources come here.
  if (logging.state !== 'default' || first in object) return [];
  return [
    {
      op: 'set' as const,
      on: object,
      key: first,
      value: rest.reduceRight<unknown>(
        (value, key) => ({ [key]: value }),
        missing.map((type) => make(type)),
      ),
    },
  ];
}

export default defineRule({
  title: 'Audit and authenticator logs must be on',
  severity: 'high',
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
        'Types of control-plane logs that must be on: api, audit, authenticator, controllerManager, scheduler.',
    },
  },
  messages: {
    off: 'The control plane of {cluster} keeps no {types} log, so after a break-in nobody can tell who did what',
  },
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
      report({
        message: 'off',
        data: { cluster: clusterTitle(cluster), types: missing.join(' and no ') },
        at: logging.at,
        fix: { safe: true, edits: editsFor(cluster, missing) },
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
