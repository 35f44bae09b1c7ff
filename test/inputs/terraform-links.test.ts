import { expect, test } from 'vitest';
import { linkedTrees } from '#inputs/terraform/sources.ts';
import { parse, source } from './read.ts';

test('a linked file is read by the name of the link too', () => {
  const trees = parse(source('shared/a.tf', 'locals {}\n'));
  const links = new Map([
    ['m/a.tf', 'shared/a.tf'],
    ['m/b.tf', 'shared/b.tf'],
  ]);
  const found = linkedTrees(trees, links);
  expect(found.map((tree) => [tree.source.path, tree.source.id, tree.root === trees[0]?.root])).toEqual([
    ['m/a.tf', 'shared/a.tf', true],
  ]);
});
