import type { Cluster, Nodegroup, Repair, WarmPool } from '#model/cluster.ts';
import { attributesDecide, noImage, noInstanceType } from '#model/hidden.ts';
import { amiTypeOfImage, chipOf, defaultAmiType } from '#model/machine-image.ts';
import { Collection, type Ref, Value } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description, Link } from '#spelling/resource.ts';
import { configurationOf, dataOf, readAccess, readNodeTemplate, templateOf } from './node-template.ts';
import { hidden, partOf, readHealth, readList, readTags, textOf } from './part.ts';
import { roleAt } from './role.ts';
import { readSubnets } from './subnet.ts';
import type { Location } from '#syntax/tree.ts';

const managedType = 'AWS::EKS::Nodegroup';
/** What EKS launches if neither a managed group nor its template names a type (EKS API reference, CreateNodegroup). */
const defaultTypes = ['t3.medium'];

/** The cluster of a part. */
export interface Owner {
  readonly cluster: Ref<Cluster>;
  /** Undefined if the cluster is defined elsewhere. */
  readonly version: Value<string> | undefined;
}

/** The facts of a group. Fallbacks are the defaults of the EKS API (CreateNodegroup). */
export function readNodegroup(resource: AwsResource, description: Description, owner: Owner): Nodegroup {
  const { body } = resource;
  const name = body.path('NodegroupName').text();
  const template = templateOf(body, description);
  const written = body.path('Version');
  // `version = aws_eks_cluster.main.version`
  const named = description.refer(written) && description.linked(written, 'AWS::EKS::Cluster');
  const version = named?.state === 'here' ? named.resource.body.path('Version').text() : written.text();
  const instanceTypes = readInstanceTypes(resource, template);
  const running = version.state === 'default' ? owner.version : version;
  const amiType = readAmiType(resource, template, instanceTypes, running, description);
  const role = roleAt(body.path('NodeRole'), description);
  const [scaling, update, use] = [body.path('ScalingConfig'), body.path('UpdateConfig'), body.path('LaunchTemplate')];
  const madeTemplate = readNodeTemplate(resource, template, amiType, description);
  return partOf('nodegroup', description.input, resource, name, {
    name,
    cluster: owner.cluster,
    health: readHealth(body),
    managed: resource.type === managedType,
    version,
    instanceTypes,
    amiType,
    capacityType: readCapacityType(resource, madeTemplate.market),
    templateVersion: textOf(use.path('Version'), 'AWS::EC2::LaunchTemplate', description),
    ownTemplate: readOwnTemplate(use),
    roleArn: role.arn,
    role: role.role,
    scaling: {
      min: scaling.path('MinSize').number(),
      desired: scaling.path('DesiredSize').number(),
      max: scaling.path('MaxSize').number(),
    },
    update: {
      maxUnavailable: update.path('MaxUnavailable').number(),
      maxUnavailablePercentage: update.path('MaxUnavailablePercentage').number(),
      strategy: update.path('UpdateStrategy').text('DEFAULT'),
      force: body.path('ForceUpdateEnabled').bool(false),
    },
    taints: readList(body.path('Taints'), (one) => ({
      key: one.path('Key').text(),
      value: one.path('Value').text(),
      effect: one.path('Effect').text(),
    })),
    labels: readTags(body.path('Labels')),
    tags: readTags(body.path('Tags')),
    diskSize: body.path('DiskSize').number(),
    releaseVersion: body.path('ReleaseVersion').text(),
    repair: readRepair(body.path('NodeRepairConfig')),
    warmPool: readWarmPool(body.path('WarmPoolConfig')),
    template: madeTemplate,
    subnets: readSubnets(body.path('Subnets'), description),
    publicIp: readPublicIp(template, resource.whole.at),
    remoteAccess: readAccess(body, template, amiType, description),
  });
}

/** Of a group that EKS does not manage, the template may buy Spot Instances; EKS rejects such a template for a managed group. */
function readCapacityType({ type, body }: AwsResource, market: Value<string>): Value<string> {
  const own = body.path('CapacityType');
  return type === managedType || !own.absent || market.state === 'default'
    ? own.text('ON_DEMAND')
    : market.to((word) => (word === 'spot' ? 'SPOT' : 'ON_DEMAND'));
}

/** A value that the tool passes through is not written by the user. */
function readOwnTemplate(use: Property): Value<boolean> {
  const named = ['Id', 'Name'].map((name) => use.path(name)).find(({ written }) => written);
  if (named) return Value.set(true, named.at);
  return use.why === undefined ? Value.default(false, use.at) : Value.unknown(use.why, use.at);
}

const readRepair = (config: Property): Repair => ({
  enabled: config.path('Enabled').bool(false),
  unhealthyCount: config.path('MaxUnhealthyNodeThresholdCount').number(),
  unhealthyPercentage: config.path('MaxUnhealthyNodeThresholdPercentage').number(),
  parallelCount: config.path('MaxParallelNodesRepairedCount').number(),
  parallelPercentage: config.path('MaxParallelNodesRepairedPercentage').number(),
  overrides: readList(config.path('NodeRepairConfigOverrides'), (one) => ({
    condition: one.path('NodeMonitoringCondition').text(),
    reason: one.path('NodeUnhealthyReason').text(),
    waitMinutes: one.path('MinRepairWaitTimeMins').number(),
    action: one.path('RepairAction').text(),
  })),
});

const readWarmPool = (config: Property): WarmPool => ({
  enabled: config.path('Enabled').bool(false),
  minSize: config.path('MinSize').number(),
  maxPrepared: config.path('MaxGroupPreparedCapacity').number(),
  state: config.path('PoolState').text('STOPPED'),
  reuse: config.path('ReuseOnScaleIn').bool(false),
});

/**
 * Whether a network interface of the launch template asks for a public address, or a launch configuration for all of
 * its instances.
 */
function readPublicIp(template: Link, whole: () => Location): Value<boolean> {
  const ofConfiguration = configurationOf(template)?.path('AssociatePublicIpAddress');
  if (ofConfiguration?.absent === false) return ofConfiguration.bool();
  const interfaces = dataOf(template)?.path('NetworkInterfaces');
  const asked = interfaces?.items().map((one) => one.path('AssociatePublicIpAddress').bool(false)) ?? [];
  if (template.state === 'elsewhere' || template.state === 'unknown') return Value.unknown(template.why, template.at);
  if (interfaces?.rest !== undefined) return Value.unknown(interfaces.rest, interfaces.at);
  const decides =
    asked.find(({ value }) => value === true) ?? asked.find(({ state }) => state === 'unknown') ?? asked[0];
  return decides ?? Value.default(false, interfaces?.at ?? whole);
}

/**
 * A group's own instance types, otherwise that of its launch template, otherwise the default of EKS. Only managed groups
 * have one: the launch template of an Auto Scaling group needs one, unless its mixed instances policy lists types.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/advanced-settings-for-your-launch-template.html
 */
function readInstanceTypes({ type, body }: AwsResource, template: Link): Collection<Value<string>> {
  const types = body.path('InstanceTypes');
  if (!types.absent) return types.textsOr(defaultTypes);
  if (template.state === 'elsewhere' || template.state === 'unknown') return hidden(template);
  const data = dataOf(template);
  const single = data?.path('InstanceType');
  if (single?.absent === false) return new Collection([single.text()], { at: single.at });
  const attributes = data?.path('InstanceRequirements');
  if (attributes?.absent === false) return Collection.unknown(attributesDecide, attributes.at);
  return type === managedType ? types.textsOr(defaultTypes) : Collection.unknown(noInstanceType, types.at);
}

function readAmiType(
  { type, body }: AwsResource,
  template: Link,
  types: Collection<Value<string>>,
  version: Value<string> | undefined,
  description: Description,
): Value<string> {
  const own = body.path('AmiType');
  // A module that is given an image has no type of its own: what it returns is the image.
  const given = own.why === undefined ? undefined : amiTypeOfImage(description.image(own));
  if (given !== undefined) return Value.set(given, own.at);
  if (!own.absent) return own.text();
  if (template.state === 'elsewhere' || template.state === 'unknown') return Value.unknown(template.why, template.at);
  const image = dataOf(template)?.path('ImageId');
  const named = image && amiTypeOfImage(description.image(image));
  if (image && named !== undefined) return Value.set(named, image.at);
  if (image?.why !== undefined) return Value.unknown(image.why, image.at);
  if (image?.written) return Value.set('CUSTOM', image.at);
  // EKS picks the AMI of managed groups only.
  if (type !== managedType) return Value.unknown(noImage, image?.at ?? own.at, { unwritten: true });
  return defaultAmiType(
    version ?? Value.unknown('the cluster is not defined in these files', own.at),
    chipOf(types),
    own.at,
  );
}
