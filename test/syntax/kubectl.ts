import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubernetesInput } from '#inputs/kubernetes/input.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';

/**
 * The result of one reader for one text: its objects in order, and whether it rejects the text (kubectl does at its
 * first error).
 */
export interface Read {
  readonly objects: readonly unknown[];
  readonly refused: boolean;
}

const kubectl = (...args: string[]) =>
  spawnSync('kubectl', args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, KUBECONFIG: '/dev/null' },
  });

/** Why kubectl cannot be asked; undefined if it can. */
export const whyNoKubectl: string | undefined =
  kubectl('version', '--client').status === 0 ? undefined : 'kubectl is not on the PATH';

const endMark = 'end-of-text';
const isMark = (object: unknown): boolean => (object as { metadata?: { name?: unknown } }).metadata?.name === endMark;

/** JSON objects in a row, as kubectl prints them. */
function inRow(text: string): unknown[] {
  const objects: unknown[] = [];
  // kubectl indents by four, so only the last line of an object is a brace without indentation.
  for (const part of text.split(/(?<=^\})\n/m)) if (part.trim() !== '') objects.push(JSON.parse(part));
  return objects;
}

/** An object without what `kubectl annotate` adds: an empty map of annotations. */
function bare(object: unknown): unknown {
  const { metadata, ...rest } = object as { metadata?: { annotations?: object } };
  const { annotations, ...others } = metadata ?? {};
  const kept = annotations && Object.keys(annotations).length > 0 ? { annotations, ...others } : others;
  return Object.keys(kept).length > 0 ? { ...rest, metadata: kept } : rest;
}

/**
 * What kubectl reads from many texts, in one call if possible: `annotate --local` works without a server and prints
 * each object. A text that makes kubectl stop altogether is found by the mark after it, which is then missing.
 */
export function readWithKubectl(texts: readonly string[]): Read[] {
  const folder = mkdtempSync(join(tmpdir(), 'ekslint-kubectl-'));
  const found: Read[] = [];
  try {
    const mark = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${endMark}}\n`;
    for (let from = 0; from < texts.length;) {
      const batch = mkdtempSync(join(folder, 'batch-'));
      texts.slice(from).forEach((text, i) => {
        const name = String(i).padStart(6, '0');
        writeFileSync(join(batch, `${name}-a.yaml`), text);
        writeFileSync(join(batch, `${name}-b.yaml`), mark);
      });
      const { stdout, stderr } = kubectl('annotate', '--local', '-o', 'json', '-f', batch, 'x-');
      const refused = new Set([...stderr.matchAll(/(\d{6})-a\.yaml/g)].map(([, name]) => Number(name)));
      let objects: unknown[] = [];
      let at = 0;
      for (const object of inRow(stdout)) {
        if (!isMark(object)) objects.push(bare(object));
        else {
          found.push({ objects, refused: refused.has(at) });
          objects = [];
          at++;
        }
      }
      from += at;
      // Stopped in the middle: that text is rejected, and the next call starts after it.
      if (from < texts.length) {
        found.push({ objects, refused: true });
        from++;
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return found;
}

/** The same text as ekslint reads it. */
export function readOurselves(text: string): Read {
  const trees = splitDocuments({ id: 'x.yaml', path: 'x.yaml', text, target: true }).flatMap((segment) =>
    parseYaml(segment),
  );
  const input = kubernetesInput();
  const { resources } = input.read(
    trees.filter((tree) => input.claims(tree)),
    { charts: new Set(), kustomizations: new Set() },
  );
  return {
    objects: resources.map((resource) => bare(JSON.parse(JSON.stringify(resource.object)))),
    refused: trees.some((tree) => tree.faults.some((fault) => fault.code !== 'duplicate-key')),
  };
}
