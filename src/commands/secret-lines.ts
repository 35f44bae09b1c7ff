import { isSensitive, looksSecret, sensitiveParts } from '#engine/found.ts';
import { isRecord } from '#model/shape.ts';
import { Expression } from '#syntax/expression.ts';
import { parseAll } from '#syntax/parse.ts';
import { spans, type Tree } from '#syntax/tree.ts';
import { lineFinder, linesOf } from './git-lines.ts';

/** Helm values and literals of generators, which findings do not point at. */
const generated = new Set(['valuesInline', 'valuesObject', 'literals']);
/** Whether any value below a key may be a secret. Parameters of a StorageClass are not, and a fix may change them. */
const isHolder = (key: string, value: unknown, isTop: boolean): boolean => {
  if (key === 'parameters') return false;
  // A list of `values` belongs to a selector or filter; `data` of Terraform is what it looks up.
  if (isTop || (key === 'values' && Array.isArray(value))) return false;
  return sensitiveParts.has(key) || generated.has(key);
};

/**
 * The lines of a text, from 0, that contain a value that only its place shows to be a possible secret: what a Secret
 * or an `env` holds, all of a scalar with several lines, the default of a sensitive variable of Terraform.
 */
export async function secretLines(source: string, text: string): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  const { trees } = await parseAll([{ id: source, path: source, text, target: true }], () => true);
  const { lineAt } = lineFinder(linesOf(text));
  const hide = (start: number, end: number): void => {
    for (let line = lineAt(start), last = lineAt(end); line <= last; line++) found.add(line);
  };
  for (const tree of trees) if (typeof tree.root === 'object' && tree.root !== null) hideIn(tree, text, hide);
  return found;
}

function hideIn(tree: Tree, text: string, hide: (start: number, end: number) => void): void {
  const isHcl = tree.language === 'hcl';
  /** Containers that were visited, and whether all of their values are hidden: an alias may repeat one in a Secret. */
  const seen = new Map<object, boolean>();
  const visit = (on: object, secret: boolean, steps: readonly string[]): void => {
    const before = seen.get(on);
    if (before === true || before === secret) return;
    seen.set(on, secret);
    const places = spans(tree, on);
    const all = secret || (!Array.isArray(on) && isRecord(on) && on['kind'] === 'Secret');
    for (const [index, [key, value]] of Object.entries(on).entries()) {
      const [, , start, end] = places[index] ?? [0, 0, 0, 0];
      const isVariable = isHcl && steps[0] === 'variable' && key === 'default';
      const isHidden =
        all ||
        isHolder(key, value, isHcl && steps.length === 0) ||
        (isVariable && (isSensitive(steps[1] ?? '') || Object.hasOwn(on, 'sensitive')));
      if (typeof value === 'object' && value !== null && !(value instanceof Expression)) {
        visit(value, isHidden, [...steps, key]);
        continue;
      }
      const written = text.slice(start, end).trimEnd();
      const isNamed = isSensitive(key) && !isReference.test(key);
      if (
        isHidden ||
        written.includes('\n') ||
        (typeof value === 'string' && value !== '' && (isNamed || looksSecret(value)))
      )
        hide(start, start + Math.max(0, written.length - 1));
    }
  };
  visit(tree.root as object, false, []);
}

/** The end of a key whose value names a secret. */
const isReference = /(?:name|arn|id|ref|mode)$/i;
