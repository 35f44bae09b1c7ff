import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isNamespaced } from '#model/kinds.ts';
import { isRecord } from '#model/shape.ts';
import { type Json, sampleObjects } from '../sample-objects.ts';
import type { ApiServer } from './kube-apiserver.ts';

/* The objects in a real API server for the tests and the benchmark of audits. */

/** The projects of the corpus that a cluster could contain, if the corpus is available. */
const corpora = ['microservices-demo/release', 'kube-prometheus/manifests', 'argo-cd/manifests']
  .map((name) => resolve('../shared/corpus', name))
  .filter((folder) => existsSync(folder));

/**
 * The objects of the rule pages, of the scenarios and of these projects. An APIService would name a server that does
 * not exist.
 */
export const rigObjects = (): Json[] =>
  sampleObjects({ folders: ['fixtures/scenarios', ...corpora], apart: true }).filter(
    ({ kind }) => kind !== 'APIService',
  );

interface Named {
  readonly group: string;
  readonly kind: string;
  readonly resource: string;
}

/** Definitions of kinds that an API server does not have by itself, in the versions in which objects are written. They take any object. */
export const definitionsOf = (kinds: readonly Named[], objects: readonly Json[]): Json[] =>
  kinds.map(({ group, kind, resource }) => {
    const written = objects.filter((one) => one['kind'] === kind).map((one) => String(one['apiVersion']).split('/'));
    const here = written.filter(([of]) => of === group).map(([, version = '']) => version);
    const versions = [...new Set(here)].filter((version) => /^v\d+(?:(?:alpha|beta)\d+)?$/.test(version)).sort();
    return {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: {
        name: `${resource}.${group}`,
        annotations: { 'api-approved.kubernetes.io': 'unapproved, a stand-in for tests' },
      },
      spec: {
        group,
        names: { kind, plural: resource, singular: kind.toLowerCase() },
        scope: isNamespaced(kind, group) ? 'Namespaced' : 'Cluster',
        versions: (versions.length > 0 ? versions : ['v1']).map((name, index) => ({
          name,
          served: true,
          storage: index === 0,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        })),
      },
    };
  });

const always = {
  matchConstraints: {
    resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] }],
  },
};
/** What kinds of the API server itself demand of an object. */
const demanded: Readonly<Record<string, Json>> = {
  PersistentVolume: {
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1' },
    },
  },
  PodTemplate: {
    template: {
      metadata: { labels: { app: 'sample' } },
      spec: { containers: [{ name: 'main', image: 'registry.example.com/app:1.0' }] },
    },
  },
  VolumeAttributesClass: { driverName: 'ebs.csi.aws.com', parameters: { iops: '3000' } },
  ValidatingAdmissionPolicy: { spec: { ...always, validations: [{ expression: 'true' }] } },
  MutatingAdmissionPolicy: {
    spec: {
      ...always,
      reinvocationPolicy: 'Never',
      mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } }],
    },
  },
  ValidatingWebhookConfiguration: {},
  Application: { spec: { destination: {}, project: 'default' } },
  MutatingWebhookConfiguration: {},
};
/** An object of a kind that has none otherwise. */
export const oneOf = ({
  group,
  version,
  kind,
  namespaced,
}: Omit<Named, 'resource'> & { readonly version: string; readonly namespaced: boolean }): Json => ({
  apiVersion: group === '' ? version : `${group}/${version}`,
  kind,
  metadata: { name: 'sample', ...(namespaced ? { namespace: 'default' } : {}) },
  ...(demanded[kind] ?? { spec: {} }),
});

/** Fields that an API server demands and that examples leave out, as they are about others. */
function completed(object: Json): Json {
  const copy = structuredClone(object);
  const kind = String(copy['kind']);
  const mapAt = (holder: Json, ...keys: readonly string[]): Json => {
    let at = holder;
    for (const key of keys) at = isRecord((at[key] ??= {})) ? (at[key] as Json) : {};
    return at;
  };
  const pod = (spec: Json): void => {
    const lists = [(spec['containers'] ??= [{ name: 'main' }]), spec['initContainers'] ?? []];
    for (const list of lists)
      if (Array.isArray(list)) for (const one of list.filter(isRecord)) one['image'] ??= 'registry.example.com/app:1.0';
  };
  const workload = (spec: Json): Json => {
    const labels = mapAt(spec, 'template', 'metadata', 'labels');
    if (Object.keys(labels).length === 0) labels['app'] = 'sample';
    pod(mapAt(spec, 'template', 'spec'));
    return labels;
  };
  const spec = (): Json => mapAt(copy, 'spec');
  if (kind === 'Pod') pod(spec());
  if (['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].includes(kind)) {
    const labels = workload(spec());
    spec()['selector'] ??= { matchLabels: { ...labels } };
  }
  if (kind === 'ReplicationController') workload(spec());
  if (kind === 'Job') {
    workload(spec());
    mapAt(copy, 'spec', 'template', 'spec')['restartPolicy'] ??= 'Never';
  }
  if (kind === 'CronJob') {
    spec()['schedule'] ??= '0 3 * * *';
    workload(mapAt(copy, 'spec', 'jobTemplate', 'spec'));
    mapAt(copy, 'spec', 'jobTemplate', 'spec', 'template', 'spec')['restartPolicy'] ??= 'Never';
  }
  if (kind === 'Service' && spec()['type'] !== 'ExternalName') spec()['ports'] ??= [{ port: 80 }];
  if (kind === 'Ingress' && !spec()['rules'])
    spec()['defaultBackend'] ??= { service: { name: 'sample', port: { number: 80 } } };
  if (kind === 'HorizontalPodAutoscaler') spec()['maxReplicas'] ??= 5;
  if (kind === 'PersistentVolumeClaim') {
    spec()['accessModes'] ??= ['ReadWriteOnce'];
    mapAt(copy, 'spec', 'resources', 'requests')['storage'] ??= '1Gi';
  }
  if (kind === 'NetworkPolicy') spec()['podSelector'] ??= {};
  return copy;
}

/** Waits until the API server serves the kind of a definition. */
async function untilServed(server: ApiServer, { metadata, spec }: Json): Promise<void> {
  const { group, names, versions } = spec as { group: string; names: { plural: string }; versions: readonly Json[] };
  const version = String(versions.find(({ served }) => served === true)?.['name']);
  for (const end = Date.now() + 20_000; ;) {
    const { body } = await server.call('GET', `/apis/${group}/${version}`);
    const resources = isRecord(body) && Array.isArray(body['resources']) ? body['resources'].filter(isRecord) : [];
    if (resources.some(({ name }) => name === names.plural)) return;
    if (Date.now() > end) throw new Error(`the API server does not serve ${String((metadata as Json)['name'])}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Creates objects; returns those that the server accepted, and why it rejected the others. */
export async function loadObjects(
  server: ApiServer,
  objects: readonly Json[],
): Promise<{ readonly taken: Json[]; readonly refused: string[] }> {
  const namespaceOf = (one: Json): unknown => (one['metadata'] as Json)['namespace'];
  const named = new Set(
    objects.filter(({ kind }) => kind === 'Namespace').map((one) => (one['metadata'] as Json)['name']),
  );
  const spaces = new Set(objects.map(namespaceOf).filter((one) => typeof one === 'string' && !named.has(one)));
  const made = [...spaces].map((name): Json => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  const isDefinition = ({ kind }: Json): boolean => kind === 'CustomResourceDefinition';
  const rank = (one: Json): number => (isDefinition(one) ? 0 : one['kind'] === 'Namespace' ? 1 : 2);
  const taken: Json[] = [];
  const refused: string[] = [];
  let unserved: Json[] = [];
  const served = new Map<string, { readonly name: string; readonly namespaced: boolean; readonly kind: string }[]>();
  for (const object of [...made, ...objects.map(completed)].sort((one, other) => rank(one) - rank(other))) {
    if (!isDefinition(object)) {
      for (const one of unserved) await untilServed(server, one);
      unserved = [];
    }
    const apiVersion = String(object['apiVersion']);
    const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    if (!served.has(base)) {
      const { body } = await server.call('GET', base);
      served.set(base, isRecord(body) && Array.isArray(body['resources']) ? body['resources'] : []);
    }
    const found = served.get(base)?.find(({ kind, name }) => kind === object['kind'] && !name.includes('/'));
    if (!found) continue; // a kind that no API server has, or that was removed
    const path = `${base}${found.namespaced ? `/namespaces/${encodeURIComponent(String(namespaceOf(object)))}` : ''}/${found.name}`;
    const { status, body } = await server.call('POST', path, object);
    if (status < 300) {
      taken.push(object);
      if (isDefinition(object)) unserved.push(object);
    } else refused.push(`${String(object['kind'])}: ${status} ${isRecord(body) ? String(body['message']) : ''}`);
  }
  return { taken, refused };
}
