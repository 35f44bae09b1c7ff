import { Answer, defineRule } from '#rule';

export default defineRule({
  title: 'Instance types of an autoscaled group should have the same size',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['nodegroup'],
  scope: 'workspace',
  messages: {
    sizes:
      'Node group "{group}" mixes {one} and {other}, which differ in {what}, so Cluster Autoscaler misjudges how many nodes it needs',
  },
  help: 'Use instance types with the same number of vCPUs and the same memory, e.g. m6i.large, m6a.large and m7i.large',
  equivalents: [],
  sources: [
    'EKS Best Practices Guide, Autoscaling > Cluster Autoscaler > Configuring your Node Groups',
    'EKS Best Practices Guide, Scalability > Data plane > Use similar node sizes',
  ],
  check({ instanceTypes, tags, subject, at }, { instanceTypes: types, workspace, report }) {
    const tagged = tags.has(({ key }) => key.where((name) => name.startsWith('k8s.io/cluster-autoscaler/')));
    // Where no autoscaler shows, there is nothing to judge.
    const scaled =
      tagged.state === 'yes' ||
      workspace.components.some(({ name }) => name === 'cluster-autoscaler') ||
      workspace.all('Deployment').some((one) => one.name.includes('cluster-autoscaler'));
    if (!scaled) return;
    const { items, complete, why } = instanceTypes;
    const known = items.flatMap((one) => {
      const facts = types.find(one.value ?? '');
      return facts?.vcpus === undefined || facts.memoryMiB === undefined
        ? []
        : [{ one, vcpus: facts.vcpus, memory: facts.memoryMiB }];
    });
    const [first] = known;
    const other = known.find((next) => first && (next.vcpus !== first.vcpus || !isLike(next.memory, first.memory)));
    const data = {
      group: subject.name,
      one: first?.one.value ?? '',
      other: other?.one.value ?? '',
      what: first?.vcpus === other?.vcpus ? 'memory' : 'vCPUs',
    };
    if (other) report({ message: 'sizes', data, at: other.one.at });
    else if (!complete)
      report({ when: Answer.unknown(why ?? 'there may be more instance types'), message: 'sizes', data, at });
    else
      for (const one of items)
        report({ when: types.ask(one, 'vcpus', () => false), message: 'sizes', data, at: one.at });
  },
});

/** Types of one class differ a little, such as 15.25 and 16 GiB. */
const isLike = (one: number, other: number): boolean => Math.abs(one - other) / Math.max(one, other) < 0.1;
