import { describe, expect, test } from 'vitest';
import type { AwsPart } from '#model/aws.ts';
import type { Cluster } from '#model/cluster.ts';
import { readDescriptions } from '#aws/read.ts';
import { readAnswers } from '#inputs/aws-api/input.ts';
import { parse, read, source } from './read.ts';

/* Where answers of the AWS API differ from what people write. */

const arn = 'arn:aws:eks:eu-west-1:111122223333';
const principal = 'arn:aws:iam::111122223333:role/ops';
const ofCluster = (more: object = {}): object => ({
  cluster: { name: 'prod', arn: `${arn}:cluster/prod`, version: '1.34', ...more },
});
const told = (...answers: readonly object[]): ReturnType<typeof read> =>
  read(Object.fromEntries(answers.map((body, index) => [`a/${index}.json`, JSON.stringify(body)])));
const clusterOf = (...answers: readonly object[]): Cluster => {
  const [cluster] = told(...answers).clusters;
  if (!cluster) throw new Error('no cluster');
  return cluster;
};
const partOf = <K extends AwsPart['kind']>(kind: K, ...answers: readonly object[]): Extract<AwsPart, { kind: K }> => {
  const found = told(...answers).aws.filter((one): one is Extract<AwsPart, { kind: K }> => one.kind === kind);
  expect(found).toHaveLength(1);
  return found[0] as Extract<AwsPart, { kind: K }>;
};
const only = <T>(items: readonly T[]): T => {
  expect(items).toHaveLength(1);
  return items[0] as T;
};

describe('a VPC', () => {
  const vpc = {
    Vpcs: [
      {
        VpcId: 'vpc-1',
        CidrBlock: '10.0.0.0/16',
        CidrBlockAssociationSet: [
          { AssociationId: 'a-1', CidrBlock: '10.0.0.0/16', CidrBlockState: { State: 'associated' } },
          { AssociationId: 'a-2', CidrBlock: '100.64.0.0/16', CidrBlockState: { State: 'associated' } },
          { AssociationId: 'a-3', CidrBlock: '10.9.0.0/16', CidrBlockState: { State: 'disassociated' } },
        ],
      },
    ],
  };
  test('has attributes from separate calls', () => {
    const whole = partOf(
      'vpc',
      vpc,
      { VpcId: 'vpc-1', EnableDnsSupport: { Value: true } },
      { VpcId: 'vpc-1', EnableDnsHostnames: { Value: false } },
      { VpcId: 'vpc-2', EnableDnsHostnames: { Value: true } },
    );
    expect([whole.dnsSupport.value, whole.dnsHostnames.value]).toEqual([true, false]);
    expect(whole.otherCidrs.items.map(({ value }) => value)).toEqual(['100.64.0.0/16']);
    const part = partOf('vpc', vpc);
    expect([part.dnsSupport.state, part.dnsHostnames.why]).toEqual([
      'unknown',
      'EnableDnsHostnames is not in the AWS responses',
    ]);
  });
  test('is that of the cluster, even if its subnets are unknown', () => {
    expect(partOf('vpc', vpc, ofCluster({ resourcesVpcConfig: { vpcId: 'vpc-1' } })).users).toEqual(['cluster "prod"']);
    expect(partOf('vpc', vpc, ofCluster({ resourcesVpcConfig: { vpcId: 'vpc-2' } })).users).toEqual([]);
  });
  test('has flow logs and endpoints', () => {
    const { flowLogs, endpoints } = partOf('vpc', vpc, {
      FlowLogs: [{ FlowLogId: 'fl-1', ResourceId: 'vpc-1', TrafficType: 'REJECT' }],
      VpcEndpoints: [
        {
          VpcEndpointId: 'vpce-1',
          VpcId: 'vpc-1',
          ServiceName: 's3',
          VpcEndpointType: 'Interface',
          PrivateDnsEnabled: true,
        },
      ],
    });
    expect(only(flowLogs.items).trafficType.value).toBe('REJECT');
    const { service, type, privateDns } = only(endpoints.items);
    expect([service.value, type.value, privateDns.value]).toEqual(['s3', 'Interface', true]);
  });
  test('of another account hides its contents', () => {
    const inVpc = (OwnerId: string) => ({ Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16', OwnerId }] });
    const hidden = partOf('vpc', ofCluster(), inVpc('444455556666'));
    for (const list of [hidden.flowLogs, hidden.endpoints])
      expect([list.complete, list.unread]).toEqual([
        false,
        'the VPC belongs to another account, and only its owner can see this',
      ]);
    expect(partOf('vpc', ofCluster(), inVpc('111122223333')).flowLogs.unread).toBe(undefined);
  });
  test('has NAT gateways with an address', () => {
    const gateway = partOf(
      'natGateway',
      {
        NatGateways: [
          {
            NatGatewayId: 'nat-1',
            SubnetId: 'subnet-1',
            ConnectivityType: 'public',
            NatGatewayAddresses: [{ AllocationId: 'eipalloc-1' }],
          },
        ],
      },
      {
        Subnets: [
          {
            SubnetId: 'subnet-1',
            VpcId: 'vpc-1',
            AvailabilityZone: 'eu-west-1a',
            Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2001:db8::/64' }],
          },
        ],
      },
    );
    const subnet = gateway.subnet.part;
    expect([gateway.allocationId.value, subnet?.zone.value, subnet?.ipv6Cidr.value]).toEqual([
      'eipalloc-1',
      'eu-west-1a',
      '2001:db8::/64',
    ]);
  });
});

describe('a security group', () => {
  const group = (more: object = {}): object => ({ SecurityGroups: [{ GroupId: 'sg-1', IpPermissions: [], ...more }] });
  test('has rules in both directions', () => {
    const rule = (other: string) => ({
      IpProtocol: '-1',
      IpRanges: [{ CidrIp: '10.0.0.0/8' }],
      Ipv6Ranges: [{ CidrIpv6: '::/0' }],
      UserIdGroupPairs: [{ GroupId: other, UserId: '111122223333' }],
    });
    const { ingress, egress } = partOf(
      'securityGroup',
      group({ IpPermissions: [rule('sg-2')], IpPermissionsEgress: [rule('sg-3')] }),
    );
    for (const [list, other] of [
      [ingress, 'sg-2'],
      [egress, 'sg-3'],
    ] as const) {
      const { cidrs, groups } = only(list.items);
      expect(cidrs.items.map(({ value }) => value)).toEqual(['10.0.0.0/8', '::/0']);
      expect(groups.items.map(({ value }) => value)).toEqual([other]);
    }
  });
  test.each([
    ['the one that EKS makes', ofCluster({ resourcesVpcConfig: { clusterSecurityGroupId: 'sg-1' } }), 'cluster "prod"'],
    ['one that people name', ofCluster({ resourcesVpcConfig: { securityGroupIds: ['sg-1'] } }), 'cluster "prod"'],
    [
      'the one for logins',
      {
        nodegroup: {
          nodegroupName: 'web',
          nodegroupArn: `${arn}:nodegroup/prod/web/1`,
          resources: { remoteAccessSecurityGroup: 'sg-1' },
        },
      },
      'node group "web"',
    ],
    [
      'that of a launch configuration',
      {
        LaunchConfigurations: [
          { LaunchConfigurationARN: 'x', LaunchConfigurationName: 'old', SecurityGroups: ['sg-1'] },
        ],
      },
      'launch configuration "old"',
    ],
  ])('has users: %s', (_, answer, user) => {
    expect(partOf('securityGroup', group(), answer).users).toEqual([user]);
    expect(partOf('securityGroup', group({ GroupId: 'sg-2' }), answer).users).toEqual([]);
  });
});

describe('an access entry', () => {
  const entry = (more: object): object => ({
    accessEntry: {
      clusterName: 'prod',
      principalArn: principal,
      accessEntryArn: `${arn}:access-entry/prod/role/ops/1`,
      ...more,
    },
  });
  const policies = (more: object = {}): object => ({
    clusterName: 'prod',
    principalArn: principal,
    associatedAccessPolicies: [
      { policyArn: 'arn:p', accessScope: { type: 'namespace', namespaces: ['web'] }, associatedAt: 1 },
    ],
    ...more,
  });
  const read1 = (...answers: readonly object[]) => only(clusterOf(ofCluster(), ...answers).accessEntries.known);
  test('has no facts of its own if EKS fills in names for nodes', () => {
    const ofEks = { kubernetesGroups: ['system:nodes'], username: 'system:node:{{EC2PrivateDNSName}}' };
    const nodes = read1(entry({ type: 'EC2_LINUX', ...ofEks }));
    expect([nodes.type.value, nodes.username.present.state, nodes.groups.empty.state]).toEqual([
      'EC2_LINUX',
      'no',
      'yes',
    ]);
    const people = read1(entry({ type: 'STANDARD', kubernetesGroups: ['dev'], username: 'ops' }));
    expect([people.username.value, people.groups.items.map(({ value }) => value)]).toEqual(['ops', ['dev']]);
  });
  test('has the policies of another answer', () => {
    const { policies: found } = read1(entry({ type: 'STANDARD' }), policies());
    const { arn: policy, scope, namespaces } = only(found.items);
    expect([found.complete, policy.value, scope.value, namespaces.items[0]?.value]).toEqual([
      true,
      'arn:p',
      'namespace',
      'web',
    ]);
    for (const others of [policies({ principalArn: 'arn:x' }), policies({ clusterName: 'test' })])
      expect(read1(entry({ type: 'STANDARD' }), others).policies.why).toBe(
        'the list of policies of the entry is not in the AWS responses',
      );
  });
});

describe('what belongs to a cluster', () => {
  test.each([
    [
      'fargateProfiles',
      { fargateProfileNames: ['a'] },
      'fargateProfile',
      { fargateProfileName: 'a', fargateProfileArn: `${arn}:x` },
    ],
    ['accessEntries', { accessEntries: ['a'] }, 'accessEntry', { principalArn: 'a', accessEntryArn: `${arn}:x` }],
    [
      'capabilities',
      { capabilities: [{ capabilityName: 'a' }] },
      'capability',
      { capabilityName: 'a', arn: `${arn}:x` },
    ],
    [
      'identityProviders',
      { identityProviderConfigs: [{ type: 'oidc', name: 'a' }] },
      'identityProviderConfig',
      { oidc: { identityProviderConfigName: 'a', identityProviderConfigArn: `${arn}:x`, clusterName: 'prod' } },
    ],
  ] as const)('%s are all known if a list names no others', (key, list, name, object) => {
    const one = { [name]: { clusterName: 'prod', ...object } };
    const stateOf = (...answers: readonly object[]) => {
      const all = clusterOf(ofCluster(), ...answers)[key];
      return [all.known.length, all.complete];
    };
    expect(stateOf()).toEqual([0, false]);
    expect(stateOf(one)).toEqual([1, false]);
    expect(stateOf(list)).toEqual([0, false]);
    expect(stateOf(one, list)).toEqual([1, true]);
    expect(stateOf(one, { ...list, nextToken: 'x' })).toEqual([1, false]);
  });
  test('an identity provider is named inside its answer', () => {
    const oidc = { identityProviderConfigName: 'login', identityProviderConfigArn: `${arn}:x`, clusterName: 'prod' };
    const [provider] = clusterOf(ofCluster(), {
      identityProviderConfig: { oidc: { ...oidc, groupsClaim: 'groups', groupsPrefix: 'oidc:' } },
    }).identityProviders.known;
    expect([provider?.name.value, provider?.groupsPrefix.value]).toEqual(['login', 'oidc:']);
  });
});

test('an OIDC provider has an issuer without a scheme', () => {
  const { url, clientIds, isEks } = partOf('oidcProvider', {
    Url: 'oidc.eks.eu-west-1.amazonaws.com/id/A',
    ClientIDList: ['sts.amazonaws.com'],
  });
  expect([url.value, clientIds.items[0]?.value, isEks.state]).toEqual([
    'https://oidc.eks.eu-west-1.amazonaws.com/id/A',
    'sts.amazonaws.com',
    'yes',
  ]);
});

test('a file system has mount targets', () => {
  const target = { MountTargetId: 'fsmt-1', FileSystemId: 'fs-1', SubnetId: 'subnet-1' };
  const system = {
    FileSystems: [{ FileSystemId: 'fs-1', Encrypted: false, Tags: [{ Key: 'Name', Value: 'shared' }] }],
  };
  const targetOf = (more: object) => {
    const { encrypted, subject, mountTargets } = partOf('fileSystem', system, {
      MountTargets: [{ ...target, ...more }],
    });
    expect([encrypted.value, subject.name]).toEqual([false, 'shared']);
    return only(mountTargets.items).securityGroups;
  };
  expect(targetOf({ SecurityGroups: ['sg-1'] }).items.map(({ value }) => value)).toEqual(['sg-1']);
  expect(targetOf({}).complete).toBe(false);
});

test('a repository has a lifecycle policy, none, or it is unknown', () => {
  const repositories = [{ repositoryArn: 'arn:aws:ecr:r', repositoryName: 'shop/web' }];
  const stateOf = (...answers: readonly object[]) => partOf('repository', { repositories }, ...answers).lifecycle.state;
  expect(stateOf()).toBe('unknown');
  expect(stateOf({ repositoryName: 'shop/web', lifecyclePolicyText: '{}' })).toBe('yes');
  expect(stateOf({ repositoryName: 'shop/web', lifecyclePolicyText: '' })).toBe('no');
  expect(stateOf({ repositoryName: 'shop/other', lifecyclePolicyText: '{}' })).toBe('unknown');
});

test('a log group keeps logs forever by default', () => {
  const of = (more: object) => partOf('logGroup', { logGroups: [{ logGroupName: '/aws/eks/prod/cluster', ...more }] });
  expect(of({}).retention.present.state).toBe('no');
  expect([of({ retentionInDays: 30 }).retention.value, of({ kmsKeyId: 'arn:k' }).key.value]).toEqual([30, 'arn:k']);
});

test('the defaults of EKS do not apply to a cluster that EKS does not run', () => {
  const connected = clusterOf(ofCluster({ connectorConfig: { provider: 'OTHER' }, status: 'ACTIVE' }));
  expect([connected.connector.written.value, connected.health.status.value]).toEqual([true, 'ACTIVE']);
  for (const answer of [
    connected.endpoint.public.is(true),
    connected.logging.has((type) => type.is('audit')),
    connected.secretsKey.present,
    connected.health.issues.empty,
  ])
    expect(answer.why).toBe('this is a connected cluster, and EKS does not know its settings');
  expect(clusterOf(ofCluster()).endpoint.public.is(true).state).toBe('yes');
});

test('a fact that an audit could not read has the reason that the audit gives', () => {
  const unread = new Map([
    ['AWS::EC2::VPC', 'no permission for ec2:DescribeVpcAttribute'],
    ['KMS::KeyRotation', 'no permission for kms:GetKeyRotationStatus'],
  ]);
  const trees = [
    { Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }] },
    { KeyMetadata: { Arn: 'arn:aws:kms:eu-west-1:111122223333:key/k', KeyId: 'k', KeyManager: 'CUSTOMER' } },
  ].flatMap((body, index) => parse(source(`a/${index}.json`, JSON.stringify(body))));
  const whys = readDescriptions(readAnswers(trees, unread).descriptions ?? []).aws.flatMap((part) =>
    part.kind === 'vpc'
      ? [part.dnsSupport.why, part.dnsHostnames.why]
      : part.kind === 'kmsKey'
        ? [part.rotation.why]
        : [],
  );
  expect(whys.sort()).toEqual([
    'no permission for ec2:DescribeVpcAttribute',
    'no permission for ec2:DescribeVpcAttribute',
    'no permission for kms:GetKeyRotationStatus',
  ]);
});
