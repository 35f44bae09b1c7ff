import { isUnreadModule, mayCreateMore } from '#model/hidden.ts';
import type { Note } from '#model/finding.ts';
import { withoutCredentials } from '#model/url.ts';
import type { Variant } from '#model/resource.ts';
import type { Field } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import { type AwsResource, Description } from '#spelling/resource.ts';
import { folderOf, type Layout } from '#sources/layout.ts';
import { Expression } from '#syntax/hcl.ts';
import { isSkippedFolder } from '#syntax/file-names.ts';
import { locate, locationAt, type Tree } from '#syntax/tree.ts';
import { graft, type Origin, settleIn } from '#syntax/graft.ts';
import { isRecord } from '#model/shape.ts';
import { isPlan, isState } from '../claims.ts';
import type { Parts } from '../input.ts';
import { isProvided, type PodTemplates } from '../kubernetes/objects.ts';
import { expand, isKnown, offByDefault } from './modules/index.ts';
import { foreignOf } from './modules/source.ts';
import { policyReader } from './policies.ts';
import { namedBy } from './named.ts';
import { type References, referencesOf } from './references.ts';
import { readKubernetes, unitAt } from './kubernetes.ts';
import { withOverrides } from './overrides.ts';
import type { Scope } from './scope.ts';
import { Plan } from './plan.ts';
import { changedSince } from './plan-age.ts';
import { placeIn, rootsOf } from './plan-places.ts';
import { provider, ruleTypes } from './spelling.ts';
import { linkedTrees, locateWith } from './sources.ts';
import { labelsOf, type Use, usesOf } from './uses.ts';
import { isValues, mostWays, valuesOf } from './values.ts';
import { callersIn, isCaller } from './callers.ts';
import { short, Work } from './work.ts';

/** Whether a module may install more than what is read of them; those of EKS Blueprints install charts as well. */
function mayInstall(source: unknown): boolean {
  const name = foreignOf(source)?.name ?? '';
  if (name.startsWith('terraform-aws-modules/') || (name.startsWith('cloudposse/') && isKnown(source))) return false;
  return !makesNothing(source);
}
/** The module of Cloud Posse that only makes names. */
const makesNothing = (source: unknown): boolean =>
  typeof source === 'string' && /cloudposse\/(?:label\/null|terraform-null-label)(?![\w-])/.test(source);

/** What may add to a cluster and is not read: third-party modules, and charts that install what add-ons do. */
function unreadIn(scope: Scope | Plan): string | undefined {
  for (const [label, block] of scope.blocks('module')) {
    const child = 'childOf' in scope ? scope.childOf(label, block) : undefined;
    if (!child && mayInstall(block.get('source').value)) return isUnreadModule(`module.${label}`);
    const within = child && unreadIn(child);
    if (within !== undefined) return within;
  }
  for (const [label, block] of scope.blocks('resource', 'helm_release'))
    if (block.get('chart').why !== undefined || /pod-identity/.test(`${label} ${String(block.get('chart').value)}`))
      return `helm_release.${label} is not rendered and may install more`;
  return undefined;
}

/** Whether a ConfigMap of the Kubernetes provider is aws-auth. */
const isAwsAuth = (block: Field): boolean => {
  const metadata = block.get('metadata').single;
  return metadata.get('name').value === 'aws-auth' && metadata.get('namespace').value === 'kube-system';
};

/** A resource of the AWS provider with the names of CloudFormation. */
function awsResource(kind: string, id: string, block: Field): AwsResource[] {
  const known = provider[kind];
  if (!known || (known.type === 'EKS::AwsAuth' && !isAwsAuth(block))) return [];
  const type = kind === 'aws_security_group_rule' ? ruleTypes[String(block.get('type').value)] : known.type;
  // A rule whose direction is unknown is ignored.
  if (type === undefined) return [];
  return [{ type, id, title: id, whole: block, body: new Property(known.spelling, block) }];
}

/** The SSM parameter or the name by which a data source looks up an image. */
function imageOf(field: Field): string | undefined {
  const { kind, type, block: [, block] = [] } = namedBy(field) ?? {};
  if (kind !== 'data' || (type !== 'aws_ssm_parameter' && type !== 'aws_ami')) return undefined;
  if (type === 'aws_ssm_parameter') return block && patternOf(block.get('name'));
  const filters = block?.get('filter');
  const names = (filters?.map ? [filters] : (filters?.items() ?? [])).filter((one) => one.get('name').value === 'name');
  const values = names.flatMap((one) => one.get('values').items());
  const [only, ...others] = values;
  return only && others.length === 0 ? patternOf(only) : undefined;
}
/** A string with a wildcard for each unknown Kubernetes version; undefined if anything else is unknown. */
function patternOf({ parts }: Field): string | undefined {
  const known = parts.map((part) =>
    typeof part === 'string'
      ? part
      : part.found instanceof Expression && /version/.test(part.found.text)
        ? '*'
        : undefined,
  );
  return known.includes(undefined) ? undefined : known.join('');
}

/** The resources of one folder, as one call uses it. */
function describe(
  { scope, top, provider: account, variant }: Use,
  { refer, mentions }: References,
  document: (field: Field) => Field,
  region: Field | undefined,
): { description: Description; notes: Note[] } {
  const resources: AwsResource[] = [];
  const notes: Note[] = [];
  const partlyKnown = new Map<string, string>();
  for (const [kind, { type }] of Object.entries(provider)) {
    for (const [label, block] of scope.blocks('resource', kind))
      resources.push(...awsResource(kind, `${kind}.${label}`, block));
    const more = scope.whyMore(kind);
    if (more !== undefined) partlyKnown.set(type, more);
  }
  for (const [label, block] of scope.blocks('module')) {
    const made = expand(label, block, region);
    resources.push(...made.resources);
    notes.push(...made.notes);
  }
  const description = new Description({
    input: 'terraform',
    resources,
    refer,
    mentions,
    document,
    image: imageOf,
    region,
    // A value that differs between instances is not a name.
    expression: ({ found }) =>
      found instanceof Expression && !/\b(?:each|count|self)\./.test(found.text) ? found.text : undefined,
    calls: scope.calls.map((call) => ({ tree: call.tree, object: call.map })),
    root: top,
    provider: account,
    variant,
    more: 'another file may add more',
    unread: unreadIn(scope),
    partlyKnown,
  });
  return { description, notes };
}

const none: ReadonlySet<string> = new Set();

/** Types of resources that create what is judged elsewhere, and are not read. */
const makers: readonly (readonly [types: RegExp, kind: Note['kind'], message: string])[] = [
  [/^helm_release$/, 'unrendered', 'charts of helm_release are not rendered'],
  [/^aws_cloudformation_stack(?:_set)?$/, 'partial', 'templates of aws_cloudformation_stack are not judged'],
  [
    /^(?:github|gitlab)_repository_file$/,
    'partial',
    'files that Terraform commits to a repository are not judged: lint that repository',
  ],
  // mumoshu/terraform-provider-eksctl: the spec is the text of an eksctl file without its head.
  [/^eksctl_/, 'partial', 'clusters of the eksctl provider are not judged: lint their spec as an eksctl file'],
];
/** What the files of a folder create and no one reads. */
const unreadMakers = (trees: readonly Tree[]): Note[] =>
  trees.flatMap((tree) => {
    const types: unknown = isRecord(tree.root) ? tree.root['resource'] : undefined;
    if (!isRecord(types)) return [];
    return Object.entries(types).flatMap(([type, labels]): Note[] => {
      const [, kind, message] = makers.find(([known]) => known.test(type)) ?? [];
      if (kind === undefined || message === undefined || !isRecord(labels)) return [];
      return Object.keys(labels).map((label) => ({ kind, message, at: locate(tree, labels, label) }));
    });
  });

/** Arguments that show that a module creates a cluster or its nodes. */
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

/**
 * A file in JSON syntax with its blocks by type and label: in place of a map of blocks or of labels, a list of such
 * maps is allowed (Terraform Language, JSON Configuration Syntax).
 */
function withMaps(tree: Tree): Tree {
  if (tree.language === 'hcl' || isPlan(tree) || isValues(tree)) return tree;
  const merge = (values: readonly unknown[], labels: number, at: Origin): Record<string, unknown> => {
    const found = new Map<string, { readonly on: object; readonly value: unknown }[]>();
    for (const on of values.flat().filter(isRecord))
      for (const [key, value] of Object.entries(on)) {
        const all = found.get(key);
        if (all) all.push({ on, value });
        else found.set(key, [{ on, value }]);
      }
    const made = Object.create(null) as Record<string, unknown>;
    const entries = new Map<string, Origin>();
    for (const [key, all] of found) {
      const origin = { tree, on: all[0]?.on ?? at.on, key };
      const inner = all.map(({ value }) => value);
      entries.set(key, origin);
      made[key] =
        labels > 1 ? merge(inner, labels - 1, origin) : inner.length > 1 ? graft(inner.flat(), origin) : inner[0];
    }
    return graft(made, at, entries);
  };
  settleIn(tree.root, tree);
  // The whole may be a list of such maps, too (HCL JSON Syntax Specification, Bodies).
  const root = Array.isArray(tree.root) ? merge(tree.root, 1, { tree, on: tree.root }) : tree.root;
  if (!isRecord(root)) return tree;
  const hasLists = (value: unknown, labels: number): boolean =>
    Array.isArray(value) ||
    (labels > 1 && isRecord(value) && Object.values(value).some((one) => hasLists(one, labels - 1)));
  const kinds = { resource: 2, data: 2, module: 1, variable: 1, output: 1 } as const;
  const merged = Object.entries(kinds)
    .filter(([kind, labels]) => hasLists(root[kind], labels))
    .map(([kind, labels]) => [kind, merge([root[kind]], labels, { tree, on: root, key: kind })] as const);
  if (merged.length === 0) return root === tree.root ? tree : { ...tree, root };
  return { ...tree, root: graft({ ...root, ...Object.fromEntries(merged) }, { tree, on: root }) };
}

/** Terraform files: resources of the AWS provider, the terraform-aws-eks module, and Kubernetes objects. */
export function read(written: readonly Tree[], templates?: PodTemplates, layout?: Layout): Parts {
  const locate = locateWith(layout?.links);
  const linked = linkedTrees(written, layout?.links);
  const targets = new Set(layout?.links?.values());
  const own = new Set(
    written
      .filter((tree) => !isValues(tree) && !targets.has(tree.source.path))
      .map(({ source }) => folderOf(source.path)),
  );
  /** Whether other folders apply what is in a folder, through links to its files. */
  const isElsewhere = ({ source }: Tree): boolean => targets.has(source.path) && !own.has(folderOf(source.path));
  const trees = [...written.filter((tree) => !isValues(tree) || !isElsewhere(tree)), ...linked];
  const folders = new Map<string, Tree[]>();
  const rejected: Note[] = [];
  for (const one of trees) {
    if (isValues(one) || isCaller(one) || isPlan(one)) continue;
    if (/(?:^|\/)\.[^/]*$/.test(one.source.path)) {
      // hashicorp/terraform, internal/configs/parser_config_dir.go, IsIgnoredFile
      rejected.push({
        kind: 'skipped',
        message: 'Terraform does not read files whose names start with a dot',
        at: locationAt(one.source, one.start, one.start + 1),
      });
      continue;
    }
    const tree = withMaps(one);
    const folder = folderOf(tree.source.path);
    const files = folders.get(folder);
    if (files) files.push(tree);
    else folders.set(folder, [tree]);
  }
  for (const [folder, files] of folders) {
    const made = withOverrides(files);
    folders.set(folder, [...made.files]);
    rejected.push(...made.notes, ...unreadMakers(made.files));
  }
  const callers = callersIn(trees, locate);
  const variables = new Map(
    [...folders].map(([folder, files]) => [folder, new Set(labelsOf(files, 'variable').map(([name]) => name))]),
  );
  const values = valuesOf(trees.filter(isValues), folders, (folder) => variables.get(folder) ?? none);
  const all = usesOf(folders, {
    values: values.files,
    doubtIn: (folder) => callers.doubts.get(folder),
    locate,
    isElsewhere: (folder) => (folders.get(folder) ?? []).every(isElsewhere),
    work: new Work(trees.length),
    file: (path) => layout?.textOf?.(path),
  });
  const { planned, roots, notes: past } = readPlans(trees, all.uses);
  // The files of a plan are judged through the plan, which knows more.
  const uses = all.uses.filter(({ root }) => !roots.has(root));
  const unread = all.unread.filter(({ root }) => !roots.has(root));
  const descriptions = new Map<Scope, Description>();
  const references = referencesOf((scope) => descriptions.get(scope));
  const document = policyReader();
  // Called modules have the provider of the caller.
  const regions = new Map(
    uses.filter(({ scope }) => scope.calls.length === 0).map(({ root, scope }) => [root, scope.region]),
  );
  const described = [
    ...uses.map((use) => {
      const one = describe(use, references(use.scope), document, regions.get(use.root));
      descriptions.set(use.scope, one.description);
      return one;
    }),
    ...planned.map(({ plan, variant }) => ({
      description: plan.describe(awsResource, { variant, document, unread: unreadIn(plan) }),
      notes: [],
    })),
  ];
  const objects = [...uses, ...planned.map(({ plan, variant }) => ({ scope: plan, variant }))].map((one) =>
    readKubernetes(one, templates),
  );
  // With another values file it is on, and judged.
  const on = new Set(uses.flatMap(({ scope }) => [...scope.on]));
  const off = uses.flatMap(({ scope }) => [...scope.off].filter(([block]) => !on.has(block.map)));
  const notes = [
    ...rejected,
    ...past,
    ...[...described, ...objects].flatMap((one) => one.notes),
    ...offByDefault(off.map(([, by]) => by)),
  ];
  for (const { block, label, source } of unread) {
    const local = source.startsWith('/') ? source : locate(folderOf(block.tree.source.path), source);
    // A module that calls itself is read, and Terraform rejects it.
    if (local !== undefined && folders.has(local)) continue;
    if (local !== undefined || (!isKnown(source) && telltale.some((key) => block.get(key).written)))
      notes.push({
        // What is named is asked for, though its folder is skipped by name.
        kind: local?.split('/').some(isSkippedFolder) && block.tree.source.target ? 'incomplete' : 'partial',
        message: `module.${label} is not judged: ${source === '' ? 'it has no source' : `${short(withoutCredentials(source))} is not among these files`}`,
        at: block.at(),
      });
    else if (!isKnown(source) && !makesNothing(source))
      notes.push({
        kind: 'partial',
        message: 'modules that are not in these files are not judged: lint a plan',
        at: block.at(),
      });
  }
  notes.push(...callers.notes);
  for (const { tree, names, whole } of values.vain) {
    const [first = ''] = names;
    notes.push({
      kind: whole ? 'skipped' : 'partial',
      message: whole
        ? 'tfvars files with variables that no Terraform file here declares'
        : `no variable ${first}${names.length > 1 ? ` and ${names.length - 1} more` : ''} is declared, so what this file sets there is not used`,
      at: locationAt(tree.source, tree.start, tree.start + 1),
    });
  }
  for (const { folder, ways } of all.cut)
    notes.push({
      kind: 'incomplete',
      message: `${folder === '' ? 'the root folder' : folder} has ${ways} tfvars files, of which ${mostWays} are judged`,
    });
  if (all.mostUses !== undefined)
    notes.push({
      kind: 'incomplete',
      message: `modules are called more than ${all.mostUses} times: the rest is not judged`,
    });
  for (const { plan } of planned)
    for (const lack of plan.lacks)
      notes.push({
        kind: 'incomplete',
        message: `the plan is not judged in full: ${lack}`,
        at: locationAt(plan.tree.source, plan.tree.start, plan.tree.start + 1),
      });
  const resources = objects.flatMap((one) => one.resources);
  const gaps = new Map(objects.flatMap((one) => [...one.gaps]));
  // Those of terraform-aws-modules create no objects that others name.
  for (const { label, source, outermost } of unread)
    if (!source.includes('terraform-aws-modules/')) gaps.set(unitAt(outermost), mayCreateMore(`module.${label}`));
  return {
    resources,
    clusters: [],
    notes: withoutCopies(notes),
    // Terraform is applied before anything is deployed: these objects exist for all others.
    provided: [...resources, ...objects.flatMap((one) => one.provided)].filter(isProvided),
    components: objects.flatMap((one) => one.components),
    gaps,
    descriptions: described.map((one) => one.description),
  };
}

/** Equal notes for one location are merged: a root is read once for each values file. */
function withoutCopies(notes: readonly Note[]): Note[] {
  const told = new Set<string>();
  return notes.filter(({ message, at }) => {
    const key = at && JSON.stringify([message, at]);
    return key === undefined || (!told.has(key) && told.add(key) !== undefined);
  });
}

/** A plan, and whether it is one of several of its root. */
interface Way {
  readonly plan: Plan;
  readonly variant: Variant | undefined;
}

/** Plans and states, with their locations in the files that they were created from, and the folders of these files. */
function readPlans(
  trees: readonly Tree[],
  uses: readonly Use[],
): { planned: Way[]; roots: ReadonlySet<string>; notes: Note[] } {
  const scopes = new Map(uses.filter(({ scope }) => scope.calls.length === 0).map(({ root, scope }) => [root, scope]));
  const notes: Note[] = [];
  const found = trees.filter(isPlan).flatMap((tree) => {
    const plan = new Plan(tree);
    const [nearest, ...others] = rootsOf(plan, [...scopes.values()]);
    const changedIn = (one: Scope): string | undefined =>
      isState(tree) ? undefined : changedSince(plan.configuration, one, plan.lacksBlocks);
    const changed = nearest && changedIn(nearest);
    let root = nearest;
    if (nearest && changed !== undefined) root = others.find((one) => changedIn(one) === undefined);
    if (nearest && !root) {
      notes.push({
        kind: 'partial',
        message: `the plan does not replace the files of ${nearest.folder || 'its folder'}: it was created before ${changed} changed`,
        at: locationAt(tree.source, tree.start, tree.start + 1),
      });
    }
    // The files may have changed since the state was written.
    if (root && isState(tree)) {
      notes.push({
        kind: 'skipped',
        message: 'states are not judged where the files they come from are',
        at: locationAt(tree.source, tree.start, tree.start + 1),
      });
      return [];
    }
    plan.settle((address) => {
      const place = root && placeIn(root, address);
      // If only the plan is named, report it there.
      return place && (place.tree.source.target || !tree.source.target) ? place : undefined;
    });
    return [{ plan, root }];
  });
  const planned = found.map(({ plan, root }): Way => {
    const of = root ? found.filter((other) => other.root === root).length : 1;
    const variant = of > 1 ? { by: plan.tree.source.id, of, namespace: '', with: true } : undefined;
    return { plan, variant };
  });
  return { planned, roots: new Set(found.flatMap(({ root }) => root?.folder ?? [])), notes };
}
