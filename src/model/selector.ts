import type { V1LabelSelector } from '@kubernetes/client-node';
import { isRecord, list } from './shape.ts';

export type Labels = Readonly<Record<string, string>>;

interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

/** A label selector in one shape. No requirement selects everything. */
export interface Selector {
  readonly requirements: readonly Requirement[];
}

/** Labels that a controller of the cluster puts on pods. No template has them, so selectors are matched on their other labels. */
const runTimeLabels = new Set([
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/job-name',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'controller-uid',
  'batch.kubernetes.io/job-completion-index',
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'controller-revision-hash',
]);

/** Labels as text pairs; values other than text, numbers and booleans are left out. */
export function labelsOf(labels: unknown): Labels {
  const result = Object.create(null) as Record<string, string>;
  if (isRecord(labels))
    for (const [key, value] of Object.entries(labels))
      if (value !== null && typeof value !== 'object') result[key] = String(value);
  return result;
}

/**
 * Reads a `matchLabels` + `matchExpressions` selector, or a plain map of labels (Service, ReplicationController). Requirements on
 * `ignored` labels are left out.
 */
export function selectorOf(
  selector: V1LabelSelector | Readonly<Record<string, string>> | undefined,
  form: 'labelSelector' | 'map' = 'labelSelector',
  ignored: ReadonlySet<string> = runTimeLabels,
): Selector {
  const requirements: Requirement[] = [];
  const add = (requirement: Requirement) => {
    if (!ignored.has(requirement.key)) requirements.push(requirement);
  };
  const pairs = form === 'map' ? selector : (selector as V1LabelSelector | undefined)?.matchLabels;
  for (const [key, value] of Object.entries(labelsOf(pairs))) add({ key, operator: 'In', values: [value] });
  if (form === 'labelSelector') {
    for (const expression of list((selector as V1LabelSelector | undefined)?.matchExpressions)) {
      const operator = expression.operator as Requirement['operator'];
      if (typeof expression.key === 'string' && ['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(operator))
        add({
          key: expression.key,
          operator,
          values: Array.isArray(expression.values)
            ? expression.values.filter((value: unknown) => typeof value !== 'object').map(String)
            : [],
        });
    }
  }
  return { requirements };
}

function meets(labels: Labels, { key, operator, values }: Requirement): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

/** Whether an object with these labels is selected. */
export const matches = (selector: Selector, labels: Labels): boolean =>
  selector.requirements.every((requirement) => meets(labels, requirement));

/** How many candidates look-ups tried: tests hold it against the size of the input. */
export interface Tally {
  tried: number;
}

/** Finds items by selector without looking at all of them. */
export class LabelIndex<T> {
  readonly #tally: Tally;
  readonly #postings = new Map<string, T[]>();
  readonly #all: T[] = [];
  readonly #labels = new Map<T, Labels>();

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  add(item: T, labels: Labels): void {
    this.#all.push(item);
    this.#labels.set(item, labels);
    for (const [key, value] of Object.entries(labels)) {
      push(this.#postings, `${key}=${value}`, item);
      push(this.#postings, key, item);
    }
  }

  /** Items whose labels the selector matches, in the order they were added. */
  select(selector: Selector): T[] {
    let candidates: readonly T[] = this.#all;
    for (const { key, operator, values } of selector.requirements) {
      if (operator !== 'In' && operator !== 'Exists') continue;
      const posting =
        operator === 'In' && values.length === 1 ? this.#postings.get(`${key}=${values[0]}`) : this.#postings.get(key);
      if (!posting) return [];
      if (posting.length < candidates.length) candidates = posting;
    }
    this.#tally.tried += candidates.length;
    return candidates.filter((item) => matches(selector, this.#labels.get(item) ?? {}));
  }
}

/** Finds the selectors that match given labels without trying all of them. */
export class SelectorIndex<T> {
  readonly #tally: Tally;
  readonly #byPair = new Map<string, { item: T; selector: Selector; order: number }[]>();
  readonly #rest: { item: T; selector: Selector; order: number }[] = [];
  #count = 0;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  add(item: T, selector: Selector): void {
    const entry = { item, selector, order: this.#count++ };
    const pair = selector.requirements.find(({ operator, values }) => operator === 'In' && values.length === 1);
    if (pair) push(this.#byPair, `${pair.key}=${pair.values[0]}`, entry);
    else this.#rest.push(entry);
  }

  /** Items whose selector matches the labels, in the order they were added. */
  matching(labels: Labels): T[] {
    const candidates = [...this.#rest];
    for (const [key, value] of Object.entries(labels)) candidates.push(...(this.#byPair.get(`${key}=${value}`) ?? []));
    this.#tally.tried += candidates.length;
    return candidates
      .filter(({ selector }) => matches(selector, labels))
      .sort((a, b) => a.order - b.order)
      .map(({ item }) => item);
  }
}

/** Appends to the list under a key. */
export function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
