import { isRecord } from '#model/shape.ts';
import { Expression } from '#syntax/hcl.ts';
import type { Scope } from './scope.ts';

/* Whether a plan was created from the files as they are: its configuration contains their blocks and literals. */

/** Words of Terraform itself, in any block (Terraform Language, Meta-Arguments, JSON Configuration Syntax). */
const inside: ReadonlySet<string> = new Set(['//', 'dynamic']);
const ofBlock = [...inside, 'count', 'depends_on', 'for_each'];
const ofResource: ReadonlySet<string> = new Set([...ofBlock, 'connection', 'lifecycle', 'provider', 'provisioner']);
const ofModule: ReadonlySet<string> = new Set([...ofBlock, 'providers', 'source', 'version']);

/**
 * The first block or argument of the files that differs from the configuration of a plan; undefined if none does.
 * `isOld`: the plan lacks blocks of arguments that may also be written as attributes.
 */
export function changedSince(configuration: unknown, scope: Scope, isOld: boolean, depth = 0): string | undefined {
  if (!isRecord(configuration) || depth > deepest) return undefined;
  const { resources, module_calls: calls, variables } = configuration;
  // Tools that shorten a plan leave it out.
  if (depth === 0 && resources === undefined && calls === undefined) return undefined;
  for (const [name, variable] of Object.entries(isRecord(variables) ? variables : {})) {
    const block = scope.written('variable', '', name)?.map;
    const preset = isRecord(variable) ? variable['default'] : undefined;
    if (block && isOtherDefault(block['default'], preset)) return `var.${name}`;
  }
  const known = new Map(
    (Array.isArray(resources) ? (resources as unknown[]) : [])
      .filter(isRecord)
      .map((one) => [String(one['address']), one]),
  );
  for (const { kind, type, label } of scope.names) {
    const block = scope.written(kind, type, label);
    if (!block?.map) continue;
    const address = kind === 'module' ? `module.${label}` : `${type}.${label}`;
    const found = kind === 'module' ? (isRecord(calls) ? calls[label] : undefined) : known.get(address);
    if (!isRecord(found)) return address;
    const repeated = ['count', 'for_each'].find((key) =>
      isOther(block.map?.[key], constantIn(found[`${key}_expression`]), `${key}_expression` in found),
    );
    if (repeated !== undefined) return `${address}.${repeated}`;
    const changed = changedIn(
      block.map,
      found['expressions'],
      isOld,
      address,
      kind === 'module' ? ofModule : ofResource,
    );
    if (changed !== undefined) return changed;
    const child = kind === 'module' ? scope.childOf(label, block) : undefined;
    const below = child && changedSince(found['module'], child, isOld, depth + 1);
    if (below !== undefined) return `${address}.${below}`;
  }
  return undefined;
}
/** Maximum depth of nested modules. */
const deepest = 20;

/** The first argument of a block that differs. Dynamic blocks, functions and references are not compared. */
function changedIn(
  block: Record<string, unknown>,
  expressions: unknown,
  isOld: boolean,
  path: string,
  meta: ReadonlySet<string> = inside,
): string | undefined {
  const written = isRecord(expressions) ? expressions : {};
  const dynamic = isRecord(block['dynamic']) ? block['dynamic'] : {};
  for (const key of new Set([...Object.keys(block), ...Object.keys(written)])) {
    if (meta.has(key) || Object.hasOwn(dynamic, key)) continue;
    const [own, planned] = [block[key], written[key]];
    if (isOld && planned === undefined && [own].flat().every(isPlainMap)) continue;
    if (own === undefined ? planned !== undefined : own !== null && planned === undefined) return `${path}.${key}`;
    if (Array.isArray(planned)) {
      const items = [own].flat();
      if (items.length !== planned.length) return `${path}.${key}`;
      for (const [index, item] of items.entries()) {
        const changed = isPlainMap(item) ? changedIn(item, planned[index], isOld, `${path}.${key}`) : undefined;
        if (changed !== undefined) return changed;
      }
    } else if (isRecord(planned)) {
      const isConstant = 'constant_value' in planned;
      if (isConstant ? differs(own, planned['constant_value']) : isLiteral(own)) return `${path}.${key}`;
    }
  }
  return undefined;
}

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
const isLiteral = (value: unknown): boolean => (Array.isArray(value) ? value.every(isLiteral) : isScalar(value));
const constantIn = (expression: unknown): unknown => (isRecord(expression) ? expression['constant_value'] : undefined);

/** Whether the value of a meta-argument differs, or was added or removed. Functions leave no trace in the plan. */
const isOther = (own: unknown, planned: unknown, isPlanned: boolean): boolean =>
  own === undefined ? isPlanned : isScalar(own) && differs(own, planned);

/** Whether the default of a variable differs; Terraform converts it to the type of the variable. */
const isOtherDefault = (own: unknown, planned: unknown): boolean =>
  own === undefined ? planned !== undefined : isScalar(own) && differs(own, planned);

/** Whether a value certainly differs from a constant: one that is computed, or not set, may be the same. */
function differs(own: unknown, planned: unknown): boolean {
  if (isScalar(own)) return typeof planned === 'object' ? planned !== null : words(own) !== words(planned);
  if (Array.isArray(planned)) {
    // A block may stand for an item of a list.
    const items = Array.isArray(own) || isPlainMap(own) ? [own].flat() : undefined;
    return (
      items !== undefined && (items.length !== planned.length || items.some((one, at) => differs(one, planned[at])))
    );
  }
  if (Array.isArray(own)) return planned !== null;
  if (!isPlainMap(own) || !isRecord(planned)) return false;
  const keys = Object.keys(own).filter((key) => key !== '//');
  // Names may be computed, and Terraform adds the arguments that a block does not set.
  if (keys.some((key) => key.includes('$') || key === 'dynamic')) return false;
  const isSet = (one: unknown): boolean => one !== null && !(Array.isArray(one) && one.length === 0);
  return (
    keys.some((key) => !(key in planned) || differs(own[key], planned[key])) ||
    Object.entries(planned).some(([key, one]) => !(key in own) && isSet(one))
  );
}
const isPlainMap = (value: unknown): value is Record<string, unknown> =>
  isRecord(value) && !(value instanceof Expression);

/** Lines may be indented and end in several ways, and JSON keeps doubled signs. */
const words = (value: unknown): string =>
  String(value)
    .replaceAll(/([$%])\1\{/g, '$1{')
    .split(/\s+/)
    .join(' ')
    .trim();
