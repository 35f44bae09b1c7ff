import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateFlowLogsCommand,
  CreateNatGatewayCommand,
  CreateVpcEndpointCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { CreateMountTargetCommand, EFSClient } from '@aws-sdk/client-efs';
import { CreateOpenIDConnectProviderCommand, IAMClient } from '@aws-sdk/client-iam';
import { askedTypes, clusterRole, iamPolicy, listedKinds } from '#commands/access.ts';
import { namedBy } from '#commands/named.ts';
import { type Flags, run } from '#commands/audit.ts';
import type { Statement } from '#model/aws-permissions.ts';
import {
  actionsFor,
  type AwsAction,
  awsReads,
  type AwsType,
  isAwsKind,
  permissionFor,
  unreadTypes,
} from '#model/aws-reads.ts';
import { UserError } from '#errors.ts';
import type { AwsPart } from '#model/aws.ts';
import type { Report } from '#model/finding.ts';
import type * as Pipeline from '#pipeline.ts';
import { lint } from '#pipeline.ts';
import { readSnapshotFile, type Snapshot } from '#sources/snapshot.ts';
import { Description } from '#spelling/resource.ts';
import { rules } from '../../src/rule/registry.ts';
import { type AuditedAccount, json, startAuditedAccount } from './audited-account.ts';
import { type AwsServer, type Call, refuse, whyNoMoto } from './moto.ts';
import { allRules } from '../all-rules.ts';
import { read } from '../inputs/read.ts';
import {
  account,
  addons,
  entries,
  type Made,
  region,
  roleArn,
  templateOfAccount,
  terraformOfAccount,
} from './aws-account.ts';
import type { Json } from '../sample-objects.ts';
import type { KubeStub } from './kube-stub.ts';
import { everyRule } from './audit-flags.ts';
import { allows, resourceOf } from './iam.ts';
import { expectNoFlip, keyOf } from './verdicts.ts';

/* The data of AWS about a cluster, against moto, and an API-like server for what moto lacks. */

const why = whyNoMoto();
if (why !== undefined) console.warn(`skipped: ${why}`);

const heard = vi.hoisted(() => ({
  out: '',
  err: '',
  report: undefined as unknown,
  snapshots: [] as readonly Snapshot[],
}));
vi.mock('#commands/output.ts', async (original) => ({
  ...(await original<object>()),
  print: (text: string) => void (heard.out += text),
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

/** Types that an audit has no call for, and why nothing is missing without it. */
const toldElsewhere: Readonly<Record<string, string>> = {
  'AWS::EKS::Cluster': 'the cluster is always read',
  'EKS::SelfManagedNodegroup': 'made of AWS::AutoScaling::AutoScalingGroup',
  'EKS::NodeClass': 'an object of Kubernetes',
  'AWS::EC2::VPCCidrBlock': 'answers of VPCs hold them',
  'AWS::EC2::NetworkAclEntry': 'answers of network ACLs hold them',
  'AWS::EC2::SubnetNetworkAclAssociation': 'answers of network ACLs hold them',
  'EC2::EncryptionByDefault': 'running volumes tell whether they are encrypted',
  'GuardDuty::DetectorFeature': 'answers of detectors hold them',
  'AWS::EC2::Route': 'answers of route tables hold their routes',
  'AWS::EC2::SubnetRouteTableAssociation': 'answers of route tables hold them',
  'AWS::EC2::SecurityGroupIngress': 'answers of security groups hold their rules',
  'AWS::IAM::Policy': 'the API calls it AWS::IAM::RolePolicy',
  'AWS::IAM::InstanceProfile': 'node groups name their role',
  'AWS::KMS::Alias': 'DescribeKey takes an alias',
  'EKS::AwsAuth': 'an object of Kubernetes',
};

describe.skipIf(why !== undefined)('what AWS says about a cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ekslint-aws-'));
  let parts: AuditedAccount;
  let aws: AwsServer;
  let kube: KubeStub;
  let made: Made;
  let objects: readonly Json[] = [];
  let described: Json;
  let answerEks: AwsServer['answer'];
  beforeAll(async () => {
    parts = await startAuditedAccount();
    ({ aws, kube, made, objects, described, answerEks } = parts);
  }, 300_000);
  afterAll(async () => {
    await parts?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const audit = async (flags: Flags = {}, names: readonly string[] = ['prod']) => {
    Object.assign(heard, { out: '', err: '', report: undefined });
    aws.calls.length = 0;
    const code = await run(names, {
      ...everyRule,
      ...flags,
    });
    return { code, out: heard.out, err: heard.err, report: heard.report as Report };
  };
  const called = (): string[] => [...new Set(aws.calls.map(({ operation }) => operation))].sort();

  beforeEach(() => {
    aws.answer = answerEks;
    kube.denied = new Set();
    kube.takes = () => true;
  });

  /** Findings about AWS data. */
  const ofAws = (report: Report): Set<string> =>
    new Set(report.findings.filter(({ at }) => at.source.startsWith('arn:')).map(keyOf));

  test('is judged like the same answers in files', async () => {
    const { code, err, report } = await audit();
    expect({ code, err, crashes: report.crashes }).toEqual({ code: 0, err: '', crashes: [] });
    const found = ofAws(report);
    expect(new Set(report.findings.map(({ subject }) => subject.kind)).size).toBeGreaterThan(5);
    const root = mkdtempSync(join(folder, 'files-'));
    for (const [index, { body }] of (heard.snapshots[0]?.answers ?? []).entries())
      writeFileSync(join(root, `${index}.json`), JSON.stringify(body));
    for (const [index, object] of objects.entries())
      writeFileSync(join(root, `object-${index}.json`), JSON.stringify(object));
    const files = await lint({ ...allRules, cwd: root, today: new Date().toISOString().slice(0, 10) });
    expect(new Set(files.findings.filter(({ at }) => !at.source.startsWith('object-')).map(keyOf))).toEqual(found);
  });

  /** What the model reads from AWS, and what a rule reports about objects because of it. */
  const isOfAws = (rule: string, kind: string): boolean =>
    isAwsKind(kind) || kind === 'EC2NodeClass' || besideAws.has(rule);
  const besideAws = new Set(['iam/irsa-trust-subject-mismatch', 'load-balancing/lattice-access-logs']);
  /** Where an audit and lint of the files that define the account differ, and why. */
  const differences = {
    audit: {
      'cluster/addon-version-unsupported': 'only the API tells which versions fit',
      'cluster/insight-misconfiguration': 'only the API has insights',
      'upgrades/insight-not-passing': 'only the API has insights',
    },
    files: {
      'iam/irsa-trust-subject-mismatch\tServiceAccount\tguest': 'files do not tell which account a role is in',
      'iam/creator-is-hidden-admin': 'the API does not return it',
    },
  };
  test.each([
    ['template.json', () => JSON.stringify(templateOfAccount())],
    ['main.tf', terraformOfAccount],
  ])('finds what lint finds in the %s of the same account, rule by rule', async (file, describeAccount) => {
    const { report } = await audit();
    const root = mkdtempSync(join(folder, 'described-'));
    writeFileSync(join(root, file), describeAccount());
    for (const [index, object] of objects.entries())
      writeFileSync(join(root, `object-${index}.json`), JSON.stringify(object));
    const files = await lint({ ...allRules, cwd: root, today: new Date().toISOString().slice(0, 10) });
    const of = ({ findings }: Report, except: object): string[] => {
      const all = findings.filter(({ rule, subject }) => isOfAws(rule, subject.kind));
      const isExcepted = (one: string): boolean => one in except || (one.split('\t')[0] ?? '') in except;
      for (const one of Object.keys(except))
        expect(
          all.some((found) => found.rule === one || keyOf(found) === one),
          one,
        ).toBe(true);
      return [...new Set(all.map(keyOf))].filter((one) => !isExcepted(one)).sort();
    };
    const found = of(report, differences.audit);
    expect(found.length).toBeGreaterThan(25);
    expect(found).toEqual(of(files, differences.files));
  });

  test('all pages are read, every operation of the printed policy is called and no other, and it allows each call', async () => {
    await audit();
    const names = heard.snapshots[0]?.answers.map(({ arn }) => arn).filter((arn) => arn.includes(':addon/'));
    expect(names).toHaveLength(addons.length);
    const asked = [...aws.calls];
    const { Aws } = await import('#sources/aws.ts');
    aws.calls.length = 0;
    await new Aws({ region, profile: undefined }).clusters();
    asked.push(...aws.calls);
    const { Statement } = JSON.parse(iamPolicy(rules)) as { Statement: Statement[] };
    const permissions = new Set(asked.map(({ operation }) => permissionFor(operation as AwsAction)));
    expect([...permissions].sort()).toEqual(Statement.flatMap(({ Action }) => Action).sort());
    expect(asked.filter((call) => !allows(Statement, call)).map(({ operation, url }) => `${operation} ${url}`)).toEqual(
      [],
    );
    // If IAM can distinguish resources, those of other services and kinds are not allowed.
    for (const call of asked.filter((one) => resourceOf(one) !== '*'))
      expect(
        allows(Statement, call, `${resourceOf(call).split(':').slice(0, 5).join(':')}:other/x`),
        call.operation,
      ).toBe(false);
  });

  test.each([
    ['--all-clusters', { allClusters: true }, []],
    ['--role-arn', { roleArn: `arn:aws:iam::${account}:role/audit` }, ['prod']],
    ['--save', { save: 'saved.json.gz' }, ['prod']],
    ['--no-kube', { kube: false }, ['prod']],
    ['--check-access', { checkAccess: true }, ['prod']],
    ['--namespace', { namespace: ['shop', 'default'] }, ['prod']],
    ['--only with one rule about node classes', { only: ['nodes/*'] }, ['prod']],
    ['--only with roles', { only: ['iam/node-role-admin-policy', 'images/*'] }, ['prod']],
  ] as readonly (readonly [string, Flags, readonly string[]])[])(
    'the printed policy and role allow each call of an audit with %s',
    async (_, flags, names) => {
      kube.asked.length = 0;
      aws.answer = (call, response) =>
        call.operation === 'eks:ListClusters' ? json(response, { clusters: ['prod'] }) : answerEks(call, response);
      const save = flags.save === undefined ? {} : { save: join(folder, flags.save) };
      const { code } = await audit({ ...flags, ...save, allowIncomplete: true }, names);
      expect(code).toBe(0);
      const { Statement } = JSON.parse(iamPolicy(rules)) as { Statement: Statement[] };
      // The caller needs its own policy to assume the role; GetCallerIdentity needs no permission.
      const others = new Set(['sts:GetCallerIdentity', 'sts:AssumeRole']);
      const refused = aws.calls.filter((call) => !others.has(call.operation) && !allows(Statement, call));
      expect(refused.map(({ operation, url }) => `${operation} ${url}`)).toEqual([]);
      expect(aws.calls.length).toBeGreaterThan(3);
      const { rules: granted } = parse(clusterRole(listedKinds)) as {
        rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
      };
      const isGranted = (path: string): boolean => {
        // What every identity may get (Kubernetes documentation, Using RBAC, API discovery roles), and the uid of the cluster.
        if (/^\/(?:version|apis?|api\/v1\/namespaces\/kube-system)$/.test(path)) return true;
        const [, group = '', resource = ''] =
          /^\/api(?:s\/([^/]+))?\/[^/]+\/(?:namespaces\/[^/]+\/)?([^/]+)$/.exec(path) ?? [];
        return granted.some(
          ({ apiGroups, resources, verbs }) =>
            apiGroups.includes(group) && resources.includes(resource) && verbs.includes('list'),
        );
      };
      expect(kube.asked.filter((one) => !one.startsWith('GET ') || !isGranted(one.slice(4)))).toEqual([]);
      expect(kube.asked.length > 3).toBe(flags.kube !== false);
    },
  );

  test('each denied action changes no verdict, is named with its rules, and its policy is printed', async () => {
    const full = (await audit()).report;
    const actions = [...actionsFor(askedTypes(rules))].sort();
    expect(called().filter((one) => one !== 'eks:DescribeCluster')).toEqual(actions);
    for (const denied of actions) {
      const refused: Call[] = [];
      aws.answer = (call, response) => {
        if (call.operation !== denied) return answerEks(call, response);
        refused.push(call);
        refuse(call, response, 403, denied.startsWith('ec2:') ? 'UnauthorizedOperation' : 'AccessDeniedException');
        return true;
      };
      const { code, err, report } = await audit();
      expect({ denied, code, complete: report.complete }).toEqual({ denied, code: 3, complete: false });
      expectNoFlip(denied, report, full);
      const permission = permissionFor(denied);
      expect(report.undetermined.map(({ why }) => why)).toContain(`no permission for ${permission}`);
      expect(report.notes.map(({ message }) => message)).toContain(
        `no permission for ${permission}: rules that need it were not judged`,
      );
      // The printed policy allows what was denied, for this cluster, and nothing else.
      const { Statement } = JSON.parse(err.slice(err.indexOf('{'))) as { Statement: Statement[] };
      expect(Statement.map(({ Action }) => Action)).toEqual([[permission]]);
      for (const call of refused) expect(allows(Statement, call), `${denied} ${call.url}`).toBe(true);
    }
  }, 180_000);

  test('what is known about a role is reported if the rest may not be read', async () => {
    aws.answer = (call, response) => {
      if (call.operation !== 'iam:GetRolePolicy') return answerEks(call, response);
      refuse(call, response, 403, 'AccessDenied');
      return true;
    };
    const { report } = await audit({ only: ['iam/node-role-admin-policy'] });
    expect(report.findings.map(({ subject }) => subject.name)).toEqual(['nodes']);
    expect(report.undetermined.map(({ why }) => why)).toEqual(['no permission for iam:GetRolePolicy']);
  });

  test('each type that is not requested changes no verdict, and the rules that need it have not judged', async () => {
    const full = (await audit()).report;
    const [snapshot] = heard.snapshots;
    if (!snapshot) throw new Error('nothing was read');
    const { Aws } = await import('#sources/aws.ts');
    const { collectAnswers } = await import('#sources/aws-cluster.ts');
    const client = new Aws({ region, profile: undefined });
    const cluster = await client.cluster('prod');
    expect(askedTypes(rules).size).toBeGreaterThan(20);
    for (const type of askedTypes(rules)) {
      const types = new Set([...askedTypes(rules)].filter((one) => one !== type));
      const said = await collectAnswers(client, cluster, {
        types,
        named: namedBy(snapshot.objects),
        progress: undefined,
      });
      const report = await lint({
        ...allRules,
        cwd: folder,
        filesToo: false,
        allowEmpty: true,
        today: new Date().toISOString().slice(0, 10),
        snapshots: [{ ...snapshot, ...said }],
      });
      expectNoFlip(type, report, full);
    }
  }, 180_000);

  describe('types that no rule needs yet', () => {
    const issuer = `https://oidc.eks.${region}.amazonaws.com/id/AAAA`;
    beforeAll(async () => {
      const ec2 = new EC2Client({});
      const { vpc: VpcId, subnet: SubnetId, clusterGroup, fileSystem: FileSystemId } = made;
      await ec2.send(new CreateNatGatewayCommand({ SubnetId, ConnectivityType: 'private' }));
      await ec2.send(
        new CreateVpcEndpointCommand({
          VpcId,
          ServiceName: `com.amazonaws.${region}.ec2`,
          VpcEndpointType: 'Interface',
          SubnetIds: [SubnetId],
          PrivateDnsEnabled: true,
        }),
      );
      await ec2.send(
        new CreateFlowLogsCommand({
          ResourceIds: [VpcId],
          ResourceType: 'VPC',
          TrafficType: 'REJECT',
          LogGroupName: 'flow',
          DeliverLogsPermissionArn: roleArn('nodes'),
        }),
      );
      await new EFSClient({}).send(
        new CreateMountTargetCommand({ FileSystemId, SubnetId, SecurityGroups: [clusterGroup] }),
      );
      await new IAMClient({}).send(
        new CreateOpenIDConnectProviderCommand({ Url: issuer, ClientIDList: ['sts.amazonaws.com'] }),
      );
    });
    const types = new Set(Object.keys(awsReads) as AwsType[]);
    const collect = async () => {
      const { Aws } = await import('#sources/aws.ts');
      const { collectAnswers, namesNothing } = await import('#sources/aws-cluster.ts');
      const client = new Aws({ region, profile: undefined });
      const cluster = await client.cluster('prod');
      const answer = { ...cluster.answer, identity: { oidc: { issuer } } };
      const named = { ...namesNothing, fileSystems: [made.fileSystem] };
      return await collectAnswers(client, { ...cluster, answer }, { types, named, progress: undefined });
    };
    test('are read into the model', async () => {
      const { answers, unanswered } = await collect();
      expect(unanswered).toEqual([]);
      const { aws: parts, clusters } = read(
        Object.fromEntries(answers.map(({ body }, index) => [`a/${index}.json`, JSON.stringify(body)])),
      );
      const find = <K extends AwsPart['kind']>(kind: K): Extract<AwsPart, { kind: K }> => {
        const found = parts.filter((one): one is Extract<AwsPart, { kind: K }> => one.kind === kind);
        expect(found, kind).toHaveLength(1);
        return found[0] as Extract<AwsPart, { kind: K }>;
      };
      const { connectivity, subnet } = find('natGateway');
      expect([connectivity.value, subnet.part?.zone.value]).toEqual(['private', `${region}b`]);
      const { service, type, privateDns } = find('vpcEndpoint');
      expect([service.value, type.value, privateDns.value]).toEqual([`com.amazonaws.${region}.ec2`, 'Interface', true]);
      expect(find('vpc').flowLogs.items.map(({ trafficType }) => trafficType.value)).toEqual(['REJECT']);
      expect(find('vpc').endpoints.items).toHaveLength(1);
      const { url, clientIds, isEks } = find('oidcProvider');
      expect([url.value, clientIds.items[0]?.value, isEks.state]).toEqual([issuer, 'sts.amazonaws.com', 'yes']);
      const [target] = find('fileSystem').mountTargets.items;
      expect([target?.subnet.part?.zone.value, target?.securityGroups.items[0]?.value]).toEqual([
        `${region}b`,
        made.clusterGroup,
      ]);
      const [cluster] = clusters;
      for (const list of ['fargateProfiles', 'accessEntries', 'identityProviders', 'capabilities'] as const)
        expect([list, cluster?.[list].complete, cluster?.[list].items.length]).toEqual([
          list,
          true,
          list === 'accessEntries' ? entries.length : 1,
        ]);
    });
    test('each of their actions may be denied, and is named', async () => {
      const whole = await collect();
      const asked = new Set(aws.calls.map(({ operation }) => operation));
      const ours = [...types].flatMap((type): [AwsType, string][] => awsReads[type].map((action) => [type, action]));
      expect(ours.filter(([, action]) => !asked.has(action))).toEqual([]);
      for (const [type, denied] of ours.filter(([one]) => !askedTypes(rules).has(one))) {
        aws.answer = (call, response) => {
          if (call.operation !== denied) return answerEks(call, response);
          refuse(call, response, 403, denied.startsWith('ec2:') ? 'UnauthorizedOperation' : 'AccessDeniedException');
          return true;
        };
        const { answers, unanswered, asked: all } = await collect();
        expect(unanswered).toEqual([{ operation: denied, why: `no permission for ${denied}`, isDenied: true }]);
        expect(answers.length, denied).toBeLessThanOrEqual(whole.answers.length);
        const unread = unreadTypes(all, new Map(unanswered.map(({ operation, why: says }) => [operation, says])));
        expect([...unread]).toEqual([[type, `no permission for ${denied}`]]);
      }
    }, 60_000);
  });

  test('each rule alone requests everything that it looks at', async () => {
    const about = rules.filter(({ kinds, asks = [] }) => [...kinds, ...asks].some(isAwsKind));
    expect(about.length).toBeGreaterThan(20);
    for (const { id } of about) {
      const { report } = await audit({ only: [id] });
      expect(
        report.undetermined.filter(({ why }) => why.endsWith('was not called')),
        id,
      ).toEqual([]);
    }
  }, 180_000);

  test('what EKS writes into its security group is not a finding, what users add is', async () => {
    const only = ['networking/security-group-wide-open'];
    const found = async (): Promise<string[]> => {
      const { code, report } = await audit({ only });
      expect({ code, undetermined: report.undetermined }).toEqual({ code: 0, undetermined: [] });
      return report.findings.filter(({ subject }) => subject.name !== 'karpenter').map(({ message }) => message);
    };
    expect(await found()).toEqual([]);
    const ec2 = new EC2Client({});
    const added = {
      GroupId: made.clusterGroup,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 10250, ToPort: 10250, Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
      ],
    };
    await ec2.send(new AuthorizeSecurityGroupIngressCommand(added));
    expect(await found()).toEqual([
      'Security group "eks-cluster-sg-prod-1" of cluster "prod" allows the whole internet to reach the kubelet on port 10250, so an attacker can try to run commands in pods',
    ]);
    await ec2.send(new RevokeSecurityGroupIngressCommand(added));
    expect(await found()).toEqual([]);
  });

  test('access entries are not requested for a cluster without them', async () => {
    aws.answer = (call, response) =>
      call.operation === 'eks:DescribeCluster'
        ? json(response, { cluster: { ...described, accessConfig: { authenticationMode: 'CONFIG_MAP' } } })
        : answerEks(call, response);
    const { code, report } = await audit({ only: ['iam/access-entry-invalid-combination'] });
    expect({ code, findings: report.findings, undetermined: report.undetermined }).toEqual({
      code: 0,
      findings: [],
      undetermined: [],
    });
    expect(called()).not.toContain('eks:ListAccessEntries');
  });

  test('if EKS has no capabilities, a cluster has none', async () => {
    aws.answer = (call, response) => {
      if (call.operation !== 'eks:ListCapabilities') return answerEks(call, response);
      refuse(call, response, 404, 'UnknownOperationException');
      return true;
    };
    const { code, report } = await audit({ only: ['cluster/argocd-endpoint-public'] });
    expect({ code, findings: report.findings, undetermined: report.undetermined }).toEqual({
      code: 0,
      findings: [],
      undetermined: [],
    });
  });

  test('health issues that EKS reports are findings', async () => {
    const health = { issues: [{ code: 'InternalFailure', message: 'It broke.', resourceIds: [] }] };
    aws.answer = (call, response) => {
      const ofGroup = {
        nodegroupName: 'plain',
        nodegroupArn: `arn:aws:eks:${region}:${account}:nodegroup/prod/plain/1`,
      };
      if (call.operation === 'eks:DescribeCluster') return json(response, { cluster: { ...described, health } });
      if (call.operation === 'eks:DescribeNodegroup')
        return json(response, { nodegroup: { ...ofGroup, clusterName: 'prod', status: 'DEGRADED', health } });
      return answerEks(call, response);
    };
    const { report } = await audit({ only: ['cluster/health-issues', 'nodes/nodegroup-health'] });
    expect(new Set(report.findings.map(({ rule, severity }) => `${rule} ${severity}`))).toEqual(
      new Set(['cluster/health-issues high', 'nodes/nodegroup-health high']),
    );
    expect(report.findings[0]?.message).toMatch(/: It broke$/);
  });

  test('objects that may not be listed leave what they name unread', async () => {
    const full = (await audit()).report;
    for (const [denied, rule] of [
      ['serviceaccounts', 'iam/workload-role-admin-policy'],
      ['pods', 'images/ecr-scan-off'],
    ] as const) {
      kube.denied = new Set([denied]);
      const { code, report } = await audit();
      expect(code).toBe(3);
      const findings = full.findings.filter(({ subject }) => isAwsKind(subject.kind));
      expectNoFlip(denied, report, { ...full, findings: [...findings, ...report.findings] });
      expect(report.undetermined.filter((one) => one.rule === rule).map(({ why }) => why)).toContain(
        `no permission to list ${denied}`,
      );
    }
  }, 60_000);

  test('the calendar is that of the service', async () => {
    aws.answer = (call, response) =>
      call.operation === 'eks:DescribeClusterVersions'
        ? json(response, {
            clusterVersions: [
              {
                clusterVersion: '1.33',
                releaseDate: Date.parse('2024-01-01') / 1000,
                endOfStandardSupportDate: Date.parse('2025-01-01') / 1000,
                endOfExtendedSupportDate: Date.parse('2026-01-01') / 1000,
              },
            ],
          })
        : answerEks(call, response);
    const { report } = await audit({ only: ['upgrades/*'] });
    expect(report.findings.map(({ message }) => message)).toContain(
      'Kubernetes 1.33 of cluster "prod" is past extended support (ended on 2026-01-01), so EKS upgrades it automatically and rejects new clusters with it',
    );
  });

  test('a type of resource that a reading uses is one that an audit reads, or its answers contain', async () => {
    const asked = new Set<string>();
    const spies = (['of', 'naming'] as const).map((name) => vi.spyOn(Description.prototype, name));
    const linked = vi.spyOn(Description.prototype, 'linked');
    await audit();
    for (const spy of spies) for (const [type] of spy.mock.calls) asked.add(type);
    for (const [, type] of linked.mock.calls) asked.add(type);
    vi.restoreAllMocks();
    expect(asked.size).toBeGreaterThan(20);
    expect([...asked].filter((type) => !(type in awsReads) && !(type in toldElsewhere))).toEqual([]);
    expect(Object.keys(toldElsewhere).filter((type) => !asked.has(type))).toEqual([]);
  });

  test('--check-access shows kind by kind and action by action what may be read, and how to get the rest', async () => {
    const whole = await audit({ checkAccess: true });
    expect({ code: whole.code, err: whole.err, report: whole.report }).toEqual({ code: 0, err: '', report: undefined });
    expect(whole.out).toContain(`Identity  arn:aws:sts::${account}:`);
    expect(whole.out).toMatch(/\nKubernetes: (\d+) of \1 kinds can be listed\n/);
    expect(whole.out).toMatch(/\nAWS: (\d+) of \1 actions can be called\n/);
    expect(whole.out).not.toMatch(/^ {2}(?:no|-) /m);
    kube.denied = new Set(['pods']);
    aws.answer = (call, response) => {
      if (call.operation !== 'iam:GetRole') return answerEks(call, response);
      refuse(call, response, 403, 'AccessDenied');
      return true;
    };
    const part = await audit({ checkAccess: true });
    expect(part.code).toBe(3);
    expect(part.out).toContain('  no   pods  (no permission to list pods)\n');
    expect(part.out).toContain('  no   iam:GetRole  (no permission for iam:GetRole)\n');
    expect(part.out).toContain('  yes  eks:DescribeNodegroup\n');
    expect(part.out).toContain('  yes  iam:ListRolePolicies\n');
    expect(part.out).toContain('  -    ecr:DescribeRepositories  (not tried: no resource found to test it with)\n');
    expect(part.err).toContain('resources: [pods]');
    expect(part.err).toContain('"iam:GetRole"');
    expect(kube.asked.filter((one) => !one.startsWith('GET '))).toEqual([]);
  }, 30_000);

  test('a token that the API server no longer accepts is created again', async () => {
    let refused = 0;
    kube.takes = (token) => token.startsWith('k8s-aws-v1.') && refused++ > 0;
    const { code } = await audit();
    expect({ code, refused: refused > 1 }).toEqual({ code: 0, refused: true });
  });

  test('if kubeconfig and AWS name different clusters, nothing is audited', async () => {
    const name = `arn:aws:eks:${region}:${account}:cluster/prod`;
    const file = join(folder, 'kubeconfig.json');
    writeFileSync(
      file,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'prod',
        clusters: [{ name, cluster: { server: 'https://another.example' } }],
        contexts: [{ name: 'prod', context: { cluster: name, user: 'me' } }],
        users: [{ name: 'me', user: { token: 'secret-token' } }],
      }),
    );
    kube.asked.length = 0;
    await expect(audit({ kubeconfig: file }, [])).rejects.toThrow('kubeconfig and AWS name another API server');
    expect({ kube: kube.asked, aws: called() }).toEqual({ kube: [], aws: ['eks:DescribeCluster'] });
  });

  test('a private endpoint that does not answer, and an identity without access, are reported with the next step', async () => {
    const hintOf = async (): Promise<string | undefined> => {
      const error = await audit().catch((reason: unknown) => reason);
      return error instanceof UserError ? error.hint : undefined;
    };
    aws.answer = (call, response) => {
      if (call.operation !== 'eks:DescribeCluster') return answerEks(call, response);
      const resourcesVpcConfig = { endpointPublicAccess: false, endpointPrivateAccess: true };
      return json(response, { cluster: { ...described, endpoint: 'http://127.0.0.1:1', resourcesVpcConfig } });
    };
    expect(await hintOf()).toBe('The endpoint of this cluster is private: run ekslint inside the VPC.');
    aws.answer = answerEks;
    kube.takes = () => false;
    expect(await hintOf()).toMatch(/^Give the identity an access entry /);
  }, 60_000);

  test('a denied cluster ends the audit', async () => {
    aws.answer = (call: Call, response) => (refuse(call, response, 403, 'AccessDeniedException'), true);
    await expect(audit()).rejects.toThrow('no permission to read cluster "prod" in eu-west-1');
  });

  test('what --timeout leaves unread has one note, whatever was under way', async () => {
    const drops: NodeJS.Timeout[] = [];
    aws.answer = (call, response) => {
      if (call.operation === 'eks:DescribeCluster') return answerEks(call, response);
      // Some do not answer, others do so without end.
      if (drops.length < 3) {
        response.writeHead(200, { 'content-type': 'application/json' });
        drops.push(setInterval(() => response.write(' '), 50));
      }
      return true;
    };
    const { code, report, err } = await audit({ timeout: '3s' });
    for (const one of drops) clearInterval(one);
    expect(code).toBe(3);
    expect(report.notes.filter(({ kind }) => kind === 'incomplete').map(({ message }) => message)).toEqual([
      'the audit timed out: rules that need it were not judged',
    ]);
    expect(err).toBe('\nThe audit timed out before everything was read. Allow more time, e.g.: --timeout 30m\n');
  }, 60_000);

  test('rules about objects alone ask AWS for nothing but the cluster', async () => {
    await audit({ only: ['pod-security/*'] });
    expect(called()).toEqual(['eks:DescribeCluster']);
  });

  test('all clusters of a region are in one report, and one that cannot be read is reported', async () => {
    aws.answer = (call, response) => {
      if (call.operation === 'eks:ListClusters') return json(response, { clusters: ['prod', 'gone'] });
      return answerEks(call, response);
    };
    const { code, report } = await audit({ allClusters: true }, []);
    expect({ code, clusters: report.checked.clusters }).toEqual({ code: 3, clusters: 1 });
    expect(report.notes.map(({ message }) => message)).toContain(
      'not audited: gone: cluster "gone" in eu-west-1 does not exist in this account',
    );
    await expect(audit({ allClusters: true })).rejects.toThrow('--all-clusters cannot be combined with names');
    await expect(audit({ save: join(folder, 'two.json.gz') }, ['prod', 'gone'])).rejects.toThrow('--save stores one');
  });

  test('clusters of the region that the environment names must be in the accounts that the config requires', async () => {
    const config = join(folder, 'accounts.yaml');
    const only = ['pod-security/host-pid'];
    for (const [owner, message] of [
      [account, undefined],
      ['444455556666', `cluster "prod" is in account ${account}, and the config says 444455556666`],
    ]) {
      writeFileSync(
        config,
        JSON.stringify({ version: 1, audit: { clusters: [{ name: 'prod', region, account: owner }] } }),
      );
      const audited = audit({ allClusters: true, config, only }, []);
      if (message === undefined) expect((await audited).code).toBe(0);
      else await expect(audited).rejects.toThrow(message);
    }
    await expect(audit({ allClusters: true, aws: false }, [])).rejects.toThrow('which --no-aws disables');
  });

  test('a snapshot holds no user data, no settings of add-ons, no certificate and no code of a registration', async () => {
    aws.answer = (call, response) => {
      const connectorConfig = { activationCode: 'canary-6', activationId: 'canary-7', provider: 'OTHER' };
      if (call.operation !== 'eks:DescribeCluster') return answerEks(call, response);
      return json(response, { cluster: { ...described, connectorConfig } });
    };
    const file = join(folder, 'prod.json.gz');
    await audit({ save: file });
    const stored = gunzipSync(readFileSync(file)).toString();
    expect(stored).toContain('launch-template/');
    expect(stored).toContain('"provider":"OTHER"');
    expect(stored).not.toMatch(/canary|Y2FuYXJ5|certificateAuthority/);
    const report = await lint({
      ...allRules,
      cwd: folder,
      filesToo: false,
      allowEmpty: true,
      today: new Date().toISOString().slice(0, 10),
      snapshots: [readSnapshotFile(file, file)],
    });
    expect(report.findings.filter(({ rule }) => rule === 'cluster/addon-config-invalid-json')).toEqual([]);
    expect(report.undetermined.map(({ rule }) => rule)).toContain('cluster/addon-config-invalid-json');
  });
});
