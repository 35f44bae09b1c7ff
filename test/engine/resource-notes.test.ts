import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { lint } from '../../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'ekslint-'));
afterEach(() => rmSync(folder, { recursive: true }));

test('a custom resource that is partly not judged for several reasons is counted in one note', async () => {
  const object = (kind: string, spec: object): string =>
    JSON.stringify({ apiVersion: 'example.org/v1', kind, metadata: { name: 'x', namespace: 'shop' }, spec });
  const podSpec = { containers: [{ name: 'web', image: 'r.example.org/web:1.0.0' }] };
  writeFileSync(
    join(folder, 'a.yaml'),
    [
      object('Gadget', { size: 2 }),
      object('Gadget', { size: 3 }),
      object('Widget', { podSpec }),
      JSON.stringify({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'x' }, spec: {} }),
    ].join('\n---\n'),
  );
  const { notes } = await lint({ cwd: folder, config: false });
  expect(notes.map(({ message, count }) => `${count} ${message}`)).toEqual([
    '2 custom resources without a known definition, of which neither fields nor pods are checked: Gadget 2',
    '1 custom resources whose pods, if they create any, are not read: Application 1',
    '1 custom resources without a known definition, whose fields are not checked: Widget 1',
  ]);
});
