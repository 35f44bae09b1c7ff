/** A value that Terraform computes when it runs: a reference, a call, a template. `text` is its source text. */
export class Expression {
  readonly #text: string | (() => string);

  /** `text` is cut out of the file on demand: most expressions are never shown. */
  constructor(text: string | (() => string)) {
    this.#text = text;
  }
  get text(): string {
    return typeof this.#text === 'string' ? this.#text : this.#text();
  }
}

/**
 * An expression composed of others: a function call, an operator (`+`, `!`), a conditional (`?`), a string with holes
 * (`"`), the condition of a template (`%if`), arguments expanded from a list (`...`).
 */
export class Call extends Expression {
  readonly name: string;
  readonly args: readonly unknown[];

  constructor(text: string | (() => string), name: string, args: readonly unknown[]) {
    super(text);
    this.name = name;
    this.args = args;
  }
}

/** The result of a `for`: a list, a map, or the text of a template. */
export type Made = 'list' | 'map' | 'text';

/**
 * A `for` expression. `args` are the collection, the value, the condition (true if there is none) and the key of a map.
 */
export class For extends Call {
  readonly #names: readonly string[];
  readonly #made: Made;
  readonly #grouped: boolean;

  constructor(
    text: string | (() => string),
    args: readonly unknown[],
    of: { readonly names: readonly string[]; readonly made: Made; readonly grouped: boolean },
  ) {
    super(text, 'for', args);
    this.#names = of.names;
    this.#made = of.made;
    this.#grouped = of.grouped;
  }
  /** The name of the value, after that of the key if there is one. */
  get names(): readonly string[] {
    return this.#names;
  }
  get made(): Made {
    return this.#made;
  }
  /** Values with the same key are collected in a list (`...`). */
  get grouped(): boolean {
    return this.#grouped;
  }
}

/** A step of a path: an attribute, an index, or a splat that applies to each item. */
export type Step = string | { readonly at: unknown } | { readonly each: readonly Step[] };

/** `local.a["b"][0].c`: a name, or an expression, followed by steps. */
export class Path extends Expression {
  /** A name, or an expression before the steps. */
  readonly base: unknown;
  readonly #steps: readonly Step[];

  constructor(text: string | (() => string), base: unknown, steps: readonly Step[]) {
    super(text);
    this.base = base;
    this.#steps = steps;
  }
  get steps(): readonly Step[] {
    return this.#steps;
  }
}

/** Keys of a map that are expressions, by the text that represents them in the map. */
const computed = new WeakMap<object, Map<string, unknown>>();
export function noteKey(map: object, text: string, key: unknown): void {
  const keys = computed.get(map) ?? new Map<string, unknown>();
  computed.set(map, keys.set(text, key));
}
export const computedKeys = (map: object): ReadonlyMap<string, unknown> | undefined => computed.get(map);
