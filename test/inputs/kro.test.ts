import { describe, expect, test } from 'vitest';
import { countTime } from '../processor-time.ts';
import { read } from './read.ts';

/* Graphs of kro, and the objects in them. */

const graph = `apiVersion: kro.run/v1alpha1
kind: ResourceGraphDefinition
metadata: {name: clusters}
spec:
  schema:
    apiVersion: v1alpha1
    kind: ShopCluster
    spec:
      name: string
      version: string | default="1.32"
      open: boolean | required=false default=true
      nodes: {min: integer | default=2}
      extra: boolean
  resources:
  - id: subnet
    template:
      apiVersion: ec2.services.k8s.aws/v1alpha1
      kind: Subnet
      metadata: {name: subnet}
      spec: {vpcID: vpc-1, cidrBlock: 10.0.0.0/24, mapPublicIPOnLaunch: true}
  - id: role
    template:
      apiVersion: iam.services.k8s.aws/v1alpha1
      kind: Role
      metadata: {name: "\${schema.spec.name}-role"}
      spec:
        name: "\${schema.spec.name}-role"
        policies: ["arn:aws:iam::aws:policy/AdministratorAccess"]
  - id: control
    template:
      apiVersion: eks.services.k8s.aws/v1alpha1
      kind: Cluster
      metadata: {name: "\${schema.spec.name}"}
      spec:
        name: \${schema.spec.name}
        version: \${schema.spec.version}
        resourcesVPCConfig:
          endpointPublicAccess: \${schema.spec.open}
          subnetIDs: ["\${subnet.status.subnetID}"]
  - id: nodes
    template:
      apiVersion: eks.services.k8s.aws/v1alpha1
      kind: Nodegroup
      metadata: {name: "\${control.metadata.name}-nodes"}
      spec:
        name: nodes
        clusterName: \${control.spec.name}
        nodeRole: \${role.status.ackResourceMetadata.arn}
        subnets: ["\${subnet.status.subnetID}"]
        scalingConfig: {minSize: "\${schema.spec.nodes.min}"}
  - id: more
    includeWhen: ["\${schema.spec.extra}"]
    template:
      apiVersion: eks.services.k8s.aws/v1alpha1
      kind: Nodegroup
      metadata: {name: more}
      spec: {name: more, clusterName: "\${schema.spec.name}", nodeRole: "arn:aws:iam::111122223333:role/n"}
`;
const instance = (name: string, spec: string): string =>
  `apiVersion: kro.run/v1alpha1\nkind: ShopCluster\nmetadata: {name: ${name}}\nspec: {name: ${name}, ${spec}}\n`;
const factsOf = (files: Readonly<Record<string, string>>) =>
  read(files).clusters.map(({ name, version, endpoint, nodegroups }) => ({
    name: name.why ?? name.value,
    version: [version.why ?? version.value, version.assuming, version.at.source],
    public: [endpoint.public.value, endpoint.public.assuming],
    groups: [...nodegroups].map((group) => [
      group.name.value,
      group.scaling.min.why ?? group.scaling.min.value,
      group.subnets.has(({ isPublic }) => isPublic).state,
    ]),
  }));

describe('a graph of kro', () => {
  test('has the defaults of its schema, and its objects refer to each other', () => {
    expect(factsOf({ 'g.yaml': graph })).toEqual([
      {
        name: 'spec.name of ShopCluster is not set in these files',
        version: ['1.32', 'the default of spec.version', 'g.yaml'],
        public: [true, 'the default of spec.open'],
        groups: [
          ['nodes', 2, 'yes'],
          ['more', undefined, 'no'],
        ],
      },
    ]);
  });
  test('gives the roles of the graph to its node groups', () => {
    const roles = read({ 'g.yaml': graph }).aws.filter((one) => one.kind === 'iamRole');
    expect(roles.map(({ nodegroups }) => nodegroups.map(({ name, is }) => `${name} ${is.state}`))).toEqual([
      ['nodes yes'],
    ]);
  });
  test('is judged once for each instance', () => {
    const files = {
      'g.yaml': graph,
      'a.yaml': instance('a', 'version: "1.34", open: false, nodes: {min: 3}, extra: false'),
      'b.yaml': instance('b', 'extra: true'),
      'c.yaml': 'apiVersion: other.example/v1alpha1\nkind: ShopCluster\nmetadata: {name: c}\nspec: {name: c}\n',
    };
    expect(factsOf(files)).toEqual([
      {
        name: 'a',
        version: ['1.34', undefined, 'a.yaml'],
        public: [false, undefined],
        groups: [['nodes', 3, 'yes']],
      },
      {
        name: 'b',
        version: ['1.32', 'the default of spec.version', 'g.yaml'],
        public: [true, 'the default of spec.open'],
        groups: [
          ['nodes', 2, 'yes'],
          ['more', undefined, 'no'],
        ],
      },
    ]);
  });
  test('may have instances in a group of its own', () => {
    const files = {
      'g.yaml': graph.replace('    kind: ShopCluster', '    group: shop.example\n    kind: ShopCluster'),
      'a.yaml': instance('a', '').replace('kro.run', 'shop.example'),
    };
    expect(factsOf(files).map(({ name }) => name)).toEqual(['a']);
  });
  test('gives nothing to change where a value is a default in the text of the schema', () => {
    const [cluster] = read({ 'g.yaml': graph }).clusters;
    expect(cluster?.version.write('1.35')).toEqual([]);
  });
  test('leaves out what a default of the schema turns off, if an instance asks for it', () => {
    const off = graph.replace('extra: boolean', 'extra: boolean | default=false');
    const groupsOf = (files: Readonly<Record<string, string>>) =>
      read(files).clusters.map(({ nodegroups }) => [...nodegroups].map(({ name }) => name.value));
    expect(groupsOf({ 'g.yaml': off })).toEqual([['nodes', 'more']]);
    expect(groupsOf({ 'g.yaml': off, 'a.yaml': instance('a', '') })).toEqual([['nodes']]);
  });
  test.each([
    [String.raw`string | description="e.g. default=1.20" default="1.33"`, '1.33'],
    [String.raw`string | default="1.33" description="say \"default=1.20\""`, '1.33'],
    ['string | pattern="a|b" default=1.33 required=true', '1.33'],
    ['string | default=33', '33'],
    ['string | description="default=1.20"', 'spec.version of ShopCluster is not set in these files'],
    ['string | description="open default=1.20', 'spec.version of ShopCluster is not set in these files'],
  ])('has a default that the marker of its name sets: %s', (marked, expected) => {
    const changed = graph.replace(`string | default="1.32"`, `'${marked}'`);
    expect(factsOf({ 'g.yaml': changed }).map(({ version }) => version[0])).toEqual([expected]);
  });
  test('knows the name of its instance, also in a text in a list', () => {
    const named = graph
      .replace('AdministratorAccess', '${schema.spec.policy}')
      .replace('version: ${schema.spec.version}', 'version: "1.${schema.metadata.name}"');
    const found = read({ 'g.yaml': named, 'a.yaml': instance('33', 'policy: AdministratorAccess') });
    expect(found.clusters.map(({ version }) => version.value)).toEqual(['1.33']);
    const [role] = found.aws.filter((one) => one.kind === 'iamRole');
    const policy = [...(role?.managed ?? [])][0];
    expect([policy?.arn.value, policy?.arn.at.start?.line]).toEqual([
      'arn:aws:iam::aws:policy/AdministratorAccess',
      28,
    ]);
  });
  test('ends at expressions that name each other in a circle, and reads each text once', () => {
    const bars = '|default='.repeat(5000);
    const circle = Array.from(
      { length: 300 },
      (_, at) => `  - id: c${at}
    template:
      apiVersion: iam.services.k8s.aws/v1alpha1
      kind: Role
      metadata: {name: c${at}}
      spec: {name: "\${c${(at + 1) % 300}.spec.name}", description: "\${schema.spec.bad} \${schema.spec.name}"}
`,
    );
    const many = graph.replace('extra: boolean', `bad: 'string ${bars}'`) + circle.join('');
    const instances = Array.from({ length: 5 }, (_, at) => instance(`n${at}`, 'version: "1.34"')).join('---\n');
    const spent = countTime();
    expect(read({ 'g.yaml': many, 'a.yaml': instances }).clusters).toHaveLength(5);
    expect(spent()).toBeLessThan(8000);
  });
});
