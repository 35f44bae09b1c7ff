import type { Note } from '#model/finding.ts';
import { groupOf, isNamespaced } from '#model/kinds.ts';
import type { Change, Variant } from '#model/resource.ts';
import { isRecord } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import type { Dialect, Field } from '#spelling/field.ts';
import { folderOf } from '#sources/layout.ts';
import { Call, Expression } from '#syntax/hcl.ts';
import { embed, plainData, type PodTemplates, type Shape, unknownFields } from '../kubernetes/objects.ts';
import { documentsOf, markOf } from './embedded-text.ts';
import { convert, entriesOf, types } from './kubernetes-spelling.ts';

/* Kubernetes objects that Terraform applies: the resources of the Kubernetes provider, and manifests in HCL or YAML. */

/** What is found in the files of one use of a folder. */
export interface Found {
  readonly resources: AnyResource[];
  readonly notes: Note[];
  /** The unit of the objects, and why it holds more than what was read. */
  readonly gaps: ReadonlyMap<string, string>;
}

/** A path below a resource of the Kubernetes provider; indexes are those of blocks, which are there once. */
const referred = /^(kubernetes_\w+)\.([\w-]+)((?:\.[\w-]+|\[\d+\])+)$/;

/** The unit of what is applied together: the folder that Terraform runs in. `outermost` is the first call that leads to an object, or its own block. */
export const unitAt = ({ tree }: Field): string => `terraform:${folderOf(tree.source.path)}`;

/** What holds the blocks of one use of a folder, or of a plan. */
export interface Blocks {
  readonly dialect: Dialect;
  readonly calls: readonly Field[];
  blocks(kind: 'resource', type: string): readonly (readonly [label: string, block: Field])[];
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
    const found = known.get(type) ?? scope.blocks('resource', type);
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

  /** What a reference to another object of these files leads to: its name, its labels, ... */
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
    mark({ found }) {
      if (found instanceof Call && found.name === '"' && found.text.startsWith('"')) return found.text.slice(1, -1);
      return markOf(found instanceof Expression ? found.text : '');
    },
  };

  /** The objects that a field stands for, each with the shape to read it in; undefined where that is not known. */
  const objectsOf = (field: Field): readonly (readonly [Field, Shape])[] | undefined => {
    const { raw } = field.source;
    // What lies in a text has places there.
    if (raw instanceof Call && /^(yaml|json)(decode|encode)$/.test(raw.name))
      return objectsOf(follow(field.source.within(raw.args, 0))) ?? (field.map ? [[field, shape]] : undefined);
    if (field.map) return [[field, shape]];
    return documentsOf(field, follow)?.map(
      ([document, text]) =>
        [document, { ...shape, follow: (one: Field) => one, mark: (one: Field) => text.mark(one.found) }] as const,
    );
  };
  /** A manifest that lies in a file of its own is judged there. */
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
            message: `${type}.${label} is not judged: its object is not known before Terraform runs`,
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
  for (const [, block] of blocksOf('helm_release'))
    gaps.set(unitOf(block), 'a chart that Terraform installs may make more');
  notes.push(...unknownFields(resources, 'before Terraform runs'));
  return { resources, notes, gaps };
}
