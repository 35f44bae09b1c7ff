import { dig, digList } from '#model/dig.ts';
import { isRecord, texts } from '#model/shape.ts';

/* How a NetworkPolicy is read (Kubernetes documentation, Network Policies; API reference, NetworkPolicySpec). */

export type Direction = 'Ingress' | 'Egress';
type Spec = Readonly<Record<string, unknown>>;

const hasItems = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

/** A selector that selects everything. */
export const isOpenSelector = (selector: unknown): boolean =>
  selector === undefined ||
  selector === null ||
  (isRecord(selector) &&
    Object.keys(isRecord(selector['matchLabels']) ? selector['matchLabels'] : {}).length === 0 &&
    !hasItems(selector['matchExpressions']));

/**
 * The directions that a policy is about: those that it names, otherwise Ingress, and Egress if it has rules for that.
 */
export function directionsOf(spec: Spec): readonly Direction[] {
  const types: unknown = spec['policyTypes'];
  const named = Array.isArray(types) && types.length > 0 ? texts(types) : hasItems(spec['egress']) ? all : ['Ingress'];
  return all.filter((direction) => named.includes(direction));
}
const all: readonly Direction[] = ['Ingress', 'Egress'];

/** Whether a rule allows all peers on all ports. */
export const allowsEverybody = (rule: object, direction: Direction): boolean =>
  !hasItems(dig(rule, direction === 'Ingress' ? 'from' : 'to')) && !hasItems(dig(rule, 'ports'));

/** The rules of a direction. */
export const rulesOf = (spec: Spec, direction: Direction): readonly Spec[] => digList(spec, direction.toLowerCase());
