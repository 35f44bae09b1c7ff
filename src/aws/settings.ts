import type { Settings } from '#model/cluster.ts';
import { Answer, Collection, Value } from '#model/value.ts';
import type { Field } from '#spelling/field.ts';
import type { Property } from '#spelling/property.ts';
import type { Description } from '#spelling/resource.ts';

/** A setting as a string: add-ons read numbers and booleans as if they were strings. */
export const textOf = (field: Field): Value<string> =>
  typeof field.value === 'boolean' ? Value.set(String(field.value), field.at, field) : field.text();

/** The configuration values of an add-on: a map, or a string of JSON or YAML (EKS API reference, CreateAddon). */
export function readSettings(values: Property, description: Description): Settings {
  let document: Field | undefined;
  // Parsed when a rule asks for it.
  const top = (): Field => (document ??= description.document(values));
  const find = (keys: readonly string[]): Field => keys.reduce((field, key) => field.get(key), top());
  return {
    get at() {
      return values.at();
    },
    written: values.exists().is(true),
    get valid() {
      const { field } = values;
      if (values.absent) return Answer.yes;
      if (top().map) return Answer.yes;
      return field.why === undefined ? Answer.no : Answer.unknown(field.why);
    },
    text: (...keys) => textOf(find(keys)),
    isText(...keys) {
      const { value, why } = find(keys);
      return why === undefined ? Answer.of(typeof value === 'string') : Answer.unknown(why);
    },
    keys(...keys) {
      const map = find(keys);
      const items = map.entries().map(([key, one]) => Value.set(key, one.at));
      return new Collection(items, {
        at: map.at,
        state: map.absent ? 'default' : map.why === undefined ? 'set' : 'unknown',
        why: map.why ?? map.rest,
      });
    },
  };
}
