import { expect, test } from 'vitest';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';

const pod = (security: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: app, image: app, tty: true, ${security}}]}\n`;

const reasons = async (files: Readonly<Record<string, string>>): Promise<string[]> => {
  const { findings, undetermined } = await lintTexts(
    files,
    rules.filter(({ id }) => id === 'pod-security/privileged-container'),
  );
  expect(findings).toEqual([]);
  return undetermined.map(({ why }) => why);
};

test.each(['securityContext', 'securityContext.privileged'])(
  'a replacement of %s with an unknown value leaves the answer undetermined',
  async (field) => {
    const kustomization = `resources: [pod.yaml]\nreplacements: [{source: {kind: Pod, fieldPath: spec.containers.0.tty}, targets: [{select: {kind: Pod}, fieldPaths: ["spec.containers.*.${field}"]}]}]\n`;
    expect(
      await reasons({ 'kustomization.yaml': kustomization, 'pod.yaml': pod('securityContext: {privileged: false}') }),
    ).toEqual([`kustomization.yaml changes spec.containers.*.${field}`]);
  },
);

test('a template leaves a value undetermined', async () => {
  expect(await reasons({ 'pod.yaml': pod('securityContext: {privileged: "${PRIVILEGED}"}') })).toEqual([
    'the value is an unrendered template: lint the rendered file',
  ]);
  expect(await reasons({ 'pod.yaml': pod('securityContext: {privileged: false}') })).toEqual([]);
});
