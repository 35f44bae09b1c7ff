/**
 * `npm run gen:custom -- <folder>`: writes schemas/custom, one file for each API group, from structures of
 * CustomResourceDefinitions: a JSON file for each kind, `{group, kind, source, versions: [{name, served, schema}]}`.
 * Only names, types, required fields and allowed values are kept. `source` is the project on GitHub that publishes the
 * definition.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Type } from '../src/model/schema.ts';
import { readStructure } from '../src/model/structure.ts';

interface Structure {
  readonly group: string;
  readonly kind: string;
  readonly source: string;
  readonly versions: readonly { readonly name: string; readonly served: boolean; readonly schema?: unknown }[];
}

/** Types that occur in several places of a file get a number, from this length on. */
const worthSharing = 40;

/** The types of a file, with shared ones extracted. */
function share(kinds: Readonly<Record<string, Readonly<Record<string, Type>>>>) {
  const counts = new Map<string, number>();
  const count = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (!Array.isArray(node)) {
      const text = JSON.stringify(node);
      const before = counts.get(text) ?? 0;
      counts.set(text, before + 1);
      if (before > 0) return;
    }
    for (const inner of Object.values(node)) count(inner);
  };
  for (const versions of Object.values(kinds)) for (const type of Object.values(versions)) count(type);
  const shared: Record<string, unknown> = {};
  const numbers = new Map<string, string>();
  /** Whether a node is a type, and not the map of a type's fields or such a map's entries of another meaning. */
  const emit = (node: unknown, isType: boolean): unknown => {
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return node;
    const text = JSON.stringify(node);
    const inner = () =>
      Object.fromEntries(
        Object.entries(node).map(([key, value]) => [key, emit(value, isType ? /^[lmt]$/.test(key) : true)]),
      );
    if (!isType || text.length < worthSharing || (counts.get(text) ?? 0) < 2) return inner();
    let number = numbers.get(text);
    if (number === undefined) {
      number = String(numbers.size + 1);
      numbers.set(text, number);
      shared[number] = inner();
    }
    return `#${number}`;
  };
  const emitted = Object.fromEntries(
    Object.entries(kinds).map(([kind, versions]) => [
      kind,
      Object.fromEntries(Object.entries(versions).map(([version, type]) => [version, emit(type, true)])),
    ]),
  );
  return { shared, kinds: emitted };
}

const [from] = process.argv.slice(2);
if (from === undefined) throw new Error('usage: npm run gen:custom -- <folder of structures>');
const folder = join(import.meta.dirname, '../schemas/custom');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const groups = new Map<string, { sources: Set<string>; kinds: Record<string, Record<string, Type>> }>();
for (const name of readdirSync(from).sort()) {
  const { group, kind, source, versions } = JSON.parse(readFileSync(join(from, name), 'utf8')) as Structure;
  const known = groups.get(group) ?? { sources: new Set<string>(), kinds: {} };
  groups.set(group, known);
  known.sources.add(source);
  known.kinds[kind] = Object.fromEntries(
    versions.flatMap((version) => (version.schema ? [[version.name, readStructure(version.schema)]] : [])),
  );
}
const lines = (map: Readonly<Record<string, unknown>>): string =>
  `{\n${Object.entries(map)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(',\n')}\n}`;
for (const [group, { sources, kinds }] of groups) {
  const file = share(kinds);
  const source = [...sources].sort().join(', ');
  writeFileSync(
    join(folder, `${group}.json`),
    `{\n"source": ${JSON.stringify(source)},\n"shared": ${lines(file.shared)},\n"kinds": ${lines(file.kinds)}\n}\n`,
  );
}
writeFileSync(
  join(folder, 'index.json'),
  `${lines(Object.fromEntries([...groups].map(([group, { sources }]) => [group, [...sources].sort().join(', ')])))}\n`,
);
console.log(`${groups.size} groups`);
