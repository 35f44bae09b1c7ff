import { dig } from '#model/dig.ts';
import { groupOf, isNamespaced, kindName } from '#model/kinds.ts';
import { type Belonging, type Change, podTemplates, Resource, type ResourceFields, Workload } from '#model/resource.ts';
import { isRecord, text } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import type { Note } from '#model/finding.ts';
import { folderOf, type Layout } from '#sources/layout.ts';
import { graft, originOf } from '#syntax/graft.ts';
import { parentOf, type Tree } from '#syntax/tree.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';
import type { Input, Parts } from './input.ts';
import { isJsonPatch, isKustomization, isReplacement, readKustomizations, type Way } from './kustomize.ts';

/** Groups whose documents other inputs read. */
const foreign = /^(eksctl\.io|kustomize\.config\.k8s\.io)\//;

/**
 * The objects of a document. Whatever its kind, one with `items` is a list to kubectl and to all that uses its reader (apimachinery,
 * UnstructuredJSONScheme): only the items are objects, and they may leave out their kind. An item that stands there twice, by alias, is
 * one object.
 */
function itemsOf(document: Record<string, unknown>, tree: Tree): Record<string, unknown>[] {
  const found = new Set<Record<string, unknown>>();
  const lists = new Set<unknown>();
  const visit = (object: Record<string, unknown>): void => {
    const { kind, apiVersion, items } = object;
    if (items !== null && !Array.isArray(items)) {
      found.add(object);
      return;
    }
    if (lists.has(items)) return;
    lists.add(items);
    for (const item of new Set(items)) {
      if (!isRecord(item)) continue;
      if (isGiven(item['kind']) || isGiven(item['apiVersion'])) visit(item);
      else
        found.add(
          graft(
            Object.assign(Object.create(null), item, { apiVersion, kind: text(kind)?.replace(/List$/, '') }) as Record<
              string,
              unknown
            >,
            { tree, on: item },
          ),
        );
    }
  };
  visit(document);
  return [...found];
}
const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/** The parts of an object that an alias without an anchor leaves open. */
function unknownParts(object: object, tree: Tree): Change[] {
  return (tree.unknown ?? []).flatMap(({ on, key }) => {
    const path = key === undefined ? [] : [String(key)];
    const top = originOf(tree, object).on;
    for (let at: object = on; at !== top;) {
      const up = parentOf(tree, at);
      if (!up) return [];
      path.unshift(String(up.key));
      at = up.parent;
    }
    return [{ path, by: 'an alias without an anchor' }];
  });
}

/** The folder tree that loose files of a folder belong to: upwards as long as no chart or kustomization lies beside, and within one root. */
function looseTree(folder: string, crowded: ReadonlySet<string>, roots: ReadonlySet<string> | undefined): string {
  let top = folder;
  while (top !== '' && !roots?.has(top) && !crowded.has(top) && !crowded.has(folderOf(top))) top = folderOf(top);
  return top;
}

/** All folders that have one of these in them or below. */
function ancestors(folders: Iterable<string>): Set<string> {
  const found = new Set<string>();
  for (const folder of folders)
    for (let at = folder; ; at = folderOf(at)) {
      found.add(at);
      if (at === '') break;
    }
  return found;
}

/** One object of the files. */
interface Part {
  readonly object: Record<string, unknown>;
  readonly tree: Tree;
}

/** Files of one folder that define two or more of the same objects are variants of one installation: each is a bundle of its own. */
function findVariants(parts: readonly Part[]): Set<string> {
  const filesOf = new Map<string, Set<string>>();
  for (const { object, tree } of parts) {
    const metadata = isRecord(object['metadata']) ? object['metadata'] : {};
    const key = [
      folderOf(tree.source.path),
      ...[object['apiVersion'], object['kind'], metadata['namespace'], metadata['name']].map(
        (part) => text(part) ?? '',
      ),
    ].join('\n');
    const files = filesOf.get(key) ?? new Set<string>();
    filesOf.set(key, files.add(tree.source.path));
  }
  const shared = new Map<string, number>();
  const variants = new Set<string>();
  for (const files of filesOf.values()) {
    if (files.size < 2 || files.size > 50) continue;
    const sorted = [...files].sort();
    for (const [i, a] of sorted.entries())
      for (const b of sorted.slice(i + 1)) {
        const count = (shared.get(`${a}\n${b}`) ?? 0) + 1;
        shared.set(`${a}\n${b}`, count);
        if (count >= 2) variants.add(a).add(b);
      }
  }
  return variants;
}

/** Resources that kustomizations may make of a run's objects; nobody applies as many. */
const mostApplied = 200_000;

/** The resources that an object becomes: one for each way in which kustomizations apply it, else one that lies where `loose` says. */
function resourcesOf(
  { object, tree }: Part,
  ways: readonly Way[],
  loose: () => Belonging,
  templates: ReadonlyMap<string, readonly string[]>,
): AnyResource[] {
  const kind = text(object['kind']) ?? '';
  const group = groupOf(object['apiVersion']);
  const namespaced = isNamespaced(kind, group);
  const template = templates.get(kindName(kind, group));
  const open = unknownParts(object, tree);
  const make = (applied: Pick<ResourceFields, 'belonging'> & Partial<ResourceFields>): AnyResource => {
    const changes = open.length > 0 ? [...open, ...(applied.changes ?? [])] : applied.changes;
    const fields: ResourceFields = { object, tree, namespaced, ...applied, changes };
    return template ? new Workload(fields, template) : new Resource(fields);
  };
  if (ways.length === 0) return [make({ belonging: loose() })];

  const applied = ways.flatMap((way) => {
    const made = way.apply(object, tree, namespaced);
    return made ? [{ way, made, namespace: text(dig(made.object, 'metadata', 'namespace')) ?? '' }] : [];
  });
  const namespaces = [...new Set(applied.map((one) => one.namespace))];
  const common = namespaced && namespaces.length === 1 ? (namespaces[0] ?? '') : '';
  return applied.map(({ way, made }) =>
    make({
      object: made.object,
      written: object,
      alias: made.alias,
      changes: made.changes,
      belonging: { unit: way.unit, bundle: way.unit },
      variant: applied.length > 1 ? { by: way.by, of: applied.length, namespace: common } : undefined,
    }),
  );
}

/** Kubernetes manifests and the kustomizations around them. */
export function kubernetesInput(templates: ReadonlyMap<string, readonly string[]> = podTemplates): Input {
  return {
    id: 'kubernetes',
    claims(tree) {
      if (!isRecord(tree.root)) return isJsonPatch(tree) || isReplacement(tree);
      const { apiVersion, kind } = tree.root;
      if (isKustomization(tree) || isReplacement(tree)) return true;
      return typeof apiVersion === 'string' && typeof kind === 'string' && !foreign.test(apiVersion);
    },
    read(trees, layout: Layout): Parts {
      const kustomizations = readKustomizations(trees, layout, (patch) => {
        const read = splitDocuments({ id: '', path: '', text: patch, target: false }).flatMap((segment) =>
          parseYaml(segment),
        );
        return read.some((tree) => tree.faults.length > 0) ? undefined : read.map((tree) => tree.root);
      });
      const notes: Note[] = [...kustomizations.notes];

      const parts: Part[] = [];
      let partial = 0;
      for (const tree of trees) {
        if (isKustomization(tree)) continue;
        const root = tree.root as Record<string, unknown>;
        if (
          kustomizations.patchFiles.has(tree.source.path) ||
          isJsonPatch(tree) ||
          isReplacement(tree) ||
          '$patch' in root
        )
          partial += tree.source.target ? 1 : 0;
        else parts.push(...itemsOf(root, tree).map((object) => ({ object, tree })));
      }
      if (partial > 0)
        notes.push({ kind: 'partial', message: 'kustomize patches, judged with what they change', count: partial });

      const crowded = ancestors([...layout.charts, ...layout.kustomizations]);
      const loose = parts.filter(({ tree }) => kustomizations.of(tree.source.path).length === 0);
      const variants = findVariants(loose);
      let { cut } = kustomizations;
      let count = 0;
      const resources = parts.flatMap((part) => {
        const { path } = part.tree.source;
        const ways = kustomizations.of(path);
        count += ways.length;
        if (count > mostApplied) cut = true;
        return resourcesOf(
          part,
          count > mostApplied ? ways.slice(0, 1) : ways,
          () => ({
            unit: `tree:${looseTree(folderOf(path), crowded, layout.roots)}`,
            bundle: variants.has(path) ? `file:${path}` : `folder:${folderOf(path)}`,
          }),
          templates,
        );
      });
      if (cut)
        notes.push({
          kind: 'incomplete',
          message:
            'kustomizations include one another so often that not every way in which objects are applied was followed',
        });
      return { resources, clusters: [], notes, gaps: kustomizations.gaps };
    },
  };
}
