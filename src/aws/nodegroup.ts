import type { Cluster, Nodegroup } from '#model/cluster.ts';
import { amiTypeOfImage, chipOf, defaultAmiType } from '#model/machine-image.ts';
import { Collection, type Ref, Value } from '#model/value.ts';
import type { AwsResource, Description, Link } from '#spelling/resource.ts';
import { dataOf, readAccess, readNodeTemplate, templateOf } from './node-template.ts';
import { hidden, partOf } from './part.ts';
import { readSubnets } from './subnet.ts';
import type { Location } from '#syntax/tree.ts';

/** The cluster of a part. */
export interface Owner {
  readonly cluster: Ref<Cluster>;
  /** Undefined where the cluster is described elsewhere. */
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
  return partOf('nodegroup', description.input, resource, name, {
    name,
    cluster: owner.cluster,
    managed: resource.type === 'AWS::EKS::Nodegroup',
    version,
    instanceTypes,
    amiType,
    capacityType: body.path('CapacityType').text('ON_DEMAND'),
    template: readNodeTemplate(resource, template, amiType, description),
    subnets: readSubnets(body.path('Subnets'), description),
    publicIp: readPublicIp(template, resource.whole.at),
    remoteAccess: readAccess(body, template, amiType, description),
  });
}

/** Whether a network interface of the launch template asks for a public address. */
function readPublicIp(template: Link, whole: () => Location): Value<boolean> {
  const interfaces = dataOf(template)?.path('NetworkInterfaces');
  const asked = interfaces?.items().map((one) => one.path('AssociatePublicIpAddress').bool(false)) ?? [];
  if (template.state === 'elsewhere' || template.state === 'unknown') return Value.unknown(template.why, template.at);
  if (interfaces?.rest !== undefined) return Value.unknown(interfaces.rest, interfaces.at);
  const decides =
    asked.find(({ value }) => value === true) ?? asked.find(({ state }) => state === 'unknown') ?? asked[0];
  return decides ?? Value.default(false, interfaces?.at ?? whole);
}

/** A group's own instance types, else the one of its launch template, else what EKS takes. */
function readInstanceTypes({ body }: AwsResource, template: Link): Collection<Value<string>> {
  const types = body.path('InstanceTypes');
  const single = dataOf(template)?.path('InstanceType');
  if (types.absent && single?.written) return new Collection([single.text()], { at: single.at });
  if (types.absent && (template.state === 'elsewhere' || template.state === 'unknown')) return hidden(template);
  return types.textsOr(['t3.medium']);
}

function readAmiType(
  { body }: AwsResource,
  template: Link,
  types: Collection<Value<string>>,
  version: Value<string> | undefined,
  description: Description,
): Value<string> {
  const own = body.path('AmiType');
  if (!own.absent) return own.text();
  if (template.state === 'elsewhere' || template.state === 'unknown') return Value.unknown(template.why, template.at);
  const image = dataOf(template)?.path('ImageId');
  const named = image && amiTypeOfImage(description.image(image));
  if (image && named !== undefined) return Value.set(named, image.at);
  if (image?.why !== undefined) return Value.unknown(image.why, image.at);
  if (image?.written) return Value.set('CUSTOM', image.at);
  return defaultAmiType(
    version ?? Value.unknown('the cluster is not described in these files', own.at),
    chipOf(types),
    own.at,
  );
}
