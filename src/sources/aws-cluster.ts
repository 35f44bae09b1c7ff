import { digList } from '#model/dig.ts';
import { isRecord } from '#model/shape.ts';
import type { Aws, DescribedCluster, ReadOperation } from './aws.ts';
import { type AwsAnswer, leftOut, type UnreadAnswer } from './snapshot.ts';

/** What AWS says of a cluster, as answers in the shape of its API. */
export interface Answered {
  readonly answers: readonly AwsAnswer[];
  readonly unanswered: readonly UnreadAnswer[];
}

type Json = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(text).filter((one) => one !== '') : []);

/** Calls that are under way at a time. */
const atOnce = 4;
/** Values of one filter (EC2 API reference, Filter: at most 200). */
const perFilter = 200;

/** Reads what the model knows of a cluster. A call that is refused is listed with the reason; nothing is thrown for it. */
export async function collectAnswers(
  aws: Aws,
  cluster: DescribedCluster,
  progress: ((words: string) => void) | undefined,
): Promise<Answered> {
  const sdk = await import('#sources/clients.ts');
  const { eks, ec2, autoscaling } = await aws.clients;
  const answers = new Map<string, Json>();
  const unanswered = new Map<string, UnreadAnswer>();
  const [, partition = 'aws'] = cluster.arn.split(':');
  const arnOf = (service: string, rest: string): string =>
    `arn:${partition}:${service}:${cluster.region}:${cluster.account}:${rest}`;
  const keep = (arn: string, body: Json): void => void answers.set(arn, plainOf(body));

  /** The result of a call, or undefined where AWS refuses it. */
  async function ask<T>(operation: ReadOperation, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call();
    } catch (error) {
      const one = unreadOf(operation, error);
      if (one === undefined) throw error;
      unanswered.set(one.why, one);
      return undefined;
    }
  }
  async function pages<T>(paginator: AsyncIterable<T>): Promise<T[]> {
    const all: T[] = [];
    for await (const page of paginator) all.push(page);
    return all;
  }
  const name = cluster.name;
  keep(cluster.arn, { cluster: { ...cluster.answer, certificateAuthority: undefined } });

  const groupNames = await ask('eks:ListNodegroups', async () =>
    (await pages(sdk.paginateListNodegroups({ client: eks }, { clusterName: name }))).flatMap(
      ({ nodegroups = [] }) => nodegroups,
    ),
  );
  const addonNames = await ask('eks:ListAddons', async () =>
    (await pages(sdk.paginateListAddons({ client: eks }, { clusterName: name }))).flatMap(({ addons = [] }) => addons),
  );
  if (groupNames) keep(`${cluster.arn}/nodegroups`, { nodegroups: groupNames });
  if (addonNames) keep(`${cluster.arn}/addons`, { addons: addonNames });

  progress?.('reading node groups and add-ons');
  const groups: Json[] = [];
  await each(groupNames ?? [], async (nodegroupName) => {
    const said = await ask('eks:DescribeNodegroup', () =>
      eks.send(new sdk.DescribeNodegroupCommand({ clusterName: name, nodegroupName })),
    );
    if (!said?.nodegroup) return;
    keep(said.nodegroup.nodegroupArn ?? arnOf('eks', `nodegroup/${name}/${nodegroupName}`), {
      nodegroup: said.nodegroup,
    });
    groups.push(plainOf({ ...said.nodegroup }));
  });
  await each(addonNames ?? [], async (addonName) => {
    const said = await ask('eks:DescribeAddon', () =>
      eks.send(new sdk.DescribeAddonCommand({ clusterName: name, addonName })),
    );
    if (said?.addon) keep(said.addon.addonArn ?? arnOf('eks', `addon/${name}/${addonName}`), { addon: said.addon });
  });

  // Groups of nodes that EKS does not manage bear the tag of the cluster; those that it manages bear its own as well.
  const scaled = await ask('autoscaling:DescribeAutoScalingGroups', async () =>
    (
      await pages(
        sdk.paginateDescribeAutoScalingGroups(
          { client: autoscaling },
          { Filters: [{ Name: 'tag-key', Values: [`kubernetes.io/cluster/${name}`] }] },
        ),
      )
    )
      .flatMap(({ AutoScalingGroups = [] }) => AutoScalingGroups)
      .filter(({ Tags = [] }) => !Tags.some(({ Key }) => Key === 'eks:nodegroup-name')),
  );
  const selfManaged = (scaled ?? []).map((one) => plainOf({ ...one, Instances: undefined }));
  for (const one of selfManaged) keep(text(one['AutoScalingGroupARN']), { AutoScalingGroups: [one] });

  const groupIds = new Set<string>();
  const configurations = [...new Set(selfManaged.map((one) => text(one['LaunchConfigurationName'])))].filter(
    (one) => one !== '',
  );
  if (configurations.length > 0) {
    const said = await ask('autoscaling:DescribeLaunchConfigurations', async () =>
      (
        await pages(
          sdk.paginateDescribeLaunchConfigurations(
            { client: autoscaling },
            { LaunchConfigurationNames: configurations },
          ),
        )
      ).flatMap(({ LaunchConfigurations = [] }) => LaunchConfigurations),
    );
    for (const one of said ?? []) {
      for (const id of texts(one.SecurityGroups)) groupIds.add(id);
      keep(one.LaunchConfigurationARN ?? '', { LaunchConfigurations: [withoutUserData({ ...one })] });
    }
  }

  progress?.('reading launch templates and security groups');
  const uses = new Map(
    [...groups.map(managedTemplate), ...selfManaged.flatMap(templatesOf)]
      .filter(({ id }) => id !== '')
      .map((use) => [`${use.id}/${use.version}`, use]),
  );
  await each([...uses.values()], async ({ id, version }) => {
    const said = await ask('ec2:DescribeLaunchTemplateVersions', async () =>
      (
        await pages(
          sdk.paginateDescribeLaunchTemplateVersions({ client: ec2 }, { LaunchTemplateId: id, Versions: [version] }),
        )
      ).flatMap(({ LaunchTemplateVersions = [] }) => LaunchTemplateVersions),
    );
    for (const one of said ?? []) {
      const data = plainOf({ ...one.LaunchTemplateData });
      for (const list of [data, ...digList(data['NetworkInterfaces'])])
        for (const group of [...texts(list['SecurityGroupIds']), ...texts(list['Groups'])]) groupIds.add(group);
      keep(arnOf('ec2', `launch-template/${id}/${String(one.VersionNumber)}`), {
        LaunchTemplateVersions: [{ ...one, LaunchTemplateData: withoutUserData(data) }],
      });
    }
  });
  const ids = [...groupIds].sort();
  // A filter leaves out what is gone; a list of ids would fail as a whole.
  for (let at = 0; at < ids.length; at += perFilter) {
    const Values = ids.slice(at, at + perFilter);
    const said = await ask('ec2:DescribeSecurityGroups', async () =>
      (
        await pages(sdk.paginateDescribeSecurityGroups({ client: ec2 }, { Filters: [{ Name: 'group-id', Values }] }))
      ).flatMap(({ SecurityGroups = [] }) => SecurityGroups),
    );
    for (const one of said ?? [])
      keep(arnOf('ec2', `security-group/${one.GroupId ?? ''}`), { SecurityGroups: [{ ...one }] });
  }
  return {
    answers: [...answers].map(([arn, body]) => ({ arn, body })).sort((one, other) => (one.arn < other.arn ? -1 : 1)),
    unanswered: [...unanswered.values()].sort((one, other) => (one.why < other.why ? -1 : 1)),
  };
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

/** As JSON has it: dates are texts, and what is not there has no key. */
const plainOf = (body: Json): Json => JSON.parse(JSON.stringify(body)) as Json;

/** User data may hold secrets, and no rule asks for them in a cluster. */
const withoutUserData = (data: Json): Json => ('UserData' in data ? { ...data, UserData: leftOut } : data);

/** Runs a few calls at a time. */
async function each<T>(items: readonly T[], call: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await call(next);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** Why a call gave no answer; undefined where that is our own fault. */
function unreadOf(operation: ReadOperation, error: unknown): UnreadAnswer | undefined {
  if (!(error instanceof Error)) return undefined;
  const isOfSdk = '$metadata' in error || 'code' in error || /Credentials|Timeout/.test(error.name);
  if (!isOfSdk) return undefined;
  // EC2 calls it UnauthorizedOperation (EC2 API reference, Common client errors).
  const isDenied = /AccessDenied|UnauthorizedOperation/.test(error.name);
  const [message = ''] = error.message.split('\n');
  return {
    operation,
    why: isDenied ? `no permission for ${operation}` : `${operation} failed: ${message || error.name}`,
    isDenied,
  };
}
