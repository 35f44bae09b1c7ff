import { type Field, mixedMap } from '#spelling/field.ts';

/** `merge(shared, own)`: the entries of both; those of the second take precedence. */
export function merged(shared: Field, own: Field): Field {
  if (shared.absent || own.absent) return own.absent ? shared : own;
  const both = [shared, own];
  const rest = both.filter((one) => (one.why ?? one.rest) !== undefined);
  return own.worth(mixedMap(new Map(both.flatMap((one) => one.entries())), rest));
}
