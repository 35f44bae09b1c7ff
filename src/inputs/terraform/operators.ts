import type { Field } from '#spelling/field.ts';
import { type Resolved } from '#spelling/field.ts';
import { assumingOf, boolOf, equal, numberOf, plainOf, Refused } from './plain.ts';
import { Path } from '#syntax/hcl.ts';
import { table } from '#model/shape.ts';
import type { Work } from './work.ts';

/* Operators of expressions (Terraform Language, Arithmetic and Logical Operators). */

const ofValues: Readonly<Record<string, (a: unknown, b: unknown) => unknown>> = {
  '+': (a, b) => numberOf(a) + numberOf(b),
  '-': (a, b) => numberOf(a) - numberOf(b),
  '*': (a, b) => numberOf(a) * numberOf(b),
  '/': (a, b) => numberOf(a) / numberOf(b),
  '%': (a, b) => numberOf(a) % numberOf(b),
  '<': (a, b) => numberOf(a) < numberOf(b),
  '>': (a, b) => numberOf(a) > numberOf(b),
  '<=': (a, b) => numberOf(a) <= numberOf(b),
  '>=': (a, b) => numberOf(a) >= numberOf(b),
  '==': equal,
  '!=': (a, b) => !equal(a, b),
  '!': (a) => !boolOf(a),
  negate: (a) => -numberOf(a),
};

/** The result of an operator; undefined if it is not an operator. */
export function operate(name: string, sides: readonly Field[], work: Work): Resolved | undefined {
  if (name === '&&' || name === '||') return decide(name === '||', sides);
  const make = ofValues[name];
  if (!make) return undefined;
  const values = sides.map((side) => plainOf(side, work));
  const unknown = values.find((one) => 'why' in one);
  if (unknown && 'why' in unknown) return comparedWithNothing(name, sides) ?? unknown;
  const [a, b] = values.map((one) => ('value' in one ? one.value : undefined));
  try {
    const value = make(a, b);
    const isNumber = typeof value !== 'number' || Number.isFinite(value);
    return isNumber ? { value, assuming: assumingOf(sides) } : { why: 'Terraform cannot divide by zero', fails: true };
  } catch (error) {
    if (error instanceof Refused)
      return { why: `Terraform rejects an operand of ${name}: ${error.message}`, fails: true };
    throw error;
  }
}

/**
 * A list or a map of which something is known is not null. Nor is the ID or ARN of a resource null or an empty string:
 * the provider assigns one to each resource.
 */
function comparedWithNothing(name: string, sides: readonly Field[]): Resolved | undefined {
  if (name !== '==' && name !== '!=') return undefined;
  const nothing = sides.find((side) => side.why === undefined && (side.absent || side.value === ''));
  const other = nothing && sides.find((side) => side !== nothing);
  if (!other) return undefined;
  const isThere = other.why === undefined ? nothing.absent && typeof other.value === 'object' : isIdentity(other.found);
  return isThere ? { value: name === '!=', assuming: assumingOf(sides) } : undefined;
}

/**
 * Whether this identifies a resource or a data source. Only types have an underscore: `aws_vpc`, in contrast to `var`
 * and `each`.
 */
function isIdentity(found: unknown): boolean {
  if (!(found instanceof Path) || typeof found.base !== 'string') return false;
  const [type, ...steps] = found.base === 'data' ? found.steps : [found.base, ...found.steps];
  const isType = typeof type === 'string' && type.includes('_');
  const last = String(steps.at(-1));
  // The name, maybe an index, and the attribute.
  return isType && steps.length <= 3 && (identities[type] ?? /^(?:id|arn)$/).test(last);
}
const identities: Readonly<Record<string, RegExp>> = table({
  aws_ami: /^(?:id|image_id|arn)$/,
  aws_ssm_parameter: /^(?:id|arn|value|insecure_value)$/,
});

/** One deciding side is enough. */
function decide(by: boolean, sides: readonly Field[]): Resolved {
  const deciding = sides.find((side) => side.bool().value === by);
  if (deciding) return { value: by, assuming: deciding.assuming };
  const unknown = sides.find((side) => side.bool().value === undefined);
  return unknown
    ? { why: unknown.why ?? 'it is neither true nor false', fails: unknown.fails }
    : { value: !by, assuming: assumingOf(sides) };
}
