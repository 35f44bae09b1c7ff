import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCloudFormation, isEksctl } from '#inputs/claims.ts';
import type { Cluster } from '#model/cluster.ts';
import type { Location } from '#syntax/tree.ts';
import { parse, read, readCluster, source, touch } from './read.ts';

const header = 'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata:\n  name: shop\n  version: 1.30\n';
const of = (rest = ''): Cluster => readCluster('c.yaml', header + rest);
const place = ({ start, path }: Location): string => `${start?.line}:${start?.column} ${path}`;
const group = (rest: string) => {
  const [first] = of(`managedNodeGroups:\n  - name: web\n${rest.replace(/^/gm, '    ')}\n`).nodegroups;
  if (!first) throw new Error('no group');
  return first;
};

describe('what is claimed', () => {
  it('gives a resource and a cluster', () => {
    const { resources, clusters } = read({ 'dir/c.yaml': header });
    expect(resources.map(({ kind, name, namespaced, belonging }) => ({ kind, name, namespaced, belonging }))).toEqual([
      {
        kind: 'ClusterConfig',
        name: 'shop',
        namespaced: false,
        belonging: { unit: 'dir/c.yaml', bundle: 'dir/c.yaml' },
      },
    ]);
    expect(clusters.map(({ subject }) => subject)).toEqual([{ kind: 'cluster', namespace: '', name: 'shop' }]);
  });
  it('ignores everything else', () => {
    for (const text of [
      'apiVersion: v1\nkind: ClusterConfig\n',
      'apiVersion: eksctl.io/v1alpha5\nkind: Other\n',
      '- a\n',
      'Resources: {}\n',
      'apiVersion: v1\nkind: X\nResources: {A: {Type: "AWS::EKS::Cluster"}}\n',
    ])
      expect(parse(source('a.yaml', text)).some((tree) => isEksctl(tree) || isCloudFormation(tree))).toBe(false);
  });
});

describe('defaults', () => {
  it('are those of eksctl', () => {
    const cluster = of();
    expect({
      public: cluster.endpoint.public.value,
      private: cluster.endpoint.private.value,
      state: cluster.endpoint.public.state,
      cidrs: [...cluster.endpoint.publicCidrs].map(({ value }) => value),
      logging: cluster.logging.items.length,
      key: cluster.secretsKey.state,
      support: cluster.supportType.value,
      mode: cluster.authenticationMode.value,
      version: cluster.version.value,
      groups: cluster.nodegroups.complete,
      addons: cluster.addons.empty.state,
    }).toEqual({
      public: true,
      private: false,
      state: 'default',
      cidrs: ['0.0.0.0/0'],
      logging: 0,
      key: 'default',
      support: 'EXTENDED',
      mode: 'API_AND_CONFIG_MAP',
      version: '1.30',
      groups: true,
      addons: 'yes',
    });
    const one = group('');
    expect([
      one.template.imds.httpTokens.value,
      one.template.imds.hopLimit.value,
      one.template.imds.hopLimit.state,
      one.amiType.value,
      one.capacityType.value,
      [...one.instanceTypes][0]?.value,
    ]).toEqual(['required', 2, 'default', 'AL2023_x86_64_STANDARD', 'ON_DEMAND', 'm5.large']);
  });

  it('of a private cluster', () => {
    const cluster = of('privateCluster:\n  enabled: true\n');
    expect([
      cluster.endpoint.public.value,
      cluster.endpoint.public.state,
      cluster.endpoint.private.value,
      place(cluster.endpoint.public.at),
    ]).toEqual([false, 'set', true, '7:3 privateCluster.enabled']);
  });

  it('of logging', () => {
    expect([...of('cloudWatch: {clusterLogging: {enableTypes: [all]}}\n').logging].map(({ value }) => value)).toEqual([
      'api',
      'audit',
      'authenticator',
      'controllerManager',
      'scheduler',
    ]);
  });
});

describe('metadata options', () => {
  it.each([
    ['', 'required', 'default', 2, 'default'],
    ['disableIMDSv1: false', 'optional', 'set', 2, 'default'],
    ['disableIMDSv1: false\ndisablePodIMDS: true', 'required', 'set', 1, 'set'],
    ['disablePodIMDS: false', 'required', 'default', 2, 'set'],
    ['disablePodIMDS: true', 'required', 'default', 1, 'set'],
  ])('%j', (text, tokens, tokenState, hops, hopState) => {
    const { imds } = group(text).template;
    expect([imds.httpTokens.value, imds.hopLimit.value, imds.hopLimit.state]).toEqual([tokens, hops, hopState]);
    if (tokenState === 'set') expect(imds.httpTokens.state).toBe('set');
  });
  it('of a foreign launch template are unknown', () => {
    const {
      template: { imds },
      remoteAccess,
    } = group('launchTemplate: {id: lt-1}');
    expect([imds.httpTokens.state, imds.hopLimit.state, remoteAccess.enabled.state]).toEqual([
      'unknown',
      'unknown',
      'unknown',
    ]);
  });
});

describe('SSH', () => {
  it.each([
    ['', false, []],
    ['ssh: {allow: true}', true, ['0.0.0.0/0', '::/0']],
    ['ssh: {publicKeyName: k}', true, ['0.0.0.0/0', '::/0']],
    ['ssh: {publicKeyName: k, allow: false}', false, []],
    ['ssh: {enableSsm: true}', false, []],
    ['ssh: {allow: true, sourceSecurityGroupIds: [sg-1]}', true, []],
    ['ssh: {allow: true}\nprivateNetworking: true', true, ['192.168.0.0/16']],
  ])('%j', (text, enabled, cidrs) => {
    const { remoteAccess } = group(text);
    expect([remoteAccess.enabled.value, [...remoteAccess.openings].map(({ cidr }) => cidr.value)]).toEqual([
      enabled,
      cidrs,
    ]);
  });
});

it('names that a shell expands are unknown', () => {
  expect(
    ['$CLUSTER_NAME', '${CLUSTER_NAME}', 'cost-5$'].map(
      (name) => readCluster('c.yaml', header.replace('shop', name)).name.state,
    ),
  ).toEqual(['unknown', 'unknown', 'set']);
});

it('AMI types follow family and instance type', () => {
  const type = (text: string) => group(text).amiType.value;
  expect(
    ['amazonlinux2', 'BOTTLEROCKET', 'ubuntu2404', 'windowsserver2025fullcontainer'].map((family) =>
      type(`amiFamily: ${family}`),
    ),
  ).toEqual(['AL2_x86_64', 'BOTTLEROCKET_x86_64', 'CUSTOM', 'WINDOWS_FULL_2025_x86_64']);
  expect([
    type('instanceType: m7g.large'),
    type('instanceType: g5.xlarge'),
    type('amiFamily: AmazonLinux2'),
    type('amiFamily: Bottlerocket'),
    type('amiFamily: WindowsServer2022CoreContainer'),
    type('ami: ami-1'),
    type('amiFamily: Nonsense'),
  ]).toEqual([
    'AL2023_ARM_64_STANDARD',
    'AL2023_x86_64_NVIDIA',
    'AL2_x86_64',
    'BOTTLEROCKET_x86_64',
    'WINDOWS_CORE_2022_x86_64',
    'CUSTOM',
    undefined,
  ]);
});

describe('files that only add node groups', () => {
  const nodes = 'managedNodeGroups:\n  - {name: web, subnets: [subnet-1]}\naddons: []\n';
  it.each([
    ['only groups with subnets of their own', nodes.replace('addons: []\n', ''), 0],
    ['the security group of an existing cluster', `vpc: {id: vpc-1, securityGroup: sg-1, subnets: {}}\n${nodes}`, 0],
    ['something about the cluster', nodes, 1],
    ['a group without subnets', 'managedNodeGroups:\n  - {name: web}\n', 1],
    ['an existing VPC for a new cluster', 'vpc: {id: vpc-1}\nmanagedNodeGroups:\n  - {name: web}\n', 1],
  ])('%s', (_, text, count) => {
    const { clusters, loose, notes } = read({ 'c.yaml': header + text });
    expect([clusters.length, loose.length, notes.map(({ message }) => message)]).toEqual([
      count,
      1 - count,
      count === 1 ? [] : ['cluster "shop" is not defined here: only its parts in these files are judged'],
    ]);
  });
});

it('capacity of self-managed groups comes from their instances distribution', () => {
  const capacity = (text: string) =>
    of(`nodeGroups:\n  - name: web\n    instancesDistribution: {${text}}\n`).nodegroups.items[0]?.capacityType;
  expect(
    [
      '',
      'onDemandPercentageAboveBaseCapacity: 0',
      'onDemandPercentageAboveBaseCapacity: 0, onDemandBaseCapacity: 1',
    ].map((text) => capacity(text)?.value),
  ).toEqual(['ON_DEMAND', 'SPOT', 'ON_DEMAND']);
  expect(capacity('onDemandPercentageAboveBaseCapacity: 0, onDemandBaseCapacity: "${N}"')?.state).toBe('unknown');
});

it('instance types that a launch template or a selector decides are unknown', () => {
  const why = (text: string) => group(text).instanceTypes.why;
  expect([why('launchTemplate: {id: lt-1}'), why('instanceSelector: {vCPUs: 2}')]).toEqual([
    'the launch template may set the instance type',
    'instanceSelector selects the instance types when eksctl runs',
  ]);
});

it('SSH is removed as a whole', () => {
  const edits = group('ssh: {allow: true}').remoteAccess.enabled.clear();
  expect(edits.map(({ op, key }) => [op, key])).toEqual([['remove', 'ssh']]);
  expect(place(group('privateNetworking: true\nssh: {enableSsm: true}').remoteAccess.enabled.at)).toBe(
    '9:5 managedNodeGroups[0].ssh',
  );
});

describe('places', () => {
  it('are those of the fact, or of the map that lacks it', () => {
    const cluster = of(
      'vpc:\n  clusterEndpoints:\n    publicAccess: true\nnodeGroups:\n  - name: ng\n    ssh:\n      allow: true\n  - desiredCapacity: 1\n',
    );
    expect(place(cluster.endpoint.public.at)).toBe('8:5 vpc.clusterEndpoints.publicAccess');
    expect(place(cluster.endpoint.private.at)).toBe('7:3 vpc.clusterEndpoints.privateAccess');
    expect(place(cluster.endpoint.publicCidrs.at)).toBe('6:1 vpc.publicAccessCIDRs');
    expect(place(cluster.secretsKey.at)).toBe('1:1 secretsEncryption');
    expect(place(cluster.version.at)).toBe('5:3 metadata.version');
    const [first, second] = cluster.nodegroups;
    expect([
      first && place(first.at),
      first && place(first.remoteAccess.enabled.at),
      second && place(second.at),
      second?.managed,
    ]).toEqual(['10:5 nodeGroups[0]', '12:7 nodeGroups[0].ssh.allow', '13:5 nodeGroups[1]', false]);
  });
});

it('service accounts that eksctl makes are provided', () => {
  const { provided } = read({
    'c.yaml': `${header}iam:
  serviceAccounts:
    - metadata: {name: dns, namespace: kube-system}
    - metadata: {name: plain}
    - {roleOnly: true, metadata: {name: role}}
    - metadata: {name: "\${NAME}"}
    - metadata: {name: x, namespace: "\${NAMESPACE}"}
    - attachPolicyARNs: []
  podIdentityAssociations:
    - {createServiceAccount: true, namespace: apps, serviceAccountName: shop}
    - {namespace: apps, serviceAccountName: other}
    - {createServiceAccount: true, serviceAccountName: nowhere}
`,
  });
  expect(
    provided.map((one) => [one.kind, one.apiVersion, one.namespaced, one.namespace, one.name, place(one.at)]),
  ).toEqual([
    ['ServiceAccount', 'v1', true, 'kube-system', 'dns', '8:18 iam.serviceAccounts[0].metadata.name'],
    ['ServiceAccount', 'v1', true, 'default', 'plain', '9:18 iam.serviceAccounts[1].metadata.name'],
    ['ServiceAccount', 'v1', true, 'apps', 'shop', '15:53 iam.podIdentityAssociations[0].serviceAccountName'],
  ]);
});

describe('untrusted input', () => {
  it('never make an input throw', () => {
    const keys = [
      'metadata',
      'vpc',
      'clusterEndpoints',
      'publicAccess',
      'managedNodeGroups',
      'ssh',
      'allow',
      'cloudWatch',
      'addons',
      'name',
      'Type',
      'Properties',
      'Ref',
      'Fn::If',
      'ClusterName',
      'LaunchTemplate',
      'Id',
      'ResourcesVpcConfig',
      'instanceTypes',
      'toString',
    ];
    const types = ['AWS::EKS::Cluster', 'AWS::EKS::Nodegroup', 'AWS::EKS::Addon', 'AWS::EC2::LaunchTemplate'];
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'medium' },
        fc.constantFrom(null, true, 'x', 0, 'R0', '${x}', ...types),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys), tie('tree'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(
            'metadata',
            'vpc',
            'managedNodeGroups',
            'nodeGroups',
            'addons',
            'cloudWatch',
            'privateCluster',
            'outpost',
          ),
          tree,
        ),
        (body) => {
          for (const cluster of read({
            'c.yaml': JSON.stringify({ apiVersion: 'eksctl.io/v1', kind: 'ClusterConfig', ...body }),
          }).clusters)
            touch(cluster);
        },
      ),
      { numRuns: 150 },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...types), tree), { maxLength: 4 }), tree, (list, parameters) => {
        const Resources = Object.fromEntries(
          list.map(([Type, Properties], index) => [`R${index}`, { Type, Properties }]),
        );
        for (const cluster of read({
          't.json': JSON.stringify({ AWSTemplateFormatVersion: '1', Parameters: parameters, Resources }),
        }).clusters)
          touch(cluster);
      }),
      { numRuns: 150 },
    );
  });
});

describe('files of one cluster', () => {
  const file = (name: string, more: string): string =>
    `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: ${name}, region: eu-west-1}\n${more}`;
  const main = file('shop', 'vpc: {clusterEndpoints: {publicAccess: false}}\nmanagedNodeGroups: [{name: base}]\n');
  const groups = file('shop', 'managedNodeGroups: [{name: more}]\n');
  const told = (files: Record<string, string>) => {
    const { clusters, loose } = read(files);
    return [
      clusters.map(({ nodegroups }) => nodegroups.items.map(({ name }) => name.value)),
      loose.map(({ subject }) => subject.name),
    ];
  };
  it('add their groups to the file that defines the cluster', () => {
    expect(told({ 'a.yaml': main, 'b.yaml': groups })).toEqual([[['base', 'more']], []]);
    expect(told({ 'a.yaml': groups })).toEqual([[['more']], []]);
    expect(told({ 'a.yaml': main, 'b.yaml': groups.replace('shop', 'other') })).toEqual([[['base'], ['more']], []]);
  });
  it('are alternatives if several define it', () => {
    expect(told({ 'a.yaml': main, 'b.yaml': main, 'c.yaml': groups })).toEqual([[['base'], ['base']], ['more']]);
    expect(told({ 'a.yaml': groups, 'b.yaml': groups })).toEqual([[['more'], ['more']], []]);
  });
});

it('files of parts with separate commands define no cluster', () => {
  const head = 'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: shop, region: eu-west-1}\n';
  const told = (more: string) => {
    const { clusters, loose, notes } = read({ 'a.yaml': head + more });
    return [clusters.length, loose.length, notes.map(({ message }) => message)];
  };
  expect(told('fargateProfiles: [{name: a}]\n')).toEqual([
    0,
    1,
    ['cluster "shop" is not defined here: only its parts in these files are judged'],
  ]);
  expect(told('addons: [{name: vpc-cni}]\n')).toEqual([
    0,
    1,
    ['cluster "shop" is not defined here: only its parts in these files are judged'],
  ]);
  expect(told('fargateProfiles: [{name: a}]\nvpc: {cidr: 10.0.0.0/16}\n')[0]).toBe(1);
});

describe('long lists', () => {
  const groups = (count: number): string =>
    `${header}managedNodeGroups:\n${Array.from({ length: count }, (_, i) => `  - {name: g${i}}\n`).join('')}`;
  it('are read up to a limit, and the rest is reported', () => {
    const { clusters, notes } = read({ 'c.yaml': groups(1002) });
    expect([...(clusters[0]?.nodegroups ?? [])]).toHaveLength(1000);
    expect(notes.map(({ kind, message, at }) => [kind, message, at?.start?.line])).toEqual([
      ['incomplete', 'managedNodeGroups has 1,002 entries, of which only the first 1,000 are read', 1007],
    ]);
  });
  it('of add-ons have a limit too', () => {
    const all = Array.from({ length: 1001 }, (_, i) => `      - {namespace: a, serviceAccountName: s${i}}\n`).join('');
    const { notes } = read({ 'c.yaml': `${header}addons:\n  - name: vpc-cni\n    podIdentityAssociations:\n${all}` });
    expect(notes.map(({ kind, message, at }) => [kind, message, at?.start?.line])).toEqual([
      ['incomplete', 'podIdentityAssociations has 1,001 entries, of which only the first 1,000 are read', 1009],
    ]);
  });
  it('are read completely up to the limit', () => {
    const { clusters, notes } = read({ 'c.yaml': groups(1000) });
    expect([...(clusters[0]?.nodegroups ?? [])]).toHaveLength(1000);
    expect(notes).toEqual([]);
  });
});

it('a subnet stands where the file names it', () => {
  const vpc = 'vpc:\n  subnets:\n    private:\n      one: {id: subnet-1}\n      two: {id: subnet-2}\n';
  const { nodegroups } = of(`${vpc}managedNodeGroups:\n  - {name: web, subnets: [two, subnet-1]}\n`);
  const places = [...nodegroups].flatMap(({ subnets }) =>
    [...subnets].map(({ subnet }) => subnet.part && place(subnet.part.at)),
  );
  expect(places).toEqual(['10:7 vpc.subnets.private.two', '9:7 vpc.subnets.private.one']);
});
