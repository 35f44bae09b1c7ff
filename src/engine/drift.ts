import type { Cluster, ClusterPart } from '#model/cluster.ts';
import { membersOf } from '#model/cluster.ts';
import type { Finding, SubjectName } from '#model/finding.ts';
import { parseQuantity } from '#model/quantity.ts';
import { Resource } from '#model/resource.ts';
import { isRecord } from '#model/shape.ts';
import { Collection, Value } from '#model/value.ts';
import type { AnyResource } from '#model/workspace.ts';
import { driftRule } from '#rule/own';
import { unrendered } from '#rule/unknown';
import { type Location, notStored, pathOfSteps } from '#syntax/tree.ts';
import { fingerprints } from './fingerprint.ts';
import { mayShow, type Step, stepsOf } from './found.ts';
import { type ActiveRule, compare } from './run.ts';

/*
 * Compares what the files of a working tree declare with a running cluster. Only what is written is compared: what the
 * API server or a controller adds (defaults, status, its own labels) is not a difference.
 */

/** Objects and clusters, from files or from a running cluster. */
export interface Described {
  readonly resources: readonly AnyResource[];
  readonly clusters: readonly Cluster[];
}

/** A field whose declared value differs from the running one. */
interface Difference {
  /** In names, for messages: `spec.template.spec.containers[web].image`. */
  readonly field: string;
  /** Undefined = absent; `'…'` if a value is too long or may be a secret. */
  readonly declared: string | undefined;
  readonly live: string | undefined;
  /** Where it is declared. */
  readonly at: Location;
  /** The path in the running object. */
  readonly path: string;
}

/** Maximum number of listed differences of one object; with more, it is a different object. */
const mostOfOne = 50;

/**
 * Fields that the API server or a controller writes (Kubernetes API conventions, Metadata and Typical status
 * properties).
 */
const managed =
  /^(?:status|metadata\.(?:uid|resourceVersion|generation|creationTimestamp|deletionTimestamp|managedFields|selfLink|ownerReferences|finalizers))(?:$|[.[])/;
const notCompared = new Set(['kubectl.kubernetes.io/last-applied-configuration']);
/**
 * Maps and lists to which nothing is added automatically, so that more entries in the cluster than in the files are a
 * difference.
 */
const closed =
  /(?:^data|^binaryData|\.nodeSelector|\.containers|\.initContainers|\.env|\.volumes|\.volumeMounts|\.hard)$/;
/** The key that identifies items of a list (Kubernetes API conventions, Merge Strategy). */
const itemKeys = ['name', 'mountPath', 'containerPort', 'port', 'devicePath', 'topologyKey', 'ip'] as const;

/** Values that the API server drops when an object is written. */
const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  value === false ||
  value === 0 ||
  (typeof value === 'object' && Object.keys(value).length === 0);

function isSame(declared: unknown, live: unknown): boolean {
  if (String(declared) === String(live)) return true;
  const [one, other] = [parseQuantity(declared), parseQuantity(live)];
  return one !== undefined && one === other;
}

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** The key that identifies the items of two lists. */
const keyOfItems = (one: readonly unknown[], other: readonly unknown[]): string | undefined =>
  itemKeys.find((key) =>
    [one, other].every((list) => {
      const values = list.map((item) => (isRecord(item) ? item[key] : undefined));
      return values.every((value) => value !== undefined && isScalar(value)) && new Set(values).size === list.length;
    }),
  );

/** The differences of an object that is declared and runs in the same API version. */
function differencesOf(declared: AnyResource, live: AnyResource, isScaled: boolean): Difference[] {
  const found: Difference[] = [];
  const isPod = live.kind === 'Pod';

  const isOpen = (steps: readonly Step[]): boolean =>
    declared.changes.some(({ path }) =>
      path.every((step, i) => step === '-' || i >= steps.length || step === String(steps[i])),
    );
  const show = (value: unknown, steps: readonly Step[]): string | undefined => {
    if (value === undefined || value === null) return undefined;
    if (!isScalar(value)) return '…';
    return mayShow(String(value), steps) ? String(value) : '…';
  };
  const add = (
    steps: readonly Step[],
    path: readonly Step[],
    on: object,
    key: Step,
    one: unknown,
    other: unknown,
  ): void => {
    if (found.length >= mostOfOne || isOpen(steps)) return;
    found.push({
      field: pathOfSteps(steps),
      declared: show(one, steps),
      live: show(other, steps),
      at: declared.place(on, key),
      path: pathOfSteps(path),
    });
  };

  /** `steps` names items of lists, `path` counts them in the running object. */
  function visit(on: object, key: Step, live: unknown, steps: readonly Step[], path: readonly Step[]): void {
    const one = (on as Readonly<Record<string, unknown>>)[key];
    const name = pathOfSteps(steps);
    if (one === null || one === undefined || managed.test(name) || notCompared.has(String(key))) return;
    if (name === 'spec.replicas' && isScaled) return;
    if (name === 'rules' && 'aggregationRule' in declared.object) return;
    if ((typeof live === 'string' && live.includes(notStored)) || (typeof one === 'string' && unrendered(one))) return;
    if (live === undefined || live === null) {
      if (!isEmpty(one)) add(steps, path, on, key, one, undefined);
    } else if (isScalar(one)) {
      if (one === '' || (isScalar(live) && isSame(one, live))) return;
      add(steps, path, on, key, one, live);
    } else if (Array.isArray(one)) {
      if (Array.isArray(live)) visitList(on, key, one, live, steps, path);
      else add(steps, path, on, key, one, live);
    } else if (isRecord(one)) {
      if (!isRecord(live)) return add(steps, path, on, key, one, live);
      for (const inner of Object.keys(one)) visit(one, inner, live[inner], [...steps, inner], [...path, inner]);
      if (closed.test(name) && !isPod)
        for (const inner of Object.keys(live).filter((other) => !(other in one)))
          add([...steps, inner], [...path, inner], on, key, undefined, live[inner]);
    }
  }

  function visitList(
    on: object,
    key: Step,
    one: readonly unknown[],
    live: readonly unknown[],
    steps: readonly Step[],
    path: readonly Step[],
  ): void {
    const itemKey = keyOfItems(one, live);
    if (itemKey !== undefined) {
      const valueOf = (item: unknown): string => (isRecord(item) ? String(item[itemKey]) : '');
      const places = new Map(live.map((item, at) => [valueOf(item), at]));
      for (const [at, item] of one.entries()) {
        const there = places.get(valueOf(item));
        visit(
          one,
          at,
          there === undefined ? undefined : live[there],
          [...steps, valueOf(item)],
          [...path, there ?? at],
        );
        places.delete(valueOf(item));
      }
      if (closed.test(pathOfSteps(steps)) && !isPod)
        for (const [name, at] of places) add([...steps, name], [...path, at], on, key, undefined, live[at]);
    } else if (one.length !== live.length || (one.every(isScalar) && !one.every((item, at) => isSame(item, live[at]))))
      add(steps, path, on, key, one, live);
    else for (const at of one.keys()) visit(one, at, live[at], [...steps, at], [...path, at]);
  }

  const top = declared.object as Record<string, unknown>;
  const running = live.object as Record<string, unknown>;
  for (const key of Object.keys(top))
    if (key !== 'apiVersion' && key !== 'kind') visit(top, key, running[key], [key], [key]);
  return found;
}

/** The facts of a part of a cluster, by the names of the model. */
function factsOf(part: Cluster | ClusterPart): Map<string, Value<unknown> | Collection<unknown>> {
  const facts = new Map<string, Value<unknown> | Collection<unknown>>();
  for (const [key, value] of Object.entries(part) as [string, unknown][]) {
    if (value instanceof Value || value instanceof Collection) facts.set(key, value);
    else if (isRecord(value) && ['endpoint', 'imds', 'remoteAccess'].includes(key))
      for (const [inner, fact] of Object.entries(value))
        if (fact instanceof Value || fact instanceof Collection) facts.set(`${key}.${inner}`, fact);
  }
  return facts;
}

/** The value of a known fact as a string; undefined if it is unknown or not set. */
function textOf(fact: Value<unknown> | Collection<unknown>, isWritten: boolean): string | undefined {
  if (fact instanceof Value)
    return (fact.state === 'set' || (!isWritten && fact.state === 'default')) && isScalar(fact.value)
      ? String(fact.value ?? '')
      : undefined;
  if (!fact.complete || fact.state === 'unknown' || (isWritten && fact.state !== 'set')) return undefined;
  const texts = fact.items.map((item) =>
    item instanceof Value && item.state === 'set' ? String(item.value) : undefined,
  );
  return texts.every((one) => one !== undefined) ? texts.sort().join(', ') : undefined;
}

function differencesOfPart(declared: Cluster | ClusterPart, live: Cluster | ClusterPart): Difference[] {
  const running = factsOf(live);
  return [...factsOf(declared)].flatMap(([field, fact]): Difference[] => {
    const other = running.get(field);
    const [one, there] = [textOf(fact, true), other && textOf(other, false)];
    if (field === 'name' || field === 'tags' || one === undefined || there === undefined || one === there) return [];
    // EKS answers with the number that `$Latest` had.
    if (field === 'templateVersion' && one.startsWith('$')) return [];
    return [{ field, declared: one || 'none', live: there || 'none', at: fact.at, path: other?.at.path ?? '' }];
  });
}

const nameOfPart = (part: Cluster | ClusterPart): string | undefined =>
  'name' in part && part.name.state === 'set' ? part.name.value : undefined;
const partKey = (part: Cluster | ClusterPart): string => `${part.kind}/${nameOfPart(part) ?? ''}`;

/** The declaration of a running object: the one that differs least, if there are several. */
interface Match {
  readonly declared: AnyResource | Cluster | ClusterPart;
  readonly differences: readonly Difference[];
}

/** Finds the running object of a declaration. */
export class Declarations {
  readonly #matches = new Map<object, Match>();

  constructor(declared: Described, live: Described) {
    this.#matchResources(declared.resources, live.resources);
    const clusters = new Map<string, Cluster[]>();
    for (const one of declared.clusters) {
      const name = nameOfPart(one);
      if (name !== undefined) clusters.set(name, [...(clusters.get(name) ?? []), one]);
    }
    for (const running of live.clusters) {
      const candidates = clusters.get(nameOfPart(running) ?? '') ?? [];
      const chosen = this.#choose(running, candidates, differencesOfPart);
      if (!chosen || !('nodegroups' in chosen)) continue;
      const parts = new Map(membersOf(chosen).map((part) => [partKey(part), part]));
      for (const part of membersOf(running)) {
        const same = nameOfPart(part) === undefined ? undefined : parts.get(partKey(part));
        if (same) this.#choose(part, [same], differencesOfPart);
      }
    }
  }

  #choose<T extends AnyResource | Cluster | ClusterPart>(
    running: T,
    candidates: readonly T[],
    differ: (declared: T, live: T) => Difference[],
  ): T | undefined {
    const all = candidates.map((declared) => ({ declared, differences: differ(declared, running) }));
    const [best] = all.sort((a, b) => a.differences.length - b.differences.length);
    if (best) this.#matches.set(running, best);
    return best?.declared;
  }

  #matchResources(declared: readonly AnyResource[], live: readonly AnyResource[]): void {
    const key = ({ kindName, name }: AnyResource): string => `${kindName}/${name}`;
    const byName = new Map<string, AnyResource[]>();
    for (const one of declared) byName.set(key(one), [...(byName.get(key(one)) ?? []), one]);
    const count = new Map<string, number>();
    for (const one of live) count.set(key(one), (count.get(key(one)) ?? 0) + 1);
    const scaled = new Set(
      live
        .filter(({ kindName }) => kindName === 'HorizontalPodAutoscaler' || kindName === 'ScaledObject')
        .map(({ object, namespace }) => {
          const target = isRecord(object['spec']) ? object['spec']['scaleTargetRef'] : undefined;
          return isRecord(target) ? `${namespace}/${String(target['name'])}` : '';
        }),
    );
    const isScaled = ({ namespace, name }: AnyResource): boolean => scaled.has(`${namespace}/${name}`);
    for (const running of live) {
      // If the files give no namespace, a single object with the name is the match; several may be anything.
      const candidates = (byName.get(key(running)) ?? []).filter(
        ({ namespace }) =>
          namespace === running.namespace || (namespace === '' && (count.get(key(running)) ?? 0) === 1),
      );
      this.#choose(running, candidates, (one, other) =>
        // Fields have other names in another API version.
        one.apiVersion === other.apiVersion ? differencesOf(one, other, isScaled(other)) : [],
      );
    }
  }

  /** Where the files declare the subject of a finding. */
  placeOf({ origins = [], at }: Finding): Location | undefined {
    for (const { subject } of origins) {
      const match = this.#matches.get(subject);
      if (!match) continue;
      const { declared } = match;
      if (declared instanceof Resource && subject instanceof Resource)
        return placeIn(declared, subject, stepsOf(at.path));
      if (declared instanceof Resource || subject instanceof Resource) continue;
      const running = [...factsOf(subject as Cluster)].find(([, fact]) => fact.at.path === at.path);
      const fact = running && factsOf(declared).get(running[0]);
      return fact?.at ?? declared.at;
    }
    return undefined;
  }

  /** Every difference, as findings of `driftRule`, if it is on. */
  findings(rule: Pick<ActiveRule, 'settingFor'>): Finding[] {
    const sign = fingerprints();
    const all = [...this.#matches].flatMap(([running, { differences }]) => {
      const { subject, at: here } = running as AnyResource | Cluster;
      return differences.map((one) => ({ one, subject, source: here.source }));
    });
    all.sort(
      (a, b) =>
        compare(a.one.at.source, b.one.at.source) ||
        (a.one.at.start?.line ?? 0) - (b.one.at.start?.line ?? 0) ||
        compare(a.one.field, b.one.field),
    );
    return all.flatMap(({ one: { field, declared, live, at, path }, subject, source }): Finding[] => {
      const setting = rule.settingFor({ file: at.source, namespace: subject.namespace });
      if (!setting) return [];
      return [
        {
          rule: driftRule.id,
          severity: setting.severity,
          messageId: 'drift',
          message: `${titleOf(subject)} ${says(field, declared, live)}`,
          help: 'Apply the file again, or update the file to match the cluster',
          ...(live === undefined ? {} : { found: live }),
          ...(declared === undefined ? {} : { wanted: declared }),
          at,
          declared: at,
          related: [{ source, path }],
          subject,
          fingerprint: sign([driftRule.id, source, subject.kind, subject.namespace, subject.name, field]),
        },
      ];
    });
  }
}

const wordsFor: Readonly<Record<string, string>> = {
  cluster: 'Cluster',
  nodegroup: 'Node group',
  addon: 'Add-on',
  nodeTemplate: 'Launch template',
  podIdentity: 'Pod Identity association of',
  fargateProfile: 'Fargate profile',
  capability: 'Capability',
  identityProvider: 'Identity provider',
};
const titleOf = ({ kind, name }: SubjectName): string => `${wordsFor[kind] ?? kind} "${name}"`;

function says(field: string, declared: string | undefined, live: string | undefined): string {
  if (declared === undefined) return `has ${field}${shown(live)} in the cluster, which is not declared`;
  if (live === undefined)
    return `lacks ${field} in the cluster, which is declared${declared === '…' ? '' : ` as "${declared}"`}`;
  if (declared === '…' || live === '…') return `has another ${field} in the cluster than is declared`;
  return `has ${field} "${live}" in the cluster, but "${declared}" is declared`;
}
const shown = (value: string | undefined): string => (value === undefined || value === '…' ? '' : ` "${value}"`);

/**
 * The location in a declared object that corresponds to a path of the running object, as far as it is written there.
 */
function placeIn(declared: AnyResource, running: AnyResource, steps: readonly Step[]): Location {
  let on: object = declared.object;
  let live: unknown = running.object;
  for (const [i, step] of steps.entries()) {
    const next: unknown = isRecord(live) || Array.isArray(live) ? (live as Record<Step, unknown>)[step] : undefined;
    let key: Step = step;
    if (Array.isArray(on)) {
      const itemKey = Array.isArray(live) ? keyOfItems(on, live) : undefined;
      const at =
        itemKey === undefined
          ? step
          : on.findIndex((item) => isRecord(item) && isRecord(next) && item[itemKey] === next[itemKey]);
      if (typeof at !== 'number' || at < 0 || at >= on.length) return declared.place(on);
      key = at;
    }
    const inner = (on as Record<Step, unknown>)[key];
    if (i === steps.length - 1 || typeof inner !== 'object' || inner === null) return declared.place(on, key);
    on = inner;
    live = next;
  }
  return declared.place(on);
}
