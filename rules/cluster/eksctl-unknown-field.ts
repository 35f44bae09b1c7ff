import { defineRule } from '#rule';
import { eksctlType, type EksctlField } from '#rule/eksctl';
import { editDistance } from '#rule/nearest';
import { isRecord } from '#rule/shape';

type Fields = ReadonlyMap<string, EksctlField>;

/** Enum fields that eksctl reads case-insensitively. */
const anyCase = new Set(['amiFamily', 'ipFamily']);

const fits = (value: unknown, { shape, type }: EksctlField): boolean =>
  value === null ||
  (shape === 'list'
    ? Array.isArray(value)
    : shape === 'map' || type !== undefined
      ? isRecord(value)
      : typeof value !== 'object');

/** The one field that a misspelled key most likely means: nearest, of a matching type, and not set yet. */
function meant(
  key: string,
  value: unknown,
  fields: Fields,
  on: object,
): { readonly name: string; readonly distance: number } | undefined {
  if (key.length > 60) return undefined;
  const limit = Math.max(1, Math.floor(key.length / 3)) + 1;
  const near = [...fields]
    .filter(([name, field]) => fits(value, field) && !Object.hasOwn(on, name))
    .map(([name]) => ({ name, distance: editDistance(key.toLowerCase(), name.toLowerCase(), limit) }))
    .filter(({ distance }) => distance < limit)
    .sort((a, b) => a.distance - b.distance);
  const [first, second] = near;
  return first && first.distance !== second?.distance ? first : undefined;
}

/** The only place in the schema for a field with this name: `vpc.clusterEndpoints`. */
function homeOf(key: string): string | undefined {
  const homes: string[] = [];
  const visit = (name: string, path: string, above: readonly string[]): void => {
    const fields = eksctlType(name);
    if (!fields || above.includes(name) || homes.length > 1) return;
    if (path !== '' && fields.has(key)) homes.push(`${path}.${key}`);
    for (const [field, { shape, type }] of fields)
      if (type !== undefined)
        visit(type, `${path === '' ? '' : `${path}.`}${field}${shape === 'list' ? '[]' : ''}`, [...above, name]);
  };
  visit('ClusterConfig', '', []);
  return homes.length === 1 ? homes[0] : undefined;
}

const short = (value: string): string => (value.length > 60 ? `${value.slice(0, 57)}...` : value);

export default defineRule({
  title: 'eksctl configs must not contain unknown or misplaced fields',
  severity: 'high',
  preset: 'recommended',
  kinds: ['ClusterConfig'],
  scope: 'resource',
  fix: 'safe: rename to the closest field',
  messages: {
    unknown: 'Field "{key}" does not exist in {place}, so eksctl rejects the whole file',
    misspelled: 'Field "{key}" does not exist in {place} (did you mean "{name}"?), so eksctl rejects the whole file',
    misplaced: 'Field "{key}" belongs in {home}, not in {place}, so eksctl rejects the whole file',
    case: '"{key}" in {place} must be written "{name}", or eksctl silently ignores it',
    value: '"{value}" is not a valid {key}, so eksctl rejects the whole file; it accepts {words}',
    version: 'apiVersion {version} is not supported: eksctl only reads eksctl.io/v1alpha5 and rejects this file',
  },
  help: {
    unknown: 'Remove "{key}", or correct it to a field of the eksctl schema',
    misspelled: 'Write "{name}" instead of "{key}"',
    misplaced: 'Move "{key}" to {home}',
    case: 'Write "{name}" instead of "{key}"',
    value: 'Use one of {words}',
    version: 'Set apiVersion to eksctl.io/v1alpha5',
  },
  equivalents: [],
  sources: ['eksctl validation and schema: schema.json'],
  check({ object, group, apiVersion }, { report }) {
    if (group !== 'eksctl.io') return;
    if (apiVersion !== 'eksctl.io/v1alpha5') {
      report({ message: 'version', data: { version: short(apiVersion) }, on: object, key: 'apiVersion' });
      return;
    }
    const checkValue = (value: unknown, field: EksctlField, on: object, key: string | number, name: string): void => {
      const { words } = field;
      if (words && typeof value === 'string') {
        const same = (word: string) =>
          anyCase.has(name) ? word.toLowerCase() === value.toLowerCase() : word === value;
        if (value === '' || words.some(same)) return;
        const [near, ...more] = words.filter((word) => word.toLowerCase() === value.toLowerCase());
        report({
          message: 'value',
          data: {
            value: short(value),
            key: name,
            words: words.length > 8 ? `${words.slice(0, 5).join(', ')} and ${words.length - 5} more` : words.join(', '),
          },
          on,
          key,
          ...(near !== undefined && more.length === 0
            ? { fix: { safe: true, edits: [{ op: 'set' as const, on, key, value: near }] } }
            : {}),
        });
      }
    };
    const checkMap = (on: Readonly<Record<string, unknown>>, fields: Fields, place: string): void => {
      for (const [key, value] of Object.entries(on)) {
        const field = fields.get(key);
        if (!field) reportKey(on, key, value, fields, place);
        else checkField(value, field, on, key, place);
      }
    };
    const checkField = (value: unknown, field: EksctlField, on: object, key: string, place: string): void => {
      const inner = place === 'the file' ? key : `${place}.${key}`;
      const fields = field.type === undefined ? undefined : eksctlType(field.type);
      if (field.shape === 'one') {
        if (fields && isRecord(value)) checkMap(value, fields, inner);
        else checkValue(value, field, on, key, key);
      } else if (field.shape === 'list' && Array.isArray(value)) {
        for (const [index, item] of value.entries()) {
          if (fields && isRecord(item)) checkMap(item, fields, `${inner}[${index}]`);
          else checkValue(item, field, value, index, key);
        }
      } else if (field.shape === 'map' && fields && isRecord(value)) {
        for (const [name, item] of Object.entries(value))
          if (isRecord(item)) checkMap(item, fields, `${inner}.${short(name)}`);
      }
    };
    const reportKey = (on: object, key: string, value: unknown, fields: Fields, place: string): void => {
      const cased = [...fields.keys()].find((name) => name.toLowerCase() === key.toLowerCase());
      const facts = { key: short(key), place };
      if (cased !== undefined) {
        const free = !Object.hasOwn(on, cased);
        report({
          message: 'case',
          data: { ...facts, name: cased },
          on,
          key,
          ...(free ? { fix: { safe: true, edits: [{ op: 'rename' as const, on, key, value: cased }] } } : {}),
        });
        return;
      }
      const near = meant(key, value, fields, on);
      const home = homeOf(key);
      if (near && (home === undefined || near.distance <= 2)) {
        report({
          message: 'misspelled',
          data: { ...facts, name: near.name },
          on,
          key,
          fix: { safe: true, edits: [{ op: 'rename', on, key, value: near.name }] },
        });
      } else if (home !== undefined) report({ message: 'misplaced', data: { ...facts, home }, on, key });
      else report({ message: 'unknown', data: facts, on, key });
    };
    const fields = eksctlType('ClusterConfig');
    if (fields) checkMap(object, fields, 'the file');
  },
});
