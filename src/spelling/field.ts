import { isRecord } from '#model/shape.ts';
import { Collection, type Slot, Value } from '#model/value.ts';
import { type Edit, locate, type Location, span, type Tree } from '#syntax/tree.ts';

/** How one format writes values that only its own tool can work out. */
export interface Dialect {
  /** Why a value cannot be told from the files; undefined for plain data. */
  unknown(value: unknown): string | undefined;
  /** Why an entry that `on` lacks may still be there: a dynamic block, a syntax error. */
  gap?(on: object, key: string, tree: Tree): string | undefined;
  /** What a block that is repeated by an expression makes for an entry, where that can be told. */
  repeated?(on: object, key: string, tree: Tree): readonly Field[] | undefined;
  /** Why what is written for an entry may not be what counts: another file overrides it. */
  doubt?(on: object, key: string): string | undefined;
  /** What a value stands for, where the files tell: another place, or a value. Undefined for itself. */
  resolve?(value: unknown, place: Place): Resolved | undefined;
  /** The texts and places that a value which is not known is put together from; undefined where it is not. */
  parts?(value: unknown, tree: Tree): readonly Part[] | undefined;
  /** The same for the key of a map. */
  partsOfKey?(key: string, tree: Tree): readonly Part[] | undefined;
  /** The same for all dialects that read one set of files, each with other names; the dialect itself where absent. */
  readonly files?: object;
  /** The format's tool turns "true" into true and 1 into "1". */
  readonly converts: boolean;
  /** A map inside another is a list of one: nothing is written into one that is missing. */
  readonly listsMaps?: boolean;
}

/**
 * `moved`: findings are to point to where the value comes from, not to where it is used. `fails`: the tool stops with an error here.
 * `candidates`: one of these it is, whatever decides.
 */
export type Resolved = (
  | { readonly field: Field; readonly moved?: boolean }
  | { readonly value: unknown }
  | { readonly why: string; readonly fails?: boolean; readonly candidates?: readonly Field[] }
) & {
  /** What this holds under: `the default of var.public`. */
  readonly assuming?: string | undefined;
};

/** A part of a text: what is written, or a place that fills it in. */
export type Part = string | Field;

type Key = string | number;
export interface Place {
  readonly tree: Tree;
  readonly on: object;
  readonly key: Key | undefined;
}

/** What is known of a Field besides its value. */
interface Traits {
  readonly why?: string | undefined;
  /** The value is what the tool takes where nothing is written. */
  readonly preset?: boolean;
  /** Not known, and not written either: the default of the tool. */
  readonly unwritten?: boolean;
  /** Keys that would have to be written below the place, where a map is missing. */
  readonly below?: readonly string[];
  /** What is shared by several: asked for what this one lacks. */
  readonly under?: Field | undefined;
  /** The id of the resource that a tool passes here. */
  readonly names?: string | undefined;
  /** CloudFormation's type of that resource, where it need not be described. */
  readonly namesType?: string | undefined;
  /** From a value in the words of CloudFormation to what is written here. */
  readonly encode?: ((value: unknown) => unknown) | undefined;
  /** What is read here is not what is written at the place, so it cannot be written back. */
  readonly made?: boolean;
  /** The format has no words for what is asked. */
  readonly unsayable?: boolean;
  /** What it may be, where it cannot be told which. */
  readonly candidates?: readonly Field[] | undefined;
}

/** Those of most Fields, of which there may be hundreds of thousands. */
const plainTraits: Traits = {};

/** Lists and maps that a function puts together: their entries stand in different places. */
interface Mixture {
  readonly entries: ReadonlyMap<Key, Field>;
  /** Parts that may hold more entries. */
  readonly rest: readonly Field[];
}
const mixtures = new WeakMap<object, Mixture>();

/** Whether a value is put together of entries that stand elsewhere. */
export const isMixed = (value: unknown): boolean => typeof value === 'object' && value !== null && mixtures.has(value);

/** A list made of items that stand elsewhere; `rest` are lists that cannot be told. */
export function mixedList(items: readonly Field[], rest: readonly Field[] = []): unknown[] {
  const list = items.map((item) => item.value);
  mixtures.set(list, { entries: new Map(items.map((item, index) => [index, item])), rest });
  return list;
}
/** A map made of entries that stand elsewhere; `rest` are maps that cannot be told. */
export function mixedMap(entries: ReadonlyMap<string, Field>, rest: readonly Field[] = []): Record<string, unknown> {
  const map = Object.assign(
    Object.create(null) as Record<string, unknown>,
    Object.fromEntries([...entries].map(([key, field]) => [key, field.value])),
  );
  mixtures.set(map, { entries, rest });
  return map;
}

/** A text that is put together of more parts than anybody writes is not known: names that hold others twice each double with each step. */
const mostParts = 2000;
interface Room {
  left: number;
}

/** One place of a document, by the format's own keys: what stands there, or that nothing does, or that it cannot be told. */
export class Field implements Slot {
  readonly value: unknown;
  /** Why it cannot be told; undefined where it can. */
  readonly why: string | undefined;
  readonly tree: Tree;
  readonly on: object;
  readonly key: Key | undefined;
  /** What stands here once everything is followed that the files tell, known or not. */
  readonly found: unknown;
  /** What the value holds under: `the default of var.public`. */
  readonly assuming: string | undefined;
  readonly #traits: Traits;
  /** Where the value comes from, if not from here. */
  readonly #source: Field | undefined;
  /** Whether findings point to another place than the one where this is used. */
  readonly #moved: boolean;
  /** The value is worked out: what is inside of it stands where it does itself. */
  readonly #workedOut: boolean;
  readonly #dialect: Dialect;
  /** The document that holds the inside of the value, and how to read it. */
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

  /** `assuming`: what all that stands here holds under. */
  static of(dialect: Dialect, tree: Tree, on: object, key?: Key, assuming?: string): Field {
    const value = key === undefined ? on : (on as Record<Key, unknown>)[key];
    return new Field(dialect, { tree, on, key }, value, plainTraits, assuming);
  }

  /** Made when it is asked for: of thousands of Fields a few are reported. */
  get at(): () => Location {
    return () => locate(this.tree, this.on, this.key);
  }

  /** Nothing is written here, and the tool takes nothing either. */
  get absent(): boolean {
    return this.why === undefined && (this.value === undefined || this.value === null);
  }
  /** Nothing is written here or below, and the tool takes nothing. */
  get empty(): boolean {
    return this.absent && this.#traits.under === undefined;
  }
  /** Whether something is written here, known or not. */
  get written(): boolean {
    return !this.absent && this.#traits.preset !== true && this.#traits.unwritten !== true;
  }
  /** Whether the value is the tool's own, as nothing is written. */
  get preset(): boolean {
    return this.#traits.preset === true;
  }
  /** The map that stands here. */
  get map(): Record<string, unknown> | undefined {
    return isRecord(this.value) ? this.value : undefined;
  }
  /** Whether what is found here is written in this dialect's own files: references in it mean their blocks. */
  isHome(dialect: Dialect): boolean {
    return this.files === (dialect.files ?? dialect);
  }
  /** What stands for the files that hold what is found here. */
  get files(): object {
    return this.#home.files ?? this.#home;
  }
  /** An item of a list, or an entry of a map, that is written inside of what is found here. */
  within(on: object, key: Key): Field {
    return new Field(this.#home, { tree: this.#inner, on, key }, (on as Record<Key, unknown>)[key]);
  }
  /** The place that the value comes from. */
  get source(): Field {
    return this.#source ? this.#source.source : this;
  }
  /** What is written here, before anything is resolved. */
  get raw(): unknown {
    return this.key === undefined ? this.on : (this.on as Record<string, unknown>)[this.key];
  }
  /** The id of the resource that the tool passes here. */
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

  /** A copy whose value cannot be told. `unwritten`: it is the tool's default that cannot. */
  doubted(why: string, unwritten = false): Field {
    return this.#with(undefined, { why, unwritten });
  }
  /** Why what the list or map that stands here holds is not known in full. */
  get partial(): string | undefined {
    if (this.absent) return undefined;
    if (this.why !== undefined) return this.why;
    if (!Array.isArray(this.value)) return this.map ? this.rest : `${this.#label} is not a list`;
    const odd = this.items().find((item) => !item.map);
    return odd ? (odd.why ?? `an item of ${this.#label} is not a map`) : this.rest;
  }
  /** Nothing at this place. */
  nothing(): Field {
    return this.#with(undefined, { made: true });
  }
  /** What the format has no way to say. */
  unsayable(): Field {
    return this.#with(undefined, { made: true, unsayable: true });
  }
  /** What the tool takes here, as nothing is written. */
  filled(value: unknown): Field {
    return this.#with(value, { ...this.#traits, preset: true });
  }
  /** Another reading of what stands here; `encode` is the way back. */
  as(value: unknown, encode?: (value: unknown) => unknown): Field {
    if (this.why !== undefined) return this.doubted(this.why);
    return this.#with(value, { ...this.#traits, ...(encode ? { encode } : { made: true }) });
  }
  /** What is worked out from what stands here, and is to be found at its place. */
  worth(value: unknown): Field {
    return this.#with(value, { made: true });
  }
  /** What stands here with more entries, which stand elsewhere. */
  filledUp(mixed: object): Field {
    return this.#with(mixed, { ...this.#traits });
  }
  /** What it may be, where it cannot be told which. */
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

  /** An entry of the map that stands here. Below nothing is nothing, placed where the missing map would stand. */
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
  /** The first of several that is written, else the first. */
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
  /** A list whose one item stands here: a block that may be repeated and is written once. */
  asList(): Field {
    return this.#with(mixedList([this], this.rest === undefined ? [] : [this]), { made: true });
  }
  /** Why the list, map or block that stands here may hold more than is known. */
  get rest(): string | undefined {
    const { value } = this;
    if (typeof value !== 'object' || value === null) return undefined;
    const [first] = mixtures.get(value)?.rest ?? [];
    if (first) return first.why ?? first.rest;
    // A block that is written may be there once more. Plain lists are one attribute, of which there is one.
    const block = Array.isArray(value) ? value.some(isRecord) : true;
    return block && typeof this.key === 'string' && !this.#traits.made
      ? this.#dialect.gap?.(this.on, this.key, this.tree)
      : undefined;
  }
  /** The items of the list that stands here; none where there is no list. */
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
  /** The entries of the map that stands here. */
  entries(): [string, Field][] {
    return Object.keys(this.map ?? {}).map((key) => [key, this.get(key)]);
  }

  /** What the names mean that are used here: the same expression may mean something else where others are given. */
  get frame(): object {
    return this.#home;
  }
  /** The texts that are known of the text that stands here, and the places that are not known between them. */
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
  /** The same for a key of the map that stands here. */
  partsOfKey(key: string): readonly Part[] {
    const parts = this.#home.partsOfKey?.(key, this.#inner) ?? [key];
    return parts.flatMap((part) => (typeof part === 'string' ? [part] : part.parts));
  }
  #read<T>(take: (value: unknown) => T | undefined, kind: string, fallback: T | undefined): Value<T> {
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
    if (taken === undefined) return Value.unknown(`${this.#label} is not a ${kind}`, at);
    return this.preset
      ? Value.default(taken, at, this, assuming)
      : Value.set(taken, at, this, assuming, this.#misread(taken));
  }
  /** All that it may be, where that is known. */
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
  /** A number in the place of a text: strict tools reject it, others lose its last zeros. */
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
      'string',
      fallback,
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
  /** A text, or what gives it: an expression whose outcome is not known still is one. */
  given(): Value<string> {
    const { found } = this;
    if (this.why === undefined || this.#traits.why !== undefined || found === undefined || found === null)
      return this.text();
    const { text } = found as { text?: unknown };
    return Value.set(typeof text === 'string' ? text : JSON.stringify(found), this.at);
  }
  /** Whether anything is written here, or taken by the tool. */
  exists(): Value<boolean> {
    return this.#read(() => true, 'value', false);
  }
  /**
   * The texts of a list; where nothing is written, those that the tool takes instead. `read` and `make` are for items that are no
   * texts themselves: what is read of one, and the item that a text makes.
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
  /** Like `texts`, where the tool takes its own list also in place of an empty one. */
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

  /** Sets the value where its text stands; nothing where an expression stands there, or nothing that one edit could change. */
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
  /** Adds items to the list that stands here, or writes the whole list where one has to be written. */
  #add(items: readonly unknown[]): readonly Edit[] {
    if (this.#source) return this.#source.#add(items);
    const { value } = this;
    if (this.absent) return this.write(items);
    if (this.why !== undefined || this.#traits.made || !Array.isArray(value) || mixtures.has(value)) return [];
    const { tree, on, key } = this;
    if (tree.language === 'answer') return [];
    // One item can be put behind the others, which leaves comments alone; for more the list is written anew.
    if (items.length === 1 && tree.language === 'yaml' && !this.preset)
      return [{ op: 'set', tree, on: value, key: value.length, value: items[0] }];
    return key === undefined ? [] : [{ op: 'set', tree, on, key, value: [...(value as unknown[]), ...items] }];
  }
}
