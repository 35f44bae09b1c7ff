import { dig } from '#model/dig.ts';
import { groupOf } from '#model/kinds.ts';
import { isRecord, list, text, table } from '#model/shape.ts';

/*
 * Which fields kustomize sets ("field specs"): its defaults (kubernetes-sigs/kustomize,
 * api/internal/konfig/builtinpluginconsts), and those that files under `configurations` add.
 */

type Data = Readonly<Record<string, unknown>>;

/** A field of some kinds: steps go into every item of a list, `x[]` is one item, and a missing field may be created. */
export interface FieldSpec {
  readonly path: string;
  readonly create: boolean;
  readonly kind?: string | undefined;
  readonly group?: string | undefined;
  readonly version?: string | undefined;
}

/**
 * The names of the lists of field specs in a kustomize configuration. Name references and variables are not needed:
 * objects keep their names here.
 */
const purposes = [
  'commonLabels',
  'labels',
  'templateLabels',
  'commonAnnotations',
  'images',
  'replicas',
  'namespace',
  'namePrefix',
  'nameSuffix',
] as const;
type Purpose = (typeof purposes)[number];

const configurable: ReadonlySet<string> = new Set([...purposes, 'nameReference', 'varReference']);

/** Field specs that configurations add to the defaults. */
export type FieldSpecs = Readonly<Partial<Record<Purpose, readonly FieldSpec[]>>>;

/** Field specs as a list of a kustomization or configuration writes them. */
export const readSpecs = (written: unknown): FieldSpec[] =>
  list(written as Record<string, unknown>[]).map(({ path, create, kind, group, version }) => ({
    path: text(path) ?? '',
    create: create === true,
    kind: text(kind) || undefined,
    group: text(group) || undefined,
    version: text(version) || undefined,
  }));

/** The field specs of a file under `configurations`. */
export function readConfiguration(body: unknown): FieldSpecs {
  if (!isRecord(body)) return {};
  return Object.fromEntries(
    purposes.flatMap((purpose) => (Array.isArray(body[purpose]) ? [[purpose, readSpecs(body[purpose])]] : [])),
  );
}

/** Whether a document is a configuration of kustomize's transformers: nothing but lists of field specs. */
export const isConfiguration = (root: unknown): boolean =>
  isRecord(root) &&
  Object.keys(root).length > 0 &&
  Object.entries(root).every(
    ([key, specs]) => configurable.has(key) && Array.isArray(specs) && specs.length > 0 && specs.every(isRecord),
  );

/** The field specs of several configurations. A kustomization also uses those of what it includes. */
export function joinSpecs(all: readonly FieldSpecs[]): FieldSpecs {
  const some = all.filter((one) => Object.keys(one).length > 0);
  if (some.length < 2) return some[0] ?? {};
  return Object.fromEntries(
    purposes.flatMap((purpose) => {
      // Each only once: overlays of overlays reach the same configuration on several paths.
      const specs = new Map(some.flatMap((one) => one[purpose] ?? []).map((spec) => [JSON.stringify(spec), spec]));
      return specs.size > 0 ? [[purpose, [...specs.values()]]] : [];
    }),
  );
}

/** Whether a field spec applies to an object. */
export function isAbout({ kind, group, version }: FieldSpec, object: Data): boolean {
  const apiVersion = text(object['apiVersion']) ?? '';
  return (
    (kind === undefined || kind === object['kind']) &&
    (group === undefined || group === groupOf(apiVersion)) &&
    (version === undefined || version === apiVersion.slice(apiVersion.lastIndexOf('/') + 1))
  );
}

/** The steps of a path; a slash inside a step is written `\/`. */
const stepsIn = (path: string): string[] => path.split(/(?<!\\)\//).map((step) => step.replaceAll('\\/', '/'));

/** Where the fields of a field spec are. */
export function pathsIn(object: Data, { path, create }: FieldSpec): (readonly string[])[] {
  const follow = (
    node: unknown,
    [step, ...rest]: readonly string[],
    done: readonly string[],
  ): (readonly string[])[] => {
    const missing = node === undefined || node === null;
    if (missing)
      return create && ![step, ...rest].some((one) => one?.endsWith('[]'))
        ? [[...done, ...(step === undefined ? [] : [step, ...rest])]]
        : [];
    if (step === undefined) return [done];
    if (Array.isArray(node)) return node.flatMap((item, at) => follow(item, [step, ...rest], [...done, String(at)]));
    if (!isRecord(node)) return [];
    const key = step.replace(/\[\]$/, '');
    const next = Object.hasOwn(node, key) ? node[key] : undefined;
    return key !== step && !Array.isArray(next) ? [] : follow(next, rest, [...done, key]);
  };
  return follow(object, stepsIn(path), []);
}

/** `pathsIn` for fields that hold maps, or that do not exist yet. */
export const mapsIn = (object: Data, spec: FieldSpec): (readonly string[])[] =>
  pathsIn(object, spec).flatMap((path) => {
    const found = at(object, path);
    return Array.isArray(found)
      ? found.flatMap((item, index) => (isRecord(item) ? [[...path, String(index)]] : []))
      : found === undefined || found === null || isRecord(found)
        ? [path]
        : [];
  });

/** What a path of keys and indexes leads to. */
export const at = (object: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (node, step) => (Array.isArray(node) ? (node[Number(step)] as unknown) : dig(node, step)),
    object,
  );

const made = (path: string): FieldSpec => ({ path, create: true });
const found = (path: string): FieldSpec => ({ path, create: false });
type ByKind = Readonly<Record<string, readonly FieldSpec[]>>;
const templated = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job'];

/** What gets labels and annotations in addition to the object. */
export const templates: ByKind = table({
  ...Object.fromEntries(templated.map((kind) => [kind, [made('spec/template/metadata')]])),
  CronJob: [made('spec/jobTemplate/metadata'), made('spec/jobTemplate/spec/template/metadata')],
});
/** Kustomize labels claims, but does not annotate them. */
export const claims: ByKind = table({
  StatefulSet: [made('spec/volumeClaimTemplates[]/metadata')],
});
const terms = ['podAffinity', 'podAntiAffinity'].flatMap((field) => [
  `affinity/${field}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm`,
  `affinity/${field}/requiredDuringSchedulingIgnoredDuringExecution`,
]);
const podSelectors = [...terms, 'topologySpreadConstraints'].map((path) =>
  found(`spec/template/spec/${path}/labelSelector/matchLabels`),
);
const own = made('spec/selector/matchLabels');
/** Selectors to which common labels are added. */
export const selectors: ByKind = table({
  Service: [made('spec/selector')],
  ReplicationController: [made('spec/selector')],
  ReplicaSet: [own],
  DaemonSet: [own],
  Deployment: [own, ...podSelectors],
  StatefulSet: [own, ...podSelectors],
  Job: [found(own.path)],
  PodDisruptionBudget: [found(own.path)],
  CronJob: [found('spec/jobTemplate/spec/selector/matchLabels')],
  NetworkPolicy: ['spec/podSelector', 'spec/ingress/from/podSelector', 'spec/egress/to/podSelector'].map((path) =>
    found(`${path}/matchLabels`),
  ),
});
/** Kinds whose `spec.replicas` is set. */
export const replicated = new Set(['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet']);
