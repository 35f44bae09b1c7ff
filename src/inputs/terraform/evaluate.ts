import { hiddenBy } from '#model/hidden.ts';
import { type Dialect, Field, isMixed, mixedMap, type Place, type Resolved } from '#spelling/field.ts';
import { Call, computedKeys, Expression, For, parseTemplate, Path, type Step } from '#syntax/hcl.ts';
import { originOf, settleIn } from '#syntax/graft.ts';
import { callFunction } from './functions.ts';
import { operate } from './operators.ts';
import { assumingOf, boolOf, elementsOf, isSet, listOf, mapOf, textOf } from './plain.ts';
import { mostItems, mostText, short, tooLong, tooMany, tooFar, tooMuch, type Work } from './work.ts';

/* The value of an expression, as far as the files define it. */

/** What the first names of a path refer to. `steps` is how many of them were used. */
export type Start = Resolved & { readonly steps: number };

/** The scope in which an expression is evaluated: the names that it may use. */
export interface Frame {
  readonly dialect: Dialect;
  readonly work: Work;
  /** Values of expressions that were computed here. */
  readonly known: WeakMap<object, Resolved>;
  /** The value of a name that the files define, or that the context of the expression provides. */
  find(path: Path, place?: Place): Start;
  /** The same with more names: those of a `for`, of `each`, of a dynamic block. */
  with(names: ReadonlyMap<string, Field>): Frame;
  /** With only these names, as in a template. */
  only(names: ReadonlyMap<string, Field>): Frame;
  /** An index as a string; undefined if unknown. */
  index(value: unknown): string | undefined;
  /** The text of a file of the workspace. */
  file(path: string): string | undefined;
}

/** The value that a reference stands for; undefined for a value itself. */
export function evaluate(value: unknown, place: Place, frame: Frame): Resolved | undefined {
  if (typeof value !== 'object' || value === null) return fromJson(value, place, frame);
  if (!(value instanceof Expression)) return withKeys(value, place, frame);
  return frame.work.run((isWhole) => {
    // An argument is read again and again, and so is a name that others are composed of.
    const known = frame.known.get(value);
    if (known) return known;
    const { cuts } = frame.work;
    const made: Resolved = frame.work.spend(1) ? work(value, place, frame) : { why: tooMuch };
    if ('value' in made && !isMixed(made.value)) settleIn(made.value, place.tree, place);
    if (!isWhole) {
      if (frame.work.cuts === cuts) frame.known.set(value, made);
      return made;
    }
    const why = 'field' in made ? made.field.why : 'why' in made ? made.why : undefined;
    const told = why === tooMuch ? { why: tooFar(value.text) } : made;
    frame.known.set(value, told);
    return told;
  });
}

/**
 * A string in the JSON syntax is a template; a single hole is the expression itself (Terraform Language, JSON
 * Configuration Syntax).
 */
function fromJson(value: unknown, place: Place, frame: Frame): Resolved | undefined {
  if (typeof value !== 'string' || !/[$%]\{/.test(value)) return undefined;
  const { on, key } = place;
  // An override file may use the other syntax.
  const { tree } = originOf(place.tree, on, key);
  if (tree.language !== 'yaml') return undefined;
  if (tree.source.path.endsWith('.tfvars.json')) return undefined;
  const read = parseTemplate(value);
  if (read === undefined) return { why: hiddenBy(value) };
  if (typeof read !== 'object' || read === null) return { value: read };
  const holder = { read };
  settleIn(holder, tree, { tree, on, key });
  return { field: Field.of(frame.dialect, tree, holder, 'read') };
}

/**
 * A map some of whose keys are expressions. An unknown key is represented by its own text: its content exists, under
 * whatever name.
 */
function withKeys(map: object, { tree }: Place, frame: Frame): Resolved | undefined {
  const keys = computedKeys(map);
  if (!keys) return undefined;
  const entries = new Map<string, Field>();
  const from: Field[] = [];
  for (const name of Object.keys(map)) {
    const written = keys.get(name);
    const key = written === undefined ? undefined : Field.of(frame.dialect, tree, [written], 0);
    if (key) from.push(key);
    entries.set(textOf(key?.value) ?? name, Field.of(frame.dialect, tree, map, name));
  }
  return mapOf(entries, [], from);
}

function work(value: Expression, place: Place, frame: Frame): Resolved {
  if (value instanceof Path) return follow(value, place, frame);
  if (value instanceof For) return repeat(value, place, frame);
  if (!(value instanceof Call)) return { why: hiddenBy(value.text) };
  const args = value.args.map((_, index) => Field.of(frame.dialect, place.tree, value.args, index));
  switch (value.name) {
    case '?':
    case '%if':
      return choose(args);
    case '"':
      return write(value, args);
    default:
      return (
        operate(value.name, args, frame.work) ??
        call(value, args, place, frame) ?? {
          why: args.find(({ why }) => why !== undefined)?.why ?? hiddenBy(value.text),
        }
      );
  }
}

/** One of the two, if it is unknown which. */
function choose([condition, yes, no]: readonly Field[]): Resolved {
  if (!condition || !yes || !no) return { why: 'it is not a condition' };
  const { value } = condition.bool();
  if (value === undefined)
    return {
      why: condition.why ?? hiddenBy(condition.raw instanceof Expression ? condition.raw.text : 'a condition'),
      fails: condition.fails,
      candidates: [yes, no],
    };
  const taken = value ? yes : no;
  return { field: taken, assuming: condition.assuming ?? taken.assuming };
}

/** A string with holes. */
function write({ text }: Call, args: readonly Field[]): Resolved {
  let made = '';
  for (const arg of args) {
    const part = textOf(arg.value);
    if (part === undefined)
      return arg.why === undefined
        ? { why: 'a string cannot contain null, a list or a map', fails: true }
        : { why: arg.why, fails: arg.fails };
    made += part;
    if (made.length > mostText) return { why: tooLong(text) };
  }
  return { value: made, assuming: assumingOf(args) };
}

function call(value: Call, args: readonly Field[], { tree }: Place, frame: Frame): Resolved | undefined {
  const last = value.args.at(-1);
  const spread = last instanceof Call && last.name === '...' ? Field.of(frame.dialect, tree, last.args, 0) : undefined;
  if (spread && (spread.why !== undefined || spread.rest !== undefined))
    return { why: spread.why ?? spread.rest ?? hiddenBy(value.text), fails: spread.fails };
  const given = spread ? [...args.slice(0, -1), ...spread.items()] : args;
  // Most functions visit each item.
  const size = given.reduce(
    (sum, { value: one }) => sum + (typeof one === 'object' && one !== null ? Object.keys(one).length : 1),
    0,
  );
  if (!frame.work.spend(size)) return { why: tooMuch };
  return callFunction(value.name, given, {
    text: value.text,
    work: frame.work,
    file: (path) => frame.file(path),
    render: (template, names) => {
      const read = parseTemplate(template);
      if (read === undefined) return undefined;
      if (typeof read !== 'object' || read === null) return { value: textOf(read) };
      if (names.why !== undefined) return { why: names.why };
      const inner = frame.only(new Map(names.entries()));
      const { value: text, why, fails, assuming } = Field.of(inner.dialect, tree, { read }, 'read');
      return why === undefined ? { value: textOf(text), assuming } : { why, fails };
    },
  });
}

/** What a path leads to. */
function follow(path: Path, place: Place, frame: Frame): Resolved {
  const { base, steps } = path;
  if (typeof base !== 'string') return walk(Field.of(frame.dialect, place.tree, path, 'base'), steps, frame, path);
  const start = frame.find(path, place);
  if (!('field' in start)) return start;
  const { field, moved } = start;
  const found = walk(field, steps.slice(start.steps), frame, path);
  return 'field' in found ? { ...found, moved: moved === true, assuming: start.assuming ?? found.assuming } : found;
}

/** Applies attributes, indexes and splats to the value at a location. */
export function walk(from: Field, steps: readonly Step[], frame: Frame, path: Path): Resolved {
  let field = from;
  let assuming: string | undefined;
  for (const [index, step] of steps.entries()) {
    if (field.why !== undefined && field.candidates.length === 0) {
      const inside = insideBlock(field, steps.slice(index));
      return { field: inside ?? field, assuming: assuming ?? inside?.assuming };
    }
    if (typeof step === 'object' && 'each' in step) return splat(field, step.each, steps.slice(index + 1), frame, path);
    const key = typeof step === 'string' ? step : Field.of(frame.dialect, field.tree, [step.at], 0);
    if (typeof key !== 'string' && key.why !== undefined) {
      const all = field.rest === undefined ? (elementsOf(field)?.map(({ value }) => value) ?? []) : [];
      const rest = steps.slice(index + 1);
      // Each may lead on: `local.environments[terraform.workspace].version`.
      const found = all.map((one) => (frame.work.spend(1) ? walk(one, rest, frame, path) : undefined));
      const candidates = found.flatMap((one) => (one && 'field' in one ? one.field : []));
      const areAll = all.length > 0 && candidates.length === all.length;
      return { why: key.why, fails: key.fails, ...(areAll ? { candidates } : {}) };
    }
    const next = entryOf(field, typeof key === 'string' ? key : key.value);
    if (!next) {
      if (field.why !== undefined || field.rest !== undefined) return { why: field.why ?? field.rest ?? '' };
      return { why: `${short(path.text)} does not exist`, fails: true };
    }
    field = next;
    assuming ??= typeof key === 'string' ? undefined : key.assuming;
  }
  return { field, assuming: assuming ?? field.assuming };
}

/**
 * What a whole block exposes that was passed on under another name: `var.vpc.id` for a call with `vpc = aws_vpc.main`,
 * or `module.network.inner.vpc_id` for an output that is `module.vpc`.
 */
function insideBlock(field: Field, steps: readonly Step[]): Field | undefined {
  const { found } = field;
  if (!(found instanceof Path) || typeof found.base !== 'string') return undefined;
  const names = found.base === 'data' ? 2 : 1;
  const isNamed = found.base === 'module' || found.base === 'data' || found.base.includes('_');
  const isWhole =
    found.steps.length >= names &&
    found.steps.every((step, at) => (at < names ? typeof step === 'string' : typeof step === 'object' && 'at' in step));
  const rest = steps.filter((step) => typeof step === 'string');
  if (!isNamed || !isWhole || rest.length !== steps.length) return undefined;
  const holder = [new Path([found.text, ...rest].join('.'), found.base, [...found.steps, ...steps])];
  // It is written where the block is passed on.
  const { tree, on, key } = field.source;
  settleIn(holder, tree, { tree, on, ...(key === undefined ? {} : { key }) });
  return field.within(holder, 0);
}

/** An entry; undefined if there is none. A block that is written once is a list of one. */
function entryOf(field: Field, key: unknown): Field | undefined {
  const name = textOf(key);
  if (Array.isArray(field.value)) return isSet(field.value) ? undefined : field.items()[Number(name)];
  if (name === undefined) return undefined;
  if (field.why !== undefined) return field.get(name);
  if (!field.map) return undefined;
  if (!Object.hasOwn(field.map, name)) {
    const entry = field.get(name);
    if (!entry.absent) return entry;
    return key === 0 ? field : undefined;
  }
  return field.get(name);
}

function splat(field: Field, each: readonly Step[], rest: readonly Step[], frame: Frame, path: Path): Resolved {
  if (field.why !== undefined) return { why: field.why, fails: field.fails };
  const items = Array.isArray(field.value) ? field.items() : field.absent ? [] : [field];
  if (!frame.work.spend(items.length)) return { why: tooMuch };
  const made: Field[] = [];
  for (const item of items) {
    const one = walk(item, each, frame, path);
    if ('field' in one) made.push(one.field);
    else if ('why' in one && one.fails === true) return one;
    else made.push(item.doubted('why' in one ? one.why : hiddenBy(path.text)));
  }
  const list = listOf(made, field.rest === undefined ? [] : [field], [field]);
  if (rest.length === 0 || !('value' in list)) return list;
  return walk(field.worth(list.value), rest, frame, path);
}

/** A `for` expression, item by item. An unknown item leaves the others known. */
function repeat(value: For, { tree }: Place, frame: Frame): Resolved {
  const { args, names, made, grouped, text } = value;
  const over = Field.of(frame.dialect, tree, args, 0);
  if (over.why !== undefined) return { why: over.why, fails: over.fails };
  const elements = elementsOf(over);
  if (!elements) return { why: `${short(text)} needs a list or a map to iterate over`, fails: true };
  if (elements.length > mostItems) return { why: tooMany(text) };
  if (!frame.work.spend(elements.length)) return { why: tooMuch };
  const rest: Field[] = over.rest === undefined ? [] : [over];
  const items: Field[] = [];
  const entries = new Map<string, Field[]>();
  const [first = '', second] = names;
  for (const { key, value: item } of elements) {
    const named =
      second === undefined
        ? new Map([[first, item]])
        : new Map([
            [first, key],
            [second, item],
          ]);
    const inner = frame.with(named);
    const one = (index: number): Field => Field.of(inner.dialect, tree, args, index);
    const condition = one(2);
    if (condition.why !== undefined) rest.push(condition);
    else if (condition.bool().value !== undefined && boolOf(condition.value)) {
      const name = made === 'map' ? one(3) : undefined;
      const key = textOf(name?.value);
      if (name?.why !== undefined) rest.push(name);
      else if (made !== 'map') items.push(one(1));
      else if (key !== undefined) entries.set(key, [...(grouped ? (entries.get(key) ?? []) : []), one(1)]);
    }
    if (items.length > mostItems) return { why: tooMany(text) };
  }
  if (made === 'text') {
    const [unknown] = rest;
    if (unknown) return { why: unknown.why ?? unknown.rest ?? hiddenBy(text) };
    return write(value, items);
  }
  if (made === 'list') return listOf(items, rest, [over]);
  const map = new Map<string, Field>();
  for (const [key, values] of entries) {
    const [only] = values;
    if (only) map.set(key, grouped ? only.worth(listValue(values)) : only);
  }
  return mapOf(map, rest, [over]);
}
const listValue = (fields: readonly Field[]): unknown => {
  const list = listOf(fields);
  return 'value' in list ? list.value : undefined;
};

/** A name with parts: `each.key`, `count.index`. */
export const named = (at: Field, parts: Readonly<Record<string, Field>>): Field =>
  at.worth(mixedMap(new Map(Object.entries(parts))));
