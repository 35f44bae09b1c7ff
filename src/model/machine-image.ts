import { eksVersions, minorOf } from './calendar.ts';
import type { Collection, Value as Fact } from './value.ts';
import { Value } from './value.ts';
import type { Location } from '#syntax/tree.ts';

/* What EKS uses for managed groups without an AMI, and what AMIs include. */

const chips = ['x86', 'arm', 'gpu', 'neuron'] as const;
export type Chip = (typeof chips)[number] | 'armGpu';

/**
 * CPU and accelerator of instance types, as used in the names of AMI types; undefined if types are unknown or differ.
 */
export function chipOf(types: Collection<Fact<string>>): Chip | undefined {
  const found = new Set<Chip>();
  if (!types.complete) return undefined;
  for (const { value } of types) {
    if (value === undefined) return undefined;
    // EC2 User Guide, Instance type naming: a `g` after the generation means Graviton.
    const arm = /^(a1|[a-z]+\d+[a-z]*g[a-z-]*)\./.test(value) && !/^g\d/.test(value);
    if (value.startsWith('g5g.') || value.startsWith('p6e-gb')) found.add('armGpu');
    else if (/^(inf|trn)\d/.test(value)) found.add('neuron');
    else if (/^(p|g|gr)\d/.test(value)) found.add('gpu');
    else found.add(arm ? 'arm' : 'x86');
  }
  return found.size === 1 ? [...found][0] : undefined;
}

const al2023 = {
  x86: 'AL2023_x86_64_STANDARD',
  arm: 'AL2023_ARM_64_STANDARD',
  gpu: 'AL2023_x86_64_NVIDIA',
  neuron: 'AL2023_x86_64_NEURON',
} as const;
const al2 = { x86: 'AL2_x86_64', arm: 'AL2_ARM_64', gpu: 'AL2_x86_64_GPU', neuron: 'AL2_x86_64_GPU' } as const;
const since = 30;
/** The oldest version that EKS still ran when the calendar was written. */
const oldest = Math.min(
  ...eksVersions
    .filter((row) => row.endExtended >= (eksVersions[0]?.released ?? ''))
    .map((row) => minorOf(row.version) ?? 0),
);

/**
 * The AMI type of a managed group that sets none: Amazon Linux 2023 for new groups since Kubernetes 1.30 (EKS User
 * Guide, managed node groups). If version or instance types are unknown, it is one of several, which is often enough.
 */
export function defaultAmiType(version: Fact<string>, chip: Chip | undefined, at: () => Location): Fact<string> {
  if (chip === 'armGpu') return Value.unknown('EKS has no default AMI type for these instance types', at);
  const minor = minorOf(version.value ?? '');
  const releases = minor === undefined ? (oldest >= since ? [al2023] : [al2023, al2]) : [minor >= since ? al2023 : al2];
  const candidates = [...new Set(releases.flatMap((release) => (chip ? [chip] : chips).map((one) => release[one])))];
  const [only] = candidates;
  if (candidates.length === 1) return Value.default<string>(only, at);
  const why =
    minor === undefined ? (version.why ?? 'the Kubernetes version is not known') : 'the instance types are not known';
  return Value.unknown<string>(why, at, { candidates, unwritten: true });
}

/** Whether an AMI type ships with IMDSv2 required (AL2023 and Bottlerocket user guides). */
export const requiresTokens = (amiType: string): boolean => /^(AL2023|BOTTLEROCKET)_/.test(amiType);

/**
 * The AMI type of an AWS image, by the SSM parameter that contains its ID (EKS User Guide, Retrieve recommended AMI
 * IDs) or by its name, which may end in wildcards (amazon-eks-ami, README).
 */
export function amiTypeOfImage(image: string | undefined): string | undefined {
  if (image === undefined) return undefined;
  const [, al2] = /^\/aws\/service\/eks\/optimized-ami\/[^/]+\/amazon-linux-2(-gpu|-arm64)?\//.exec(image) ?? [];
  if (/\/amazon-linux-2\//.test(image) || al2 !== undefined)
    return al2 === '-gpu' ? 'AL2_x86_64_GPU' : al2 === '-arm64' ? 'AL2_ARM_64' : 'AL2_x86_64';
  const modern =
    /^\/aws\/service\/eks\/optimized-ami\/[^/]+\/amazon-linux-2023\/(x86_64|arm64)\/(standard|nvidia|neuron)\//.exec(
      image,
    ) ?? /^amazon-eks-node-al2023-(x86_64|arm64)-(standard|nvidia|neuron)-/.exec(image);
  if (modern) return `AL2023_${modern[1] === 'arm64' ? 'ARM_64' : 'x86_64'}_${(modern[2] ?? '').toUpperCase()}`;
  const bottlerocket = /^(?:\/aws\/service\/bottlerocket\/aws-k8s-|bottlerocket-aws-k8s-)/.test(image);
  if (bottlerocket) return /arm64|aarch64/.test(image) ? 'BOTTLEROCKET_ARM_64' : 'BOTTLEROCKET_x86_64';
  const [, kind] = /^amazon-eks-(gpu-|arm64-)?node-[\d*v]/.exec(image) ?? [];
  if (!/^amazon-eks-(gpu-|arm64-)?node-[\d*v]/.test(image)) return undefined;
  return kind === 'gpu-' ? 'AL2_x86_64_GPU' : kind === 'arm64-' ? 'AL2_ARM_64' : 'AL2_x86_64';
}
