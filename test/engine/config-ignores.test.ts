import { expect, test, vi } from 'vitest';
import type * as glob from '#model/glob.ts';
import { ConfigIgnores } from '#engine/config-ignores.ts';

const asked = vi.hoisted(() => ({ names: 0 }));
vi.mock('#model/glob.ts', async (load) => {
  const real = await load<typeof glob>();
  return {
    ...real,
    nameMatcher: (patterns: readonly string[]) => {
      const matches = real.nameMatcher(patterns);
      return (text: string) => {
        asked.names++;
        return matches(text);
      };
    },
  };
});

test('a glob is compared with the name of each object once, however many rules report it', () => {
  const ids = Array.from({ length: 10 }, (_, i) => `a/rule-${i}`);
  const globs = Array.from({ length: 50 }, (_, i) => `*${i}x`);
  const count = (rules: readonly string[]): { asked: number; covered: string[] } => {
    asked.names = 0;
    const ignores = new ConfigIgnores(
      { file: undefined, ignores: globs.map((name) => ({ rule: 'a/*', resource: { name }, reason: name })) },
      new Map(),
      { ids, active: new Set(ids) },
    );
    const covered = ['p3x', 'p4', 'p13x'].flatMap((name) =>
      rules.map((rule) => {
        const subject = { kind: 'Pod', namespace: '', name };
        const found = ignores.covering({ rule, subject, at: { source: 'p.yaml', path: '' } });
        return found.map(({ reason }) => reason).join();
      }),
    );
    return { asked: asked.names, covered };
  };
  const one = count(ids.slice(0, 1));
  const all = count(ids);
  expect(one.covered).toEqual(['*3x', '', '*3x,*13x']);
  expect(all.covered).toEqual(one.covered.flatMap((reasons) => ids.map(() => reasons)));
  expect(one.asked).toBe(3 * globs.length);
  expect(all.asked).toBe(one.asked);
});
