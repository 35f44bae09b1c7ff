import { digList } from '#model/dig.ts';
import type { AwsType } from '#model/aws-reads.ts';
import { isRecord } from '#model/shape.ts';
import type { Aws, DescribedCluster } from './aws.ts';
import { type Answered, Calls, type Json, plainOf, text, texts } from './aws-calls.ts';
import { collectKeys, collectRepositories } from './aws-data.ts';
import { collectIntegrations, collectLattice } from './aws-entrances.ts';
import { collectMembers } from './aws-members.ts';
import { collectGroups, collectSubnets, type Selection } from './aws-network.ts';
import { collectOidcProvider, collectRoles } from './aws-roles.ts';
import { collectFileSystems, collectLogGroups } from './aws-storage.ts';
import { collectDatabases, collectDetectors, collectParameters, type NamedDatabase } from './aws-stores.ts';
import { collectVpc } from './aws-vpc.ts';
import { notStored } from '#syntax/tree.ts';

/** The AWS resources that the objects of a cluster name. */
export interface NamedByObjects {
  /** ARNs or names of roles. */
  readonly roles: readonly string[];
  /** Image references. */
  readonly images: readonly string[];
  /** IDs of EFS file systems. */
  readonly fileSystems: readonly string[];
  /** IDs of security groups and subnets of nodes, and selectors for others. */
  readonly securityGroups: readonly string[];
  readonly subnets: readonly string[];
  readonly selectedGroups: Selection;
  readonly selectedSubnets: Selection;
  /** Names of SSM Parameter Store parameters. */
  readonly parameters: readonly string[];
  readonly databases: readonly NamedDatabase[];
  /** Host names of the cluster's load balancers. */
  readonly hosts: readonly string[];
}
export const namesNothing: NamedByObjects = {
  roles: [],
  images: [],
  fileSystems: [],
  securityGroups: [],
  subnets: [],
  selectedGroups: [],
  selectedSubnets: [],
  parameters: [],
  databases: [],
  hosts: [],
};

/** Where everything that is read is stored. */
export interface Place extends Pick<DescribedCluster, 'account' | 'region'> {
  readonly partition: string;
  arnOf(service: string, rest: string): string;
}

/**
 * Reads what the model needs about a cluster: resources of the requested types. A rejected call is listed with the
 * reason.
 */
export async function collectAnswers(
  aws: Aws,
  cluster: DescribedCluster,
  wanted: {
    readonly types: ReadonlySet<AwsType>;
    /** Awaited after everything that does not need it has started. */
    readonly named: NamedByObjects | Promise<NamedByObjects>;
    readonly progress: ((words: string) => void) | undefined;
    readonly isProbe?: boolean;
  },
): Promise<Answered & Pick<Calls, 'tried'>> {
  const { types, progress, isProbe = false } = wanted;
  const named = Promise.resolve(wanted.named);
  named.catch(() => {}); // It is awaited below, maybe long after it has failed.
  const [, partition = 'aws'] = cluster.arn.split(':');
  const { account, region } = cluster;
  const place: Place = {
    account,
    region,
    partition,
    arnOf: (service, rest) => `arn:${partition}:${service}:${region}:${account}:${rest}`,
  };
  const calls = new Calls(types, isProbe);
  // The certificate is not needed to judge, and the activation code of a registration is a secret.
  const { certificateAuthority: _, connectorConfig, ...described } = cluster.answer;
  const connector = connectorConfig && { ...connectorConfig, activationId: undefined, activationCode: undefined };
  calls.keep(cluster.arn, { cluster: { ...described, connectorConfig: connector } });
  progress?.('reading node groups and add-ons');
  const { subnetIds, securityGroupIds, clusterSecurityGroupId, vpcId } = described.resourcesVpcConfig ?? {};
  // The next calls do not need these, and objects arrive late.
  const others = Promise.all([
    collectLogGroups(aws, calls, place, cluster.name),
    named.then(({ fileSystems }) => collectFileSystems(aws, calls, place, fileSystems)),
    collectOidcProvider(aws, calls, place, described.identity?.oidc?.issuer),
    collectDetectors(aws, calls, place),
    ...(vpcId === undefined ? [] : [collectLattice(aws, calls, place, vpcId)]),
    named.then(({ parameters }) => collectParameters(aws, calls, place, parameters)),
    named.then(({ hosts }) => collectIntegrations(aws, calls, place, hosts)),
  ]);
  others.catch(() => {}); // They are awaited below.
  const [parts, members, selfManaged, vpc] = await Promise.all([
    collectParts(aws, cluster, calls, place),
    collectMembers(aws, cluster, calls, place),
    collectScalingGroups(aws, cluster, calls),
    collectVpc(aws, calls, place, vpcId),
  ]);
  progress?.('reading launch templates, networks, roles and keys');
  const templates = await collectTemplates(aws, calls, place, parts.nodegroups, selfManaged);
  const subnets = [
    ...texts(subnetIds),
    ...parts.nodegroups.flatMap((group) => texts(group['subnets'])),
    ...selfManaged.flatMap((group) => text(group['VPCZoneIdentifier']).split(',')),
    ...members.subnets,
    ...vpc.subnets,
  ].filter((id) => id !== '');
  const securityGroups = [
    ...texts(securityGroupIds),
    // EKS creates one for the cluster, which its nodes also have, and one for each group with an SSH key: users add
    // rules to them.
    text(clusterSecurityGroupId),
    ...parts.nodegroups.map(({ resources }) =>
      isRecord(resources) ? text(resources['remoteAccessSecurityGroup']) : '',
    ),
    ...templates.securityGroups,
  ].filter((id) => id !== '');
  const ownRoles = [...parts.roles, ...members.roles, text(connector?.roleArn)];
  const ofSecrets = (cluster.answer.encryptionConfig ?? []).map(({ provider }) => text(provider?.keyArn));
  const knownKeys = [...ofSecrets, ...templates.keys];
  // Objects name more of them: node classes, and the databases of pods.
  const readMoreGroups = async ({ databases, securityGroups: ids, selectedGroups }: NamedByObjects): Promise<void> => {
    const more = [...ids, ...(await collectDatabases(aws, calls, place, databases))];
    await collectGroups(aws, calls, place, without(more, securityGroups), selectedGroups);
  };
  const [repositories, [logs, files]] = await Promise.all([
    named.then(({ images }) => collectRepositories(aws, calls, place, images)),
    others,
    named.then(({ roles }) => collectRoles(aws, calls, place, [...ownRoles, ...roles])),
    collectGroups(aws, calls, place, securityGroups, []),
    collectSubnets(aws, calls, place, subnets, []),
    named.then(readMoreGroups),
    named.then((one) => collectSubnets(aws, calls, place, without(one.subnets, subnets), one.selectedSubnets)),
    collectKeys(aws, calls, place, knownKeys),
  ]);
  const moreKeys = [...repositories.keys, ...logs.keys, ...files.keys].filter((one) => !knownKeys.includes(one));
  await collectKeys(aws, calls, place, moreKeys);
  return { ...calls.answered, tried: calls.tried };
}

const without = (all: readonly string[], known: readonly string[]): string[] =>
  all.filter((one) => !known.includes(one));

/** What EKS itself has: node groups, add-ons, associations, and the version calendar. */
async function collectParts(
  aws: Aws,
  { name, arn, answer: { version: kubernetesVersion } }: DescribedCluster,
  calls: Calls,
  { arnOf }: Place,
): Promise<{ readonly nodegroups: readonly Json[]; readonly roles: readonly string[] }> {
  const sdk = await import('#sources/clients.ts');
  const { eks } = await aws.clients;
  // Created for each call: the paginators of the SDK write their token into the input.
  const of = (): { clusterName: string } => ({ clusterName: name });
  const nodegroups: Json[] = [];
  const roles: string[] = [];

  const readGroups = async (): Promise<void> => {
    const list = sdk.paginateListNodegroups({ client: eks }, of(), aws.until);
    const names = await calls.list('eks:ListNodegroups', list, (page) => page.nodegroups);
    if (!names) return;
    await calls.each(names, async (nodegroupName) => {
      const nodegroup = await calls.tell(
        'eks:DescribeNodegroup',
        () => eks.send(new sdk.DescribeNodegroupCommand({ ...of(), nodegroupName }), aws.until),
        (said) => said.nodegroup,
      );
      if (!nodegroup) return;
      calls.keep(nodegroup.nodegroupArn ?? arnOf('eks', `nodegroup/${name}/${nodegroupName}`), { nodegroup });
      nodegroups.push(plainOf(nodegroup));
      roles.push(text(nodegroup.nodeRole));
    });
    calls.keep(`${arn}/nodegroups`, { nodegroups: names });
  };
  const readAddons = async (): Promise<void> => {
    const list = sdk.paginateListAddons({ client: eks }, of(), aws.until);
    const names = await calls.list('eks:ListAddons', list, (page) => page.addons);
    if (!names) return;
    await calls.each(names, async (addonName) => {
      const addon = await calls.tell(
        'eks:DescribeAddon',
        () => eks.send(new sdk.DescribeAddonCommand({ ...of(), addonName }), aws.until),
        (said) => said.addon,
      );
      if (!addon) return;
      calls.keep(addon.addonArn ?? arnOf('eks', `addon/${name}/${addonName}`), { addon });
      roles.push(text(addon.serviceAccountRoleArn));
      if (!calls.wants('EKS::AddonVersions')) return;
      const addonVersions = await calls.list(
        'eks:DescribeAddonVersions',
        sdk.paginateDescribeAddonVersions({ client: eks }, { addonName, kubernetesVersion }, aws.until),
        (page) => page.addons?.flatMap(({ addonVersions: all = [] }) => all),
        ['missing'],
      );
      if (addonVersions && addonVersions.length > 0)
        calls.keep(arnOf('eks', `addon-versions/${addonName}`), {
          addons: [{ addonName, addonVersions: addonVersions.map(({ addonVersion }) => ({ addonVersion })) }],
        });
    });
    calls.keep(`${arn}/addons`, { addons: names });
  };
  const readAssociations = async (): Promise<void> => {
    const associations = await calls.list(
      'eks:ListPodIdentityAssociations',
      sdk.paginateListPodIdentityAssociations({ client: eks }, of(), aws.until),
      (page) => page.associations,
    );
    if (!associations) return;
    await calls.each(associations, async ({ associationId }) => {
      const association = await calls.tell(
        'eks:DescribePodIdentityAssociation',
        () => eks.send(new sdk.DescribePodIdentityAssociationCommand({ ...of(), associationId }), aws.until),
        (said) => said.association,
      );
      if (!association) return;
      calls.keep(association.associationArn ?? arnOf('eks', `podidentityassociation/${name}/${associationId}`), {
        association,
      });
      roles.push(text(association.roleArn));
    });
    calls.keep(`${arn}/associations`, { associations });
  };
  const readVersions = async (): Promise<void> => {
    // If the service does not have the call, the calendar is that of this release.
    const clusterVersions = await calls.list(
      'eks:DescribeClusterVersions',
      sdk.paginateDescribeClusterVersions({ client: eks }, {}, aws.until),
      (page) => page.clusterVersions,
      ['unsupported', 'missing'],
    );
    if (clusterVersions && clusterVersions.length > 0)
      calls.keep(arnOf('eks', 'cluster-versions'), { clusterVersions });
  };
  const readInsights = async (): Promise<void> => {
    const list = sdk.paginateListInsights({ client: eks }, of(), aws.until);
    const insights = await calls.list('eks:ListInsights', list, (page) => page.insights);
    if (insights) calls.keep(`${arn}/insights`, { insights });
  };
  await Promise.all([
    ...(calls.wants('EKS::Insight') ? [readInsights()] : []),
    ...(calls.wants('AWS::EKS::Nodegroup') ? [readGroups()] : []),
    ...(calls.wants('AWS::EKS::Addon') ? [readAddons()] : []),
    ...(calls.wants('AWS::EKS::PodIdentityAssociation') ? [readAssociations()] : []),
    ...(calls.wants('EKS::ClusterVersion') ? [readVersions()] : []),
  ]);
  return { nodegroups, roles };
}

/** Node groups that EKS does not manage have the tag of the cluster; managed ones also have their own tag. */
async function collectScalingGroups(aws: Aws, { name }: DescribedCluster, calls: Calls): Promise<readonly Json[]> {
  if (!calls.wants('AWS::AutoScaling::AutoScalingGroup')) return [];
  const sdk = await import('#sources/clients.ts');
  const { autoscaling } = await aws.clients;
  const all = await calls.list(
    'autoscaling:DescribeAutoScalingGroups',
    sdk.paginateDescribeAutoScalingGroups(
      { client: autoscaling },
      { Filters: [{ Name: 'tag-key', Values: [`kubernetes.io/cluster/${name}`] }] },
      aws.until,
    ),
    (page) => page.AutoScalingGroups,
  );
  const groups = (all ?? [])
    .filter(({ Tags = [] }) => !Tags.some(({ Key }) => Key === 'eks:nodegroup-name'))
    .map((one) => plainOf({ ...one, Instances: undefined }));
  for (const one of groups) calls.keep(text(one['AutoScalingGroupARN']), { AutoScalingGroups: [one] });
  return groups;
}

/** The launch templates and launch configurations of groups, and the security groups and keys that these name. */
async function collectTemplates(
  aws: Aws,
  calls: Calls,
  { arnOf }: Place,
  managed: readonly Json[],
  selfManaged: readonly Json[],
): Promise<{ readonly securityGroups: ReadonlySet<string>; readonly keys: readonly string[] }> {
  const sdk = await import('#sources/clients.ts');
  const { ec2, autoscaling } = await aws.clients;
  const securityGroups = new Set<string>();
  const keys: string[] = [];
  const lookAt = (data: Json): void => {
    for (const holder of [data, ...digList(data['NetworkInterfaces'])])
      for (const id of ['SecurityGroupIds', 'SecurityGroups', 'Groups'].flatMap((list) => texts(holder[list])))
        securityGroups.add(id);
    for (const { Ebs } of digList(data['BlockDeviceMappings'])) if (isRecord(Ebs)) keys.push(text(Ebs['KmsKeyId']));
  };
  const configurations = [...new Set(selfManaged.map((one) => text(one['LaunchConfigurationName'])))].filter(
    (one) => one !== '',
  );
  if (configurations.length > 0 && calls.wants('AWS::AutoScaling::LaunchConfiguration')) {
    const all = await calls.list(
      'autoscaling:DescribeLaunchConfigurations',
      sdk.paginateDescribeLaunchConfigurations(
        { client: autoscaling },
        { LaunchConfigurationNames: configurations },
        aws.until,
      ),
      (page) => page.LaunchConfigurations,
    );
    for (const one of all ?? []) {
      const configuration = plainOf(one);
      lookAt(configuration);
      calls.keep(one.LaunchConfigurationARN ?? '', { LaunchConfigurations: [withoutUserData(configuration)] });
    }
  }
  if (!calls.wants('AWS::EC2::LaunchTemplate')) return { securityGroups, keys };
  const uses = new Map(
    [...managed.map(managedTemplate), ...selfManaged.flatMap(templatesOf)]
      .filter(({ id }) => id !== '')
      .map((use) => [`${use.id}/${use.version}`, use]),
  );
  await calls.each([...uses.values()], async ({ id, version }) => {
    const all = await calls.list(
      'ec2:DescribeLaunchTemplateVersions',
      sdk.paginateDescribeLaunchTemplateVersions(
        { client: ec2 },
        { LaunchTemplateId: id, Versions: [version] },
        aws.until,
      ),
      (page) => page.LaunchTemplateVersions,
      ['missing'],
    );
    for (const one of all ?? []) {
      const data = plainOf({ ...one.LaunchTemplateData });
      lookAt(data);
      calls.keep(arnOf('ec2', `launch-template/${id}/${String(one.VersionNumber)}`), {
        LaunchTemplateVersions: [{ ...one, LaunchTemplateData: withoutUserData(data) }],
      });
    }
  });
  return { securityGroups, keys };
}

interface TemplateUse {
  readonly id: string;
  readonly version: string;
}
const useOf = (value: unknown, id: string, version: string): TemplateUse => ({
  id: isRecord(value) ? text(value[id]) : '',
  version: (isRecord(value) ? text(value[version]) : '') || '$Default',
});
const managedTemplate = (group: Json): TemplateUse => useOf(group['launchTemplate'], 'id', 'version');
function templatesOf(group: Json): TemplateUse[] {
  const policy = isRecord(group['MixedInstancesPolicy']) ? group['MixedInstancesPolicy']['LaunchTemplate'] : undefined;
  const mixed = isRecord(policy) ? policy['LaunchTemplateSpecification'] : undefined;
  return [group['LaunchTemplate'], mixed].map((use) => useOf(use, 'LaunchTemplateId', 'Version'));
}

/** User data may contain secrets, and no rule needs it in a cluster. */
const withoutUserData = (data: Json): Json => ('UserData' in data ? { ...data, UserData: notStored } : data);
