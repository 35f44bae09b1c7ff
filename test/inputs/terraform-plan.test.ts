import { describe, expect, it } from 'vitest';
import type { Location } from '#syntax/tree.ts';
import { read } from './read.ts';

const place = ({ source, start, path }: Location): string => `${source}:${start?.line} ${path}`;

interface Root {
  errored?: boolean;
  complete?: boolean;
  deferred_changes?: unknown[];
  resource_changes: unknown[];
  planned_values: { root_module: { resources: unknown[]; child_modules: unknown } };
}
interface Made {
  readonly address: string;
  readonly values: Record<string, unknown>;
  readonly unknown?: Record<string, unknown>;
  readonly sensitive?: Record<string, unknown>;
  readonly index?: string | number;
}
const typeOf = (address: string): string => /([a-z_]+)\.[\w-]+(?:\[[^\]]*\])?$/.exec(address)?.[1] ?? '';
const resource = ({ address, values, sensitive = {}, index }: Made) => ({
  address,
  mode: 'managed',
  type: typeOf(address),
  values,
  sensitive_values: sensitive,
  ...(index === undefined ? {} : { index }),
});
/** A plan with these resources, by the address of their module. */
function plan(modules: Readonly<Record<string, readonly Made[]>>, configuration: unknown = {}): string {
  const { '': own = [], ...others } = modules;
  return JSON.stringify(
    {
      format_version: '1.2',
      planned_values: {
        root_module: {
          resources: own.map(resource),
          child_modules: Object.entries(others).map(([address, all]) => ({ address, resources: all.map(resource) })),
        },
      },
      resource_changes: Object.values(modules)
        .flat()
        .map(({ address, unknown = {} }) => ({ address, change: { after_unknown: unknown } })),
      configuration: { root_module: configuration },
    },
    null,
    1,
  );
}
const cluster: Made = {
  address: 'aws_eks_cluster.c',
  values: {
    name: 'shop',
    version: '1.33',
    vpc_config: [{ endpoint_public_access: true, endpoint_private_access: false }],
    enabled_cluster_log_types: [],
    tags: { team: 'dev' },
  },
  unknown: { arn: true, vpc_config: [{ public_access_cidrs: true, vpc_id: true }] },
};
const written = (vpc: Record<string, unknown>) => ({
  resources: [{ address: 'aws_eks_cluster.c', expressions: { name: {}, version: {}, vpc_config: [vpc] } }],
});

describe('a plan', () => {
  it('contains all values, and what the provider will choose is its default', () => {
    const [one] = read({ 'plan.json': plan({ '': [cluster] }, written({ endpoint_public_access: {} })) }).clusters;
    expect([
      one?.name.value,
      one?.version.value,
      one?.endpoint.public.value,
      one?.endpoint.publicCidrs.state,
      one?.endpoint.publicCidrs.items.map(({ value }) => value),
      one?.logging.state,
      one && place(one.endpoint.public.at),
    ]).toEqual([
      'shop',
      '1.33',
      true,
      'default',
      ['0.0.0.0/0'],
      'default',
      'plan.json:15 planned_values.root_module.resources[0].values.vpc_config[0].endpoint_public_access',
    ]);
  });
  it('contains each item of a list at its own line', () => {
    const vpc_config = [{ endpoint_public_access: true, public_access_cidrs: ['10.0.0.0/8', '192.0.2.0/24'] }];
    const open = { ...cluster, values: { ...cluster.values, vpc_config }, unknown: {} };
    const [one] = read({ 'plan.json': plan({ '': [open] }, written({ public_access_cidrs: {} })) }).clusters;
    expect(one?.endpoint.publicCidrs.items.map(({ value, at }) => `${value} ${place(at)}`)).toEqual([
      '10.0.0.0/8 plan.json:17 planned_values.root_module.resources[0].values.vpc_config[0].public_access_cidrs[0]',
      '192.0.2.0/24 plan.json:18 planned_values.root_module.resources[0].values.vpc_config[0].public_access_cidrs[1]',
    ]);
  });
  it('does not contain what is known after apply, or sensitive', () => {
    const hidden = { ...cluster, sensitive: { version: true, name: true } };
    const [one] = read({ 'plan.json': plan({ '': [hidden] }, written({ public_access_cidrs: {} })) }).clusters;
    expect([one?.endpoint.publicCidrs.why, one?.version.why, one?.name.state]).toEqual([
      'aws_eks_cluster.c.vpc_config.public_access_cidrs is known after apply',
      'aws_eks_cluster.c.version is sensitive, so the plan does not show it',
      'unknown',
    ]);
    expect(JSON.stringify([one?.version, one?.name])).not.toContain('1.33');
  });
  it('is located where its resources are written, and is judged in their place', () => {
    const files = {
      'infra/main.tf':
        'variable "v" {}\nmodule "m" {\n  source = "../m"\n  for_each = toset(["a"])\n}\nmodule "eks" {\n  source = "terraform-aws-modules/eks/aws"\n}\n',
      'm/main.tf':
        'resource "aws_eks_cluster" "c" {\n  version = var.v\n  vpc_config {\n    endpoint_public_access = var.p\n  }\n}\n',
    };
    const inner = { ...cluster, address: 'module.m["a"].aws_eks_cluster.c' };
    const other = { ...cluster, address: 'module.eks.aws_eks_cluster.this[0]', index: 0 };
    const { clusters } = read({
      ...files,
      'infra/plan.json': plan({ 'module.m["a"]': [inner], 'module.eks': [other] }),
    });
    expect(clusters.map((one) => [one.version.value, place(one.version.at), place(one.endpoint.public.at)])).toEqual([
      [
        '1.33',
        'm/main.tf:2 resource.aws_eks_cluster.c.version',
        'm/main.tf:4 resource.aws_eks_cluster.c.vpc_config.endpoint_public_access',
      ],
      ['1.33', 'infra/main.tf:6 module.eks', 'infra/main.tf:6 module.eks'],
    ]);
  });
  it('links resources with unknown IDs by what the configuration names', () => {
    const group: Made = {
      address: 'module.g["x"].aws_eks_node_group.g',
      values: { cluster_name: 'shop', launch_template: [{ version: '1' }] },
      unknown: { launch_template: [{ id: true }] },
    };
    const template = (key: string, tokens: string): Made => ({
      address: `aws_launch_template.t["${key}"]`,
      index: key,
      values: { metadata_options: [{ http_tokens: tokens }] },
      unknown: { id: true },
    });
    const configuration = {
      module_calls: {
        g: {
          expressions: { template: { references: ['aws_launch_template.t', 'each.key'] } },
          module: {
            resources: [
              {
                address: 'aws_eks_node_group.g',
                expressions: { launch_template: [{ id: { references: ['var.template'] } }] },
              },
            ],
          },
        },
      },
    };
    const { clusters } = read({
      'plan.json': plan(
        { '': [cluster, template('x', 'optional'), template('y', 'required')], 'module.g["x"]': [group] },
        configuration,
      ),
    });
    expect(clusters[0]?.nodegroups.items.map(({ template: { imds } }) => imds.httpTokens.value)).toEqual(['optional']);
  });
  it('refers to each instance of a resource, also through modules, and to none if several fit', () => {
    const role = (index: number): Made => ({
      address: `aws_iam_role.r[${index}]`,
      index,
      values: { name: `r${index}` },
      unknown: { arn: true },
    });
    const group = (address: string): Made => ({
      address,
      values: { cluster_name: 'shop' },
      unknown: { node_role_arn: true },
    });
    const subnet = (index: number): Made => ({
      address: `module.net["a.module.b"].aws_subnet.s[${index}]`,
      index,
      values: { map_public_ip_on_launch: true },
      unknown: { id: true },
    });
    const names = (references: readonly string[], subnets: readonly string[] = []) => ({
      node_role_arn: { references },
      subnet_ids: { references: subnets },
    });
    const exact = ['aws_iam_role.r[1].arn', 'aws_iam_role.r[1]', 'aws_iam_role.r'];
    const configuration = {
      resources: [
        { address: 'aws_eks_node_group.exact', expressions: names(exact, ['module.net["a.module.b"].ids']) },
        { address: 'aws_eks_node_group.whole', expressions: names(exact, ['module.net']) },
        { address: 'aws_eks_node_group.same', expressions: names(['aws_iam_role.r', 'count.index']) },
        { address: 'aws_eks_node_group.any', expressions: names(['aws_iam_role.r']) },
        {
          address: 'aws_eks_node_group.each',
          for_each_expression: { references: ['aws_iam_role.r'] },
          expressions: names(['each.value']),
        },
      ],
      module_calls: {
        net: { module: { outputs: { ids: { expression: { references: ['aws_subnet.s'] } } } } },
      },
    };
    const groups = ['exact', 'whole', 'same[0]', 'any', 'each[1]'].map((name): Made => {
      const one = group(`aws_eks_node_group.${name}`);
      return name === 'exact' || name === 'whole' ? { ...one, unknown: { ...one.unknown, subnet_ids: true } } : one;
    });
    const [found] = read({
      'plan.json': plan(
        { '': [cluster, role(0), role(1), ...groups], 'module.net["a.module.b"]': [subnet(0), subnet(1)] },
        configuration,
      ),
    }).clusters;
    expect(
      found?.nodegroups.items.map(({ role, subnets }) => [
        role.part?.name.value ?? role.why,
        subnets.items.map(({ isPublic }) => isPublic.state).join(),
      ]),
    ).toEqual([
      ['r1', 'yes'],
      ['r1', 'yes'],
      ['r0', ''],
      ['aws_eks_node_group.any.node_role_arn is known after apply', ''],
      ['r1', ''],
    ]);
  });
  it('finds resources by the IDs that AWS gave them, in a state too', () => {
    const template: Made = {
      address: 'aws_launch_template.t',
      values: { id: 'lt-0a1b2c3d4e5f', metadata_options: [{ http_tokens: 'optional' }] },
    };
    const group: Made = {
      address: 'aws_eks_node_group.g',
      values: {
        cluster_name: 'shop',
        node_role_arn: 'arn:aws:iam::111122223333:role/r',
        launch_template: [{ id: 'lt-0a1b2c3d4e5f', version: '1' }],
      },
    };
    const role: Made = { address: 'aws_iam_role.r', values: { arn: 'arn:aws:iam::111122223333:role/r', path: '/x/' } };
    const text = plan({ '': [cluster, template, group, role] }, written({}));
    const { format_version, planned_values: values } = JSON.parse(text) as Record<string, unknown>;
    const state = JSON.stringify({ format_version, terraform_version: '1.11.4', values }, null, 1);
    for (const one of [text, state]) {
      const { clusters } = read({ 'shown.json': one });
      const groups = clusters[0]?.nodegroups.items;
      expect(groups?.map(({ template: { imds } }) => imds.httpTokens.value)).toEqual(['optional']);
      expect(groups?.map(({ role: { part } }) => part?.kind)).toEqual(['iamRole']);
    }
    // What a state does not contain is not set.
    expect(read({ 'state.json': state }).clusters[0]?.endpoint.publicCidrs.state).toBe('default');
    const files = {
      'main.tf': 'resource "aws_eks_cluster" "c" {\n  name = "new"\n}\nresource "aws_launch_template" "t" {}\n',
    };
    const { clusters, notes } = read({ ...files, 'state.json': state });
    expect([clusters.map(({ name }) => name.value), notes.map(({ message }) => message)]).toEqual([
      ['new'],
      ['states are not judged where the files they come from are'],
    ]);
  });
  it('replaces only files that have not changed since', () => {
    const given = (file: string) => {
      const configuration = {
        resources: [
          {
            address: 'aws_eks_cluster.c',
            count_expression: { constant_value: 1 },
            expressions: {
              tags: { constant_value: { a: 'b', c: '1' } },
              name: { constant_value: 'shop' },
              version: { references: ['var.v'] },
              enabled_cluster_log_types: { constant_value: ['api'] },
              vpc_config: [{ endpoint_public_access: { constant_value: true } }],
            },
          },
        ],
        module_calls: { m: { expressions: { a: { constant_value: 1 } }, module: { resources: [] } } },
        variables: { v: { default: 3 }, none: {} },
      };
      const { clusters, notes } = read({
        'main.tf': file,
        'm/main.tf': 'variable "a" {}\n',
        'plan.json': plan({ '': [cluster] }, configuration),
      });
      return [clusters.length, ...notes.map(({ message }) => / before (.*) changed/.exec(message)?.[1] ?? message)];
    };
    const file = (name: string, vpc: string, more = '') =>
      `resource "aws_eks_cluster" "c" {\n  name = ${name}\n  version = var.v\n  enabled_cluster_log_types = ["api"]\n  count = 1\n` +
      `  tags = {\n    a = "b"\n    c = 1\n  }\n  vpc_config {\n    ${vpc}\n  }\n}\nmodule "m" {\n  source = "./m"\n  a = 1\n}\nvariable "v" {\n  default = "3"\n}\nvariable "none" {}\n${more}`;
    const same = file('"shop"', 'endpoint_public_access = true');
    expect(given(same)).toEqual([1]);
    expect(given(file('lower("shop")', 'endpoint_public_access = true'))).toEqual([1]);
    const meta = [
      'lifecycle {}',
      'provider = aws.x',
      'depends_on = [var.v]',
      'connection {}',
      'provisioner "local" {}',
    ];
    for (const one of meta) expect(given(same.replace('  count', `  ${one}\n  count`))).toEqual([1]);
    for (const one of ['providers = { aws = aws.x }', 'version = "1"', 'depends_on = [var.v]'])
      expect(given(same.replace('  a = 1', `  ${one}\n  a = 1`))).toEqual([1]);
    const dynamic = '  dynamic "vpc_config" {\n    for_each = [1]\n    content {}\n  }\n';
    expect(given(same.replace(/ {2}vpc_config \{[^}]*\}\n/, dynamic))).toEqual([1]);
    const changed = (text: string, what: string): void => expect(given(text)).toEqual([2, what]);
    changed(file('"other"', 'endpoint_public_access = true'), 'aws_eks_cluster.c.name');
    changed(file('"shop"', 'endpoint_public_access = false'), 'aws_eks_cluster.c.vpc_config.endpoint_public_access');
    changed(file('"shop"', ''), 'aws_eks_cluster.c.vpc_config.endpoint_public_access');
    changed(same.replace('["api"]', '[]'), 'aws_eks_cluster.c.enabled_cluster_log_types');
    changed(same.replace('  count', '  role_arn = "x"\n  count'), 'aws_eks_cluster.c.role_arn');
    changed(same.replace('  count', '  vpc_config {}\n  count'), 'aws_eks_cluster.c.vpc_config');
    changed(same.replace('a = 1', 'a = 2'), 'module.m.a');
    changed(same.replace('a = "b"', 'a = "c"'), 'aws_eks_cluster.c.tags');
    changed(same.replace('a = "b"', ''), 'aws_eks_cluster.c.tags');
    changed(same.replace('a = "b"', 'a = "b"\n    d = 1'), 'aws_eks_cluster.c.tags');
    expect(given(same.replace('  count = 1', '  count = 0'))).toEqual([1, 'aws_eks_cluster.c.count']);
    changed(same.replace('  count = 1', ''), 'aws_eks_cluster.c.count');
    changed(same.replace('version = var.v', 'version = "1.30"'), 'aws_eks_cluster.c.version');
    changed(same.replace('default = "3"', 'default = 4'), 'var.v');
    changed(same.replace('default = "3"', ''), 'var.v');
    changed(same.replace('"none" {}', '"none" {\n  default = 1\n}'), 'var.none');
    expect(given(`${same}resource "aws_iam_role" "r" {}\n`)).toEqual([2, 'aws_iam_role.r']);
    expect(given(`${same}module "n" {\n  source = "./m"\n}\n`)).toEqual([2, 'module.n']);
  });
  it('lists what blocks of arguments do not set, and lacks these blocks before Terraform 1.1', () => {
    const made: Made = { address: 'aws_security_group.g', values: { name: 'g', ingress: [] } };
    const given = (file: string, expressions: unknown, version = '1.11.4'): (string | undefined)[] => {
      const configuration = { resources: [{ address: made.address, expressions }] };
      const written = JSON.parse(plan({ '': [made] }, configuration)) as object;
      const { notes } = read({
        'main.tf': `resource "aws_security_group" "g" {\n${file}}\n`,
        'plan.json': JSON.stringify({ terraform_version: version, ...written }),
      });
      return notes.map(({ message }) => / before (.*) changed/.exec(message)?.[1]);
    };
    const rule = { from_port: 22, to_port: 22, protocol: 'tcp', cidr_blocks: ['10.0.0.0/8'], self: null };
    const ingress = { ingress: { constant_value: [rule] } };
    const block = (port: string) =>
      `  ingress {\n    from_port = 22\n    to_port = ${port}\n    protocol = "tcp"\n    cidr_blocks = ["10.0.0.0/8"]\n  }\n`;
    expect(given(block('"22"'), ingress)).toEqual([]);
    expect(given(block('23'), ingress)).toEqual(['aws_security_group.g.ingress']);
    expect(given(block('22') + block('22'), ingress)).toEqual(['aws_security_group.g.ingress']);
    // What a dynamic block makes is not known.
    const dynamic = '    dynamic "x" {\n      for_each = [1]\n      content {}\n    }\n';
    expect(given(block('23').replace('  }\n', `${dynamic}  }\n`), ingress)).toEqual([]);
    expect(given(block('22'), {})).toEqual(['aws_security_group.g.ingress']);
    expect(given(block('22'), {}, '1.0.11')).toEqual([]);
    expect(given(block('22'), {}, '0.13.5')).toEqual([]);
    const text = { description: { constant_value: 'a\n  b\n' } };
    expect(given('  description = <<-EOT\n    a\n      b\n  EOT\n', text)).toEqual([]);
    expect(given('  description = <<-EOT\n    a\n      c\n  EOT\n', text)).toEqual([
      'aws_security_group.g.description',
    ]);
  });
  it('is compared with loops and the contents of modules', () => {
    const given = (file: string, inner: string): (string | undefined)[] => {
      const configuration = {
        resources: [{ address: 'aws_iam_role.r', for_each_expression: {}, expressions: {} }],
        module_calls: { m: { source: './m', expressions: {}, module: { resources: [] } } },
      };
      const { notes } = read({
        'main.tf': `resource "aws_iam_role" "r" {\n${file}}\nmodule "m" {\n  source = "./m"\n}\n`,
        'm/main.tf': `variable "v" {}\n${inner}`,
        'plan.json': plan({ '': [{ address: 'aws_iam_role.r["a"]', values: { name: 'r' } }] }, configuration),
      });
      return notes.map(({ message }) => / before (.*) changed/.exec(message)?.[1]);
    };
    const loop = '  for_each = toset(["a"])\n';
    expect(given(loop, '')).toEqual([]);
    expect(given('', '')).toEqual(['aws_iam_role.r.for_each']);
    expect(given(loop, 'resource "aws_iam_role" "n" {}\n')).toEqual(['module.m.aws_iam_role.n']);
  });
  it('replaces the files of the one root of several that it was created from', () => {
    const file = (name: string): string => `resource "aws_eks_cluster" "c" {\n  name = "${name}"\n}\n`;
    const configuration = {
      resources: [{ address: 'aws_eks_cluster.c', expressions: { name: { constant_value: 'shop' } } }],
    };
    const { clusters, notes } = read({
      'dev/main.tf': file('dev'),
      'prod/main.tf': file('shop'),
      'plans/plan.json': plan({ '': [cluster] }, configuration),
    });
    expect(clusters.map(({ name }) => name.value).toSorted()).toEqual(['dev', 'shop']);
    expect(notes).toEqual([]);
  });
  it('contains Kubernetes objects', () => {
    const pod: Made = {
      address: 'kubernetes_pod.p',
      values: {
        metadata: [{ name: 'p', namespace: 'shop', labels: { app: 'x' } }],
        spec: [
          { host_network: true, toleration: [], container: [{ name: 'c', image: 'nginx', security_context: [] }] },
        ],
      },
    };
    const { resources } = read({ 'plan.json': plan({ '': [pod] }) });
    expect(JSON.parse(JSON.stringify(resources[0]?.object))).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'shop', labels: { app: 'x' } },
      spec: { hostNetwork: true, containers: [{ name: 'c', image: 'nginx' }] },
    });
  });
  it('that contains less than Terraform will create is not judged completely', () => {
    const lacks = (change: (root: Root) => void): string[] => {
      const root = JSON.parse(plan({ '': [cluster] }, written({}))) as Root;
      change(root);
      return read({ 'plan.json': JSON.stringify(root, null, 1) }).notes.map(
        ({ kind, message }) => `${kind}: ${message.replace('the plan is not judged in full: ', '')}`,
      );
    };
    expect(lacks(() => {})).toEqual([]);
    expect(lacks((root) => (root.errored = true))).toEqual(['incomplete: Terraform failed while creating the plan']);
    const deferred = ['incomplete: changes are deferred to a later plan'];
    expect(lacks((root) => (root.complete = false))).toEqual(deferred);
    expect(lacks((root) => (root.deferred_changes = [{}]))).toEqual(deferred);
    const change = (action: string) => ({
      address: 'aws_eks_cluster.d',
      mode: 'managed',
      change: { actions: [action], after_unknown: {} },
    });
    expect(lacks((root) => root.resource_changes.push(change('create')))).toEqual([
      'incomplete: planned_values lacks aws_eks_cluster.d, which the plan changes',
    ]);
    expect(lacks((root) => root.resource_changes.push(change('delete')))).toEqual([]);
    const disputed = ['incomplete: resource_changes and planned_values disagree about aws_eks_cluster.c'];
    const after = (change: (values: Record<string, unknown>) => void, more: object = {}) => {
      const values = structuredClone(cluster.values);
      change(values);
      const changed = { actions: ['create'], after: values, after_unknown: {} };
      return lacks((root) =>
        root.resource_changes.push({ address: cluster.address, mode: 'managed', change: changed, ...more }),
      );
    };
    expect(after(() => {})).toEqual([]);
    expect(after((values) => (values['version'] = '1.30'))).toEqual(disputed);
    expect(after((values) => (values['deletion_protection'] = true))).toEqual(disputed);
    expect(after((values) => delete values['tags'])).toEqual(disputed);
    expect(after((values) => (values['enabled_cluster_log_types'] = {}))).toEqual(disputed);
    expect(after((values) => (values['version'] = '1.30'), { deposed: 'a1b2c3d4' })).toEqual([]);
    const unread = ['incomplete: 1 entry of planned_values cannot be read'];
    expect(lacks((root) => root.planned_values.root_module.resources.push(7))).toEqual(unread);
    expect(lacks((root) => (root.planned_values.root_module.child_modules = 'x'))).toEqual(unread);
    expect(lacks((root) => (root.planned_values.root_module.resources = [null]))).toEqual(unread);
    const said = (more: object): string[] =>
      lacks((root) => Object.assign(root.planned_values.root_module.resources[0] as object, more));
    expect(said({ type: 'aws_s3_bucket' })).toEqual(unread);
    expect(said({ mode: 'data' })).toEqual(unread);
    expect(said({ address: 'data.aws_eks_cluster.c' })).toEqual(unread);
  });
  it('that does not say what is known after apply leaves missing values unknown', () => {
    const root = JSON.parse(plan({ '': [cluster] }, written({}))) as Record<string, unknown>;
    root['resource_changes'] = [];
    const [one] = read({ 'plan.json': JSON.stringify(root, null, 1) }).clusters;
    expect(one?.endpoint.public.value).toBe(true);
    expect(one?.endpoint.publicCidrs.why).toBe('the plan does not show what is known after apply');
  });
});
