import cloudformation from '#inputs/cloudformation.ts';
import eksctl from '#inputs/eksctl.ts';
import type { Parts } from '#inputs/input.ts';
import terraform from '#inputs/terraform.ts';
import type { Cluster } from '#model/cluster.ts';
import type { Note } from '#model/finding.ts';
import type { AnyResource } from '#model/workspace.ts';
import { loadHcl } from '#syntax/hcl.ts';
import type { Source, Tree } from '#syntax/tree.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';

const layout = { charts: new Set<string>(), kustomizations: new Set<string>() };
const inputs = [eksctl, cloudformation, terraform];
const parseHcl = await loadHcl();

/** A source for tests. */
export function source(path: string, text: string): Source {
  return { id: path, path, text, target: true };
}

/** The documents of a source. */
export function parse(one: Source): Tree[] {
  return one.path.endsWith('.tf') ? parseHcl(one) : splitDocuments(one).flatMap((segment) => parseYaml(segment));
}

/** Reads files as a run would: each document goes to the one input that claims it. */
export function read(files: Readonly<Record<string, string>>): Required<Omit<Parts, 'gaps' | 'calls'>> {
  const trees = Object.entries(files).flatMap(([path, text]) => parse(source(path, text)));
  const parts = {
    resources: [] as AnyResource[],
    clusters: [] as Cluster[],
    notes: [] as Note[],
    provided: [] as AnyResource[],
  };
  for (const input of inputs) {
    const made = input.read(
      trees.filter((tree) => input.claims(tree)),
      layout,
    );
    parts.resources.push(...made.resources);
    parts.clusters.push(...made.clusters);
    parts.notes.push(...made.notes);
    parts.provided.push(...(made.provided ?? []));
  }
  return parts;
}

/** The only cluster of one file. */
export function readCluster(path: string, text: string): Cluster {
  const { clusters } = read({ [path]: text });
  const [cluster] = clusters;
  if (!cluster || clusters.length !== 1) throw new Error(`${clusters.length} clusters`);
  return cluster;
}

/** Touches every fact and its place. */
export function touch(value: unknown, depth = 0): void {
  if (typeof value !== 'object' || value === null || depth > 6) return;
  if ('at' in value) void (value as { at: unknown }).at;
  if ('items' in value && Array.isArray(value.items)) for (const item of value.items) touch(item, depth + 1);
  for (const [key, child] of Object.entries(value))
    if (!['tree', 'object', 'at'].includes(key)) touch(child, depth + 1);
}
