import { expect, test } from 'vitest';
import type { AnyRule } from '#rule';
import { lintTexts } from '../lint-texts.ts';

/** A rule that records the subjects on which it runs. */
function noting(scope: AnyRule['scope'], asked: string[]): AnyRule {
  return {
    id: `reliability/${scope}`,
    title: 'Pod should be noted',
    severity: 'low',
    preset: 'strict',
    kinds: ['Pod'],
    needs: ['hostPID', 'hostIPC'],
    scope,
    messages: {},
    equivalents: [],
    sources: [],
    check: ({ name }: { readonly name: string }) => {
      asked.push(name);
    },
  };
}

const pod = (name: string, spec = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n  containers: [{name: c, image: c}]\n${spec}`;

async function askedAbout(files: Readonly<Record<string, string>>): Promise<Record<string, string[]>> {
  const [resource, workspace]: [string[], string[]] = [[], []];
  await lintTexts(files, [noting('resource', resource), noting('workspace', workspace)]);
  return { resource, workspace };
}

test('a rule about one object runs only on those that have a key it needs', async () => {
  const pods = [pod('plain'), pod('pid', '  hostPID: true\n'), pod('ipc', '  hostIPC: false\n'), pod('other')];
  expect(await askedAbout({ 'p.yaml': pods.join('---\n') })).toEqual({
    resource: ['pid', 'ipc'],
    workspace: ['plain', 'pid', 'ipc', 'other'],
  });
});

test('however many objects there are, it does not run on those without the keys', async () => {
  const pods = Array.from({ length: 300 }, (_, index) => pod(`p${index}`, index === 7 ? '  hostPID: true\n' : ''));
  const { resource, workspace } = await askedAbout({ 'p.yaml': pods.join('---\n') });
  expect([resource, workspace?.length]).toEqual([['p7'], 300]);
});

test('it runs on what a missing patch may add', async () => {
  const kustomization = 'resources: [p.yaml]\npatches: [{path: missing.yaml, target: {name: first}}]\n';
  const files = { 'kustomization.yaml': kustomization, 'p.yaml': [pod('first'), pod('second')].join('---\n') };
  expect((await askedAbout(files))['resource']).toContain('first');
});
