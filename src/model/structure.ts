import type { Definition, Type } from './schema.ts';
import { isRecord, texts } from './shape.ts';

/** The part of a quantity's pattern that every definition with a quantity has (apimachinery, Quantity). */
const quantity = /^\^\(\\\+\|-\)\?\(\(\[0-9\]/;

/** Fields that an object itself has, wherever it is. */
const ownFields = { apiVersion: 's', kind: 's', metadata: 'meta.v1#ObjectMeta' } as const;

/**
 * The compact form of a structural schema (`openAPIV3Schema` of a CustomResourceDefinition). Conditions, limits and
 * patterns are left out: untrusted patterns may take forever.
 */
export function readStructure(schema: unknown): Type {
  const type = typeOf(schema);
  const top: Definition = typeof type === 'object' && 'p' in type ? type : { p: {}, o: true };
  return { ...top, p: { ...top.p, ...ownFields } };
}

function typeOf(schema: unknown): Type {
  if (!isRecord(schema)) return '*';
  const type = withoutNull(schema);
  // A null in a field with a default is dropped before the default is set (apiextensions, PruneNonNullableDefaults).
  return type !== '*' && (schema['nullable'] === true || schema['default'] !== undefined) ? { t: type } : type;
}

function withoutNull(schema: Readonly<Record<string, unknown>>): Type {
  const { type, pattern, items } = schema;
  if (schema['x-kubernetes-int-or-string'] === true)
    return typeof pattern === 'string' && quantity.test(pattern) ? 'q' : 'is';
  const keeps = schema['x-kubernetes-preserve-unknown-fields'] === true;
  switch (type) {
    case 'string': {
      const choices = schema['enum'];
      return Array.isArray(choices) && choices.every((one) => typeof one === 'string') ? { e: choices } : 's';
    }
    case 'integer':
      return 'j';
    case 'number':
      return 'n';
    case 'boolean':
      return 'b';
    case 'array': {
      const keys = texts(schema['x-kubernetes-list-map-keys'] as string[] | undefined);
      const kind = schema['x-kubernetes-list-type'];
      return {
        l: typeOf(items),
        ...(kind === 'map' && keys.length > 0 ? { k: keys } : {}),
        ...(kind === 'set' ? { u: true as const } : {}),
      };
    }
    case 'object':
      return mapOf(schema, keeps);
    default:
      return '*';
  }
}

function mapOf(schema: Readonly<Record<string, unknown>>, keeps: boolean): Type {
  const { properties, additionalProperties: free } = schema;
  if (!isRecord(properties) && !keeps && (isRecord(free) || free === true))
    return { m: isRecord(free) ? typeOf(free) : '*' };
  const fields = isRecord(properties) ? properties : {};
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  const required = texts(schema['required'] as string[] | undefined).filter((name) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return !isRecord(field) || field['default'] === undefined;
  });
  return {
    p: {
      ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, typeOf(field)])),
      ...(embedded ? ownFields : {}),
    },
    ...(required.length > 0 ? { r: required } : {}),
    ...(keeps || isRecord(free) ? { o: true as const } : {}),
  };
}
