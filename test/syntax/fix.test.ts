import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isCollection, isScalar, type Node, parse, parseAllDocuments, visit } from 'yaml';
import { applyTextEdits, toTextEdits } from '#syntax/edit.ts';
import type { TextEdit, Tree } from '#syntax/tree.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';
import { readPage } from '../../src/rule/page.ts';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';

const read = (text: string, path = 'a.yaml'): Tree[] =>
  splitDocuments({ id: path, path, text, target: true }).flatMap((segment) => parseYaml(segment));
type Bag = Record<string, unknown>;

describe('text that several objects share is not edited for one', () => {
  const refused = (text: string, ...path: (string | number)[]): void => {
    const [tree] = read(text);
    const on = path.reduce<unknown>((node, key) => (node as Bag)[String(key)], tree?.root) as object;
    expect(tree && toTextEdits(tree, [{ op: 'set', on, key: 'k', value: 2 }])).toBeUndefined();
  };
  test('a map that is merged elsewhere', () => refused('a: &x\n  k: 1\nb:\n  <<: *x\n', 'a'));
  test('a map inside of one that is merged elsewhere', () =>
    refused('a: &x\n  m:\n    k: 1\nb:\n  <<: *x\n', 'a', 'm'));
  test('an item of a list that is merged elsewhere', () => refused('a:\n  - &x\n    k: 1\nb:\n  <<: *x\n', 'a', 0));
  test('a flow map that is merged elsewhere', () => refused('a: [{c: 1}, &x {k: 1}]\nb: {<<: [*x]}\n', 'a', 1));
  test('an unused anchor is harmless', () => {
    const text = 'a: &x\n  k: 1\nb: &xy 2\nc: *xy\n';
    const [tree] = read(text);
    const edits = tree && toTextEdits(tree, [{ op: 'set', on: (tree.root as Bag)['a'] as object, key: 'k', value: 2 }]);
    expect(edits && applyTextEdits(text, edits)).toBe(text.replace('1', '2'));
  });
});

/* Every example of every rule that has a fix, in spellings that a page does not show. */
function respell(text: string, change: (contents: Node) => void): string {
  const documents = parseAllDocuments(text);
  if (documents.some(({ errors }) => errors.length > 0) || read(text).some(({ faults }) => faults.length > 0))
    return text;
  for (const { contents } of documents) if (contents !== null) change(contents);
  return documents
    .filter(({ contents }) => contents !== null)
    .map((document) => document.toString({ lineWidth: 0 }))
    .join('---\n');
}
const tagged = (text: string): boolean => /: *!|- !|\[!/.test(text);
const spellings: Readonly<Record<string, (text: string) => string>> = {
  'CRLF with a byte order mark': (text) => `\ufeff${text.trimEnd().replaceAll('\n', '\r\n')}`,
  'flow style': (text) =>
    respell(text, (contents) =>
      visit(contents, (_, node, path) => {
        if (isCollection(node) && path.filter(isCollection).length >= 2) node.flow = true;
        if ((isCollection(node) || isScalar(node)) && path.filter(isCollection).length >= 2)
          node.comment = node.commentBefore = null;
      }),
    ),
  JSON: (text) =>
    tagged(text)
      ? text
      : read(text)
          .map(({ root }) => `${JSON.stringify(root, null, 2)}\n`)
          .join('---\n'),
  'anchors that nobody refers to': (text) => {
    let next = 0;
    return respell(text, (contents) =>
      visit(contents, (_, node, path) => {
        if (isCollection(node) && path.length > 0) node.anchor ??= `own${next++}`;
      }),
    );
  },
};
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

describe.each(Object.entries(spellings))('fixes in %s', (spelling, spell) => {
  test('are made, fix what they should, and keep every document readable', async () => {
    let made = 0;
    for (const rule of rules) {
      for (const example of readPage(readFileSync(`rules/${rule.id}.md`, 'utf8')).examples) {
        if (example.verdict !== 'fails') continue;
        const config = example.blocks.find((block) => block.title === 'ekslint.yaml');
        const { rules: byId, target } = (config ? parse(config.text) : {}) as {
          rules?: Record<string, Bag>;
          target?: { kubernetes?: string };
        };
        const blocks = example.blocks.filter((block) => block.title !== 'ekslint.yaml' && block.title !== 'fixed');
        if (blocks.some((block) => block.language !== 'yaml')) continue;
        const settings = { options: byId?.[rule.id] ?? {}, target: target?.kubernetes };
        let files = Object.fromEntries(blocks.map((block, i) => [block.title ?? `${i}.yaml`, spell(block.text)]));
        for (let run = 0; run < 3; run++) {
          const { findings } = await lintTexts(files, [rule], settings);
          const chosen: TextEdit[] = [];
          const fixed = findings.filter(({ fix }) => {
            const isFree =
              fix &&
              !fix.edits.some((edit) =>
                chosen.some(
                  (other) =>
                    edit.source === other.source &&
                    (edit.start === other.start || (edit.start < other.end && other.start < edit.end)),
                ),
              );
            if (isFree) chosen.push(...fix.edits);
            return isFree;
          });
          if (fixed.length === 0) break;
          made += fixed.length;
          const where = `${rule.id}, "${example.title}", ${spelling}`;
          files = Object.fromEntries(
            Object.entries(files).map(([name, text]) => [
              name,
              applyTextEdits(
                text,
                chosen.filter((edit) => edit.source === name),
              ),
            ]),
          );
          for (const text of Object.values(files)) {
            expect(
              read(text).flatMap((tree) => tree.faults),
              `${where}\n${text}`,
            ).toEqual([]);
            if (spelling === 'JSON' && text.startsWith('{'))
              expect(
                text.split(/^---\n/m).map((one) => JSON.parse(one) as unknown),
                where,
              ).toEqual(read(text).map(({ root }) => plain(root)));
            if (spelling.startsWith('CRLF'))
              expect(
                /^\ufeff[^\ufeff]*$/.test(text) && !/(?<!\r)\n/.test(text),
                `${where}\n${JSON.stringify(text)}`,
              ).toBe(true);
          }
          const after = (await lintTexts(files, [rule], settings)).findings;
          const keyOf = ({ at, subject, message }: (typeof after)[number]): string =>
            JSON.stringify([at.source, at.path, subject, message]);
          for (const one of fixed)
            expect(
              after.filter((other) => keyOf(other) === keyOf(one)).length,
              `${where}\n${Object.values(files).join('\n')}`,
            ).toBeLessThan(findings.filter((other) => keyOf(other) === keyOf(one)).length);
        }
      }
    }
    expect(made).toBeGreaterThan(50);
  }, 60_000);
});
