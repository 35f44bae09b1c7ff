import type { Addon, Cluster, ClusterInput, Nodegroup } from '#model/cluster.ts';
import { Collection, Value } from '#model/value.ts';
import type { Location } from '#syntax/tree.ts';
import { derive, Field, unknownList } from './field.ts';

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
    if (value.startsWith('g5g.') || value.startsWith('p6e-gb')) chips.add('armGpu');
    else if (/^(inf|trn)\d/.test(value)) chips.add('neuron');
    else if (/^(p|g|gr)\d/.test(value)) chips.add('gpu');
    else chips.add(arm ? 'arm' : 'x86');
  }
  return chips.size === 1 ? ([...chips][0] as 'x86') : undefined;
}

/** Whether an AMI type ships with IMDSv2 required (AL2023 and Bottlerocket user guides). */
const requiresTokens = (amiType: string): boolean => /^(AL2023|BOTTLEROCKET)_/.test(amiType);

/** What decides where no launch template says anything: the AMI. */
function tokensOfAmi(amiType: Value<string>, at: () => Location): Value<string> {
  const { value } = amiType;
  if (value === undefined || value === 'CUSTOM')
    return Value.unknown(value === 'CUSTOM' ? 'the AMI decides' : (amiType.why ?? 'the AMI type is not known'), at);
  return Value.default(requiresTokens(value) ? 'required' : 'optional', at);
}

/** Instances of an AMI that requires tokens get a limit of 2, others 1 (EC2 User Guide, instance metadata options, order of precedence). */
function hopsOfAmi(amiType: Value<string>, at: () => Location): Value<number> {
  const tokens = tokensOfAmi(amiType, at);
  return tokens.state === 'unknown'
    ? Value.unknown(tokens.why ?? 'not known', at)
    : Value.default(tokens.value === 'required' ? 2 : 1, at);
}

/** EKS chooses Amazon Linux 2023 for new managed groups from Kubernetes 1.30 on (EKS User Guide, managed node groups). */
export function defaultAmiType(
  version: Value<string>,
  chip: ReturnType<typeof chipOf>,
  at: () => Location,
): Value<string> {
  const minor = /^1\.(\d+)/.exec(version.value ?? '')?.[1];
  if (minor === undefined) return Value.unknown('the Kubernetes version that decides on the AMI type is not known', at);
  if (chip === undefined) return Value.unknown('the instance type that decides on the AMI type is not known', at);
  if (chip === 'armGpu') return Value.unknown('EKS has no default AMI type for these instance types', at);
  const al2023 = {
    x86: 'AL2023_x86_64_STANDARD',
    arm: 'AL2023_ARM_64_STANDARD',
    gpu: 'AL2023_x86_64_NVIDIA',
    neuron: 'AL2023_x86_64_NEURON',
  } as const;
  const al2 = { x86: 'AL2_x86_64', arm: 'AL2_ARM_64', gpu: 'AL2_x86_64_GPU', neuron: 'AL2_x86_64_GPU' } as const;
  return Value.default((Number(minor) >= 30 ? al2023 : al2)[chip], at);
}

/**
 * Instance types and AMI type of a managed group: its own, else those of its launch template, else what EKS takes. The template is its
 * block, nothing if there is none, or why it cannot be read.
 */
export function machinesOf(
  template: Field | string | undefined,
  use: () => Location,
  [types, ami]: readonly [Field, Field],
  [typeKey, imageKey]: readonly [string, string],
  version: Value<string>,
  clusterVersion: Value<string> | undefined,
): Pick<Nodegroup, 'instanceTypes' | 'amiType'> {
  const missing = typeof template === 'string' ? template : undefined;
  const single = template instanceof Field ? template.get(typeKey) : undefined;
  const image = template instanceof Field ? template.get(imageKey) : undefined;
  let instanceTypes: Collection<Value<string>>;
  if (types.written || (missing === undefined && !single?.written)) instanceTypes = types.filled(['t3.medium']);
  else if (missing !== undefined) instanceTypes = unknownList(missing, use);
  else instanceTypes = new Collection(single ? [single.text()] : [], { at: single?.at ?? types.at });
  let amiType = ami.text();
  if (ami.absent) {
    if (missing !== undefined) amiType = Value.unknown(missing, use);
    else if (image?.why !== undefined) amiType = Value.unknown(image.why, image.at);
    else if (image?.written) amiType = Value.set('CUSTOM', image.at);
    else
      amiType = defaultAmiType(
        version.value === undefined && version.state === 'default' && clusterVersion ? clusterVersion : version,
        chipOf(instanceTypes),
        ami.at,
      );
  }
  return { instanceTypes, amiType };
}

/** One rule of a security group that lets traffic in. */
export interface Ingress {
  readonly protocol: Value<string>;
  readonly from: Value<number>;
  readonly to: Value<number>;
  readonly cidrs: readonly Value<string>[];
}

/** Whether a rule covers SSH (22) or RDP (3389); undefined where that is not known. */
function coversLogin({ protocol, from, to }: Ingress): boolean | undefined {
  if (protocol.value === '-1' || protocol.value === 'all') return true;
  if (protocol.value !== undefined && protocol.value !== 'tcp' && protocol.value !== '6') return false;
  const [low, high] = [from.value, to.value];
  if (protocol.value === undefined || low === undefined || high === undefined) return undefined;
  return low === -1 || [22, 3389].some((port) => low <= port && port <= high);
}

/** The CIDRs that rules let log in. */
export function loginCidrs(rules: readonly Ingress[]): Value<string>[] {
  return rules.flatMap((rule) => {
    const covers = coversLogin(rule);
    if (covers === false) return [];
    return covers
      ? rule.cidrs
      : rule.cidrs.map((cidr) => Value.unknown<string>('the ports of the rule are not known', () => cidr.at));
  });
}

/** The metadata options of a launch template: `http_tokens` and the like, in either spelling. */
export interface MetadataKeys {
  readonly tokens: string;
  readonly hops: string;
  readonly endpoint: string;
}

/** Metadata options of nodes: what their template says, else what their AMI brings along. */
export function imdsOf(
  options: Field | undefined,
  keys: MetadataKeys,
  amiType: Value<string>,
  at: () => Location,
): Nodegroup['imds'] {
  // Without a template EKS makes one with a hop limit of 2 (EKS User Guide, Customize managed nodes with launch templates).
  if (!options)
    return {
      httpTokens: tokensOfAmi(amiType, at),
      hopLimit: Value.default(2, at),
      endpointEnabled: Value.default(true, at),
    };
  const [tokens, hops, endpoint] = [options.get(keys.tokens), options.get(keys.hops), options.get(keys.endpoint)];
  return {
    httpTokens: tokens.absent ? tokensOfAmi(amiType, tokens.at) : tokens.text(),
    hopLimit: hops.absent ? hopsOfAmi(amiType, hops.at) : hops.number(),
    endpointEnabled: derive(endpoint.text('enabled'), (state) => state !== 'disabled'),
  };
}

/** Metadata options of which nothing is known. */
export function unknownImds(why: string, at: () => Location): Nodegroup['imds'] {
  return {
    httpTokens: Value.unknown(why, at),
    hopLimit: Value.unknown(why, at),
    endpointEnabled: Value.unknown(why, at),
  };
}

/** How a node group takes part in a cluster that the files do not describe. */
export function clusterElsewhere(
  input: ClusterInput,
  part: Field,
  name: Value<string>,
  nodegroups: readonly Nodegroup[],
  addons: readonly Addon[],
): Cluster {
  const { at } = part;
  const why = 'the cluster is not described in these files';
  const nothing = <T>(): Value<T> => Value.unknown<T>(why, at);
  return {
    kind: 'cluster',
    input,
    tree: part.tree,
    object: undefined,
    get at() {
      return at();
    },
    subject: { kind: 'cluster', namespace: '', name: name.value ?? '' },
    name,
    version: nothing(),
    endpoint: { public: nothing(), private: nothing(), publicCidrs: unknownList(why, at) },
    logging: unknownList(why, at),
    secretsKey: nothing(),
    supportType: nothing(),
    authenticationMode: nothing(),
    deletionProtection: nothing(),
    autoMode: nothing(),
    outpost: nothing(),
    nodegroups: new Collection(nodegroups, { at, complete: false, why }),
    addons: new Collection(addons, { at, complete: false, why }),
  };
}
