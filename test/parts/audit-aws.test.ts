import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateLaunchTemplateCommand,
  CreateSecurityGroupCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { CreateClusterCommand, CreateNodegroupCommand, EKSClient } from '@aws-sdk/client-eks';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { iamPolicy } from '#commands/access.ts';
import { type Flags, run } from '#commands/audit.ts';
import type { Report } from '#model/finding.ts';
import type * as Pipeline from '#pipeline.ts';
import { lint } from '#pipeline.ts';
import type { Snapshot } from '#sources/snapshot.ts';
import { type AwsServer, type Call, refuse, startAws, whyNoMoto } from './moto.ts';
import { allRules } from '../all-rules.ts';

/* What AWS says of a cluster, against moto, and a server in the shape of the API for what moto lacks. */

const why = whyNoMoto();
if (why !== undefined) console.warn(`skipped: ${why}`);

const heard = vi.hoisted(() => ({ err: '', report: undefined as unknown, snapshots: [] as readonly Snapshot[] }));
vi.mock('#commands/output.ts', async (original) => ({
  ...(await original<object>()),
  print: () => {},
  say: (text: string) => void (heard.err += text),
}));
vi.mock('#pipeline.ts', async (original) => {
  const { lint: real, ...others } = await original<typeof Pipeline>();
  return {
    ...others,
    lint: async (options: Parameters<typeof real>[0]) => {
      if (options.snapshots) heard.snapshots = options.snapshots;
      return (heard.report = await real(options));
    },
  };
});

const region = 'eu-west-1';
const environment = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: region,
  AWS_EC2_METADATA_DISABLED: 'true',
};
const addons = ['coredns', 'kube-proxy', 'vpc-cni'];
const verdictsOf = ({ findings }: Report): Set<string> =>
  new Set(findings.map(({ rule, subject, message }) => [rule, subject.kind, subject.name, message].join('\t')));
const json = (response: Parameters<AwsServer['answer']>[1], body: unknown): true => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
  return true;
};

/** Add-ons, which moto lacks; the list has a page for each. */
const answerAddons: AwsServer['answer'] = ({ operation, url }, response) => {
  const name = url.pathname.split('/').at(-1) ?? '';
  if (operation === 'eks:ListAddons') {
    const at = Number(url.searchParams.get('nextToken') ?? 0);
    return json(response, { addons: [addons[at]], ...(addons[at + 1] ? { nextToken: String(at + 1) } : {}) });
  }
  if (operation !== 'eks:DescribeAddon') return false;
  const addonArn = `arn:aws:eks:${region}:123456789012:addon/prod/${name}/1`;
  return json(response, {
    addon: { addonName: name, clusterName: 'prod', addonArn, addonVersion: 'v1.1.0', configurationValues: 'canary-3' },
  });
};

describe.skipIf(why !== undefined)('what AWS says of a cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ekslint-aws-'));
  const before = { ...process.env };
  let aws: AwsServer;

  const audit = async (flags: Flags = {}, names: readonly string[] = ['prod']) => {
    Object.assign(heard, { err: '', report: undefined });
    aws.calls.length = 0;
    const code = await run(names, {
      kube: false,
      config: false,
      preset: 'all',
      progress: false,
      failOn: 'never',
      format: ['json'],
      ...flags,
    });
    return { code, err: heard.err, report: heard.report as Report };
  };
  const called = (): string[] => [...new Set(aws.calls.map(({ operation }) => operation))].sort();

  beforeAll(async () => {
    aws = await startAws();
    Object.assign(process.env, environment, { AWS_ENDPOINT_URL: aws.url });
    await makeCluster();
  }, 90_000);
  afterAll(async () => {
    process.env = before;
    await aws?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    aws.answer = answerAddons;
  });

  test('is judged as the same answers in files are', async () => {
    const { code, err, report } = await audit();
    expect({ code, err, crashes: report.crashes }).toEqual({ code: 0, err: '', crashes: [] });
    expect(
      report.findings.map(({ at }) => at.source).filter((one) => !/^arn:aws:\w+:eu-west-1:123456789012:/.test(one)),
    ).toEqual([]);
    const found = verdictsOf(report);
    expect(new Set(report.findings.map(({ subject }) => subject.kind)).size).toBeGreaterThan(1);
    expect([...found].filter((one) => one.startsWith('nodes/'))).not.toEqual([]);
    const root = mkdtempSync(join(folder, 'files-'));
    for (const [index, { body }] of (heard.snapshots[0]?.answers ?? []).entries())
      writeFileSync(join(root, `${index}.json`), JSON.stringify(body));
    const files = await lint({ ...allRules, cwd: root, today: new Date().toISOString().slice(0, 10) });
    expect(verdictsOf(files)).toEqual(found);
  });

  test('all pages are read, and every operation of the printed policy is called, and no other', async () => {
    await audit();
    const names = heard.snapshots[0]?.answers.map(({ arn }) => arn).filter((arn) => arn.includes(':addon/'));
    expect(names).toHaveLength(addons.length);
    const asked = new Set(called());
    const { Statement } = JSON.parse(iamPolicy) as { Statement: { Action: string[] }[] };
    const { Aws } = await import('#sources/aws.ts');
    await new Aws({ region, profile: undefined }).clusters();
    for (const one of called()) asked.add(one);
    expect([...asked].sort()).toEqual(Statement[0]?.Action);
  });

  test('each action that is denied flips no verdict, is named, and its policy is printed', async () => {
    const full = verdictsOf((await audit()).report);
    for (const denied of called().filter((one) => one !== 'eks:DescribeCluster')) {
      aws.answer = (call, response) => {
        if (call.operation !== denied) return answerAddons(call, response);
        refuse(call, response, 403, denied.startsWith('ec2:') ? 'UnauthorizedOperation' : 'AccessDeniedException');
        return true;
      };
      const { code, err, report } = await audit();
      expect({ denied, code, complete: report.complete }).toEqual({ denied, code: 3, complete: false });
      expect(
        [...verdictsOf(report)].filter((one) => !full.has(one)),
        denied,
      ).toEqual([]);
      expect(report.notes.map(({ message }) => message)).toContain(
        `no permission for ${denied}: rules that need its answer have not judged`,
      );
      const { Statement } = JSON.parse(err.slice(err.indexOf('{'))) as { Statement: { Action: string[] }[] };
      expect(Statement[0]?.Action).toEqual([denied]);
    }
  }, 120_000);

  test('a denied cluster ends the audit', async () => {
    aws.answer = (call: Call, response) => (refuse(call, response, 403, 'AccessDeniedException'), true);
    await expect(audit()).rejects.toThrow('no permission to read cluster "prod" in eu-west-1');
  });

  test('a call that is throttled is tried again', async () => {
    let busy = 3;
    aws.answer = (call, response) => {
      if (call.operation !== 'eks:ListNodegroups' || busy-- <= 0) return answerAddons(call, response);
      refuse(call, response, 429, 'ThrottlingException');
      return true;
    };
    const { code, report } = await audit();
    expect({ code, complete: report.complete }).toEqual({ code: 0, complete: true });
    expect(aws.calls.filter(({ operation }) => operation === 'eks:ListNodegroups')).toHaveLength(4);
  }, 60_000);

  test('rules about objects alone ask AWS for nothing but the cluster', async () => {
    await audit({ only: ['pod-security/*'] });
    expect(called()).toEqual(['eks:DescribeCluster']);
  });

  test('all clusters of a region come in one report, and one that cannot be read is told', async () => {
    aws.answer = (call, response) => {
      if (call.operation === 'eks:ListClusters') return json(response, { clusters: ['prod', 'gone'] });
      return answerAddons(call, response);
    };
    const { code, report } = await audit({ allClusters: true }, []);
    expect({ code, clusters: report.checked.clusters }).toEqual({ code: 3, clusters: 1 });
    expect(report.notes.map(({ message }) => message)).toContain(
      'not audited: gone: cluster "gone" in eu-west-1 does not exist in this account',
    );
    await expect(audit({ allClusters: true })).rejects.toThrow('--all-clusters takes no names');
    await expect(audit({ save: join(folder, 'two.json.gz') }, ['prod', 'gone'])).rejects.toThrow('--save stores one');
  });

  test('a snapshot holds no user data, no settings of add-ons and no certificate', async () => {
    const file = join(folder, 'prod.json.gz');
    await audit({ save: file });
    const stored = gunzipSync(readFileSync(file)).toString();
    expect(stored).toContain('launch-template/');
    expect(stored).not.toMatch(/canary|Y2FuYXJ5|certificateAuthority/);
  });
});

/** A cluster with a managed group that uses a launch template, and with a group that EKS does not manage. */
async function makeCluster(): Promise<void> {
  const [ec2, eks, autoscaling] = [new EC2Client({}), new EKSClient({}), new AutoScalingClient({})];
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const subnets = Subnets.slice(0, 2).map(({ SubnetId = '' }) => SubnetId);
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'nodes', Description: 'nodes', VpcId: Subnets[0]?.VpcId }),
  );
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }),
  );
  const { LaunchTemplate } = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'nodes',
      LaunchTemplateData: {
        UserData: Buffer.from('canary-4').toString('base64'),
        KeyName: 'ops',
        SecurityGroupIds: [GroupId],
        MetadataOptions: { HttpTokens: 'optional', HttpPutResponseHopLimit: 2 },
      },
    }),
  );
  const roleArn = 'arn:aws:iam::123456789012:role/eks';
  await eks.send(
    new CreateClusterCommand({ name: 'prod', version: '1.33', roleArn, resourcesVpcConfig: { subnetIds: subnets } }),
  );
  for (const nodegroupName of ['plain', 'templated'])
    await eks.send(
      new CreateNodegroupCommand({
        clusterName: 'prod',
        nodegroupName,
        nodeRole: roleArn,
        subnets,
        ...(nodegroupName === 'plain'
          ? {}
          : { launchTemplate: { id: LaunchTemplate?.LaunchTemplateId, version: '1' } }),
      }),
    );
  await autoscaling.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: 'old',
      ImageId: 'ami-12345678',
      InstanceType: 'm5.large',
      SecurityGroups: [GroupId],
      UserData: Buffer.from('canary-5').toString('base64'),
    }),
  );
  for (const [AutoScalingGroupName, use] of [
    ['own', { LaunchTemplate: { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId ?? '', Version: '1' } }],
    ['old', { LaunchConfigurationName: 'old' }],
  ] as const)
    await autoscaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName,
        MinSize: 0,
        MaxSize: 1,
        AvailabilityZones: ['eu-west-1a'],
        ...use,
        Tags: [{ Key: 'kubernetes.io/cluster/prod', Value: 'owned', PropagateAtLaunch: true }],
      }),
    );
}
