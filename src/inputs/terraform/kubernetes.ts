import { chartMayMakeMore } from '#model/hidden.ts';
import type { Component } from '#model/component.ts';
import type { Note } from '#model/finding.ts';
import { groupOf, isNamespaced } from '#model/kinds.ts';
import type { Change, Variant } from '#model/resource.ts';
import { isRecord } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import type { Dialect, Field } from '#spelling/field.ts';
import { folderOf } from '#sources/layout.ts';
import { Call, Expression } from '#syntax/hcl.ts';
import { embed, plainData, type PodTemplates, type Shape, unknownFields } from '../kubernetes/objects.ts';
import { install, type Installed } from '../helm/release.ts';
import { layered, valueAt } from '../helm/values.ts';
import { documentsOf, markOf } from './embedded-text.ts';
import { convert, entriesOf, types } from './kubernetes-spelling.ts';
import { switchedComponents } from './modules/blueprints.ts';

/* Kubernetes objects that Terraform applies: the resources of the Kubernetes provider, and manifests in HCL or YAML. */

/** What is found in one use of a folder's files. */
export interface Found {
  readonly resources: AnyResource[];
  readonly notes: Note[];
  /** The unit of the objects, and why it contains more than what was read. */
  readonly gaps: ReadonlyMap<string, string>;
  /** What charts create, without anything to judge. */
  readonly provided: readonly AnyResource[];
  readonly components: readonly Component[];
}

/** A path below a resource of the Kubernetes provider; its indexes are those of blocks, which occur once. */
const referred = /^(kubernetes_\w+)\.([\w-]+)((?:\.[\w-]+|\[\d+\])+)$/;

/**
 * The unit of what is applied together: the folder that Terraform runs in. `outermost` is the first call that leads to
 * an object, or its own block.
 */
export const unitAt = ({ tree }: Field): string => `terraform:${folderOf(tree.source.path)}`;

/** What contains the blocks of one use of a folder, or of a plan. */
export interface Blocks {
  readonly dialect: Dialect;
  readonly calls: readonly Field[];
  blocks(kind: 'resource' | 'module', type?: string): readonly (readonly [label: string, block: Field])[];
}

/** The values of a release from the first to the last: documents, then single values (Helm provider, helm_release). */
function valuesOf(block: Field, documentOf: (field: Field) => Field | undefined): Field[] {
  const documents = block.get('values');
  const layers = documents.items().map((one) => documentOf(one) ?? one.doubted(one.why ?? 'the values are not a map'));
  const doubt = documents.why ?? documents.rest;
  if (doubt !== undefined) layers.push(documents.doubted(doubt));
  for (const key of ['set', 'set_list', 'set_sensitive', 'set_wo']) {
    // Blocks, or since version 3 of the provider a list.
    const all = block.get(key);
    for (const one of all.map ? [all] : all.items()) {
      const value = one.get('value');
      const path = one.get('name').value;
      const single = typeof path === 'string' ? valueAt(path, value) : one.doubted('the name of a value is not known');
      if (single) layers.push(single);
    }
    const open = all.why ?? all.rest;
    if (open !== undefined) layers.push(all.doubted(open));
  }
  return layers;
}

/** Reads the objects of one scope. */
export function readKubernetes(
  { scope, variant }: { readonly scope: Blocks; readonly variant: Variant | undefined },
  templates?: PodTemplates,
): Found {
  const resources: AnyResource[] = [];
  const notes: Note[] = [];
  const gaps = new Map<string, string>();
  const unitOf = (block: Field): string => unitAt(scope.calls[0] ?? block);
  const known = new Map<string, readonly (readonly [label: string, block: Field])[]>();
  const blocksOf = (type: string): readonly (readonly [label: string, block: Field])[] => {
    const found = known.get(type) ?? (type === 'module' ? scope.blocks('module') : scope.blocks('resource', type));
    known.set(type, found);
    return found;
  };
  const labels = new Map<string, Field>();
  const indexed = new Set<string>();
  const blockOf = (type: string, label: string): Field | undefined => {
    if (!indexed.has(type)) for (const [name, block] of blocksOf(type)) labels.set(`${type}.${name}`, block);
    indexed.add(type);
    return labels.get(`${type}.${label}`);
  };

  /** What a reference to another object in these files stands for: its name, its labels, ... */
  const follow = (field: Field, steps = 0): Field => {
    const { found } = field;
    if (field.why === undefined || !(found instanceof Expression) || !field.isHome(scope.dialect) || steps > 20)
      return field;
    const [, type = '', label, path = ''] = referred.exec(found.text) ?? [];
    const block = label === undefined ? undefined : blockOf(type, label);
    if (!block) return field;
    const keys =
      path === '.id' ? ['metadata', 'name'] : [...path.matchAll(/\.([A-Za-z_][\w-]*)/g)].map(([, key]) => key);
    const target = keys.reduce<Field>((at, key = '') => at.single.get(key), block);
    return target.absent ? field : follow(target, steps + 1);
  };
  const shape: Shape = {
    entries: (field) => field.entries(),
    scalar: (value) => value,
    follow: (field) => follow(field),
    mark({ found, parts }) {
      if (found instanceof Call && found.name === '"' && found.text.startsWith('"')) return found.text.slice(1, -1);
      const [only, ...others] = parts;
      const hole = others.length === 0 && typeof only === 'object' ? only.found : undefined;
      const text = [found, hole].find((one) => one instanceof Expression)?.text;
      return markOf(text ?? '');
    },
  };

  /** The objects that a field stands for, each with the shape to read it in; undefined if unknown. */
  const objectsOf = (field: Field): readonly (readonly [Field, Shape])[] | undefined => {
    const { raw } = field.source;
    // Content of a string has its locations there.
    if (raw instanceof Call && /^(yaml|json)(decode|encode)$/.test(raw.name))
      return objectsOf(follow(field.source.within(raw.args, 0))) ?? (field.map ? [[field, shape]] : undefined);
    if (field.map) return [[field, shape]];
    return documentsOf(field, follow)?.map(
      ([document, text]) => [document, { ...shape, mark: (one: Field) => text.mark(one.found) }] as const,
    );
  };
  /** A manifest in a file of its own is judged there. */
  const isInFile = (field: Field): boolean => {
    const { raw } = field.source;
    if (!(raw instanceof Call)) return false;
    if (/^(file|templatefile)$/.test(raw.name)) return /\.(ya?ml|json)"?\s*[,)]/.test(raw.text);
    return /^(yaml|json)decode$/.test(raw.name) && isInFile(field.source.within(raw.args, 0));
  };

  for (const [type, argument] of [
    ['kubernetes_manifest', 'manifest'],
    ['kubectl_manifest', 'yaml_body'],
  ] as const)
    for (const [label, block] of blocksOf(type)) {
      const body = block.get(argument);
      const objects = isInFile(body) ? undefined : objectsOf(body);
      if (!objects) {
        gaps.set(unitOf(block), `the object of ${type}.${label} is not known`);
        if (!isInFile(body))
          notes.push({
            kind: 'partial',
            message: `${type} whose object is not known before Terraform runs, not judged`,
            at: body.at(),
          });
      }
      for (const [document, reading] of objects ?? []) {
        const changes: Change[] = [];
        const object = plainData(document, reading, changes);
        const namespace = follow(block.get('override_namespace'));
        if (!namespace.absent) changes.push({ path: ['metadata', 'namespace'], by: 'override_namespace' });
        if (isRecord(object)) resources.push(...embed(object, block, changes, unitOf(block), { templates, variant }));
      }
    }
  for (const [type, [apiVersion, kind]] of Object.entries(types))
    for (const [, block] of blocksOf(type)) {
      const changes: Change[] = [];
      const namespaced = isNamespaced(kind, groupOf(apiVersion));
      const data = plainData(
        block,
        {
          ...shape,
          entries: (field, path) => entriesOf(field, path, { kind, namespaced }),
          scalar: (value, path) => convert(value, path, kind),
        },
        changes,
      );
      if (!isRecord(data)) continue;
      data['apiVersion'] = apiVersion;
      data['kind'] = kind;
      resources.push(...embed(data, block, changes, unitOf(block), { templates, variant, typed: true }));
    }
  const charts: Installed = { components: [], resources, provided: [] };
  for (const [, block] of blocksOf('helm_release')) {
    const unit = unitOf(block);
    gaps.set(unit, chartMayMakeMore);
    const namespace = block.get('namespace');
    const release = {
      whole: block,
      chart: block.get('chart'),
      name: block.get('name'),
      namespace: namespace.absent ? namespace.filled('default') : namespace,
      version: block.get('version'),
      values: layered(
        block,
        valuesOf(block, (field) => objectsOf(field)?.[0]?.[0]),
      ),
      unit,
    };
    install(release, charts, { shape, templates, variant });
  }
  for (const [label, block] of blocksOf('module'))
    charts.components.push(...switchedComponents(label, block, unitOf(block)));
  notes.push(...unknownFields(resources, 'before Terraform runs'));
  return { ...charts, notes, gaps };
}
