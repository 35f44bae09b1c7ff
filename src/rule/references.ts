/* References of workloads to ConfigMaps and Secrets, and the tools that fill such objects. */
import { type Resource, Workload } from '#model/resource.ts';
import { dig, digList, digRecord } from '#model/dig.ts';
import { isRecord, list, text } from '#model/shape.ts';
import type { AnyResource, Neighbours, Workspace } from '#model/workspace.ts';

/** A reference by name, and its location. */
export interface Reference {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly on: object;
  readonly key: string;
  /** Keys of the object that the reference needs, and their locations. */
  readonly keys: readonly { readonly key: string; readonly on: object; readonly at: string }[];
}

const reference = (
  kind: Reference['kind'],
  holder: unknown,
  key: string,
  keys: Reference['keys'] = [],
): Reference[] => {
  const name = dig(holder, key);
  if (!isRecord(holder) || typeof name !== 'string' || name === '' || holder['optional'] === true) return [];
  return [{ kind, name, on: holder, key, keys }];
};
const itemKeys = (holder: unknown): Reference['keys'] => {
  const items = dig(holder, 'items');
  return digList(items).flatMap((item) => {
    const key = text(dig(item, 'key'));
    return key === undefined ? [] : [{ key, on: item, at: 'key' }];
  });
};
const keyOf = (holder: unknown): Reference['keys'] => {
  const key = text(dig(holder, 'key'));
  return key === undefined || !isRecord(holder) ? [] : [{ key, on: holder, at: 'key' }];
};

/** References that a pod needs to start. */
export function referencesOf(workload: Workload): Reference[] {
  const found: Reference[] = [];
  for (const volume of list(workload.pod.volumes)) {
    found.push(
      ...reference('ConfigMap', volume.configMap, 'name', itemKeys(volume.configMap)),
      ...reference('Secret', volume.secret, 'secretName', itemKeys(volume.secret)),
      ...reference('Secret', dig(volume.csi, 'nodePublishSecretRef'), 'name'),
    );
    const projected: unknown = volume.projected;
    for (const source of digList(projected, 'sources')) {
      const [map, secret] = [dig(source, 'configMap'), dig(source, 'secret')];
      found.push(
        ...reference('ConfigMap', map, 'name', itemKeys(map)),
        ...reference('Secret', secret, 'name', itemKeys(secret)),
      );
    }
  }
  for (const { object } of workload.containers) {
    for (const source of list(object.envFrom))
      found.push(
        ...reference('ConfigMap', source.configMapRef, 'name'),
        ...reference('Secret', source.secretRef, 'name'),
      );
    for (const variable of list(object.env)) {
      const [map, secret] = [dig(variable.valueFrom, 'configMapKeyRef'), dig(variable.valueFrom, 'secretKeyRef')];
      found.push(
        ...reference('ConfigMap', map, 'name', keyOf(map)),
        ...reference('Secret', secret, 'name', keyOf(secret)),
      );
    }
  }
  for (const secret of list(workload.pod.imagePullSecrets)) found.push(...reference('Secret', secret, 'name'));
  return found;
}

/** Secrets that Ingresses use for TLS. */
export function tlsReferencesOf(ingress: Resource<never> | Resource<object>): Reference[] {
  return digList(ingress.object, 'spec', 'tls').flatMap((one) => reference('Secret', one, 'secretName'));
}

/**
 * Custom resources that create an object with their own name: of External Secrets, Sealed Secrets, trust-manager,
 * 1Password, Strimzi.
 */
const namesakes = new Set([
  'ExternalSecret',
  'ClusterExternalSecret',
  'SealedSecret',
  'Bundle',
  'OnePasswordItem',
  'KafkaUser',
]);

/**
 * Fields of custom resources that name what they create: secretName, writeConnectionSecretToRef, target, destination,
 * to (of ACK).
 */
const making = /secret|configmap|^(?:target|destination|to|template)$/i;

/**
 * Whether something in the unit may create a ConfigMap or Secret with this name: a custom resource of the namespace or
 * of the cluster, or an Ingress for which cert-manager requests a certificate. In a running cluster, created objects
 * already exist.
 */
export function isMadeByOther(unit: Neighbours, name: string, namespace: string): boolean {
  if (unit.live) return false;
  const where = unit.once(madeNames).get(name);
  return where !== undefined && (namespace === '' || ['', namespace].some((one) => where.has(one)));
}

/** Names that others may give to what they create, and the namespaces; an empty one stands for all. */
function madeNames(unit: Neighbours): ReadonlyMap<string, ReadonlySet<string>> {
  const made = new Map<string, Set<string>>();
  const add = (name: string, namespace: string): void => {
    const known = made.get(name);
    if (known) known.add(namespace);
    else made.set(name, new Set([namespace]));
  };
  const visit = (node: unknown, namespace: string, isMade: boolean): void => {
    if (typeof node === 'string') {
      if (isMade && node.length <= longestName) add(node, namespace);
    } else if (Array.isArray(node)) for (const item of node) visit(item, namespace, isMade);
    else if (isRecord(node)) {
      const own = text(node['namespace']) ?? namespace;
      for (const [key, value] of Object.entries(node)) visit(value, own, isMade || making.test(key));
    }
  };
  for (const kind of unit.kinds())
    for (const one of unit.all(kind, '*')) {
      if (one instanceof Workload || !isCustom(one)) continue;
      if (namesakes.has(one.kind)) for (const name of one.names) add(name, one.namespace);
      visit(one.object['spec'], one.namespace, false);
    }
  for (const ingress of unit.all('Ingress', '*'))
    if (isCertified(ingress)) for (const { name } of tlsReferencesOf(ingress)) add(name, ingress.namespace);
  return made;
}
const longestName = 253;
const isCustom = ({ group }: AnyResource): boolean => group.includes('.') && !group.endsWith('.k8s.io');

/** Whether cert-manager creates the Secrets of an Ingress (cert-manager documentation, Annotated Ingress resource). */
const isCertified = ({ annotations }: AnyResource): boolean =>
  ['cert-manager.io/issuer', 'cert-manager.io/cluster-issuer'].some((key) => annotations[key] !== undefined) ||
  annotations['kubernetes.io/tls-acme'] === 'true';

const injected =
  /^(?:trust-manager\.io|trust\.cert-manager\.io|cert-manager\.io\/inject|config\.openshift\.io\/inject)/;

/** Whether something fills an object after it is applied. */
export const isFilledLater = (resource: AnyResource): boolean =>
  [...Object.keys(resource.labels), ...Object.keys(resource.annotations)].some((key) => injected.test(key)) ||
  resource.annotations['kubernetes.io/service-account.name'] !== undefined;

/** The keys that an object offers; undefined if something else fills it. */
export function keysOf(resource: AnyResource): readonly string[] | undefined {
  if (isFilledLater(resource) || resource.changes.length > 0) return undefined;
  const maps = ['data', 'stringData', 'binaryData'].map((key) => digRecord(resource.object, key) ?? {});
  const keys = maps.flatMap((map) => Object.keys(map));
  return keys.some((key) => key.includes('{{') || key.includes('${')) ? undefined : keys;
}

const generated = new WeakMap<Workspace, ReadonlySet<string>>();

/**
 * Whether a generator of a kustomization creates an object with this name, or adds to it. Prefixes and suffixes of
 * kustomizations may be added later.
 */
export function isGenerated(workspace: Workspace, kind: 'ConfigMap' | 'Secret', name: string): boolean {
  let names = generated.get(workspace);
  if (!names) {
    const found = workspace.files.flatMap(({ root }) =>
      (['ConfigMap', 'Secret'] as const).flatMap((one) => {
        const items = dig(root, one === 'ConfigMap' ? 'configMapGenerator' : 'secretGenerator');
        return digList(items).map((item) => `${one}/${text(dig(item, 'name')) ?? ''}`);
      }),
    );
    generated.set(workspace, (names = new Set(found)));
  }
  if (names.size === 0) return false;
  if (names.has(`${kind}/${name}`)) return true;
  return [...names].some((one) => one.startsWith(`${kind}/`) && isPart(one.slice(kind.length + 1), name));
}
/** Whether a name is another with the prefixes and suffixes of kustomizations. */
const isPart = (part: string, name: string): boolean =>
  part !== '' && `-${name.replaceAll('.', '-')}-`.includes(`-${part.replaceAll('.', '-')}-`);
