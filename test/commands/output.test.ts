import type * as fs from 'node:fs';
import { expect, test, vi } from 'vitest';
import { print } from '#commands/output.ts';

const written = vi.hoisted((): Buffer[] => []);
vi.mock('node:fs', async (load) => ({
  ...(await load<typeof fs>()),
  writeSync: (_: number, bytes: Buffer, from: number) => {
    // A pipe accepts what it has room for.
    const part = bytes.subarray(from, from + 400_000);
    written.push(Buffer.from(part));
    return part.length;
  },
}));

test('a large text is written in parts, and no character is split', () => {
  const size = 1 << 20;
  for (const before of [size - 2, size - 1, size]) {
    written.length = 0;
    const text = `${'a'.repeat(before)}\u{1f600}${'\u00e9'.repeat(size)}b`;
    print(text);
    expect(Buffer.concat(written).equals(Buffer.from(text))).toBe(true);
  }
});
