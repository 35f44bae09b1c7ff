import { readdirSync } from 'node:fs';
import { parseAst } from 'vitest/node';

/** A name that an adapter writes: a key that it asks for, a type or a value that it compares with. */
export interface Name {
  readonly id: number;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where it ends in the text of its file. */
  readonly end: number;
  readonly text: string;
}

export const folders = ['src/aws', 'src/inputs', 'src/spelling'];
export const filesOfNames = (): string[] =>
  folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(
        (name) => `${folder}/${name.replaceAll('\\', '/')}`,
      ),
    )
    .filter((file) => file.endsWith('.ts'))
    .sort();

/** The form of a key or a value of a format; sentences, patterns and symbols have another. */
const isName = (text: string): boolean => /^[A-Za-z][\w.:/[\]-]*$/.test(text);

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** Nodes of types whose expression runs. */
const transparent = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression']);

interface Found {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** How it is written where it is looked up. */
  readonly as: 'expression' | 'key';
}

/** Methods whose first argument is not a name of a format: the key of a cached reading, a locale. */
const isInternal = ({ property }: Node): boolean =>
  isNode(property) && /^(?:once|toLocaleString)$/.test(String(property['name']));

/** The names of a text: strings that run, and keys of objects. */
function namesIn(text: string): Found[] {
  const found: Found[] = [];
  const add = (node: Node, name: unknown, as: Found['as']): void => {
    if (typeof name === 'string' && isName(name)) found.push({ start: node.start, end: node.end, text: name, as });
  };
  const visitAll = (value: unknown): void => {
    if (Array.isArray(value)) for (const inner of value) visitAll(inner);
    else if (isNode(value)) visit(value);
  };
  const visit = (node: Node): void => {
    const { type } = node;
    if (transparent.has(type)) return visitAll(node['expression']);
    if (type.startsWith('TS') || type.startsWith('Import') || type === 'ExportAllDeclaration') return;
    if (type === 'Literal') return add(node, node['value'], 'expression');
    // The result of `typeof` is a JavaScript keyword.
    if (
      type === 'BinaryExpression' &&
      [node['left'], node['right']].some((side) => isNode(side) && side['operator'] === 'typeof')
    )
      return;
    if (
      type === 'CallExpression' &&
      isNode(node['callee']) &&
      isInternal(node['callee']) &&
      Array.isArray(node['arguments'])
    ) {
      visitAll(node['callee']);
      return visitAll(node['arguments'].slice(1));
    }
    if (type === 'Property' && isNode(node['key']) && node['computed'] !== true) {
      const { key } = node;
      // `{ name }` is a variable, which the types distinguish from another.
      if (node['shorthand'] !== true) add(key, key.type === 'Identifier' ? key['name'] : key['value'], 'key');
      return visitAll(node['value']);
    }
    for (const [key, inner] of Object.entries(node)) if (key !== 'type') visitAll(inner);
  };
  visit(parseAst(text, { lang: 'ts' }) as unknown as Node);
  return found;
}

/** All names, and texts that look each of them up at run time. */
export class Names {
  readonly all: Name[] = [];

  /** The text of a file in which each name is the result of `__name` for its number. */
  instrument(file: string, text: string): string {
    let made = '';
    let at = 0;
    for (const { start, end, text: name, as } of namesIn(text).sort((a, b) => a.start - b.start)) {
      const id = this.all.length;
      const before = text.slice(0, start).split('\n');
      this.all.push({
        id,
        file,
        line: before.length,
        column: (before.at(-1) ?? '').length + 1,
        end: text[end - 1] === "'" ? end - 1 : end,
        text: name,
      });
      const call = `__name(${id}, ${JSON.stringify(name)})`;
      made += text.slice(at, start) + (as === 'expression' ? call : `[${call}]`);
      at = end;
    }
    return made + text.slice(at);
  }
}
