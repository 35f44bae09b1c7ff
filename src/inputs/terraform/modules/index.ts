import { table } from '#model/shape.ts';
import type { Note } from '#model/finding.ts';
import type { Field } from '#spelling/field.ts';
import type { AwsResource } from '#spelling/resource.ts';
import { expandAddons, expandBlueprint, expandSwitchedAddons } from './blueprints.ts';
import { expandCluster, expandGroup } from './cloudposse.ts';
import { expandRepository } from './ecr.ts';
import { expandCapability, expandHybridRole } from './eks-parts.ts';
import { expandAuth, expandGroupModule, expandModule } from './eks.ts';
import { expandCloudPosseProfile, expandProfile } from './fargate.ts';
import { iamModules } from './iam.ts';
import { expandKarpenter } from './karpenter.ts';
import { foreignOf } from './source.ts';
import { expandEndpoints, expandFlowLog, expandNetwork } from './vpc.ts';

/** What a call of a module creates. */
export interface Expanded {
  readonly resources: AwsResource[];
  readonly notes: Note[];
}

/** `region`: that of the provider, if known. */
type Expand = (label: string, block: Field, region: Field | undefined) => Expanded | AwsResource[];

/** Modules whose calls are expanded, by name and submodule. */
const modules: Readonly<Record<string, Expand>> = table({
  'terraform-aws-modules/eks': expandModule,
  'terraform-aws-modules/eks//modules/eks-managed-node-group': (label, block) => expandGroupModule(label, block, true),
  'terraform-aws-modules/eks//modules/self-managed-node-group': (label, block) =>
    expandGroupModule(label, block, false),
  'terraform-aws-modules/eks//modules/aws-auth': expandAuth,
  'terraform-aws-modules/eks//modules/karpenter': expandKarpenter,
  'terraform-aws-modules/eks//modules/fargate-profile': expandProfile,
  'terraform-aws-modules/eks//modules/hybrid-node-role': expandHybridRole,
  'terraform-aws-modules/eks//modules/capability': expandCapability,
  'terraform-aws-modules/ecr': expandRepository,
  'terraform-aws-modules/vpc': expandNetwork,
  'terraform-aws-modules/vpc//modules/vpc-endpoints': expandEndpoints,
  'terraform-aws-modules/vpc//modules/flow-log': expandFlowLog,
  ...iamModules,
  'aws-ia/eks-blueprints': expandBlueprint,
  'aws-ia/eks-blueprints//modules/kubernetes-addons': expandSwitchedAddons,
  'aws-ia/eks-blueprints-addons': expandAddons,
  'cloudposse/eks-cluster': expandCluster,
  'cloudposse/eks-node-group': expandGroup,
  'cloudposse/eks-fargate-profile': expandCloudPosseProfile,
});
/** Modules that are known to create neither a cluster nor nodes, whatever their arguments are called. */
const others = /^(?:terraform-aws-modules\/|aws-ia\/eks-blueprints|cloudposse\/)/;

/** Whether it is known what a call of a source creates. */
export function isKnown(source: unknown): boolean {
  const foreign = foreignOf(source);
  if (!foreign) return false;
  return keyOf(foreign) in modules || (foreign.submodule !== '' && others.test(foreign.name));
}
const keyOf = ({ name, submodule }: { readonly name: string; readonly submodule: string }): string =>
  submodule === '' ? name : `${name}//${submodule}`;

/** Arguments that turn off the main purpose of a module. */
const switches = ['create', 'enabled', 'create_eks', 'create_vpc', 'create_repository', 'create_role'] as const;

/** What a call creates; nothing if it is turned off or unknown. */
export function expand(label: string, block: Field, region?: Field): Expanded {
  const foreign = foreignOf(block.get('source').value);
  const make = foreign && Object.hasOwn(modules, keyOf(foreign)) ? modules[keyOf(foreign)] : undefined;
  if (!make) return { resources: [], notes: [] };
  const isOff = (key: string): boolean => block.get(key).value === false;
  const notes = offByDefault(switches.filter(isOff).map((key) => block.get(key)));
  if (isOff('create') || isOff('enabled')) return { resources: [], notes };
  const made = make(label, block, region);
  return Array.isArray(made) ? { resources: made, notes } : { ...made, notes: [...made.notes, ...notes] };
}

/** What only the default of a variable turns off: anyone who sets the variable gets it, and it has not been judged. */
export const offByDefault = (switches: readonly Field[]): Note[] =>
  switches
    .filter(({ assuming }) => assuming !== undefined)
    .map((field) => ({
      kind: 'partial',
      message: 'what the default of a variable disables is not judged: add a tfvars file or lint a plan',
      at: field.at(),
    }));
