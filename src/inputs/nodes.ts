import type { Collection } from '#model/value.ts';
import { Value } from '#model/value.ts';
import type { Location } from '#syntax/tree.ts';

/*
 * What EKS and EC2 themselves decide for nodes where nobody says otherwise; the same for CloudFormation and Terraform,
 * which only pass on what is written (EKS API CreateNodegroup, EC2 API LaunchTemplateInstanceMetadataOptionsRequest).
 */

/** CPU and accelerator of instance types, as the names of AMI types tell them; undefined where types are unknown or differ. */
export function chipOf(types: Collection<Value<string>>): 'x86' | 'arm' | 'gpu' | 'armGpu' | 'neuron' | undefined {
  const chips = new Set<string | undefined>();
  if (!types.complete) return undefined;
  for (const { value } of types) {
    if (value === undefined) return undefined;
    // EC2 User Guide, Instance type naming: a `g` behind the generation is Graviton.
    const arm = /^(a1|[a-z]+\d+[a-z]*g[a-z-]*)\./.test(value) && !/^g\d/.test(value);
    if (/^g5g\./.test(value) || /^p6e-gb/.test(value)) chips.add('armGpu');
    else if (/^(inf|trn)\d/.test(value)) chips.add('neuron');
    else if (/^(p|g|gr)\d/.test(value)) chips.add('gpu');
    else chips.add(arm ? 'arm' : 'x86');
  }
  return chips.size === 1 ? [...chips][0] as 'x86' : undefined;
}

/** Whether an AMI type ships with IMDSv2 required (AL2023 and Bottlerocket user guides). */
const requiresTokens = (amiType: string): boolean => /^(AL2023|BOTTLEROCKET)_/.test(amiType);

/** What decides where no launch template says anything: the AMI. */
export function tokensOfAmi(amiType: Value<string>, at: () => Location): Value<string> {
  const { value } = amiType;
  if (value === undefined || value === 'CUSTOM') return Value.unknown(value === 'CUSTOM' ? 'the AMI decides' : (amiType.why ?? 'the AMI type is not known'), at);
  return Value.default(requiresTokens(value) ? 'required' : 'optional', at);
}

/** EKS chooses Amazon Linux 2023 for new managed groups from Kubernetes 1.30 on (EKS User Guide, managed node groups). */
export function defaultAmiType(version: Value<string>, chip: ReturnType<typeof chipOf>, at: () => Location): Value<string> {
  const minor = /^1\.(\d+)/.exec(version.value ?? '')?.[1];
  if (minor === undefined) return Value.unknown('the Kubernetes version that decides on the AMI type is not known', at);
  if (chip === undefined) return Value.unknown('the instance type that decides on the AMI type is not known', at);
  if (chip === 'armGpu') return Value.unknown('EKS has no default AMI type for these instance types', at);
  const al2023 = { x86: 'AL2023_x86_64_STANDARD', arm: 'AL2023_ARM_64_STANDARD', gpu: 'AL2023_x86_64_NVIDIA', neuron: 'AL2023_x86_64_NEURON' } as const;
  const al2 = { x86: 'AL2_x86_64', arm: 'AL2_ARM_64', gpu: 'AL2_x86_64_GPU', neuron: 'AL2_x86_64_GPU' } as const;
  return Value.default((Number(minor) >= 30 ? al2023 : al2)[chip], at);
}

/** A port range that SSH (22) or RDP (3389) falls into; undefined where a bound is not known. */
export function lets(protocol: Value<string>, from: Value<number>, to: Value<number>): boolean | undefined {
  if (protocol.value === '-1' || protocol.value === 'all') return true;
  if (protocol.value !== undefined && protocol.value !== 'tcp' && protocol.value !== '6') return false;
  if (from.state === 'unknown' || to.state === 'unknown' || protocol.state === 'unknown') return undefined;
  if (from.value === undefined || to.value === undefined) return undefined;
  const [low, high] = [from.value, to.value];
  return [22, 3389].some((port) => low <= port && port <= high) || low === -1;
}
