import type { Location } from '#syntax/tree.ts';

/** Yes, no or cannot tell. Kleene logic: `unknown.and(no)` is no, `unknown.or(yes)` is yes, `unknown.not()` is unknown. */
export class Answer {
  readonly state: 'yes' | 'no' | 'unknown';
  readonly why: string | undefined;

  private constructor(state: 'yes' | 'no' | 'unknown', why?: string) {
    this.state = state;
    this.why = why;
  }

  static readonly yes = new Answer('yes');
  static readonly no = new Answer('no');
  static unknown(why: string): Answer {
    return new Answer('unknown', why);
  }
  static of(test: boolean): Answer {
    return test ? Answer.yes : Answer.no;
  }

  and(other: Answer): Answer {
    if (this.state === 'no' || other.state === 'no') return Answer.no;
    return this.state === 'unknown' ? this : other;
  }
  or(other: Answer): Answer {
    if (this.state === 'yes' || other.state === 'yes') return Answer.yes;
    return this.state === 'unknown' ? this : other;
  }
  not(): Answer {
    if (this.state === 'unknown') return this;
    return this.state === 'yes' ? Answer.no : Answer.yes;
  }
}

type State = 'set' | 'default' | 'unknown';

/** One fact. `default`: nobody wrote it, `value` is what this input's tool will use, `at` is where it would be written. */
export class Value<T> {
  readonly state: State;
  /** Undefined when unknown, and where the fact is absent without a default. */
  readonly value: T | undefined;
  readonly why: string | undefined;
  readonly #at: () => Location;

  private constructor(state: State, value: T | undefined, at: () => Location, why?: string) {
    this.state = state;
    this.value = value;
    this.why = why;
    this.#at = at;
  }

  static set<T>(value: T, at: () => Location): Value<T> {
    return new Value<T>('set', value, at);
  }
  static default<T>(value: T | undefined, at: () => Location): Value<T> {
    return new Value<T>('default', value, at);
  }
  static unknown<T>(why: string, at: () => Location): Value<T> {
    return new Value<T>('unknown', undefined, at, why);
  }

  /** Worked out when asked: most facts are never pointed at. */
  get at(): Location {
    return this.#at();
  }

  /** Whether it is `expected`; an absent fact without a default is not. */
  is(expected: T): Answer {
    return this.where((value) => value === expected);
  }
  where(test: (value: T) => boolean): Answer {
    if (this.state === 'unknown') return Answer.unknown(this.why ?? 'not known');
    return Answer.of(this.value !== undefined && test(this.value));
  }
  /** Whether there is any value, written or by default. */
  get present(): Answer {
    return this.where(() => true);
  }
}

/** A list that knows whether it is the whole list: a Terraform file cannot prove that an add-on is missing, the API can. */
export class Collection<T> implements Iterable<T> {
  readonly items: readonly T[];
  readonly state: State;
  /** False: there may be more items than these. */
  readonly complete: boolean;
  readonly why: string | undefined;
  readonly #at: () => Location;

  constructor(items: readonly T[], options: { at: () => Location; state?: State; complete?: boolean; why?: string }) {
    this.items = items;
    this.state = options.state ?? 'set';
    this.complete = options.complete ?? this.state !== 'unknown';
    this.why = options.why;
    this.#at = options.at;
  }

  get at(): Location {
    return this.#at();
  }
  [Symbol.iterator](): Iterator<T> {
    return this.items[Symbol.iterator]();
  }

  /** One yes is enough; without it an incomplete list answers unknown. */
  has(test: (item: T) => Answer | boolean): Answer {
    let answer = this.complete ? Answer.no : Answer.unknown(this.why ?? 'the list may hold more');
    for (const item of this.items) {
      const one = test(item);
      answer = answer.or(typeof one === 'boolean' ? Answer.of(one) : one);
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
}
