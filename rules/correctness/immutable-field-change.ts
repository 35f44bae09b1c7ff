import { type AnyResource, defineRule } from '#rule';
import { parseQuantity } from '#rule/quantity';
import { dig, digList, digRecord, isRecord } from '#rule/shape';
import { patched, unrendered } from '#rule/unknown';

/** A field that differs: its map and key in the manifest, and its path. */
interface Change {
  readonly on: object;
  readonly key: string | number;
  readonly path: readonly (string | number)[];
}
type Compare = (written: object, running: object) => readonly Change[];

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/** Whether two values are equal; the order of map entries does not matter. */
function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, i) => isSame(item, other[i]));
  if (!isRecord(one) || !isRecord(other)) return one === other;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => isSame(one[key] ?? undefined, other[key] ?? undefined));
}

/** Fields that differ where the manifest has them; the server keeps or defaults the others. */
const differing =
  (...paths: readonly (readonly string[])[]): Compare =>
  (written, running) =>
    paths.flatMap((path) => {
      const on = digRecord(written, ...path.slice(0, -1));
      const key = path.at(-1) ?? '';
      const [now, then] = [on?.[key], dig(running, ...path)];
      return on && isGiven(now) && isGiven(then) && !isSame(now, then) ? [{ on, key, path }] : [];
    });

/**
 * Claims that a StatefulSet creates: their names, and what each requests. The server adds defaults and a status to
 * them.
 */
const claimTemplates: Compare = (written, running) => {
  const spec = digRecord(written, 'spec');
  const now = digList(spec, 'volumeClaimTemplates');
  const then = digList(running, 'spec', 'volumeClaimTemplates');
  const names = (claims: readonly unknown[]): unknown[] => claims.map((claim) => dig(claim, 'metadata', 'name'));
  if (!spec || !isGiven(spec['volumeClaimTemplates'])) return [];
  if (!isSame(names(now), names(then)))
    return [{ on: spec, key: 'volumeClaimTemplates', path: ['spec', 'volumeClaimTemplates'] }];
  return now.flatMap((claim, i) =>
    [...claimFields(claim, then[i] ?? {}), ...requests(claim, then[i] ?? {}, (a, b) => a !== b)].map((change) => ({
      ...change,
      path: ['spec', 'volumeClaimTemplates', i, ...change.path],
    })),
  );
};
const claimFields = differing(
  ['spec', 'storageClassName'],
  ['spec', 'accessModes'],
  ['spec', 'volumeMode'],
  ['spec', 'volumeName'],
);
function requests(
  written: object,
  running: object,
  isWrong: (now: number, then: number) => boolean,
): readonly Change[] {
  const on = digRecord(written, 'spec', 'resources', 'requests');
  const now = parseQuantity(on?.['storage']);
  const then = parseQuantity(dig(running, 'spec', 'resources', 'requests', 'storage'));
  return on && now !== undefined && then !== undefined && isWrong(now, then)
    ? [{ on, key: 'storage', path: ['spec', 'resources', 'requests', 'storage'] }]
    : [];
}

/** What the containers of a Job run. The server adds defaults to the rest of the template. */
const jobTemplate: Compare = (written, running) =>
  ['initContainers', 'containers'].flatMap((list) => {
    const path = ['spec', 'template', 'spec', list];
    const then = digList(running, ...path);
    return digList(written, ...path).flatMap((container, i): Change[] => {
      const other = then.find((one) => one['name'] === container['name']);
      const at = [...path, i];
      if (!other) return [{ on: container, key: 'name', path: [...at, 'name'] }];
      return differing(
        ['image'],
        ['command'],
        ['args'],
      )(container, other).map((change) => ({
        ...change,
        path: [...at, ...change.path],
      }));
    });
  });

const clusterAddress: Compare = (written, running) =>
  [written, running].some((service) => dig(service, 'spec', 'type') === 'ExternalName')
    ? []
    : differing(['spec', 'clusterIP'])(written, running);

/** Data of an object that says `immutable: true`. Saved audits contain no values, so only keys are compared. */
const data: Compare = (written, running) => {
  if (dig(running, 'immutable') !== true) return [];
  return ['data', 'binaryData'].flatMap((field) => {
    const [now, then] = [digRecord(written, field), digRecord(running, field) ?? {}];
    const on = isRecord(written) ? written : {};
    if (!now)
      return Object.keys(then).length > 0 && Object.hasOwn(on, field) ? [{ on, key: field, path: [field] }] : [];
    const key = Object.keys(now).find((one) => !Object.hasOwn(then, one) || !isSame(now[one], then[one]));
    if (key !== undefined) return [{ on: now, key, path: [field, key] }];
    return Object.keys(then).some((one) => !Object.hasOwn(now, one)) ? [{ on, key: field, path: [field] }] : [];
  });
};

const all =
  (...compares: readonly Compare[]): Compare =>
  (written, running) =>
    compares.flatMap((compare) => compare(written, running));
const selector = differing(['spec', 'selector']);
const role = differing(['roleRef', 'kind'], ['roleRef', 'name']);

/**
 * The fields of each kind that the API server never changes (Kubernetes API reference; pkg/apis/<group>/validation).
 */
const immutable: ReadonlyMap<string, Compare> = new Map([
  ['Deployment', selector],
  ['DaemonSet', selector],
  ['StatefulSet', all(selector, differing(['spec', 'serviceName'], ['spec', 'podManagementPolicy']), claimTemplates)],
  ['Job', all(differing(['spec', 'completionMode']), jobTemplate)],
  ['Service', clusterAddress],
  [
    'PersistentVolumeClaim',
    (written, running) => [...claimFields(written, running), ...requests(written, running, (now, then) => now < then)],
  ],
  ['StorageClass', differing(['provisioner'], ['parameters'], ['reclaimPolicy'], ['volumeBindingMode'])],
  ['ConfigMap', data],
  ['Secret', data],
  ['RoleBinding', role],
  ['ClusterRoleBinding', role],
]);

/** The value that the running object has at the location of a change, if it was stored. */
const isUnknown = ({ on, key, path }: Change, running: AnyResource): boolean => {
  const then = dig(running.object, ...path.map(String));
  return unrendered(then) || unrendered(dig(on, String(key)));
};

export default defineRule({
  title: 'Manifest should not change an immutable field',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Resource'],
  scope: 'workspace',
  messages: {
    change:
      '{title} changes "{field}" of the object in the cluster, which is immutable, so the API server rejects the update',
  },
  help: 'Keep the value from the cluster, or delete and recreate the object, e.g. with kubectl replace --force',
  equivalents: [],
  sources: ['Kubernetes API reference'],
  check(resource, { report, undetermined, workspace }) {
    const compare = resource.live ? undefined : immutable.get(resource.kindName);
    if (!compare || (resource.namespaced && (resource.namespace === '' || unrendered(resource.namespace)))) return;
    const unit = workspace.unit(resource);
    const running = resource.names
      .flatMap((name) => unit.find(resource.kindName, name, resource.namespaced ? resource.namespace : undefined))
      .find((one) => one.live && one.apiVersion === resource.apiVersion);
    if (!running) return;
    for (const change of compare(resource.object, running.object)) {
      const { on, key, path } = change;
      if (isUnknown(change, running)) undetermined('the value of the object in the cluster is not stored', { on, key });
      else if (patched(resource, ...path.map(String))) undetermined('a patch changes the field', { on, key });
      else report({ message: 'change', data: { title: resource.title, field: path.join('.') }, on, key });
    }
  },
});
