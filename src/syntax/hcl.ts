import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Node } from 'web-tree-sitter';
import type { Comment, Source, SyntaxFault, Tree } from './tree.ts';

/** Nodes of the grammar that close something, and what they close. */
const closings: ReadonlyMap<string, string> = new Map([
  ['quoted_template_end', 'quote'],
  ['block_end', 'block'],
  ['}', 'brace'],
  ['object_end', 'brace'],
  [']', 'bracket'],
  ['tuple_end', 'bracket'],
  [')', 'parenthesis'],
  ['template_interpolation_end', '${'],
]);

/** A value that Terraform works out when it runs: a reference, a call, a template. `text` is what is written. */
export class Expression {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** An expression that is worked out from others: a function call, a conditional (`?`), or a text with holes in it (`"`). */
export class Call extends Expression {
  readonly name: string;
  readonly args: readonly unknown[];

  constructor(text: string, name: string, args: readonly unknown[]) {
    super(text);
    this.name = name;
    this.args = args;
  }
}

/** The grammars that the build copies beside the bundle. */
export const hclAssets = [
  { package: 'web-tree-sitter', file: 'web-tree-sitter.wasm' },
  { package: '@tree-sitter-grammars/tree-sitter-hcl', file: 'tree-sitter-hcl.wasm' },
] as const;

/** Deeper files are refused, like YAML. */
const maxDepth = 100;
/** Conditionals and calls below this are kept as text: they may nest without brackets. */
const maxCallDepth = 40;

type Place = readonly [number, number, number, number];
interface Places {
  readonly start: number;
  readonly end: number;
  readonly entries: Map<string, Place>;
}
type Bag = Record<string, unknown>;

/** A block's body, or the map of its labels. */
const isBag = (value: unknown): value is Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Expression);

/** Escapes of quoted templates (HCL native syntax specification, Template Expressions). */
function unescape(text: string): string {
  return text.replace(
    /\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\([nrt"\\])|([$%])\4\{/g,
    (all, short?: string, long?: string, plain?: string, sign?: string) => {
      if (sign !== undefined) return `${sign}{`;
      if (plain !== undefined) return { n: '\n', r: '\r', t: '\t' }[plain] ?? plain;
      const code = Number.parseInt(short ?? long ?? '', 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}

/** Turns the syntax nodes of one file into plain data with places. */
class Builder {
  readonly faults: SyntaxFault[] = [];
  readonly #source: Source;
  readonly #places = new Map<object, Places>();
  /** Maps that are the inside of a block, not one of its labels. */
  readonly #bodies = new Set<object>();

  constructor(source: Source) {
    this.#source = source;
  }

  #fault(code: SyntaxFault['code'], message: string, node: Node): void {
    this.faults.push({ code, message, start: node.startIndex, end: Math.max(node.endIndex, node.startIndex) });
  }
  #written(node: Node): string {
    return this.#source.text.slice(node.startIndex, node.endIndex);
  }
  #bag(node: Node): Bag {
    const bag = Object.create(null) as Bag;
    this.#places.set(bag, { start: node.startIndex, end: node.endIndex, entries: new Map() });
    return bag;
  }
  #set(owner: Bag, key: string, value: unknown, place: Place): void {
    owner[key] = value;
    this.#places.get(owner)?.entries.set(key, place);
  }
  #put(bag: Bag, key: string, value: unknown, keyNode: Node, valueNode: Node): void {
    this.#set(bag, key, value, [keyNode.startIndex, keyNode.endIndex, valueNode.startIndex, valueNode.endIndex]);
  }
  #text(node: Node): string {
    return this.#written(node).replace(/\s+/g, ' ').trim();
  }
  #expression(node: Node): Expression {
    return this.#placed(new Expression(this.#text(node)), node);
  }
  #placed<T extends Expression>(made: T, node: Node): T {
    const { startIndex: start, endIndex: end } = node;
    this.#places.set(made, {
      start,
      end,
      entries: new Map(Object.keys(made).map((key) => [key, [start, start, start, end]])),
    });
    return made;
  }
  /** An expression that is worked out from the expressions and literals among `parts`. */
  #call(node: Node, name: string, parts: readonly (Node | string)[], depth: number): Expression {
    if (depth > maxCallDepth) return this.#expression(node);
    const args = this.#list(node);
    for (const part of parts) {
      const place = typeof part === 'string' ? node : part;
      this.#put(
        args as unknown as Bag,
        String(args.length),
        typeof part === 'string' ? part : this.#value(part, depth + 1),
        place,
        place,
      );
    }
    return this.#placed(new Call(this.#text(node), name, args), node);
  }
  /** `"a-${b}"`: what lies between the holes, and the holes. Directives and markers that trim are left alone. */
  #template(node: Node, children: readonly (Node | null)[], depth: number): Expression {
    const parts: (Node | string)[] = [];
    let from = node.startIndex + 1;
    const literal = (to: number): void => {
      if (to > from) parts.push(unescape(this.#source.text.slice(from, to)));
    };
    for (const hole of children.filter((child) => child?.type === 'template_interpolation')) {
      const inner = hole?.namedChildren.find((child) => child?.type === 'expression');
      if (!hole || !inner || /^\$\{~|~\}$/.test(this.#written(hole))) return this.#expression(node);
      literal(hole.startIndex);
      parts.push(inner);
      from = hole.endIndex;
    }
    literal(node.endIndex - 1);
    return this.#call(node, '"', parts, depth);
  }
  #list(node: Node): unknown[] {
    const items: unknown[] = [];
    this.#places.set(items, { start: node.startIndex, end: node.endIndex, entries: new Map() });
    return items;
  }

  /** The text of a quoted literal; the grammar trims what lies between the quotes, so the source is asked. */
  #quoted(node: Node): string {
    return unescape(this.#source.text.slice(node.startIndex + 1, node.endIndex - 1));
  }

  #heredoc(node: Node): unknown {
    const parts = node.namedChildren;
    if (parts.some((part) => part?.type === 'template_interpolation' || part?.type === 'template_directive'))
      return this.#expression(node);
    const lines = this.#written(node).split(/\r?\n/);
    const body = lines.slice(1, -1);
    if (lines[0]?.startsWith('<<-')) {
      const margin = Math.min(
        ...body.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0),
      );
      return body
        .map((line) => `${line.slice(Number.isFinite(margin) ? margin : 0)}\n`)
        .join('')
        .replace(/([$%])\1\{/g, '$1{');
    }
    return body
      .map((line) => `${line}\n`)
      .join('')
      .replace(/([$%])\1\{/g, '$1{');
  }

  #value(node: Node, depth: number): unknown {
    if (node.hasError) return this.#expression(node);
    if (depth > maxDepth) {
      if (this.faults.every((fault) => fault.code !== 'depth'))
        this.#fault('depth', `nested deeper than ${maxDepth} levels`, node);
      return null;
    }
    const only = node.namedChildren.filter((child) => child?.type !== 'comment');
    const [first] = only;
    switch (node.type) {
      case 'expression':
        // More than one part is a traversal (`a.b`) or an index.
        return only.length === 1 && first ? this.#value(first, depth + 1) : this.#expression(node);
      case 'literal_value':
      case 'collection_value':
      case 'template_expr':
        return first ? this.#value(first, depth + 1) : this.#expression(node);
      case 'operation':
      case 'unary_operation': {
        const number = /^-\s*(\d+(?:\.\d+)?)$/.exec(this.#written(node))?.[1];
        return number === undefined ? this.#expression(node) : -Number(number);
      }
      case 'numeric_lit':
        return Number(this.#written(node));
      case 'bool_lit':
        return this.#written(node) === 'true';
      case 'null_lit':
        return null;
      case 'string_lit':
        return this.#quoted(node);
      case 'quoted_template': {
        // "${x}" is x itself (Terraform Language, Strings and Templates).
        const inner = only
          .find((child) => child?.type === 'template_interpolation')
          ?.namedChildren.find((child) => child?.type === 'expression');
        if (only.length === 3 && inner && /^"\$\{[^~]/.test(this.#written(node))) return this.#value(inner, depth + 1);
        return only.some((child) => child?.type === 'template_directive')
          ? this.#expression(node)
          : this.#template(node, only, depth);
      }
      case 'conditional':
        return only.length === 3
          ? this.#call(
              node,
              '?',
              only.filter((child) => child !== null),
              depth,
            )
          : this.#expression(node);
      case 'function_call': {
        const given = only.find((child) => child?.type === 'function_arguments')?.namedChildren ?? [];
        if (first?.type !== 'identifier' || given.some((child) => child?.type === 'ellipsis'))
          return this.#expression(node);
        return this.#call(
          node,
          this.#written(first),
          given.filter((child) => child?.type === 'expression'),
          depth,
        );
      }
      case 'heredoc_template':
        return this.#heredoc(node);
      case 'tuple': {
        const items = this.#list(node);
        for (const item of only)
          if (item?.type === 'expression')
            this.#put(items as unknown as Bag, String(items.length), this.#value(item, depth + 1), item, item);
        return items;
      }
      case 'object': {
        const bag = this.#bag(node);
        for (const element of only) {
          const key = element?.childForFieldName('key');
          const value = element?.childForFieldName('val');
          if (key && value) this.#put(bag, this.#objectKey(key, depth), this.#value(value, depth + 1), key, value);
        }
        return bag;
      }
      default:
        return this.#expression(node);
    }
  }

  /** A bare word is its own name; a computed key keeps its text in parentheses. */
  #objectKey(node: Node, depth: number): string {
    const written = this.#written(node);
    if (/^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(written)) return written;
    const value = this.#value(node, depth + 1);
    if (typeof value === 'object' && value !== null) return written.startsWith('(') ? written : `(${written})`;
    return String(value);
  }

  #body(block: Node, depth: number): Bag {
    const bag = this.#bag(block);
    const body = block.type === 'body' ? block : block.namedChildren.find((child) => child?.type === 'body');
    if (depth > maxDepth) {
      if (this.faults.every((fault) => fault.code !== 'depth'))
        this.#fault('depth', `nested deeper than ${maxDepth} levels`, block);
      return bag;
    }
    for (const child of body?.namedChildren ?? []) {
      if (child?.type === 'attribute') this.#attribute(bag, child, depth);
      else if (child?.type === 'block') this.#nested(bag, child, depth);
    }
    return bag;
  }

  #attribute(bag: Bag, node: Node, depth: number): void {
    const name = node.namedChildren.find((child) => child?.type === 'identifier');
    if (!name) return;
    const value = node.namedChildren.findLast((child) => child?.type === 'expression');
    const key = this.#written(name);
    if (node.hasError || !value) this.#put(bag, key, this.#expression(node), name, node);
    else this.#put(bag, key, this.#value(value, depth + 1), name, value);
  }

  #labels(node: Node): { readonly text: string; readonly node: Node }[] {
    return node.namedChildren
      .slice(1)
      .filter((child) => child?.type === 'string_lit' || child?.type === 'identifier')
      .map((child) => ({
        text: child.type === 'identifier' ? this.#written(child) : this.#quoted(child),
        node: child,
      }));
  }

  /** A block lies below one map per label; written once it is a map, repeated it is a list of maps. */
  #nested(bag: Bag, node: Node, depth: number): void {
    const name = node.namedChildren[0];
    if (name?.type !== 'identifier') return;
    const labels = this.#labels(node);
    // The heading is the place of the block: what it lacks is reported there.
    const end = labels.at(-1)?.node.endIndex ?? name.endIndex;
    const place: Place = [name.startIndex, end, node.startIndex, node.endIndex];
    let owner = bag;
    let key = this.#written(name);
    for (const label of labels) {
      const known = owner[key];
      const below = isBag(known) && !this.#bodies.has(known) ? known : this.#bag(node);
      if (below !== known) this.#set(owner, key, below, place);
      [owner, key] = [below, label.text];
    }
    const body = this.#body(node, depth + 1);
    this.#bodies.add(body);
    const known = owner[key];
    if (Array.isArray(known)) this.#set(known as unknown as Bag, String(known.length), body, place);
    else if (isBag(known) && this.#bodies.has(known)) {
      const list = this.#list(node);
      this.#set(list as unknown as Bag, '0', known, this.#places.get(owner)?.entries.get(key) ?? place);
      this.#set(list as unknown as Bag, '1', body, place);
      this.#set(owner, key, list, place);
    } else this.#set(owner, key, body, place);
  }

  /** The error nodes of a file. Only what lies around an error is descended into. */
  #errors(node: Node): void {
    const stack: Node[] = [node];
    for (let top = stack.pop(); top; top = stack.pop()) {
      const opened = top.isMissing ? closings.get(top.type) : undefined;
      const { startIndex } = top.parent ?? top;
      if (opened !== undefined)
        this.faults.push({
          code: 'syntax',
          message: `this ${opened} is never closed`,
          start: startIndex,
          end: startIndex + 1,
        });
      else if (top.isMissing) this.#fault('syntax', 'something is missing here', top);
      else if (top.isError) this.#fault('syntax', 'this is not valid Terraform', top);
      else if (top.hasError) for (const child of top.children) if (child) stack.push(child);
    }
    this.faults.sort((a, b) => a.start - b.start);
  }

  /** The data of a file: blocks and attributes of its top level, as `#body` puts them. */
  file(root: Node): object {
    if (root.hasError) this.#errors(root);
    return this.#body(root, 0);
  }

  /** Comments up to the end of a line. Where the grammar lost its way, what looks like one may be text. */
  comments(root: Node): Comment[] {
    const isLost = (node: Node): boolean => {
      for (let up = node.parent; up; up = up.parent) if (up.isError) return true;
      return false;
    };
    return root
      .descendantsOfType('comment')
      .filter((node) => node !== null)
      .map((node) => ({ node, text: this.#written(node) }))
      .filter(({ node, text }) => !text.startsWith('/*') && !isLost(node))
      .map(({ node, text }) => ({ offset: node.startIndex, text: text.replace(/[\r\n]+$/, '') }));
  }

  /** The blocks of `Tree.offsets`, in the order in which `slots` of tree.ts walks the data. */
  offsets(root: object): Uint32Array {
    const numbers: number[] = [];
    const visit = (node: object): void => {
      const places = this.#places.get(node);
      numbers.push(places?.start ?? 0, places?.end ?? 0);
      const keys = Object.keys(node);
      for (const key of keys) numbers.push(...(places?.entries.get(key) ?? [0, 0, 0, 0]));
      for (const key of keys) {
        const child = (node as Bag)[key];
        if (typeof child === 'object' && child !== null) visit(child);
      }
    };
    visit(root);
    return Uint32Array.from(numbers);
  }
}

/**
 * Loads the grammar, which only runs with Terraform files need to pay for, and gives the parser. A tree's root holds blocks below
 * their labels, as Terraform's JSON syntax does: `resource.aws_eks_cluster.main.vpc_config.endpoint_public_access`.
 */
export const loadHcl = (): Promise<(source: Source) => Tree[]> => (loaded ??= load());

/** Made once in a process: what the grammar takes of WebAssembly memory is never given back. */
let loaded: ReturnType<typeof load> | undefined;

async function load(): Promise<(source: Source) => Tree[]> {
  const { Language, Parser } = await import('web-tree-sitter');
  await Parser.init(); // finds its own wasm beside itself: in its package, or beside the bundle that took it in
  const [, { package: grammar, file }] = hclAssets;
  const fromPackage = async (): Promise<string> => {
    const { createRequire } = await import('node:module');
    return `${dirname(createRequire(import.meta.url).resolve(`${grammar}/package.json`))}/${file}`;
  };
  // A release has the grammar beside its bundle; in development it is still in its package.
  const language = await Language.load(fileURLToPath(new URL(`./${file}`, import.meta.url))).catch(async () =>
    Language.load(await fromPackage()),
  );
  const parser = new Parser();
  parser.setLanguage(language);
  return (source) => {
    const failed = (code: SyntaxFault['code'], message: string): Tree[] => [
      {
        source,
        root: undefined,
        offsets: new Uint32Array(),
        faults: [{ code, message, start: 0, end: Math.min(1, source.text.length) }],
        language: 'hcl',
        index: 0,
        start: 0,
      },
    ];
    const deep = depthOf(source.text);
    if (deep > maxDepth) return failed('depth', `nested deeper than ${maxDepth} levels`);
    // A byte order mark is no token of the grammar; a blank keeps every offset.
    const text = source.text.charCodeAt(0) === 0xfeff ? ` ${source.text.slice(1)}` : source.text;
    const parsed = parser.parse(text);
    if (!parsed) return failed('syntax', 'this is not valid Terraform');
    try {
      const builder = new Builder(source);
      const root = builder.file(parsed.rootNode);
      return [
        {
          source,
          root,
          offsets: builder.offsets(root),
          faults: builder.faults,
          language: 'hcl',
          index: 0,
          start: 0,
          comments: source.text.includes('ekslint-ignore') ? builder.comments(parsed.rootNode) : [],
        },
      ];
    } finally {
      parsed.delete();
      parser.reset();
    }
  };
}

/** How deep brackets nest at most, strings not told apart: only a guard for the walks over the tree. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 123 || c === 91 || c === 40) most = Math.max(most, ++depth);
    else if ((c === 125 || c === 93 || c === 41) && depth > 0) depth--;
  }
  return most;
}
