import type { Resource } from '#model/resource.ts';

type Placed = Pick<Resource<object>, 'tree' | 'at' | 'kindName' | 'name'>;

/**
 * Whether an object stands before another in the input: by file path, then by line. Objects of one string have one
 * place (a manifest of CDK): their names decide.
 */
export function isBefore(one: Placed, other: Placed): boolean {
  const [a, b] = [one.tree.source.path, other.tree.source.path];
  if (a !== b) return a < b;
  const [from, to] = [one.at.start, other.at.start];
  if (!from || !to) return false;
  if (from.line !== to.line) return from.line < to.line;
  if (from.column !== to.column) return from.column < to.column;
  return one.kindName === other.kindName ? one.name < other.name : one.kindName < other.kindName;
}

/** Sorts objects by their position in the input. */
export const inOrder = (one: Placed, other: Placed): number =>
  isBefore(one, other) ? -1 : isBefore(other, one) ? 1 : 0;

const orders = new WeakMap<readonly Placed[], readonly Placed[]>();
/** A list in the order of the input; a cached list is sorted only once. */
function inOrderOnce<T extends Placed>(all: readonly T[]): readonly T[] {
  const sorted = orders.get(all) ?? all.toSorted(inOrder);
  orders.set(all, sorted);
  return sorted as readonly T[];
}

/**
 * The first of some objects that stands before the given object and conflicts with it. The finding about two
 * conflicting objects is located at the later one, so each conflict is reported once. An object with the same name is
 * the same object written twice, not a conflict. With a cached list of candidates, a subject checks only a few of them.
 */
export function earlierRival<T extends Placed>(
  subject: Placed,
  candidates: readonly T[],
  isRival: (one: T) => boolean = () => true,
): T | undefined {
  let first: T | undefined;
  for (const one of inOrderOnce(candidates)) {
    // Of the same object, written once and applied in several ways, the last counts.
    if (!isBefore(one, subject) || (first && isBefore(first, one))) break;
    if ((one.name !== subject.name || one.kindName !== subject.kindName) && isRival(one)) first = one;
  }
  return first;
}
