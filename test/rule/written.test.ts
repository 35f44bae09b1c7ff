import { expect, test } from 'vitest';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';

test('a value is not quoted where its text is not the value: an alias, an anchor, a tag', async () => {
  const text = `apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data:
  plain: yes
  octal: 0o17
  anchor: &on yes
  alias: *on
  tag: !!int "5"
  block: !!bool |-
    true
`;
  const only = rules.filter(({ id }) => id === 'correctness/unquoted-scalar');
  const { findings } = await lintTexts({ 'a.yaml': text }, only);
  expect(findings.map(({ at, fix }) => [at.path, fix?.edits.map((edit) => edit.text)])).toEqual([
    ['data.plain', ['"yes"']],
    ['data.octal', ['"0o17"']],
    ['data.anchor', undefined],
    ['data.alias', undefined],
    ['data.tag', undefined],
    ['data.block', undefined],
  ]);
});
