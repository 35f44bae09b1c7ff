import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { isNotEvaluated } from '#model/hidden.ts';
import { isRecord } from '#model/shape.ts';
import type { Origin } from '#syntax/graft.ts';

/*
 * CEL in the templates of kro, evaluated as far as the files allow (kro documentation, CEL Expressions; CEL language
 * definition). What is not known, or not read, stays unknown: an expression never gets a value that only may be right.
 */

/** The result of an expression. `text` stands for an unknown one in what contains it. */
export type Result =
  | {
      readonly value: unknown;
      readonly origin?: Origin | undefined;
      readonly assuming?: string | undefined;
      /** Why a part of a text is unknown. */
      readonly partly?: string | undefined;
    }
  | { readonly why: string; readonly text: string }
  /** A field that is not set, which only `has()` and optional fields accept. */
  | { readonly absent: string };
/** A result that is asked for field by field: the whole of it may be unknown although a field is known. */
export interface Named {
  /** An entry, as far as the files show it. */
  get(key: string | number): Named | Result;
  /** The whole. */
  readonly whole: Result;
  /** The items, if it is a list of objects. */
  readonly items?: readonly Named[];
}
export type Names = (name: string) => Named | Result | undefined;

/** Steps of evaluation that a run may take. */
export interface Budget {
  left: number;
}

const limits = { maxAstNodes: 1000, maxDepth: 40, maxListElements: 500, maxMapEntries: 100, maxCallArguments: 8 };
const environment = (): Environment =>
  (made ??= new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true, limits }));
let made: Environment | undefined;

/** The syntax tree of an expression; undefined if it cannot be parsed. */
export function parse(text: string): ASTNode | undefined {
  try {
    return environment().parse(text).ast;
  } catch {
    return undefined; // whatever the library rejects is not evaluated
  }
}

/** The names that an expression uses. */
export function namesIn(ast: ASTNode, found = new Set<string>()): Set<string> {
  if (ast.op === 'id') found.add(ast.args);
  for (const part of [ast.args].flat(3) as unknown[])
    if (isRecord(part) && 'op' in part) namesIn(part as unknown as ASTNode, found);
  return found;
}

/** An expression for messages: without its texts, which may be secret. */
export const shown = (text: string): string =>
  text
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '"..."')
    .replace(/\s+/g, ' ')
    .trim();

const isNamed = (one: Named | Result): one is Named => 'get' in one;
const wholeOf = (one: Named | Result): Result => (isNamed(one) ? one.whole : one);
const isKnown = (one: Result): one is Extract<Result, { readonly value: unknown }> => 'value' in one;
const isMissing = (one: Result): one is { readonly absent: string } => 'absent' in one;

/** A text that something else fills in. */
const isMarked = (value: unknown): boolean => typeof value === 'string' && /\$\{|\{\{|\{%/.test(value);

/** What stands for a result in a text, a list or a map. */
export const plain = (one: Result): unknown =>
  isKnown(one) ? one.value : `\${${('text' in one ? one.text : one.absent).replace(/[{}]/g, '')}}`;

/** Why a text that consists of these is only known in part. */
export const whyPartly = (parts: readonly Result[]): string | undefined =>
  parts.map((one) => ('why' in one ? one.why : 'absent' in one ? one.absent : one.partly)).find((why) => why);

/** Evaluates the expression of a text. */
export class Evaluation {
  readonly #source: string;
  readonly #budget: Budget;
  constructor(source: string, budget: Budget) {
    this.#source = source;
    this.#budget = budget;
  }

  run(ast: ASTNode, names: Names): Result {
    const found = wholeOf(this.#of(ast, names));
    return isMissing(found) ? { why: found.absent, text: this.#textOf(ast) } : found;
  }
  #textOf({ start, end }: ASTNode): string {
    return this.#source.slice(start, end);
  }
  #unread(ast: ASTNode): Result {
    return { why: isNotEvaluated(shown(this.#source)), text: this.#textOf(ast) };
  }
  /** A value that is computed from others. */
  #from(ast: ASTNode, inputs: readonly Result[], make: (...values: readonly unknown[]) => unknown): Result {
    const unknown = inputs.find((one) => !isKnown(one));
    if (unknown)
      return { why: 'why' in unknown ? unknown.why : (unknown as { absent: string }).absent, text: this.#textOf(ast) };
    const known = inputs.filter(isKnown);
    return this.#made(ast, make(...known.map((one) => one.value)), known);
  }
  #made(ast: ASTNode, value: unknown, inputs: readonly Result[]): Result {
    const size = sizeBelow(value, most);
    this.#budget.left -= size;
    return value === undefined || size > most ? this.#unread(ast) : { value, assuming: assumptionOf(inputs) };
  }

  #of(ast: ASTNode, names: Names): Named | Result {
    if (--this.#budget.left < 0) return this.#unread(ast);
    const of = (one: ASTNode): Result => this.#whole(one, names);
    switch (ast.op) {
      case 'value':
        return typeof ast.args === 'bigint' ? this.#from(ast, [], () => Number(ast.args)) : this.#literal(ast);
      case 'id':
        return names(ast.args) ?? this.#unread(ast);
      case '.':
      case '.?':
        return this.#entry(ast, this.#of(ast.args[0], names), ast.args[1]);
      case '[]':
      case '[?]': {
        const key = of(ast.args[1]);
        if (!isKnown(key) || isMarked(key.value)) return this.#from(ast, [key], () => undefined);
        return this.#entry(ast, this.#of(ast.args[0], names), key.value as string | number);
      }
      case '!_':
        return this.#from(ast, [of(ast.args)], (one) => (typeof one === 'boolean' ? !one : undefined));
      case '-_':
        return this.#from(ast, [of(ast.args)], (one) => (typeof one === 'number' ? -one : undefined));
      case '?:': {
        const [test, yes, no] = ast.args;
        const found = of(test);
        if (!isKnown(found) || typeof found.value !== 'boolean') return this.#from(ast, [found], () => undefined);
        const chosen = this.#of(found.value ? yes : no, names);
        return found.assuming === undefined ? chosen : under(wholeOf(chosen), found.assuming);
      }
      case '&&':
      case '||': {
        // One deciding side is enough, whatever the other one is (CEL language definition, Logical Operators).
        const decides = ast.op === '||';
        const sides = ast.args.map(of);
        const deciding = sides.filter((one) => isKnown(one) && one.value === decides);
        return (
          deciding.find((one) => isKnown(one) && one.assuming === undefined) ??
          deciding[0] ??
          this.#from(ast, sides, (...values) => (values.every((one) => one === !decides) ? !decides : undefined))
        );
      }
      case 'list': {
        const items = ast.args.map(of);
        return this.#made(ast, items.map(plain), items);
      }
      case 'map': {
        const pairs = ast.args.map(([key, value]) => [of(key), of(value)] as const);
        const odd = pairs.map(([key]) => key).find((key) => !isKnown(key) || typeof key.value !== 'string');
        if (odd) return this.#from(ast, [odd], () => undefined);
        const entries = Object.fromEntries(pairs.map((pair) => pair.map(plain))) as object;
        return this.#made(ast, Object.assign(Object.create(null), entries), pairs.flat());
      }
      case 'call':
        return this.#call(ast, ast.args[0], ast.args[1], names);
      case 'rcall':
        return this.#method(ast, ast.args, names);
      default:
        return this.#binary(ast, ast.op, ast.args.map(of));
    }
  }
  #whole(ast: ASTNode, names: Names): Result {
    return wholeOf(this.#of(ast, names));
  }
  #literal(ast: ASTNode): Result {
    const { args: value } = ast;
    const isPlain = value === null || ['string', 'number', 'boolean'].includes(typeof value);
    return isPlain ? { value } : this.#unread(ast);
  }
  #entry(ast: ASTNode, holder: Named | Result, key: string | number): Named | Result {
    if (isNamed(holder)) return holder.get(key);
    if (isMissing(holder)) return holder;
    if (!isKnown(holder)) return { ...holder, text: this.#textOf(ast) };
    const { value, assuming } = holder;
    // What a list or map does not contain is an error of the expression, or may be a default.
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return this.#unread(ast);
    const found = (value as Record<string | number, unknown>)[key];
    if (isMarked(found)) return { why: isNotEvaluated(shown(this.#source)), text: this.#textOf(ast) };
    return { value: found, assuming };
  }

  #call(ast: ASTNode, name: string, args: readonly ASTNode[], names: Names): Named | Result {
    const [first] = args;
    if (!first || args.length > 1) return this.#unread(ast);
    const one = this.#whole(first, names);
    if (name === 'has') {
      if (isMissing(one)) return { value: false };
      return isKnown(one)
        ? { value: one.value !== null, assuming: one.assuming }
        : this.#from(ast, [one], () => undefined);
    }
    if (name === 'dyn') return one;
    if (name === 'size') return this.#from(ast, [one], sizeOf);
    if (name === 'string') return this.#text(ast, one);
    if (name === 'int')
      return this.#from(ast, [one], (value) => (/^-?\d{1,15}$/.test(String(value)) ? Number(value) : undefined));
    return this.#unread(ast);
  }
  #text(ast: ASTNode, one: Result): Result {
    return this.#from(ast, [one], (value) => (typeof value === 'object' ? undefined : String(value)));
  }

  #method(
    ast: ASTNode,
    [name, receiver, args]: readonly [string, ASTNode, readonly ASTNode[]],
    names: Names,
  ): Named | Result {
    if (receiver.op === 'id' && receiver.args === 'lists' && name === 'range' && args[0])
      return this.#from(ast, [this.#whole(args[0], names)], (count) =>
        typeof count === 'number' && count >= 0 && count <= limits.maxListElements
          ? Array.from({ length: count }, (_, at) => at)
          : undefined,
      );
    const on = this.#of(receiver, names);
    if (loops.has(name)) return this.#loop(ast, name, on, args, names);
    const self = wholeOf(on);
    if (name === 'orValue' && args[0]) {
      if (isMissing(self) || (isKnown(self) && self.value === null)) return this.#whole(args[0], names);
      return self;
    }
    if (name === 'hasValue') return isMissing(self) ? { value: false } : this.#from(ast, [self], () => true);
    const make = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (!make) return this.#unread(ast);
    const inputs = [self, ...args.map((one) => this.#whole(one, names))];
    return this.#from(ast, inputs, (...values) => (values.flat().some(isMarked) ? undefined : make(...values)));
  }
  #loop(
    ast: ASTNode,
    name: string,
    on: Named | Result,
    [variable, ...bodies]: readonly ASTNode[],
    names: Names,
  ): Result {
    const body = bodies.at(-1);
    if (variable?.op !== 'id' || !body || bodies.length > (name === 'map' ? 2 : 1)) return this.#unread(ast);
    let items: readonly (Named | Result)[] | undefined = isNamed(on) ? on.items : undefined;
    const self = wholeOf(on);
    if (!items) {
      if (!isKnown(self) || !Array.isArray(self.value)) return this.#from(ast, [self], () => undefined);
      items = self.value.map((value: unknown): Result =>
        isMarked(value) ? { why: isNotEvaluated(shown(this.#source)), text: this.#textOf(ast) } : { value },
      );
    }
    const run = (one: ASTNode, item: Named | Result): Result =>
      this.#whole(one, (asked) => (asked === variable.args ? item : names(asked)));
    const tests = name === 'map' ? bodies.slice(0, -1) : bodies;
    const kept = items.map((item) => ({ item, tests: tests.map((one) => run(one, item)) }));
    const results = kept.flatMap((one) => one.tests);
    const assuming = assumptionOf([self, ...results]);
    if (name === 'exists' || name === 'all') {
      const decides = name === 'exists';
      if (results.some((one) => isKnown(one) && one.value === decides)) return { value: decides, assuming };
      return under(
        this.#from(ast, results, (...values) => (values.every((one) => one === !decides) ? !decides : undefined)),
        assuming,
      );
    }
    const odd = results.find((one) => !isKnown(one) || typeof one.value !== 'boolean');
    if (odd) return this.#from(ast, [odd], () => undefined);
    const left = kept.filter((one) => one.tests.every((test) => isKnown(test) && test.value === true));
    const made = left.map(({ item }) => (name === 'map' ? run(body, item) : wholeOf(item)));
    return this.#made(ast, made.map(plain), [self, ...results, ...made]);
  }

  #binary(ast: ASTNode, op: string, sides: readonly Result[]): Result {
    const [left, right] = sides;
    if (op === '+' && left && right) return this.#sum(ast, left, right);
    return this.#from(ast, sides, (a, b) => {
      if (isMarked(a) || isMarked(b)) return undefined;
      const areNumbers = typeof a === 'number' && typeof b === 'number';
      if (op === '-' && areNumbers) return a - b;
      if (op === '*' && areNumbers) return a * b;
      if (op === 'in' && Array.isArray(b)) return b.some(isMarked) || typeof a === 'object' ? undefined : b.includes(a);
      if (op === '==' || op === '!=') {
        const areScalars = [a, b].every((one) => one === null || typeof one !== 'object');
        return areScalars ? (a === b) === (op === '==') : undefined;
      }
      if (!areNumbers) return undefined;
      return op === '<' ? a < b : op === '<=' ? a <= b : op === '>' ? a > b : op === '>=' ? a >= b : undefined;
    });
  }
  /** A text with an unknown side is known in part. */
  #sum(ast: ASTNode, left: Result, right: Result): Result {
    const sides = [left, right];
    const partly = whyPartly(sides);
    const [a, b] = sides.map((one) => (isKnown(one) ? one.value : undefined));
    if ((typeof a === 'string' && !isKnown(right)) || (typeof b === 'string' && !isKnown(left)))
      return { ...this.#made(ast, `${String(plain(left))}${String(plain(right))}`, sides), partly };
    const sum = this.#from(ast, sides, () => {
      if (typeof a === 'string' && typeof b === 'string') return a + b;
      if (typeof a === 'number' && typeof b === 'number') return a + b;
      return Array.isArray(a) && Array.isArray(b) ? ([...a, ...b] as unknown[]) : undefined;
    });
    return { ...sum, partly };
  }
}

/** No value of a real graph is larger: entries, or ten characters. */
const most = 10_000;
/** How large a value is, counted up to a limit. */
function sizeBelow(value: unknown, limit: number): number {
  if (typeof value === 'string') return 1 + value.length / 10;
  if (typeof value !== 'object' || value === null) return 1;
  let size = 1;
  for (const one of Object.values(value)) {
    if (size > limit) break;
    size += sizeBelow(one, limit - size);
  }
  return size;
}
const loops = new Set(['map', 'filter', 'exists', 'all']);
const sizeOf = (value: unknown): number | undefined =>
  typeof value === 'string'
    ? isMarked(value)
      ? undefined
      : [...value].length
    : typeof value === 'object' && value !== null
      ? Object.keys(value).length
      : undefined;
const assumptionOf = (all: readonly Result[]): string | undefined =>
  all.filter(isKnown).find(({ assuming }) => assuming !== undefined)?.assuming;
const under = (one: Result, assuming: string | undefined): Result =>
  isKnown(one) && one.assuming === undefined ? { ...one, assuming } : one;

/** Functions of texts and lists; undefined for what they do not accept (cel-go, extensions for strings and lists). */
const functions: Readonly<Record<string, (...values: readonly unknown[]) => unknown>> = {
  size: (self) => sizeOf(self),
  contains: texts((self, part) => self.includes(part)),
  startsWith: texts((self, part) => self.startsWith(part)),
  endsWith: texts((self, part) => self.endsWith(part)),
  split: texts((self, separator) => self.split(separator)),
  lowerAscii: (self) =>
    typeof self === 'string' ? self.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : undefined,
  upperAscii: (self) =>
    typeof self === 'string' ? self.replace(/[a-z]/g, (letter) => letter.toUpperCase()) : undefined,
  join: (self, separator = '') =>
    Array.isArray(self) && self.every((one) => typeof one === 'string') && typeof separator === 'string'
      ? self.join(separator)
      : undefined,
  replace: (self, from, to, ...more) =>
    typeof self === 'string' && typeof from === 'string' && typeof to === 'string' && from !== '' && more.length === 0
      ? self.replaceAll(from, () => to)
      : undefined,
};
function texts(make: (self: string, other: string) => unknown) {
  return (self: unknown, other: unknown): unknown =>
    typeof self === 'string' && typeof other === 'string' ? make(self, other) : undefined;
}
