import { type Dialect, Field, type Part } from '#spelling/field.ts';
import { Call, Expression, parseTemplate } from '#syntax/hcl.ts';
import { settleIn } from '#syntax/graft.ts';
import type { Tree } from '#syntax/tree.ts';
import type { Frame } from './evaluate.ts';

/** The parts from which a string is composed: a template, also in a file, `format` with plain verbs, `join`. */
export function partsOf(value: unknown, tree: Tree, frame: Frame): readonly Part[] | undefined {
  if (!(value instanceof Call)) return undefined;
  const args = value.args.map((_, index) => Field.of(frame.dialect, tree, value.args, index));
  const [first, second] = args;
  if (value.name === '"') return args;
  if (value.name === 'templatefile' || value.name === 'templatestring') return first && rendered(value, args, frame);
  if (value.name === 'format' && typeof first?.value === 'string') {
    const texts = first.value.split(/%[svd]/);
    if (texts.length !== args.length || texts.some((text) => text.includes('%'))) return undefined;
    return texts.flatMap((text, index) => [text, ...(args[index + 1] ? [args[index + 1] as Field] : [])]);
  }
  const separator = first?.value;
  if (
    value.name === 'join' &&
    typeof separator === 'string' &&
    second &&
    second.why === undefined &&
    second.rest === undefined
  )
    return second.items().flatMap((item, index) => (index === 0 ? [item] : [separator, item]));
  return undefined;
}

/** The templates that calls read. */
const templates = new WeakMap<Call, { readonly text: string; readonly read: unknown }>();

/** The parts of a template with the names that a call gives it. */
function rendered(call: Call, [first, names]: readonly Field[], frame: Frame): readonly Part[] | undefined {
  const value = first?.value;
  const text = typeof value !== 'string' ? undefined : call.name === 'templatefile' ? frame.file(value) : value;
  if (!first || !names || text === undefined) return undefined;
  const known = templates.get(call);
  const read = known?.text === text ? known.read : parseTemplate(text);
  templates.set(call, { text, read });
  if (typeof read === 'string') return [read];
  if (!(read instanceof Call) || read.name !== '"' || !frame.work.spend(read.args.length)) return undefined;
  // All of it is written where the template is called.
  settleIn(read.args, first.tree, { tree: first.tree, on: call.args, key: 0 });
  const { dialect } = frame.only(new Map(names.entries()));
  return read.args.map((_, index) => Field.of(dialect, first.tree, read.args, index));
}

/** A computed key, which the parser keeps in parentheses: `("${local.issuer}:sub")`. */
export function partsOfKey(key: string, tree: Tree, dialect: Dialect): readonly Part[] | undefined {
  const inner = /^\((.*)\)$/s.exec(key)?.[1]?.trim();
  if (inner === undefined) return undefined;
  const read = parseTemplate(`\${${inner}}`) ?? new Expression(inner);
  return [typeof read === 'string' ? read : Field.of(dialect, tree, [read], 0)];
}
