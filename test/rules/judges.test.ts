import { readFileSync } from 'node:fs';
import fastGlob from 'fast-glob';
import { expect, test } from 'vitest';
import { rules } from '../../src/rule/registry.ts';

test('a rule leaves findings only to rules that exist', () => {
  const ids = new Set(rules.map(({ id }) => id));
  const asked = fastGlob
    .sync(['rules/*/*.ts', 'src/rule/*.ts'])
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\bjudges\('([^']+)'\)/g)].map(([, id = '']) => id));
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((id) => !ids.has(id))).toEqual([]);
});
