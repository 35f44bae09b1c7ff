import { expect, test } from 'vitest';
import { span, type Tree } from '#syntax/tree.ts';
import { parse, read, source } from './read.ts';
import { told } from './told.ts';
import { samples } from './key-samples.ts';

/*
 * Each key of these files decides something: with a misspelled one, something else is read. An adapter that reads
 * another key would not notice the difference.
 */

const factsOf = (files: Readonly<Record<string, string>>): string => {
  const { clusters, loose, aws, provided, notes } = read(files);
  const objects = provided.map(({ kind, namespace, name }) => [kind, namespace, name]);
  return told([clusters, loose, aws, objects, notes.map(({ message }) => message)]);
};

/** Where the names of keys end in a text, each with its path. */
function keysIn(tree: Tree): { readonly path: string; readonly end: number }[] {
  const found: { path: string; end: number }[] = [];
  const { text } = tree.source;
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, inner] of Object.entries(node)) {
      const place = Array.isArray(node) ? undefined : span(tree, node, key);
      const written = place ? text.slice(place[0], place[1]) : '';
      if (place && (written === key || written === JSON.stringify(key)))
        found.push({ path: `${path}.${key}`, end: place[0] + written.lastIndexOf(key) + key.length });
      visit(inner, Array.isArray(node) ? `${path}[]` : `${path}.${key}`);
    }
  };
  visit(tree.root, '');
  return found;
}

test.each(samples)('$name', ({ files, idle = [] }) => {
  const before = factsOf(files);
  expect(factsOf(files)).toBe(before);
  const unread: string[] = [];
  let keys = 0;
  for (const [name, text] of Object.entries(files))
    for (const tree of parse(source(name, text)))
      for (const { path, end } of keysIn(tree)) {
        keys++;
        if (factsOf({ ...files, [name]: `${text.slice(0, end)}Zz${text.slice(end)}` }) === before) unread.push(path);
      }
  expect(keys).toBeGreaterThan(0);
  expect([...new Set(unread)].sort()).toEqual([...idle].sort());
});
