import { dig } from '#model/dig.ts';
import type { SubjectName } from '#model/finding.ts';
import { type Edit, lineOffset, type Location, stepsTo, type Tree } from '#syntax/tree.ts';

/** Longer values are hard to read, and more likely to be secret. */
const longest = 80;
/** Parts of an object in which any value may be a secret, whatever its key. */
export const sensitiveParts: ReadonlySet<string> = new Set([
  'env',
  'args',
  'command',
  'data',
  'stringData',
  'binaryData',
  'user_data',
  'userData',
  'UserData',
  'parameters',
  'value',
  'values',
  'headers',
  'httpHeaders',
  'volumeAttributes',
  'variables',
  'overrideBootstrapCommand',
  'preBootstrapCommands',
]);
/** Keys that hold credentials, or stand for one. */
const sensitiveWords = [
  'pass',
  'pwd',
  'secret',
  'token',
  'credential',
  'private',
  'cert',
  'salt',
  'signature',
  'last-applied',
];
const sensitiveKey = /(?:api|access)[-_.]?key|auth(?!entication_?mode)/;
export const isSensitive = (key: string): boolean => {
  const name = key.toLowerCase();
  if (sensitiveWords.some((word) => name.includes(word))) return true;
  return (name.includes('key') || name.includes('auth')) && sensitiveKey.test(name);
};
/**
 * Plain words, numbers, names, images, ARNs, CIDR ranges. Nothing with a space, a quote, a query string or a user
 * before a host.
 */
const plainValue = /^(?![^/]*:[^/]*@)(?!.*:\/\/[^/]*@)[\w.:/*@+-]*$/;
/** Letters and digits mixed without a separator, as long as tokens are, except image digests. */
const random = /(?<!sha256:)(?<![A-Za-z0-9+/_-])(?=[\w+/-]*\d)(?=[\w+/-]*[A-Z])(?=[\w+/-]*[a-z])[A-Za-z0-9+/_]{16,}/;
const shortestRandom = 16;
const accessKey = /(?:AKIA|ASIA)[A-Z0-9]{12}|^eyJ|^(?:gh[posur]|github_pat|glpat|xox[abprs]|sk)[-_]/;

export type Step = string | number;

/** The steps of a path such as `spec.containers[0]["a.b"]`. */
export function stepsOf(path: string): Step[] {
  if (!path.includes('[')) return path.split('.').filter((word) => word !== '');
  return [...path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)].map(([all, index, , word]) =>
    index === undefined ? (word ?? String(JSON.parse(all.slice(1, -1)))) : Number(index),
  );
}

/** Whether a value has the form of a secret, wherever it stands. */
export const looksSecret = (value: string): boolean =>
  (value.length >= shortestRandom && random.test(value)) || accessKey.test(value);

/** Whether a value may be shown: it is short and plain, and neither its location nor its form suggests a secret. */
export function mayShow(value: string, steps: readonly Step[]): boolean {
  return (
    value.length <= longest &&
    !steps.some((step) => typeof step === 'string' && (sensitiveParts.has(step) || isSensitive(step))) &&
    plainValue.test(value) &&
    !looksSecret(value)
  );
}

function groupBySource(documents: readonly Tree[]): Map<string, Tree[]> {
  const groups = new Map<string, Tree[]>();
  for (const tree of documents) {
    const there = groups.get(tree.source.id);
    if (there) there.push(tree);
    else groups.set(tree.source.id, [tree]);
  }
  return groups;
}

/** Looks up values by location: what reports show as `found`. */
export function findValues(documents: readonly Tree[]): (at: Location, subject: SubjectName) => string | undefined {
  let bySource: Map<string, Tree[]> | undefined;
  /** The same paths occur in many documents. */
  const steps = new Map<string, readonly Step[]>();
  const stepsAlong = (path: string): readonly Step[] => {
    const known = steps.get(path) ?? stepsOf(path);
    steps.set(path, known);
    return known;
  };
  return (at, subject) => {
    if (!at.start || at.path === '' || subject.kind === 'Secret') return undefined;
    bySource ??= groupBySource(documents);
    const trees = bySource.get(at.source) ?? [];
    // The last document that starts at or before the location: there may be thousands, in the order of the text.
    let low = 0;
    let high = trees.length - 1;
    const first = trees[0];
    if (!first) return undefined;
    const offset = lineOffset(first.source, at.start.line) + at.start.column - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((trees[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const root = trees[low]?.root;
    const path = stepsAlong(at.path);
    let node: unknown = root;
    for (const step of path) {
      if (dig(node, 'kind') === 'Secret') return undefined;
      node = Array.isArray(node) ? node[Number(step)] : dig(node, String(step));
    }
    if (typeof node !== 'string' && typeof node !== 'number' && typeof node !== 'boolean') return undefined;
    const value = String(node);
    return mayShow(value, path) ? value : undefined;
  };
}

/** The scalars that an edit writes, each with the steps to it. */
function writtenBy(
  { op, on, key, tree, value }: Edit,
  home: Tree,
): (readonly [value: string, steps: readonly Step[]])[] {
  if (op !== 'set') return [];
  const written: (readonly [string, readonly Step[]])[] = [];
  const visit = (node: unknown, steps: readonly Step[]): void => {
    if (typeof node === 'object' && node !== null)
      for (const [name, inner] of Object.entries(node)) visit(inner, [...steps, name]);
    else if (node !== undefined && node !== null) written.push([String(node), steps]);
  };
  visit(value, [...stepsTo(tree ?? home, on), key]);
  return written;
}

/** Whether the text of an edit could contain a secret: a user's value may be moved, or written in another way. */
export const writeSecrets = (edits: readonly Edit[], home: Tree, { kind }: SubjectName): boolean =>
  kind === 'Secret' || edits.some((edit) => writtenBy(edit, home).some(([value, steps]) => !mayShow(value, steps)));

/** What a report shows as `wanted`: the value that a fix sets, or the advice if that could be a secret. */
export function wantedOf(
  edits: readonly Edit[],
  home: Tree | undefined,
  subject: SubjectName,
  help: string | undefined,
): string | undefined {
  const [edit] = edits;
  const value = edits.length === 1 && edit?.op === 'set' ? edit.value : undefined;
  const isShort = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isShort && home && !writeSecrets(edits, home, subject) ? String(value) : help;
}
