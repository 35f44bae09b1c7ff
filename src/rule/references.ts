/* References of workloads to ConfigMaps and Secrets, and what fills such objects. */
import type { Resource, Workload } from '#model/resource.ts';
import { dig, digList, digRecord } from '#model/dig.ts';
import { isRecord, list, text } from '#model/shape.ts';
import type { AnyResource, Neighbours, Workspace } from '#model/workspace.ts';

/** A reference by name, and its place. */
export interface Reference {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly on: object;
  readonly key: string;
  /** Keys that the reference wants of the object, and their places. */
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

/** What a pod needs to start. */
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

/** Names of Secrets that custom resources make, whatever their namespace. */
export function madeSecrets(unit: Neighbours): ReadonlySet<string> {
  const made = new Set<string>();
  const add = (name: unknown): void => {
    if (typeof name === 'string') made.add(name);
  };
  for (const one of unit.all('ExternalSecret', '*')) add(text(dig(one.object, 'spec', 'target', 'name')) ?? one.name);
  for (const one of unit.all('ClusterExternalSecret', '*'))
    add(
      text(dig(one.object, 'spec', 'externalSecretSpec', 'target', 'name')) ??
        text(dig(one.object, 'spec', 'externalSecretName')) ??
        one.name,
    );
  for (const one of unit.all('SealedSecret', '*'))
    add(text(dig(one.object, 'spec', 'template', 'metadata', 'name')) ?? one.name);
  for (const one of unit.all('Certificate', '*')) add(dig(one.object, 'spec', 'secretName'));
  for (const one of unit.all('SecretProviderClass', '*')) {
    const objects = dig(one.object, 'spec', 'secretObjects');
    for (const secret of digList(objects)) add(dig(secret, 'secretName'));
  }
  return made;
}

const injected =
  /^(?:trust-manager\.io|trust\.cert-manager\.io|cert-manager\.io\/inject|config\.openshift\.io\/inject)/;

/** Whether something fills an object after it is applied. */
export const isFilledLater = (resource: AnyResource): boolean =>
  [...Object.keys(resource.labels), ...Object.keys(resource.annotations)].some((key) => injected.test(key)) ||
  resource.annotations['kubernetes.io/service-account.name'] !== undefined;

/** The keys that an object offers; undefined where somebody else fills it. */
export function keysOf(resource: AnyResource): readonly string[] | undefined {
  if (isFilledLater(resource) || resource.changes.length > 0) return undefined;
  const maps = ['data', 'stringData', 'binaryData'].map((key) => digRecord(resource.object, key) ?? {});
  const keys = maps.flatMap((map) => Object.keys(map));
  return keys.some((key) => key.includes('{{') || key.includes('${')) ? undefined : keys;
}

const generated = new WeakMap<Workspace, ReadonlySet<string>>();

/** Whether a generator of a kustomization makes an object of this name, or adds to it. Prefixes and suffixes of kustomizations may follow. */
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
  return [...names].some((one) => one.startsWith(`${kind}/`) && name.includes(one.slice(kind.length + 1)));
}
