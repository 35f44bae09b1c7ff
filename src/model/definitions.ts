import type { Segment } from '#syntax/document.ts';
import { parseYaml } from '#syntax/yaml.ts';
import { dig, digList, digRecord } from './dig.ts';
import type { AnyResource } from './workspace.ts';
import type { Schema } from './schema.ts';
import { isRecord, text } from './shape.ts';
import { readStructure } from './structure.ts';

/** The only version of definitions that API servers still accept. */
export const definitionVersion = 'apiextensions.k8s.io/v1';

/** What a CustomResourceDefinition of the input defines for a kind. */
export interface CustomKind {
  readonly file: string;
  /** Version → the schema of its objects; undefined if the definition has none. */
  readonly versions: ReadonlyMap<string, { readonly served: boolean; readonly schema: Schema | undefined }>;
}

function readKind(object: unknown, file: string): CustomKind {
  return {
    file,
    versions: new Map(
      versionsOf(object).map((version) => {
        const schema = dig(version, 'schema', 'openAPIV3Schema');
        return [
          text(version['name']) ?? '',
          {
            served: version['served'] !== false,
            schema: isRecord(schema) ? { type: readStructure(schema), file: '', custom: true } : undefined,
          },
        ];
      }),
    ),
  };
}
const versionsOf = (object: unknown): readonly Record<string, unknown>[] => {
  const versions = dig(object, 'spec', 'versions');
  return digList(versions);
};
const kindOf = (object: unknown): string =>
  `${text(dig(object, 'spec', 'group')) ?? ''}/${text(dig(object, 'spec', 'names', 'kind')) ?? ''}`;

/** Group and kind in a generated text, found without parsing; undefined if it is written in another way. */
function glance({ text: written }: Segment): string | undefined {
  const group = /^ {2}group: ([\w.-]+)$/m.exec(written)?.[1];
  const kind = /^ {4}kind: (\w+)$/m.exec(written)?.[1];
  return group !== undefined && kind !== undefined ? `${group}/${kind}` : undefined;
}
const dataOf = (segment: Segment): unknown => parseYaml(segment)[0]?.root;

/** The custom kinds that the input defines. A definition that was not parsed is read when its kind is looked up. */
export class Definitions {
  readonly #byKind = new Map<string, (() => CustomKind)[]>();

  constructor(parsed: readonly AnyResource[], unparsed: readonly Segment[]) {
    for (const { object, apiVersion, tree } of parsed)
      if (apiVersion === definitionVersion) this.#add(kindOf(object), () => readKind(object, tree.source.id));
    for (const segment of unparsed) {
      const kind = glance(segment);
      const data = kind === undefined ? dataOf(segment) : undefined;
      this.#add(kind ?? kindOf(data), () => readKind(data ?? dataOf(segment), segment.source.id));
    }
  }

  #add(kind: string, read: () => CustomKind): void {
    let known: CustomKind | undefined;
    const once = (): CustomKind => (known ??= read());
    const others = this.#byKind.get(kind);
    if (others) others.push(once);
    else this.#byKind.set(kind, [once]);
  }

  has(group: string, kind: string): boolean {
    return this.#byKind.has(`${group}/${kind}`);
  }
  /** The definitions of a kind; several if the input contains several copies. */
  of(group: string, kind: string): readonly CustomKind[] {
    return (this.#byKind.get(`${group}/${kind}`) ?? []).map((read) => read());
  }
}

/** An error in a CustomResourceDefinition, and its location. */
export interface DefinitionFault {
  readonly what:
    | 'absent'
    | 'root'
    | 'untyped'
    | 'typed'
    | 'open'
    | 'name'
    | 'storage'
    | 'unserved'
    | 'stored'
    | 'webhook'
    | 'unapproved';
  readonly on: object;
  readonly key: string;
  /** The version, field or name in question. */
  readonly about: string;
}

/** Deeper schemas are left to the API server. */
const deepest = 100;
const isTrue = (schema: Readonly<Record<string, unknown>>, key: string): boolean =>
  schema[`x-kubernetes-${key}`] === true;

/**
 * Why a schema is not structural (Kubernetes documentation, Specifying a structural schema). The first error of a
 * version is enough.
 */
function structureFault(
  schema: Readonly<Record<string, unknown>>,
  path: string,
  depth: number,
): DefinitionFault | undefined {
  if (depth > deepest) return undefined;
  const below = (on: unknown, name: string): DefinitionFault | undefined =>
    isRecord(on) ? structureFault(on, `${path}${name}`, depth + 1) : undefined;
  if (
    depth > 0 &&
    typeof schema['type'] !== 'string' &&
    !isTrue(schema, 'int-or-string') &&
    !isTrue(schema, 'preserve-unknown-fields')
  )
    return { what: 'untyped', on: schema, key: 'type', about: path };
  for (const key of ['allOf', 'anyOf', 'oneOf', 'not'] as const) {
    const parts = key === 'not' ? [schema[key]] : Array.isArray(schema[key]) ? (schema[key] as unknown[]) : [];
    for (const part of parts) {
      const fault = isRecord(part) ? junctorFault(part, path, isTrue(schema, 'int-or-string'), depth) : undefined;
      if (fault) return fault;
    }
  }
  const { properties, items, additionalProperties } = schema;
  for (const [name, field] of Object.entries(isRecord(properties) ? properties : {})) {
    // The API server itself defines these.
    if (depth === 0 && (name === 'apiVersion' || name === 'kind' || name === 'metadata')) continue;
    const fault = below(field, `.${name}`);
    if (fault) return fault;
  }
  return below(items, '[]') ?? below(additionalProperties, '[*]');
}

/** Parts of a junction only constrain a value; they do not define it. */
function junctorFault(
  part: Readonly<Record<string, unknown>>,
  path: string,
  isPair: boolean,
  depth: number,
): DefinitionFault | undefined {
  if (depth > deepest) return undefined;
  if (part['type'] !== undefined && part['type'] !== '' && !isPair)
    return { what: 'typed', on: part, key: 'type', about: path };
  const inner: [unknown, string][] = [
    ...Object.entries(digRecord(part, 'properties') ?? {}).map(([name, field]): [unknown, string] => [
      field,
      `.${name}`,
    ]),
    [part['items'], '[]'],
    [part['not'], ''],
    ...(['allOf', 'anyOf', 'oneOf'] as const).flatMap((key) =>
      (Array.isArray(part[key]) ? (part[key] as unknown[]) : []).map((one): [unknown, string] => [one, '']),
    ),
  ];
  for (const [field, name] of inner) {
    const fault = isRecord(field) ? junctorFault(field, `${path}${name}`, isPair && name === '', depth + 1) : undefined;
    if (fault) return fault;
  }
  return undefined;
}

/** Errors in the schemas of a definition. */
export function schemaFaults(object: unknown): DefinitionFault[] {
  return versionsOf(object).flatMap((version): DefinitionFault[] => {
    const name = text(version['name']) ?? '';
    const schema = dig(version, 'schema', 'openAPIV3Schema');
    if (!isRecord(schema)) return [{ what: 'absent', on: version, key: 'schema', about: name }];
    if (schema['type'] !== 'object') return [{ what: 'root', on: schema, key: 'type', about: name }];
    const fault = structureFault(schema, '', 0);
    if (fault) return [{ ...fault, about: fault.about.replace(/^\./, '') }];
    const open =
      isTrue(schema, 'preserve-unknown-fields') && Object.keys(digRecord(schema, 'properties') ?? {}).length === 0;
    return open ? [{ what: 'open', on: schema, key: 'x-kubernetes-preserve-unknown-fields', about: name }] : [];
  });
}

const approval = 'api-approved.kubernetes.io';

/** Inconsistencies in a definition (apiextensions, validation of CustomResourceDefinitions). */
export function consistencyFaults(object: unknown): DefinitionFault[] {
  const spec = digRecord(object, 'spec');
  const metadata = digRecord(object, 'metadata');
  if (!spec || !metadata) return [];
  const faults: DefinitionFault[] = [];
  const [group, plural, name] = [spec['group'], dig(spec, 'names', 'plural'), metadata['name']];
  if (
    typeof group === 'string' &&
    typeof plural === 'string' &&
    typeof name === 'string' &&
    name !== `${plural}.${group}`
  )
    faults.push({ what: 'name', on: metadata, key: 'name', about: `${plural}.${group}` });
  const versions = versionsOf(object);
  const stored = versions.filter((version) => version['storage'] === true);
  if (Array.isArray(spec['versions'])) {
    if (stored.length !== 1) faults.push({ what: 'storage', on: spec, key: 'versions', about: String(stored.length) });
    if (versions.length > 0 && !versions.some((version) => version['served'] === true))
      faults.push({ what: 'unserved', on: spec, key: 'versions', about: '' });
    const [storage] = stored;
    const others = dig(object, 'status', 'storedVersions');
    if (storage?.['served'] === false && Array.isArray(others) && others.some((one) => one !== storage['name']))
      faults.push({ what: 'stored', on: storage, key: 'served', about: text(storage['name']) ?? '' });
  }
  const conversion = digRecord(spec, 'conversion');
  if (conversion?.['strategy'] === 'Webhook' && !isRecord(dig(conversion, 'webhook', 'clientConfig')))
    faults.push({ what: 'webhook', on: conversion, key: 'webhook', about: '' });
  if (
    typeof group === 'string' &&
    /(?:^|\.)(?:k8s|kubernetes)\.io$/.test(group) &&
    (text(dig(metadata, 'annotations', approval)) ?? '') === ''
  )
    faults.push({ what: 'unapproved', on: metadata, key: 'annotations', about: group });
  return faults;
}

/** Whether the parser and the rules about definitions find no error in a definition. */
export function isSound(segment: Segment): boolean {
  const [tree, ...more] = parseYaml(segment);
  const data = tree?.root;
  return (
    more.length === 0 &&
    tree?.faults.length === 0 &&
    isRecord(data) &&
    schemaFaults(data).length === 0 &&
    consistencyFaults(data).length === 0
  );
}
