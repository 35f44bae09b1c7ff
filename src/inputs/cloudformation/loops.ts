import { isRecord } from '#model/shape.ts';
import { graft, type Origin } from '#syntax/graft.ts';
import type { Tree } from '#syntax/tree.ts';

/*
 * `Fn::ForEach` of the transform AWS::LanguageExtensions: entries that are written once and created for each item of a
 * list.
 */

const isLoop = (key: string): boolean => key.startsWith('Fn::ForEach::');
/**
 * Maps that loops make, and turns of loops. A stack holds 500 resources (CloudFormation quotas); anything much larger is
 * not a template, and each resource is judged.
 */
const most = { maps: 50_000, turns: 2000 };

/**
 * A template with its loops unrolled. Every entry knows where it is written; a loop over an unknown list is kept, and one
 * beyond the limits, which `cut` is called for.
 */
export function unroll(
  tree: Tree,
  root: Record<string, unknown>,
  itemsOf: (list: readonly unknown[], index: number) => readonly string[] | undefined,
  cut: () => void,
): Record<string, unknown> {
  if (!tree.source.text.includes('Fn::ForEach::')) return root;
  let made = 0;
  let turns = 0;
  const fill = (text: string, names: ReadonlyMap<string, string>): string =>
    names.size === 0
      ? text
      : text.replace(/\$\{(\w+)\}|&\{(\w+)\}/g, (hole, name?: string, plain?: string) =>
          name === undefined
            ? (names.get(plain ?? '')?.replace(/[^A-Za-z0-9]/g, '') ?? hole)
            : (names.get(name) ?? hole),
        );
  const copy = (value: unknown, names: ReadonlyMap<string, string>): unknown => {
    if (typeof value === 'string') return fill(value, names);
    if (typeof value !== 'object' || value === null) return value;
    made++;
    if (Array.isArray(value)) return graft(value.map((item) => copy(item, names)), { tree, on: value }); // prettier-ignore
    if (!isRecord(value)) return value;
    const { Ref: ref } = value;
    const named = typeof ref === 'string' && Object.keys(value).length === 1 ? names.get(ref) : undefined;
    if (named !== undefined) return named;
    const entries = new Map<string, Origin>();
    const map = Object.create(null) as Record<string, unknown>;
    const add = (from: Record<string, unknown>, inner: ReadonlyMap<string, string>): void => {
      for (const [key, entry] of Object.entries(from)) {
        // Loops of one section leave room for those of the next.
        if (from === root) turns = 0;
        const [id, , body] = isLoop(key) && Array.isArray(entry) ? (entry as unknown[]) : [];
        const isWhole = typeof id === 'string' && isRecord(body);
        const isCut = made >= most.maps || turns >= most.turns;
        if (isWhole && isCut) cut();
        const items = isWhole && !isCut ? itemsOf(entry as unknown[], 1) : undefined;
        turns += items?.length ?? 0;
        if (items)
          for (const item of items) add(body as Record<string, unknown>, new Map(inner).set(id as string, item));
        else {
          const name = fill(key, inner);
          map[name] = copy(entry, inner);
          entries.set(name, { tree, on: from, key });
        }
      }
    };
    add(value, names);
    return graft(map, { tree, on: value }, entries);
  };
  return copy(root, new Map()) as Record<string, unknown>;
}
