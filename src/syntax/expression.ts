/** A value that Terraform works out when it runs: a reference, a call, a template. `text` is what is written. */
export class Expression {
  readonly #text: string | (() => string);

  /** `text` is cut out of the file when somebody asks for it: most expressions are never shown. */
  constructor(text: string | (() => string)) {
    this.#text = text;
  }
  get text(): string {
    return typeof this.#text === 'string' ? this.#text : this.#text();
  }
}

/**
 * An expression that is worked out from others: a function call, an operator (`+`, `!`), a conditional (`?`), a text with holes in it
 * (`"`), the condition of a template (`%if`), arguments that a list gives (`...`).
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

/** What a `for` makes: a list, a map, or the text of a template. */
export type Made = 'list' | 'map' | 'text';

/** A `for` expression. `args` are the collection, the value, the condition (true where there is none) and the key of a map. */
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
  /** The name of the value, behind that of the key if there is one. */
  get names(): readonly string[] {
    return this.#names;
  }
  get made(): Made {
    return this.#made;
  }
  /** Values of one key are a list (`...`). */
  get grouped(): boolean {
    return this.#grouped;
  }
}

/** A step of a path: an attribute, an index, or what is taken of each item. */
export type Step = string | { readonly at: unknown } | { readonly each: readonly Step[] };

/** `local.a["b"][0].c`: a name, or an expression, and what is taken of it. */
export class Path extends Expression {
  /** A name, or an expression in front of the steps. */
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

/** Keys of a map that are expressions, by the text that stands for them in the map. */
const computed = new WeakMap<object, Map<string, unknown>>();
export function noteKey(map: object, text: string, key: unknown): void {
  const keys = computed.get(map) ?? new Map<string, unknown>();
  computed.set(map, keys.set(text, key));
}
export const computedKeys = (map: object): ReadonlyMap<string, unknown> | undefined => computed.get(map);
