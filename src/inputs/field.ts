import { isRecord } from '#model/shape.ts';
import { Collection, Value } from '#model/value.ts';
import { locate, type Location, span, type Tree } from '#syntax/tree.ts';

/** How one format writes values that only its own tool can work out. */
export interface Dialect {
  /** Why a value cannot be told from the files; undefined for plain data. */
  unknown(value: unknown): string | undefined;
  /** Why an entry that `on` lacks may still be there: a dynamic block, a syntax error. */
  gap?(on: object, key: string, tree: Tree): string | undefined;
  /** Why what is written for an entry may not be what counts: another file overrides it. */
  doubt?(on: object, key: string): string | undefined;
  /** What a value stands for, where the files tell: another place, or a value. Undefined for itself. */
  resolve?(value: unknown, tree: Tree): Resolved | undefined;
  /** The format's tool turns "true" into true and 1 into "1". */
  readonly converts: boolean;
}

/** `moved`: findings are to point to where the value comes from, not to where it is used. */
export type Resolved = { readonly field: Field; readonly moved?: boolean } | { readonly value: unknown };

type Key = string | number;

/** Lists and maps that a function puts together: their entries stand in different places. */
interface Mixture {
  readonly entries: ReadonlyMap<Key, Field>;
  /** Parts that may hold more entries. */
  readonly rest: readonly Field[];
}
const mixtures = new WeakMap<object, Mixture>();

/** A list made of items that stand elsewhere; `rest` are lists that cannot be told. */
export function mixedList(items: readonly Field[], rest: readonly Field[]): unknown[] {
  const list = items.map((item) => item.value);
  mixtures.set(list, { entries: new Map(items.map((item, index) => [index, item])), rest });
  return list;
}
/** A map made of entries that stand elsewhere; `rest` are maps that cannot be told. */
export function mixedMap(entries: ReadonlyMap<string, Field>, rest: readonly Field[]): Record<string, unknown> {
  const map = Object.assign(
    Object.create(null) as Record<string, unknown>,
    Object.fromEntries([...entries].map(([key, field]) => [key, field.value])),
  );
  mixtures.set(map, { entries, rest });
  return map;
}

/** One place of a document: what stands there, or that nothing does, or that it cannot be told. */
export class Field {
  readonly value: unknown;
  /** Why it cannot be told; undefined where it can. */
  readonly why: string | undefined;
  readonly tree: Tree;
  readonly on: object;
  readonly key: Key | undefined;
  /** What stands here once everything is followed that the files tell, known or not. */
  readonly found: unknown;
  /** Whether findings point to another place than the one where this is used. */
  readonly #moved: boolean;
  readonly #dialect: Dialect;
  /** The document that holds the inside of the value, and how to read it. */
  readonly #inner: Tree;
  readonly #home: Dialect;

  private constructor(
    dialect: Dialect,
    place: { tree: Tree; on: object; key: Key | undefined },
    value: unknown,
    why?: string,
  ) {
    const resolved = why === undefined ? dialect.resolve?.(value, place.tree) : undefined;
    const source = resolved && 'field' in resolved ? resolved.field : undefined;
    this.#moved = source !== undefined && ((resolved as { moved?: boolean }).moved === true || source.#moved);
    const { tree, on, key } = source && this.#moved ? source : place;
    this.#dialect = dialect;
    this.tree = tree;
    this.on = on;
    this.key = key;
    this.found = source ? source.found : resolved && 'value' in resolved ? resolved.value : value;
    this.why = why ?? (source ? source.why : dialect.unknown(this.found));
    this.value = this.why === undefined ? this.found : undefined;
    this.#inner = source ? source.#inner : place.tree;
    this.#home = source ? source.#home : dialect;
  }

  static of(dialect: Dialect, tree: Tree, on: object, key?: Key): Field {
    return new Field(dialect, { tree, on, key }, key === undefined ? on : (on as Record<Key, unknown>)[key]);
  }

  readonly at = (): Location => locate(this.tree, this.on, this.key);

  /** Nothing is written here. */
  get absent(): boolean {
    return this.why === undefined && (this.value === undefined || this.value === null);
  }
  /** Whether something is written here, known or not. */
  get written(): boolean {
    return !this.absent;
  }
  /** The map that stands here. */
  get map(): Record<string, unknown> | undefined {
    return isRecord(this.value) ? this.value : undefined;
  }
  /** Whether what is found here is written in this dialect's own files: references in it mean their blocks. */
  isHome(dialect: Dialect): boolean {
    return this.#home === dialect;
  }
  /** What is written here, before anything is resolved. */
  get raw(): unknown {
    return this.key === undefined ? this.on : (this.on as Record<string, unknown>)[this.key];
  }
  get #place() {
    return { tree: this.tree, on: this.on, key: this.key };
  }
  get #label(): string {
    return this.key === undefined ? 'the document' : String(this.key);
  }

  /** A copy whose value cannot be told. */
  doubted(why: string): Field {
    return new Field(this.#dialect, this.#place, undefined, why);
  }

  /** An entry of the map that stands here. Below nothing is nothing, placed where the missing map would stand. */
  get(key: string): Field {
    if (this.why !== undefined) return this.doubted(this.why);
    if (this.absent) return new Field(this.#dialect, this.#place, undefined);
    const { map } = this;
    if (!map) return this.doubted(`${this.#label} is no map`);
    const mixture = mixtures.get(map);
    if (mixture) return mixture.entries.get(key) ?? new Field(this.#home, this.#place, undefined, this.rest);
    const value = Object.hasOwn(map, key) ? map[key] : undefined;
    const why =
      this.#home.doubt?.(map, key) ??
      (value === undefined || value === null ? this.#home.gap?.(map, key, this.#inner) : undefined);
    return new Field(this.#home, { tree: this.#inner, on: map, key }, value, why);
  }
  /** The entry behind several keys. */
  path(...keys: readonly string[]): Field {
    return keys.reduce<Field>((field, key) => field.get(key), this);
  }
  /** The first of several keys that is written, else the first key. */
  either(...keys: readonly string[]): Field {
    const fields = keys.map((key) => this.get(key));
    return fields.find((field) => field.written) ?? (fields[0] as Field);
  }
  /** The single map of a block that may be written as a map or as a list of one. */
  block(key: string): Field {
    const field = this.get(key);
    if (!Array.isArray(field.value)) return field;
    const items = field.items();
    if (items.length === 0) return new Field(this.#dialect, field.#place, undefined);
    return items.length === 1 ? (items[0] as Field) : field.doubted(`${key} is written more than once`);
  }
  /** The maps of a block that may be written any number of times. */
  blocks(key: string): Field[] {
    const field = this.get(key);
    return Array.isArray(field.value) ? field.items() : field.written ? [field] : [];
  }
  /** Why the list or map that stands here may hold more than is known. */
  get rest(): string | undefined {
    const [first] = typeof this.value === 'object' && this.value !== null ? (mixtures.get(this.value)?.rest ?? []) : [];
    return first && (first.why ?? first.rest);
  }
  /** Why a block of which some are written may be there more often. */
  more(key: string): string | undefined {
    return this.map && this.#home.gap?.(this.map, key, this.#inner);
  }
  /** The items of the list that stands here; none where there is no list. */
  items(): Field[] {
    const { value } = this;
    if (!Array.isArray(value)) return [];
    const mixture = mixtures.get(value);
    if (mixture) return [...mixture.entries.values()];
    return value.map((item, index) => new Field(this.#home, { tree: this.#inner, on: value, key: index }, item));
  }
  /** The entries of the map that stands here. */
  entries(): [string, Field][] {
    return Object.keys(this.map ?? {}).map((key) => [key, this.get(key)]);
  }

  #read<T>(take: (value: unknown) => T | undefined, kind: string, fallback: T | undefined): Value<T> {
    if (this.why !== undefined) return Value.unknown(this.why, this.at);
    if (this.absent) return Value.default(fallback, this.at);
    const taken = take(this.value);
    return taken === undefined ? Value.unknown(`${this.#label} is no ${kind}`, this.at) : Value.set(taken, this.at);
  }

  text(fallback?: string): Value<string> {
    return this.#read(
      (value) => {
        if (typeof value === 'string') return value;
        if (typeof value === 'boolean' && this.#dialect.converts) return String(value);
        return typeof value === 'number' ? this.#digits(value) : undefined;
      },
      'text',
      fallback,
    );
  }
  /** A number as it is written: `version: 1.30` means 1.30, though YAML reads 1.3. */
  #digits(value: number): string {
    const place =
      this.tree.language === 'yaml' && this.key !== undefined ? span(this.tree, this.on, this.key) : undefined;
    const written = place && this.tree.source.text.slice(place[2], place[3]).trim();
    return written !== undefined && Number(written) === value ? written : String(value);
  }
  bool(fallback?: boolean): Value<boolean> {
    return this.#read(
      (value) => {
        if (typeof value === 'boolean') return value;
        const lower = this.#dialect.converts && typeof value === 'string' ? value.toLowerCase() : undefined;
        return lower === 'true' ? true : lower === 'false' ? false : undefined;
      },
      'boolean',
      fallback,
    );
  }
  number(fallback?: number): Value<number> {
    return this.#read(
      (value) => {
        if (typeof value === 'number') return value;
        return this.#dialect.converts && typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined;
      },
      'number',
      fallback,
    );
  }
  get #open(): { complete?: boolean; why?: string } {
    return this.rest === undefined ? {} : { complete: false, why: this.rest };
  }
  /** The texts of a list; where nothing is written, those that the tool takes instead. */
  texts(fallback: readonly string[] = []): Collection<Value<string>> {
    const { at, why } = this;
    if (why !== undefined) return new Collection<Value<string>>([], { at, state: 'unknown', why });
    if (this.absent)
      return new Collection(
        fallback.map((one) => Value.default(one, at)),
        { at, state: 'default' },
      );
    const { value } = this;
    if (Array.isArray(value))
      return new Collection(
        this.items().map((item) => (item.absent ? Value.unknown<string>('the item is empty', item.at) : item.text())),
        { at, ...this.#open },
      );
    if (this.#dialect.converts && typeof value === 'string') return new Collection([this.text()], { at });
    return new Collection<Value<string>>([], { at, state: 'unknown', why: `${this.#label} is no list` });
  }
  /** Like `texts`, where the tool takes its own list also in place of an empty one. */
  filled(fallback: readonly string[]): Collection<Value<string>> {
    const written = this.texts(fallback);
    if (written.state !== 'set' || !written.complete || written.items.length > 0) return written;
    return new Collection(
      fallback.map((one) => Value.default(one, this.at)),
      { at: this.at, state: 'default' },
    );
  }
}

/** A fact worked out from another: unknown stays unknown, and state and place are kept. */
export function derive<T, U>(value: Value<T>, make: (value: T) => U | undefined): Value<U> {
  const at = (): Location => value.at;
  if (value.state === 'unknown') return Value.unknown(value.why ?? 'not known', at);
  const made = value.value === undefined ? undefined : make(value.value);
  if (value.state === 'default') return Value.default(made, at);
  return made === undefined ? Value.default<U>(undefined, at) : Value.set(made, at);
}

/** A list of which nothing is known. */
export function unknownList<T>(why: string, at: () => Location): Collection<T> {
  return new Collection<T>([], { at, state: 'unknown', why });
}
