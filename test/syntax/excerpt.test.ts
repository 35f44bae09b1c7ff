import { describe, expect, test } from 'vitest';
import { excerpt } from '#syntax/excerpt.ts';
import { locationAt, type Source } from '#syntax/tree.ts';

const source = (text: string): Source => ({ id: 'a', path: 'a', text, target: true });
const show = (text: string, at: number) => excerpt(source(text), locationAt(source(text), at, at + 1));

describe('the line of a finding', () => {
  test('shows keys and punctuation, and no letter or digit of a value', () => {
    expect(show('a: b\n  password: "hunter2, 3 ü𝒳\n', 17)).toEqual({ text: '  password: "·······, · ···', at: 12 });
    expect(show('- name: web\n', 2)).toEqual({ text: '- name: ···', at: 2 });
    expect(show('-----BEGIN-KEY-----\nMIIEabc+/=\n', 20)).toEqual({ text: '··········', at: 0 });
    expect(show('  name = "shop\n', 9)).toEqual({ text: '  name = "····', at: 9 });
    expect(show('{"token": "abc"}', 1)).toEqual({ text: '{"·····": "···"}', at: 1 });
  });
  test('shows tabs, and skips line ends, marks and empty lines', () => {
    expect(show('a:\n\tb: c\r\n', 3)).toEqual({ text: '→b: ·', at: 0 });
    expect(show('\ufeffab: c\n', 1)).toEqual({ text: 'ab: ·', at: 0 });
    expect(show('a\n\n', 2)).toBeUndefined();
  });
  test('is a window of a long line', () => {
    const { text, at } = show(`k: ${'[x] '.repeat(100)}`, 300) ?? { text: '', at: 0 };
    expect([text.length, text[at]]).toEqual([80, '·']);
  });
});
