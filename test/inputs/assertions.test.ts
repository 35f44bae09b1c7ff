import { expect, test } from 'vitest';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';

const correctness = rules.filter(({ id }) => id === 'correctness/required-field-missing');
const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nstatus: {phase: Running}\n`;
const judged = async (files: Readonly<Record<string, string>>): Promise<string[]> =>
  (await lintTexts(files, correctness)).findings.map(({ at }) => at.source).sort();

const chainsaw = `
apiVersion: chainsaw.kyverno.io/v1alpha1
kind: Test
metadata: {name: web}
spec:
  steps:
    - try:
        - apply: {file: applied.yaml}
        - assert: {file: ready.yaml}
        - assert: {file: applied.yaml}
        - error: {file: ../shared/gone.yaml}
      finally:
        - assert: {file: "*.yaml"}
`;

test('expected objects of a Chainsaw test are not judged, applied ones are', async () => {
  const files = {
    'e2e/web/chainsaw-test.yaml': chainsaw,
    'e2e/web/applied.yaml': pod('applied'),
    'e2e/web/ready.yaml': pod('ready'),
    'e2e/shared/gone.yaml': pod('gone'),
    'e2e/web/other.yaml': pod('other'),
    'other/ready.yaml': pod('elsewhere'),
  };
  expect(await judged(files)).toEqual(['e2e/web/applied.yaml', 'e2e/web/other.yaml', 'other/ready.yaml']);
});

test('a test does not decide about whole workloads outside its folder', async () => {
  const whole = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{image: a}]}\n';
  const assert = chainsaw.replace('../shared/gone.yaml', '../../deploy/pod.yaml');
  const files = { 'deploy/pod.yaml': whole, 'deploy/00-assert.yaml': whole, 'e2e/web/ready.yaml': whole };
  const suite = 'apiVersion: kuttl.dev/v1beta1\nkind: TestSuite\nmetadata: {name: e2e}\n';
  expect(await judged({ ...files, 'e2e/web/chainsaw-test.yaml': assert })).toEqual([
    'deploy/00-assert.yaml',
    'deploy/pod.yaml',
  ]);
  const rest = ['deploy/pod.yaml', 'e2e/web/ready.yaml'];
  expect(await judged({ ...files, 'kuttl-test.yaml': suite })).toEqual(rest);
  for (const own of [{ 'e2e/kuttl-test.yaml': suite }, { 'kuttl-test.yaml': `${suite}testDirs: [./e2e/]\n` }])
    expect(await judged({ ...files, ...own })).toEqual(['deploy/00-assert.yaml', ...rest]);
});

test('what a kustomization lists is judged, whatever a test says about it', async () => {
  const files = {
    'web/chainsaw-test.yaml': chainsaw,
    'web/ready.yaml': pod('ready'),
    'web/kustomization.yaml': 'kind: Kustomization\nresources: [ready.yaml]\n',
  };
  expect(await judged(files)).toEqual(['web/ready.yaml']);
});

test.each([
  ['apply', true],
  ['create', true],
  ['update', true],
  // It is merged with the object of the cluster.
  ['patch', false],
])('what a test compares with and also uses to %s', async (operation, isJudged) => {
  const both = chainsaw.replace('apply: {file: applied.yaml}', `${operation}: {file: applied.yaml}`);
  const files = { 'web/chainsaw-test.yaml': both, 'web/applied.yaml': pod('applied') };
  expect(await judged(files)).toEqual(isJudged ? ['web/applied.yaml'] : []);
});

test('a patch of a Chainsaw test is not judged unless it is applied too', async () => {
  const test = (more: string): string => `
apiVersion: chainsaw.kyverno.io/v1alpha1
kind: Test
metadata: {name: web}
spec: {steps: [{try: [{patch: {file: patch.yaml}}${more}]}]}
`;
  const files = (more: string) => ({ 'web/chainsaw-test.yaml': test(more), 'web/patch.yaml': pod('web') });
  expect(await judged(files(''))).toEqual([]);
  expect(await judged(files(', {apply: {file: patch.yaml}}'))).toEqual(['web/patch.yaml']);
});

test('a step template names assertions too', async () => {
  const template =
    'apiVersion: chainsaw.kyverno.io/v1alpha1\nkind: StepTemplate\nmetadata: {name: a}\nspec: {try: [{assert: {file: ready.yaml}}]}\n';
  expect(await judged({ 'a/step.yaml': template, 'a/ready.yaml': pod('ready') })).toEqual([]);
});

test('kuttl names assertions by their file names', async () => {
  const suite = 'apiVersion: kuttl.dev/v1beta1\nkind: TestSuite\nmetadata: {name: e2e}\n';
  const files = { 'e2e/00-assert.yaml': pod('a'), 'e2e/01-errors.yaml': pod('b'), 'e2e/00-install.yaml': pod('c') };
  expect(await judged({ ...files, 'kuttl-test.yaml': suite })).toEqual(['e2e/00-install.yaml']);
  expect(await judged(files)).toEqual(['e2e/00-assert.yaml', 'e2e/00-install.yaml', 'e2e/01-errors.yaml']);
  const own = `apiVersion: kuttl.dev/v1beta1\nkind: TestAssert\ntimeout: 30\n---\n${pod('d')}`;
  expect(await judged({ 'e2e/ready.yaml': own })).toEqual([]);
});
