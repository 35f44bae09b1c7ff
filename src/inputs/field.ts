import { isRecord } from '#model/shape.ts';
import { Collection, Value } from '#model/value.ts';
import { locate, type Location, span, type Tree } from '#syntax/tree.ts';

/** How one format writes values that only its own tool can work out. */
export interface Dialect {
  /** Why a value cannot be told from the files; undefined for plain data. */
  unknown(value: unknown): string | undefined;
  /** Why an entry that `on` lacks may still be there: a dynamic block, a syntax error. */
  gap?(on: object, key: string, tree: Tree): string | undefined;
  /** What a value stands for, where the files tell; `tree` is the document that holds it. */
  resolve?(value: unknown, tree: Tree): { readonly value: unknown; readonly tree: Tree };
  /** The format's tool turns "true" into true and 1 into "1". */
  readonly converts: boolean;
}

type Key = string | number;

/** One place of a document: what stands there, or that nothing does, or that it cannot be told. */
export class Field {
  readonly value: unknown;
  /** Why it cannot be told; undefined where it can. */
  readonly why: string | undefined;
  readonly tree: Tree;
  readonly on: object;
  readonly key: Key | undefined;
  readonly #dialect: Dialect;
  /** The document that holds the inside of the value. */
  readonly #inner: Tree;

  private constructor(dialect: Dialect, place: { tree: Tree; on: object; key: Key | undefined }, value: unknown, why?: string) {
    const resolved = dialect.resolve?.(value, place.tree) ?? { value, tree: place.tree };
    this.#dialect = dialect;
    this.tree = place.tree;
    this.on = place.on;
    this.key = place.key;
    this.why = why ?? dialect.unknown(resolved.value);
    this.value = this.why === undefined ? resolved.value : undefined;
    this.#inner = resolved.tree;
  }

  static of(dialect: Dialect, tree: Tree, object: object): Field {
    return new Field(dialect, { tree, on: object, key: undefined }, object);
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
    const value = Object.hasOwn(map, key) ? map[key] : undefined;
    const gap = value === undefined || value === null ? this.#dialect.gap?.(map, key, this.#inner) : undefined;
    return new Field(this.#dialect, { tree: this.#inner, on: map, key }, value, gap);
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
  /** The items of the list that stands here; none where there is no list. */
  items(): Field[] {
    const { value } = this;
    if (!Array.isArray(value)) return [];
    return value.map((item, index) => new Field(this.#dialect, { tree: this.#inner, on: value, key: index }, item));
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
    return this.#read((value) => {
      if (typeof value === 'string') return value;
      if (typeof value === 'boolean' && this.#dialect.converts) return String(value);
      return typeof value === 'number' ? this.#digits(value) : undefined;
    }, 'text', fallback);
  }
  /** A number as it is written: `version: 1.30` means 1.30, though YAML reads 1.3. */
  #digits(value: number): string {
    const place = this.tree.language === 'yaml' && this.key !== undefined ? span(this.tree, this.on, this.key) : undefined;
    const written = place && this.tree.source.text.slice(place[2], place[3]).trim();
    return written !== undefined && Number(written) === value ? written : String(value);
  }
  bool(fallback?: boolean): Value<boolean> {
    return this.#read((value) => {
      if (typeof value === 'boolean') return value;
      const lower = this.#dialect.converts && typeof value === 'string' ? value.toLowerCase() : undefined;
      return lower === 'true' ? true : lower === 'false' ? false : undefined;
    }, 'boolean', fallback);
  }
  number(fallback?: number): Value<number> {
    return this.#read((value) => {
      if (typeof value === 'number') return value;
      return this.#dialect.converts && typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined;
    }, 'number', fallback);
  }
  /** The texts of a list; where nothing is written, those that the tool takes instead. */
  texts(fallback: readonly string[] = []): Collection<Value<string>> {
    const { at, why } = this;
    if (why !== undefined) return new Collection<Value<string>>([], { at, state: 'unknown', why });
    if (this.absent) return new Collection(fallback.map((one) => Value.default(one, at)), { at, state: 'default' });
    const { value } = this;
    if (Array.isArray(value))
      return new Collection(this.items().map((item) => (item.absent ? Value.unknown<string>('the item is empty', item.at) : item.text())), { at });
    if (this.#dialect.converts && typeof value === 'string') return new Collection([this.text()], { at });
    return new Collection<Value<string>>([], { at, state: 'unknown', why: `${this.#label} is no list` });
  }
  /** Like `texts`, where the tool takes its own list also in place of an empty one. */
  filled(fallback: readonly string[]): Collection<Value<string>> {
    const written = this.texts(fallback);
    if (written.state !== 'set' || written.items.length > 0) return written;
    return new Collection(fallback.map((one) => Value.default(one, this.at)), { at: this.at, state: 'default' });
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
