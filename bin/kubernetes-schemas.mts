/** `npm run gen:kubernetes`: writes schemas/kubernetes from the OpenAPI documents of a running kube-apiserver. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Type } from '../src/model/schema.ts';
import { type ApiServer, startApiServer, whyNoApiServer } from '../test/parts/kube-apiserver.ts';

/** The parts of an OpenAPI schema that say what an object may contain. */
interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[];
}
interface Document {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const root = join(import.meta.dirname, '..');
const folder = join(root, 'schemas/kubernetes');

/** `io.k8s.api.core.v1.PodSpec` → file `core.v1`, name `PodSpec`. */
function partsOf(name: string): { readonly file: string; readonly type: string } {
  const steps = name.split('.');
  return { file: steps.slice(-3, -1).join('.'), type: steps.at(-1) ?? '' };
}
const fileOf = (ref: string): string => partsOf(ref.slice('#/components/schemas/'.length)).file;

/** The form that src/model/schema.ts reads. */
function compact(schema: Schema): Type {
  const ref = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (ref !== undefined) {
    const { type } = partsOf(ref.slice('#/components/schemas/'.length));
    const wellKnown: Readonly<Record<string, Type>> = {
      CustomResourceSubresourceStatus: { p: {} },
      Quantity: 'q',
      IntOrString: 'is',
      Time: 't',
      MicroTime: 't',
      RawExtension: '*',
      FieldsV1: '*',
      JSON: '*',
    };
    return wellKnown[type] ?? `${fileOf(ref)}#${type}`;
  }
  if (schema.enum && schema.enum.length > 0) return { e: [...schema.enum].sort() };
  if (schema.type === 'array') {
    const keys = schema['x-kubernetes-list-map-keys'];
    return {
      l: compact(schema.items ?? {}),
      ...(keys ? { k: keys } : {}),
      ...(schema['x-kubernetes-list-type'] === 'set' ? { u: true } : {}),
    };
  }
  if (schema.type === 'object')
    return typeof schema.additionalProperties === 'object' ? { m: compact(schema.additionalProperties) } : '*';
  if (schema.type === 'string') return schema.format === 'byte' ? 'x' : schema.format === 'date-time' ? 't' : 's';
  if (schema.type === 'integer') return schema.format === 'int32' ? 'i' : 'j';
  if (schema.type === 'number') return 'n';
  if (schema.type === 'boolean') return 'b';
  return '*';
}

/** Fields that accept a number or a percentage of pods. */
const shares = new Set(['maxSurge', 'maxUnavailable', 'minAvailable']);
const accessModes = { e: ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'] };
/** Values that the API server allows without saying so in its OpenAPI documents (Kubernetes API reference). */
const choices: Readonly<Record<string, Type>> = {
  accessModes: { l: accessModes },
  fsGroupPolicy: { e: ['File', 'None', 'ReadWriteOnceWithFSType'] },
};

/** Types whose description says nothing beyond their name. */
const isDefinition = (schema: Schema): boolean => schema.type === 'object' && schema.properties !== undefined;

/** Kinds whose objects are lists of others: only the items are objects. */
const isList = (type: string, schema: Schema): boolean =>
  type.endsWith('List') && schema.properties?.['items'] !== undefined;

/**
 * Fields that the OpenAPI documents call required although the API server does not, and fields that it requires without
 * saying so there. Found by removing each field of valid objects (test/parts/schemas.test.ts).
 */
const notMissed: Readonly<Record<string, readonly string[]>> = {
  'apiextensions.v1#CustomResourceDefinitionVersion': ['served'],
  'batch.v1#PodFailurePolicy': ['rules'],
  'core.v1#HTTPHeader': ['value'],
  'core.v1#LimitRangeSpec': ['limits'],
  'core.v1#PreferredSchedulingTerm': ['preference'],
  'core.v1#SleepAction': ['seconds'],
  'core.v1#Sysctl': ['value'],
  'core.v1#TypedLocalObjectReference': ['kind', 'name'],
  'core.v1#TypedObjectReference': ['kind', 'name'],
  'rbac.v1#RoleRef': ['apiGroup'],
  'storage.v1#CSIDriver': ['spec'],
};
const alsoMissed: Readonly<Record<string, readonly string[]>> = {
  'admissionregistration.v1#NamedRuleWithOperations': ['apiGroups', 'apiVersions', 'operations', 'resources'],
  'admissionregistration.v1#RuleWithOperations': ['apiGroups', 'apiVersions', 'operations', 'resources'],
  'admissionregistration.v1#ValidatingAdmissionPolicySpec': ['matchConstraints'],
  'apiregistration.v1#APIServiceSpec': ['version'],
  'apiregistration.v1#ServiceReference': ['name', 'namespace'],
  'apps.v1#Deployment': ['spec'],
  'apps.v1#DaemonSet': ['spec'],
  'apps.v1#ReplicaSet': ['spec'],
  'apps.v1#ReplicaSetSpec': ['template'],
  'apps.v1#StatefulSet': ['spec'],
  'batch.v1#CronJob': ['spec'],
  'batch.v1#Job': ['spec'],
  'batch.v1#JobTemplateSpec': ['spec'],
  'core.v1#ConfigMapEnvSource': ['name'],
  'core.v1#ConfigMapKeySelector': ['name'],
  'core.v1#Container': ['image'],
  'core.v1#EphemeralContainer': ['image'],
  'core.v1#ExecAction': ['command'],
  'core.v1#PersistentVolume': ['spec'],
  'core.v1#PersistentVolumeClaim': ['spec'],
  'core.v1#PersistentVolumeSpec': ['accessModes', 'capacity'],
  'core.v1#Pod': ['spec'],
  'core.v1#PodDNSConfigOption': ['name'],
  'core.v1#PodTemplate': ['template'],
  'core.v1#PodTemplateSpec': ['spec'],
  'core.v1#ReplicationController': ['spec'],
  'core.v1#ReplicationControllerSpec': ['template'],
  'core.v1#SecretEnvSource': ['name'],
  'core.v1#SecretKeySelector': ['name'],
  'core.v1#Service': ['spec'],
  'core.v1#VolumeNodeAffinity': ['required'],
  'networking.v1#IngressClass': ['spec'],
  'networking.v1#IngressClassSpec': ['controller'],
  'networking.v1#ServiceCIDR': ['spec'],
  'networking.v1#ServiceCIDRSpec': ['cidrs'],
  'rbac.v1#AggregationRule': ['clusterRoleSelectors'],
  'resource.v1#DeviceSelector': ['cel'],
  'storage.v1#VolumeAttributesClass': ['parameters'],
};

/**
 * The files of schemas/kubernetes, from the OpenAPI documents of a running API server with all API versions enabled.
 */
export async function readSchemas(server: ApiServer): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, Map<string, object>>();
  /** apiVersion → kind → its definition. */
  const kinds: Record<string, Record<string, string>> = {};
  const { body } = await server.call('GET', '/openapi/v3');
  const { paths } = body as { readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string }>> };
  for (const [path, { serverRelativeURL }] of Object.entries(paths)) {
    if (!/^(api|apis\/[^/]+)\/v[^/]+$/.test(path) || path.includes('internal.')) continue;
    const document = (await server.call('GET', serverRelativeURL)).body as Document;
    const apiVersion = path.replace(/^apis?\//, '');
    for (const [full, schema] of Object.entries(document.components.schemas)) {
      const { file, type } = partsOf(full);
      if (!isDefinition(schema) || isList(type, schema)) continue;
      const definitions = files.get(file) ?? new Map<string, object>();
      files.set(file, definitions);
      const properties = Object.entries(schema.properties ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
      const name = `${file}#${type}`;
      const required = [
        ...(schema.required ?? []).filter((key) => notMissed[name]?.includes(key) !== true),
        ...(alsoMissed[name] ?? []),
      ].sort();
      definitions.set(type, {
        p: Object.fromEntries(
          properties.map(([key, value]) => [
            key,
            shares.has(key) && compact(value) === 'is' ? '%' : (choices[key] ?? compact(value)),
          ]),
        ),
        ...(required.length > 0 ? { r: required } : {}),
      });
      for (const { group, version, kind } of schema['x-kubernetes-group-version-kind'] ?? [])
        if ((group === '' ? version : `${group}/${version}`) === apiVersion && schema.properties?.['metadata'])
          (kinds[apiVersion] ??= {})[kind] = `${file}#${type}`;
    }
  }
  const sorted = <T,>(map: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
  const lines = (map: Readonly<Record<string, unknown>>): string =>
    `{\n${Object.entries(sorted(map))
      .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
      .join(',\n')}\n}\n`;
  const source = `/openapi/v3 of kube-apiserver ${server.version}, all API versions on`;
  const index = lines(Object.fromEntries(Object.entries(kinds).map(([apiVersion, of]) => [apiVersion, sorted(of)])));
  return new Map([
    ...[...files].map(([file, definitions]): [string, string] => [
      `${file}.json`,
      lines(Object.fromEntries(definitions)),
    ]),
    ['index.json', `{\n"source": ${JSON.stringify(source)},\n"kinds": ${index.trimEnd()}\n}\n`],
  ]);
}

/** The flags of the API server from which the schemas are generated. */
export const schemaFlags = ['--runtime-config=api/all=true'];

if (process.argv[1] === import.meta.filename) {
  const why = whyNoApiServer();
  if (why !== undefined) throw new Error(why);
  const server = await startApiServer(schemaFlags);
  try {
    const files = await readSchemas(server);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of files) writeFileSync(join(folder, file), text);
    console.log(`${files.size} files`);
  } finally {
    await server.stop();
  }
}
