import { describe, expect, it } from 'vitest';
import { alignLines } from '#sources/align.ts';
import { countTime } from '../processor-time.ts';

/** `rendered line -> template line`, both starting at 1. */
const aligned = (output: string, template: string): (number | undefined)[] =>
  alignLines(output.split('\n'), template.split('\n')).map((at) => (at === undefined ? undefined : at + 1));

describe('the lines of a template', () => {
  it('are found by their text, and by what surrounds their actions', () =>
    expect(
      aligned('kind: Pod\nname: web\nimage: nginx:1.2', 'kind: Pod\nname: {{ .x }}\nimage: {{ .i }}:{{ .t }}'),
    ).toEqual([1, 2, 3]));
  it('are not guessed for output of a helper or a value', () =>
    expect(
      aligned(
        'metadata:\n  labels:\n    app: web\nspec:',
        'metadata:\n  labels:\n    {{- include "labels" . | nindent 4 }}\nspec:',
      ),
    ).toEqual([1, 2, undefined, 4]));
  it('are those of a loop for each iteration', () =>
    expect(
      aligned(
        'list:\n  - name: a\n    port: 1\n  - name: b\n    port: 2',
        'list:\n  {{- range .all }}\n  - name: {{ .n }}\n    port: {{ .p }}\n  {{- end }}',
      ),
    ).toEqual([1, 3, 4, 3, 4]));
  it('that occur twice are distinguished by the lines before and after them', () =>
    expect(aligned('aa:\n  x: 1\nbb:\n  x: 1', 'aa:\n  x: 1\nbb:\n  x: 1')).toEqual([1, 2, 3, 4]));
  it('that occur twice are unknown if nothing distinguishes them', () =>
    expect(aligned('made: 1\n  x: 1\nmade: 2', '{{ a }}\n  x: 1\n{{ b }}\n  x: 1')).toEqual([
      undefined,
      undefined,
      undefined,
    ]));
  it('are found in time in large texts', () => {
    const template = Array.from({ length: 20_000 }, (_, i) => `k${i}: {{ .a }}{{ .b }}{{ .c }}`);
    const output = Array.from({ length: 20_000 }, (_, i) => `k${i}: ${'x'.repeat(50)}`);
    const spent = countTime();
    alignLines(output, template);
    expect(spent()).toBeLessThan(5000);
  });
});
