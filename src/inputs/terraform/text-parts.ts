import { type Dialect, Field, type Part } from '#spelling/field.ts';
import { Call, Expression, parseTemplate } from '#syntax/hcl.ts';
import type { Tree } from '#syntax/tree.ts';

/** The parts from which a string is composed: a template, `format` with plain verbs, `join`. */
export function partsOf(value: unknown, tree: Tree, dialect: Dialect): readonly Part[] | undefined {
  if (!(value instanceof Call)) return undefined;
  const args = value.args.map((_, index) => Field.of(dialect, tree, value.args, index));
  const [first, second] = args;
  if (value.name === '"') return args;
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

/** A computed key, which the parser keeps in parentheses: `("${local.issuer}:sub")`. */
export function partsOfKey(key: string, tree: Tree, dialect: Dialect): readonly Part[] | undefined {
  const inner = /^\((.*)\)$/s.exec(key)?.[1]?.trim();
  if (inner === undefined) return undefined;
  const read = parseTemplate(`\${${inner}}`) ?? new Expression(inner);
  return [typeof read === 'string' ? read : Field.of(dialect, tree, [read], 0)];
}
