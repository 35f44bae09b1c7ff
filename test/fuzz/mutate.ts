import fc from 'fast-check';
import { manifestText } from '../syntax/spellings.ts';
import type { Files } from './seeds.ts';

/** Pieces of texts in these languages, and pieces that break them. */
const pieces = [
  '\n',
  '\r',
  '\r\n',
  '\t',
  ' ',
  '  ',
  '\u0085',
  '\u2028',
  '\ufeff',
  '---\n',
  '...\n',
  '# c\n',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ':',
  ': ',
  ',',
  '- ',
  '? ',
  '|\n',
  '>\n',
  '&a ',
  '*a',
  '*b',
  '<<: *a\n',
  '"<<": {}\n',
  '!!merge <<: {}\n',
  '!Ref ',
  '!Sub ',
  '!GetAtt ',
  '!If ',
  '!!str ',
  '!!int ',
  'null',
  '~',
  '{}',
  '[]',
  '0',
  '-1',
  '1e999',
  'yes',
  'true',
  '""',
  'items: []\n',
  'kind: List\n',
  'apiVersion: v1\n',
  'kind: Workload\n',
  'kind: cluster\n',
  'kind: document\n',
  'apiVersion: batch/v1\n',
  'metadata: {name: x}\n',
  '__proto__: ',
  'constructor: ',
  'toString',
  '${x}',
  '{{ x }}',
  '<<<<<<< HEAD\n',
  '=======\n',
  '>>>>>>> x\n',
  '# ekslint-ignore-next-line\n',
  '# ekslint-ignore-file\n',
  'é',
  '𝒳',
  '\u0000',
  '\ud800',
  '/*',
  '*/',
  '//',
  '<<EOT\n',
  'EOT\n',
  '${',
  '%{ if x }',
  'for_each = {}\n',
  'count = 2\n',
  'dynamic "x" {\n',
  'var.x',
  'Fn::If: []\n',
  'Ref: x\n',
  'Resources: {}\n',
  'patches: []\n',
  'resources: [.]\n',
  'resources: [..]\n',
  '$patch: delete\n',
  'namespace: x\n',
  'replacements: []\n',
] as const;

/**
 * One change of one file. Positions are fractions of the text, so that they stay meaningful while a counterexample
 * shrinks.
 */
const change = fc.record({
  file: fc.nat({ max: 5 }),
  op: fc.constantFrom('insert', 'insert', 'remove', 'repeat', 'swap', 'cut', 'line', 'graft', 'indent'),
  from: fc.double({ min: 0, max: 1, noNaN: true }),
  to: fc.double({ min: 0, max: 1, noNaN: true }),
  size: fc.nat({ max: 40 }),
  piece: fc.constantFrom(...pieces),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** The start of the line that contains an offset. */
const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

function changed(text: string, { op, from, to, size, piece }: Change, other: string): string {
  const at = Math.floor(from * text.length);
  const there = Math.floor(to * text.length);
  const line = lineStart(text, at);
  const next = text.indexOf('\n', at) + 1 || text.length;
  switch (op) {
    case 'insert':
      return text.slice(0, at) + piece + text.slice(at);
    case 'remove':
      return text.slice(0, at) + text.slice(at + size);
    case 'repeat':
      return text.slice(0, at) + text.slice(at, at + size).repeat(3) + text.slice(at + size);
    case 'swap': {
      const moved = text.slice(line, next);
      const rest = text.slice(0, line) + text.slice(next);
      const target = lineStart(rest, Math.min(there, rest.length));
      return rest.slice(0, target) + moved + rest.slice(target);
    }
    case 'cut':
      return text.slice(0, at);
    case 'line':
      return text.slice(0, line) + text.slice(next);
    case 'graft':
      return text.slice(0, line) + other.slice(lineStart(other, Math.floor(to * other.length)));
    case 'indent':
      return `${text.slice(0, line)}  ${text.slice(line)}`;
  }
}

/** A small workspace: an example with some changes, sometimes with a file of unusually written manifests. */
export const workspace = (seeds: readonly Files[]): fc.Arbitrary<Files> =>
  fc
    .record({
      seed: fc.nat({ max: seeds.length - 1 }),
      other: fc.nat({ max: seeds.length - 1 }),
      changes: fc.array(change, { maxLength: 5 }),
      beside: fc.option(manifestText, { freq: 4, nil: undefined }),
    })
    .map(({ seed, other, changes, beside }) => {
      const files: Record<string, string> = { ...seeds[seed] };
      const names = Object.keys(files);
      const foreign = Object.values(seeds[other] ?? {})[0] ?? '';
      for (const one of changes) {
        const name = names[one.file % names.length] ?? '';
        files[name] = changed(files[name] ?? '', one, foreign).slice(0, 20_000);
      }
      if (beside !== undefined) files['beside.yaml'] = beside;
      return files;
    });
