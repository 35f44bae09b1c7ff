import { resolvePlain } from './scalar.ts';

/** Whether a value can be written in YAML and JSON and read back the same. */
export function isPrintable(value: unknown, depth = 0): boolean {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth > 50) return false;
  return Object.values(value).every((one) => isPrintable(one, depth + 1));
}

/** Words that every YAML reader reads as strings, even after a key, in a list and in a flow collection. */
const safe = /^(?:[A-Za-z_/][\w./@+=-]*(?::[\w./@+=-]+)*|[0-9]+[A-Za-z]+)$/;

/** A string in the quotes of the one it replaces, unquoted if that is safe. */
export function printText(text: string, quote: string | undefined): string {
  if (quote === "'" && /^[ -~]*$/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  if (quote !== '"' && quote !== "'" && text.length < 200 && safe.test(text) && resolvePlain(text) === text)
    return text;
  return printQuoted(text);
}

/** JSON's quotes, which YAML also allows; characters that are not printable in YAML are escaped. */
function printQuoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

/** A value on one line; with `quoted`, as JSON. */
export function printFlow(value: unknown, quoted: boolean, quote?: string): string {
  if (Array.isArray(value)) return `[${value.map((one) => printFlow(one, quoted)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([key, one]) => `${printText(key, quoted ? '"' : undefined)}: ${printFlow(one, quoted)}`,
    );
    return `{${entries.join(', ')}}`;
  }
  return typeof value === 'string' ? printText(value, quoted ? '"' : quote) : String(value);
}

/** A value that fits on the line of its key. */
export const isInline = (value: unknown): boolean => typeof value !== 'object' || value === null || isEmpty(value);

/** The lines of a map or list in block style, each indented. */
export function printBlock(value: object, indent: number): string[] {
  const pad = ' '.repeat(indent);
  if (Array.isArray(value))
    return value.flatMap((item: unknown) => {
      if (isInline(item)) return [`${pad}- ${printFlow(item, false)}`];
      const [first = '', ...rest] = printBlock(item as object, indent + 2);
      return [`${pad}- ${first.slice(indent + 2)}`, ...rest];
    });
  return Object.entries(value).flatMap(([key, one]: [string, unknown]) => printEntry(key, one, indent));
}

/** The lines of one entry of a map in block style. */
export function printEntry(key: string, value: unknown, indent: number): string[] {
  const name = `${' '.repeat(indent)}${printText(key, undefined)}:`;
  return isInline(value) ? [`${name} ${printFlow(value, false)}`] : [name, ...printBlock(value as object, indent + 2)];
}

/** A scalar, or a list of scalars, in HCL; undefined for anything larger. */
export function printHcl(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => (Array.isArray(item) ? undefined : printHcl(item)));
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) return undefined;
  return typeof value === 'string'
    ? printQuoted(value)
        .replace(/\\[bf]/g, (c) => (c === '\\b' ? '\\u0008' : '\\u000c'))
        .replace(/([$%])\{/g, '$1$1{')
    : String(value);
}
