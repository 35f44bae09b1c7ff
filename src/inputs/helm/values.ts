import { type Field, mixedMap } from '#spelling/field.ts';

/** Maps that Helm merges entry by entry; the last one wins (Helm documentation, Values Files). */
export function layered(place: Field, layers: readonly Field[]): Field {
  const written = layers.filter((one) => !one.absent);
  const [only, ...others] = written;
  if (!only) return place.nothing();
  if (others.length === 0 && only.map) return only;
  const entries = new Map<string, Field[]>();
  const rest: Field[] = [];
  for (const layer of written) {
    const hidden = layer.why ?? layer.rest;
    if (hidden !== undefined) {
      rest.push(layer);
      // An unknown map may change everything before it.
      for (const [key, all] of entries) entries.set(key, [...all, place.doubted(hidden)]);
    }
    for (const [key, entry] of layer.entries()) entries.set(key, [...(entries.get(key) ?? []), entry]);
  }
  const merged = [...entries].map(([key, all]): [string, Field] => {
    const last = all.at(-1) as Field;
    return [key, last.map && all.length > 1 ? layered(last, all.slice(from(all))) : last];
  });
  return place.worth(mixedMap(new Map(merged), rest));
}
/** A list or a scalar replaces everything before it. */
const from = (all: readonly Field[]): number =>
  all.findLastIndex((one) => one.why === undefined && !one.map && !one.absent) + 1;

/** One value by the path in the notation of `--set`: `a.b\.c` is `b.c` in `a`. Undefined for an item of a list. */
export function valueAt(path: string, value: Field): Field | undefined {
  const keys = path.split(/(?<!\\)\./).map((key) => key.replaceAll(/\\(.)/g, '$1'));
  if (keys.some((key) => key === '' || /\[\d+\]$/.test(key))) return undefined;
  return keys.reduceRight((inner, key) => inner.worth(mixedMap(new Map([[key, inner]]))), value);
}
