import { moduleDecides } from '#model/hidden.ts';
import type { Field } from '#spelling/field.ts';
import { Unsure } from '#spelling/spelling.ts';

/** The lowest and the highest possible major version. */
type Majors = readonly [low: number, high: number];

/**
 * Major versions that a call allows (Terraform Language, Version Constraints; a tag of git); `known` if it does not
 * restrict them.
 */
export function majorsOf(block: Field, known: Majors): Majors {
  const source = block.get('source').value;
  const tag = typeof source === 'string' ? /[?&]ref=v?(\d{1,3}(?:\.\d+)*)(?:&|$)/.exec(source)?.[1] : undefined;
  const { value } = block.get('version');
  const constraint = tag ?? (typeof value === 'string' ? value : '');
  let [low, high] = known;
  for (const part of constraint.split(',')) {
    const [, operator = '=', major, rest = ''] = /^\s*(>=|<=|~>|!=|=|>|<)?\s*v?(\d+)((?:\.\d+)*)/.exec(part) ?? [];
    if (major === undefined || operator === '!=') continue;
    const number = Number(major);
    if (operator !== '<' && operator !== '<=') low = Math.max(low, number);
    if (operator === '=' || operator === '~>' || operator === '<=') high = Math.min(high, number);
    if (operator === '<') high = Math.min(high, /^(\.0+)*$/.test(rest) ? number - 1 : number);
    if (number < known[0] && operator !== '>=' && operator !== '>') [low, high] = [number, number];
  }
  return [low, Math.max(low, high)];
}

/** The default for the major versions in question, listed by the version that introduced it; Unsure if they differ. */
export type Since = (defaults: Readonly<Record<number, unknown>>) => unknown;

/** Versions that are newer than the known defaults count as the newest of them. */
export function sinceIn([low, high]: Majors): Since {
  const majors = Array.from({ length: Math.min(high - low, 50) + 1 }, (_, index) => low + index);
  return (defaults) => {
    const values = majors.map((major) => {
      const from = Object.keys(defaults)
        .map(Number)
        .filter((one) => one <= major);
      return from.length === 0 ? undefined : defaults[Math.max(...from)];
    });
    const [first] = values;
    const agree = first !== undefined && values.every((one) => JSON.stringify(one) === JSON.stringify(first));
    return agree ? first : new Unsure(moduleDecides);
  };
}

/** A field, or its default in the module. */
export const orElse = (field: Field, fallback: unknown): Field =>
  !field.absent ? field : fallback instanceof Unsure ? field.doubted(fallback.why, true) : field.filled(fallback);
