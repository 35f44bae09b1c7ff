import type { ASTNode } from '@marcbachmann/cel-js';
import { isRecord } from '#model/shape.ts';

/*
 * The maximum cost of an expression, computed before it is evaluated, as the API server does for admission policies
 * (Kubernetes documentation, Common Expression Language in Kubernetes, Resource usage by CEL functions). CEL only has
 * loops over lists, so the bound of a list is the bound of its loop. Nothing depends on the clock: an expression that
 * is rejected here is rejected everywhere.
 */

/** Maximum number of steps to evaluate one expression for one object. */
export const mostCost = 500_000;

/**
 * The maximum size of a value: entries of its longest list or map, characters of its longest string, and all of it
 * together.
 */
export interface Bound {
  readonly items: number;
  readonly chars: number;
  readonly total: number;
}

/** More than this is not measured: anything that reads it costs too much. */
const mostNodes = 1_000_000;

/** The bound of plain data. Data that an alias makes infinite has no bound. */
export function measure(value: unknown): Bound {
  let [items, chars, total] = [0, 0, 0];
  const visit = (one: unknown): void => {
    total += 1;
    if (total > mostNodes) return;
    if (typeof one === 'string') {
      chars = Math.max(chars, one.length);
      total += one.length / 10;
    } else if (Array.isArray(one)) {
      items = Math.max(items, one.length);
      for (const inner of one as unknown[]) visit(inner);
    } else if (isRecord(one)) {
      const keys = Object.keys(one);
      items = Math.max(items, keys.length);
      for (const key of keys) {
        chars = Math.max(chars, key.length);
        visit(one[key]);
      }
    }
  };
  visit(value);
  return total > mostNodes ? { items: Infinity, chars: Infinity, total: Infinity } : { items, chars, total };
}

type Scope = ReadonlyMap<string, Bound>;
interface Told {
  readonly bound: Bound;
  readonly cost: number;
}

class NotOffered extends Error {}

/** The maximum number of steps of an expression for an object; a string if it calls an unsupported function. */
export function costOf(ast: ASTNode, object: Bound): number | string {
  try {
    return tell(ast, new Map([['object', object]])).cost;
  } catch (error) {
    if (error instanceof NotOffered) return error.message;
    throw error;
  }
}

const nothing: Bound = { items: 0, chars: 0, total: 1 };
const short: Bound = { items: 0, chars: 32, total: 5 };
const wider = (a: Bound, b: Bound): Bound => ({
  items: Math.max(a.items, b.items),
  chars: Math.max(a.chars, b.chars),
  total: Math.max(a.total, b.total),
});
const added = (a: Bound, b: Bound): Bound => ({
  items: a.items + b.items,
  chars: a.chars + b.chars,
  total: a.total + b.total,
});

function tell(ast: ASTNode, scope: Scope): Told {
  switch (ast.op) {
    case 'value': {
      const chars = typeof ast.args === 'string' ? ast.args.length : 0;
      return { bound: { items: 0, chars, total: 1 + chars / 10 }, cost: 1 };
    }
    case 'id':
      return { bound: scope.get(ast.args) ?? nothing, cost: 1 };
    case '.': {
      const { bound, cost } = tell(ast.args[0], scope);
      return { bound, cost: cost + 1 };
    }
    case '[]': {
      const [holder, key] = ast.args.map((one) => tell(one, scope));
      return { bound: holder?.bound ?? nothing, cost: 1 + (holder?.cost ?? 0) + (key?.cost ?? 0) };
    }
    case '!_':
    case '-_':
      return { bound: nothing, cost: 1 + tell(ast.args, scope).cost };
    case '?:': {
      const [test, yes, no] = ast.args.map((one) => tell(one, scope)) as [Told, Told, Told];
      return { bound: wider(yes.bound, no.bound), cost: 1 + test.cost + Math.max(yes.cost, no.cost) };
    }
    case 'list':
    case 'map': {
      const parts = ast.args.flat().map((one) => tell(one, scope));
      const bound = parts.reduce((sum, one) => wider(sum, one.bound), nothing);
      return {
        bound: {
          ...bound,
          items: Math.max(bound.items, ast.args.length),
          total: parts.reduce((sum, one) => sum + one.bound.total, 1),
        },
        cost: parts.reduce((sum, one) => sum + one.cost, 1),
      };
    }
    case 'call':
      return call(ast.args[0], undefined, ast.args[1], scope);
    case 'rcall':
      return call(ast.args[0], ast.args[1], ast.args[2], scope);
    case '.?':
    case '[?]':
      throw new NotOffered('optional fields (`.?`) are not supported: use has()');
    default: {
      const [left, right] = ast.args.map((one) => tell(one, scope)) as [Told, Told];
      const cost = 1 + left.cost + right.cost;
      if (ast.op === '&&' || ast.op === '||') return { bound: nothing, cost };
      if (ast.op === '+')
        return { bound: added(left.bound, right.bound), cost: cost + left.bound.total + right.bound.total };
      // A comparison goes as far as the smaller value; numbers are short.
      const least = Math.min(left.bound.total, right.bound.total);
      if (ast.op === 'in') return { bound: nothing, cost: cost + right.bound.items * least };
      return { bound: short, cost: ['-', '*', '/', '%'].includes(ast.op) ? cost : cost + least };
    }
  }
}

const loops = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
/** Functions that read their strings once and return something short. */
const looking = new Set([
  'size',
  'contains',
  'startsWith',
  'endsWith',
  'indexOf',
  'lastIndexOf',
  'matches',
  'matchesPattern',
  'int',
  'double',
  'bool',
  'type',
]);
/** Functions that return at most the strings that they are given. */
const making = new Set(['string', 'dyn', 'lowerAscii', 'upperAscii', 'trim', 'substring']);

function call(name: string, receiver: ASTNode | undefined, args: readonly ASTNode[], scope: Scope): Told {
  if (name === 'has') {
    const [field] = args;
    return { bound: nothing, cost: 1 + (field ? tell(field, scope).cost : 0) };
  }
  if (receiver && loops.has(name)) return loop(name, receiver, args, scope);
  const parts = [...(receiver ? [receiver] : []), ...args].map((one) => tell(one, scope));
  const [first = { bound: nothing, cost: 0 }] = parts;
  const read = parts.reduce((sum, one) => added(sum, one.bound), { items: 0, chars: 0, total: 0 });
  const cost = parts.reduce((sum, one) => sum + one.cost, 1) + read.items + read.chars / 10;
  if (looking.has(name)) return { bound: short, cost };
  if (making.has(name)) return { bound: wider(first.bound, short), cost };
  if (name === 'split') {
    const { chars } = first.bound;
    return { bound: { items: chars + 1, chars, total: 2 * chars + 1 }, cost: cost + chars };
  }
  if (name === 'join') {
    const chars = first.bound.items * (first.bound.chars + (parts[1]?.bound.chars ?? 0));
    return { bound: { items: 0, chars, total: 1 + chars / 10 }, cost: cost + chars / 10 };
  }
  throw new NotOffered(`the function ${name}() is not supported`);
}

function loop(name: string, receiver: ASTNode, args: readonly ASTNode[], scope: Scope): Told {
  const over = tell(receiver, scope);
  const [variable, ...bodies] = args;
  const inner = new Map(scope);
  if (variable?.op === 'id') inner.set(variable.args, over.bound);
  const told = bodies.map((one) => tell(one, inner));
  const { items } = over.bound;
  const cost = 1 + over.cost + items * told.reduce((sum, one) => sum + one.cost, 2);
  if (name === 'filter') return { bound: over.bound, cost };
  if (name !== 'map') return { bound: nothing, cost };
  const { bound } = told.at(-1) ?? { bound: nothing };
  return { bound: { items: Math.max(items, bound.items), chars: bound.chars, total: 1 + items * bound.total }, cost };
}
