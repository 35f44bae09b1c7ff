import { describe, expect, it } from 'vitest';
import type { Location } from '#syntax/tree.ts';
import { read, readCluster } from './read.ts';

const place = ({ start, path }: Location): string => `${start?.line}:${start?.column} ${path}`;
const cluster =
  'Resources:\n  Main:\n    Type: AWS::EKS::Cluster\n    Properties:\n      Name: shop\n      Version: "1.33"\n';
const withGroup = (properties: string, more = '') => {
  const [group] = readCluster(
    't.yaml',
    `${cluster}  Web:\n    Type: AWS::EKS::Nodegroup\n    Properties:\n      ClusterName: !Ref Main\n${properties.replace(/^/gm, '      ')}\n${more}`,
  ).nodegroups;
  if (!group) throw new Error('no group');
  return group;
};

describe('places', () => {
  it('are those of the fact, or of the map that lacks it', () => {
    const one = readCluster('t.yaml', `${cluster}      ResourcesVpcConfig:\n        EndpointPublicAccess: true\n`);
    expect(place(one.at)).toBe('2:3 Resources.Main');
    expect(place(one.endpoint.public.at)).toBe('8:9 Resources.Main.Properties.ResourcesVpcConfig.EndpointPublicAccess');
    expect(place(one.endpoint.private.at)).toBe(
      '7:7 Resources.Main.Properties.ResourcesVpcConfig.EndpointPrivateAccess',
    );
    expect(place(one.secretsKey.at)).toBe('4:5 Resources.Main.Properties.EncryptionConfig');
  });
});

describe('unknowns', () => {
  it('say why', () => {
    const text = `Parameters:\n  Open: {Type: String}\n${cluster}      ResourcesVpcConfig:\n        EndpointPublicAccess: !Ref Open\n        EndpointPrivateAccess: !Ref AWS::NoValue\n        PublicAccessCidrs: !If [A, [0.0.0.0/0], !Ref AWS::NoValue]\n`;
    const { endpoint } = readCluster('t.yaml', text);
    expect([endpoint.public.state, endpoint.public.why]).toEqual(['unknown', 'parameter Open has no default']);
    expect([endpoint.private.state, endpoint.private.value]).toEqual(['default', false]);
    expect([endpoint.publicCidrs.complete, endpoint.publicCidrs.why]).toEqual([
      false,
      'condition A is not known before deployment',
    ]);
  });

  it('are not resolved from a map of the template', () => {
    const version = (value: string, maps = '  A:\n    b: {c: 1.30}\n') =>
      readCluster(
        't.yaml',
        `Mappings:\n${maps}Resources:\n  Main:\n    Type: AWS::EKS::Cluster\n    Properties: {Version: ${value}}\n`,
      ).version;
    const known = version('!FindInMap [A, b, c]');
    expect([known.value, place(known.at)]).toEqual(['1.30', '3:9 Mappings.A.b.c']);
    expect([
      version('!FindInMap [A, !Ref Env, c]').state,
      version('!FindInMap [A, b, d]').state,
      version('!FindInMap [A, b, c]', '  A: {b: {c: !FindInMap [A, b, c]}}\n').state,
    ]).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('a half-known list still counts', () => {
    const { endpoint } = readCluster(
      't.yaml',
      `${cluster}      ResourcesVpcConfig:\n        PublicAccessCidrs: [!Ref Office, 0.0.0.0/0]\n`,
    );
    expect(endpoint.publicCidrs.has((cidr) => cidr.is('0.0.0.0/0')).state).toBe('yes');
  });
});

describe('defaults of parameters', () => {
  const facts = (parameters: string, network: string, conditions = '') => {
    const { endpoint } = readCluster(
      't.yaml',
      `Parameters:\n${parameters}\n${conditions}\n${cluster}      ResourcesVpcConfig:\n${network.replace(/^/gm, '        ')}\n`,
    );
    return endpoint;
  };
  it('apply, including in functions and conditions', () => {
    const open = '  Open: {Type: String, Default: "false"}';
    const own = facts(open, 'EndpointPublicAccess: !Ref Open').public;
    expect([own.value, own.is(false).assuming]).toEqual([false, 'the default of parameter Open']);
    const chosen = facts(
      '  Env: {Type: String, Default: prod}\n  Net: {Type: String, Default: 203.0.113}',
      'EndpointPublicAccess: !If [IsProd, false, true]\nEndpointPrivateAccess: !If [IsTest, false, !Ref AWS::NoValue]\nPublicAccessCidrs: [!Sub "${Net}.0/24", !Join ["/", [!Ref Net, "8"]], !Select [1, [a, b]], !FindInMap [M, !Ref Env, x]]',
      'Mappings: {M: {prod: {x: z}}}\nConditions:\n  IsProd: !Equals [!Ref Env, prod]\n  IsTest: !Or [!Equals [!Ref Env, test], !Not [!Condition IsProd]]',
    );
    expect([
      chosen.public.value,
      chosen.public.is(false).assuming,
      chosen.private.state,
      chosen.publicCidrs.items.map(({ value }) => value),
    ]).toEqual([false, 'the default of parameter Env', 'default', ['203.0.113.0/24', '203.0.113/8', 'b', 'z']]);
  });
  it('that are secret, from SSM or cyclic are unknown', () => {
    const state = (parameters: string, conditions?: string) =>
      facts(parameters, 'EndpointPublicAccess: !If [A, false, !Ref P]', conditions).public.state;
    const never = 'Conditions: {A: !Equals [a, b]}';
    expect([
      state('  P: {Type: String, NoEcho: true, Default: "true"}', never),
      state('  P: {Type: AWS::SSM::Parameter::Value<String>, Default: "true"}', never),
      state('  P: {Type: String, Default: "true"}', 'Conditions: {A: !Not [!Condition B], B: !Condition A}'),
      state('  P: {Type: String, Default: "true"}', never),
    ]).toEqual(['unknown', 'unknown', 'unknown', 'set']);
  });
  it('and deeply nested functions take no time', () => {
    const deep = (levels: number): string =>
      levels === 0 ? 'true' : `{"Fn::If": [A, ${deep(levels - 1)}, ${levels}]}`;
    expect(
      facts('  P: {Type: String}', `EndpointPublicAccess: ${deep(40)}`, 'Conditions: {A: !Equals [a, a]}').public.value,
    ).toBe(true);
  });
});

describe('node groups', () => {
  it('have the defaults of EKS and of the AMI', () => {
    const modern = withGroup('InstanceTypes: [m5.large]');
    expect([
      modern.amiType.value,
      modern.template.imds.httpTokens.value,
      modern.template.imds.hopLimit.value,
      modern.subject.name,
    ]).toEqual(['AL2023_x86_64_STANDARD', 'required', 1, 'Web']);
    const old = withGroup('AmiType: AL2_x86_64');
    expect([
      old.template.imds.httpTokens.value,
      old.template.imds.httpTokens.state,
      old.template.imds.hopLimit.value,
    ]).toEqual(['optional', 'default', 2]);
  });

  it('read security groups of their launch template', () => {
    const template = (group: string) => `  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        SecurityGroupIds: [${group}]
  Nodes:
    Type: AWS::EC2::SecurityGroup
    Properties: {SecurityGroupIngress: {IpProtocol: tcp, FromPort: 0, ToPort: 1024, CidrIp: 10.0.0.0/8}}
  More:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !Ref Nodes, IpProtocol: "-1", CidrIpv6: ::/0}
`;
    const open = withGroup('LaunchTemplate: {Id: !Ref Template}', template('!GetAtt Nodes.GroupId')).remoteAccess
      .openings;
    expect([[...open].map(({ cidr }) => cidr.value), open.complete]).toEqual([['10.0.0.0/8', '::/0'], true]);
    expect(withGroup('LaunchTemplate: {Id: !Ref Template}', template('sg-1')).remoteAccess.openings.complete).toBe(
      false,
    );
    expect(
      withGroup('LaunchTemplate: {Id: !Ref Template}', template('!GetAtt Main.ClusterSecurityGroupId')).remoteAccess
        .openings.complete,
    ).toBe(true);
  });

  it('with an id that YAML reads as a boolean keep it', () => {
    const { clusters, loose } = read({
      't.yaml':
        'Parameters: {Y: {Type: String}}\nResources:\n  N: {Type: AWS::EKS::Cluster, Properties: {Version: !Ref Y}}\n  Web: {Type: AWS::EKS::Nodegroup, Properties: {ClusterName: !Ref N}}\n',
    });
    expect([
      clusters.map((one) => [
        one.subject.name,
        one.version.why,
        one.nodegroups.items.map(({ subject }) => subject.name),
      ]),
      loose,
    ]).toEqual([[['N', 'parameter Y has no default', ['Web']]], []]);
  });

  it('of a cluster that is defined elsewhere are kept', () => {
    const { clusters, loose, notes } = read({
      't.yaml':
        'Resources:\n  Web:\n    Type: AWS::EKS::Nodegroup\n    Properties: {ClusterName: shop, AmiType: AL2_x86_64}\n',
    });
    expect([clusters, loose.map((one) => [one.kind, one.subject.name]), notes.map(({ message }) => message)]).toEqual([
      [],
      [['nodegroup', 'Web']],
      ['cluster "shop" is not defined here: only its parts in these files are judged'],
    ]);
  });
});
