import { describe, expect, test } from 'vitest';
import { countTime } from '../processor-time.ts';
import { isGraph } from '#inputs/claims.ts';
import { kubernetesInput } from '#inputs/kubernetes/input.ts';
import { read as readKubernetesAws } from '#inputs/kubernetes-aws/input.ts';
import { parse, read, source } from './read.ts';

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
  test.each([
    ['', 'kro.run/v1alpha1 ShopCluster'],
    ['    group: shop.example\n', 'shop.example/v1alpha1 ShopCluster'],
  ])('knows what its instances are, without one: %j', (group, is) => {
    const own = graph
      .replace('    kind: ShopCluster', `${group}    kind: ShopCluster`)
      .replace('name: nodes\n', 'name: "${schema.apiVersion} ${schema.kind}"\n');
    const [cluster] = read({ 'g.yaml': own }).clusters;
    expect([...(cluster?.nodegroups ?? [])][0]?.name.value).toBe(is);
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

describe('an expression of a graph', () => {
  const app = `apiVersion: kro.run/v1alpha1
kind: ResourceGraphDefinition
metadata: {name: apps}
spec:
  schema:
    apiVersion: v1alpha1
    kind: App
    spec:
      name: string
      tier: string | default=web
      tag: string
      count: integer | default=2
      debug: boolean
      zones: '[]string | default=["a", "b"]'
      ports: '[]integer'
      deep: {tls: boolean | default=true, note: string}
  resources:
  - id: source
    template:
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: "\${schema.spec.name}-source"}
      data: {word: plain, list: "\${schema.spec.name}"}
  - id: other
    externalRef: {apiVersion: v1, kind: ConfigMap, metadata: {name: other}}
  - id: target
    template:
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: target}
      data: {value: 'EXPRESSION'}
`;
  const one = `apiVersion: kro.run/v1alpha1\nkind: App\nmetadata: {name: shop, namespace: live}\nspec: {name: shop, ports: [80, 443]}\n`;
  const target = (expression: string, by = one) => {
    const graphs = app.replace("'EXPRESSION'", JSON.stringify(expression));
    const found = read({ 'g.yaml': graphs, 'a.yaml': by }).resources.find(({ name }) => name === 'target');
    const value = (found?.object as { data?: { value?: unknown } } | undefined)?.data?.value;
    const why = found?.changes[0]?.why;
    // A text that is known in part has both.
    return typeof value === 'string' && !/^\$\{[^}]*\}$/.test(value) ? value : (why ?? value);
  };
  test.each([
    ["${schema.spec.name + '-' + string(schema.spec.count)}", 'shop-2'],
    ['${schema.spec.zones[1]}', 'b'],
    ['${schema.spec.ports[0] + 1}', 81],
    ['${schema.spec.tier == "web" ? "yes" : "no"}', 'yes'],
    ['${schema.spec.?tag.orValue("latest")}', 'latest'],
    ['${schema.spec[?"tag"].orValue("latest")}', 'latest'],
    ['${schema.spec.?tier.orValue("latest")}', 'web'],
    ['${has(schema.spec.tag)}', false],
    ['${has(schema.spec.tag) && schema.spec.tag == "x"}', false],
    ['${schema.spec.?tag.hasValue()}', false],
    ['${has(schema.spec.name)}', true],
    ['${size(schema.spec.zones) > 1 || schema.spec.debug}', true],
    ['${!schema.spec.deep.tls}', false],
    ['${schema.spec.deep}', { tls: true }],
    ['${schema.spec.zones.map(z, schema.spec.name + z)}', ['shopa', 'shopb']],
    ['${schema.spec.ports.filter(p, p > 80)}', [443]],
    ['${schema.spec.ports.exists(p, p == 80)}', true],
    ['${schema.spec.ports.all(p, p == 80)}', false],
    ['${"a" in schema.spec.zones}', true],
    ['${schema.spec.name.upperAscii().replace("S", "s").split("O").join(".")}', 'sH.P'],
    ['${schema.spec.name.contains("ho") && schema.spec.name.startsWith("s") && schema.spec.name.endsWith("p")}', true],
    ['${{"a": schema.spec.count, "b": [1, -2]}}', { a: 2, b: [1, -2] }],
    ['${lists.range(size(schema.spec.ports))}', [0, 1]],
    ['${schema.spec.zones.map(z, z != "a", z + "1")}', ['b1']],
    ['${schema.spec.ports.all(p, p > 1)}', true],
    ['${schema.spec.zones.size() == 2 && true}', true],
    ['${[1.5, dyn(schema.spec.name).upperAscii().lowerAscii(), null]}', [1.5, 'shop', null]],
    ['${schema.spec.zones.length}', 'spec.zones.length of App is not set in these files'],
    ['${source.metadata.name.nosuch()}', 'source.metadata.name.nosuch() is an expression that is not evaluated'],
    ['${source.data.word}-${source.metadata.name}', 'plain-shop-source'],
    ['${source.data.list}', 'shop'],
    ['${other.metadata.name}', 'other'],
    ['echo ${"${HOME}"} in ${schema.metadata.namespace}', 'echo ${HOME} in live'],
    ['${int("4") * 2 - 1}', 7],
    ['a ${schema.spec.name} of ${schema.spec.tag}', 'a shop of ${schema.spec.tag}'],
    ['${"a " + schema.spec.name + source.status.at}', 'a shop${source.status.at}'],
    ['a ${schema.metadata.labels.x}', 'a ${schema.metadata.labels.x}'],
    ['${schema.spec.tag}', 'spec.tag of App is not set in these files'],
    ['${schema.spec.tag == "x"}', 'spec.tag of App is not set in these files'],
    ['${schema.spec.name.substring(1)}', 'schema.spec.name.substring(1) is an expression that is not evaluated'],
    ['${schema.spec.name == ("secret" + 1)}', 'schema.spec.name == ("..." + 1) is an expression that is not evaluated'],
    ['${schema.spec.zones[7]}', 'spec.zones.7 of App is not set in these files'],
    ['${schema.spec.name +}', 'schema.spec.name + is an expression that is not evaluated'],
    ['${other.data.x}', 'other.data.x is not known before deployment'],
  ])('%s', (expression, expected) => {
    const found = target(expression);
    expect(typeof found === 'object' ? JSON.parse(JSON.stringify(found)) : found).toEqual(expected);
  });
  test('leads to the text that sets its value, or to the expression that computes it', () => {
    const placeOf = (expression: string) => {
      const graphs = app.replace("'EXPRESSION'", JSON.stringify(expression));
      const found = read({ 'g.yaml': graphs, 'a.yaml': one }).resources.find(({ name }) => name === 'target');
      if (!found) throw new Error('it is not made');
      const { data, metadata } = found.object as unknown as { data: object; metadata: object };
      return [found.place(data, 'value'), found.place(metadata, 'namespace')].map((at) => `${at.source} ${at.path}`);
    };
    const namespace = 'a.yaml metadata.namespace';
    expect(placeOf('${schema.spec.name}')).toEqual(['a.yaml spec.name', namespace]);
    expect(placeOf('${schema.spec.tier}')).toEqual(['g.yaml spec.schema.spec.tier', namespace]);
    expect(placeOf('${source.data.word}')).toEqual(['g.yaml spec.resources[0].template.data.word', namespace]);
    expect(placeOf('${schema.spec.name + "x"}')).toEqual(['g.yaml spec.resources[2].template.data.value', namespace]);
  });
  test('of a text that another tool fills in decides nothing', () => {
    const by = one.replace('spec: {name: shop,', 'spec: {name: "${NAME}",');
    expect(target('${schema.spec.name == "shop"}', by)).toMatch(/not evaluated/);
    expect(target('${size(schema.spec.name) > 3}', by)).toMatch(/not evaluated/);
    expect(target('${schema.spec.name + "-a"}', by)).toBe('${NAME}-a');
  });
  test('that doubles at each step ends', () => {
    const steps = Array.from(
      { length: 200 },
      (_, at) => `  - id: n${at}
    template:
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: n${at}}
      data: {x: "\${[n${at + 1}.data.x, n${at + 1}.data.x]}"}
`,
    );
    const last =
      '  - id: n200\n    template: {apiVersion: v1, kind: ConfigMap, metadata: {name: n200}, data: {x: "1"}}\n';
    const spent = countTime();
    read({ 'g.yaml': app + steps.join('') + last, 'a.yaml': one });
    expect(spent()).toBeLessThan(4000);
  });
});

describe('objects of a graph', () => {
  const apps = (resources: string): string => `apiVersion: kro.run/v1alpha1
kind: ResourceGraphDefinition
metadata: {name: apps}
spec:
  schema:
    apiVersion: v1alpha1
    kind: App
    spec: {name: string, first: boolean, hidden: boolean | default=false, zones: "[]string", image: string}
  resources:
${resources}`;
  const config = (id: string, more = '', data = '{}'): string =>
    `  - id: ${id}\n${more}    template: {apiVersion: v1, kind: ConfigMap, metadata: {name: "${id}"}, data: ${data}}\n`;
  const app = (spec: string): string =>
    `apiVersion: kro.run/v1alpha1\nkind: App\nmetadata: {name: shop, namespace: live}\nspec: {name: shop, ${spec}}\n`;
  const namesOf = (files: Readonly<Record<string, string>>): string[] =>
    read(files).resources.flatMap(({ kind, name }) => (kind === 'ConfigMap' ? [name] : []));

  test('that depend on one that is left out are left out', () => {
    const graph = apps(
      config('first', '    includeWhen: ["${schema.spec.first}"]\n') +
        config('second', '', '{a: "${first.metadata.name}"}') +
        config('third', '    includeWhen: ["${second.data.a == \'first\'}"]\n') +
        config('fourth', '    includeWhen: ["${!schema.spec.first}", "${!schema.spec.hidden}"]\n'),
    );
    expect(namesOf({ 'g.yaml': graph, 'a.yaml': app('first: true') })).toEqual(['first', 'second', 'third']);
    expect(namesOf({ 'g.yaml': graph, 'a.yaml': app('first: false') })).toEqual(['fourth']);
  });
  test('leave their unit open if their condition is not known', () => {
    const gapsOf = (condition: string, more = '') => {
      const text = apps(config('first', `    includeWhen: [${condition}]\n`) + more);
      const trees = [source('g.yaml', text), source('a.yaml', app(''))].flatMap((one) => parse(one));
      const { resources } = kubernetesInput().read(trees, { charts: new Set(), kustomizations: new Set() });
      return [...(readKubernetesAws(resources.filter(isGraph), () => resources).gaps ?? [])];
    };
    expect(gapsOf('"${schema.spec.first}"')).toEqual([['tree:', 'spec.first of App is not set in these files']]);
    expect(gapsOf('true')).toEqual([['tree:', 'includeWhen is an expression that is not evaluated']]);
    expect(gapsOf('"${schema.spec.name}"')).toEqual([['tree:', 'includeWhen is an expression that is not evaluated']]);
    expect(gapsOf('"${!schema.spec.hidden}"')).toEqual([]);
  });
  test('of a collection are made for each item, in the namespace of the instance', () => {
    const graph = apps(
      config(
        'item',
        '    forEach: [{zone: "${schema.spec.zones}"}, {at: "${lists.range(2)}"}]\n',
        '{z: "${zone}", at: "${string(at)}"}',
      ) + config('all', '', '{names: "${item.map(i, i.data.z).join(\',\')}"}'),
    );
    const found = read({ 'g.yaml': graph, 'a.yaml': app('zones: [a, b]') }).resources;
    const datas = found.flatMap(({ kind, object, namespace }) =>
      kind === 'ConfigMap' ? [[namespace, { ...(object['data'] as object) }]] : [],
    );
    expect(datas).toEqual([
      ['live', { z: 'a', at: '0' }],
      ['live', { z: 'a', at: '1' }],
      ['live', { z: 'b', at: '0' }],
      ['live', { z: 'b', at: '1' }],
      ['live', { names: 'a,a,b,b' }],
    ]);
    expect(namesOf({ 'g.yaml': graph, 'a.yaml': app('zones: []') })).toEqual(['all']);
    const [open] = read({ 'g.yaml': graph, 'a.yaml': app('') }).resources.filter(({ name }) => name === 'item');
    expect(open?.changes.map(({ why }) => why)).toEqual([
      'schema.spec.zones is an expression that is not evaluated',
      'lists.range(2) is an expression that is not evaluated',
    ]);
  });
  test('are judged for each instance in place of the graph', () => {
    const pod =
      'metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: "${schema.spec.image}", securityContext: {privileged: true}}]}';
    const graph = apps(
      ['web', 'api']
        .map(
          (id) =>
            `  - id: ${id}\n    template: {apiVersion: apps/v1, kind: Deployment, metadata: {name: ${id}}, spec: {selector: {matchLabels: {app: a}}, template: {${pod}}}}\n`,
        )
        .join(''),
    );
    const titles = (files: Readonly<Record<string, string>>): string[] =>
      read(files).resources.map(({ title }) => title);
    expect(titles({ 'g.yaml': graph })).toEqual([
      'ResourceGraphDefinition "apps"',
      'Deployment "web"',
      'Deployment "api"',
    ]);
    expect(titles({ 'g.yaml': graph, 'a.yaml': app('image: "a:1"') })).toEqual([
      'ResourceGraphDefinition "apps"',
      'App "shop"',
      'Deployment "web"',
      'Deployment "api"',
    ]);
  });
  test('that are instances of another graph are judged there, whatever the order', () => {
    const inner = apps(config('inner', '', '{name: "${schema.spec.name}"}'));
    const outer = inner
      .replace('kind: App', 'kind: Site')
      .replace('name: apps', 'name: sites')
      .replace(
        /  - id: inner[^]*/,
        '  - id: app\n    template: {apiVersion: kro.run/v1alpha1, kind: App, metadata: {name: a}, spec: {name: "${schema.spec.name}-app"}}\n',
      );
    const site = app('').replace('kind: App', 'kind: Site');
    const found = read({ 'a.yaml': inner, 'b.yaml': outer, 'c.yaml': site }).resources;
    expect(found.find(({ name }) => name === 'inner')?.object).toMatchObject({ data: { name: 'shop-app' } });
    // What hides no pods is not said to hide some.
    expect(found.map(({ title, expanded }) => `${title} ${expanded}`)).toEqual([
      'ResourceGraphDefinition "apps" true',
      'ResourceGraphDefinition "sites" true',
      'Site "shop" true',
      'App "a" true',
      'ConfigMap "inner" false',
    ]);
  });
  test('are made of few instances and items, and lead to few others', () => {
    const many = Array.from({ length: 2001 }, (_, at) => config(`n${at}`));
    expect(namesOf({ 'g.yaml': apps(many.join('')), 'a.yaml': app('') })).toHaveLength(2001);
    const wide = config('all', '    forEach: [{a: "${lists.range(30)}"}]\n', '{x: "${string(a)}"}');
    const each = Array.from({ length: 40 }, (_, at) => app('').replace('name: shop,', `name: a${at},`)).join('---\n');
    const graph = apps(wide + wide.replace('id: all', 'id: more'));
    const made = namesOf({ 'g.yaml': graph, 'a.yaml': each });
    expect(made.length).toBeGreaterThan(1900);
    expect(made.length).toBeLessThan(2100);
    const chain = Array.from({ length: 2000 }, (_, at) =>
      config(`n${at}`, `    includeWhen: ["\${n${at + 1}.data.x == 'x'}"]\n`, `{x: "\${n${at + 1}.data.x}"}`),
    );
    expect(namesOf({ 'g.yaml': apps(chain.join('')), 'a.yaml': app('') })).toHaveLength(2000);
    const entries = Array.from({ length: 6000 }, (_, at) => `k${at}: "\${schema.spec.name}"`).join(', ');
    expect(namesOf({ 'g.yaml': apps(config('all', '', `{${entries}}`)), 'a.yaml': each })).toEqual(['all']);
  });
  test('have the namespace of their own instance in messages', () => {
    const files = {
      'g.yaml': apps(config('made')),
      'a.yaml': ['dev', 'prod'].map((name) => app('').replace('namespace: live', `namespace: ${name}`)).join('---\n'),
    };
    const { resources } = read(files);
    const made = resources.filter(({ kind }) => kind === 'ConfigMap');
    expect(made.map(({ subject }) => subject.namespace)).toEqual(['dev', 'prod']);
  });
  test('do not double the texts of one another without an end', () => {
    const doubling = Array.from({ length: 60 }, (_, at) => {
      const text = at === 0 ? '${schema.spec.name}' : `\${n${at - 1}.data.x}\${n${at - 1}.data.x}`;
      return config(`n${at}`, '', `{x: "${text}"}`);
    });
    expect(namesOf({ 'g.yaml': apps(doubling.join('')), 'a.yaml': app('') })).toHaveLength(60);
  });
  test('may not be there if their condition is not known', () => {
    const addon =
      '  - id: addon\n    includeWhen: ["${schema.spec.extra}"]\n    template:\n      apiVersion: eks.services.k8s.aws/v1alpha1\n      kind: Addon\n      metadata: {name: a}\n      spec: {name: vpc-cni, clusterName: "${control.spec.name}"}\n';
    const has = (spec: string) => {
      const [cluster] = read({ 'g.yaml': graph + addon, 'a.yaml': instance('a', spec) }).clusters;
      const answer = cluster?.addons.map(({ name }) => name).has((name) => name.is('vpc-cni'));
      return [answer?.state, answer?.why];
    };
    expect(has('extra: true')).toEqual(['yes', undefined]);
    expect(has('extra: false')).toEqual(['unknown', 'other files may add more']);
    expect(has('')).toEqual(['unknown', 'other files may add more']);
  });
  test('of a collection are referred to by another object', () => {
    const zones = graph
      .replace('  - id: subnet\n', '  - id: subnet\n    forEach: [{at: "${lists.range(2)}"}]\n')
      .replace('metadata: {name: subnet}', 'metadata: {name: "${\'subnet-\' + string(at)}"}')
      .replace('["${subnet.status.subnetID}"]\n  - id: nodes', '"${subnet.map(s, s.status.subnetID)}"\n  - id: nodes')
      .replace('subnets: ["${subnet.status.subnetID}"]', 'subnets: ["${subnet[1].status.subnetID}"]');
    const [cluster] = read({ 'g.yaml': zones, 'a.yaml': instance('a', 'extra: false') }).clusters;
    expect(cluster?.subnets.has(({ isPublic }) => isPublic).state).toBe('yes');
    expect([...(cluster?.nodegroups ?? [])].map((one) => one.subnets.has(({ isPublic }) => isPublic).state)).toEqual([
      'yes',
    ]);
  });
});
