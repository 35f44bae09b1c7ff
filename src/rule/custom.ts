import type { Severity } from '#model/finding.ts';
import { knownKinds } from '#model/kinds.ts';
import { type Change, doubtOf, Workload } from '#model/resource.ts';
import type { AnyResource } from '#model/workspace.ts';
import type { AnyRule, Local } from './define.ts';
import { parsePath, type Place, placesOf, type Step } from './path.ts';
import { unrendered, whyTemplate } from './unknown.ts';

/** A rule as the config defines it. */
export interface CustomRule {
  readonly id: string;
  readonly severity: Severity;
  readonly kinds: readonly string[];
  /** What must exist, or be true: a path or an expression. */
  readonly require?: string;
  /** What must not exist, or be true. */
  readonly forbid?: string;
  readonly message: string;
  readonly help?: string;
  /** The location in the config, as `ekslint.yaml:12`. */
  readonly at: string;
}

/** The result of an expression for an object: true, false, or why it has none. */
export type Verdict = boolean | { readonly why: string };

/** An expression that can be evaluated. */
export interface Expression {
  /** The fields that it reads, in the order in which they are written, if they are named by constants. */
  readonly fields: readonly (readonly Step[])[];
  evaluate(object: object): Verdict;
}

/** A parsed requirement: a path, or an expression. */
export type Demand = readonly Step[] | Expression;

type Context = Local<Record<never, never>, { readonly found: '{title}: {says}' }>;

/** The rule that a part of the config defines. `demands` are the `require` and `forbid` entries, if they exist. */
export function customRule(
  stated: CustomRule,
  demands: { readonly require?: Demand | undefined; readonly forbid?: Demand | undefined },
): AnyRule {
  const isOfKind = kindMatcher(stated.kinds);
  return {
    id: stated.id,
    title: stated.message,
    severity: stated.severity,
    preset: 'recommended',
    // Any kind may be named, even one that is unknown here.
    kinds: ['Resource'],
    scope: 'resource',
    messages: { found: '{title}: {says}' },
    help: stated.help,
    equivalents: [],
    sources: [],
    home: stated.at,
    custom: stated,
    check(resource: AnyResource, context: Context) {
      if (!isOfKind(resource)) return;
      const { require, forbid } = demands;
      if (require) judge(resource, require, true, stated, context);
      if (forbid) judge(resource, forbid, false, stated, context);
    },
  };
}

/**
 * Whether an object is of one of these kinds: `Deployment`, `Widget.example.com`, `Workload` (all with a pod template),
 * `Resource` (all).
 */
function kindMatcher(kinds: readonly string[]): (resource: AnyResource) => boolean {
  const names = new Set(kinds);
  return (resource) =>
    names.has('Resource') ||
    names.has(resource.kindName) ||
    names.has(`${resource.kind}.${resource.group}`) ||
    (names.has('Workload') && resource instanceof Workload);
}

/** The names that a kind may have in `kinds` and that are worth a hint. */
export const kindNames: readonly string[] = ['Workload', 'Resource', ...knownKinds.map(([kind]) => kind)];

const isThere = (value: unknown): boolean => value !== undefined && value !== null;

function judge(resource: AnyResource, demand: Demand, wanted: boolean, stated: CustomRule, context: Context): void {
  const data = { title: resource.title, says: stated.message };
  if ('evaluate' in demand) {
    const places = demand.fields.flatMap((field) => placesOf(resource.object, field));
    const [place] = places;
    const at = place ? { on: place.on, key: place.key } : { on: resource.object };
    const doubt = places.flatMap((one) => doubtAt(resource, one) ?? [])[0];
    if (doubt !== undefined) {
      context.undetermined(doubt, at);
      return;
    }
    const verdict = demand.evaluate(resource.object);
    if (typeof verdict === 'object') context.undetermined(verdict.why, at);
    else if (verdict !== wanted) context.report({ message: 'found', data, ...at });
    return;
  }
  for (const place of placesOf(resource.object, demand)) {
    const { on, key, value } = place;
    const doubt = doubtAt(resource, place);
    if (doubt !== undefined) context.undetermined(doubt, { on, key });
    else if (isThere(value) !== wanted) context.report({ message: 'found', data, on, key });
  }
}

/** Why the content of a location is unknown: an unrendered template, or something else that changes it. */
function doubtAt({ changes }: AnyResource, { on, key, value, steps }: Place): string | undefined {
  const isAbsent = !isThere(value);
  // A key that is a template may be the requested one.
  if (unrendered((on as Record<Step, unknown>)[key]) || (isAbsent && Object.keys(on).some(unrendered)))
    return whyTemplate;
  const overlaps = ({ path, absent }: Change): boolean =>
    (isAbsent || absent !== true) && path.every((step, i) => step === '-' || (steps[i]?.includes(step) ?? true));
  const change = changes.find(overlaps);
  return change && doubtOf(change);
}

/** The parsed form of a requirement in the config, or what is wrong with it. `read` loads the expression parser. */
export async function readDemand(
  text: string,
  read: (text: string) => Promise<Expression | { readonly fault: string }>,
): Promise<Demand | { readonly fault: string; readonly hint: string }> {
  const path = parsePath(text);
  if (path !== undefined && path[0] !== 'object') return path;
  const hint =
    'Write a path such as metadata.labels["acme.io/owner"], or a CEL expression such as object.spec.replicas >= 2.';
  if (path !== undefined) return { fault: 'a path starts at the object, without "object."', hint };
  const expression = await read(text);
  return 'fault' in expression ? { fault: expression.fault, hint } : expression;
}
