import { isRecord } from './shape.ts';

/*
 * The schemas of objects: names, types, required fields and allowed values, in a compact form. `schemas/` has them for
 * the kinds of the API server and for common custom resources; definitions of the input are turned into the same form
 * (structure.ts).
 */

/**
 * A type. Codes: `s` string, `i` and `j` integers of 32 and 64 bits, `n` number, `b` boolean, `q` quantity, `is`
 * integer or string, `%` integer or percentage, `t` time, `x` base64, `*` anything; `core.v1#PodSpec` is a definition
 * of another file, `#3` of the same file. Maps: `l` is the type of the items of a list, `k` the keys that identify its
 * items, `u` a set; `m` the type of the entries of a free map; `e` the allowed strings; `t` a nullable type; `p`
 * the inline fields of a map.
 */
export type Type =
  | string
  | { readonly l: Type; readonly k?: readonly string[]; readonly u?: true }
  | { readonly m: Type }
  | { readonly e: readonly string[] }
  | { readonly t: Type }
  | Definition;

/** The fields of a map, the required ones, and whether it keeps unknown ones. */
export interface Definition {
  readonly p: Readonly<Record<string, Type>>;
  readonly r?: readonly string[];
  readonly o?: true;
}

/** The schema of the objects of one version of a kind. */
export interface Schema {
  readonly type: Type;
  /** The file to which references without a file belong. */
  readonly file: string;
  /**
   * Custom resources accept null only if their definition says so, and lists without duplicates; others treat null as
   * absent.
   */
  readonly custom: boolean;
}

export type Path = readonly (string | number)[];

/** What a location may contain: a string, or a map or list with these keys, at any depth. */
export interface Inside {
  readonly isText: boolean;
  readonly keys: ReadonlySet<string>;
}
/** Codes of types that accept any string. */
const texts: ReadonlySet<string> = new Set(['s', 'q', 'is', '%', 't', 'x']);

/** One difference between data and its schema. `on[key]` is the location, `path` leads to `on`. */
export type Misfit = { readonly on: object; readonly key: string | number; readonly path: Path } & (
  | {
      readonly what: 'unknown';
      readonly known: readonly string[];
      /** The inner or outer map that has a field with this name. */
      readonly home: Path | undefined;
    }
  | { readonly what: 'missing' }
  | { readonly what: 'type'; readonly wanted: string; readonly found: string }
  | { readonly what: 'choice'; readonly choices: readonly string[] }
  | { readonly what: 'repeated'; readonly by: readonly string[] }
);

/** A description of the value. */
function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'boolean') return 'a boolean';
  if (typeof value === 'number') return 'a number';
  return value === '' ? 'an empty string' : 'a string';
}

const isInteger = (value: unknown, bits: 32 | 64): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= -(2 ** (bits - 1)) && value < 2 ** (bits - 1);

/** What each code accepts, and its name. */
const words: Readonly<Record<string, { readonly name: string; readonly takes: (value: unknown) => boolean }>> = {
  s: { name: 'a string', takes: (value) => typeof value === 'string' },
  i: { name: 'an integer of 32 bits', takes: (value) => isInteger(value, 32) },
  j: { name: 'an integer', takes: (value) => isInteger(value, 64) },
  n: { name: 'a number', takes: (value) => typeof value === 'number' },
  b: { name: 'a boolean', takes: (value) => typeof value === 'boolean' },
  q: { name: 'a quantity', takes: (value) => typeof value === 'string' || typeof value === 'number' },
  is: { name: 'an integer or a string', takes: (value) => typeof value === 'string' || isInteger(value, 32) },
  '%': {
    name: 'an integer or a percentage such as 25%',
    takes: (value) => isInteger(value, 32) || (typeof value === 'string' && /^[0-9]+%$/.test(value)),
  },
  t: {
    name: 'a time such as 2026-01-31T12:00:00Z',
    takes: (value) =>
      typeof value === 'string' &&
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value) &&
      !Number.isNaN(Date.parse(value.replace(',', '.'))),
  },
  x: {
    name: 'base64',
    // A list of numbers is a list of bytes (Go, encoding/json).
    takes: (value) =>
      (Array.isArray(value) && value.every((one) => isInteger(one, 32))) ||
      (typeof value === 'string' &&
        /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value.replace(/[\r\n]/g, ''))),
  },
  '*': { name: 'anything', takes: () => true },
};

/** No real schema is deeper. */
const deepest = 100;

/** A map and its location. */
interface Level {
  readonly definition: Definition;
  readonly file: string;
  readonly path: Path;
}

/** The text of a schema file; undefined if there is none with this name. */
export type ReadSchema = (name: string) => string | undefined;

/** A type, and the file to which its references without a file belong. */
type Resolved = Pick<Schema, 'type' | 'file'>;

interface BuiltIn {
  /** apiVersion → kind → reference of its definition. */
  readonly kinds: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
/** The content of a file of custom resources. */
export interface CustomFile {
  /** The project that publishes them. */
  readonly source: string;
  /** Definitions that several of its types share, by number. */
  readonly shared: Readonly<Record<string, Type>>;
  /** Kind → version → type of its objects. */
  readonly kinds: Readonly<Record<string, Readonly<Record<string, Type>>>>;
}

/** The schemas of the package. A file is read when the first object of its group is compared. */
export class Schemas {
  readonly #read: ReadSchema;
  readonly #files = new Map<string, Readonly<Record<string, unknown>> | undefined>();
  readonly #texts = new Map<string, string>();
  readonly #definitions = new Map<string, Definition>();
  readonly #resolved = new Map<string, Map<string, Resolved>>();
  #groups: ReadonlySet<string> | undefined;

  constructor(read: ReadSchema) {
    this.#read = read;
  }

  /** A definition in a file of built-in kinds, which has each on its own line: an object needs only a few of them. */
  #definition(file: string, name: string): Type | undefined {
    const id = `${file}#${name}`;
    const known = this.#definitions.get(id);
    if (known) return known;
    const text = this.#texts.get(file) ?? this.#read(file) ?? '';
    this.#texts.set(file, text);
    const key = `\n${JSON.stringify(name)}: `;
    const at = text.indexOf(key);
    if (at < 0) return undefined;
    const line = text.slice(at + key.length, text.indexOf('\n', at + key.length));
    const definition = JSON.parse(line.endsWith(',') ? line.slice(0, -1) : line) as Definition;
    this.#definitions.set(id, definition);
    return definition;
  }

  #file(name: string): Readonly<Record<string, unknown>> | undefined {
    if (!this.#files.has(name)) {
      const text = this.#read(name);
      this.#files.set(name, text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>));
    }
    return this.#files.get(name);
  }

  /** The kinds of the API server by apiVersion. */
  get builtIn(): BuiltIn['kinds'] {
    return (this.#file('kubernetes/index') as BuiltIn | undefined)?.kinds ?? {};
  }

  /** The schema of a kind of the API server. */
  ofBuiltIn(apiVersion: string, kind: string): Schema | undefined {
    const kinds = Object.hasOwn(this.builtIn, apiVersion) ? this.builtIn[apiVersion] : undefined;
    const reference = kinds && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    return reference === undefined ? undefined : { type: reference, file: 'kubernetes/', custom: false };
  }

  /** The project that publishes the kinds of a group. */
  publisherOf(group: string): string {
    return String((this.#file('custom/index') ?? {})[group] ?? group);
  }
  /** The versions of a custom resource that its project publishes, if the package includes them. */
  ofPublished(group: string, kind: string): ReadonlyMap<string, Schema> {
    this.#groups ??= new Set(Object.keys(this.#file('custom/index') ?? {}));
    const name = `custom/${group}`;
    const file = this.#groups.has(group) ? (this.#file(name) as unknown as CustomFile | undefined) : undefined;
    const versions = file && Object.hasOwn(file.kinds, kind) ? file.kinds[kind] : undefined;
    return new Map(
      Object.entries(versions ?? {}).map(([version, type]) => [version, { type, file: name, custom: true }]),
    );
  }

  /** Called for each field of each object. */
  #resolve(reference: string, file: string): Resolved | undefined {
    let known = this.#resolved.get(file);
    if (!known) this.#resolved.set(file, (known = new Map()));
    let found = known.get(reference);
    if (!found && (found = this.#find(reference, file))) known.set(reference, found);
    return found;
  }
  #find(reference: string, file: string): Resolved | undefined {
    const cut = reference.indexOf('#');
    const home = cut > 0 ? `kubernetes/${reference.slice(0, cut)}` : file;
    const name = reference.slice(cut + 1);
    const type = home.startsWith('custom/')
      ? (this.#file(home) as unknown as CustomFile | undefined)?.shared[name]
      : this.#definition(home, name);
    return type === undefined ? undefined : { type, file: home };
  }

  /** The fields of a type. */
  #fields(type: Type | undefined, file: string): Omit<Level, 'path'> | undefined {
    if (typeof type === 'string') {
      const found = type.includes('#') ? this.#resolve(type, file) : undefined;
      return found && this.#fields(found.type, found.file);
    }
    if (type !== undefined && 't' in type) return this.#fields(type.t, file);
    return type !== undefined && 'p' in type ? { definition: type, file } : undefined;
  }

  #takesNull(type: Type | undefined, file: string): boolean {
    if (typeof type !== 'string') return type !== undefined && 't' in type;
    const found = type.includes('#') ? this.#resolve(type, file) : undefined;
    return type === '*' || (found !== undefined && this.#takesNull(found.type, found.file));
  }

  /** What a location in objects of a schema may contain; undefined if the schema does not define it. */
  inside(schema: Schema, path: Path): Inside | undefined {
    let at: Resolved | undefined = this.#behind(schema.type, schema.file);
    for (const step of path) {
      if (!at || typeof at.type === 'string') return undefined;
      const { type, file }: Resolved = at;
      const next: Type | undefined =
        typeof type === 'string'
          ? undefined
          : 'l' in type
            ? type.l
            : 'm' in type
              ? type.m
              : 'p' in type && Object.hasOwn(type.p, step)
                ? type.p[step]
                : undefined;
      at = next === undefined ? undefined : this.#behind(next, file);
    }
    if (!at || at.type === '*') return undefined;
    const keys = new Set<string>();
    this.#gather(at, keys, new Set());
    return { keys, isText: typeof at.type === 'string' ? texts.has(at.type) : 'e' in at.type };
  }
  /** A type with references and nullable wrappers resolved. */
  #behind(type: Type, file: string): Resolved | undefined {
    if (typeof type === 'string') {
      const found = type.includes('#') ? this.#resolve(type, file) : undefined;
      return found ? this.#behind(found.type, found.file) : { type, file };
    }
    return 't' in type ? this.#behind(type.t, file) : { type, file };
  }
  #gather({ type, file }: Resolved, keys: Set<string>, seen: Set<Type>): void {
    if (typeof type === 'string' || seen.has(type)) return;
    seen.add(type);
    const inner = 'l' in type ? [type.l] : 'm' in type ? [type.m] : 'p' in type ? Object.values(type.p) : [];
    if ('p' in type) for (const key of Object.keys(type.p)) keys.add(key);
    for (const one of inner) {
      const next = this.#behind(one, file);
      if (next) this.#gather(next, keys, seen);
    }
  }

  /** The differences between an object and its schema, in the order of the object. */
  compare(object: Readonly<Record<string, unknown>>, schema: Schema): Misfit[] {
    const misfits: Misfit[] = [];
    const strict = schema.custom;

    // The API server drops a null in a non-nullable field before it validates a custom resource (apiextensions,
    // PruneNonNullableNullsWithoutDefaults).
    const isAbsent = (value: unknown, type: Type | undefined, file: string): boolean =>
      value === undefined || (value === null && !this.#takesNull(type, file));

    const compareMap = (on: Readonly<Record<string, unknown>>, level: Level, around: Level | undefined): void => {
      const { definition, file, path } = level;
      if (path.length > deepest) return;
      for (const [key, value] of Object.entries(on)) {
        const type = Object.hasOwn(definition.p, key) ? definition.p[key] : undefined;
        if (type !== undefined) compareValue(on, key, value, type, file, path, level);
        else if (definition.o !== true)
          misfits.push({
            what: 'unknown',
            on,
            key,
            path,
            known: Object.keys(definition.p),
            home: this.#home(key, level, around),
          });
      }
      for (const key of definition.r ?? [])
        if (strict ? isAbsent(on[key], definition.p[key], file) : isEmpty(on[key]))
          misfits.push({ what: 'missing', on, key, path });
    };

    const compareValue = (
      on: object,
      key: string | number,
      value: unknown,
      type: Type,
      file: string,
      path: Path,
      around: Level,
      nullable = true,
    ): void => {
      if (value === undefined || (value === null && nullable)) return;
      const mismatch = (wanted: string): void => {
        misfits.push({ what: 'type', on, key, path, wanted, found: describe(value) });
      };
      if (typeof type === 'string') {
        const word = Object.hasOwn(words, type) ? words[type] : undefined;
        if (word) {
          if (!word.takes(value)) mismatch(word.name);
          return;
        }
        const found = this.#resolve(type, file);
        if (found) compareValue(on, key, value, found.type, found.file, path, around, nullable);
        return;
      }
      const below = [...path, key];
      if ('t' in type) compareValue(on, key, value, type.t, file, path, around, true);
      else if ('l' in type) {
        if (!Array.isArray(value)) mismatch('a list');
        else {
          for (const [index, item] of value.entries())
            // A map that is null has no fields, not even required ones.
            if (item === null && !strict && this.#fields(type.l, file)?.definition.r !== undefined)
              misfits.push({ what: 'type', on: value, key: index, path: below, wanted: 'a map', found: 'null' });
            else compareValue(value, index, item, type.l, file, below, around, !strict);
          if (strict && (type.k || type.u))
            for (const index of repetitions(value, type.k))
              misfits.push({ what: 'repeated', on: value, key: index, path: below, by: type.k ?? [] });
        }
      } else if ('m' in type) {
        if (!isRecord(value)) mismatch('a map');
        else if (type.m !== '*')
          for (const [name, item] of Object.entries(value))
            compareValue(value, name, item, type.m, file, below, around);
      } else if ('e' in type) {
        if (typeof value !== 'string') mismatch('a string');
        else if (!type.e.includes(value) && (value !== '' || strict || !isDefaulted(String(key), type.e)))
          misfits.push({ what: 'choice', on, key, path, choices: type.e });
      } else if (!isRecord(value)) mismatch('a map');
      else compareMap(value, { definition: type, file, path: below }, around);
    };

    const top = this.#fields(schema.type, schema.file);
    if (top) compareMap(object, { ...top, path: [] }, undefined);
    return misfits;
  }

  /** The only inner map that has a field with this name, otherwise the outer map. */
  #home(key: string, { definition, file, path }: Level, around: Level | undefined): Path | undefined {
    const inside = Object.entries(definition.p).filter(([name, type]) => {
      const fields = name === 'status' ? undefined : this.#fields(type, file);
      return fields !== undefined && Object.hasOwn(fields.definition.p, key);
    });
    const [only] = inside;
    if (only && inside.length === 1) return [...path, only[0]];
    return around && Object.hasOwn(around.definition.p, key) ? around.path : undefined;
  }
}

/** Values that the API server treats as an absent field. */
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/**
 * Fields of the API server that are strings and not pointers: an empty string is not a choice, and stands for the
 * default.
 */
const defaulted = new Set([
  'imagePullPolicy',
  'restartPolicy',
  'dnsPolicy',
  'protocol',
  'terminationMessagePolicy',
  'type',
  'sessionAffinity',
  'externalTrafficPolicy',
  'podManagementPolicy',
  'concurrencyPolicy',
  'persistentVolumeReclaimPolicy',
  'scheme',
  'operator',
  'reclaimPolicy',
]);
const isDefaulted = (key: string, choices: readonly string[]): boolean => defaulted.has(key) || choices.includes('');

/** Indexes of items that duplicate an earlier item. */
function repetitions(items: readonly unknown[], keys: readonly string[] | undefined): number[] {
  const seen = new Set<string>();
  return [...items.entries()].flatMap(([index, item]) => {
    if (keys && !isRecord(item)) return [];
    const id = JSON.stringify(keys && isRecord(item) ? keys.map((name) => item[name] ?? null) : item);
    const known = seen.has(id);
    seen.add(id);
    return known ? [index] : [];
  });
}

/** `spec.containers[0]`. */
export function pathText(path: Path): string {
  let written = '';
  for (const step of path)
    if (typeof step === 'number') written += `[${step}]`;
    else if (/^[\w-]+$/.test(step)) written += written === '' ? step : `.${step}`;
    else written += `[${JSON.stringify(step)}]`;
  return written;
}
