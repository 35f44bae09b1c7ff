import { groupElsewhere, imageDecides, templateElsewhere } from '#model/hidden.ts';
import type { NetworkInterface, Nodegroup, NodeTemplate, Opening, Volume } from '#model/cluster.ts';
import { requiresTokens } from '#model/machine-image.ts';
import { Collection, Value } from '#model/value.ts';
import type { Field } from '#spelling/field.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description, Link } from '#spelling/resource.ts';
import type { Location } from '#syntax/tree.ts';
import { hidden, partOf, readList, subjectOf } from './part.ts';
import { readKubelet } from './kubelet.ts';
import { type Logins, readLogins } from './security-group.ts';
import { decoded } from './user-data.ts';

const securityGroupType = 'AWS::EC2::SecurityGroup';
const configurationType = 'AWS::AutoScaling::LaunchConfiguration';

/** The values that a field may resolve to, except nothing. */
const outcomesOf = (field: Field): readonly Field[] =>
  field.candidates.length > 0
    ? field.candidates.flatMap(outcomesOf)
    : field.absent || field.value === '' || field.value === null
      ? []
      : [field];

/** The launch template of a node group, or the launch configuration used instead. */
export function templateOf(group: Property, description: Description): Link {
  const configuration = group.path('LaunchConfigurationName');
  if (!configuration.absent) return description.linked(configuration, configurationType);
  const use = group.path('LaunchTemplate');
  if (use.absent) return { state: 'none' };
  if (use.why !== undefined) return { state: 'unknown', why: use.why, at: use.at };
  const links = ['Id', 'Name'].map((name) => {
    const { field } = use.path(name);
    // An empty template is rejected, so among the outcomes of a condition only those that name a template count.
    const [only = field, ...others] = outcomesOf(field);
    return description.linked({ field: others.length === 0 ? only : field }, 'AWS::EC2::LaunchTemplate');
  });
  const found = links.find(({ state }) => state === 'here');
  return found ?? { state: 'elsewhere', why: templateElsewhere, at: use.at };
}

/** The contents of a launch template; undefined if there is none, or none that is known. */
export const dataOf = (link: Link): Property | undefined =>
  configurationOf(link) ?? (link.state === 'here' ? link.resource.body.path('LaunchTemplateData') : undefined);
/** The launch configuration that a property refers to. */
export const configurationOf = (link: Link): Property | undefined =>
  link.state === 'here' && link.resource.type === configurationType ? link.resource.body : undefined;

/** What may name the instance profile of a launch template. */
export function profilesOf(link: Link): readonly Property[] {
  const profile = dataOf(link)?.path('IamInstanceProfile');
  if (!profile) return [];
  return configurationOf(link) ? [profile] : [profile.path('Arn'), profile.path('Name')];
}

/** What applies if no launch template sets a value: the AMI. */
function tokensOfAmi(amiType: Value<string>, at: () => Location): Value<string> {
  if (amiType.value === 'CUSTOM') return Value.unknown(imageDecides, at, { unwritten: true });
  const tokens = amiType.to((type) => (requiresTokens(type) ? 'required' : 'optional'));
  return tokens.state === 'unknown'
    ? Value.unknown(tokens.why ?? 'the AMI type is not known', at, { unwritten: true })
    : Value.default(tokens.value, at);
}

/**
 * Instances of an AMI that requires tokens get a limit of 2, others 1 (EC2 User Guide, instance metadata options, order
 * of precedence).
 */
const hopsOfAmi = (amiType: Value<string>, at: () => Location): Value<number> => {
  const tokens = tokensOfAmi(amiType, at);
  return tokens.state === 'unknown'
    ? tokens.to<number>(() => undefined)
    : tokens.to((one) => (one === 'required' ? 2 : 1));
};

/**
 * Without a template EKS creates one, with a hop limit of 2, or 1 on Amazon Linux 2023 (EKS User Guide, Customize
 * managed nodes with launch templates, and Upgrade from Amazon Linux 2 to Amazon Linux 2023).
 */
function hopsOfEks(amiType: Value<string>, at: () => Location): Value<number> {
  const hops = amiType.to((type) => (type.startsWith('AL2023_') ? 1 : 2));
  return hops.state === 'unknown'
    ? Value.unknown(hops.why ?? 'the AMI type is not known', at, { unwritten: true })
    : Value.default(hops.value, at);
}

/** Metadata options of nodes: from their template, otherwise from their AMI. */
function readImds(link: Link, amiType: Value<string>, at: () => Location): NodeTemplate['imds'] {
  if (link.state === 'elsewhere' || link.state === 'unknown') {
    const unknown = <T>(): Value<T> => Value.unknown<T>(link.why, link.at);
    return { httpTokens: unknown(), hopLimit: unknown(), endpointEnabled: unknown() };
  }
  const options = dataOf(link)?.path('MetadataOptions');
  if (!options)
    return {
      httpTokens: tokensOfAmi(amiType, at),
      hopLimit: hopsOfEks(amiType, at),
      endpointEnabled: Value.default(true, at),
    };
  const [tokens, hops] = [options.path('HttpTokens'), options.path('HttpPutResponseHopLimit')];
  return {
    httpTokens: tokens.absent ? tokensOfAmi(amiType, tokens.at) : tokens.text(),
    hopLimit: hops.absent ? hopsOfAmi(amiType, hops.at) : hops.number(),
    endpointEnabled: options
      .path('HttpEndpoint')
      .text('enabled')
      .to((state) => state !== 'disabled'),
  };
}

/**
 * Whether a volume is encrypted. Encryption by default of an account encrypts what a template does not
 * (https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html); it belongs to one region, so it is left out where a
 * resource names its own.
 */
function readEncrypted(ebs: Property, template: Link): Value<boolean> {
  const own = ebs.path('Encrypted').bool(false);
  if (template.state !== 'here' || own.value === true) return own;
  const isElsewhere = ({ whole }: AwsResource): boolean => ['provider', 'region'].some((key) => !whole.get(key).absent);
  const [account, ...others] = template.home.ofRoot('EC2::EncryptionByDefault');
  if (!account || others.length > 0 || [account, template.resource].some(isElsewhere)) return own;
  const enabled = account.body.path('Enabled').bool(true);
  const at = (): Location => own.at;
  if (enabled.state === 'unknown') return Value.unknown(enabled.why ?? '', at, { unwritten: !own.written });
  return enabled.value === true ? Value.default(true, at, undefined, enabled.assuming) : own;
}

/** The volumes of a launch template. Mappings without an `Ebs` part are instance stores, or remove a device. */
function readVolumes(link: Link, at: () => Location): NodeTemplate['volumes'] {
  if (link.state === 'elsewhere' || link.state === 'unknown') return hidden(link);
  const mappings = dataOf(link)?.path('BlockDeviceMappings');
  if (!mappings) return new Collection([], { at, state: 'default' });
  const volumes = mappings.items().flatMap((one): Volume[] => {
    const ebs = one.path('Ebs');
    if (ebs.absent) return [];
    return [
      {
        device: one.path('DeviceName').text(),
        encrypted: readEncrypted(ebs, link),
        type: ebs.path('VolumeType').text('gp2'), // EC2 API reference, EbsBlockDevice
        size: ebs.path('VolumeSize').number(),
        iops: ebs.path('Iops').number(),
        throughput: ebs.path('Throughput').number(),
        key: ebs.path('KmsKeyId').given(),
      },
    ];
  });
  return new Collection(volumes, { at: mappings.at, why: mappings.rest });
}

type Data = Pick<NodeTemplate, 'imageId' | 'userData' | 'monitoring' | 'instanceProfile' | 'market' | 'interfaces'>;
/** The rest of a launch template; a launch configuration has other names for some of it. */
function readData(link: Link, at: () => Location): Data {
  if (link.state === 'elsewhere' || link.state === 'unknown') {
    const hidden = <T>(): Value<T> => Value.unknown<T>(link.why, link.at);
    return {
      imageId: hidden(),
      userData: hidden(),
      monitoring: hidden(),
      instanceProfile: hidden(),
      market: hidden(),
      interfaces: Collection.unknown(link.why, link.at),
    };
  }
  const data = dataOf(link);
  const absent = Value.default<string>(undefined, at);
  if (!data)
    return {
      imageId: absent,
      userData: absent,
      monitoring: Value.default(false, at),
      instanceProfile: absent,
      market: absent,
      interfaces: new Collection<NetworkInterface>([], { at, state: 'default' }),
    };
  const isConfiguration = link.state === 'here' && link.resource.type === configurationType;
  return {
    imageId: data.path('ImageId').given(),
    userData: data.path('UserData').text().to(decoded),
    monitoring: isConfiguration
      ? data.path('InstanceMonitoring').bool(true)
      : data.path('Monitoring', 'Enabled').bool(false),
    instanceProfile: (profilesOf(link).find((one) => !one.absent) ?? data.path('IamInstanceProfile')).given(),
    // A launch configuration with a price bids for Spot Instances (EC2 Auto Scaling API reference, CreateLaunchConfiguration).
    market: isConfiguration
      ? data
          .path('SpotPrice')
          .text()
          .to((price) => (price === '' ? '' : 'spot'))
      : data.path('InstanceMarketOptions', 'MarketType').text(),
    interfaces: isConfiguration
      ? new Collection<NetworkInterface>([], { at, state: 'default' })
      : readList(data.path('NetworkInterfaces'), (one) => ({
          publicIp: one.path('AssociatePublicIpAddress').bool(false),
          subnet: one.path('SubnetId').given(),
          type: one.path('InterfaceType').text('interface'),
        })),
  };
}

/** How the nodes of a group are configured. */
export function readNodeTemplate(
  group: AwsResource,
  link: Link,
  amiType: Value<string>,
  { input }: Description,
): NodeTemplate {
  const { body, whole } = group;
  const name = body.path('NodegroupName').text();
  return partOf('nodeTemplate', input, group, name, {
    // Findings about the template are reported for its group.
    subject: group.subject ?? subjectOf('nodegroup', group, name),
    amiType,
    imds: readImds(link, amiType, whole.at),
    ...readData(link, whole.at),
    maxPods: body.path('MaxPods').number(),
    get kubelet() {
      return readKubelet(
        body,
        dataOf(link),
        link.state === 'elsewhere' || link.state === 'unknown' ? link.why : undefined,
      );
    },
    volumes: readVolumes(link, whole.at),
    addonPolicies: body.path('AddonPolicies').bool(false),
  });
}

/** A node class, treated as a launch template that no group names. */
export const readNodeClass = (resource: AwsResource, description: Description): NodeTemplate =>
  readNodeTemplate(
    resource,
    { state: 'here', resource, home: description },
    resource.body.path('AmiType').text(),
    description,
  );

/** The remote logins that the security groups of a launch template allow; computed once for all groups that use it. */
function loginsOf(link: Link, description: Description): Logins {
  const data = dataOf(link);
  if (link.state !== 'here' || !data) return { items: [], why: undefined };
  return description.once('logins', link.resource, () => {
    const items: Opening[] = [];
    const interfaces = data.path('NetworkInterfaces');
    const lists = [
      data.path('SecurityGroupIds'),
      data.path('SecurityGroups'),
      ...interfaces.items().map((one) => one.path('Groups')),
    ];
    let why = interfaces.rest;
    const seen = new Set<unknown>();
    for (const list of lists) {
      why ??= list.rest;
      for (const item of list.items()) {
        // The cluster's own security group only allows traffic from its members (EKS User Guide, security group
        // requirements).
        if (description.refersTo(item, 'AWS::EKS::Cluster')) continue;
        const group = description.linked(item, securityGroupType);
        if (group.state !== 'here') why ??= description.whyUnread(securityGroupType) ?? groupElsewhere;
        else if (!seen.has(group.resource)) {
          seen.add(group.resource);
          const logins = readLogins(group.resource, group.home);
          why ??= logins.why;
          items.push(...logins.items);
        }
      }
    }
    return { items, why };
  });
}

/**
 * Remote access to nodes: a key that EKS is given or that the launch template holds, and the traffic that security
 * groups allow.
 */
export function readAccess(
  group: Property,
  link: Link,
  amiType: Value<string>,
  description: Description,
): Nodegroup['remoteAccess'] {
  if (link.state === 'elsewhere' || link.state === 'unknown') {
    const { why, at } = link;
    return {
      enabled: Value.unknown(why, at),
      sourceSecurityGroups: hidden(link),
      openings: hidden(link),
    };
  }
  const remote = group.path('RemoteAccess');
  const own = remote.path('Ec2SshKey');
  const inTemplate = dataOf(link)?.path('KeyName');
  const key = own.absent && inTemplate && !inTemplate.absent ? inTemplate : own;
  const given: Value<boolean> = description.refersTo(key, 'AWS::EC2::KeyPair')
    ? Value.set(true, key.at)
    : key.text('').to((name) => name !== '');
  const enabled = given.writtenAt(remote.written ? remote : key);
  const sourceSecurityGroups = remote.path('SourceSecurityGroups').texts();
  const logins = loginsOf(link, description);
  let { items, why } = logins;
  const at = (): Location => enabled.at;
  // EKS API, RemoteAccessConfig: a key without source groups opens port 22 to everyone, on Windows port 3389.
  if (!own.absent && enabled.value !== false) {
    if (!sourceSecurityGroups.complete) why ??= sourceSecurityGroups.why;
    else if (sourceSecurityGroups.items.length === 0) {
      const cidr: Value<string> =
        enabled.value === true
          ? Value.default('0.0.0.0/0', at)
          : Value.unknown(enabled.why ?? 'the key is not known', at);
      items = [{ cidr, port: amiType.value?.startsWith('WINDOWS_') ? '3389' : '22' }, ...items];
    }
  }
  return { enabled, sourceSecurityGroups, openings: new Collection(items, { at, state: 'default', why }) };
}
