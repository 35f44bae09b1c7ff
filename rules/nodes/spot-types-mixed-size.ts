import { Answer, defineRule } from '#rule';

export default defineRule({
  title: 'Instance types of an autoscaled group should have the same size',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['nodegroup'],
  scope: 'workspace',
  messages: {
    sizes:
      'Node group "{group}" mixes {one} and {other}, which differ in {size}, so Cluster Autoscaler misjudges how many nodes it needs',
  },
  help: 'Use instance types with the same number of vCPUs and the same memory, e.g. m6i.large, m6a.large and m7i.large',
  equivalents: [],
  sources: [
    'EKS Best Practices Guide, Autoscaling > Cluster Autoscaler > Configuring your Node Groups',
    'EKS Best Practices Guide, Scalability > Data plane > Use similar node sizes',
  ],
  check({ instanceTypes, tags, subject, tree }, { instanceTypes: types, workspace, report }) {
    const tagged = tags.has(({ key }) => key.where((name) => name.startsWith('k8s.io/cluster-autoscaler/')));
    // If no autoscaler is defined next to the group, there is nothing to judge.
    const home = tree?.source.id ?? '';
    const scaled =
      tagged.state === 'yes' ||
      workspace.components.some(({ name, at }) => name === 'cluster-autoscaler' && isNear(home, at.source)) ||
      workspace
        .all('Deployment')
        .some((one) => one.name.includes('cluster-autoscaler') && isNear(home, one.tree.source.id));
    if (!scaled) return;
    const { items, complete, why } = instanceTypes;
    const known = items.flatMap((one) => {
      const facts = types.find(one.value ?? '');
      return facts?.vcpus === undefined || facts.memoryMiB === undefined
        ? []
        : [{ one, vcpus: facts.vcpus, memory: classOf(facts.memoryMiB / facts.vcpus) }];
    });
    const [first] = known;
    const other = known.find((next) => first && (next.vcpus !== first.vcpus || next.memory !== first.memory));
    const data = {
      group: subject.name,
      one: first?.one.value ?? '',
      other: other?.one.value ?? '',
      size: first?.vcpus === other?.vcpus ? 'memory' : 'vCPUs',
    };
    if (other) report({ message: 'sizes', data, at: other.one.at });
    else if (!complete)
      report({
        when: Answer.unknown(why ?? 'there may be more instance types'),
        message: 'sizes',
        data,
        at: instanceTypes.at,
      });
    else
      for (const one of items)
        report({ when: types.ask(one, 'vcpus', () => false), message: 'sizes', data, at: one.at });
  },
});

/** About 2, 4 or 8 GiB for each vCPU: the ratios of the families c, m and r, which differ a little among themselves. */
const classOf = (mebibytes: number): number => Math.round(Math.log2(mebibytes / 1024));

const folder = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
/** Whether one of two files is in the folder of the other, or deeper. */
const isNear = (one: string, other: string): boolean =>
  folder(one).startsWith(folder(other)) || folder(other).startsWith(folder(one));
