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
  JSON.stringify(data, (_, value: unknown) => (value === hidden ? unknown : value), 2);
