import { expect, test } from 'vitest';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';

const rule = rules.filter(({ id }) => id === 'reliability/pdb-blocks-eviction');
const budget =
  'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {maxUnavailable: 0, selector: {matchLabels: {app: web}}}\n';
const fixesBeside = async (object: string) =>
  (await lintTexts({ 'web.yaml': `${budget}---\n${object}` }, rule)).findings.map((one) => one.fix !== undefined);

test('maxUnavailable is suggested if a controller creates the pods', async () => {
  expect(
    await fixesBeside(
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {metadata: {labels: {app: web}}}}\n',
    ),
  ).toEqual([true]);
});

// Kubernetes documentation, Specifying a Disruption Budget: pods without a scalable controller cannot be counted for
// maxUnavailable.
test('maxUnavailable is not suggested for bare pods and Jobs', async () => {
  expect(await fixesBeside('apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\n')).toEqual([false]);
  expect(
    await fixesBeside(
      'apiVersion: batch/v1\nkind: Job\nmetadata: {name: web}\nspec: {template: {metadata: {labels: {app: web}}}}\n',
    ),
  ).toEqual([false]);
});

test('a budget of thousands of workloads names some of them', async () => {
  const workloads = Array.from(
    { length: 300 },
    (_, i) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web${i}}\nspec: {replicas: 1, template: {metadata: {labels: {app: web}}}}\n`,
  ).join('---\n');
  const { findings } = await lintTexts({ 'web.yaml': `${budget}---\n${workloads}` }, rule);
  expect(findings.map(({ related }) => related.length)).toEqual([20]);
});
