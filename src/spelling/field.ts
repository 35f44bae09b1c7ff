import { isRecord } from '#model/shape.ts';
import { Collection, type Slot, Value } from '#model/value.ts';
import { type Edit, locate, type Location, span, type Tree } from '#syntax/tree.ts';

/** How one format writes values that only its own tool can evaluate. */
export interface Dialect {
  /** Why the files do not determine a value; undefined for plain data. */
  unknown(value: unknown): string | undefined;
  /** Why an entry that `on` lacks may still exist: a dynamic block, a syntax error. */
  gap?(on: object, key: string, tree: Tree): string | undefined;
  /** The entries that a block repeated by an expression creates, if that can be determined. */
  repeated?(on: object, key: string, tree: Tree): readonly Field[] | undefined;
  /** Why the written value of an entry may not be the one that applies: another file overrides it. */
  doubt?(on: object, key: string): string | undefined;
  /** What a value resolves to, if the files define it: another location, or a value. Undefined for the value itself. */
  resolve?(value: unknown, place: Place): Resolved | undefined;
  /** The strings and locations from which an unknown value is composed; undefined if it is not composed. */
  parts?(value: unknown, tree: Tree): readonly Part[] | undefined;
  /** The same for the key of a map. */
  partsOfKey?(key: string, tree: Tree): readonly Part[] | undefined;
  /**
   * An object that is the same for all dialects that read one set of files, each with other names; the dialect itself
   * if absent.
   */
  readonly files?: object;
  /** The format's tool turns "true" into true and 1 into "1". */
  readonly converts: boolean;
  /** A map inside another is a list of one: nothing is written into a missing one. */
  readonly listsMaps?: boolean;
}

/**
 * `moved`: findings point to where the value comes from, not to where it is used. `fails`: the tool stops with an error
 * here. `candidates`: it is one of these, whatever decides.
 */
export type Resolved = (
  | { readonly field: Field; readonly moved?: boolean }
  | { readonly value: unknown }
  | { readonly why: string; readonly fails?: boolean; readonly candidates?: readonly Field[] }
) & {
  /** The assumption this depends on: `the default of var.public`. */
  readonly assuming?: string | undefined;
};

/** A part of a string: literal text, or the location of a value that fills it in. */
export type Part = string | Field;

type Key = string | number;
export interface Place {
  readonly tree: Tree;
  readonly on: object;
  readonly key: Key | undefined;
}

/** What is known about a Field in addition to its value. */
interface Traits {
  readonly why?: string | undefined;
  /** The value is the default of the tool. */
  readonly preset?: boolean;
  /** Unknown, and not written either: the default of the tool. */
  readonly unwritten?: boolean;
  /** Keys that would have to be written below the location, if a map is missing. */
  readonly below?: readonly string[];
  /** A shared Field: it is asked for what this one lacks. */
  readonly under?: Field | undefined;
  /** The ID of the resource that a tool passes here. */
  readonly names?: string | undefined;
  /** CloudFormation's type of that resource, where it need not be described. */
  readonly namesType?: string | undefined;
  /** From a value in the words of CloudFormation to what is written here. */
  readonly encode?: ((value: unknown) => unknown) | undefined;
  /** The value read here is not the one written at the location, so it cannot be written back. */
  readonly made?: boolean;
  /** The format cannot express the property. */
  readonly unsayable?: boolean;
  /** The possible values, if it is unknown which applies. */
  readonly candidates?: readonly Field[] | undefined;
}

/** The metadata of most Fields, of which there may be hundreds of thousands. */
const plainTraits: Traits = {};

/** Lists and maps that a function composes: their entries have different locations. */
interface Mixture {
  readonly entries: ReadonlyMap<Key, Field>;
  /** Parts that may contain more entries. */
  readonly rest: readonly Field[];
}
const mixtures = new WeakMap<object, Mixture>();

/** Whether a value is composed of entries that are located elsewhere. */
export const isMixed = (value: unknown): boolean => typeof value === 'object' && value !== null && mixtures.has(value);

/** A list of items that are located elsewhere; `rest` are unknown lists. */
export function mixedList(items: readonly Field[], rest: readonly Field[] = []): unknown[] {
  const list = items.map((item) => item.value);
  mixtures.set(list, { entries: new Map(items.map((item, index) => [index, item])), rest });
  return list;
}
/** A map of entries that are located elsewhere; `rest` are unknown maps. */
export function mixedMap(entries: ReadonlyMap<string, Field>, rest: readonly Field[] = []): Record<string, unknown> {
  const map = Object.assign(
    Object.create(null) as Record<string, unknown>,
    Object.fromEntries([...entries].map(([key, field]) => [key, field.value])),
  );
  mixtures.set(map, { entries, rest });
  return map;
}

/**
 * A string composed of more parts than any real one is unknown: names that each contain others twice double with each
 * step.
 */
const mostParts = 2000;
interface Room {
  left: number;
}

/** One location in a document, by the format's own keys: its value is known, absent, or unknown. */
export class Field implements Slot {
  readonly value: unknown;
  /** Why it is unknown; undefined if it is known. */
  readonly why: string | undefined;
  readonly tree: Tree;
  readonly on: object;
  readonly key: Key | undefined;
  /** The value here after resolving everything that the files define, known or not. */
  readonly found: unknown;
  /** The assumption the value depends on: `the default of var.public`. */
  readonly assuming: string | undefined;
  readonly #traits: Traits;
  /** Where the value comes from, if not from here. */
  readonly #source: Field | undefined;
  /** Whether findings point to a location other than the one where this is used. */
  readonly #moved: boolean;
  /** The value is computed: its contents have the location of the value. */
  readonly #workedOut: boolean;
  readonly #dialect: Dialect;
  /** The document that contains the inside of the value, and how to read it. */
  readonly #inner: Tree;
  readonly #home: Dialect;
  /** The tool stops with an error here. */
  readonly fails: boolean;
  readonly #candidates: readonly Field[] | undefined;

  private constructor(dialect: Dialect, place: Place, value: unknown, traits: Traits = plainTraits, assuming?: string) {
    const resolved = traits.why === undefined ? dialect.resolve?.(value, place) : undefined;
    const source = resolved && 'field' in resolved ? resolved.field : undefined;
    this.#moved = source !== undefined && ((resolved as { moved?: boolean }).moved === true || source.#moved);
    const { tree, on, key } = source && this.#moved ? source : place;
    this.assuming = assuming ?? resolved?.assuming ?? source?.assuming;
    this.#dialect = dialect;
    this.#traits = traits;
    this.#source = source;
    this.tree = tree;
    this.on = on;
    this.key = key;
    this.#workedOut = source ? source.#workedOut : resolved !== undefined && 'value' in resolved;
    this.found = source ? source.found : resolved && 'value' in resolved ? resolved.value : value;
    const unknown = resolved && 'why' in resolved ? resolved : undefined;
    this.fails = source?.fails ?? unknown?.fails ?? false;
    this.#candidates = traits.candidates ?? (source ? source.#candidates : unknown?.candidates);
    this.why = traits.why ?? unknown?.why ?? (source ? source.why : dialect.unknown(this.found));
    this.value = this.why === undefined ? this.found : undefined;
    this.#inner = source ? source.#inner : place.tree;
    this.#home = source ? source.#home : dialect;
  }

  /** `assuming`: the assumption that the whole value depends on. */
  static of(dialect: Dialect, tree: Tree, on: object, key?: Key, assuming?: string): Field {
    const value = key === undefined ? on : (on as Record<Key, unknown>)[key];
    return new Field(dialect, { tree, on, key }, value, plainTraits, assuming);
  }

  /** Created on demand: of thousands of Fields a few are reported. */
  get at(): () => Location {
    return () => locate(this.tree, this.on, this.key);
  }

  /** Nothing is written here, and the tool has no default either. */
  get absent(): boolean {
    return this.why === undefined && (this.value === undefined || this.value === null);
  }
  /** Nothing is written here or below, and the tool has no default. */
  get empty(): boolean {
    return this.absent && this.#traits.under === undefined;
  }
  /** Whether something is written here, known or not. */
  get written(): boolean {
    return !this.absent && this.#traits.preset !== true && this.#traits.unwritten !== true;
  }
  /** Whether the value is the tool's default, because nothing is written. */
  get preset(): boolean {
    return this.#traits.preset === true;
  }
  /** The map at this location. */
  get map(): Record<string, unknown> | undefined {
    return isRecord(this.value) ? this.value : undefined;
  }
  /** Whether the value here is written in this dialect's own files: references in it refer to their blocks. */
  isHome(dialect: Dialect): boolean {
    return this.files === (dialect.files ?? dialect);
  }
  /** An object that stands for the files in which the value here is written. */
  get files(): object {
    return this.#home.files ?? this.#home;
  }
  /** An item of a list, or an entry of a map, that is written inside the value here. */
  within(on: object, key: Key): Field {
    return new Field(this.#home, { tree: this.#inner, on, key }, (on as Record<Key, unknown>)[key]);
  }
  /** The location that the value comes from. */
  get source(): Field {
    return this.#source ? this.#source.source : this;
  }
  /** The value written here, before anything is resolved. */
  get raw(): unknown {
    return this.key === undefined ? this.on : (this.on as Record<string, unknown>)[this.key];
  }
  /** The ID of the resource that the tool passes here. */
  get names(): string | undefined {
    return this.#traits.names;
  }
  /** The type of that resource, where it need not be described. */
  get namesType(): string | undefined {
    return this.#traits.namesType;
  }
  get #place(): Place {
    return { tree: this.tree, on: this.on, key: this.key };
  }
  get #label(): string {
    return this.key === undefined ? 'the document' : String(this.key);
  }
  #with(value: unknown, traits: Traits): Field {
    return new Field(this.#dialect, this.#place, value, traits, this.assuming);
  }

  /** A copy whose value is unknown. `unwritten`: it is the tool's default that is unknown. */
  doubted(why: string, unwritten = false): Field {
    return this.#with(undefined, { why, unwritten });
  }
  /** Why the list or map here is not fully known. */
  get partial(): string | undefined {
    if (this.absent) return undefined;
    if (this.why !== undefined) return this.why;
    if (!Array.isArray(this.value)) return this.map ? this.rest : `${this.#label} is not a list`;
    const odd = this.items().find((item) => !item.map);
    return odd ? (odd.why ?? `an item of ${this.#label} is not a map`) : this.rest;
  }
  /** Nothing at this location. */
  nothing(): Field {
    return this.#with(undefined, { made: true });
  }
  /** What the format cannot express. */
  unsayable(): Field {
    return this.#with(undefined, { made: true, unsayable: true });
  }
  /** The default that the tool uses here, because nothing is written. */
  filled(value: unknown): Field {
    return this.#with(value, { ...this.#traits, preset: true });
  }
  /** Another reading of the value here; `encode` is the inverse. */
  as(value: unknown, encode?: (value: unknown) => unknown): Field {
    if (this.why !== undefined) return this.doubted(this.why);
    return this.#with(value, { ...this.#traits, ...(encode ? { encode } : { made: true }) });
  }
  /** A value that is computed from the one here, and has its location. */
  worth(value: unknown): Field {
    return this.#with(value, { made: true });
  }
  /** The value here with more entries, which are located elsewhere. */
  filledUp(mixed: object): Field {
    return this.#with(mixed, { ...this.#traits });
  }
  /** The possible values, if it is unknown which applies. */
  get candidates(): readonly Field[] {
    return this.#candidates ?? [];
  }
  /** A resource that the tool passes here. */
  naming(id: string, type?: string): Field {
    return this.#with(id, { preset: true, made: true, names: id, namesType: type });
  }
  /** The same map, whose missing entries are those of another. */
  over(shared: Field): Field {
    return this.#with(this.key === undefined ? this.on : this.raw, { ...this.#traits, under: shared });
  }

  /** An entry of the map here. Below an absent map it is absent, located where the missing map would be. */
  get(key: string): Field {
    const own = this.#entry(key);
    const { under } = this.#traits;
    if (!under || !own.absent) return own;
    const shared = under.get(key);
    return shared.absent ? own : shared;
  }
  #entry(key: string): Field {
    if (this.why !== undefined) {
      const candidates = this.#candidates?.map((one) => one.get(key));
      return this.#with(undefined, { why: this.why, candidates });
    }
    if (this.absent) {
      const { made = false, below = [], unsayable = false } = this.#traits;
      return this.#with(undefined, { made, unsayable, below: [...below, key] });
    }
    const { map } = this;
    if (!map) return this.doubted(`${this.#label} is not a map`);
    const mixture = mixtures.get(map);
    if (mixture)
      return (
        mixture.entries.get(key) ??
        new Field(this.#home, this.#place, undefined, { why: this.rest, made: true, unwritten: this.preset })
      );
    const value = Object.hasOwn(map, key) ? map[key] : undefined;
    const missing = value === undefined || value === null;
    const doubt = this.#home.doubt?.(map, key);
    const why = doubt ?? (missing ? this.#home.gap?.(map, key, this.#inner) : undefined);
    const place = { tree: this.#inner, on: map, key };
    const repeated = doubt === undefined ? this.#home.repeated?.(map, key, this.#inner) : undefined;
    if (repeated) {
      const written = missing ? undefined : new Field(this.#home, place, value, plainTraits, this.assuming);
      const all = [...(written ? (written.map ? [written] : written.items()) : []), ...repeated];
      const list = all.length === 0 ? undefined : mixedList(all);
      return new Field(this.#home, place, list, { made: true }, this.assuming ?? all[0]?.assuming);
    }
    return new Field(this.#home, place, value, why === undefined ? plainTraits : { why }, this.assuming);
  }
  /** The first of several that is written, otherwise the first. */
  static either(fields: readonly [Field, ...Field[]]): Field {
    return fields.find((field) => field.written) ?? fields[0];
  }
  /** The single map of a block that may be written as a map or as a list of one. */
  get single(): Field {
    if (!Array.isArray(this.value)) return this;
    const items = this.items();
    if (items.length === 0) return this.#with(undefined, {});
    return items.length === 1 ? (items[0] as Field) : this.doubted(`${this.#label} is defined more than once`);
  }
  /** A list whose only item is here: a block that may be repeated and is written once. */
  asList(): Field {
    return this.#with(mixedList([this], this.rest === undefined ? [] : [this]), { made: true });
  }
  /** Why the list, map or block here may contain more than is known. */
  get rest(): string | undefined {
    const { value } = this;
    if (typeof value !== 'object' || value === null) return undefined;
    const [first] = mixtures.get(value)?.rest ?? [];
    if (first) return first.why ?? first.rest;
    // A written block may occur once more. Plain lists are one attribute, which occurs once.
    const block = Array.isArray(value) ? value.some(isRecord) : true;
    return block && typeof this.key === 'string' && !this.#traits.made
      ? this.#dialect.gap?.(this.on, this.key, this.tree)
      : undefined;
  }
  /** The items of the list here; none if there is no list. */
  items(): Field[] {
    const { value } = this;
    if (!Array.isArray(value)) return [];
    const mixture = mixtures.get(value);
    if (mixture) return [...mixture.entries.values()];
    const { assuming, preset } = this;
    if (this.#workedOut) return value.map((item) => this.#with(item, { made: true, preset }));
    const traits = preset ? { preset } : plainTraits;
    return value.map(
      (item, index) => new Field(this.#home, { tree: this.#inner, on: value, key: index }, item, traits, assuming),
    );
  }
  /** The entries of the map here. */
  entries(): [string, Field][] {
    return Object.keys(this.map ?? {}).map((key) => [key, this.get(key)]);
  }

  /**
   * The values of the names that are used here: the same expression may have another value if other names are given.
   */
  get frame(): object {
    return this.#home;
  }
  /** The known pieces of the string here, and the locations of the unknown values between them. */
  get parts(): readonly Part[] {
    return this.#partsWithin({ left: mostParts });
  }
  #partsWithin(room: Room): readonly Part[] {
    room.left--;
    if (this.why === undefined) return typeof this.value === 'object' ? [this] : [String(this.value ?? '')];
    if (room.left < 0 || this.#traits.why !== undefined) return [this];
    const parts = this.#home.parts?.(this.found, this.#inner);
    return parts ? parts.flatMap((part) => (typeof part === 'string' ? [part] : part.#partsWithin(room))) : [this];
  }
  /** The same for a key of the map here. */
  partsOfKey(key: string): readonly Part[] {
    const parts = this.#home.partsOfKey?.(key, this.#inner) ?? [key];
    return parts.flatMap((part) => (typeof part === 'string' ? [part] : part.parts));
  }
  #read<T>(take: (value: unknown) => T | undefined, fallback: T | undefined, kind?: string): Value<T> {
    const { at, why, assuming } = this;
    if (why !== undefined) {
      const oneOf = this.#outcomes(take, fallback);
      const [first] = oneOf ?? [];
      // It does not matter which of them it is.
      if (first !== undefined && oneOf?.every((one) => one === first)) return Value.set(first, at, this, assuming);
      return Value.unknown(why, at, {
        unwritten: this.#traits.unwritten === true,
        slot: this,
        oneOf,
        pieces: kind === 'string' ? this.parts.map((part) => (typeof part === 'string' ? part : undefined)) : undefined,
      });
    }
    if (this.#traits.unsayable === true) return Value.unsayable(fallback, at);
    if (this.absent) return Value.default(fallback, at, this, assuming);
    const taken = take(this.value);
    if (taken === undefined) return Value.unknown(`${this.#label} is not a ${kind ?? ''}`, at);
    return this.preset
      ? Value.default(taken, at, this, assuming)
      : Value.set(taken, at, this, assuming, this.#misread(taken));
  }
  /** All possible values, if they are known. */
  #outcomes<T>(take: (value: unknown) => T | undefined, fallback: T | undefined): readonly T[] | undefined {
    if (!this.#candidates) return undefined;
    const all: T[] = [];
    for (const one of this.#candidates) {
      const made = one.absent ? fallback : take(one.value);
      const found = one.why === undefined ? (made === undefined ? undefined : [made]) : one.#outcomes(take, fallback);
      if (!found) return undefined;
      all.push(...found);
    }
    return all.length > 0 ? all : undefined;
  }
  /** A number in place of a string: strict tools reject it, others lose its trailing zeros. */
  #misread(taken: unknown): string | undefined {
    const { value } = this;
    if (typeof value !== 'number' || typeof taken !== 'string') return undefined;
    if (!this.#dialect.converts) return 'the file is rejected';
    return taken === String(value) ? undefined : `it is read as ${value}`;
  }

  text(fallback?: string): Value<string> {
    return this.#read(
      (value) => {
        if (typeof value === 'string') return value;
        if (typeof value === 'boolean' && this.#dialect.converts) return String(value);
        return typeof value === 'number' ? this.#digits(value) : undefined;
      },
      fallback,
      'string',
    );
  }
  /** A number as it is written: `version: 1.30` means 1.30, though YAML reads 1.3. */
  #digits(value: number): string {
    const place =
      this.tree.language === 'yaml' && this.key !== undefined && !this.#traits.made
        ? span(this.tree, this.on, this.key)
        : undefined;
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
      fallback,
      'boolean',
    );
  }
  number(fallback?: number): Value<number> {
    return this.#read(
      (value) => {
        if (typeof value === 'number') return value;
        return this.#dialect.converts && typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined;
      },
      fallback,
      'number',
    );
  }
  /** A string, or an expression that produces one: an expression with an unknown result still is one. */
  given(): Value<string> {
    const { found } = this;
    if (this.why === undefined || this.#traits.why !== undefined || found === undefined || found === null)
      return this.text();
    const { text } = found as { text?: unknown };
    return Value.set(typeof text === 'string' ? text : JSON.stringify(found), this.at);
  }
  /** Whether anything is written here, or the tool has a default. */
  exists(): Value<boolean> {
    return this.#read(() => true, false);
  }
  /**
   * The strings of a list; if nothing is written, the tool's defaults. `read` and `make` are for items that are not
   * strings: they read a string from an item, and create an item from a string.
   */
  texts(
    fallback: readonly string[] = [],
    read = (item: Field): Field => item,
    make = (text: unknown): unknown => text,
  ): Collection<Value<string>> {
    const { at, why } = this;
    const add = (texts: readonly unknown[]): readonly Edit[] => this.#add(texts.map(make));
    if (why !== undefined) return Collection.unknown(why, at);
    if (this.absent) return this.#defaults(fallback, add);
    const items = Array.isArray(this.value)
      ? this.items()
      : this.map || (this.#dialect.converts && typeof this.value === 'string')
        ? [this as Field]
        : undefined;
    if (!items) return Collection.unknown(`${this.#label} is not a list`, at);
    const texts = items.map(read).map((item) => {
      if (item.absent) return Value.unknown<string>('the item is empty', item.at);
      return item.preset ? Value.default(item.text().value, at) : item.text();
    });
    const { assuming } = this;
    // A list that a tool makes may hold what the user wrote.
    const isPreset = this.preset && items.every(({ preset }) => preset);
    return new Collection(texts, { at, state: isPreset ? 'default' : 'set', why: this.rest, add, assuming });
  }
  /** Like `texts`, if the tool also uses its default in place of an empty list. */
  textsOr(fallback: readonly string[]): Collection<Value<string>> {
    const written = this.texts(fallback);
    return written.state === 'set' && written.complete && written.items.length === 0
      ? this.#defaults(fallback)
      : written;
  }
  #defaults(texts: readonly string[], add?: (items: readonly unknown[]) => readonly Edit[]): Collection<Value<string>> {
    const items = texts.map((one) => Value.default(one, this.at));
    return new Collection(items, {
      at: this.at,
      state: 'default',
      assuming: this.assuming,
      ...(add ? { add } : {}),
    });
  }

  /**
   * Sets the value at its location; no edits if there is an expression, or something that one edit could not change.
   */
  write(value: unknown): readonly Edit[] {
    const { made = false, encode, below = [] } = this.#traits;
    const { tree, on, key } = this;
    const text = encode ? encode(value) : value;
    if (this.#source && !made) return this.#source.write(text);
    if (tree.language === 'answer') return [];
    if (
      made ||
      this.#workedOut ||
      key === undefined ||
      text === undefined ||
      ((tree.language === 'hcl' || this.#dialect.listsMaps === true) && below.length > 0)
    )
      return [];
    if (typeof this.raw === 'object' && this.raw !== null && !Array.isArray(this.raw)) return [];
    return [{ op: 'set', tree, on, key, value: below.reduceRight<unknown>((inner, one) => ({ [one]: inner }), text) }];
  }
  clear(): readonly Edit[] {
    const { tree, on, key } = this;
    if (tree.language === 'answer' || this.#source || this.#traits.made || !this.written || key === undefined)
      return [];
    return [{ op: 'remove', tree, on, key }];
  }
  /** Adds items to the list here, or writes the whole list if necessary. */
  #add(items: readonly unknown[]): readonly Edit[] {
    if (this.#source) return this.#source.#add(items);
    const { value } = this;
    if (this.absent) return this.write(items);
    if (this.why !== undefined || this.#traits.made || !Array.isArray(value) || mixtures.has(value)) return [];
    const { tree, on, key } = this;
    if (tree.language === 'answer') return [];
    // One item can be appended, which keeps comments; for more, the list is rewritten.
    if (items.length === 1 && tree.language === 'yaml' && !this.preset)
      return [{ op: 'set', tree, on: value, key: value.length, value: items[0] }];
    return key === undefined ? [] : [{ op: 'set', tree, on, key, value: [...(value as unknown[]), ...items] }];
  }
}
