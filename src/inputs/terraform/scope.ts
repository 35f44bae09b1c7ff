import { isRecord } from '#model/shape.ts';
import { Call, Expression } from '#syntax/hcl.ts';
import { span, type Tree } from '#syntax/tree.ts';
import { partsOf, partsOfKey } from './text-parts.ts';
import { type Dialect, Field, mixedList, mixedMap, type Resolved } from '#spelling/field.ts';

/** An expression or a name as a message shows it. */
export const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);

/** `local.a.b["c"][0]`, `var.x`: names whose values files tell. */
const knownName = /^(local|var)\.([\w-]+)((?:\.[\w-]+|\[\d+\]|\["[^"\\$%]*"\])*)$/;
/** What files put together may not grow without bounds. */
const most = 2000;
/** Names that stand for one another, and modules that call one another. */
const deepest = 20;

/** Files whose blocks are merged over those of the others (Terraform Language, Override Files). */
const overrides = ({ source }: Tree): boolean => /(?:^|\/|_)override\.(?:tf|tofu)(?:\.json)?$/.test(source.path);

/** The maps of a block that may be written once or several times. */
const bodies = (value: unknown): Record<string, unknown>[] =>
  (Array.isArray(value) ? value : [value]).filter((one) => isRecord(one) && !(one instanceof Expression)) as Record<
    string,
    unknown
  >[];

/** A text of the JSON syntax is a template; one hole alone is the expression itself (Terraform Language, JSON Configuration Syntax). */
function fromJson(text: string): unknown {
  const whole = /^\$\{([^{}]*)\}$/.exec(text)?.[1];
  return /[$%]\{/.test(text) ? new Expression(whole?.trim() ?? text) : text;
}

/** What a name stands for. `moved`: findings point there. */
interface Known {
  readonly field: Field;
  readonly moved: boolean;
  readonly assuming?: string;
}

/** Files of values for the variables of a root module. */
export interface Values {
  /** Those that Terraform loads by itself, the later over the earlier. */
  readonly loaded: readonly Tree[];
  /** Those that a run may name: what they set is not known. */
  readonly named: readonly Tree[];
}
const noValues: Values = { loaded: [], named: [] };

/** One use of a folder: its files, and where another folder calls it as a module, that call. */
export class Scope {
  readonly dialect: Dialect;
  /** The module calls that lead here, outermost first. */
  readonly calls: readonly Field[];
  readonly #call: Field | undefined;
  readonly #roots: readonly Field[];
  readonly #locals = new Map<string, { readonly tree: Tree; readonly on: object }>();
  readonly #variables = new Map<string, { readonly tree: Tree; readonly on: Record<string, unknown> }>();
  /** Names that are known already; undefined while one is worked out. */
  readonly #settled = new Map<string, Known | undefined>();
  readonly #values: Values;
  #depth = 0;
  /** Entries of blocks that something else decides on, and what. */
  readonly #doubts = new Map<object, Map<string, string>>();

  constructor(trees: readonly Tree[], calls: readonly Field[] = [], values: Values = noValues) {
    this.calls = calls;
    this.#call = calls.at(-1);
    this.#values = values;
    this.dialect = {
      converts: true,
      unknown: (value) => this.#unknown(value),
      gap: (on, key, tree) => {
        const dynamic = (on as Record<string, unknown>)['dynamic'];
        if (isRecord(dynamic) && Object.hasOwn(dynamic, key)) return `a dynamic block writes ${key}`;
        const place = tree.faults.length > 0 ? span(tree, on) : undefined;
        return place && tree.faults.some((fault) => fault.start >= place[2] && fault.start <= place[3])
          ? 'a syntax error lies in this block'
          : undefined;
      },
      repeated: (on, key, tree) => this.#repeated(on, key, tree),
      parts: (value, tree) => partsOf(value, tree, this.dialect),
      partsOfKey: (key, tree) => partsOfKey(key, tree, this.dialect),
      doubt: (on, key) => this.#doubts.get(on)?.get(key) ?? this.#doubts.get(on)?.get('*'),
      resolve: (value, tree) => this.#resolve(value, tree),
    };
    const ordered = [...trees.filter((tree) => !overrides(tree)), ...trees.filter(overrides)].filter((tree) =>
      isRecord(tree.root),
    );
    for (const tree of ordered) {
      const root = tree.root as Record<string, unknown>;
      for (const block of bodies(root['locals']))
        for (const name of Object.keys(block)) this.#locals.set(name, { tree, on: block });
      if (isRecord(root['variable']))
        for (const [name, value] of Object.entries(root['variable']))
          for (const on of bodies(value))
            if (!this.#variables.has(name) || Object.hasOwn(on, 'default')) this.#variables.set(name, { tree, on });
    }
    this.#roots = ordered
      .filter((tree) => !overrides(tree))
      .map((tree) => Field.of(this.dialect, tree, tree.root as object));
    for (const tree of ordered.filter(overrides)) this.#override(tree.root as Record<string, unknown>);
    for (const { value } of this.#roots) this.#ignoredChanges(value as Record<string, unknown>);
  }

  /** The contents of a `dynamic` block over a collection that is known. What differs between the items stays unknown. */
  #repeated(on: object, key: string, tree: Tree): readonly Field[] | undefined {
    const { dynamic } = on as { dynamic?: unknown };
    if (!isRecord(dynamic) || !isRecord(dynamic[key])) return undefined;
    const block = Field.of(this.dialect, tree, dynamic, key);
    const each = block.get('for_each');
    const { value } = each;
    if (typeof value !== 'object' || value === null || each.rest !== undefined) return undefined;
    const content = block.get('content');
    const count = Object.keys(value).length;
    return content.map && count <= most ? Array.from({ length: count }, () => content) : undefined;
  }
  #doubt(on: object, key: string, why: string): void {
    const one = this.#doubts.get(on) ?? new Map<string, string>();
    this.#doubts.set(on, one.set(key, why));
  }
  /** Arguments of an override file replace those of the block with the same labels. */
  #override(file: Record<string, unknown>): void {
    const over = (base: unknown, change: unknown, labels: number): void => {
      if (labels > 0) {
        if (isRecord(base) && isRecord(change))
          for (const [name, inner] of Object.entries(change)) over(base[name], inner, labels - 1);
      } else
        for (const on of bodies(base))
          for (const body of bodies(change))
            for (const key of Object.keys(body)) this.#doubt(on, key, `an override file writes ${key} anew`);
    };
    for (const { value } of this.#roots)
      for (const [type, labels] of [
        ['resource', 2],
        ['module', 1],
      ] as const)
        over((value as Record<string, unknown>)[type], file[type], labels);
  }
  /** What `lifecycle.ignore_changes` names is no longer that of the files once the resource is there. */
  #ignoredChanges(file: Record<string, unknown>): void {
    const types = file['resource'];
    for (const named of Object.values(isRecord(types) ? types : {}))
      for (const block of Object.values(isRecord(named) ? named : {}))
        for (const body of bodies(block)) {
          const ignored = bodies(body['lifecycle']).flatMap((lifecycle) => lifecycle['ignore_changes']);
          for (const item of ignored.flat()) {
            const text = item instanceof Expression ? item.text : typeof item === 'string' ? item : '';
            if (text === '') continue;
            const steps = text.replace(/\[[^\]]*\]/g, '').split('.');
            const last = steps.pop() ?? '';
            let on: Record<string, unknown> | undefined = body;
            for (const step of steps) on = bodies(on?.[step])[0];
            if (on)
              this.#doubt(on, last === 'all' ? '*' : last, 'ignore_changes leaves this to others once it is there');
          }
        }
  }

  /** Blocks with these labels: `resource "aws_eks_cluster" "main"`. One that is switched off for certain is left out. */
  blocks(...labels: readonly string[]): [string, Field][] {
    return this.#roots.flatMap((root) =>
      labels
        .reduce((field, label) => field.get(label), root)
        .entries()
        .flatMap(([name, field]): [string, Field][] =>
          (Array.isArray(field.value) ? field.items() : [field])
            .filter((block) => block.map && !switchedOff(block))
            .map((block) => [name, block]),
        ),
    );
  }

  /** The block of a module call. */
  module(label: string): Field | undefined {
    const block = this.#roots.map((root) => root.get('module').get(label)).find(({ map }) => map);
    return block;
  }
  /** What the folder gives to those who call it. */
  output(name: string): Field | undefined {
    return this.#roots.map((root) => root.get('output').get(name).get('value')).find((value) => !value.absent);
  }

  #unknown(value: unknown): string | undefined {
    if (!(value instanceof Expression)) return undefined;
    const variable = /^var\.([\w-]+)/.exec(value.text)?.[1];
    const chooser = variable === undefined || this.#call ? undefined : this.#chooser(variable);
    if (chooser) return `var.${variable} depends on which file of values is used: ${chooser.source.path} is one`;
    return `${short(value.text)} is not known before Terraform runs`;
  }

  /** Works out a name once; a circle, and a chain longer than anybody writes, end in what is not known. */
  #settle(name: string, find: () => Known | undefined): Known | undefined {
    if (!this.#settled.has(name)) {
      if (this.#depth >= deepest) return undefined;
      this.#settled.set(name, undefined);
      this.#depth++;
      this.#settled.set(name, find());
      this.#depth--;
    }
    return this.#settled.get(name);
  }
  #local(name: string): Known | undefined {
    const local = this.#locals.get(name);
    return local && { field: Field.of(this.dialect, local.tree, local.on, name), moved: false };
  }
  /** What a call or a file of values gives, else the default: that is what `terraform plan` without flags takes. */
  #variable(name: string): Known | undefined {
    const variable = this.#variables.get(name);
    if (!variable) return undefined;
    const { type, sensitive } = variable.on;
    // Attributes that the type makes optional have defaults of their own.
    if (type instanceof Expression && type.text.includes('optional(')) return undefined;
    if (this.#call) {
      const given = this.#call.get(name);
      if (given.why !== undefined || Object.hasOwn(this.#call.map ?? {}, name)) return { field: given, moved: true };
    } else {
      const given = this.#values.loaded.findLast((tree) => isRecord(tree.root) && Object.hasOwn(tree.root, name));
      if (given) return { field: Field.of(this.dialect, given, given.root as object, name), moved: true };
      if (sensitive === true || this.#chooser(name)) return undefined;
    }
    if (!Object.hasOwn(variable.on, 'default')) return undefined;
    const field = Field.of(this.dialect, variable.tree, variable.on, 'default');
    return this.#call ? { field, moved: true } : { field, moved: false, assuming: `the default of var.${name}` };
  }
  /** A file of values that a run may name, and that sets a variable. */
  #chooser(name: string): Tree | undefined {
    return this.#values.named.find((tree) => isRecord(tree.root) && Object.hasOwn(tree.root, name));
  }

  #resolve(value: unknown, tree: Tree): Resolved | undefined {
    const written = tree.language === 'yaml' && typeof value === 'string' ? fromJson(value) : value;
    const plain = written === value ? undefined : { value: written };
    if (written instanceof Call) return this.#result(written, tree);
    const [, kind, name = '', steps = ''] = (written instanceof Expression && knownName.exec(written.text)) || [];
    if (kind === undefined) return plain;
    const known = this.#settle(`${kind}.${name}`, () => (kind === 'local' ? this.#local(name) : this.#variable(name)));
    let field = known?.field;
    for (const [, key, index, quoted] of steps.matchAll(/\.([\w-]+)|\[(\d+)\]|\["([^"]*)"\]/g)) {
      if (!field || field.why !== undefined) break;
      field = index === undefined ? field.get(key ?? quoted ?? '') : field.items()[Number(index)];
      if (field?.why === undefined && field?.value === undefined) return plain;
    }
    return field && known ? { field, moved: known.moved, assuming: known.assuming ?? field.assuming } : plain;
  }

  /** The outcome of a call, as far as its arguments tell. */
  #result(call: Call, tree: Tree): Resolved | undefined {
    const args = call.args.map((_, index) => Field.of(this.dialect, tree, call.args, index));
    const [first, second, third] = args;
    switch (call.name) {
      case '?':
        return first?.value === true && second
          ? { field: second, assuming: first.assuming ?? second.assuming }
          : first?.value === false && third
            ? { field: third, assuming: first.assuming ?? third.assuming }
            : undefined;
      case '"': {
        const parts = args.map(({ value }) =>
          typeof value === 'object' || value === undefined ? undefined : String(value),
        );
        const text = parts.includes(undefined) ? undefined : parts.join('');
        const assuming = args.find((arg) => arg.assuming !== undefined)?.assuming;
        return text === undefined || text.length > most ? undefined : { value: text, assuming };
      }
      case 'concat':
        return joined(args);
      case 'merge':
        return merged(args);
      case 'coalesce':
      case 'try': {
        const taken =
          call.name === 'try' ? first : args.find((arg) => arg.why !== undefined || (arg.written && arg.value !== ''));
        return taken?.why === undefined && taken ? { field: taken } : undefined;
      }
      // Types are converted where a value is read; a set is a list in another order.
      case 'toset':
      case 'tolist':
      case 'tomap':
      case 'tostring':
      case 'tonumber':
      case 'tobool':
      case 'distinct':
      case 'sort':
      case 'sensitive':
      case 'nonsensitive':
        return first && args.length === 1 ? { field: first } : undefined;
      default:
        return undefined;
    }
  }
}

/** A module that is not read: its block, and where it comes from. */
interface Unread {
  readonly block: Field;
  readonly label: string;
  readonly source: string;
  /** The outermost call that leads to it, or its own block. */
  readonly outermost: Field;
}

/** The folder that a local source means (Terraform Language, Module Sources). */
function localFolder(from: string, source: unknown): string | undefined {
  if (typeof source !== 'string' || !/^\.\.?(?:\/|$)/.test(source)) return undefined;
  const steps = from === '' ? [] : from.split('/');
  for (const step of source.split('/')) {
    if (step === '..') {
      if (steps.length === 0 || steps.at(-1) === '..') steps.push('..');
      else steps.pop();
    } else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}

/** A module that is called more often than this is not entered again. */
const mostScopes = 200;

/** All uses of the folders: a folder that others call is read once for each call, the others once. */
export function scopesOf(
  folders: ReadonlyMap<string, readonly Tree[]>,
  values: ReadonlyMap<string, Values>,
): {
  readonly scopes: Scope[];
  readonly unread: Unread[];
} {
  const scopes: Scope[] = [];
  const unread: Unread[] = [];
  const entered = new Set<string>();
  const enter = (folder: string, calls: readonly Field[], chain: readonly string[]): void => {
    entered.add(folder);
    const scope = new Scope(folders.get(folder) ?? [], calls, calls.length > 0 ? undefined : values.get(folder));
    scopes.push(scope);
    for (const [label, block] of scope.blocks('module')) {
      const { value: source } = block.get('source');
      const target = localFolder(folder, source);
      if (
        target !== undefined &&
        folders.has(target) &&
        !chain.includes(target) &&
        chain.length < deepest &&
        scopes.length < mostScopes
      )
        enter(target, [...calls, block], [...chain, target]);
      else {
        const name = typeof source === 'string' ? source : '';
        unread.push({ block, label, source: name, outermost: calls[0] ?? block });
      }
    }
  };
  const called = new Set(
    [...folders].flatMap(([folder, trees]) =>
      new Scope(trees)
        .blocks('module')
        .map(([, block]) => localFolder(folder, block.get('source').value))
        .filter((target) => target !== folder),
    ),
  );
  for (const folder of folders.keys()) if (!called.has(folder)) enter(folder, [], [folder]);
  for (const folder of folders.keys()) if (!entered.has(folder)) enter(folder, [], [folder]);
  return { scopes, unread };
}

/** `count = 0` and a `for_each` over nothing. */
function switchedOff(block: Field): boolean {
  const each = block.get('for_each');
  const { value } = each;
  return (
    block.get('count').value === 0 ||
    (typeof value === 'object' && value !== null && each.rest === undefined && Object.keys(value).length === 0)
  );
}

/** What `concat` makes. */
function joined(lists: readonly Field[]): Resolved | undefined {
  const rest = lists.filter((list) => list.why !== undefined);
  if (lists.some((list) => list.why === undefined && !Array.isArray(list.value))) return undefined;
  const items = lists.flatMap((list) => list.items());
  return rest.length === lists.length || items.length > most
    ? undefined
    : {
        value: mixedList(items, [...rest, ...lists.filter((list) => list.rest !== undefined)]),
        assuming: lists.find((list) => list.assuming !== undefined)?.assuming,
      };
}

/** What `merge` makes: a map that cannot be told may replace entries of those before it. */
function merged(maps: readonly Field[]): Resolved | undefined {
  const entries = new Map<string, Field>();
  const rest: Field[] = [];
  for (const map of maps) {
    if (map.why !== undefined || map.rest !== undefined) {
      rest.push(map);
      entries.clear();
    } else if (map.written && !map.map) return undefined;
    for (const [key, field] of map.entries()) entries.set(key, field);
  }
  return (entries.size === 0 && rest.length > 0) || entries.size > most
    ? undefined
    : { value: mixedMap(entries, rest), assuming: maps.find((map) => map.assuming !== undefined)?.assuming };
}
