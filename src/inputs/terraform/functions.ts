import type { Field } from '#spelling/field.ts';
import { mixedList, type Resolved } from '#spelling/field.ts';
import { isRecord, table } from '#model/shape.ts';
import type { Source } from '#syntax/tree.ts';
import { Path } from '#syntax/hcl.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';
import { host, netmask, subnet } from './cidr.ts';
import {
  arrayOf,
  asSet,
  assumingOf,
  boolOf,
  equal,
  integerOf,
  isSet,
  listOf,
  mapOf,
  numberOf,
  plainOf,
  Refused,
  sameAs,
  stringOf,
  textOf,
} from './plain.ts';
import { format, groupsOf, joined, jsonOf, parsedInt, patternOf, replaced } from './text-functions.ts';
import { mostItems, mostText, tooLong, tooMany, tooMuch, type Work } from './work.ts';

/*
 * The Terraform functions that depend only on their arguments (Terraform Language, Functions). Functions on collections
 * keep what is known: `concat(a, var.b)` contains the items of `a`.
 */

/** What a function may need in addition to its arguments. */
export interface Kit {
  /** The call, for messages. */
  readonly text: string;
  readonly work: Work;
  /** The text of a file of the workspace. */
  readonly file: (path: string) => string | undefined;
  /** Renders a template with these names. */
  readonly render: (template: string, names: Field) => Resolved | undefined;
}
/** Undefined: unknown. */
type Fn = (args: readonly Field[], kit: Kit) => Resolved | undefined;

/** A function of fully known values. Undefined: the function is not evaluated for these. */
const pure =
  (make: (args: readonly unknown[], kit: Kit) => unknown): Fn =>
  (fields, kit) => {
    const args: unknown[] = [];
    for (const field of fields) {
      const plain = plainOf(field, kit.work);
      if ('why' in plain) return plain;
      args.push(plain.value);
    }
    try {
      const value = make(args, kit);
      if (typeof value === 'string' && value.length > mostText) return { why: tooLong(kit.text) };
      if (Array.isArray(value) && value.length > mostItems) return { why: tooMany(kit.text) };
      return value === undefined ? undefined : { value, assuming: assumingOf(fields) };
    } catch (error) {
      if (error instanceof Refused)
        return { why: `Terraform rejects ${kit.text.slice(0, 60)}: ${error.message}`, fails: true };
      throw error;
    }
  };
const ofText = (make: (text: string, ...rest: unknown[]) => unknown): Fn =>
  pure(([text, ...rest]) => make(stringOf(text), ...rest));
const ofNumbers = (make: (...numbers: number[]) => number): Fn =>
  pure((args) => make(...args.flatMap((one) => (Array.isArray(one) ? one : [one])).map(numberOf)));

/** The known part of a list, and what may contain more. */
interface Parts {
  readonly items: readonly Field[];
  readonly rest: readonly Field[];
}
function partsOf(lists: readonly Field[]): Parts | undefined {
  const items: Field[] = [];
  const rest: Field[] = [];
  for (const list of lists) {
    if (list.why !== undefined) rest.push(list);
    else if (!Array.isArray(list.value)) return undefined;
    else {
      items.push(...list.items());
      if (list.rest !== undefined) rest.push(list);
    }
  }
  return { items, rest };
}
/** The state of the first unknown field; an expression that Terraform rejects is passed on to `try`. */
const unknownAmong = (fields: readonly Field[]): Resolved | undefined => {
  const field = fields.find(({ why }) => why !== undefined);
  return field?.why === undefined ? undefined : { why: field.why, fails: field.fails };
};
/** The same for fields of which not even a part may be unknown. */
const partlyUnknown = (fields: readonly Field[]): Resolved | undefined => {
  const why = fields.find(({ rest }) => rest !== undefined)?.rest;
  return unknownAmong(fields) ?? (why === undefined ? undefined : { why });
};
const unlessAllUnknown = ({ items, rest }: Parts, from: readonly Field[], kit: Kit): Resolved | undefined =>
  items.length > mostItems
    ? { why: tooMany(kit.text) }
    : items.length === 0 && rest.length > 0
      ? (unknownAmong(rest) ?? listOf(items, rest, from))
      : listOf(items, rest, from);

/** A function of the items of lists. `known`: it only has a result if all of them are known. */
const overItems =
  (make: (parts: Parts, args: readonly Field[], kit: Kit) => Parts | undefined, count = 1, known = false): Fn =>
  (args, kit) => {
    const lists = count === 0 ? args : args.slice(0, count);
    const parts = partsOf(lists);
    if (!parts) return undefined;
    const unknown = known ? partlyUnknown(parts.rest) : undefined;
    if (unknown) return unknown;
    const made = make(parts, args, kit);
    return made && unlessAllUnknown(made, args, kit);
  };

/** Distinct items; unknown ones are kept. */
function distinct(items: readonly Field[], { work }: Kit): Field[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const plain = plainOf(item, work);
    if ('why' in plain) return true;
    const key = jsonOf(plain.value);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
/** Sets are kept sorted: a `for` visits them in that order. */
const inOrder = (items: readonly Field[]): Field[] =>
  [...items].sort((a, b) => {
    const [x, y] = [textOf(a.value) ?? '', textOf(b.value) ?? ''];
    return x < y ? -1 : x > y ? 1 : 0;
  });
const setOf = (items: readonly Field[], rest: readonly Field[], from: readonly Field[], kit: Kit): Resolved => ({
  value: asSet(mixedList(inOrder(distinct(items, kit)), rest)),
  assuming: assumingOf(from),
});

/** Lists inside lists, at any depth. */
function flat(field: Field, into: { items: Field[]; rest: Field[] }, work: Work): void {
  if (into.items.length > mostItems) return;
  if (!work.spend(1)) into.rest.push(field.doubted(tooMuch));
  else if (Array.isArray(field.value)) {
    if (field.rest !== undefined) into.rest.push(field);
    for (const item of field.items()) flat(item, into, work);
  } else into.items.push(field);
}

/** The keys that a map may have, whichever of several it is; undefined if one of them is unknown. */
function keysIn(map: Field): ReadonlySet<string> | undefined {
  if (map.rest !== undefined) return undefined;
  if (map.map) return new Set([...map.entries()].map(([key]) => key));
  const outcomes = map.candidates.map(keysIn);
  if (map.why === undefined || outcomes.length === 0) return map.value === null ? new Set() : undefined;
  return outcomes.every((one) => one !== undefined) ? new Set(outcomes.flatMap((one) => [...one])) : undefined;
}

/** An unknown map may replace the entries of those before it. */
function merge(maps: readonly Field[], kit: Kit): Resolved | undefined {
  const entries = new Map<string, Field>();
  const rest: Field[] = [];
  for (const map of maps) {
    const why = map.why ?? map.rest;
    if (why !== undefined) {
      rest.push(map);
      const keys = keysIn(map);
      for (const [key, field] of entries) if (keys?.has(key) ?? true) entries.set(key, field.doubted(why));
    } else if (map.written && !map.map) return undefined;
    for (const [key, field] of map.entries()) entries.set(key, field);
  }
  if (entries.size > mostItems) return { why: tooMany(kit.text) };
  return entries.size === 0 && rest.length > 0
    ? (unknownAmong(rest) ?? mapOf(entries, rest, maps))
    : mapOf(entries, rest, maps);
}

/** A value that AWS assigns to a resource: a non-empty string, whatever its content. */
const isGiven = ({ found }: Field): boolean =>
  found instanceof Path &&
  typeof found.base === 'string' &&
  found.base.includes('_') &&
  /^(?:id|arn)$/.test(String(found.steps.at(-1)));

/** The first value that passes a test; an unknown one that may pass ends the search. */
const firstOf =
  (takes: (field: Field) => boolean): Fn =>
  (args) => {
    const found = args.find((arg) => arg.why !== undefined || takes(arg));
    if (!found) return { why: 'Terraform rejects it: no argument has a value', fails: true };
    if (found.why === undefined || isGiven(found)) return sameAs(found);
    const [only, ...others] = args.slice(args.indexOf(found));
    return others.length === 0 && only ? sameAs(only) : { why: found.why, fails: found.fails };
  };

/** What a key or an index chooses. */
const chosen = (found: Field, by: Field): Resolved => ({
  ...sameAs(found),
  assuming: by.assuming ?? found.assuming,
});

const same: Fn = ([first]) => first && sameAs(first);
const converted = (convert: (value: unknown) => unknown): Fn =>
  pure(([value]) => (value === null ? null : convert(value)));

/** Words that kubectl reads as true and false, and Terraform as strings. */
const formerly = /(?:^|[\s:,[-])(?:y|n|yes|no|on|off)[ \t]*(?:[,\]}#\r\n]|$)/i;
/** One YAML or JSON value. */
function decoded(text: string): unknown {
  if (formerly.test(text)) return undefined;
  const source: Source = { id: '', path: '', text, target: false };
  const trees = splitDocuments(source).flatMap((segment) => parseYaml(segment));
  const [tree, ...others] = trees.filter(({ root }) => root !== undefined);
  if (!tree || others.length > 0 || tree.faults.length > 0 || tree.unknown !== undefined) return undefined;
  return tree.root;
}
/** Data from `JSON.parse`, as maps without a prototype. */
const bare = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(bare)
    : isRecord(value)
      ? Object.assign(
          Object.create(null),
          Object.fromEntries(Object.entries(value).map(([key, one]) => [key, bare(one)])),
        )
      : value;
function fromJson(text: string): unknown {
  try {
    return bare(JSON.parse(text) as unknown);
  } catch {
    throw new Refused('this is not JSON');
  }
}

/** A file of the workspace that a function names. */
const fromFile = (make: (text: string) => unknown): Fn =>
  pure(([path], kit) => {
    const text = kit.file(stringOf(path));
    return text === undefined ? undefined : make(text);
  });

function product(lists: readonly Field[], kit: Kit): Resolved | undefined {
  const all = lists.map((list) => list.items());
  const unknown = partlyUnknown(lists);
  if (unknown) return unknown;
  if (lists.some((list) => !Array.isArray(list.value))) return undefined;
  if (all.reduce((size, items) => size * items.length, 1) > mostItems) return { why: tooMany(kit.text) };
  const [first] = lists;
  if (!first) return undefined;
  const rows = all.reduce<Field[][]>(
    (sofar, items) => sofar.flatMap((row) => items.map((item) => [...row, item])),
    [[]],
  );
  return listOf(
    rows.map((row) => (row[0] ?? first).worth(mixedList(row))),
    [],
    lists,
  );
}

function range(numbers: readonly number[], kit: Kit): Resolved {
  const [start, end, given] =
    numbers.length === 1 ? [0, numbers[0] ?? 0, undefined] : [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2]];
  const step = given ?? (end < start ? -1 : 1);
  const count = step === 0 ? Infinity : Math.max(0, Math.ceil((end - start) / step));
  if (count > mostItems) return { why: tooMany(kit.text) };
  return { value: Array.from({ length: count }, (_, index) => start + index * step) };
}

/** An entry of a map or of a list by its key. */
function entryOf(collection: Field, key: unknown): Field | undefined {
  if (Array.isArray(collection.value)) return collection.items()[Number(textOf(key))];
  const name = textOf(key);
  return name !== undefined && collection.map && Object.hasOwn(collection.map, name) ? collection.get(name) : undefined;
}

/** Some items of a list, by whether other lists have them. Unknown items may be more of the same. */
const among =
  (keeps: (held: readonly boolean[]) => boolean): Fn =>
  ([first, ...others], kit) => {
    const parts = first && partsOf([first]);
    if (!first || !parts) return undefined;
    const lists: (readonly unknown[])[] = [];
    for (const other of others) {
      const plain = plainOf(other, kit.work);
      if ('why' in plain) return plain;
      if (!Array.isArray(plain.value)) return undefined;
      lists.push(plain.value as unknown[]);
    }
    const [items, rest] = [[] as Field[], [...parts.rest]];
    for (const item of parts.items) {
      const plain = plainOf(item, kit.work);
      if ('why' in plain) rest.push(item);
      else if (keeps(lists.map((list) => holds(list, plain.value)))) items.push(item);
    }
    return (items.length === 0 ? unknownAmong(rest) : undefined) ?? setOf(items, rest, [first, ...others], kit);
  };
const holds = (list: readonly unknown[], item: unknown): boolean => list.some((one) => equal(one, item));

const collections: Readonly<Record<string, Fn>> = table({
  concat: overItems((parts) => parts, 0),
  merge,
  flatten: ([list], kit) => {
    if (!list || list.why !== undefined) return list && unknownAmong([list]);
    const into = { items: [] as Field[], rest: [] as Field[] };
    flat(list, into, kit.work);
    // An unknown item may be a list.
    const isItem = (item: Field): boolean => item.why === undefined || isGiven(item);
    const unknown = into.items.filter((item) => !isItem(item));
    return unlessAllUnknown({ items: into.items.filter(isItem), rest: [...into.rest, ...unknown] }, [list], kit);
  },
  compact: overItems(({ items, rest }) => ({
    items: items.filter((item) => isGiven(item) || (item.why === undefined && !item.absent && item.value !== '')),
    rest: [...rest, ...items.filter((item) => item.why !== undefined && !isGiven(item))],
  })),
  distinct: overItems(({ items, rest }, _, kit) => ({ items: distinct(items, kit), rest })),
  sort: overItems(({ items, rest }) => ({ items: inOrder(items), rest })),
  reverse: overItems(({ items, rest }) => ({ items: items.toReversed(), rest })),
  slice: overItems(
    ({ items }, [, from, to]) => {
      const [start, end] = [from?.number().value, to?.number().value];
      return start === undefined || end === undefined ? undefined : { items: items.slice(start, end), rest: [] };
    },
    1,
    true,
  ),
  chunklist: overItems(
    ({ items }, [list, size]) => {
      const each = size?.number().value ?? 0;
      if (!Number.isInteger(each) || each <= 0 || !list) return undefined;
      const chunks = Array.from({ length: Math.ceil(items.length / each) }, (_, i) =>
        items.slice(i * each, (i + 1) * each),
      );
      return { items: chunks.map((chunk) => list.worth(mixedList(chunk))), rest: [] };
    },
    1,
    true,
  ),
  toset: ([list], kit) => {
    const parts = list && partsOf([list]);
    if (!list || !parts) return undefined;
    return list.why === undefined ? setOf(parts.items, parts.rest, [list], kit) : { why: list.why, fails: list.fails };
  },
  setunion: (lists, kit) => {
    const parts = partsOf(lists);
    const unknown = parts?.items.length === 0 ? unknownAmong(parts.rest) : undefined;
    return parts && (unknown ?? setOf(parts.items, parts.rest, lists, kit));
  },
  setintersection: among((held) => held.every(Boolean)),
  setsubtract: among((held) => !held.some(Boolean)),
  setproduct: product,
  keys: ([map]) => {
    if (!map?.map) return unknownAmong(map ? [map] : []);
    const keys = map.entries().sort(([a], [b]) => (a < b ? -1 : 1));
    return listOf(
      keys.map(([key, entry]) => entry.worth(key)),
      map.rest === undefined ? [] : [map],
      [map],
    );
  },
  values: ([map]) => {
    if (!map?.map) return unknownAmong(map ? [map] : []);
    const entries = map.entries().sort(([a], [b]) => (a < b ? -1 : 1));
    return listOf(
      entries.map(([, entry]) => entry),
      map.rest === undefined ? [] : [map],
      [map],
    );
  },
  zipmap: ([keys, values], kit) => {
    const unknown = unknownAmong([keys, values].filter((one) => one !== undefined));
    if (unknown || !keys || !values) return unknown;
    const names = plainOf(keys, kit.work);
    if ('why' in names) return names;
    const items = values.items();
    return mapOf(
      new Map(
        arrayOf(names.value).flatMap((name, index): [string, Field][] => {
          const item = items[index];
          return item ? [[stringOf(name), item]] : [];
        }),
      ),
      [],
      [keys, values],
    );
  },
  lookup: ([map, key, fallback]) => {
    if (!map || !key) return undefined;
    const unknown = unknownAmong([map, key]);
    if (unknown) {
      const all = map.why === undefined && map.rest === undefined ? map.entries().map(([, entry]) => entry) : [];
      const candidates = fallback ? [...all, fallback] : all;
      return all.length > 0 && key.why !== undefined ? { why: key.why, fails: key.fails, candidates } : unknown;
    }
    const found = entryOf(map, key.value);
    if (found) return chosen(found, key);
    if (map.rest !== undefined) return { why: map.rest };
    return fallback ? sameAs(fallback) : { why: `the map has no ${JSON.stringify(key.value)}`, fails: true };
  },
  element: ([list, index]) => {
    if (!list || !index) return undefined;
    const unknown = partlyUnknown([list]);
    if (unknown) return unknown;
    const items = list.items();
    const at = index.number().value;
    if (at === undefined)
      return { why: index.why ?? 'the index is not a number', fails: index.fails, candidates: items };
    const found = items.at(items.length > 0 ? at % items.length : 0);
    return found ? chosen(found, index) : { why: 'the list is empty', fails: true };
  },
  one: ([list]) => {
    if (!list) return undefined;
    const unknown = partlyUnknown([list]);
    if (unknown) return unknown;
    if (!Array.isArray(list.value)) return { why: 'it is not a list', fails: true };
    const [only, ...others] = list.items();
    if (others.length > 0) return { why: 'the list has more than one item', fails: true };
    return only ? sameAs(only) : { value: null };
  },
  length: ([list]) => {
    if (!list) return undefined;
    const unknown = partlyUnknown([list]);
    if (unknown) return unknown;
    const { value } = list;
    if (typeof value === 'string') return { value: [...value].length, assuming: list.assuming };
    if (typeof value !== 'object' || value === null) return { why: 'it has no length', fails: true };
    return { value: Object.keys(value).length, assuming: list.assuming };
  },
  contains: ([list, item], kit) => {
    if (!list || !item) return undefined;
    const [parts, wanted] = [partsOf([list]), plainOf(item, kit.work)];
    if (!parts || 'why' in wanted) return 'why' in wanted ? wanted : undefined;
    const known = parts.items.map((one) => plainOf(one, kit.work));
    const assuming = assumingOf([list, item]);
    if (known.some((one) => 'value' in one && equal(one.value, wanted.value))) return { value: true, assuming };
    return unknownAmong(parts.items) ?? partlyUnknown(parts.rest) ?? { value: false, assuming };
  },
  coalesce: firstOf((field) => !field.absent && field.value !== ''),
  coalescelist: firstOf((field) => Array.isArray(field.value) && field.value.length > 0),
  try: (args) => {
    for (const arg of args) if (!arg.fails) return sameAs(arg);
    return { why: 'Terraform rejects it: no argument is valid', fails: true };
  },
  can: ([arg]) =>
    arg &&
    (arg.fails ? { value: false } : arg.why === undefined ? { value: true, assuming: arg.assuming } : { why: arg.why }),
  tolist: ([list]) => {
    const parts = list && partsOf([list]);
    if (!list || !parts || !isSet(list.value)) return list && sameAs(list);
    return listOf(parts.items, parts.rest, [list]);
  },
  tomap: same,
  // Of modules that Terraform before 1.0 runs (Terraform documentation, list Function).
  list: (args) => listOf(args, [], args),
  sensitive: same,
  nonsensitive: same,
  ephemeralasnull: ([first]) => first && { value: null },
  matchkeys: pure(([values, keys, wanted]) =>
    arrayOf(values).filter((_, index) => holds(arrayOf(wanted), arrayOf(keys)[index])),
  ),
  index: pure(([list, item]) => {
    const at = arrayOf(list).findIndex((one) => equal(one, item));
    if (at < 0) throw new Refused('the list has no such item');
    return at;
  }),
  transpose: pure(([map]) => {
    const turned = Object.create(null) as Record<string, string[]>;
    for (const [key, names] of Object.entries(isRecord(map) ? map : {}))
      for (const name of arrayOf(names)) (turned[stringOf(name)] ??= []).push(key);
    return turned;
  }),
  alltrue: pure(([list]) => arrayOf(list).every(boolOf)),
  anytrue: pure(([list]) => arrayOf(list).some(boolOf)),
  sum: ofNumbers((...numbers) => numbers.reduce((total, one) => total + one, 0)),
  range: (args, kit) => {
    const numbers = args.map((one) => plainOf(one, kit.work));
    const unknown = numbers.find((one) => 'why' in one);
    return unknown && 'why' in unknown
      ? unknown
      : range(
          numbers.map((one) => ('value' in one ? numberOf(one.value) : 0)),
          kit,
        );
  },
});

const joinAll = pure(([separator, ...lists]) => joined(stringOf(separator), lists.flatMap(arrayOf)));

const texts: Readonly<Record<string, Fn>> = table({
  join: (args, kit) => {
    const [separator, list, ...others] = args;
    const [only, ...rest] = list && Array.isArray(list.value) && list.rest === undefined ? list.items() : [];
    // A single item is the string itself, and keeps its reference: `join("", aws_iam_role.x[*].name)`.
    const isText = only && (only.why !== undefined || typeof only.value === 'string');
    if (isText && rest.length === 0 && others.length === 0 && separator?.why === undefined) return sameAs(only);
    return joinAll(args, kit);
  },
  split: pure(([separator, text]) => stringOf(text).split(stringOf(separator))),
  format: pure(([pattern, ...values]) => format(stringOf(pattern), values)),
  formatlist: pure(([pattern, ...values]) => {
    const length = Math.max(0, ...values.map((one) => (Array.isArray(one) ? one.length : 1)));
    const rows = Array.from({ length }, (_, index) =>
      format(
        stringOf(pattern),
        values.map((one) => (Array.isArray(one) ? (one as unknown[])[index] : one)),
      ),
    );
    return rows.includes(undefined) ? undefined : rows;
  }),
  replace: ofText((text, search, by) => replaced(text, stringOf(search), stringOf(by))),
  regex: pure(([pattern, text]) => {
    const found = patternOf(stringOf(pattern), stringOf(text));
    const match = found?.exec(stringOf(text));
    if (match === null) throw new Refused('nothing matches');
    return match && groupsOf(match);
  }),
  regexall: pure(([pattern, text]) => {
    const found = patternOf(stringOf(pattern), stringOf(text), 'g');
    return found && [...stringOf(text).matchAll(found)].map(groupsOf);
  }),
  substr: ofText((text, from, length) => {
    const start = numberOf(from) < 0 ? text.length + numberOf(from) : numberOf(from);
    return text.slice(start, numberOf(length) < 0 ? undefined : start + numberOf(length));
  }),
  trim: ofText((text, marks) => {
    const cut = new Set(stringOf(marks));
    let [start, end] = [0, text.length];
    while (start < end && cut.has(text[start] ?? '')) start++;
    while (end > start && cut.has(text[end - 1] ?? '')) end--;
    return text.slice(start, end);
  }),
  trimprefix: ofText((text, prefix) =>
    text.startsWith(stringOf(prefix)) ? text.slice(stringOf(prefix).length) : text,
  ),
  trimsuffix: ofText((text, suffix) =>
    stringOf(suffix) !== '' && text.endsWith(stringOf(suffix)) ? text.slice(0, -stringOf(suffix).length) : text,
  ),
  trimspace: ofText((text) => text.trim()),
  chomp: ofText((text) => text.replace(/[\r\n]+$/, '')),
  indent: pure(([spaces, text]) =>
    stringOf(text).replace(/\n/g, `\n${' '.repeat(Math.max(0, Math.min(integerOf(spaces), 100)))}`),
  ),
  lower: ofText((text) => text.toLowerCase()),
  upper: ofText((text) => text.toUpperCase()),
  title: ofText((text) =>
    text.replace(/(^|[^\p{L}\p{N}_'])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase()),
  ),
  strrev: ofText((text) => [...text].toReversed().join('')),
  startswith: ofText((text, prefix) => text.startsWith(stringOf(prefix))),
  endswith: ofText((text, suffix) => text.endsWith(stringOf(suffix))),
  strcontains: ofText((text, part) => text.includes(stringOf(part))),
  basename: ofText((path) => path.replace(/\/+$/, '').replace(/^.*\//, '')),
  dirname: ofText((path) => (path.includes('/') ? path.replace(/\/[^/]*$/, '') : '.')),
  abspath: same,
  base64encode: ofText((text) => Buffer.from(text).toString('base64')),
  base64decode: ofText((text) => Buffer.from(text, 'base64').toString()),
  urlencode: ofText((text) => encodeURIComponent(text).replace(/%20/g, '+')),
  jsonencode: pure(([value]) => jsonOf(value)),
  // JSON is YAML.
  yamlencode: pure(([value]) => jsonOf(value)),
  jsondecode: ofText(fromJson),
  yamldecode: ofText(decoded),
  file: fromFile((text) => text),
  filebase64: fromFile((text) => Buffer.from(text).toString('base64')),
  templatestring: ([text, names], kit) =>
    text && names && typeof text.value === 'string' ? kit.render(text.value, names) : unknownAmong(text ? [text] : []),
  templatefile: ([path, names], kit) => {
    const text = path && typeof path.value === 'string' ? kit.file(path.value) : undefined;
    return text === undefined || !names ? unknownAmong(path ? [path] : []) : kit.render(text, names);
  },
  cidrsubnet: ofText((text, more, number) => subnet(text, integerOf(more), integerOf(number))),
  cidrsubnets: ofText((text, ...more) => subnetsOf(text, more.map(integerOf))),
  cidrhost: ofText((text, number) => host(text, integerOf(number))),
  cidrnetmask: ofText((text) => netmask(text)),
});

/** Consecutive blocks, each of the requested size. */
function subnetsOf(text: string, more: readonly number[]): string[] | undefined {
  // Blocks of one size are the numbered subnets; others start at the next multiple of their own size.
  let used = 0;
  const most = Math.max(0, ...more);
  if (most > 30) return undefined;
  return more.map((bits) => {
    const size = 2 ** (most - bits);
    const number = Math.ceil(used / size);
    used = (number + 1) * size;
    return subnet(text, bits, number);
  });
}

const numbers: Readonly<Record<string, Fn>> = table({
  min: ofNumbers(Math.min),
  max: ofNumbers(Math.max),
  abs: ofNumbers(Math.abs),
  ceil: ofNumbers(Math.ceil),
  floor: ofNumbers(Math.floor),
  signum: ofNumbers(Math.sign),
  pow: ofNumbers((base = 0, exponent = 0) => base ** exponent),
  log: ofNumbers((number = 0, base = 10) => Math.log(number) / Math.log(base)),
  parseint: ofText((text, base) => parsedInt(text, integerOf(base))),
  tonumber: converted(numberOf),
  tobool: converted(boolOf),
  tostring: converted(stringOf),
});

const functions = new Map<string, Fn>(Object.entries({ ...collections, ...texts, ...numbers }));

/** The result of a call; undefined for a function that is not evaluated. */
export function callFunction(name: string, args: readonly Field[], kit: Kit): Resolved | undefined {
  return functions.get(name.replace(/^core::/, ''))?.(args, kit);
}
