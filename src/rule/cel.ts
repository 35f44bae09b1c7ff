import { type ASTNode, Environment, EvaluationError, ParseError } from '@marcbachmann/cel-js';
import { isRecord } from '#model/shape.ts';
import { type Bound, costOf, measure, mostCost } from './cel-cost.ts';
import type { Expression, Verdict } from './custom.ts';
import { pattern, patternFault } from './pattern.ts';
import type { Step } from './path.ts';

/*
 * Expressions of CEL, the language of admission policies. The library reads and evaluates them: it has no dependencies,
 * only reads own properties, and is loaded only if there is an expression. It has no cost limit, so `cel-cost.ts`
 * computes the maximum cost before each evaluation.
 */

/** Longer expressions are rejected: they are unreadable. */
const limits = { maxAstNodes: 1000, maxDepth: 40, maxListElements: 500, maxMapEntries: 100, maxCallArguments: 8 };
const longestText = 256;
const matcher = 'matchesPattern';

const environment = new Environment({ homogeneousAggregateLiterals: false, limits })
  .registerVariable('object', 'dyn')
  // The library's version accepts any pattern and any string.
  .registerFunction(`string.${matcher}(string): bool`, (text: string, source: string) => {
    if (text.length > longestText) throw new TooLong();
    return pattern(source).test(text);
  });

class TooLong extends Error {
  override message = `matches() accepts strings of up to ${longestText} characters`;
}

/** Reads an expression; returns an error if it is not usable. */
export function readExpression(text: string): Expression | { readonly fault: string } {
  try {
    const source = withMatcher(text, environment.parse(text).ast);
    const parsed = environment.parse(source);
    const { ast } = parsed;
    const fault = patternsIn(ast).flatMap((one) => one ?? [])[0] ?? costFault(ast);
    if (fault !== undefined) return { fault };
    const fields = fieldsIn(ast);
    const checked = parsed.check();
    if (!checked.valid) return { fault: told(checked.error) };
    if (checked.type !== 'bool' && checked.type !== 'dyn') return { fault: `it is of type ${checked.type}, not bool` };
    return { fields, evaluate: (object) => evaluate(parsed, { ast, text }, object) };
  } catch (error) {
    if (error instanceof ParseError) return { fault: told(error) };
    throw error;
  }
}

const told = (error: unknown): string => {
  const text = error instanceof ParseError || error instanceof EvaluationError ? error.summary : firstLine(error);
  return text.replaceAll(matcher, 'matches');
};
const firstLine = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);

/**
 * Messages of the library that end with a value of the object, which may be a secret, unless the expression itself
 * names it.
 */
const quoting =
  /^(No such key: (?!index out)|bool\(\) conversion error: invalid string value |integer overflow: )(.*)$/s;
const withoutValues = (message: string, expression: string): string =>
  message.replace(quoting, (whole, start: string, value: string) =>
    expression.includes(value.replace(/^"(.*)"$/s, '$1')) ? whole : `${start}***`,
  );

function evaluate(
  parsed: (context: Record<string, unknown>) => unknown,
  { ast, text }: { readonly ast: ASTNode; readonly text: string },
  object: object,
): Verdict {
  const cost = costOf(ast, measure(object));
  if (typeof cost === 'string' || !(cost <= mostCost))
    return { why: 'the expression may cost more than the limit for an object of this size' };
  try {
    const value = parsed({ object: asCel(object) });
    return typeof value === 'boolean' ? value : { why: `the expression gives ${typeof value}, not a boolean` };
  } catch (error) {
    return { why: `the expression cannot be evaluated: ${withoutValues(told(error), text)}` };
  }
}

/** The data as CEL represents it: whole numbers are integers. The measurement has shown that it is finite. */
function asCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(asCel);
  if (!isRecord(value)) return value;
  return Object.assign(
    Object.create(null) as object,
    Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asCel(inner)])),
  );
}

/** The nodes below a node. */
export function partsOf(ast: ASTNode): readonly ASTNode[] {
  switch (ast.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [ast.args[0]];
    case 'call':
      return ast.args[1];
    case 'rcall':
      return [ast.args[1], ...ast.args[2]];
    case 'map':
      return ast.args.flat();
    case '!_':
    case '-_':
      return [ast.args];
    default:
      return ast.args;
  }
}

const all = (ast: ASTNode): readonly ASTNode[] => [ast, ...partsOf(ast).flatMap(all)];

/** The text with our own `matches`, from the last location to the first. */
function withMatcher(text: string, ast: ASTNode): string {
  const ends = all(ast).flatMap((one) => (one.op === 'rcall' && one.args[0] === 'matches' ? [one.args[1].end] : []));
  return [...new Set(ends)]
    .toSorted((a, b) => b - a)
    .reduce(
      (result, end) => result.slice(0, end) + result.slice(end).replace(/^([\s)]*\.\s*)matches\b/, `$1${matcher}`),
      text,
    );
}

/** What is wrong with each pattern: it must be a literal, so that it can be checked. */
const patternsIn = (ast: ASTNode): (string | undefined)[] =>
  all(ast).map((one) => {
    if (one.op !== 'rcall' || (one.args[0] !== matcher && one.args[0] !== 'matches')) return undefined;
    const [source] = one.args[2];
    if (one.args[0] === 'matches' || source?.op !== 'value' || typeof source.args !== 'string')
      return 'matches() needs a quoted pattern';
    const fault = patternFault(source.args);
    return fault === undefined ? undefined : `the pattern ${JSON.stringify(source.args)} ${fault}`;
  });

/** A function without a cost is not supported. */
function costFault(ast: ASTNode): string | undefined {
  const empty: Bound = { items: 0, chars: 0, total: 0 };
  const cost = costOf(ast, empty);
  return typeof cost === 'string' ? cost : cost <= mostCost ? undefined : 'it costs more than the limit';
}

/** The chains of constant keys that start at `object`, each as long as it goes. */
function fieldsIn(ast: ASTNode): Step[][] {
  const own = chainOf(ast);
  return own === undefined ? partsOf(ast).flatMap(fieldsIn) : own.length === 0 ? [] : [own];
}

function chainOf(ast: ASTNode): Step[] | undefined {
  if (ast.op === 'id') return ast.args === 'object' ? [] : undefined;
  if (ast.op === '.') {
    const before = chainOf(ast.args[0]);
    return before && [...before, ast.args[1]];
  }
  if (ast.op !== '[]') return undefined;
  const [holder, key] = ast.args;
  const before = chainOf(holder);
  const step =
    key.op === 'value' && (typeof key.args === 'string' || typeof key.args === 'bigint') ? key.args : undefined;
  return before && step !== undefined ? [...before, typeof step === 'bigint' ? Number(step) : step] : undefined;
}
