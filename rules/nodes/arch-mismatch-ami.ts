import { Answer, defineRule } from '#rule';

/** Custom AMIs and unknown types give no architecture. */
const archOf = (amiType: string): string | undefined =>
  /_ARM_64/i.test(amiType) ? 'arm64' : /x86_64/i.test(amiType) ? 'x86_64' : undefined;
/**
 * The devices for which an AMI has drivers: that of Amazon Linux 2 has those of both (EKS User Guide, EKS optimized
 * accelerated AMIs).
 */
const driversOf = (amiType: string): readonly string[] =>
  amiType === 'AL2_x86_64_GPU'
    ? ['nvidia', 'neuron']
    : /_NVIDIA/.test(amiType)
      ? ['nvidia']
      : /_NEURON/.test(amiType)
        ? ['neuron']
        : [];
const deviceNames: Readonly<Record<string, string>> = { nvidia: 'an NVIDIA GPU', neuron: 'an AWS Neuron device' };

export default defineRule({
  title: 'AMI type must match the instance types',
  severity: 'high',
  preset: 'recommended',
  kinds: ['nodegroup'],
  scope: 'model',
  messages: {
    arch: 'Node group "{group}" has AMI type {ami} but {instance} is {arch}, so its nodes cannot start',
    mixed: 'Node group "{group}" mixes {one} and {other}, which have different architectures, so no AMI works for both',
    device: 'Node group "{group}" has AMI type {ami} but {instance} lacks {device}, so its drivers are useless',
    drivers:
      'Node group "{group}" has AMI type {ami}, which lacks drivers for the GPU of {instance}, so no pod can use it',
  },
  help: {
    arch: 'Use the AMI type for that architecture, e.g. AL2023_ARM_64_STANDARD for Graviton',
    mixed: 'Create a node group for each architecture',
    device: 'Use the standard AMI type, e.g. AL2023_x86_64_STANDARD, or an instance type with the device',
    drivers: 'Use the AMI type with drivers, e.g. AL2023_x86_64_NVIDIA',
  },
  equivalents: [],
  sources: [
    'eksctl validation and schema: validation and GPU warnings',
    'Amazon EKS User Guide, Amazon EKS optimized AMIs',
  ],
  check({ amiType, instanceTypes, subject }, { instanceTypes: types, report }) {
    const group = subject.name;
    const archs = instanceTypes.items.map((one) => ({ one, arch: types.find(one.value ?? '')?.arch }));
    const known = archs.filter(({ arch }) => arch !== undefined);
    const [first] = known;
    const other = known.find(({ arch }) => arch !== first?.arch);
    if (first && other) {
      const [one, two] = [first.one.value ?? '', other.one.value ?? ''];
      report({ message: 'mixed', data: { group, one, other: two }, at: other.one.at });
      return;
    }
    const ami = amiType.value;
    // The AMI that EKS picks, and any custom one, fits one architecture.
    if (ami === undefined || archOf(ami) === undefined) {
      const hidden =
        instanceTypes.items.length > 1 ? instanceTypes.items.find(({ why }) => why !== undefined) : undefined;
      const why = instanceTypes.complete ? hidden?.why : (instanceTypes.why ?? 'there may be more instance types');
      if (why !== undefined)
        report({
          when: Answer.unknown(why),
          message: 'mixed',
          data: { group, one: '', other: '' },
          at: (hidden ?? instanceTypes).at,
        });
    }
    if (ami === undefined) {
      if (amiType.written && amiType.why !== undefined)
        report({
          when: Answer.unknown(amiType.why),
          message: 'arch',
          data: { group, ami: '', instance: '', arch: '' },
          at: amiType.at,
        });
      return;
    }
    const [wanted, drivers] = [archOf(ami), driversOf(ami)];
    const at = amiType.state === 'default' ? instanceTypes.at : amiType.at;
    if (wanted === undefined) return;
    if (!instanceTypes.complete)
      report({
        when: Answer.unknown(instanceTypes.why ?? 'there may be more instance types'),
        message: 'arch',
        data: { group, ami, instance: '', arch: '' },
        at: instanceTypes.at,
      });
    for (const one of instanceTypes) {
      const wrong = types.ask(one, 'arch', (arch) => arch !== wanted);
      const instance = one.value ?? '';
      report({
        when: wrong,
        message: 'arch',
        data: { group, ami, instance, arch: types.find(instance)?.arch ?? '' },
        at,
      });
      if (wrong.state === 'yes') return;
    }
    const lacking = instanceTypes.items.map((one) => types.ask(one, 'device', (device) => !drivers.includes(device)));
    const instance = instanceTypes.items[0]?.value ?? '';
    if (drivers.length > 0 && instanceTypes.complete && lacking.length > 0)
      report({
        when: lacking.reduce((all, one) => all.and(one)),
        message: 'device',
        data: { group, ami, instance, device: deviceNames[drivers[0] ?? ''] ?? '' },
        at,
      });
    // Windows AMIs have their own drivers.
    if (drivers.length > 0 || ami.startsWith('WINDOWS')) return;
    const gpu = instanceTypes.items.find((one) => types.find(one.value ?? '')?.device === 'nvidia');
    if (gpu) report({ message: 'drivers', data: { group, ami, instance: gpu.value ?? '' }, at });
  },
});
