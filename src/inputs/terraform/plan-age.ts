import { isRecord } from '#model/shape.ts';
import type { Scope } from './scope.ts';

/* Whether a plan was created from the files as they are: its configuration contains their blocks and literals. */

/** What the configuration of a plan does not contain in the words of a provider (Terraform Language, Meta-Arguments). */
const meta: ReadonlySet<string> = new Set([
  '//',
  'connection',
  'count',
  'depends_on',
  'dynamic',
  'for_each',
  'lifecycle',
  'provider',
  'providers',
  'provisioner',
  'source',
  'version',
]);

/** The first block or argument of the files that differs from the configuration of a module; undefined if none does. */
export function changedSince(configuration: unknown, scope: Scope, depth = 0): string | undefined {
  if (!isRecord(configuration) || depth > deepest) return undefined;
  const { resources, module_calls: calls } = configuration;
  // Tools that shorten a plan leave it out.
  if (depth === 0 && resources === undefined && calls === undefined) return undefined;
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
    const changed = changedIn(block.map, found['expressions'], address);
    if (changed !== undefined) return changed;
    const child = kind === 'module' ? scope.childOf(label, block) : undefined;
    const inside = child && changedSince(found['module'], child, depth + 1);
    if (inside !== undefined) return `${address}.${inside}`;
  }
  return undefined;
}
/** Maximum depth of nested modules. */
const deepest = 20;

/** The first argument of a block that differs. Dynamic blocks, functions and references are not compared. */
function changedIn(block: Record<string, unknown>, expressions: unknown, path: string): string | undefined {
  const written = isRecord(expressions) ? expressions : {};
  const dynamic = isRecord(block['dynamic']) ? block['dynamic'] : {};
  for (const key of new Set([...Object.keys(block), ...Object.keys(written)])) {
    if (meta.has(key) || Object.hasOwn(dynamic, key)) continue;
    const [own, planned] = [block[key], written[key]];
    if (own === undefined ? planned !== undefined : own !== null && planned === undefined) return `${path}.${key}`;
    if (Array.isArray(planned)) {
      const items = [own].flat();
      if (items.length !== planned.length) return `${path}.${key}`;
      for (const [index, item] of items.entries()) {
        const changed = isRecord(item) ? changedIn(item, planned[index], `${path}.${key}`) : undefined;
        if (changed !== undefined) return changed;
      }
    } else if (isLiteral(own) && isRecord(planned) && !isSame(own, planned['constant_value'])) return `${path}.${key}`;
  }
  return undefined;
}

/** Text of several lines and maps may be written in many ways. */
const isLiteral = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.every(isLiteral)
    : (typeof value === 'string' && !value.includes('\n')) || typeof value === 'number' || typeof value === 'boolean';

const isSame = (own: unknown, planned: unknown): boolean =>
  Array.isArray(own)
    ? Array.isArray(planned) && own.length === planned.length && own.every((one, at) => isSame(one, planned[at]))
    : String(own) === String(planned);
