import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type fc from 'fast-check';
import { lint } from '../../src/index.ts';
import { folderOf } from '#sources/layout.ts';
import { kustomizations } from '../inputs/kustomize-random.ts';
import { check, compare, type Result, run } from './invariants.ts';
import type { Files } from './seeds.ts';

/* Trees of kustomizations: bases, overlays, components and patches, as in the differential test. */

type Data = Record<string, unknown>;
const file = 'kustomization.yaml';
const parse = (text: string): Data => JSON.parse(text) as Data;
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The folders whose kustomization no other names. */
function rootsOf(files: Files): string[] {
  const folders = Object.keys(files)
    .filter((name) => name.endsWith(`/${file}`))
    .map(folderOf);
  const named = new Set(
    folders.flatMap((folder) => {
      const { resources, components } = parse(files[`${folder}/${file}`] ?? '{}');
      return [...list(resources), ...list(components)].map((one) => String(one).replace(/^\.\.\//, ''));
    }),
  );
  return folders.filter((folder) => !named.has(folder));
}

/** The findings, each once, without their wording, which names the overlay. */
const said = ({ findings }: Result, rename = (source: string): string => source): string[] =>
  [
    ...new Set(
      findings.map(({ rule, messageId, at, subject }) =>
        [rule, messageId, rename(at.source), at.start?.line, at.start?.column, subject.kind, subject.name].join(' '),
      ),
    ),
  ].sort();
const unjudged = ({ undetermined }: Result): string[] =>
  [...new Set(undetermined.map(({ rule, subject }) => `${rule} ${subject.kind} ${subject.name}`))].sort();

/** Kustomizations with some fields replaced. */
const changed = (files: Files, change: (root: Data, folder: string) => Data): Record<string, string> =>
  Object.fromEntries(
    Object.entries(files).map(([name, text]) => [
      name,
      name.endsWith(`/${file}`) ? JSON.stringify(change(parse(text), folderOf(name)), null, 1) : text,
    ]),
  );

/** The patches of a kustomization in a separate file. */
function patchesApart(files: Files): Files {
  const more: Record<string, string> = {};
  const moved = changed(files, (root, folder) => ({
    ...root,
    ...(Array.isArray(root['patches'])
      ? {
          patches: (root['patches'] as Data[]).map(({ patch, ...rest }, index) => {
            if (typeof patch !== 'string') return rest;
            more[`${folder}/moved-${index}.yaml`] = patch;
            return { path: `moved-${index}.yaml`, ...rest };
          }),
        }
      : {}),
  }));
  return { ...moved, ...more };
}

const asked = ({ findings }: Result): string[] => [
  ...new Set(findings.map(({ rule, subject }) => `${rule} ${subject.kind} ${subject.name}`)),
];

/** Each folder is a link to one with another name: the findings about the objects in a whole run. */
async function checkLinks(files: Files): Promise<void> {
  const cwd = mkdtempSync(join(tmpdir(), 'ekslint-fuzz-'));
  try {
    mkdirSync(join(cwd, '.git'));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, name)), { recursive: true });
      writeFileSync(join(cwd, name), text);
    }
    const run = async (): Promise<string[]> => {
      const { findings } = await lint({ cwd, paths: ['.'], preset: 'all', config: false, allowIncomplete: true });
      return findings.map(({ rule, resource, location }) =>
        JSON.stringify([rule, resource.kind, resource.name, location.file.replace(/^real-/, ''), location.line]),
      );
    };
    const plain = await run();
    for (const folder of new Set(Object.keys(files).map(folderOf))) {
      renameSync(join(cwd, folder), join(cwd, `real-${folder}`));
      symlinkSync(`real-${folder}`, join(cwd, folder));
    }
    compare('a link in place of a folder changes nothing', plain, await run());
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

export const kustomize = {
  arbitrary: kustomizations as fc.Arbitrary<Files>,
  async check(files: Files): Promise<{ readonly documents: number; readonly findings: number }> {
    const counted = await check(files);
    const plain = await run(files);
    const roots = rootsOf(files);

    const wrapped = Object.fromEntries(
      roots.map((root) => [`over-${root}/${file}`, JSON.stringify({ resources: [`../${root}`] })]),
    );
    compare('an overlay without content changes nothing', said(plain), said(await run({ ...files, ...wrapped })));

    const component = JSON.stringify({ apiVersion: 'kustomize.config.k8s.io/v1alpha1', kind: 'Component' });
    const extended = changed(files, (root, folder) =>
      roots.includes(folder) ? { ...root, components: [...list(root['components']), '../none'] } : root,
    );
    const withNone = await run({ ...extended, [`none/${file}`]: component });
    compare('a component without content changes nothing', asked(plain), asked(withNone));

    const deep = Object.fromEntries(Object.entries(files).map(([name, text]) => [`deep/down/${name}`, text]));
    compare(
      'the folder of it all changes nothing',
      said(plain),
      said(await run(deep), (source) => source.replace('deep/down/', '')),
    );

    const turned = changed(files, (root) => Object.fromEntries(Object.entries(root).toReversed()));
    const first = await run(changed(files, (root) => root));
    compare('the order of keys changes nothing', asked(first), asked(await run(turned)));
    // An object in a file of its own is judged if it matches nothing that it could patch.
    const apart = await run(patchesApart(files));
    const elsewhere = { ...apart, findings: apart.findings.filter(({ at }) => !/\/moved-\d+\.yaml$/.test(at.source)) };
    compare(
      'a file for each patch hides nothing',
      asked(plain).filter((one) => !asked(apart).includes(one)),
      [],
    );
    compare(
      'a file for each patch adds nothing',
      asked(elsewhere).filter((one) => !asked(plain).includes(one)),
      [],
    );

    const missing = changed(files, (root, folder) =>
      roots.includes(folder) ? { ...root, patches: [...list(root['patches']), { path: 'missing.yaml' }] } : root,
    );
    const holed = await run(missing);
    const told = new Set([...asked(holed), ...unjudged(holed)]);
    compare(
      'a patch that is missing hides nothing',
      asked(plain).filter((one) => !told.has(one)),
      [],
    );
    await checkLinks(files);
    return counted;
  },
};
