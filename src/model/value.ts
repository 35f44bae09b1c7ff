import type { Edit, Location } from '#syntax/tree.ts';
import { Unread } from './unread.ts';

/** Yes, no or unknown. Kleene logic: `unknown.and(no)` equals no, `unknown.or(yes)` equals yes, `unknown.not()` equals unknown. */
export class Answer {
  readonly state: 'yes' | 'no' | 'unknown';
  readonly why: string | undefined;
  /** The assumption it depends on: `the default of var.public`. */
  readonly assuming: string | undefined;

  private constructor(state: 'yes' | 'no' | 'unknown', why?: string, assuming?: string) {
    this.state = state;
    this.why = why;
    this.assuming = assuming;
  }

  static readonly yes = new Answer('yes');
  static readonly no = new Answer('no');
  static unknown(why: string): Answer {
    return new Answer('unknown', why);
  }
  static of(test: boolean, assuming?: string): Answer {
    if (assuming !== undefined) return new Answer(test ? 'yes' : 'no', undefined, assuming);
    return test ? Answer.yes : Answer.no;
  }

  and(other: Answer): Answer {
    return this.#join(other, 'no');
  }
  or(other: Answer): Answer {
    return this.#join(other, 'yes');
  }
  /** One deciding answer is enough; one without an assumption is preferred. */
  #join(other: Answer, decides: 'yes' | 'no'): Answer {
    const deciding = [this, other].filter(({ state }) => state === decides);
    const [first] = deciding;
    if (first) return deciding.find(({ assuming }) => assuming === undefined) ?? first;
    if (this.state === 'unknown') return this;
    return other.state === 'unknown' || this.assuming === undefined ? other : this;
  }
  not(): Answer {
    return this.state === 'unknown' ? this : Answer.of(this.state === 'no', this.assuming);
  }
}

type State = 'set' | 'default' | 'unknown';

/**
 * Where a fact is written, or would be written: what a fix edits. An empty list of edits means that it cannot be
 * written there.
 */
export interface Slot {
  write(value: unknown): readonly Edit[];
  clear(): readonly Edit[];
}

interface Details<T> {
  readonly why?: string;
  readonly slot?: Slot | undefined;
  /** The possible values, if they are known. */
  readonly candidates?: readonly T[] | undefined;
  /** The same, for values that the user wrote: it may be known which of them it is, but not what follows from each. */
  readonly oneOf?: readonly T[] | undefined;
  /** It is not set: the unknown value is the default of the tool. */
  readonly unwritten?: boolean;
  readonly assuming?: string | undefined;
  readonly misread?: string | undefined;
  readonly sayable?: boolean;
  /** The known pieces of a partly unknown string, in order; undefined for each gap. */
  readonly pieces?: readonly (string | undefined)[] | undefined;
}

/** Whether gaps can be filled so that the pieces are this text. */
function mayBe(pieces: readonly (string | undefined)[], text: string): boolean {
  let from = 0;
  let isAfterGap = false;
  for (const [index, piece] of pieces.entries()) {
    if (piece === undefined) isAfterGap = true;
    else {
      const isLast = index === pieces.length - 1;
      const at = !isAfterGap ? from : isLast ? text.length - piece.length : text.indexOf(piece, from);
      if (at < from || !text.startsWith(piece, at)) return false;
      from = at + piece.length;
      isAfterGap = false;
    }
  }
  return isAfterGap || from === text.length;
}

/**
 * One fact. `default`: it is not set, `value` is what this input's tool will use, `at` is where it would be written.
 */
export class Value<T> {
  readonly state: State;
  /** Undefined if unknown, and if the fact is absent without a default. */
  readonly value: T | undefined;
  readonly why: string | undefined;
  /** Whether it is set, known or not. */
  readonly written: boolean;
  readonly #at: () => Location;
  readonly #slot: Slot | undefined;
  readonly #candidates: readonly T[] | undefined;
  readonly #oneOf: readonly T[] | undefined;
  /** The assumption it depends on: `the default of var.public`. */
  readonly assuming: string | undefined;
  /** What goes wrong because it has another type than its tool expects: `it is read as 1.3`. */
  readonly misread: string | undefined;
  readonly #sayable: boolean;
  readonly #pieces: readonly (string | undefined)[] | undefined;

  private constructor(state: State, value: T | undefined, at: () => Location, details: Details<T> = {}) {
    this.state = state;
    this.value = value;
    this.why = details.why;
    this.written = state === 'set' || (state === 'unknown' && details.unwritten !== true);
    this.#at = at;
    this.#slot = details.slot;
    this.#candidates = details.candidates;
    this.#oneOf = details.oneOf;
    this.assuming = details.assuming;
    this.misread = details.misread;
    this.#sayable = details.sayable ?? true;
    this.#pieces = details.pieces;
  }

  static set<T>(value: T, at: () => Location, slot?: Slot, assuming?: string, misread?: string): Value<T> {
    return new Value<T>('set', value, at, { slot, assuming, misread });
  }
  static default<T>(value: T | undefined, at: () => Location, slot?: Slot, assuming?: string): Value<T> {
    return new Value<T>('default', value, at, { slot, assuming });
  }
  /** A fact that the format cannot express. */
  static unsayable<T>(value: T | undefined, at: () => Location): Value<T> {
    return new Value<T>('default', value, at, { sayable: false });
  }
  static unknown<T>(why: string, at: () => Location, details: Omit<Details<T>, 'why'> = {}): Value<T> {
    return new Value<T>('unknown', undefined, at, { ...details, why });
  }

  /** Computed on demand: most facts are never pointed at. */
  get at(): Location {
    return this.#at();
  }

  /** Whether the format can express it: if not, a rule cannot require it to be written. */
  get sayable(): boolean {
    return this.#sayable;
  }

  /** A string in pieces; unknown ones are undefined: `arn:aws:iam::`, undefined, `:role/app`. */
  get pieces(): readonly (string | undefined)[] {
    return this.state === 'unknown'
      ? (this.#pieces ?? [undefined])
      : [this.value === undefined ? '' : String(this.value)];
  }

  /** Whether it is `expected`; an absent fact without a default is not. */
  is(expected: T): Answer {
    if (this.#oneOf && !this.#oneOf.includes(expected)) return Answer.no;
    if (this.state === 'unknown' && typeof expected === 'string' && !mayBe(this.pieces, expected)) return Answer.no;
    return this.where((value) => value === expected);
  }
  where(test: (value: T) => boolean): Answer {
    if (this.state !== 'unknown') return Answer.of(this.value !== undefined && test(this.value), this.assuming);
    const outcomes = new Set(this.#candidates?.map(test));
    const [only] = outcomes;
    return outcomes.size === 1 && only !== undefined
      ? Answer.of(only)
      : Answer.unknown(this.why ?? 'the value is not known');
  }
  /** Whether there is any value, set or by default. */
  get present(): Answer {
    if (this.#oneOf || (this.state === 'unknown' && this.pieces.some((piece) => piece))) return Answer.yes;
    return this.where(() => true);
  }
  /**
   * A fact derived from this one: it is known to the same degree, and has the same location. `back` is the inverse, for
   * fixes.
   */
  to<U>(make: (value: T) => U | undefined, back?: (value: U) => unknown): Value<U> {
    const at = (): Location => this.at;
    const slot = this.#slot;
    const way = back && slot && { write: (value: unknown) => slot.write(back(value as U)), clear: () => slot.clear() };
    if (this.state === 'unknown') {
      const made = new Set(this.#candidates?.map(make));
      const [only] = made;
      if (made.size === 1 && only !== undefined && !this.written) return Value.default(only, at, way);
      const candidates = made.has(undefined) || made.size === 0 ? undefined : ([...made] as U[]);
      return new Value<U>('unknown', undefined, at, {
        ...(this.why === undefined ? {} : { why: this.why }),
        slot: way,
        candidates,
        unwritten: !this.written,
      });
    }
    const value = this.value === undefined ? undefined : make(this.value);
    return new Value<U>(value === undefined ? 'default' : this.state, value, at, {
      slot: way,
      assuming: this.assuming,
    });
  }
  /** The same fact, whose fixes edit another location. */
  writtenAt(slot: Slot): Value<T> {
    return new Value(this.state, this.value, this.#at, {
      ...(this.why === undefined ? {} : { why: this.why }),
      slot,
      candidates: this.#candidates,
      unwritten: !this.written,
      assuming: this.assuming,
    });
  }

  /** The edits that replace this value with another; none if the text is not in one place. */
  write(value: T): readonly Edit[] {
    return this.#slot?.write(value) ?? [];
  }
  /** The edits that remove it. */
  clear(): readonly Edit[] {
    return this.#slot?.clear() ?? [];
  }
}

/** A list that knows whether it is complete: a Terraform file cannot prove that an add-on is missing, the API can. */
export class Collection<T> implements Iterable<T> {
  /** The known items. Rules use `items`, so that an incomplete list is not mistaken for a complete one. */
  readonly known: readonly T[];
  readonly state: State;
  /** False: there may be more items than these. */
  readonly complete: boolean;
  readonly why: string | undefined;
  /** Why an audit could not read the list, or not all of it. */
  readonly unread: string | undefined;
  /** The assumption the list depends on: `the default of var.logs`. */
  readonly assuming: string | undefined;
  readonly #at: () => Location;
  readonly #add: ((items: readonly unknown[]) => readonly Edit[]) | undefined;
  /** Items that may not exist, and why. */
  readonly #maybe: ReadonlyMap<T, string> | undefined;

  constructor(
    items: readonly T[],
    options: {
      at: () => Location;
      state?: State;
      complete?: boolean;
      why?: string | undefined;
      unread?: string | undefined;
      assuming?: string | undefined;
      maybe?: ReadonlyMap<T, string> | undefined;
      add?: (items: readonly unknown[]) => readonly Edit[];
    },
  ) {
    this.known = items;
    this.unread = options.unread;
    this.assuming = options.assuming;
    this.#add = options.add;
    this.#maybe = options.maybe;
    this.state = options.state ?? 'set';
    this.why = options.unread ?? options.why;
    this.complete = options.complete ?? (this.state !== 'unknown' && this.why === undefined);
    this.#at = options.at;
  }

  /** A completely unknown list. */
  static unknown<T>(why: string, at: () => Location): Collection<T> {
    return new Collection<T>([], { at, state: 'unknown', why });
  }
  /** A list that an audit could not read. */
  static unread<T>(why: string, at: () => Location): Collection<T> {
    return new Collection<T>([], { at, state: 'unknown', unread: why });
  }

  /** @throws Unread if the list, or a part of it, could not be read. */
  get items(): readonly T[] {
    if (this.unread !== undefined) throw new Unread(this.unread);
    return this.known;
  }
  get at(): Location {
    return this.#at();
  }
  [Symbol.iterator](): Iterator<T> {
    return this.items[Symbol.iterator]();
  }

  /** The same list, with each item replaced by something it contains. */
  map<U>(make: (item: T) => U): Collection<U> {
    const { state, complete, why, unread, assuming } = this;
    const items = this.known.map(make);
    const doubts = this.#maybe;
    const maybe =
      doubts &&
      new Map(
        this.known.flatMap((item, index) => {
          const doubt = doubts.get(item);
          return doubt === undefined ? [] : [[items[index] as U, doubt] as const];
        }),
      );
    return new Collection(items, { at: this.#at, state, complete, why, unread, assuming, maybe });
  }
  /** One yes is enough; without one, an incomplete list answers unknown. */
  has(test: (item: T) => Answer | boolean): Answer {
    let answer = this.complete ? Answer.of(false, this.assuming) : Answer.unknown(this.why ?? 'the list may hold more');
    for (const item of this.known) {
      const tested = test(item);
      const one = typeof tested === 'boolean' ? Answer.of(tested) : tested;
      const maybe = this.#maybe?.get(item);
      answer = answer.or(maybe !== undefined && one.state === 'yes' ? Answer.unknown(maybe) : one);
      if (answer.state === 'yes') break;
    }
    return answer;
  }
  lacks(test: (item: T) => Answer | boolean): Answer {
    return this.has(test).not();
  }
  get empty(): Answer {
    return this.has(() => true).not();
  }
  /** The edits that add items; none if the list cannot be written to. */
  add(...items: readonly unknown[]): readonly Edit[] {
    return this.#add?.(items) ?? [];
  }
}

/** A part that another part refers to: a known one, or one that is defined elsewhere. */
export class Ref<T> {
  readonly #find: (() => T | undefined) | undefined;
  /** Why it cannot be resolved. */
  readonly why: string | undefined;
  readonly #isUnread: boolean;

  private constructor(find: (() => T | undefined) | undefined, why?: string, isUnread = false) {
    this.#find = find;
    this.why = why;
    this.#isUnread = isUnread;
  }

  /** `find` is called on demand: parts may refer to one another. */
  static here<T>(find: () => T | undefined): Ref<T> {
    return new Ref<T>(find);
  }
  static elsewhere<T>(why: string): Ref<T> {
    return new Ref<T>(undefined, why);
  }
  /** A part that an audit could not read. */
  static unread<T>(why: string): Ref<T> {
    return new Ref<T>(undefined, why, true);
  }

  /** @throws Unread if it could not be read: its content is unknown. */
  get part(): T | undefined {
    if (this.#isUnread) throw new Unread(this.why);
    return this.#find?.();
  }
}
