import type { V1LabelSelector } from '@kubernetes/client-node';
import { isRecord, list } from './shape.ts';

export type Labels = Readonly<Record<string, string>>;

interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

/** A label selector in one shape. A selector without requirements selects everything. */
export interface Selector {
  readonly requirements: readonly Requirement[];
}

/**
 * Labels that a controller of the cluster adds to pods. No template has them, so selectors are matched on their other
 * labels.
 */
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

/** Labels as pairs of strings; values other than strings, numbers and booleans are left out. */
export function labelsOf(labels: unknown): Labels {
  const result = Object.create(null) as Record<string, string>;
  if (isRecord(labels))
    for (const [key, value] of Object.entries(labels))
      if (value !== null && typeof value !== 'object') result[key] = String(value);
  return result;
}

/**
 * Reads a `matchLabels` + `matchExpressions` selector, or a plain map of labels (Service, ReplicationController).
 * Requirements on `ignored` labels are left out.
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

/** The number of candidates that lookups tried: tests compare it with the size of the input. */
export interface Tally {
  tried: number;
}

const none: readonly never[] = [];

/** Only longer lookup results are cached: short ones are found again just as fast. */
const worthKeeping = 8;

/** Finds items by selector without visiting all of them. */
export class LabelIndex<T> {
  readonly #tally: Tally;
  readonly #postings = new Map<string, Labeled<T>[]>();
  readonly #all: Labeled<T>[] = [];
  readonly #found = new Map<string, readonly T[]>();

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  add(item: T, labels: Labels): void {
    const entry = { item, labels, order: this.#all.length };
    this.#all.push(entry);
    for (const posting of postingsFor(labels)) push(this.#postings, posting, entry);
  }

  /** Items whose labels match the selector, in the order they were added; only the first ones if a limit is given. */
  select(selector: Selector, most = Number.POSITIVE_INFINITY): readonly T[] {
    const key = JSON.stringify(selector.requirements);
    const known = this.#found.get(key);
    if (known) return known.length > most ? known.slice(0, most) : known;
    const found: T[] = [];
    for (const { item, labels } of this.#candidates(selector)) {
      this.#tally.tried++;
      if (!matches(selector, labels)) continue;
      found.push(item);
      if (found.length >= most) return found;
    }
    // Many selectors have the same result for the same items.
    if (found.length >= worthKeeping) this.#found.set(key, found);
    return found;
  }

  /** The smallest set of candidates that the label indexes leave. */
  #candidates({ requirements }: Selector): readonly Labeled<T>[] {
    let lists: readonly (readonly Labeled<T>[])[] = [this.#all];
    let least = this.#all.length;
    for (const requirement of requirements) {
      const meant = postingsOf(requirement).flatMap((posting) => [this.#postings.get(posting) ?? []]);
      const count = meant.reduce((sum, one) => sum + one.length, 0);
      const isNegative = requirement.operator === 'NotIn' || requirement.operator === 'DoesNotExist';
      if (isNegative ? count === this.#all.length : count === 0) return []; // each item has one value of a label
      if (!isNegative && count < least) [lists, least] = [meant, count];
    }
    const [first = [], ...others] = lists;
    return others.length === 0 ? first : lists.flat().sort((a, b) => a.order - b.order);
  }
}

interface Labeled<T> {
  readonly item: T;
  readonly labels: Labels;
  readonly order: number;
}

/** The keys of a label in the indexes: its key, and its key with its value. */
const keyOf = (key: string): string => `?${key}`;
const pairOf = (key: string, value: string): string => `${key.length}=${key}${value}`;
const postingsFor = (labels: Labels): string[] =>
  Object.entries(labels).flatMap(([key, value]) => [pairOf(key, value), keyOf(key)]);
const postingsOf = ({ key, operator, values }: Requirement): readonly string[] =>
  operator === 'In' || operator === 'NotIn' ? [...new Set(values)].map((value) => pairOf(key, value)) : [keyOf(key)];

/** Items with the same selector. */
interface Selecting<T> {
  readonly selector: Selector;
  readonly items: { readonly item: T; readonly order: number }[];
}

/** Finds the selectors that match given labels without trying all of them. */
export class SelectorIndex<T> {
  readonly #tally: Tally;
  readonly #entries = new Map<string, Selecting<T>>();
  readonly #found = new Map<string, readonly T[]>();
  #postings: Map<string, Selecting<T>[]> | undefined;
  #count = 0;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  add(item: T, selector: Selector): void {
    const key = JSON.stringify(selector.requirements);
    const entry = this.#entries.get(key) ?? { selector, items: [] };
    this.#entries.set(key, entry);
    entry.items.push({ item, order: this.#count++ });
    this.#postings = undefined;
    this.#found.clear();
  }

  /** Items whose selector matches the labels, in the order they were added. */
  matching(labels: Labels): readonly T[] {
    if (this.#count === 0) return none;
    const key = JSON.stringify(labels);
    const known = this.#found.get(key);
    if (known) return known;
    const found = [...this.#entriesFor(labels)]
      .flatMap(({ items }) => items)
      .sort((a, b) => a.order - b.order)
      .map(({ item }) => item);
    if (found.length >= worthKeeping) this.#found.set(key, found);
    return found;
  }

  /** Whether the selector of any item matches the labels. */
  matchesAny(labels: Labels): boolean {
    if (this.#count === 0) return false;
    return this.#entriesFor(labels).next().done !== true;
  }

  *#entriesFor(labels: Labels): Generator<Selecting<T>> {
    this.#postings ??= this.#post();
    for (const posting of ['', ...postingsFor(labels)])
      for (const entry of this.#postings.get(posting) ?? []) {
        this.#tally.tried++;
        if (matches(entry.selector, labels)) yield entry;
      }
  }

  /** Each selector by its rarest requirement; under '' if any labels may match it. */
  #post(): Map<string, Selecting<T>[]> {
    const positive = ({ selector }: Selecting<T>): readonly (readonly string[])[] =>
      selector.requirements
        .filter(({ operator }) => operator === 'In' || operator === 'Exists')
        .map((requirement) => postingsOf(requirement));
    const sharing = new Map<string, number>();
    const entries = [...this.#entries.values()].map((entry) => ({ entry, choices: positive(entry) }));
    for (const { choices } of entries)
      for (const posting of choices.flat()) sharing.set(posting, (sharing.get(posting) ?? 0) + 1);
    const crowd = (choice: readonly string[]): number =>
      choice.reduce((most, posting) => Math.max(most, sharing.get(posting) ?? 0), 0);
    const postings = new Map<string, Selecting<T>[]>();
    for (const { entry, choices } of entries) {
      const [first, ...others] = choices;
      const best = others.reduce((least, choice) => (crowd(choice) < crowd(least) ? choice : least), first ?? ['']);
      for (const posting of best) push(postings, posting, entry);
    }
    return postings;
  }
}

/** Appends to the list under a key. */
export function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
