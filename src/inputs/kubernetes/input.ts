import { dig } from '#model/dig.ts';
import { appliesOthers, isUnreadable } from '#model/hidden.ts';
import { groupOf, isNamespaced } from '#model/kinds.ts';
import { podTemplates } from '#model/pod-templates.ts';
import type { Change, ResourceFields } from '#model/resource.ts';
import { push } from '#model/selector.ts';
import { isRecord, text } from '#model/shape.ts';
import { isEncryptedValue } from '#model/sops.ts';
import type { AnyResource } from '#model/workspace.ts';
import type { Note } from '#model/finding.ts';
import { folderOf, type Layout } from '#sources/layout.ts';
import { graft, originOf } from '#syntax/graft.ts';
import { locate, locationAt, parentOf, type Tree } from '#syntax/tree.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';
import type { Input, Parts } from '../input.ts';
import { isJsonPatch, isKustomization, isReplacement, readKustomizations } from '../kustomize/input.ts';
import { buildKustomizations, type Part, type Way } from '../kustomize/build.ts';
import { isConfiguration } from '../kustomize/fields.ts';
import { applied } from './applied.ts';
import { findAssertions } from './assertions.ts';
import { notesOnContents } from './inside.ts';
import { makeResources, type PodTemplates } from './objects.ts';

/** Groups whose documents other inputs read. */
const foreign = ['eksctl.io/', 'kustomize.config.k8s.io/'];

/**
 * The objects of a document. Whatever its kind, a document with `items` is a list for kubectl and for all users of its
 * reader (apimachinery, UnstructuredJSONScheme): only the items are objects, and they may omit their kind. An item that
 * occurs twice through an alias is one object.
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
/**
 * An item of a list that is not a Kubernetes object: the tool that reads it reads no lists, and neither does its input
 * here.
 */
function unreadItem(item: Record<string, unknown>, tree: Tree): Note[] {
  const { kind, apiVersion } = item;
  const isForeign = typeof apiVersion === 'string' && foreign.some((group) => apiVersion.startsWith(group));
  const isTemplate = 'AWSTemplateFormatVersion' in item || (isRecord(item['Resources']) && !isRecord(item['metadata']));
  if (!isForeign && !isTemplate) return [];
  const name = isTemplate ? 'CloudFormation template' : (text(kind) ?? 'document');
  return [
    {
      kind: 'incomplete',
      message: `a ${name} in a list is not judged: write it as a separate document`,
      at: locate(tree, item),
    },
  ];
}
/** Whether kubectl treats a document as a list: whatever its group, and even without an apiVersion. */
const isList = ({ kind, items }: Record<string, unknown>): boolean =>
  typeof kind === 'string' && kind !== '' && Array.isArray(items) && items.some(isRecord);
const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/** The parts of an object that are unknown because of an alias without an anchor. */
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

/**
 * The folder tree that loose files of a folder belong to: upward as long as there is no chart or kustomization, and
 * within one root.
 */
function looseTree(folder: string, crowded: ReadonlySet<string>, roots: ReadonlySet<string> | undefined): string {
  let top = folder;
  while (top !== '' && !roots?.has(top) && !crowded.has(top) && !crowded.has(folderOf(top))) top = folderOf(top);
  return top;
}

/** All folders that contain one of these, at any depth. */
function ancestors(folders: Iterable<string>): Set<string> {
  const found = new Set<string>();
  for (const folder of folders)
    for (let at = folder; ; at = folderOf(at)) {
      found.add(at);
      if (at === '') break;
    }
  return found;
}

/**
 * Files of one folder that define two or more of the same objects are variants of one installation: each is a bundle of
 * its own.
 */
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

/**
 * The resources that an object becomes: one for each way in which kustomizations apply it, otherwise one in the unit
 * that `loose` returns.
 */
function resourcesOf(
  { object, tree, namespaced }: Part,
  ways: readonly Way[],
  loose: () => Pick<ResourceFields, 'belonging' | 'changes'>,
  templates: PodTemplates,
): AnyResource[] {
  const open = unknownParts(object, tree);
  const make = (applied: Pick<ResourceFields, 'belonging'> & Partial<ResourceFields>): AnyResource[] => {
    const changes = open.length > 0 ? [...open, ...(applied.changes ?? [])] : applied.changes;
    return makeResources({ object, tree, namespaced, ...applied, changes }, templates);
  };
  if (ways.length === 0) return make(loose());
  const namespaces = [...new Set(ways.map(({ made }) => text(dig(made.object, 'metadata', 'namespace')) ?? ''))];
  const common = namespaced && namespaces.length === 1 ? (namespaces[0] ?? '') : '';
  return ways.flatMap(({ unit, by, made }) =>
    make({
      object: made.object,
      written: object,
      alias: made.alias,
      changes: made.changes,
      belonging: { unit, bundle: unit },
      variant: ways.length > 1 ? { by, of: ways.length, namespace: common } : undefined,
    }),
  );
}

/**
 * Whether an object could be applied as it is written: a patch of a workload omits what its base defines. `$patch`
 * proves nothing: the API server ignores it, or warns.
 */
function isWhole(object: Record<string, unknown>, templates: PodTemplates): boolean {
  // A partial CRD that an operator generator puts next to its kustomization, usually commented out.
  if (object['kind'] === 'CustomResourceDefinition') return isRecord(dig(object, 'spec', 'names'));
  const template = templates.get(text(object['kind']) ?? '');
  if (!template)
    return (
      !('$patch' in object) ||
      Object.keys(object).some((key) => !['apiVersion', 'kind', 'metadata', '$patch'].includes(key))
    );
  const containers = dig(object, ...template, 'spec', 'containers');
  return (
    Array.isArray(containers) &&
    containers.length > 0 &&
    containers.every((one) => isRecord(one) && typeof one['image'] === 'string')
  );
}

/** Groups of Kubernetes itself: their objects are never the settings of a kustomize plugin. */
const builtIn =
  /^(?:v\d\w*|(?:apps|batch|policy|autoscaling|extensions)\/.*|(?!kustomize\.config\.)[\w.]+\.k8s\.io\/.*)$/;

/** Reads an inline patch of a kustomization. */
function parsePatch(patch: string): unknown[] | undefined {
  const read = splitDocuments({ id: '', path: '', text: patch, target: false }).flatMap((segment) =>
    parseYaml(segment),
  );
  return read.some((tree) => tree.faults.length > 0) ? undefined : read.map((tree) => tree.root);
}

/** Kubernetes manifests and the kustomizations around them. */
export function kubernetesInput(templates: PodTemplates = podTemplates): Input {
  return {
    claims(tree) {
      if (!isRecord(tree.root)) return isJsonPatch(tree) || isReplacement(tree);
      const { apiVersion, kind } = tree.root;
      if (isList(tree.root)) return true;
      if (isKustomization(tree) || isReplacement(tree) || isConfiguration(tree.root)) return true;
      return (
        typeof apiVersion === 'string' &&
        typeof kind === 'string' &&
        !isEncryptedValue(kind) &&
        !foreign.some((group) => apiVersion.startsWith(group))
      );
    },
    read(trees, layout: Layout): Parts {
      const partsOf = new Map<string, Part[]>();
      const parts: Part[] = [];
      const wrapped: Note[] = [];
      for (const tree of trees) {
        if (!isRecord(tree.root)) continue;
        if (!isList(tree.root) && (isKustomization(tree) || isReplacement(tree) || isConfiguration(tree.root)))
          continue;
        for (const object of itemsOf(tree.root, tree)) {
          if (object !== tree.root && tree.source.target) wrapped.push(...unreadItem(object, tree));
          const namespaced = isNamespaced(text(object['kind']) ?? '', groupOf(object['apiVersion']));
          const part = { object, tree, namespaced };
          parts.push(part);
          push(partsOf, tree.source.path, part);
        }
      }
      const { kustomizations, built, deployments } = applied(parts, (given) => {
        const read = readKustomizations(trees, layout, parsePatch, given);
        const texts = parts.length;
        return {
          kustomizations: read,
          built: buildKustomizations(read, (file) => partsOf.get(file) ?? [], { texts, deployments: given }),
        };
      });
      const { listed, laid } = kustomizations;
      const notes: Note[] = [...kustomizations.notes, ...built.notes, ...wrapped];

      /*
       * A file that a kustomization lists is judged, whatever else names it. In other files, an incomplete object, or a
       * patch that changes something, is judged as part of its base; a patch that matches nothing here, and could be
       * applied as it is, is an object.
       */
      const used = new Set([...built.used].map(({ tree }) => tree));
      const isPartial = ({ object, tree }: Part): boolean => {
        const { path } = tree.source;
        // A kustomization may list settings of kustomize's own plugins for another, which takes them from its folder.
        if (listed.has(path)) return laid.has(path) && object['apiVersion'] === 'builtin';
        if (laid.has(path))
          return used.has(tree) || !isWhole(object, templates) || !builtIn.test(text(object['apiVersion']) ?? '');
        return ('$patch' in object || isInPatches(path, layout)) && !isWhole(object, templates);
      };
      const partial = new Set(parts.filter(isPartial));
      /** A note for each document that people asked about. */
      const noteEach = (about: Iterable<Tree>, message: string): void => {
        for (const { source, start } of new Set(about))
          if (source.target) notes.push({ kind: 'partial', message, at: locationAt(source, start, start + 1) });
      };
      noteEach(
        [...[...partial].map(({ tree }) => tree), ...trees.filter((tree) => isJsonPatch(tree) || isReplacement(tree))],
        'kustomize patches are judged with what they change',
      );

      const asserted = findAssertions(trees);
      const compared = new Set(
        parts.filter(({ object, tree: { source } }) => {
          const isOwn = asserted.get(source.path);
          if (isOwn === undefined || listed.has(source.path)) return false;
          return isOwn || !(templates.has(text(object['kind']) ?? '') && isWhole(object, templates));
        }),
      );
      noteEach(
        [...compared].map(({ tree }) => tree),
        'objects that tests only compare or patch with and do not apply (Chainsaw, kuttl) are not judged',
      );

      const whole = parts.filter((part) => !partial.has(part) && !compared.has(part));
      const crowded = ancestors([...layout.charts, ...layout.kustomizations]);
      const variants = findVariants(whole.filter((part) => built.of(part).length === 0));
      const resources = whole.flatMap((part) => {
        const { path, id } = part.tree.source;
        return resourcesOf(
          part,
          built.of(part),
          () => ({
            belonging: releaseOf(part.tree) ?? {
              unit: `tree:${looseTree(folderOf(path), crowded, layout.roots)}`,
              bundle: variants.has(path) ? `file:${path}` : `folder:${folderOf(path)}`,
            },
            // What a patch omits may be in its base, which is not here.
            changes: laid.has(path) ? [{ path: [], by: id, absent: true }] : [],
          }),
          templates,
        );
      });
      const unapplied = new Set(
        deployments.filter((one) => one.body && !built.proven.has(one)).map(({ object }) => object),
      );
      const changed = new Set([...built.proven].map(({ object }) => object).filter((one) => !unapplied.has(one)));
      notes.push(...notesOnContents(resources, changed));
      const gaps = new Map(built.gaps);
      // The first broken file by name is the reason, so that it does not depend on the order of the files.
      const brokenIn = new Map<string, string>();
      const noteBroken = (bundle: string, path: string): void => {
        const known = brokenIn.get(bundle);
        if (known === undefined || path < known) brokenIn.set(bundle, path);
      };
      for (const path of layout.broken ?? []) noteBroken(`folder:${folderOf(path)}`, path);
      for (const { belonging, tree } of resources)
        if (layout.broken?.has(tree.source.path)) noteBroken(belonging.bundle, tree.source.path);
      const foldersApplied = new Set(
        whole.filter((part) => built.of(part).length > 0).map(({ tree }) => folderOf(tree.source.path)),
      );
      for (const { belonging, tree } of resources)
        if (belonging.bundle !== belonging.unit && foldersApplied.has(folderOf(tree.source.path)))
          gaps.set(belonging.bundle, appliesOthers);
      for (const [bundle, path] of brokenIn) gaps.set(bundle, isUnreadable(`a document of ${path}`));
      // If files were left out, no object is known to be missing.
      if (layout.cut !== undefined) for (const { belonging } of resources) gaps.set(belonging.unit, layout.cut);
      return { resources, clusters: [], notes, gaps };
    },
  };
}

/** Everything that a chart creates is applied together. */
const releaseOf = ({ source: { rendered } }: Tree): ResourceFields['belonging'] | undefined =>
  rendered && { unit: `chart:${rendered.release}`, bundle: `chart:${rendered.release}` };

/** Whether a file is in a folder `patches` next to a kustomization. */
const isInPatches = (path: string, { kustomizations }: Layout): boolean => {
  const folder = folderOf(path);
  return folder.slice(folder.lastIndexOf('/') + 1) === 'patches' && kustomizations.has(folderOf(folder));
};
