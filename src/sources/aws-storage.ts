import type { Aws } from './aws.ts';
import { type Calls, text } from './aws-calls.ts';
import type { Place } from './aws-cluster.ts';

/* File systems and log groups that a cluster uses. Both return the keys that encrypt them. */

type Keys = Promise<{ readonly keys: readonly string[] }>;

/** File systems by id, with their mount targets. */
export async function collectFileSystems(aws: Aws, calls: Calls, { arnOf }: Place, ids: readonly string[]): Keys {
  const keys: string[] = [];
  if (!calls.wants('AWS::EFS::FileSystem', 'AWS::EFS::MountTarget') || ids.length === 0) return { keys };
  const sdk = await import('#sources/clients.ts');
  const { elasticfilesystem: efs } = await aws.clients;
  const readSystem = async (FileSystemId: string): Promise<void> => {
    const all = await calls.list(
      'elasticfilesystem:DescribeFileSystems',
      sdk.paginateDescribeFileSystems({ client: efs }, { FileSystemId }, aws.until),
      (page) => page.FileSystems,
      ['missing'],
    );
    for (const one of all ?? []) {
      calls.keep(one.FileSystemArn ?? arnOf('elasticfilesystem', `file-system/${FileSystemId}`), {
        FileSystems: [one],
      });
      keys.push(text(one.KmsKeyId));
    }
  };
  const readTargets = async (FileSystemId: string): Promise<void> => {
    const all = await calls.list(
      'elasticfilesystem:DescribeMountTargets',
      sdk.paginateDescribeMountTargets({ client: efs }, { FileSystemId }, aws.until),
      (page) => page.MountTargets,
      ['missing'],
    );
    await calls.each(all ?? [], async (target) => {
      const { MountTargetId, LifeCycleState } = target;
      if (LifeCycleState === 'deleting' || LifeCycleState === 'deleted') return;
      const said = await calls.ask('elasticfilesystem:DescribeMountTargetSecurityGroups', () =>
        efs.send(new sdk.DescribeMountTargetSecurityGroupsCommand({ MountTargetId }), aws.until),
      );
      calls.keep(arnOf('elasticfilesystem', `mount-target/${MountTargetId}`), {
        MountTargets: [{ ...target, SecurityGroups: said?.SecurityGroups }],
      });
    });
  };
  await calls.each([...new Set(ids)].sort(), async (id) => {
    if (calls.wants('AWS::EFS::FileSystem')) await readSystem(id);
    if (calls.wants('AWS::EFS::MountTarget')) await readTargets(id);
  });
  return { keys };
}

/**
 * The log groups of a cluster: those of its control plane and of Container Insights (EKS and CloudWatch user guides).
 */
export async function collectLogGroups(aws: Aws, calls: Calls, { arnOf }: Place, cluster: string): Keys {
  const keys: string[] = [];
  if (!calls.wants('AWS::Logs::LogGroup')) return { keys };
  const sdk = await import('#sources/clients.ts');
  const { logs } = await aws.clients;
  // The trailing slash excludes clusters whose names start with this one.
  const prefixes = [`/aws/eks/${cluster}/`, `/aws/containerinsights/${cluster}/`];
  await calls.each(prefixes, async (logGroupNamePrefix) => {
    const all = await calls.list(
      'logs:DescribeLogGroups',
      sdk.paginateDescribeLogGroups({ client: logs }, { logGroupNamePrefix }, aws.until),
      (page) => page.logGroups,
    );
    for (const { logGroupName, retentionInDays, kmsKeyId } of all ?? []) {
      calls.keep(arnOf('logs', `log-group:${logGroupName}`), {
        logGroups: [{ logGroupName, retentionInDays, kmsKeyId }],
      });
      keys.push(text(kmsKeyId));
    }
  });
  return { keys };
}
