import { describe, expect, it } from 'vitest';
import type { Location } from '#syntax/tree.ts';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';
import { read, readCluster } from './read.ts';

const place = ({ source, start, path }: Location): string => `${source}:${start?.line} ${path}`;

/** The name of a cluster that an expression gives. */
const nameBy = (expression: string, more = '') =>
  readCluster(
    't.yaml',
    `${more}\nResources:\n  Main: {Type: AWS::EKS::Cluster, Properties: {Name: ${expression}, Version: "1.33"}}\n`,
  ).name;

describe('functions', () => {
  const parameters =
    'Parameters:\n  Env: {Type: String, Default: dev}\n  Open: {Type: String}\n  Nets: {Type: CommaDelimitedList, Default: "a, b"}';
  const maps = 'Mappings:\n  Env:\n    dev: {Name: shop-dev}';
  it.each([
    ['{"Fn::Join": ["-", [shop, !Ref Env]]}', 'shop-dev'],
    ['!Sub "shop-${Env}"', 'shop-dev'],
    ['!Sub ["${Base}-${Env}-${!Literal}", {Base: shop}]', 'shop-dev-${Literal}'],
    ['!Select [1, !Ref Nets]', 'b'],
    ['!Select [0, !Split ["|", "x|y"]]', 'x'],
    ['!FindInMap [Env, !Ref Env, Name]', 'shop-dev'],
    ['{"Fn::FindInMap": [Env, prod, Name, {DefaultValue: shop}]}', 'shop'],
    ['!Join ["", [nets, {"Fn::Length": !Ref Nets}]]', 'nets2'],
    ['{"Fn::ToJsonString": {a: [!Ref Env, 1]}}', '{"a":["dev",1]}'],
    ['{"Fn::Base64": !Ref Env}', 'ZGV2'],
    ['!Select [1, !Cidr ["10.0.0.0/16", 2, 8]]', '10.0.1.0/24'],
    ['!If [Some, x, x]', 'x'],
  ])('%s', (expression, value) => {
    const name = nameBy(expression, `${parameters}\n${maps}\nConditions:\n  Some: !Equals [!Ref Open, a]`);
    expect([name.state, name.value]).toEqual(['set', value]);
  });

  it.each([
    ['!Sub "${Open}-x"', 'the outcome of Fn::Sub is not known before deployment'],
    ['"{{resolve:ssm:/shop/name}}"', 'a dynamic reference is looked up when the stack is deployed'],
    ['!If [Some, x, y]', 'condition Some is not known before deployment'],
    ['!ImportValue x', 'the outcome of Fn::ImportValue is not known before deployment'],
    ['!Cidr ["10.0.0.0/31", 200, 8]', 'the outcome of Fn::Cidr is not known before deployment'],
    ['{"Fn::ToJsonString": {a: !Ref Open}}', 'the outcome of Fn::ToJsonString is not known before deployment'],
  ])('%s is not known', (expression, why) => {
    const name = nameBy(expression, `${parameters}\nConditions:\n  Some: !Equals [!Ref Open, a]`);
    expect([name.state, name.why]).toEqual(['unknown', why]);
  });

  it('a third-party macro may rewrite what is not plain', () => {
    expect(nameBy('~~/x/y~~', 'Transform: [Resolver]').state).toBe('unknown');
    expect(nameBy('shop', 'Transform: [Resolver]').value).toBe('shop');
    expect(nameBy('~~/x/y~~', 'Transform: AWS::LanguageExtensions').value).toBe('~~/x/y~~');
  });
  it('AWS::NoValue removes an item from its list', () => {
    const { publicCidrs } = readCluster(
      't.yaml',
      'Conditions: {Never: !Equals [a, b]}\nResources:\n  Main: {Type: AWS::EKS::Cluster, Properties: {ResourcesVpcConfig: {PublicAccessCidrs: [!If [Never, 0.0.0.0/0, !Ref AWS::NoValue], 10.0.0.0/8]}}}\n',
    ).endpoint;
    expect([[...publicCidrs].map(({ value }) => value), publicCidrs.complete]).toEqual([['10.0.0.0/8'], true]);
  });

  it('a resource whose condition is false does not exist', () => {
    const template = (condition: string): string =>
      `Parameters: {Open: {Type: String}}\nConditions: {Is: ${condition}}\nResources:\n  Main: {Type: AWS::EKS::Cluster, Condition: Is, Properties: {Name: a}}\n`;
    const count = (condition: string): number => read({ 't.yaml': template(condition) }).clusters.length;
    expect([count('!Equals [a, b]'), count('!Equals [a, a]'), count('!Equals [!Ref Open, a]')]).toEqual([0, 1, 1]);
  });
});

describe('Fn::ForEach', () => {
  const template = (list: string): string => `Transform: AWS::LanguageExtensions
Parameters:
  Teams: {Type: CommaDelimitedList, Default: "red,blue"}
  Open: {Type: CommaDelimitedList}
Resources:
  Main: {Type: AWS::EKS::Cluster, Properties: {Name: shop}}
  Fn::ForEach::Groups:
    - Team
    - ${list}
    - Group\${Team}:
        Type: AWS::EKS::Nodegroup
        Properties:
          ClusterName: !Ref Main
          NodegroupName: !Sub "\${Team}-nodes"
          AmiType: AL2_x86_64
`;
  it('creates its entries once for each item, located where they are written', () => {
    const { clusters, notes } = read({ 't.yaml': template('!Ref Teams') });
    const groups = clusters[0]?.nodegroups.items ?? [];
    expect(groups.map(({ name, amiType }) => [name.value, place(amiType.at)])).toEqual([
      ['red-nodes', 't.yaml:15 Resources["Fn::ForEach::Groups"][2]["Group${Team}"].Properties.AmiType'],
      ['blue-nodes', 't.yaml:15 Resources["Fn::ForEach::Groups"][2]["Group${Team}"].Properties.AmiType'],
    ]);
    expect(notes).toEqual([]);
  });
  it('over an unknown list is reported', () => {
    const { clusters, notes } = read({ 't.yaml': template('!Ref Open') });
    expect([clusters[0]?.nodegroups.items.length, notes.map(({ message }) => message)]).toEqual([
      0,
      ['resources created by Fn::ForEach::Groups are not judged'],
    ]);
  });
});

describe('what is created only when a template is deployed', () => {
  const cluster = { Main: { Type: 'AWS::EKS::Cluster', Properties: { Name: 'a' } } };
  const include = { Name: 'AWS::Include', Parameters: { Location: 's3://bucket/more.yaml' } };
  it.each([
    [
      'all resources',
      { Resources: { 'Fn::Transform': include } },
      ['resources created by Fn::Transform are not judged'],
    ],
    [
      'some resources',
      { Resources: { ...cluster, 'Fn::Transform': include } },
      ['resources created by Fn::Transform are not judged'],
    ],
    [
      'a macro',
      { Resources: cluster, Transform: ['AWS::Serverless-2016-10-31', 'Mine'] },
      ['the output of Mine is not judged'],
    ],
    ['a file', { Resources: cluster, Transform: include }, ['the output of AWS::Include is not judged']],
    [
      'a part',
      { Resources: cluster, 'Fn::Transform': include },
      ['what Fn::Transform adds to the template is not judged'],
    ],
    ['a transform of AWS', { Resources: cluster, Transform: 'AWS::LanguageExtensions' }, []],
  ])('is reported: %s', (_, template, expected) => {
    const { notes } = read({ 't.json': JSON.stringify({ AWSTemplateFormatVersion: '2010-09-09', ...template }) });
    expect(notes.map(({ message }) => message)).toEqual(expected);
  });
});

describe('values files', () => {
  const template = `Parameters:
  Open: {Type: String, Default: "false"}
  Name: {Type: String}
Resources:
  Main:
    Type: AWS::EKS::Cluster
    Properties:
      Name: !Ref Name
      ResourcesVpcConfig: {EndpointPublicAccess: !Ref Open}
`;
  it('give a template its parameters, each once', () => {
    const { clusters } = read({
      'infra/eks.yaml': template,
      'infra/params/dev.json': JSON.stringify([
        { ParameterKey: 'Name', ParameterValue: 'dev' },
        { ParameterKey: 'Open', ParameterValue: 'true' },
      ]),
      'infra/params/prod.json': JSON.stringify({ Parameters: { Name: 'prod' } }),
    });
    expect(
      clusters.map(({ name, endpoint }) => [
        name.value,
        place(name.at),
        endpoint.public.value,
        place(endpoint.public.at),
      ]),
    ).toEqual([
      ['dev', 'infra/params/dev.json:1 [0].ParameterValue', true, 'infra/params/dev.json:1 [1].ParameterValue'],
      [
        'prod',
        'infra/params/prod.json:1 Parameters.Name',
        false,
        'infra/eks.yaml:9 Resources.Main.Properties.ResourcesVpcConfig.EndpointPublicAccess',
      ],
    ]);
  });
  it('apply as far as a template has the parameters, and unused values are reported', () => {
    const { clusters, notes } = read({
      'eks.yaml': template,
      'a.json': JSON.stringify([{ ParameterKey: 'Open', ParameterValue: 'true' }]),
      'b.json': JSON.stringify({ Parameters: { Name: 'x', Other: 'y' } }),
      'c.json': JSON.stringify({ Parameters: { Name: 'z', Open: ['true'] } }),
    });
    expect(clusters.map(({ name, endpoint }) => [name.value ?? name.why, endpoint.public.value])).toEqual([
      ['parameter Name has no default', true],
      ['x', false],
      ['z', undefined],
    ]);
    expect(notes.map(({ kind, message, at }) => [kind, message, at?.source])).toEqual([
      ['partial', 'eks.yaml has no parameter Other, so what this file sets there is not judged', 'b.json'],
    ]);
  });
  it('that belong to no template, or cannot be read completely, are reported', () => {
    const list = Array.from({ length: 52 }, (_, i) => [
      `p-${i}.json`,
      JSON.stringify({ Parameters: { Name: `n${i}` } }),
    ]);
    const { clusters, notes } = read({
      'eks.yaml': template,
      'other.json': JSON.stringify({ Parameters: { Bucket: 'x', Prefix: 'y', Name: 'z' } }),
      'odd.json': JSON.stringify([{ ParameterKey: 'Name', ParameterValue: 'odd' }, { ParameterValue: 'y' }]),
      ...(Object.fromEntries(list) as Record<string, string>),
    });
    expect(clusters.length).toBe(50);
    expect(notes.map(({ kind, message, at }) => `${kind} ${at?.source}: ${message}`)).toEqual([
      'skipped other.json: parameter files that match no CloudFormation template in these files',
      'incomplete odd.json: parameter file entries without ParameterKey are not read',
      'incomplete eks.yaml: the template has 53 parameter files, of which 50 are judged',
    ]);
  });
  it('with one name belong to the template that has all of them, before one that has some', () => {
    const { clusters } = read({
      'eks.yaml': template,
      'vpc.yaml':
        'Parameters:\n  Name: {Type: String}\nResources: {A: {Type: AWS::EKS::Cluster, Properties: {Name: !Ref Name}}}\n',
      'values.json': JSON.stringify({ Parameters: { Name: 'x', Open: 'true' } }),
    });
    expect(clusters.map(({ name }) => name.value ?? name.why)).toEqual(['x', 'parameter Name has no default']);
  });
  it('are named by findings that only some of them have', async () => {
    const files = {
      'eks.yaml': template.replace('"false"', '"true"'),
      'dev.json': JSON.stringify({ Parameters: { Name: 'shop' } }),
      'test.json': JSON.stringify({ Parameters: { Name: 'shop' } }),
      'prod.json': JSON.stringify({ Parameters: { Name: 'shop', Open: 'false' } }),
    };
    const { findings } = await lintTexts(
      files,
      rules.filter(({ id }) => id === 'cluster/endpoint-public-open'),
    );
    expect(findings.map(({ at }) => at.source)).toEqual(['eks.yaml']);
    expect(findings[0]?.message).toMatch(/\(the default of parameter Open\) \(as applied with dev.json and 1 more\)$/);
  });
  it('do not reveal secrets', () => {
    const { clusters } = read({
      'eks.yaml': template.replace('Name: {Type: String}', 'Name: {Type: String, NoEcho: true}'),
      'a.json': JSON.stringify({ Parameters: { Name: 'x' } }),
    });
    expect(clusters.map(({ name }) => name.state)).toEqual(['unknown']);
  });
});

describe('nested stacks', () => {
  const child = `Parameters:
  Cluster: {Type: String}
  Ami: {Type: String, Default: AL2023_x86_64_STANDARD}
Resources:
  Group: {Type: AWS::EKS::Nodegroup, Properties: {ClusterName: !Ref Cluster, NodegroupName: web, AmiType: !Ref Ami}}
`;
  const cluster = `Resources:
  Main: {Type: AWS::EKS::Cluster, Properties: {Name: !Sub "\${AWS::StackName}-x"}}
Outputs:
  Name: {Value: !Ref Main}
`;
  it('use the parameters and outputs of the outer stack', () => {
    const { clusters, loose, notes } = read({
      'a/top.yaml': `Resources:
  Eks: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./parts/cluster.yaml}}
  Nodes:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: parts/nodes.yaml, Parameters: {Cluster: !GetAtt Eks.Outputs.Name, Ami: AL2_x86_64}}
  Own: {Type: AWS::EKS::Addon, Properties: {AddonName: vpc-cni, ClusterName: !GetAtt Eks.Outputs.Name}}
  EksMore: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: "https://bucket/eks.yaml"}}
`,
      'a/parts/nodes.yaml': child,
      'a/parts/cluster.yaml': cluster,
    });
    expect(loose).toEqual([]);
    expect(
      clusters.map(({ nodegroups, addons }) => [
        nodegroups.items.map(({ name, amiType }) => [name.value, amiType.value, place(amiType.at)]),
        addons.items.map(({ name }) => name.value),
      ]),
    ).toEqual([[[['web', 'AL2_x86_64', 'a/top.yaml:5 Resources.Nodes.Properties.Parameters.Ami']], ['vpc-cni']]]);
    expect(notes.map(({ message }) => message)).toEqual([
      'nested stack EksMore is not judged: its template is not in these files',
    ]);
  });
  it('are found by the end of their URL, if only one template matches', () => {
    const top = (url: string): string =>
      `Resources:\n  Eks: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: !Sub "https://\${Bucket}.s3.amazonaws.com/\${Prefix}parts/${url}"}}\n`;
    const count = (files: Record<string, string>): number => read(files).notes.length;
    expect(count({ 'top.yaml': top('eks.yaml'), 'parts/eks.yaml': cluster })).toBe(0);
    expect(count({ 'top.yaml': top('eks.yaml'), 'a/parts/eks.yaml': cluster, 'b/parts/eks.yaml': cluster })).toBe(1);
    expect(count({ 'top.yaml': top('eks.yaml'), 'other/eks.yaml': cluster })).toBe(1);
  });
  it('report once what is missing in a template that several use', () => {
    const part =
      'Resources:\n  Eks: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: "https://bucket/eks.yaml"}}\n';
    const top = 'Resources:\n  Part: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: part.yaml}}\n';
    const { notes } = read({ 'a.yaml': top, 'b.yaml': top, 'part.yaml': part });
    expect(notes.map(({ message, at }) => [message, at?.source, at?.start?.line])).toEqual([
      ['nested stack Eks is not judged: its template is not in these files', 'part.yaml', 2],
    ]);
  });
  it('may form cycles', () => {
    const { clusters } = read({
      'a.yaml': `Parameters: {P: {Type: String, Default: x}}\nResources:\n  A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: a.yaml, Parameters: {P: !GetAtt A.Outputs.O}}}\n  C: {Type: AWS::EKS::Cluster, Properties: {Name: !Ref P}}\nOutputs: {O: {Value: !GetAtt A.Outputs.O}}\n`,
    });
    expect(clusters.length).toBeGreaterThan(0);
  });
});

describe('loops within loops', () => {
  const loop = (id: string, body: string): string =>
    `{"Fn::ForEach::${id}": ["${id}", [${Array.from({ length: 100 }, (_, at) => `"a${at}"`).join()}], ${body}]}`;
  it('end, in each section by itself', () => {
    const made = '{"S${A}${B}${C}": {"Type": "AWS::EKS::Cluster", "Properties": {"Name": "c"}}}';
    const nested = loop('A', loop('B', loop('C', made)));
    const { clusters, notes } = read({ 't.json': `{"Outputs": ${nested}, "Resources": ${nested}}` });
    expect(clusters.length).toBeGreaterThan(500);
    expect(clusters.length).toBeLessThan(2200);
    expect(notes.map(({ kind, message }) => `${kind}: ${message}`)).toContain(
      'incomplete: not all that Fn::ForEach creates is judged, because its loops are too long: lint the processed template',
    );
  });
});

describe('a template that contains only loops', () => {
  const loop = (list: string): string =>
    `Parameters: {Names: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::Clusters:
    - Name
    - ${list}
    - C\${Name}: {Type: AWS::EKS::Cluster, Properties: {Name: !Ref Name}}
`;
  it('is a template', () => {
    expect(read({ 't.yaml': loop('[dev, prod]') }).clusters.map(({ name }) => name.value)).toEqual(['dev', 'prod']);
    expect(read({ 't.yaml': loop('!Ref Names') }).notes.map(({ message }) => message)).toEqual([
      'resources created by Fn::ForEach::Clusters are not judged',
    ]);
  });
});

describe('Fn::ImportValue', () => {
  const exporting = (outputs: string, more = ''): string =>
    `AWSTemplateFormatVersion: '2010-09-09'
${more}Resources:
  SG:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: of the nodes, SecurityGroupIngress: [{IpProtocol: "-1", CidrIp: 0.0.0.0/0}]}
Outputs:
${outputs}`;
  const importing = (version: string): string =>
    `AWSTemplateFormatVersion: '2010-09-09'
Resources:
  SG: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: another one with the same ID}}
  C:
    Type: AWS::EKS::Cluster
    Properties:
      Name: c
      Version: ${version}
      ResourcesVpcConfig: {SecurityGroupIds: [!ImportValue group]}
`;
  const version = (outputs: string, value: string, more = '', files: Readonly<Record<string, string>> = {}) => {
    const [one] = read({ 'a.yaml': exporting(outputs, more), 'b.yaml': importing(value), ...files }).clusters;
    return one?.version.value ?? one?.version.why;
  };
  const hidden = 'the outcome of Fn::ImportValue is not known before deployment';
  const output = (name: string, value = '"1.33"', more = ''): string =>
    `  V: {Value: ${value}, Export: {Name: ${name}}${more}}\n`;

  it('is what another template exports under the name', () => {
    expect(version(output('v'), '!ImportValue v')).toBe('1.33');
    expect(version(output('!Sub "${AWS::Region}-v"'), '{"Fn::ImportValue": !Sub "${AWS::Region}-v"}')).toBe('1.33');
    for (const name of ['AWS::AccountId', 'AWS::Partition', 'AWS::URLSuffix'])
      expect(version(output(`!Sub "\${${name}}-v"`), `{"Fn::ImportValue": !Sub "\${${name}}-v"}`)).toBe('1.33');
    expect(version(output('!Join ["-", [!Ref AWS::Region, v]]'), '{"Fn::ImportValue": !Sub "${AWS::Region}-v"}')).toBe(
      '1.33',
    );
    const { clusters, aws } = read({
      'a.yaml': exporting('  G: {Value: !Ref SG, Export: {Name: group}}\n'),
      'b.yaml': importing('"1.33"'),
    });
    const users = aws.flatMap((one) => (one.kind === 'securityGroup' ? [[one.at.source, one.users]] : []));
    expect([clusters.length, users]).toEqual([
      1,
      [
        ['a.yaml', ['cluster "c"']],
        ['b.yaml', []],
      ],
    ]);
  });
  it('is unknown if no template or several export the name, or the name is unknown', () => {
    expect(version(output('w'), '!ImportValue v')).toBe(hidden);
    expect(version(output('!Sub "${AWS::StackName}-v"'), '{"Fn::ImportValue": !Sub "${AWS::StackName}-v"}')).toBe(
      hidden,
    );
    expect(version(output('v'), '!ImportValue v', '', { 'c.yaml': exporting(output('v', '"1.30"')) })).toBe(hidden);
    expect(version(output('v', '!ImportValue v'), '!ImportValue v')).toBe(hidden);
    const off = 'Conditions: {Never: !Equals [a, b]}\n';
    expect(version(output('v', '"1.33"', ', Condition: Never'), '!ImportValue v', off)).toBe(hidden);
  });
  it('is followed through a few stacks, and unknown behind a thousand', () => {
    const chain = (length: number): string =>
      Array.from({ length }, (_, at) => `  O${at}: {Value: !ImportValue v${at + 1}, Export: {Name: v${at}}}\n`).join(
        '',
      ) + `  Last: {Value: "1.33", Export: {Name: v${length}}}\n`;
    expect(version(chain(20), '!ImportValue v0')).toBe('1.33');
    expect(version(chain(2000), '!ImportValue v0')).toBe(hidden);
  });
});
