import type { Field } from '#spelling/field.ts';
import { tooMuch, type Work } from './work.ts';
import { mixedList, mixedMap, type Resolved } from '#spelling/field.ts';

/* Converts values of Terraform from and to Fields. */

/** A fully known value, or why it is not known. */
export type Plain = { readonly value: unknown } | { readonly why: string; readonly fails?: boolean };

/** An expression that Terraform rejects. */
export class Refused extends Error {}

/** Lists that are sets in Terraform: their keys are their values. */
const sets = new WeakSet<object>();
export const isSet = (value: unknown): boolean => typeof value === 'object' && value !== null && sets.has(value);
export function asSet<T extends object>(list: T): T {
  sets.add(list);
  return list;
}

/** All that a Field contains. A value that names refer to repeatedly may be larger than anything that is written. */
export function plainOf(field: Field, work: Work): Plain {
  if (!work.spend(1)) return { why: tooMuch };
  if (field.why !== undefined) return { why: field.why, fails: field.fails };
  if (field.rest !== undefined) return { why: field.rest };
  if (Array.isArray(field.value)) {
    const items: unknown[] = [];
    for (const item of field.items()) {
      const one = plainOf(item, work);
      if ('why' in one) return one;
      items.push(one.value);
    }
    return { value: isSet(field.value) ? asSet(items) : items };
  }
  if (!field.map) return { value: field.value ?? null };
  const map = Object.create(null) as Record<string, unknown>;
  for (const [key, entry] of field.entries()) {
    const one = plainOf(entry, work);
    if ('why' in one) return one;
    map[key] = one.value;
  }
  return { value: map };
}

/** The values of some fields under a key, if any. */
export const assumingOf = (fields: readonly Field[]): string | undefined =>
  fields.find((field) => field.assuming !== undefined)?.assuming;

/** A scalar as a string, as in templates and keys; undefined for other values. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined;

/** One item of a collection. */
export interface Element {
  readonly key: Field;
  readonly value: Field;
}

/** The items of a list or map with their keys, in Terraform's order; undefined for anything else. */
export function elementsOf(field: Field): readonly Element[] | undefined {
  if (Array.isArray(field.value)) {
    const isKeyed = isSet(field.value);
    return field.items().map((value, index) => ({ key: isKeyed ? value : value.worth(index), value }));
  }
  if (!field.map) return undefined;
  return field
    .entries()
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ({ key: value.worth(key), value }));
}

/** A list of items that are located elsewhere. */
export const listOf = (
  items: readonly Field[],
  rest: readonly Field[] = [],
  from: readonly Field[] = [],
): Resolved => ({
  value: mixedList(items, rest),
  assuming: assumingOf(from),
});
export const mapOf = (
  entries: ReadonlyMap<string, Field>,
  rest: readonly Field[] = [],
  from: readonly Field[] = [],
): Resolved => ({ value: mixedMap(entries, rest), assuming: assumingOf(from) });

/** The state of a Field that stands for a result. */
export const sameAs = (field: Field): Resolved => ({ field, moved: true });

/** Whether two values are equal in Terraform: their types matter. */
export function equal(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => key in right && equal(left[key], right[key]));
}

/** A number, also if it is written as a string. */
export function numberOf(value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) throw new Refused('a number is needed');
  return number;
}
export function integerOf(value: unknown): number {
  const number = numberOf(value);
  if (!Number.isSafeInteger(number)) throw new Refused('a whole number is needed');
  return number;
}
export function boolOf(value: unknown): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new Refused('true or false is needed');
}
export function stringOf(value: unknown): string {
  const text = textOf(value);
  if (text === undefined) throw new Refused('a string is needed');
  return text;
}
export function arrayOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Refused('a list is needed');
  return value as unknown[];
}
