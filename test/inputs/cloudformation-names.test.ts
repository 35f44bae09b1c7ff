import { expect, test } from 'vitest';
import { intrinsic } from '#inputs/cloudformation/names.ts';

test('a map with many entries is searched once, however often it is read', () => {
  let looks = 0;
  const entries = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, {}]));
  const map = new Proxy(entries, {
    ownKeys(target) {
      looks++;
      return Reflect.ownKeys(target);
    },
  });
  for (let i = 0; i < 50; i++) expect(intrinsic(map)).toBeUndefined();
  expect(looks).toBe(1);
  expect(intrinsic({ Ref: 'x' })).toEqual(['Ref', 'x']);
});
