import { macroAdds, nestedAdds } from '#model/hidden.ts';
import type { Note } from '#model/finding.ts';
import type { Variant } from '#model/resource.ts';
import { isRecord } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import { Property } from '#spelling/property.ts';
import { type AwsResource, Description, type Reference } from '#spelling/resource.ts';
import { asIs, none, type Spelling } from '#spelling/spelling.ts';
import type { Field } from '#spelling/field.ts';
import { folderOf } from '#sources/layout.ts';
import { locate, type Tree } from '#syntax/tree.ts';
import type { Parts } from '../input.ts';
import { isProvided, type PodTemplates } from '../kubernetes/objects.ts';
import { isSamConfig } from '../claims.ts';
import { foreign, handled, readAuthIn, readManifests } from './cdk.ts';
import { documentOf } from '../document.ts';
import { Exports } from './exports.ts';
import { intrinsic, written } from './names.ts';
import { type Given, givenBy, matchGiven } from './parameters.ts';
import { givenBySam } from './sam-config.ts';
import { Stack } from './stack.ts';

/** CloudFormation passes on what is written, under the names that the whole model uses. */
const spelling: Spelling = {
  name: asIs,
  blocks: false,
  rows: {
    MaxPods: none, // only user data says how many pods a node allows
    'LaunchTemplateData.UserData': (template) => encoded(template.get('LaunchTemplateData').get('UserData')),
    UserData: (configuration) => encoded(configuration.get('UserData')),
  },
};
/** The encoded string, if it is not fully known. */
function encoded(field: Field): Field {
  const { found } = field;
  return field.why !== undefined && isRecord(found) && 'Fn::Base64' in found
    ? field.within(found, 'Fn::Base64')
    : field;
}

/** A template of the run. */
interface Template {
  readonly tree: Tree;
  readonly root: Record<string, unknown>;
  readonly parameters: Record<string, unknown>;
}

/** Types of resources that create others, which are defined elsewhere or as a string. */
const makers: readonly (readonly [types: RegExp, message: string])[] = [
  [/^AWS::CloudFormation::StackSet$/, 'templates of stack sets are not judged'],
  [/::MODULE$/, 'resources of CloudFormation modules are not judged'],
  [/^AWS::ServiceCatalog::CloudFormationProvisionedProduct$/, 'products of Service Catalog are not judged'],
];

/** Stacks within stacks, and all stacks of one template. */
const most = { deep: 10, stacks: 200 };

/** The last segment of a template's location. */
const nameOf = (location: Field): string =>
  (typeof location.value === 'string' ? location.value : (tailOf(location) ?? '')).replace(/^.*\//, '');

/** What a relative path in a file of a folder resolves to; undefined if it leads elsewhere. */
function pathFrom(folder: string, path: string): string | undefined {
  if (/^(?:[a-z][a-z\d+.-]*:|\/)/i.test(path)) return undefined;
  const steps = folder === '' ? [] : folder.split('/');
  for (const step of path.split('/'))
    if (step === '..') {
      if (steps.length === 0) return undefined;
      steps.pop();
    } else if (step !== '.' && step !== '') steps.push(step);
  return steps.join('/');
}

/**
 * The location of the template of a nested stack: `TemplateURL` is a local path before `aws cloudformation package` (AWS CLI
 * Command Reference), that of a serverless application is `Location`, and CDK leaves the name of its file in the
 * metadata.
 */
function templateOf(resource: Field): Field | undefined {
  switch (resource.get('Type').value) {
    case 'AWS::CloudFormation::Stack': {
      const asset = resource.get('Metadata').get('aws:asset:path');
      return asset.absent ? resource.get('Properties').get('TemplateURL') : asset;
    }
    case 'AWS::Serverless::Application':
      return resource.get('Properties').get('Location');
    default:
      return undefined;
  }
}

/** The end of a URL after its unknown part: the path of a template below the bucket that it is copied to. */
function tailOf({ found }: Field): string | undefined {
  const [name, argument] = intrinsic(found) ?? [];
  const parts: unknown = name === 'Fn::Join' && Array.isArray(argument) ? argument[1] : argument;
  const last: unknown =
    Array.isArray(parts) && name === 'Fn::Join' ? parts.at(-1) : Array.isArray(parts) ? parts[0] : parts;
  if (typeof last !== 'string') return undefined;
  const tail = /(?:^|[}/])((?:[\w.-]+\/)*[\w-][\w.-]*\.(?:ya?ml|json|template))$/.exec(last)?.[1];
  return name === undefined ? undefined : tail;
}

/** The templates of a run by their paths. */
class Templates {
  readonly #byPath = new Map<string, Template>();
  readonly #byName = new Map<string, Template[]>();

  constructor(all: readonly Template[]) {
    for (const template of all) {
      const { path } = template.tree.source;
      this.#byPath.set(path, template);
      const name = path.slice(path.lastIndexOf('/') + 1);
      this.#byName.set(name, [...(this.#byName.get(name) ?? []), template]);
    }
  }
  /**
   * The template at a local path; for a URL whose bucket is unknown, the only template whose path ends the same way.
   */
  find(folder: string, location: Field): Template | undefined {
    if (typeof location.value === 'string') {
      const path = pathFrom(folder, location.value);
      return path === undefined ? undefined : this.#byPath.get(path);
    }
    const tail = tailOf(location);
    if (tail === undefined) return undefined;
    const named = this.#byName.get(tail.slice(tail.lastIndexOf('/') + 1)) ?? [];
    const fitting = named.filter(({ tree }) => `/${tree.source.path}`.endsWith(`/${tail}`));
    return fitting.length === 1 ? fitting[0] : undefined;
  }
}

/** A template that several templates use is read for each of them, and yields the same notes each time. */
const eachOnce = (notes: readonly Note[]): Note[] => {
  const told = new Set<string>();
  return notes.filter(({ message, at }) => {
    if (!at) return true;
    const key = JSON.stringify([message, at.source, at.start]);
    const isFirst = !told.has(key);
    told.add(key);
    return isFirst;
  });
};

/** All stacks that one template creates, including nested ones, and notes about missing ones. */
function stacksOf(
  top: Template,
  given: Given | undefined,
  templates: Templates,
  exports: Exports,
): {
  readonly stacks: ReadonlyMap<string, Stack>;
  readonly notes: Note[];
  /** The conditions that leave out resources only because of parameter defaults. */
  readonly off: readonly Field[];
} {
  const stacks = new Map<string, Stack>();
  const off: Field[] = [];
  const notes: Note[] = [];
  const enter = (prefix: string, { tree, root }: Template, values: (name: string) => Field | undefined): Stack => {
    const stack = new Stack(tree, root, { given: values, imported: (name) => exports.find(name) });
    stacks.set(prefix, stack);
    for (const [id, whole] of stack.resources.entries()) {
      const location = templateOf(whole);
      if (stack.omits(whole)) {
        if (stack.omitsByDefault(whole)) off.push(whole.get('Condition'));
        continue;
      }
      const { value: type } = whole.get('Type');
      const unread = typeof type === 'string' ? makers.find(([types]) => types.test(type)) : undefined;
      if (unread) notes.push({ kind: 'partial', message: unread[1], at: whole.at() });
      if (!location) continue;
      const template = templates.find(folderOf(tree.source.path), location);
      if (template && prefix.split('/').length <= most.deep && stacks.size < most.stacks) {
        const inner = whole.get('Properties').get('Parameters');
        const pass = (name: string): Field | undefined => {
          const field = inner.get(name);
          return field.absent ? undefined : field;
        };
        stack.nested.set(id, enter(`${prefix}${id}/`, template, pass));
      } else if (/eks|kubernetes|node-?group/i.test(`${id} ${nameOf(location)}`))
        notes.push({
          kind: 'partial',
          message: `nested stack ${id} is not judged: its template is not in these files`,
          at: whole.at(),
        });
      else
        notes.push({
          kind: 'partial',
          message: 'nested stacks whose templates are not in these files are not judged',
          at: whole.at(),
        });
    }
    return stack;
  };
  enter('', top, (name) => given?.values.get(name));
  return { stacks, notes, off };
}

/** What may add to a cluster and is not read: stacks with missing templates, handlers, and macros. */
function unreadIn(stacks: ReadonlyMap<string, Stack>): string | undefined {
  for (const stack of stacks.values()) {
    if (stack.isRewritten) return macroAdds;
    for (const [id, whole] of stack.resources.entries()) {
      const { value: type } = whole.get('Type');
      if (typeof type !== 'string' || stack.omits(whole) || stack.nested.has(id)) continue;
      if (Object.hasOwn(foreign, type) || Object.hasOwn(handled, type)) continue;
      if (/^AWS::CloudFormation::(Stack|Macro)$|^Custom::|^AWS::Serverless::Application$/.test(type)) return nestedAdds;
    }
  }
  return undefined;
}

/** The resources of a template and of all nested stacks. */
function describe(
  stacks: ReadonlyMap<string, Stack>,
  variant: Variant | undefined,
  homes: Map<object, Home>,
): Description {
  const resources = [...stacks].flatMap(([prefix, stack]) =>
    stack.resources.entries().flatMap(([id, whole]): AwsResource[] => {
      const { value: type } = whole.get('Type');
      if (typeof type !== 'string' || stack.omits(whole)) return [];
      const properties = whole.get('Properties');
      const other = foreign[type];
      const body = other ? new Property(other.spelling, other.body(properties)) : new Property(spelling, properties);
      const title = written(whole.tree, whole.on, id);
      return [
        { type: other?.type ?? handled[type] ?? type, id: prefix + id, title, whole, body },
        ...readAuthIn(whole, prefix + id, title),
      ];
    }),
  );
  const [only] = stacks.values();
  /** The stack whose template contains a location. */
  const homeOf = (field: Field): Home | undefined =>
    homes.get(field.files) ?? (only && stacks.size === 1 ? homes.get(only.dialect) : undefined);
  const of = (home: Home, reference: Reference): Reference => ({
    ...reference,
    id: home.prefix + reference.id,
    home: home.description,
  });
  const description = new Description({
    input: 'cloudformation',
    resources,
    variant,
    more: 'another template may add more',
    unread: unreadIn(stacks),
    refer(field) {
      // A string in a document may be a reference as a whole.
      const [only = field, ...more] = field.parts;
      const one = typeof only === 'string' || more.length > 0 ? field : only;
      const home = homeOf(one);
      const reference = home?.stack.refer(one.found);
      return home && reference && of(home, reference);
    },
    mentions: (field) =>
      field.parts.flatMap((part) => {
        const home = typeof part === 'string' ? undefined : homeOf(part);
        const all = typeof part === 'string' ? [] : (home?.stack.mentions(part.found) ?? []);
        return home ? all.map((one) => of(home, one)) : [];
      }),
    document: documentOf,
    image: (field) => homeOf(field)?.stack.ssmParameter(field.found),
    expression: (field) => `${homeOf(field)?.number ?? ''} ${JSON.stringify(field.found)}`,
  });
  for (const [prefix, stack] of stacks) homes.set(stack.dialect, { prefix, stack, description, number: homes.size });
  return description;
}
/** A stack of a description, and the prefix of the IDs of its resources. */
interface Home {
  readonly prefix: string;
  readonly stack: Stack;
  readonly description: Description;
  readonly number: number;
}

/**
 * Parts of a template that are created only when it is deployed: by loops over unknown lists, by macros, from files
 * elsewhere.
 */
function generated(tree: Tree, root: Record<string, unknown>, stack: Stack): Note[] {
  const note = (message: string, on: object, key: string): Note => ({
    kind: 'partial',
    message,
    at: locate(tree, on, key),
  });
  const { Resources: written, Transform: transform } = root;
  const resources = stack.resources.map ?? (isRecord(written) ? written : {});
  const maker = Object.keys(resources).find((key) => key.startsWith('Fn::'));
  const macro = [transform]
    .flat()
    .map((one) => (isRecord(one) ? one['Name'] : one))
    .find((name) => typeof name === 'string' && (name === 'AWS::Include' || !name.startsWith('AWS::')));
  const top = 'Fn::Transform' in root ? 'Fn::Transform' : undefined;
  const cut: Note = {
    kind: tree.source.target ? 'incomplete' : 'partial',
    message: 'not all that Fn::ForEach creates is judged, because its loops are too long: lint the processed template',
    at: locate(tree, root),
  };
  return [
    ...(stack.isCut ? [cut] : []),
    ...(maker === undefined ? [] : [note(`resources created by ${maker} are not judged`, resources, maker)]),
    ...(macro === undefined ? [] : [note(`the output of ${macro} is not judged`, root, 'Transform')]),
    ...(top === undefined ? [] : [note(`what ${top} adds to the template is not judged`, root, top)]),
  ];
}

/** CloudFormation templates, in YAML or JSON, and the files with values for their parameters. */
export function read(trees: readonly Tree[], podTemplates?: PodTemplates): Parts {
  const objects: AnyResource[] = [];
  const notes: Note[] = [];
  const files: Given[] = [];
  const all: Template[] = [];
  for (const tree of trees) {
    const { root } = tree;
    if (isSamConfig(tree)) {
      files.push(...givenBySam(tree));
      continue;
    }
    const values = givenBy(tree);
    if (values) files.push(values);
    else if (isRecord(root)) {
      all.push({ tree, root, parameters: isRecord(root['Parameters']) ? root['Parameters'] : {} });
    }
  }
  const templates = new Templates(all);
  const exports = new Exports();
  const homes = new Map<object, Home>();
  const applied: (readonly [ReadonlyMap<string, Stack>, Variant | undefined])[] = [];
  const add = (stacks: ReadonlyMap<string, Stack>, variant?: Variant): void => {
    for (const stack of stacks.values()) exports.add(stack);
    applied.push([stacks, variant]);
  };
  // A template that others use is read as part of them.
  const plain = all.map((template) => ({ template, ...stacksOf(template, undefined, templates, exports) }));
  const treesOf = (stacks: ReadonlyMap<string, Stack>): Tree[] => [...stacks.values()].map(({ tree }) => tree);
  const used = new Set(plain.flatMap(({ stacks }) => treesOf(stacks).slice(1)));
  const read = new Set(plain.flatMap(({ template, stacks }) => (used.has(template.tree) ? [] : treesOf(stacks))));
  const { given, notes: unfit } = matchGiven(files, all);
  notes.push(...unfit);
  for (const { template, stacks, notes: missing, off } of plain) {
    const { tree } = template;
    if (used.has(tree) && read.has(tree)) continue;
    notes.push(...missing);
    const ways = given.get(tree) ?? [];
    const made = ways.map((way) => stacksOf(template, way, templates, exports));
    if (ways.length === 0) add(stacks);
    for (const [i, way] of ways.entries()) {
      const variant = { by: way.label, with: true, of: ways.length, namespace: '' };
      add(made[i]?.stacks ?? stacks, ways.length > 1 ? variant : undefined);
    }
    // What is off in every way, only because of the default.
    const [first = off, ...others] = made.map((one) => one.off);
    const isOff = ({ on }: Field): boolean => others.every((one) => one.some((other) => other.on === on));
    notes.push(
      ...first.filter(isOff).map((field): Note => ({
        kind: 'partial',
        message: 'what the default of a parameter disables is not judged: add a parameter file',
        at: field.at(),
      })),
    );
  }
  const descriptions = applied.map(([stacks, variant]) => describe(stacks, variant, homes));
  for (const { tree, root } of all) {
    const stack = new Stack(tree, root);
    const manifests = readManifests(stack.resources, podTemplates);
    objects.push(...manifests.resources);
    notes.push(...manifests.notes);
    notes.push(...generated(tree, root, stack));
  }
  return {
    resources: objects,
    clusters: [],
    notes: eachOnce(notes),
    provided: objects.filter(isProvided),
    descriptions,
  };
}
