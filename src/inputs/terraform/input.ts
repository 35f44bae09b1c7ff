import type { Note } from '#model/finding.ts';
import { withoutCredentials } from '#model/url.ts';
import type { Field } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import { type AwsResource, Description, type Reference } from '#spelling/resource.ts';
import { folderOf } from '#sources/layout.ts';
import { Expression } from '#syntax/hcl.ts';
import type { Tree } from '#syntax/tree.ts';
import type { Parts } from '../input.ts';
import { isProvided, type PodTemplates } from '../objects.ts';
import { expand, isKnown } from './modules/index.ts';
import { readKubernetes, unitAt } from './kubernetes.ts';
import { type Scope, scopesOf, short, type Values } from './scope.ts';
import { provider } from './spelling.ts';

/** What an expression refers to: `aws_kms_key.eks.arn`, with or without an index. */
function refer(field: Field, scope: Scope): Reference | undefined {
  const { found } = field;
  if (!(found instanceof Expression)) return undefined;
  // What a cluster, however it is described, names as its own security group.
  if (/cluster_(primary_)?security_group_id$/.test(found.text)) return { id: found.text, type: 'AWS::EKS::Cluster' };
  const [, data = '', type = '', name, attribute] =
    /^(data\.)?([\w-]+)\.([\w-]+)(?:\[[^\]]*\])?\.([\w-]+)(?:\[[^\]]*\])?$/.exec(found.text) ?? [];
  if (name === undefined || !field.isHome(scope.dialect)) return undefined;
  return { id: `${data}${type}.${name}`, type: provider[type]?.type, attribute };
}

/** The SSM parameter or the name by which a data source looks an image up. */
function imageOf(field: Field, scope: Scope): string | undefined {
  const id = refer(field, scope)?.id;
  const [, type, name] = /^data\.(aws_ssm_parameter|aws_ami)\.([\w-]+)$/.exec(id ?? '') ?? [];
  if (type === undefined || name === undefined) return undefined;
  const block = scope.blocks('data', type).find(([label]) => label === name)?.[1];
  if (type === 'aws_ssm_parameter') return block?.get('name').text().value;
  const filters = block?.get('filter');
  const names = (filters?.map ? [filters] : (filters?.items() ?? [])).filter((one) => one.get('name').value === 'name');
  const values = names.flatMap((one) => one.get('values').items());
  return values.length === 1 ? values[0]?.text().value : undefined;
}

/** The resources of one folder, as one call uses it. */
function describe(scope: Scope): { description: Description; notes: Note[] } {
  const resources: AwsResource[] = [];
  const notes: Note[] = [];
  for (const [kind, { type, spelling }] of Object.entries(provider))
    for (const [label, block] of scope.blocks('resource', kind)) {
      // A rule that is not known to let traffic in is none.
      if (kind === 'aws_security_group_rule' && block.get('type').value !== 'ingress') continue;
      const id = `${kind}.${label}`;
      resources.push({ type, id, title: id, whole: block, body: new Property(spelling, block) });
    }
  for (const [label, block] of scope.blocks('module')) {
    const made = expand(label, block);
    resources.push(...made.resources);
    notes.push(...made.notes);
  }
  const description = new Description({
    input: 'terraform',
    resources,
    refer: (field) => refer(field, scope),
    image: (field) => imageOf(field, scope),
    expression: ({ found }) => (found instanceof Expression ? found.text : undefined),
    calls: scope.calls.map((call) => ({ tree: call.tree, object: call.map })),
    more: 'another file may add more',
  });
  return { description, notes };
}

/** Arguments that tell of a module that it makes a cluster or its nodes. */
const telltale = [
  'kubernetes_version',
  'cluster_version',
  'endpoint_public_access',
  'cluster_endpoint_public_access',
  'eks_managed_node_groups',
  'self_managed_node_groups',
  'managed_node_groups',
  'node_groups',
];

const isValues = ({ source }: Tree): boolean => /\.tfvars(\.json)?$/.test(source.path);

/** In the order in which Terraform loads them (Terraform Language, Input Variables): terraform.tfvars, its JSON form, `*.auto.tfvars`. */
const rankOf = (name: string): string =>
  name === 'terraform.tfvars' ? '0' : name === 'terraform.tfvars.json' ? '1' : `2${name}`;

/** Files of values by the folder that they are for: the nearest folder upwards with Terraform files. */
function valuesOf(trees: readonly Tree[], folders: ReadonlyMap<string, unknown>): Map<string, Values> {
  const found = new Map<string, { loaded: Tree[]; named: Tree[] }>();
  for (const tree of trees) {
    const own = folderOf(tree.source.path);
    let folder = own;
    while (folder !== '' && !folders.has(folder)) folder = folderOf(folder);
    const values = found.get(folder) ?? { loaded: [], named: [] };
    found.set(folder, values);
    const loads = folder === own && /(^|\/)(terraform|[^/]*\.auto)\.tfvars(\.json)?$/.test(tree.source.path);
    values[loads ? 'loaded' : 'named'].push(tree);
  }
  const nameOf = ({ source }: Tree): string => rankOf(source.path.slice(source.path.lastIndexOf('/') + 1));
  for (const { loaded } of found.values()) loaded.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return found;
}

/** Terraform files: resources of the AWS provider, the terraform-aws-eks module, and Kubernetes objects. */
export function read(trees: readonly Tree[], templates?: PodTemplates): Parts {
  const folders = new Map<string, Tree[]>();
  for (const tree of trees) {
    if (isValues(tree)) continue;
    const folder = folderOf(tree.source.path);
    const files = folders.get(folder);
    if (files) files.push(tree);
    else folders.set(folder, [tree]);
  }
  const { scopes, unread } = scopesOf(folders, valuesOf(trees.filter(isValues), folders));
  const described = scopes.map(describe);
  const objects = scopes.map((scope) => readKubernetes(scope, templates));
  const notes = [...described, ...objects].flatMap((one) => one.notes);
  for (const { block, label, source } of unread)
    if (!isKnown(source) && telltale.some((key) => block.get(key).written))
      notes.push({
        kind: 'partial',
        message: `module.${label} is not judged: ${short(withoutCredentials(source))} is not among these files`,
        at: block.at(),
      });
  const resources = objects.flatMap((one) => one.resources);
  const gaps = new Map(objects.flatMap((one) => [...one.gaps]));
  // Those of terraform-aws-modules make no objects that others name.
  for (const { label, source, outermost } of unread)
    if (!source.includes('terraform-aws-modules/'))
      gaps.set(unitAt(outermost), `module.${label}, which is not among these files, may make more`);
  return {
    resources,
    clusters: [],
    notes,
    // Who applies Terraform does so before anything is deployed: these are there for everybody.
    provided: resources.filter(isProvided),
    gaps,
    descriptions: described.map((one) => one.description),
  };
}
