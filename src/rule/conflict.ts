import type { Resource } from '#model/resource.ts';

type Placed = Pick<Resource<object>, 'tree' | 'at' | 'kindName' | 'name'>;

/** Whether an object stands before another in the input: by file path, then by line. */
export function isBefore(one: Placed, other: Placed): boolean {
  const [a, b] = [one.tree.source.path, other.tree.source.path];
  if (a !== b) return a < b;
  const [from, to] = [one.at.start, other.at.start];
  if (!from || !to) return false;
  return from.line === to.line ? from.column < to.column : from.line < to.line;
}

/** Sorts objects by where they stand in the input. */
export const inOrder = (one: Placed, other: Placed): number =>
  isBefore(one, other) ? -1 : isBefore(other, one) ? 1 : 0;

/**
 * The first of some objects that stands before the given object and conflicts with it. The finding about two objects in conflict stands at
 * the later of them, so each conflict is told once. An object of the same name is the same object written twice, not a rival.
 */
export function earlierRival<T extends Placed>(subject: Placed, rivals: readonly T[]): T | undefined {
  return rivals
    .filter((one) => (one.name !== subject.name || one.kindName !== subject.kindName) && isBefore(one, subject))
    .reduce<T | undefined>((first, one) => (first && isBefore(first, one) ? first : one), undefined);
}
