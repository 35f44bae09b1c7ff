import { hiddenBy, isIgnored, syntaxError } from '#model/hidden.ts';
import { isRecord } from '#model/shape.ts';
import { push } from '#model/selector.ts';
import { Expression, parseTemplate, Path, type Step } from '#syntax/hcl.ts';
import { settleIn } from '#syntax/graft.ts';
import { span, type Tree } from '#syntax/tree.ts';
import { type Dialect, Field, mixedList, mixedMap, type Place, type Resolved } from '#spelling/field.ts';
import { evaluate, type Frame, named, type Start, walk } from './evaluate.ts';
import { instancesOf, switchOf } from './instances.ts';
import { withOptionals } from './optional.ts';
import { elementsOf, textOf } from './plain.ts';
import { outputOf } from './modules/outputs.ts';
import { joinPath } from './sources.ts';
import { partsOf, partsOfKey } from './text-parts.ts';
import { deepest, tooMuch, type Work } from './work.ts';

/** The maps of a block that may occur once or several times. */
const bodies = (value: unknown): Record<string, unknown>[] =>
  (Array.isArray(value) ? value : [value]).filter((one) => isRecord(one) && !(one instanceof Expression)) as Record<
    string,
    unknown
  >[];

/** Values for the variables of a root module. */
export interface Values {
  /** Files that set them; later ones override earlier ones. */
  readonly given: readonly Tree[];
  /** Why a variable that they do not set may still be set; undefined if it cannot be. */
  readonly doubt: (name: string) => string | undefined;
}
const noValues: Values = { given: [], doubt: () => undefined };

/** What a scope knows about its surroundings. */
export interface Surroundings {
  /** Its folder, and the folder in which Terraform runs. */
  readonly folder: string;
  readonly root: string;
  /** The module calls that lead here, outermost first. */
  readonly calls: readonly Field[];
  readonly values?: Values;
  readonly work: Work;
  readonly file: (path: string) => string | undefined;
  /** The folder that a call of this scope refers to, as that call uses it. */
  readonly child: (block: Field) => Scope | undefined;
}

/** The value of a name. */
type Known = Resolved;

type Kind = 'resource' | 'module' | 'data';

/** The known prefix of a path in functions that read files. */
export const inWorkspace = 'workspace:/';

const inProgress: readonly [string, Field][] = [];

/** One use of a folder: its files, and, if another folder calls it as a module, that call. */
export class Scope {
  readonly dialect: Dialect;
  readonly calls: readonly Field[];
  /** Blocks that were looked up and that only the default of a variable turns off, with that variable. */
  readonly off = new Map<Field, Field>();
  /** The blocks that are on, as they are written. */
  readonly on = new Set<unknown>();
  readonly #around: Surroundings;
  readonly #frame: Frame;
  readonly #call: Field | undefined;
  readonly #roots: readonly Field[];
  readonly #files: readonly Tree[];
  readonly #locals = new Map<string, { readonly tree: Tree; readonly on: object }>();
  readonly #variables = new Map<string, { readonly tree: Tree; readonly on: Record<string, unknown> }>();
  readonly #outputs = new Map<string, { readonly tree: Tree; readonly on: object }>();
  /** Names whose values are known; undefined while one is evaluated. */
  readonly #settled = new Map<string, Start | undefined>();
  /** Names that are being evaluated. */
  readonly #settling = new Set<string>();
  /** Blocks by type, and by type and label, one for each element: each reference asks for one. */
  readonly #written = new Map<string, ReadonlyMap<string, readonly Field[]>>();
  readonly #types = new Map<Kind, ReadonlyMap<string, readonly Field[]>>();
  readonly #elements = new Map<string, readonly [string, Field][]>();
  /** References that are being resolved. */
  readonly #open = new Set<string>();
  readonly #children = new Map<string, Scope | undefined>();
  /** Entries of blocks that something else sets, and what. */
  readonly #doubts = new Map<object, Map<string, string>>();

  constructor(trees: readonly Tree[], around: Surroundings) {
    this.calls = around.calls;
    this.#around = around;
    this.#call = around.calls.at(-1);
    this.#frame = this.#frameWith(new Map(), (path, frame, place) => this.#find(path, frame, place));
    this.dialect = this.#frame.dialect;
    this.#files = trees.filter((tree) => isRecord(tree.root));
    for (const tree of this.#files) {
      const root = tree.root as Record<string, unknown>;
      for (const block of bodies(root['locals']))
        for (const name of Object.keys(block)) this.#locals.set(name, { tree, on: block });
      for (const [name, on] of bodiesOf(root['variable']))
        if (!this.#variables.has(name) || Object.hasOwn(on, 'default')) this.#variables.set(name, { tree, on });
      for (const [name, on] of bodiesOf(root['output'])) this.#outputs.set(name, { tree, on });
    }
    this.#roots = this.#files.map((tree) => Field.of(this.dialect, tree, tree.root as object));
    for (const { value } of this.#roots) this.#ignoredChanges(value as Record<string, unknown>);
  }

  get #tree(): Tree {
    const [tree] = this.#files;
    if (!tree) throw new Error('a scope without files evaluates nothing');
    return tree;
  }
  get folder(): string {
    return this.#around.folder;
  }

  /** A dialect in which expressions may also use these names. */
  #frameWith(names: ReadonlyMap<string, Field>, otherwise: (path: Path, frame: Frame, place?: Place) => Start): Frame {
    const { work, file } = this.#around;
    const find = (path: Path, place?: Place): Start => {
      const field = typeof path.base === 'string' ? names.get(path.base) : undefined;
      return field ? { field, moved: true, steps: 0 } : otherwise(path, frame, place);
    };
    const frame: Frame = {
      work,
      known: new WeakMap(),
      find,
      with: (more) => this.#frameWith(new Map([...names, ...more]), otherwise),
      only: (alone) => this.#frameWith(alone, ({ text }) => ({ why: hiddenBy(text), steps: 0 })),
      index: (value) => textOf(Field.of(frame.dialect, this.#tree, [value], 0).value),
      file: (path) =>
        /^[/~]/.test(path)
          ? undefined
          : file(
              path.startsWith(inWorkspace)
                ? joinPath('', path.slice(inWorkspace.length))
                : joinPath(this.#around.root, path),
            ),
      dialect: {
        converts: true,
        files: this,
        unknown: (value) => (value instanceof Expression ? hiddenBy(value.text) : undefined),
        gap: (on, key, tree) => gapOf(on, key, tree, frame),
        repeated: (on, key, tree) => this.#repeated(on, key, tree, frame),
        doubt: (on, key) =>
          this.#doubts.get(on)?.get(key) ?? (key === 'metadata' ? undefined : this.#doubts.get(on)?.get('*')),
        resolve: (value, place) => evaluate(value, place, frame),
        parts: (value, tree) => partsOf(value, tree, frame),
        partsOfKey: (key, tree) => partsOfKey(key, tree, frame.dialect),
      },
    };
    return frame;
  }

  /** The contents of a `dynamic` block, one for each element of a collection if known. */
  #repeated(on: object, key: string, tree: Tree, frame: Frame): readonly Field[] | undefined {
    const { dynamic } = on as { dynamic?: unknown };
    if (!isRecord(dynamic)) return undefined;
    const made: Field[] = [];
    for (const [holder, at] of placesOf(dynamic, key)) {
      const block = Field.of(frame.dialect, tree, holder, at);
      const each = block.get('for_each');
      const elements = each.rest === undefined ? elementsOf(each) : undefined;
      if (!elements || !this.#around.work.spend(elements.length)) return undefined;
      const { found } = block.get('iterator');
      const iterator = found instanceof Path && typeof found.base === 'string' ? found.base : key;
      for (const { key: name, value } of elements) {
        const inner = frame.with(new Map([[iterator, named(value, { key: name, value })]]));
        made.push(Field.of(inner.dialect, tree, holder, at).get('content'));
      }
    }
    return Object.hasOwn(dynamic, key) && made.every(({ map }) => map) ? made : undefined;
  }
  #doubt(on: object, key: string, why: string): void {
    const one = this.#doubts.get(on) ?? new Map<string, string>();
    this.#doubts.set(on, one.set(key, why));
  }
  /** Arguments in `lifecycle.ignore_changes` no longer follow the files once the resource exists. */
  #ignoredChanges(file: Record<string, unknown>): void {
    const types = file['resource'];
    for (const ofType of Object.values(isRecord(types) ? types : {}))
      for (const block of Object.values(isRecord(ofType) ? ofType : {}))
        for (const body of bodies(block)) {
          const ignored = bodies(body['lifecycle']).flatMap((lifecycle) => lifecycle['ignore_changes']);
          for (const item of ignored.flat()) {
            const text = item instanceof Expression ? item.text : typeof item === 'string' ? item : '';
            if (text === '') continue;
            const steps = text.replace(/\[[^\]]*\]/g, '').split('.');
            const last = steps.pop() ?? '';
            if (atCreation.has(last)) continue;
            let on: Record<string, unknown> | undefined = body;
            for (const step of steps) on = bodies(on?.[step])[0];
            if (on) this.#doubt(on, last === 'all' ? '*' : last, isIgnored);
            // The name and namespace of a Kubernetes object cannot change without replacing it.
            if (last === 'all')
              for (const metadata of bodies(body['metadata']))
                for (const key of ['labels', 'annotations']) this.#doubt(metadata, key, isIgnored);
          }
        }
  }

  /**
   * Resources of a type, or module calls, by their names: `main`, `main[0]`, `main["a"]`. Each known element of a
   * `count` or `for_each` is separate; a block that is certainly turned off is left out.
   */
  blocks(kind: Kind, type?: string): readonly [string, Field][] {
    return [...this.#writtenOf(kind, type).keys()].flatMap((label) => this.elementsOf(kind, type, label));
  }
  /** Why there may be more resources of a type than its blocks: only some items of a `for_each` are known. */
  whyMore(type: string): string | undefined {
    return this.blocks('resource', type)
      .map(([, block]) => block.get('for_each').rest)
      .find((rest) => rest !== undefined);
  }
  /** The blocks of a type as they are written, by label. */
  #writtenOf(kind: Kind, type: string | undefined): ReadonlyMap<string, readonly Field[]> {
    const id = `${kind} ${type ?? ''}`;
    let written = this.#written.get(id);
    if (written) return written;
    const found = new Map<string, Field[]>();
    const all = type === undefined ? this.#roots.map((root) => root.get(kind)) : (this.#typesOf(kind).get(type) ?? []);
    for (const one of all)
      for (const [label, field] of one.entries())
        for (const block of Array.isArray(field.value) ? field.items() : [field])
          if (block.map) push(found, label, block);
    this.#written.set(id, (written = found));
    return written;
  }
  /** What the files have of a kind, by type: many types are asked for, and few are there. */
  #typesOf(kind: Kind): ReadonlyMap<string, readonly Field[]> {
    const known = this.#types.get(kind);
    if (known) return known;
    const found = new Map<string, Field[]>();
    for (const root of this.#roots) for (const [type, field] of root.get(kind).entries()) push(found, type, field);
    this.#types.set(kind, found);
    return found;
  }
  /** All blocks with a label. */
  elementsOf(kind: Kind, type: string | undefined, label: string): readonly [string, Field][] {
    const id = `${kind} ${type ?? ''} ${label}`;
    const known = this.#elements.get(id);
    if (known === inProgress) this.#around.work.cuts++;
    if (known) return known;
    const written = this.#writtenOf(kind, type).get(label);
    if (!written) return [];
    // A block that refers to itself finds nothing; its number may depend on others of its type.
    this.#elements.set(id, inProgress);
    const found = written
      .filter((block) => this.#isOn(block, kind))
      .flatMap((block) => instancesOf(label, block, this.#frame));
    this.#elements.set(id, found);
    return found;
  }
  #isOn(block: Field, kind: string): boolean {
    const by = switchOf(block);
    if (by === undefined) this.on.add(block.map);
    else if (by.assuming !== undefined && kind !== 'data') this.off.set(block, by);
    return by === undefined;
  }
  /** The provider that resources use unless they name another (Terraform Language, Provider Configuration). */
  get provider(): Field | undefined {
    for (const root of this.#roots) {
      const blocks = root.get('provider').get('aws');
      const main = (blocks.map ? [blocks] : blocks.items()).find((block) => block.map && block.get('alias').absent);
      if (main) return main;
    }
    return undefined;
  }
  /** The region of this provider. */
  get region(): Field | undefined {
    const region = this.provider?.get('region');
    return region?.absent === false ? region : undefined;
  }
  /** The block that a reference refers to; undefined if it refers to several, or to none in these files. */
  blockOf(kind: Kind, type: string | undefined, label: string, key: string | undefined): [string, Field] | undefined {
    const all = this.elementsOf(kind, type, label);
    const exact = all.find(([name]) => name === `${label}[${JSON.stringify(key)}]` || name === `${label}[${key}]`);
    const [only, ...others] = all;
    const isOne = others.length === 0 && (key === undefined || key === '0' || only?.[0] === label);
    return exact ?? (isOne ? only : undefined);
  }
  /** The block that is written with a label, turned off or not. */
  written(kind: 'resource' | 'module' | 'variable', type: string, label: string): Field | undefined {
    for (const root of this.#roots) {
      const field = (kind === 'resource' ? root.get(kind).get(type) : root.get(kind)).get(label);
      if (field.map) return field;
    }
    return undefined;
  }
  /** The names of all resources and module calls that are written. */
  get names(): readonly { readonly kind: 'resource' | 'module'; readonly type: string; readonly label: string }[] {
    return this.#roots.flatMap((root) => [
      ...Object.keys(root.get('module').map ?? {}).map((label) => ({ kind: 'module' as const, type: '', label })),
      ...Object.entries(root.get('resource').map ?? {}).flatMap(([type, labels]) =>
        Object.keys(isRecord(labels) ? labels : {}).map((label) => ({ kind: 'resource' as const, type, label })),
      ),
    ]);
  }
  has(kind: 'resource' | 'module', type: string, label: string): boolean {
    return this.written(kind, type, label) !== undefined;
  }
  /** The use of a folder by a module call. */
  childOf(name: string, block: Field): Scope | undefined {
    if (!this.#children.has(name)) {
      this.#children.set(name, undefined);
      this.#children.set(name, this.#around.child(block));
    }
    return this.#children.get(name);
  }

  /** The value of a name in these files; names of a module and of a resource have two parts, and maybe an index. */
  #find(path: Path, frame: Frame, place?: Place): Start {
    const { base, steps, text } = path;
    const [first] = steps;
    const name = typeof first === 'string' ? first : undefined;
    if (typeof base !== 'string' || name === undefined) return { why: hiddenBy(text), steps: 0 };
    switch (base) {
      case 'local':
      case 'var':
        return (
          this.#settle(`${base}.${name}`, () => {
            const known = base === 'local' ? this.#local(name) : this.#variable(name);
            return known && { ...known, steps: 1 };
          }) ?? { why: hiddenBy(`${base}.${name}`), steps: 1 }
        );
      case 'path':
        return { field: this.#place(name === 'module' ? this.#around.folder : this.#around.root), steps: 1 };
      case 'data': {
        const [, label] = steps;
        return typeof label === 'string'
          ? this.#block(path, ['data', name, label], 2, frame, place)
          : { why: hiddenBy(text), steps: 0 };
      }
      default:
        return this.#block(path, [base === 'module' ? base : 'resource', base, name], 1, frame, place);
    }
  }
  #place(folder: string): Field {
    const text = `${inWorkspace}${folder === '' ? '.' : folder}`;
    return Field.of(this.dialect, this.#tree, this.#tree.root as object).worth(text);
  }
  /**
   * An output of a module of these files, or an argument of a resource or a data source. `names`: how many steps its
   * name has.
   */
  #block(
    path: Path,
    [kind, type, label]: readonly [kind: Kind, type: string, label: string],
    names: number,
    frame: Frame,
    place?: Place,
  ): Start {
    const { steps, text } = path;
    const unknown: Start = { why: hiddenBy(text), steps: 0 };
    const next = steps[names];
    if (typeof next === 'object' && 'each' in next) {
      const all = this.#splat(
        text.startsWith('data.') ? `data.${type}` : type,
        [kind, type, label],
        next.each,
        frame,
        place,
      );
      return all ? { field: all, steps: names + 1 } : unknown;
    }
    if (next === undefined) {
      const all = this.#instances(text, [kind, type, label], frame, place);
      return all ? { field: all, steps: names } : unknown;
    }
    const isIndexed = typeof next === 'object' && 'at' in next;
    const index = isIndexed ? frame.index(next.at) : undefined;
    const used = isIndexed ? names + 1 : names;
    const attribute = steps[used];
    if (typeof attribute !== 'string' || (isIndexed && index === undefined)) return unknown;
    if (kind === 'data' && type === 'template_file' && attribute === 'rendered') {
      // The result of the provider, as an expression of the language (hashicorp/template, template_file).
      const source = text.slice(0, text.lastIndexOf('.rendered'));
      const call = parseTemplate(`\${templatestring(${source}.template, try(${source}.vars, {}))}`);
      return { field: Field.of(frame.dialect, this.#tree, [call], 0), steps: used + 1 };
    }
    const id = `${kind} ${type}.${label}[${index}].${attribute}`;
    const { work } = this.#around;
    if (this.#open.has(id) || work.depth >= deepest) {
      work.cuts++;
      return unknown;
    }
    this.#open.add(id);
    work.depth++;
    const found = this.blockOf(kind, kind === 'module' ? undefined : type, label, index);
    const made =
      found && (kind === 'module' ? this.#output(found, attribute, used + 1) : argument(found[1], path, used, frame));
    work.depth--;
    this.#open.delete(id);
    return made ?? unknown;
  }
  /** A block with `for_each`: a map of its instances by their keys (Terraform Language, Chaining for_each Between Resources). */
  #instances(
    text: string,
    [kind, type, label]: readonly [kind: Kind, type: string, label: string],
    frame: Frame,
    place?: Place,
  ): Field | undefined {
    const all = this.elementsOf(kind, kind === 'module' ? undefined : type, label);
    const [first] = all;
    const isKeyed = all.every(([name]) => name.startsWith(`${label}["`));
    if (!first || !isKeyed || !this.#around.work.spend(all.length)) return undefined;
    const entries = all.map(([name]): [string, Field] => {
      const index = name.slice(label.length);
      const holder = [parseTemplate(`\${${text}${index}}`)];
      if (place) settleIn(holder, place.tree, place);
      const key = JSON.parse(index.slice(1, -1)) as string;
      return [key, Field.of(frame.dialect, place?.tree ?? first[1].tree, holder, 0)];
    });
    return first[1].worth(mixedMap(new Map(entries)));
  }
  /** An attribute of all elements of a block (`aws_subnet.main[*].id`), each as if it were named separately. */
  #splat(
    prefix: string,
    [kind, type, label]: readonly [kind: Kind, type: string, label: string],
    each: readonly Step[],
    frame: Frame,
    place?: Place,
  ): Field | undefined {
    const all = this.elementsOf(kind, kind === 'module' ? undefined : type, label);
    const [first] = all;
    const attributes = each.filter((step) => typeof step === 'string');
    if (!first || attributes.length !== each.length || !this.#around.work.spend(all.length)) return undefined;
    const [name, block] = first;
    // A splat of a map treats the map as one item, and an unknown number of elements is not listed.
    const count = block.get('count');
    const isCounted = name !== label || count.absent || count.number().value === 1;
    if (!isCounted || !block.get('for_each').absent) return undefined;
    const items = all.map(([element]) => {
      const path = parseTemplate(`\${${[`${prefix}.${element}`, ...attributes].join('.')}}`);
      const holder = [path];
      // Each is located where the whole list is used.
      if (place) settleIn(holder, place.tree, place);
      return Field.of(frame.dialect, place?.tree ?? block.tree, holder, 0);
    });
    return block.worth(mixedList(items));
  }
  #output(found: [string, Field], name: string, steps: number): Start | undefined {
    const field = this.childOf(...found)?.output(name) ?? outputOf(found[1], name);
    return field && { field, steps };
  }
  /** The value of an output of this folder. */
  output(name: string): Field | undefined {
    const output = this.#outputs.get(name);
    return output && Field.of(this.dialect, output.tree, output.on, 'value');
  }

  /** Evaluates a name once; a cycle, or a chain that is longer than any real one, results in an unknown value. */
  #settle(name: string, find: () => Start | undefined): Start | undefined {
    const { work } = this.#around;
    if (!this.#settled.has(name)) {
      if (work.depth >= deepest) {
        work.cuts++;
        return { why: tooMuch, steps: 0 };
      }
      this.#settling.add(name);
      this.#settled.set(name, { why: `${name} refers to itself`, steps: 0 });
      work.depth++;
      this.#settled.set(name, find());
      work.depth--;
      this.#settling.delete(name);
    } else if (this.#settling.has(name)) work.cuts++;
    return this.#settled.get(name);
  }
  #local(name: string): Known | undefined {
    const local = this.#locals.get(name);
    return local && { field: Field.of(this.dialect, local.tree, local.on, name), moved: false };
  }
  /**
   * The value from a call or a values file, otherwise the default, which is what `terraform plan` without flags uses.
   */
  #variable(name: string): Known | undefined {
    const variable = this.#variables.get(name);
    if (!variable) return undefined;
    const { type, sensitive } = variable.on;
    // A secret is treated as unknown, wherever it comes from: a message could quote it.
    if (!this.#call && (sensitive === true || credential.test(name))) return undefined;
    // Null is the default for a variable that must not be null (Terraform Language, Input Variables).
    const counts = (field: Field): boolean => !field.absent || variable.on['nullable'] !== false;
    const whole = (field: Field): Field => withOptionals(field, type, variable.tree, this.#frame);
    if (this.#call) {
      const given = this.#call.get(name);
      if (given.why !== undefined || (Object.hasOwn(this.#call.map ?? {}, name) && counts(given)))
        return { field: whole(given), moved: true };
    } else {
      const { given, doubt } = this.#around.values ?? noValues;
      const file = given.findLast((tree) => isRecord(tree.root) && Object.hasOwn(tree.root, name));
      if (file && counts(Field.of(this.dialect, file, file.root as object, name)))
        return { field: whole(Field.of(this.dialect, file, file.root as object, name)), moved: true };
      const why = doubt(name);
      if (why !== undefined) return { why };
    }
    if (!Object.hasOwn(variable.on, 'default')) return undefined;
    const assuming = this.#call ? undefined : `the default of var.${name}`;
    const field = whole(Field.of(this.dialect, variable.tree, variable.on, 'default', assuming));
    return { field, moved: this.#call !== undefined, assuming };
  }
}

/**
 * Arguments for an initial state: the size that an autoscaler changes from then on, and what EKS reads only when it
 * creates a cluster or an entry. What is written counts, even if it is changed later.
 */
const atCreation: ReadonlySet<string> = new Set([
  'desired_size',
  'desired_capacity',
  'bootstrap_self_managed_addons',
  'bootstrap_cluster_creator_admin_permissions',
  'principal_arn',
]);

/** Names of variables whose value is a credential, even without `sensitive`. */
const credential =
  /(?:^|_)(?:pass(?:word|wd|phrase)|(?:api|access|private|secret)_?key|(?:auth|access|api|bearer)_?token|client_secret)$/i;

/** What a resource sets; only the provider knows what it does not set. */
function argument(block: Field, path: Path, from: number, frame: Frame): Start | undefined {
  const made = walk(block, path.steps.slice(from), frame, path);
  const isKnown = 'field' in made && made.field.why === undefined && !made.field.absent;
  return isKnown ? { field: made.field, steps: path.steps.length } : undefined;
}

/** Where the blocks with a label are: the label may be written once, or several times. */
const placesOf = (labels: Record<string, unknown>, label: string): [object, string | number][] => {
  const value = labels[label];
  if (Array.isArray(value)) return value.map((_, index): [object, number] => [value, index]);
  return isRecord(value) ? [[labels, label]] : [];
};

/** Blocks with one label, by that label. */
const bodiesOf = (labels: unknown): [string, Record<string, unknown>][] =>
  isRecord(labels)
    ? Object.entries(labels).flatMap(([name, value]) =>
        bodies(value).map((on): [string, Record<string, unknown>] => [name, on]),
      )
    : [];

/** Why an entry that a block lacks may still exist. */
function gapOf(on: object, key: string, tree: Tree, frame: Frame): string | undefined {
  const { dynamic } = on as { dynamic?: unknown };
  if (isRecord(dynamic) && Object.hasOwn(dynamic, key)) {
    const collections = placesOf(dynamic, key).map(([holder, at]) =>
      Field.of(frame.dialect, tree, holder, at).get('for_each'),
    );
    const unknown = collections.find(({ why, rest }) => why !== undefined || rest !== undefined);
    return unknown?.why ?? unknown?.rest ?? `a dynamic block writes ${key}`;
  }
  const place = tree.faults.length > 0 ? span(tree, on) : undefined;
  return place && tree.faults.some((fault) => fault.start >= place[2] && fault.start <= place[3])
    ? syntaxError
    : undefined;
}
