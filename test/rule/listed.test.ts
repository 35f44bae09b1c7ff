import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { lint } from '#pipeline.ts';
import { type AnyRule, defineRule } from '#rule';
import { ListedRule } from '#rule/listed';
import { rules } from '../../src/rule/registry.ts';
import { allRules } from '../all-rules.ts';

const rule = defineRule({
  title: 'Pod must be whole',
  severity: 'high',
  preset: 'strict',
  kinds: ['Pod'],
  needs: ['parts'],
  scope: 'resource',
  fix: 'safe: add the rest',
  options: { parts: { type: 'integer', default: 3, description: 'How many there are.' } },
  messages: { less: 'Pod has fewer than {parts} parts' },
  help: 'Add parts',
  family: { of: { message: 'Pod lacks {parts}', help: 'Add them' }, as: { less: 'parts' } },
  equivalents: ['other:whole'],
  sources: ['A book'],
  check(pod, { report }) {
    report({ message: 'less', data: { parts: 1 }, on: pod });
  },
});

test('behaves like its rule, and loads it once, when something beyond the head is needed', () => {
  let loads = 0;
  const whole: AnyRule = { ...rule, id: 'reliability/whole' };
  const listed = new ListedRule(
    whole,
    7,
    (index) => {
      expect(index).toBe(7);
      loads++;
      return rule;
    },
    (asked) => {
      expect(asked).toBe('reliability/whole');
      return rule;
    },
  );
  const { id, severity, preset, kinds, needs } = listed;
  expect({ id, severity, preset, kinds, needs }).toEqual({
    id: 'reliability/whole',
    severity: 'high',
    preset: 'strict',
    kinds: ['Pod'],
    needs: ['parts'],
  });
  expect(loads).toBe(0);
  for (const key of Object.keys(whole) as (keyof AnyRule)[]) expect(listed[key], key).toBe(whole[key]);
  expect(loads).toBe(1);
});

test('has every property that a rule may have', () => {
  const words = new Set(rules.flatMap((one) => Object.keys(one)));
  expect(
    [...words].filter(
      (word) =>
        !(word in ListedRule.prototype) &&
        !(
          word in
          new ListedRule(
            { ...rule, id: '' },
            0,
            () => rule,
            () => rule,
          )
        ),
    ),
  ).toEqual([]);
});

test('a run over one file loads few rules, however many there are', async () => {
  const loadedBy = async (text: string): Promise<number> => {
    const loads = new Set<number>();
    const listed = rules.map(
      (one, index) =>
        new ListedRule(
          one,
          index,
          (at) => {
            loads.add(at);
            return one;
          },
          () => one,
        ),
    );
    const { checked } = await lint({
      ...allRules,
      cwd: tmpdir(),
      today: '2026-11-21',
      rules: listed,
      preset: 'recommended',
      paths: ['-'],
      stdin: { name: 'one.yaml', text },
    });
    expect(checked.rules).toBeGreaterThan(150);
    return loads.size;
  };
  // Check what is loaded when a number grows: a rule about the content of an object names its keys in `needs`.
  expect(await loadedBy(readFileSync('bench/deployment.yaml', 'utf8'))).toBeLessThanOrEqual(65);
  expect(await loadedBy('{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: b}}')).toBeLessThanOrEqual(
    30,
  );
  expect(await loadedBy('apiVersion: v1\nkind: [Pod\n')).toBeLessThanOrEqual(8);
});
