import { isRecord } from '#model/shape.ts';
import { cidrSize } from './cidr.ts';
import { keyFault, labelFault, subdomainFault, valueFault } from './names.ts';

/*
 * Limits of values that the API server checks and its schema does not contain (k8s.io/kubernetes, pkg/apis,
 * validation). Values that are missing, of another type or a variable are left to other rules.
 */

type Map = Readonly<Record<string, unknown>>;

/** What a value must be. `root` is the spec of the pod, or the object for other kinds. */
export interface Limit {
  readonly wanted: string;
  allows(value: unknown, holder: Map, root: Map): boolean;
  /** Whether the value itself is valid, so that other fields next to it decide. */
  readonly beside?: true;
}
/** Rows define the path of a value and what it must be; `[]` stands for each item of a list. */
export type Rows = readonly (readonly [path: string, limit: Limit])[];

export const number = (wanted: string, test: (value: number) => boolean): Limit => ({
  wanted,
  allows: (value) => typeof value !== 'number' || test(value),
});
export const words = (wanted: string, test: (value: string) => boolean): Limit => ({
  wanted,
  allows: (value) => typeof value !== 'string' || value === '' || test(value),
});
export const map = (wanted: string, test: (value: Map) => boolean): Limit => ({
  wanted,
  allows: (value) => !isRecord(value) || test(value),
});
export const entries = (wanted: string, test: (value: readonly unknown[]) => boolean): Limit => ({
  wanted,
  allows: (value) => !Array.isArray(value) || test(value),
});
/** A value that depends on other fields next to it. */
export const beside = (wanted: string, allows: Limit['allows']): Limit => ({ wanted, allows, beside: true });
/** A field that may only be set together with something. */
export const onlyWith = (other: string, test: (holder: Map, root: Map) => boolean): Limit =>
  beside(`absent without ${other}`, (_, holder, root) => test(holder, root));
/** A field that may not be set together with something. */
export const notWith = (other: string, test: (holder: Map, root: Map) => boolean): Limit =>
  beside(`absent next to ${other}`, (_, holder, root) => !test(holder, root));

/** Whether a field of a map is set. */
export const has = (on: Map, key: string): boolean => on[key] !== undefined && on[key] !== null && on[key] !== '';
/** A map in which exactly one of some fields is set. */
export const exactlyOne = (...keys: readonly string[]): Limit => ({
  ...map(`a map with one of ${keys.join(', ')}`, (value) => keys.filter((key) => has(value, key)).length === 1),
  beside: true,
});
/** A map in which some fields are set. */
export const withField = (...keys: readonly string[]): Limit =>
  map(`a map with ${keys.join(' and ')}`, (value) => keys.every((key) => has(value, key)));
/** A list without two entries that are equal. */
export const distinct = (wanted: string, idOf: (entry: unknown) => unknown): Limit =>
  entries(wanted, (list) => {
    const ids = list.map(idOf).filter((id) => id !== undefined);
    return new Set(ids).size === ids.length;
  });

export const between = (least: number, most: number): Limit =>
  number(`between ${least} and ${most}`, (value) => value >= least && value <= most);
export const natural = number('0 or more', (value) => value >= 0);
export const positive = number('1 or more', (value) => value >= 1);
export const port = between(1, 65_535);
export const id = number('at most 2147483647', (value) => value <= 2_147_483_647);
export const address = words('an IP address', (value) => !value.includes('/') && cidrSize(value) === 1);
export const block = words(
  'a CIDR block, e.g. 10.0.0.0/16',
  (value) => value.includes('/') && cidrSize(value.trim()) > 0,
);
export const subdomain = words(
  'a DNS name in lowercase',
  (value) => subdomainFault(value.replace(/\.$/, '')) === undefined,
);
export const label = words('one part of a DNS name in lowercase', (value) => labelFault(value) === undefined);
export const qualified = words('a name such as example.com/ready', (value) => keyFault(value) === undefined);
export const labelValue = words('valid as the value of a label', (value) => valueFault(value) === undefined);
export const domainPath = words(
  'a path after a DNS name, e.g. example.com/controller',
  (value) => /^[^/]+\/./.test(value) && subdomainFault(value.slice(0, value.indexOf('/'))) === undefined,
);
export const host = words(
  'a DNS name in lowercase, without a port',
  (value) => subdomainFault(value.replace(/^\*\./, '')) === undefined && cidrSize(value) === 0,
);
export const relative = words(
  'a relative path without ".."',
  (value) => !value.startsWith('/') && !value.split('/').includes('..'),
);
export const plain = words('a path without ".."', (value) => !value.split('/').includes('..'));
export const absolute = words('a path that starts with "/"', (value) => value.startsWith('/'));
export const oneOf = (...choices: readonly string[]): Limit =>
  words(`one of ${choices.join(', ')}`, (value) => choices.includes(value));
/** A number of pods, or any percentage of them. */
export const amount = number('0 or more', (value) => value >= 0);
/** A number of pods or a percentage of them. */
export const share: Limit = {
  wanted: '0 or more and at most 100%',
  allows: (value) =>
    typeof value === 'number'
      ? value >= 0
      : !(typeof value === 'string' && /^\d+%$/.test(value) && parseInt(value) > 100),
};
const resources: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);
const isResource = (name: string): boolean => resources.has(name) || name.includes('/') || /^hugepages-./.test(name);
/** Amounts of resources that a container may have (Kubernetes API reference, ResourceRequirements). */
export const computeAmounts = map(
  'amounts of cpu, memory, ephemeral-storage, hugepages-<size>, or of a resource with a domain',
  (value) => Object.keys(value).every(isResource),
);
