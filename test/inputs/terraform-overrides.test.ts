import { expect, test } from 'vitest';
import { read } from './read.ts';

/* Terraform Language, Override Files. */

const main = `resource "aws_eks_cluster" "a" {
  name    = "a"
  version = "1.29"
  vpc_config {
    endpoint_public_access = false
    public_access_cidrs    = ["192.0.2.1/32"]
  }
}
`;
/** What is read about the only cluster, and where it is written. */
function factsOf(files: Readonly<Record<string, string>>) {
  const { clusters, notes } = read(files);
  const [cluster, ...others] = [...clusters];
  if (!cluster || others.length > 0) throw new Error(`${clusters.length} clusters`);
  const { version, endpoint, deletionProtection } = cluster;
  const place = ({ source, start }: { source: string; start?: { line: number } }): string => `${source}:${start?.line}`;
  return {
    version: `${version.value} ${place(version.at)}`,
    public: `${endpoint.public.value} ${place(endpoint.public.at)}`,
    cidrs: endpoint.publicCidrs.items.map(({ value }) => value),
    protected: deletionProtection.value,
    notes: notes.map(({ message }) => message),
  };
}

test('an argument replaces the argument of that name, and a block all blocks of its type', () => {
  expect(
    factsOf({
      'main.tf': main,
      'override.tf':
        'resource "aws_eks_cluster" "a" {\n  version = "1.34"\n  vpc_config {\n    endpoint_public_access = true\n  }\n}\n',
    }),
  ).toEqual({
    version: '1.34 override.tf:2',
    public: 'true override.tf:4',
    cidrs: ['0.0.0.0/0'],
    protected: false,
    notes: [],
  });
});

test('override files are applied in the order of their names, in either syntax', () => {
  expect(
    factsOf({
      'z_override.tf.json': '{"resource": {"aws_eks_cluster": {"a": {\n"deletion_protection": true}}}}',
      'b_override.tf': 'resource "aws_eks_cluster" "a" {\n  version = "1.33"\n}\n',
      'a_override.tf': 'resource "aws_eks_cluster" "a" {\n  version = "1.32"\n}\n',
      'main.tf': main,
    }),
  ).toMatchObject({ version: '1.33 b_override.tf:2', public: 'false main.tf:5', protected: true });
});

test('a string of an override file in JSON syntax is a template, whatever the syntax of the overridden file', () => {
  const settings = { endpoint_public_access: '${local.open}', public_access_cidrs: ['${local.anywhere}'] };
  const over = {
    locals: { open: true, anywhere: '0.0.0.0/0' },
    resource: { aws_eks_cluster: { a: { vpc_config: settings } } },
  };
  expect(factsOf({ 'main.tf': main, 'override.tf.json': JSON.stringify(over) })).toMatchObject({
    public: 'true override.tf.json:1',
    cidrs: ['0.0.0.0/0'],
  });
  const json = JSON.stringify({ resource: { aws_eks_cluster: { a: { name: 'a', version: '1.34' } } } });
  const literal = 'resource "aws_eks_cluster" "a" {\n  version = "$${local.v}"\n}\n';
  expect(factsOf({ 'main.tf.json': json, 'override.tf': literal }).version).toBe('${local.v} override.tf:2');
});

test('a file whose name starts with a dot neither overrides nor declares anything', () => {
  const open = main.replace('= false', '= true');
  const facts = factsOf({ 'main.tf': open, '.a_override.tf': main, 'x/.b.tf': main });
  expect(facts.public).toBe('true main.tf:5');
  expect(facts.notes).toEqual(Array(2).fill('Terraform does not read files whose names start with a dot'));
});

test('an override that only OpenTofu reads is reported', () => {
  const over = 'resource "aws_eks_cluster" "a" {\n  version = "1.34"\n}\n';
  const told = ['only OpenTofu reads this file, so its overrides are not judged'];
  expect(factsOf({ 'main.tf': main, 'override.tofu': over })).toMatchObject({
    version: '1.34 override.tofu:2',
    notes: told,
  });
  expect(factsOf({ 'main.tofu': main, 'override.tofu': over }).notes).toEqual([]);
});

test('dynamic blocks create blocks of a type, and are replaced with it', () => {
  const dynamic = main
    .replace('vpc_config {', 'dynamic "vpc_config" {\n    for_each = [1]\n    content {')
    .replace('"]\n  }', '"]\n    }\n  }');
  expect(factsOf({ 'main.tf': dynamic }).cidrs).toEqual(['192.0.2.1/32']);
  const plain =
    'resource "aws_eks_cluster" "a" {\n  vpc_config {\n    public_access_cidrs = ["198.51.100.1/32"]\n  }\n}\n';
  expect(factsOf({ 'main.tf': dynamic, 'override.tf': plain }).cidrs).toEqual(['198.51.100.1/32']);
  const over = plain
    .replace('vpc_config {', 'dynamic "vpc_config" {\n  for_each = [1]\n  content {')
    .replace('  }\n', '  }\n}\n');
  expect(factsOf({ 'main.tf': main, 'override.tf': over }).cidrs).toEqual(['198.51.100.1/32']);
});

test('variables, locals, modules and data sources are overridden as well', () => {
  const of = (override: string) =>
    factsOf({
      'main.tf': `variable "v" {\n  type    = string\n  default = "1.29"\n}\nlocals {\n  open = false\n}\n${main.replace('"1.29"', 'var.v').replace('= false', '= local.open')}`,
      'override.tf': override,
    });
  expect(of('variable "v" {\n  default = "1.34"\n}\n').version).toContain('1.34');
  expect(of('locals {\n  open = true\n}\n').public).toContain('true');
  const module =
    'module "eks" {\n  source  = "terraform-aws-modules/eks/aws"\n  version = "21.1.0"\n  name    = "a"\n}\n';
  const opened = 'module "eks" {\n  endpoint_public_access = true\n}\n';
  expect(factsOf({ 'main.tf': module, 'override.tf': opened }).public).toBe('true override.tf:2');
});

test('lifecycle is merged argument by argument', () => {
  const ignoring = main.replace('\n}\n', '\n  lifecycle {\n    ignore_changes = [version]\n  }\n}\n');
  const kept = 'resource "aws_eks_cluster" "a" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n';
  const { clusters } = read({ 'main.tf': ignoring, 'override.tf': kept });
  expect([...clusters].map(({ version }) => version.state)).toEqual(['unknown']);
});

test('a block that overrides nothing is reported', () => {
  const { notes } = factsOf({ 'main.tf': main, 'override.tf': 'resource "aws_eks_cluster" "b" {\n  name = "b"\n}\n' });
  expect(notes).toEqual([
    'no file declares aws_eks_cluster.b, which this file overrides, so Terraform rejects the folder',
  ]);
});

test('blocks that are written as lists of maps are located where they are written', () => {
  const text = JSON.stringify(
    {
      resource: [{ aws_eks_cluster: [{ a: [{ version: '1.29', vpc_config: { endpoint_public_access: true } }] }] }],
      module: { m: { source: './m', p: 1 } },
    },
    null,
    1,
  );
  const { notes, clusters } = read({
    'main.tf.json': text,
    'm/main.tf': 'variable "p" {}\n',
    'override.tf': 'module "n" {\n}\n',
  });
  const at = [...clusters].map(({ endpoint }) => endpoint.public.at.start?.line);
  expect(at).toEqual([text.split('\n').findIndex((line) => line.includes('endpoint_public_access')) + 1]);
  expect(notes.map((note) => note.at?.source)).toContain('override.tf');
});

test('outputs, data sources and providers are overridden, a provider by its alias', () => {
  const files = {
    'main.tf': `provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "far"
  region = "us-east-1"
}
data "aws_eks_node_group" "d" {
  node_group_name = "from-data"
}
module "m" {
  source = "./m"
}
resource "aws_eks_cluster" "a" {
  name    = data.aws_eks_node_group.d.node_group_name
  version = module.m.version
}
`,
    'm/main.tf': 'output "version" {\n  value = "1.29"\n}\n',
  };
  const factsWith = (more: Readonly<Record<string, string>>) => {
    const { clusters, notes } = read({ ...files, ...more });
    const [cluster] = clusters;
    return {
      version: cluster?.version.value,
      region: cluster?.identity.region.value,
      name: cluster?.name.value,
      notes: notes.map(({ message }) => message),
    };
  };
  expect(factsWith({})).toMatchObject({ version: '1.29', region: 'eu-west-1', name: 'from-data', notes: [] });
  expect(factsWith({ 'm/override.tf': 'output "version" {\n  value = "1.34"\n}\n' }).version).toBe('1.34');
  expect(factsWith({ 'override.tf': 'data "aws_eks_node_group" "d" {\n  node_group_name = "other"\n}\n' }).name).toBe(
    'other',
  );
  expect(factsWith({ 'override.tf': 'provider "aws" {\n  region = "eu-north-1"\n}\n' }).region).toBe('eu-north-1');
  expect(factsWith({ 'override.tf': 'provider "aws" {\n  alias = "far"\n  region = "eu-north-1"\n}\n' })).toMatchObject(
    { region: 'eu-west-1', notes: [] },
  );
  expect(
    factsWith({
      'override.tf':
        'data "aws_eks_node_group" "none" {\n}\nvariable "none" {\n}\noutput "none" {\n}\nmodule "none" {\n}\nprovider "none" {\n}\n',
    }).notes,
  ).toEqual(
    ['data.aws_eks_node_group.none', 'module.none', 'var.none', 'output.none', 'provider.none'].map(
      (name) => `no file declares ${name}, which this file overrides, so Terraform rejects the folder`,
    ),
  );
});

test('a lifecycle that only the override has counts, and other dynamic blocks stay', () => {
  const ignoring = 'resource "aws_eks_cluster" "a" {\n  lifecycle {\n    ignore_changes = [version]\n  }\n}\n';
  const { clusters } = read({ 'main.tf': main, 'override.tf': ignoring });
  expect([...clusters].map(({ version }) => version.state)).toEqual(['unknown']);
  const both = main.replace(
    '  vpc_config {',
    '  dynamic "upgrade_policy" {\n    for_each = [1]\n    content {\n      support_type = "STANDARD"\n    }\n  }\n  vpc_config {',
  );
  const over =
    'resource "aws_eks_cluster" "a" {\n  dynamic "encryption_config" {\n    for_each = [1]\n    content {\n      resources = ["secrets"]\n      provider {\n        key_arn = "arn:aws:kms:eu-west-1:111122223333:key/k"\n      }\n    }\n  }\n}\n';
  const [cluster] = read({ 'main.tf': both, 'override.tf': over }).clusters;
  expect([cluster?.supportType.value, cluster?.secretsKey.value]).toEqual([
    'STANDARD',
    'arn:aws:kms:eu-west-1:111122223333:key/k',
  ]);
});
