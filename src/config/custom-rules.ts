import { nearest } from '#model/nearest.ts';
import { isReserved } from '#model/rule-names.ts';
import { isRecord } from '#model/shape.ts';
import type { AnyRule } from '#rule';
import { customRule, type CustomRule, type Demand, kindNames, readDemand } from '#rule/custom';

/** An error in the entry of `customRules` with this index. */
interface Fault {
  readonly index: number;
  readonly key: keyof CustomRule;
  readonly message: string;
  readonly hint?: string;
}

/** The ids that a config defines, even if its rules have errors. */
export const idsIn = (root: Readonly<Record<string, unknown>>): string[] =>
  (Array.isArray(root['customRules']) ? (root['customRules'] as unknown[]) : []).flatMap((one) =>
    isRecord(one) && typeof one['id'] === 'string' ? [one['id']] : [],
  );

/** The rules that a config defines, and their errors. `others`: ids that are already taken. */
export async function compileRules(
  stated: readonly CustomRule[],
  others: readonly string[],
): Promise<{ readonly rules: readonly AnyRule[]; readonly faults: readonly Fault[] }> {
  const taken = new Set(others);
  const rules: AnyRule[] = [];
  const faults: Fault[] = [];
  for (const [index, one] of stated.entries()) {
    const fault = (key: keyof CustomRule, message: string, hint: string): void =>
      void faults.push({ index, key, message, hint });
    if (taken.has(one.id)) fault('id', `rule "${one.id}" exists already`, 'Give each rule a unique name.');
    else if (isReserved(one.id))
      fault('id', `"${one.id}" uses a built-in category`, 'Use your own category, e.g. acme/owner-label.');
    taken.add(one.id);
    for (const kind of one.kinds) {
      const near = kindNames.includes(kind) || kind.includes('.') ? undefined : nearest(kind, kindNames);
      if (near !== undefined)
        fault(
          'kinds',
          `unknown kind "${kind}"`,
          `Did you mean "${near}"? Write a custom kind with its group: ${kind}.example.com`,
        );
    }
    if (one.require === undefined && one.forbid === undefined)
      fault('id', `rule "${one.id}" has no condition`, 'Add `require` or `forbid`.');
    const read = async (key: 'require' | 'forbid'): Promise<Demand | undefined> => {
      const text = one[key];
      if (text === undefined) return undefined;
      const demand = await readDemand(text, async (words) => (await import('#rule/cel')).readExpression(words));
      if (!('fault' in demand)) return demand;
      fault(key, `${key} of rule "${one.id}": ${demand.fault}`, demand.hint);
      return undefined;
    };
    rules.push(customRule(one, { require: await read('require'), forbid: await read('forbid') }));
  }
  return { rules, faults };
}
