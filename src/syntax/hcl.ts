import { dirname, join } from 'node:path';
import type { Node } from 'web-tree-sitter';
import { Call, Expression, For, noteKey, Path, type Step } from './expression.ts';
import { readHcl, type Syntax } from './hcl-reader.ts';
import type { Comment, Source, SyntaxFault, Tree } from './tree.ts';

export { Call, computedKeys, Expression, For, Path, type Step } from './expression.ts';

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

/** The grammars that the build copies next to the bundle. */
export const hclAssets = [
  { package: 'web-tree-sitter', file: 'web-tree-sitter.wasm' },
  { package: '@tree-sitter-grammars/tree-sitter-hcl', file: 'tree-sitter-hcl.wasm' },
] as const;

/** Deeper files are rejected, as in YAML. */
const maxDepth = 100;
/** Deeper conditionals and calls are kept as text: they may nest without brackets. */
const maxCallDepth = 40;

type Place = readonly [number, number, number, number];
interface Places {
  readonly start: number;
  readonly end: number;
  readonly entries: Map<string, Place>;
}
type Bag = Record<string, unknown>;
type Span = Pick<Syntax, 'startIndex' | 'endIndex'>;
/** The text of a piece of a template; `isFirst`: it is at the start of a line. */
type Plain = (text: string, isFirst: boolean) => string;
/** A known part of an expression: a literal, or the result of other nodes. */
interface Made {
  readonly made: unknown;
}

/** A quoted text without escapes, holes and directives. */
const plainText = /^"[^"\\$%\n]*"$/;
const plainNumber = /^\d+(?:\.\d+)?$/;
/** `var.name`: a name and attributes, without indexes. */
const plainPath = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;
const words: ReadonlyMap<string, Made> = new Map([
  ['true', { made: true }],
  ['false', { made: false }],
  ['null', { made: null }],
]);

/** A block's body, or the map of its labels. */
const isBag = (value: unknown): value is Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Expression);

/** Escapes in quoted templates (HCL native syntax specification, Template Expressions). */
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

/** Turns the syntax nodes of one file into plain data with locations. */
class Builder {
  readonly faults: SyntaxFault[] = [];
  readonly #source: Source;
  readonly #places = new Map<object, Places>();
  /** Maps that are the body of a block, not one of its labels. */
  readonly #bodies = new Set<object>();

  /** No node of the file is an error. */
  #isSound = false;

  constructor(source: Source) {
    this.#source = source;
  }

  #fault(code: SyntaxFault['code'], message: string, node: Syntax): void {
    this.faults.push({ code, message, start: node.startIndex, end: Math.max(node.endIndex, node.startIndex) });
  }
  #written(node: Syntax): string {
    return this.#source.text.slice(node.startIndex, node.endIndex);
  }
  #bag(node: Syntax): Bag {
    const bag = Object.create(null) as Bag;
    this.#places.set(bag, { start: node.startIndex, end: node.endIndex, entries: new Map() });
    return bag;
  }
  #set(owner: Bag, key: string, value: unknown, place: Place): void {
    owner[key] = value;
    this.#places.get(owner)?.entries.set(key, place);
  }
  #put(bag: Bag, key: string, value: unknown, keyNode: Syntax, valueNode: Syntax): void {
    this.#set(bag, key, value, [keyNode.startIndex, keyNode.endIndex, valueNode.startIndex, valueNode.endIndex]);
  }
  /** The text of an expression on one line. */
  #text(node: Span): () => string {
    const { text } = this.#source;
    const { startIndex, endIndex } = node;
    return () => text.slice(startIndex, endIndex).replace(/\s+/g, ' ').trim();
  }
  #expression(node: Span): Expression {
    return this.#placed(new Expression(this.#text(node)), node);
  }
  #placed<T extends Expression>(made: T, node: Span): T {
    const { startIndex: start, endIndex: end } = node;
    this.#places.set(made, {
      start,
      end,
      entries: new Map(Object.keys(made).map((key) => [key, [start, start, start, end]])),
    });
    return made;
  }
  /** Expressions and literals from which another is composed. */
  #parts(node: Syntax, parts: readonly (Syntax | Made)[], depth: number): unknown[] {
    const args = this.#list(node);
    for (const part of parts) {
      const place = 'made' in part ? node : part;
      const value = 'made' in part ? part.made : this.#value(part, depth + 1);
      this.#put(args as unknown as Bag, String(args.length), value, place, place);
    }
    return args;
  }
  /** An expression that is composed of others. */
  #call(node: Syntax, name: string, parts: readonly (Syntax | Made)[], depth: number): Expression {
    if (depth > maxCallDepth) return this.#expression(node);
    return this.#placed(new Call(this.#text(node), name, this.#parts(node, parts, depth)), node);
  }

  #list(node: Syntax): unknown[] {
    const items: unknown[] = [];
    this.#places.set(items, { start: node.startIndex, end: node.endIndex, entries: new Map() });
    return items;
  }

  /** The text of a quoted literal; the grammar trims the content of the quotes, so it is read from the source. */
  #quoted(node: Syntax): string {
    return unescape(this.#source.text.slice(node.startIndex + 1, node.endIndex - 1));
  }

  /** Most values are known from their text alone, which saves calls to the grammar; undefined for the others. */
  #plain({ startIndex, endIndex }: Syntax): Made | undefined {
    const text = this.#source.text.slice(startIndex, endIndex);
    const first = text.charCodeAt(0);
    if (first === 34) return plainText.test(text) ? { made: text.slice(1, -1) } : undefined;
    if (first >= 48 && first <= 57) return plainNumber.test(text) ? { made: Number(text) } : undefined;
    const word = words.get(text);
    if (word || !plainPath.test(text)) return word;
    const [base = '', ...steps] = text.split('.');
    return { made: this.#placed(new Path(() => text, base, steps), { startIndex, endIndex }) };
  }

  #value(node: Syntax, depth: number): unknown {
    if (this.#isSound) {
      const plain = depth <= maxCallDepth ? this.#plain(node) : undefined;
      if (plain) return plain.made;
    } else if (node.hasError) return this.#expression(node);
    if (depth > maxDepth) {
      if (this.faults.every((fault) => fault.code !== 'depth'))
        this.#fault('depth', `nested deeper than ${maxDepth} levels`, node);
      return null;
    }
    const only = node.namedChildren.filter((child) => child?.type !== 'comment');
    const [first] = only;
    switch (node.type) {
      case 'expression':
        return only.length === 1 && first && first.type !== 'variable_expr'
          ? this.#value(first, depth + 1)
          : this.#path(node, only, depth);
      case 'literal_value':
      case 'collection_value':
      case 'template_expr':
        return first ? this.#value(first, depth + 1) : this.#expression(node);
      case 'operation':
        return first ? this.#value(first, depth + 1) : this.#expression(node);
      case 'unary_operation': {
        const number = /^-\s*(\d+(?:\.\d+)?)$/.exec(this.#written(node))?.[1];
        if (number !== undefined) return -Number(number);
        const name = node.children[0]?.type === '!' ? '!' : 'negate';
        return this.#call(node, name, [this.#side(only, depth)], depth);
      }
      case 'binary_operation': {
        const at = node.children.findIndex(
          (child) => child !== null && !child.isNamed && child.type !== '(' && child.type !== ')',
        );
        const operator = node.children[at]?.type;
        if (operator === undefined) return this.#expression(node);
        const sides = [node.children.slice(0, at), node.children.slice(at + 1)];
        const parts = sides.map((side) => this.#side(side, depth));
        return this.#call(node, operator, parts, depth);
      }
      case 'variable_expr':
        return this.#path(node, only, depth);
      case 'numeric_lit':
        return Number(this.#written(node));
      case 'bool_lit':
        return this.#written(node) === 'true';
      case 'null_lit':
        return null;
      case 'string_lit':
        return this.#quoted(node);
      case 'quoted_template':
        return this.#template(node, node.startIndex + 1, node.endIndex - 1, depth, unescape);
      case 'for_expr':
        return first ? this.#for(first, depth) : this.#expression(node);
      case 'conditional':
        return only.length === 3
          ? this.#choice(
              node,
              only.filter((child) => child !== null),
              depth,
            )
          : this.#expression(node);
      case 'function_call': {
        if (first?.type !== 'identifier') return this.#expression(node);
        const given = (only.find((child) => child?.type === 'function_arguments')?.namedChildren ?? []).filter(
          (child) => child !== null,
        );
        const parts: (Syntax | Made)[] = given.filter((child) => child.type === 'expression');
        const last = parts.pop();
        if (last && given.at(-1)?.type === 'ellipsis' && !('made' in last))
          parts.push({ made: this.#call(last, '...', [last], depth) });
        else if (last) parts.push(last);
        return this.#call(node, this.#written(first), parts, depth);
      }
      case 'heredoc_template':
        return this.#heredoc(node, depth);
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
          const [key, value] = element?.namedChildren.filter((child) => child?.type === 'expression') ?? [];
          if (key && value) this.#put(bag, this.#objectKey(bag, key, depth), this.#value(value, depth + 1), key, value);
        }
        return bag;
      }
      default:
        return this.#expression(node);
    }
  }

  /** The grammar reads `a ? b : c ? d : e` from the left, Terraform from the right. */
  #choice(node: Syntax, [condition, yes, no]: readonly (Syntax | Made)[], depth: number): unknown {
    if (!condition || !yes || !no || depth > maxCallDepth) return this.#expression(node);
    const [inner] = 'made' in condition || condition.children.length !== 1 ? [] : condition.children;
    const [first, second, third] = inner?.type === 'conditional' ? inner.namedChildren : [];
    if (!first || !second || !third) return this.#call(node, '?', [condition, yes, no], depth);
    return this.#choice(node, [first, second, { made: this.#choice(node, [third, yes, no], depth + 1) }], depth + 1);
  }

  /** A bare word is its own name; a computed key keeps its text in parentheses. */
  #objectKey(bag: Bag, node: Syntax, depth: number): string {
    const written = this.#written(node);
    if (/^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(written)) return written;
    const value = this.#value(node, depth + 1);
    if (typeof value !== 'object' || value === null) return String(value);
    const key = written.startsWith('(') ? written : `(${written})`;
    noteKey(bag, key, value);
    return key;
  }

  /** A name or an expression, and the attributes and indexes after it. */
  #path(node: Span, parts: readonly (Syntax | null)[], depth: number): Expression {
    const [head, ...rest] = parts;
    if (!head || depth > maxCallDepth) return this.#expression(node);
    const base =
      head.type === 'variable_expr'
        ? this.#written(head)
        : head.type === 'identifier'
          ? this.#written(head)
          : this.#value(head, depth + 1);
    const steps = this.#steps(rest, depth);
    return steps ? this.#placed(new Path(this.#text(node), base, steps), node) : this.#expression(node);
  }
  /** A side of an operator, whose attributes and indexes are siblings of its name. */
  #side(nodes: readonly (Syntax | null)[], depth: number): Made {
    const written = nodes.filter((node) => node !== null && node.type !== 'comment');
    // Parentheses are nodes without names.
    const parts = written.filter((node) => node?.isNamed);
    const [first, ...others] = parts;
    if (!first) return { made: null };
    if (others.length === 0 && first.type !== 'variable_expr') return { made: this.#value(first, depth + 1) };
    const { startIndex } = written[0] ?? first;
    const { endIndex } = others.at(-1) ?? first;
    return { made: this.#path({ startIndex, endIndex }, parts, depth + 1) };
  }
  #steps(parts: readonly (Syntax | null)[], depth: number): Step[] | undefined {
    const steps: Step[] = [];
    for (const part of parts) {
      const [inner] = part?.namedChildren ?? [];
      if (part?.type === 'get_attr' && inner) steps.push(this.#written(inner));
      else if (part?.type === 'index' && inner?.type === 'new_index') {
        const index = inner.namedChildren.find((child) => child?.type === 'expression');
        if (!index) return undefined;
        steps.push({ at: this.#value(index, depth + 1) });
      } else if (part?.type === 'index' && inner) steps.push({ at: Number(this.#written(inner).replace(/^\./, '')) });
      else if (part?.type === 'splat' && inner) {
        const each = this.#steps(inner.namedChildren, depth);
        if (!each) return undefined;
        // After `.*` an index applies to the whole list, after `[*]` to each item (HCL syntax, Splat Operators).
        const end = inner.type === 'attr_splat' ? each.findIndex((step) => typeof step === 'object') : -1;
        steps.push({ each: end < 0 ? each : each.slice(0, end) }, ...(end < 0 ? [] : each.slice(end)));
      } else return undefined;
    }
    return steps;
  }

  #for(node: Syntax, depth: number): Expression {
    const intro = node.namedChildren.find((child) => child?.type === 'for_intro');
    const over = intro?.namedChildren.find((child) => child?.type === 'expression');
    const results = node.namedChildren.filter((child) => child?.type === 'expression');
    const condition = node.namedChildren
      .find((child) => child?.type === 'for_cond')
      ?.namedChildren.find((child) => child?.type === 'expression');
    const [first, second] = results;
    const isMap = node.type === 'for_object_expr';
    const value = isMap ? second : first;
    if (!intro || !over || !first || !value || depth > maxCallDepth) return this.#expression(node);
    const args = this.#parts(node, [over, value, condition ?? { made: true }, ...(isMap ? [first] : [])], depth);
    return this.#placed(
      new For(this.#text(node), args, {
        names: this.#names(intro),
        made: isMap ? 'map' : 'list',
        grouped: node.namedChildren.some((child) => child?.type === 'ellipsis'),
      }),
      node,
    );
  }
  #names(node: Syntax): string[] {
    return node.namedChildren
      .filter((child) => child?.type === 'identifier')
      .map((child) => (child ? this.#written(child) : ''));
  }

  /** The part of a template between two offsets: a string, the only value in it, or a string with holes. */
  #template(node: Syntax, start: number, end: number, depth: number, plain: Plain, whole = true): unknown {
    const parts = this.#pieces(node.namedChildren, start, end, depth, plain);
    if (!parts) return this.#expression(node);
    const [only] = parts;
    if (parts.length === 0) return '';
    if (parts.length === 1 && only) {
      if ('made' in only && typeof only.made === 'string') return only.made;
      // "${x}" is x itself (Terraform Language, Strings and Templates).
      if (whole && !('made' in only)) return this.#value(only, depth + 1);
    }
    return this.#call(node, '"', parts, depth);
  }
  /** The literals, holes and directives between two offsets; `~` trims the adjacent whitespace. */
  #pieces(
    children: readonly (Syntax | null)[],
    start: number,
    end: number,
    depth: number,
    plain: Plain,
  ): (Syntax | Made)[] | undefined {
    const parts: (Syntax | Made)[] = [];
    let from = start;
    const literal = (to: number): void => {
      if (from < to)
        parts.push({ made: plain(this.#source.text.slice(from, to), this.#source.text[from - 1] === '\n') });
    };
    for (const child of children) {
      if (child?.type !== 'template_interpolation' && child?.type !== 'template_directive') continue;
      const written = this.#written(child);
      literal(/^[$%]\{~/.test(written) ? this.#blanksBefore(child.startIndex, from) : child.startIndex);
      if (child.type === 'template_interpolation') {
        const inner = child.namedChildren.find((one) => one?.type === 'expression');
        if (!inner) return undefined;
        parts.push(inner);
      } else {
        const directive = this.#directive(child.namedChildren[0], depth, plain);
        if (!directive) return undefined;
        parts.push({ made: directive });
      }
      from = written.endsWith('~}') ? this.#blanksAfter(child.endIndex, end) : child.endIndex;
    }
    literal(end);
    return parts;
  }
  /** `%{ if }` and `%{ for }` with their contents. */
  #directive(node: Syntax | null | undefined, depth: number, plain: Plain): Expression | undefined {
    if (!node || depth > maxCallDepth) return undefined;
    const children = node.namedChildren.filter((child) => child !== null);
    const marks = children.filter((child) =>
      /^template_(?:if_intro|else_intro|if_end|for_start|for_end)$/.test(child.type),
    );
    const [intro] = marks;
    const subject = intro?.namedChildren.find((child) => child?.type === 'expression');
    if (!intro || !subject || marks.length < 2) return undefined;
    const bodies: Made[] = [];
    for (const [index, mark] of marks.entries()) {
      const next = marks[index + 1];
      if (!next) break;
      const inside = children.filter(({ startIndex }) => startIndex >= mark.endIndex && startIndex < next.startIndex);
      const [start, end] = this.#trimmed(mark, next);
      const parts = this.#pieces(inside, start, end, depth + 1, plain);
      if (!parts) return undefined;
      bodies.push({ made: this.#call(node, '"', parts, depth) });
    }
    const [first, second = { made: '' }] = bodies;
    if (!first) return undefined;
    if (node.type === 'template_if') return this.#call(node, '%if', [subject, first, second], depth);
    const args = this.#parts(node, [subject, first, { made: true }], depth);
    return this.#placed(
      new For(this.#text(node), args, { names: this.#names(intro), made: 'text', grouped: false }),
      node,
    );
  }
  /** The part between two marks of a directive, without the whitespace that `~` trims. */
  #trimmed(mark: Syntax, next: Syntax): [number, number] {
    const start = this.#written(mark).endsWith('~}')
      ? this.#blanksAfter(mark.endIndex, next.startIndex)
      : mark.endIndex;
    return [
      start,
      this.#written(next).startsWith('%{~') ? this.#blanksBefore(next.startIndex, start) : next.startIndex,
    ];
  }
  /** `~` trims only within one line: HCL reads templates line by line (hclsyntax, parser_template.go). */
  #blanksAfter(at: number, end: number): number {
    const [blanks = ''] = /^[ \t]*(?:\r?\n)?/.exec(this.#source.text.slice(at, end)) ?? [];
    return at + blanks.length;
  }
  #blanksBefore(at: number, start: number): number {
    const [blanks = ''] = /[ \t]+$|[ \t]*\r?\n$|$/.exec(this.#source.text.slice(start, at)) ?? [];
    return at - blanks.length;
  }

  /** A heredoc; `<<-` removes the indentation that all its lines share. */
  #heredoc(node: Syntax, depth: number): unknown {
    const written = this.#written(node);
    const opening = /^<<-?[^\n]*\n/.exec(written)?.[0].length ?? written.length;
    const start = node.startIndex + opening;
    const end = node.startIndex + Math.max(opening, written.lastIndexOf('\n') + 1);
    const body = this.#source.text.slice(start, end);
    const margin = written.startsWith('<<-')
      ? Math.min(
          ...body
            .split('\n')
            .filter((line) => line.trim() !== '')
            .map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0),
        )
      : 0;
    const indent = Number.isFinite(margin) ? margin : 0;
    const plain: Plain = (text, isFirst) => {
      const lines = text.replace(/\r\n/g, '\n').split('\n');
      const shifted = lines.map((line, index) =>
        index > 0 || isFirst ? line.replace(/^[ \t]*/, (blanks) => blanks.slice(indent)) : line,
      );
      return shifted.join('\n').replace(/([$%])\1\{/g, '$1{');
    };
    return this.#template(node, start, end, depth, plain, false);
  }

  #body(block: Syntax, depth: number): Bag {
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

  #attribute(bag: Bag, node: Syntax, depth: number): void {
    const children = node.namedChildren;
    // Each look at a node of the grammar is a call into WebAssembly.
    const isPair = this.#isSound && children.length === 2;
    const name = isPair ? children[0] : children.find((child) => child?.type === 'identifier');
    if (!name) return;
    const value = isPair ? children[1] : children.findLast((child) => child?.type === 'expression');
    const key = this.#written(name);
    if (!value || (!this.#isSound && node.hasError)) this.#put(bag, key, this.#expression(node), name, node);
    else this.#put(bag, key, this.#value(value, depth + 1), name, value);
  }

  #labels(node: Syntax): { readonly text: string; readonly node: Syntax }[] {
    return node.namedChildren
      .slice(1)
      .filter((child) => child !== null)
      .filter(({ type }) => type === 'string_lit' || type === 'identifier')
      .map((child) => ({
        text: child.type === 'identifier' ? this.#written(child) : this.#quoted(child),
        node: child,
      }));
  }

  /** A block is below one map per label; written once it is a map, repeated it is a list of maps. */
  #nested(bag: Bag, node: Syntax, depth: number): void {
    const name = node.namedChildren[0];
    if (name?.type !== 'identifier') return;
    const labels = this.#labels(node);
    // The heading is the location of the block: missing keys are reported there.
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

  /** The error nodes of a file. Only nodes that contain an error are visited. */
  errors(node: Node): void {
    const stack: Node[] = [node];
    for (let top = stack.pop(); top; top = stack.pop()) {
      const opened = top.isMissing ? closings.get(top.type) : undefined;
      const { startIndex } = top.parent ?? top;
      if (opened !== undefined)
        this.faults.push({
          code: 'syntax',
          message: `this ${opened} is not closed`,
          start: startIndex,
          end: startIndex + 1,
        });
      else if (top.isMissing) this.#fault('syntax', 'something is missing here', top);
      else if (top.isError) this.#fault('syntax', 'this is not valid Terraform', top);
      else if (top.hasError) for (const child of top.children) if (child) stack.push(child);
    }
    this.faults.sort((a, b) => a.start - b.start);
  }

  /** The data of a file: blocks and attributes of its top level, as `#body` builds them. */
  file(root: Syntax): object {
    this.#isSound = !root.hasError;
    return this.#body(root, 0);
  }

  /** Comments up to the end of a line. After a syntax error, an apparent comment may be text. */
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
 * Loads the grammar, which only runs with Terraform files pay for, and returns the parser. A tree's root holds blocks
 * below their labels, as Terraform's JSON syntax does:
 * `resource.aws_eks_cluster.main.vpc_config.endpoint_public_access`.
 */
export const loadHcl = (): Promise<(source: Source) => Tree[]> => (loaded ??= load());

/** Reads expressions in strings: in the JSON syntax, and in files that are templates. */
let parseTree: ((source: Source) => Tree[]) | undefined;

/**
 * A string with holes and directives as an expression; its nodes are in no file. Undefined if it cannot be read, or if
 * no Terraform was loaded.
 */
export function parseTemplate(text: string): unknown {
  if (!parseTree) return undefined;
  // Only a heredoc may contain quotes and line ends.
  const mark = 'EKSLINT_END_OF_TEMPLATE';
  if (text.includes(mark) || text.length > mostTemplate) return undefined;
  const [tree] = parseTree({ id: '', path: '', target: false, text: `t = <<${mark}\n${text}\n${mark}\n` });
  const root = tree?.faults.length === 0 ? tree.root : undefined;
  const read = isBag(root) ? root['t'] : undefined;
  if (typeof read === 'string') return read.slice(0, -1);
  if (!(read instanceof Call) || read.name !== '"') return undefined;
  const last = read.args.at(-1);
  const args = read.args.slice(0, -1);
  if (typeof last === 'string' && last !== '\n') args.push(last.slice(0, -1));
  return args.length === 1 ? args[0] : new Call(text, '"', args);
}
/** Longer templates are programs. */
const mostTemplate = 200_000;

/** Created once per process: WebAssembly memory that the grammar uses is never released. */
let loaded: ReturnType<typeof load> | undefined;

async function load(): Promise<(source: Source) => Tree[]> {
  const { Language, Parser } = await import('web-tree-sitter');
  await Parser.init(); // finds its own wasm next to it: in its package, or next to the bundle that contains it
  const [, { package: grammar, file }] = hclAssets;
  const fromPackage = async (): Promise<string> => {
    const { createRequire } = await import('node:module');
    return `${dirname(createRequire(import.meta.filename).resolve(`${grammar}/package.json`))}/${file}`;
  };
  // A release has the grammar next to its bundle; in development it is still in its package.
  const language = await Language.load(join(import.meta.dirname, file)).catch(async () =>
    Language.load(await fromPackage()),
  );
  const parser = new Parser();
  parser.setLanguage(language);
  return (parseTree = (source) => {
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
    // The grammar has no token for a byte order mark; a space keeps all offsets.
    const text = source.text.charCodeAt(0) === 0xfeff ? ` ${source.text.slice(1)}` : source.text;
    const builder = new Builder(source);
    const treeOf = (from: Syntax, comments: () => readonly Comment[]): Tree[] => {
      const root = builder.file(from);
      return [
        {
          source,
          root,
          offsets: builder.offsets(root),
          faults: builder.faults,
          language: 'hcl',
          index: 0,
          start: 0,
          comments: text.includes('ekslint') ? comments() : [],
        },
      ];
    };
    const read = readHcl(text);
    if (read) return treeOf(read.root, () => read.comments);
    const parsed = parser.parse(text);
    if (!parsed) return failed('syntax', 'this is not valid Terraform');
    const { rootNode } = parsed;
    try {
      if (rootNode.hasError) builder.errors(rootNode);
      return treeOf(rootNode, () => builder.comments(rootNode));
    } finally {
      parsed.delete();
      parser.reset();
    }
  });
}

/** The maximum depth of brackets, including those in strings: only a guard for the tree walks. */
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
