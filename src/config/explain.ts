import type { ErrorObject } from 'ajv';
import { nearest } from '#model/nearest.ts';
import { suggestRule } from '#model/rule-names.ts';
import { isRecord } from '#model/shape.ts';

/** An error in a config, at an entry of one of its maps or lists. */
export interface Fault {
  readonly on: object;
  readonly key?: string | number;
  readonly what: 'key' | 'value';
  readonly message: string;
  readonly hint?: string;
}

/** Describes the errors of ajv in words; those of a branch that does not apply to the value are left out. */
export function explain(errors: readonly ErrorObject[], root: object, rules: readonly string[]): Fault[] {
  const faults: Fault[] = [];
  const told = new Set<string>();
  for (const error of errors) {
    if (error.keyword === 'anyOf') continue;
    const steps = error.instancePath
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const { on, key, value, path } = walk(root, steps);
    // A value that may be a word or a map fails one branch by its type alone: the error of the other branch is more
    // useful.
    const others = errors.filter((other) => other !== error && other.instancePath === error.instancePath);
    const isMap = isRecord(value);
    if (error.keyword === 'enum' && isMap && others.some((other) => other.keyword === 'anyOf')) continue;
    if (
      error.keyword === 'type' &&
      others.some((other) => other.keyword === 'enum' || other.keyword === 'pattern') &&
      !isMap
    )
      continue;
    const fault = sentence(error, { on, key, value, path, steps, root, rules });
    const once = `${error.instancePath} ${fault.key ?? ''} ${fault.what}`;
    if (told.has(once)) continue;
    told.add(once);
    faults.push(fault);
  }
  return faults;
}

interface Spot {
  readonly on: object;
  readonly key: string | number | undefined;
  readonly value: unknown;
  /** In the usual notation: `overrides[0].files`. */
  readonly path: string;
}

function walk(root: object, steps: readonly string[]): Spot {
  let [on, key, value, path]: [object, string | number | undefined, unknown, string] = [root, undefined, root, ''];
  for (const step of steps) {
    if (typeof value !== 'object' || value === null) break;
    on = value;
    key = Array.isArray(value) ? Number(step) : step;
    path +=
      typeof key === 'number' ? `[${key}]` : /^[\w-]+$/.test(step) ? `${path === '' ? '' : '.'}${step}` : `["${step}"]`;
    value = (value as Record<string, unknown>)[step];
  }
  return { on, key, value, path };
}

function sentence(
  error: ErrorObject,
  spot: Spot & { readonly steps: readonly string[]; readonly root: object; readonly rules: readonly string[] },
): Fault {
  const { on, key, value, path, steps, rules } = spot;
  const params = error.params as Record<string, unknown>;
  const here = { on, ...(key === undefined ? {} : { key }) };
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(params['additionalProperty']);
      const at = { on: value as object, key: name, what: 'key' as const };
      if (steps.at(-1) === 'rules')
        return {
          ...at,
          message: `unknown rule "${name}"`,
          hint: suggestRule(name, rules),
        };
      const known = Object.keys((error.parentSchema?.['properties'] ?? {}) as object);
      const near = nearest(name, known);
      if (steps.at(-2) === 'rules') {
        const options = known.filter((one) => one !== 'severity');
        const rule = rules.includes(steps.at(-1) ?? '');
        return {
          ...at,
          message: rule
            ? `rule ${steps.at(-1)} has no option "${name}"`
            : `a glob accepts a severity, not the option "${name}"`,
          hint:
            near !== undefined
              ? `Did you mean "${near}"?`
              : !rule
                ? 'Set options under a single rule ID.'
                : options.length > 0
                  ? `Its options are ${options.join(', ')}.`
                  : 'It has no options.',
        };
      }
      return {
        ...at,
        message: `unknown key "${name}"${path === '' ? '' : ` in ${path}`}`,
        hint: near === undefined ? `Known keys are ${known.join(', ')}.` : `Did you mean "${near}"?`,
      };
    }
    case 'required': {
      const name = String(params['missingProperty']);
      return {
        ...here,
        what: 'key',
        message: `${path} lacks "${name}"`,
        ...(name === 'reason' ? { hint: 'Say why this is fine here.' } : {}),
      };
    }
    case 'enum': {
      const allowed = (params['allowedValues'] as unknown[]).map(String);
      const isSeverity = allowed.includes('critical');
      const near =
        typeof value === 'string'
          ? (nearest(value, allowed) ?? (isSeverity ? severityOf.get(value.toLowerCase()) : undefined))
          : undefined;
      return {
        ...here,
        what: 'value',
        message:
          isSeverity && typeof value === 'object'
            ? `${path} must be a severity, not ${kindOf(value)}`
            : isSeverity
              ? `unknown severity ${print(value)}`
              : `${path} is ${print(value)}`,
        hint: `${near === undefined ? '' : `Did you mean "${near}"? `}Valid values are ${allowed.filter((one) => one !== '').join(', ')}.`,
      };
    }
    case 'const':
      return {
        ...here,
        what: 'value',
        message: `${path} is ${print(value)}`,
        hint: `This release supports ${path} ${print(params['allowedValue'])}.`,
      };
    case 'type': {
      const type = String(params['type']);
      const quote = type === 'string' && (typeof value === 'number' || typeof value === 'boolean');
      return {
        ...here,
        what: 'value',
        message: `${path} must be ${nouns.get(type) ?? type}, not ${kindOf(value)}`,
        ...(quote ? { hint: 'Put it in quotes.' } : {}),
      };
    }
    case 'pattern':
      return {
        ...here,
        what: 'value',
        message: `${path} is ${print(value)}`,
        hint: forms.get(String(params['pattern'])) ?? `It must match ${String(params['pattern'])}`,
      };
    case 'maxLength': {
      const hint = `It may have ${String(params['limit'])} characters.`;
      return { ...here, what: 'value', message: `${path} is too long`, hint };
    }
    case 'minItems':
      return { ...here, what: 'value', message: `${path} is empty`, hint: 'Add at least one.' };
    case 'minLength':
      return { ...here, what: 'value', message: `${path} is empty` };
    case 'minimum':
    case 'maximum':
      return {
        ...here,
        what: 'value',
        message: `${path} is ${print(value)}`,
        hint: `It must be ${error.keyword === 'minimum' ? 'at least' : 'at most'} ${String(params['limit'])}.`,
      };
    default:
      return { ...here, what: 'value', message: `${path} ${error.message ?? 'is not valid'}` };
  }
}

/** Severities of other linters. */
const severityOf = new Map([
  ['error', 'high'],
  ['warn', 'medium'],
  ['warning', 'medium'],
  ['danger', 'high'],
  ['note', 'info'],
  ['none', 'off'],
  ['ignore', 'off'],
  ['false', 'off'],
]);
const nouns = new Map([
  ['object', 'a map'],
  ['array', 'a list'],
  ['string', 'a string'],
  ['integer', 'a whole number'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
]);
const forms = new Map([
  ['^[0-9]{12}$', 'Write the 12-digit AWS account ID in quotes.'],
  ['\\S', 'Write a few words.'],
  ['^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$', 'Write a category and a name in lowercase, e.g. acme/owner-label.'],
  ['^1\\.[0-9]+$', 'Write a Kubernetes version as "1.33".'],
  ['^[0-9]{1,12}(\\.[0-9]{1,3})? ?([KMG]i?)?B$', 'Write a size as 5MB.'],
]);

const kindOf = (value: unknown): string =>
  value === null ? 'nothing' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : print(value);

/** A value as a message shows it. */
export function print(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'a map';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}..."` : text;
}
