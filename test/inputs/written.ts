/* Writes facts into files of every format, for tests that spell each fact in each format. */

export type Tree = { [key: string]: unknown };
/** Stands for a variable. */
export const hidden = Symbol('hidden');

/** A map with a value at a path; a numeric step is an item of a list. */
export function nest(path: string, value: unknown): Tree {
  return path
    .split('.')
    .toReversed()
    .reduce<unknown>((inner, key) => (/^\d+$/.test(key) ? [inner] : { [key]: inner }), value) as Tree;
}
export const merge = (a: Tree, b: Tree): Tree => {
  const made = { ...a };
  for (const [key, value] of Object.entries(b))
    made[key] =
      typeof made[key] === 'object' && typeof value === 'object' && !Array.isArray(value)
        ? merge(made[key] as Tree, value as Tree)
        : value;
  return made;
};

/** An expression of HCL. */
export class Written {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
/** HCL: maps are blocks in a resource, and maps in a call of a module. */
export function hcl(map: Tree, blocks: boolean, indent = '  '): string {
  const listed = (item: unknown): string =>
    item instanceof Written
      ? item.text
      : item === hidden
        ? 'var.hidden'
        : typeof item === 'object' && item !== null && !Array.isArray(item)
          ? `{\n${hcl(item as Tree, false, `${indent}  `)}${indent}}`
          : JSON.stringify(item);
  return Object.entries(map)
    .map(([key, value]) => {
      if (value instanceof Written) return `${indent}${key} = ${value.text}\n`;
      if (value === hidden) return `${indent}${key} = var.hidden\n`;
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return `${indent}${key} ${blocks ? '' : '= '}{\n${hcl(value as Tree, blocks, `${indent}  `)}${indent}}\n`;
      const isExpression = typeof value === 'string' && /^(?:aws_|data\.|jsonencode\()/.test(value);
      const text = isExpression
        ? value
        : Array.isArray(value)
          ? `[${value.map(listed).join(', ')}]`
          : JSON.stringify(value);
      return `${indent}${key} = ${text}\n`;
    })
    .join('');
}
export const json = (data: unknown, unknown: unknown): string =>
  JSON.stringify(
    data,
    (_, value: unknown) => (value === hidden ? unknown : value instanceof Written ? `\${${value.text}}` : value),
    2,
  );

/** Values as a plan writes them, blocks as lists; which of them are known after apply; and what the configuration writes. */
function planned(map: Tree): { readonly values: Tree; readonly unknown: Tree; readonly expressions: Tree } {
  const [values, unknown, expressions]: [Tree, Tree, Tree] = [{}, {}, {}];
  for (const [key, value] of Object.entries(map)) {
    expressions[key] = {};
    const references = [value].flat().filter((one) => one instanceof Written);
    if (references.length > 0) {
      unknown[key] = true;
      expressions[key] = {
        references: references.flatMap(({ text }) => [text, text.split('.').slice(0, 2).join('.')]),
      };
    } else if (value === hidden) unknown[key] = true;
    else if (typeof value === 'object' && value !== null && !Array.isArray(value) && !/^(?:tags|labels)$/.test(key)) {
      const inner = planned(value as Tree);
      values[key] = [inner.values];
      unknown[key] = [inner.unknown];
      expressions[key] = [inner.expressions];
    } else if (Array.isArray(value)) {
      values[key] = value.map((one: unknown) => (one === hidden ? null : one));
      unknown[key] = value.map((one) => one === hidden);
    } else values[key] = value;
  }
  return { values, unknown, expressions };
}
/** The plan of some resources. What the configuration does not write is the provider's to choose. */
export function planOf(resources: Readonly<Record<string, Tree>>): string {
  const all = Object.entries(resources).map(([address, map]) => ({ address, ...planned(map) }));
  return JSON.stringify({
    format_version: '1.2',
    planned_values: {
      root_module: {
        resources: all.map(({ address, values }) => ({
          address,
          mode: 'managed',
          type: address.slice(0, address.indexOf('.')),
          values,
        })),
      },
    },
    resource_changes: all.map(({ address, unknown }) => ({ address, change: { after_unknown: unknown } })),
    configuration: { root_module: { resources: all.map(({ address, expressions }) => ({ address, expressions })) } },
  });
}
