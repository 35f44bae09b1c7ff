import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, jsonText, plain, runnerSafe } from '#reporters/escape.ts';
import { commandsIn, hostile, unseenIn } from './sample.ts';

describe('plain', () => {
  it('shows what would be hidden or obeyed', () => {
    expect(plain('\x1b[31m\r\n\t\0\x9b\x7f')).toBe('\\x1b[31m\\r\\n\\t\\x00\\x9b\\x7f');
    expect(plain('\u202ea\u2066b\u200b\ufeff\u00ad')).toBe('\\u202ea\\u2066b\\u200b\\ufeff\\xad');
    expect(plain('a\ufffe\uffffb')).toBe('a\\ufffe\\uffffb');
    expect(plain('\ud800x\udc00 \u{e0041}')).toBe('\\ud800x\\udc00 \\u{e0041}');
  });

  it('leaves ordinary text alone', () => {
    const text = 'Zürich 東京 😀 C:\\dir – "quoted" 100% {a} $1';
    expect(plain(text)).toBe(text);
  });

  it('leaves nothing a terminal obeys in any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => unseenIn(plain(text)).length === 0 && !plain(text).includes('\n'),
      ),
      { numRuns: 100 },
    );
  });
});

describe('runnerSafe', () => {
  it('breaks commands and stays readable', () => {
    expect(runnerSafe('  ::error::x\na ::b\n##[group]y\n###[z')).toBe(
      '  \\x3a:error::x\na ::b\n#\\x23[group]y\n##\\x23[z',
    );
  });

  it('breaks them after any whitespace and our colors', () => {
    for (const blank of ['', ' ', '\t', '\u00a0', '\u3000', '\u0085', '\x1b[2m', ' \x1b[1m ']) {
      expect(runnerSafe(`ok\n${blank}::set-env name=A::b`)).toBe(`ok\n${blank}\\x3a:set-env name=A::b`);
    }
  });

  it('leaves no command in any text', () => {
    const piece = fc.constantFrom('::', ':', '##[', '#', '[', '\n', '\r', ' ', '\u2028', 'a', '\x1b[0m');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => commandsIn(runnerSafe(pieces.join(''))).length === 0),
      { numRuns: 500 },
    );
  });
});

describe('cut', () => {
  it('never splits a character', () => {
    expect(cut('abc', 3)).toBe('abc');
    expect(cut('abcd', 3)).toBe('ab…');
    expect(cut('a😀bc', 3)).toBe('a…');
  });
});

describe('jsonText', () => {
  it('breaks lines down to the depth and no further', () => {
    expect(jsonText({ a: [], b: [{ c: [1, 2] }, {}], d: undefined, e: {} }, 2)).toBe(
      '{\n  "a": [],\n  "b": [\n    {"c":[1,2]},\n    {}\n  ],\n  "e": {}\n}\n',
    );
  });

  it('prints items that are created one after the other like a list', () => {
    function* items(count: number) {
      for (let i = 0; i < count; i++) yield { i };
    }
    for (const count of [0, 1, 3]) expect(jsonText({ a: items(count) }, 2)).toBe(jsonText({ a: [...items(count)] }, 2));
  });

  it('keeps the data and is safe to print', () => {
    const text = jsonText({ hostile }, 2);
    expect(JSON.parse(text)).toEqual({ hostile });
    expect(unseenIn(text)).toEqual([]);
    expect(commandsIn(text)).toEqual([]);
  });
});
