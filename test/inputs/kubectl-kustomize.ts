import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readInputs } from '#inputs/index.ts';
import { podTemplates } from '#model/pod-templates.ts';
import { kubernetesInput } from '#inputs/kubernetes/input.ts';
import { isRecord } from '#model/shape.ts';
import { type AnyResource, Workspace } from '#model/workspace.ts';
import { findFiles } from '#sources/files.ts';
import { parseAll } from '#syntax/parse.ts';

/** Whether kubectl, the reference for kustomizations, is available. */
export const hasKubectl = spawnSync('kubectl', ['version', '--client'], { encoding: 'utf8' }).status === 0;
if (!hasKubectl && process.env['CI'] === 'true') throw new Error('CI needs kubectl for the differential test');

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** A folder as one workspace, read from disk; with `isWanted`, of the resources of some units. */
export async function workspaceOf(
  folder: string,
  isWanted: (unit: string) => boolean = () => true,
): Promise<Workspace> {
  const { sources, layout } = await findFiles({
    cwd: folder,
    paths: [folder],
    include: [],
    exclude: [],
    fileBytes: 5e6,
    configFolder: undefined,
  });
  const { trees } = await parseAll(sources, () => true);
  const { parts } = await readInputs(trees, podTemplates, layout);
  return new Workspace(
    parts.map((part) => ({ ...part, resources: part.resources.filter(({ belonging }) => isWanted(belonging.unit)) })),
    trees,
  );
}

/**
 * The output of kustomize for a folder, one resource per document; undefined if it fails (a remote base, a generator
 * that needs a file).
 */
export async function kustomized(folder: string): Promise<readonly AnyResource[] | undefined> {
  const child = spawnSync('kubectl', ['kustomize', '--load-restrictor', 'LoadRestrictionsNone', folder], {
    encoding: 'utf8',
    maxBuffer: 1e8,
    env: { PATH: process.env['PATH'] ?? '', https_proxy: 'http://127.0.0.1:9' },
  });
  if (child.status !== 0) return undefined;
  const { trees } = await parseAll([{ id: 'out', path: 'out', text: child.stdout, target: true }], () => true);
  return kubernetesInput(podTemplates).read(
    trees.filter((tree) => tree.root !== null),
    { charts: new Set(), kustomizations: new Set() },
  ).resources;
}

/**
 * Data in a canonical form, whatever the order of keys. Kustomize drops nulls, empty maps, empty labels and annotations
 * and the final line end of a text; it leaves directives about a list in new lists, and orders spread constraints
 * differently if that has no effect.
 */
const sorted = (node: unknown): unknown => {
  if (Array.isArray(node))
    return node.filter((item) => !(isRecord(item) && Object.keys(item).join() === '$patch')).map(sorted);
  if (typeof node !== 'object' || node === null) return typeof node === 'string' ? node.trimEnd() : node;
  const kept = Object.entries(node).filter(
    ([key, value]) =>
      value !== null && !((key === 'annotations' || key === 'labels') && Object.keys(value as object).length === 0),
  );
  const inOrder = (key: string, value: unknown) =>
    key === 'topologySpreadConstraints' && Array.isArray(value) ? asLines(value.map(sorted)) : sorted(value);
  return Object.fromEntries(
    kept.sort(([x], [y]) => (x < y ? -1 : 1)).map(([key, value]) => [key, inOrder(key, value)]),
  );
};

/**
 * An object once it is applied. Kustomize rewrites the subjects of bindings with the accounts they name; rules look for
 * those by both namespaces.
 */
export const facts = ({ object }: AnyResource): unknown => sorted({ ...object, subjects: undefined });

export const asLines = (all: readonly unknown[]): string[] => all.map((one) => JSON.stringify(one)).sort();
