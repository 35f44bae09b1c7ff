import type { Comment } from './document.ts';

/*
 * Reads Terraform files many times faster than the grammar does. It stops at invalid and rare syntax, and where the grammar and Terraform
 * may differ: the grammar then reads the whole file and finds its errors. A test compares the nodes of both.
 */

/** A node of a file's syntax. The reader omits nodes that are not used: comments, brackets, plain text of templates. */
export interface Syntax {
  readonly type: string;
  readonly startIndex: number;
  readonly endIndex: number;
  /** Not a sign such as `+` or `(`. */
  readonly isNamed: boolean;
  readonly hasError: boolean;
  readonly children: readonly (Syntax | null)[];
  readonly namedChildren: readonly (Syntax | null)[];
}

/** Thrown where the grammar has to read the file instead. */
const odd = new Error('left to the grammar');

const isLetter = (c: number): boolean => (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95;
const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isBlank = (c: number): boolean => c === 32 || c === 9 || c === 13 || c === 10;

/** Words that the grammar accepts as names only in some places. */
const keywords: ReadonlySet<string> = new Set(['for', 'in', 'if', 'else', 'endif', 'endfor', 'true', 'false', 'null']);
const constants: ReadonlyMap<string, string> = new Map([
  ['true', 'bool_lit'],
  ['false', 'bool_lit'],
  ['null', 'null_lit'],
]);
/** Operators by how tightly they bind (HCL native syntax specification, Operations). */
const strengths: ReadonlyMap<string, number> = new Map([
  ['||', 1],
  ['&&', 2],
  ['==', 3],
  ['!=', 3],
  ['>', 4],
  ['>=', 4],
  ['<', 4],
  ['<=', 4],
  ['+', 5],
  ['-', 5],
  ['*', 6],
  ['/', 6],
  ['%', 6],
]);
/** How deeply expressions may nest. Brackets have been counted before, signs have not. */
const maxNesting = 400;

/** Pieces of text that have the same form in the grammar. */
const numberAt = /\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const wordAt = /[A-Za-z_][\w-]*/y;
const escapeAt = /\\(?:[nrt"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/y;
const heredocAt = /<<-?([A-Za-z_]\w*)\r?\n/y;

const none: readonly Syntax[] = [];
const nodeOf = (
  type: string,
  startIndex: number,
  endIndex: number,
  children: readonly Syntax[],
  isNamed = true,
): Syntax => ({ type, startIndex, endIndex, isNamed, hasError: false, children, namedChildren: children });
const withSigns = (type: string, startIndex: number, endIndex: number, children: readonly Syntax[]): Syntax => {
  const namedChildren = children.every(({ isNamed }) => isNamed) ? children : children.filter(({ isNamed }) => isNamed);
  return { type, startIndex, endIndex, isNamed: true, hasError: false, children, namedChildren };
};
const signOf = (type: string, startIndex: number): Syntax =>
  nodeOf(type, startIndex, startIndex + type.length, none, false);

class Reader {
  /** Comments up to the end of a line. */
  readonly comments: Comment[] = [];
  readonly #text: string;
  #at = 0;
  /** Where the last token ends. */
  #end = 0;
  #nesting = 0;

  constructor(text: string) {
    this.#text = text;
  }

  #peek(ahead = 0): number {
    return this.#text.charCodeAt(this.#at + ahead);
  }
  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text) ?? undefined;
  }
  /** Passes a token. */
  #pass(length: number): void {
    this.#end = this.#at += length;
  }
  #take(sign: string): boolean {
    const isThere = this.#text.startsWith(sign, this.#at);
    if (isThere) this.#pass(sign.length);
    return isThere;
  }
  #need(sign: string): void {
    if (!this.#take(sign)) throw odd;
  }
  /** Passes blanks and comments, up to the end of the line if that means something. Whether a line ended. */
  #blanks(lines: boolean): boolean {
    const text = this.#text;
    let ended = false;
    for (;;) {
      const c = this.#peek();
      if (c === 10) {
        if (!lines) return ended;
        ended = true;
        this.#at++;
      } else if (isBlank(c)) this.#at++;
      else if (c === 35 || (c === 47 && this.#peek(1) === 47)) {
        if (!lines) return ended;
        const line = text.indexOf('\n', this.#at);
        const end = line < 0 ? text.length : line;
        this.comments.push({ offset: this.#at, text: text.slice(this.#at, end).replace(/\r+$/, '') });
        this.#at = end;
      } else if (c === 47 && this.#peek(1) === 42) {
        const end = text.indexOf('*/', this.#at + 2);
        if (end < 0) throw odd;
        this.#at = end + 2;
      } else return ended;
    }
  }

  /** A name; the grammar knows letters of all languages, and names of functions with `::`. */
  #word(): string {
    const word = this.#match(wordAt)?.[0];
    if (word === undefined) throw odd;
    this.#pass(word.length);
    const next = this.#peek();
    if (next > 127 || (next === 58 && this.#peek(1) === 58)) throw odd;
    return word;
  }
  #identifier(): Syntax {
    const start = this.#at;
    if (keywords.has(this.#word())) throw odd;
    return nodeOf('identifier', start, this.#end, none);
  }
  /** A name behind a dot, where no keyword can stand. */
  #attributeName(): Syntax {
    const start = this.#at;
    this.#word();
    return nodeOf('identifier', start, this.#end, none);
  }

  file(): Syntax {
    const body = this.#body();
    if (this.#at < this.#text.length) throw odd;
    return { ...body, startIndex: 0, endIndex: this.#text.length };
  }

  #body(): Syntax {
    this.#blanks(true);
    const start = this.#at;
    const items: Syntax[] = [];
    while (isLetter(this.#peek())) {
      items.push(this.#item());
      if (!this.#blanks(true) && this.#at < this.#text.length && this.#peek() !== 125) throw odd;
    }
    return nodeOf('body', start, this.#end, items);
  }
  #item(): Syntax {
    const start = this.#at;
    const name = this.#identifier();
    this.#blanks(false);
    if (this.#take('=')) {
      const value = this.#expression(false);
      return nodeOf('attribute', start, value.endIndex, [name, value]);
    }
    const parts = [name];
    while (this.#peek() !== 123) {
      parts.push(this.#peek() === 34 ? this.#label() : this.#identifier());
      this.#blanks(false);
    }
    this.#pass(1);
    if (++this.#nesting > maxNesting) throw odd;
    parts.push(this.#body());
    this.#nesting--;
    this.#need('}');
    return nodeOf('block', start, this.#end, parts);
  }
  #label(): Syntax {
    const label = this.#quoted();
    if (label.type !== 'string_lit') throw odd;
    return label;
  }

  /** `lines`: line ends mean nothing here, as between parentheses. */
  #expression(lines: boolean): Syntax {
    if (++this.#nesting > maxNesting) throw odd;
    this.#blanks(lines);
    const start = this.#at;
    let made = this.#operation(lines);
    for (;;) {
      this.#blanks(lines);
      if (!this.#take('?')) break;
      const yes = this.#expression(lines);
      this.#blanks(lines);
      this.#need(':');
      this.#blanks(lines);
      const no = this.#operation(lines);
      // In the grammar, conditionals are left-associative.
      const { endIndex } = no;
      made = nodeOf('expression', start, endIndex, [nodeOf('conditional', start, endIndex, [made, yes, no])]);
    }
    this.#nesting--;
    return made;
  }
  #operation(lines: boolean): Syntax {
    const start = this.#at;
    const terms = this.#binary(lines, 0);
    return withSigns('expression', start, terms.at(-1)?.endIndex ?? start, terms);
  }
  /** The nodes of a term, or an operation. */
  #binary(lines: boolean, least: number): readonly Syntax[] {
    const start = this.#at;
    let left = this.#term(lines);
    for (;;) {
      this.#blanks(lines);
      const operator = this.#operator();
      const strength = strengths.get(operator) ?? 0;
      if (strength <= least) return left;
      const sign = signOf(operator, this.#at);
      this.#pass(operator.length);
      this.#blanks(lines);
      const right = this.#binary(lines, strength);
      const end = right.at(-1)?.endIndex ?? start;
      left = [nodeOf('operation', start, end, [withSigns('binary_operation', start, end, [...left, sign, ...right])])];
    }
  }
  /** The operator that stands here, or nothing. */
  #operator(): string {
    const two = this.#text.slice(this.#at, this.#at + 2);
    if (strengths.has(two)) return two;
    const [one = ''] = two;
    // `=>` is not an operator, `<<` starts a heredoc.
    return strengths.has(one) && two !== '<<' ? one : '';
  }

  /** A term with what is taken of it. */
  #term(lines: boolean): readonly Syntax[] {
    const start = this.#at;
    const c = this.#peek();
    if (c === 45 || c === 33) {
      if (++this.#nesting > maxNesting) throw odd;
      const sign = signOf(c === 45 ? '-' : '!', start);
      this.#pass(1);
      this.#blanks(lines);
      const inner = this.#term(lines);
      this.#nesting--;
      const end = inner.at(-1)?.endIndex ?? start;
      return [nodeOf('operation', start, end, [withSigns('unary_operation', start, end, [sign, ...inner])])];
    }
    const parts: Syntax[] = [];
    if (c === 40) {
      const open = signOf('(', start);
      this.#pass(1);
      const inner = this.#expression(true);
      this.#blanks(true);
      parts.push(open, inner, signOf(')', this.#at));
      this.#need(')');
    } else parts.push(this.#head(c));
    this.#steps(parts, true);
    return parts;
  }
  #head(c: number): Syntax {
    const start = this.#at;
    if (c === 34) {
      const made = this.#quoted();
      return nodeOf(made.type === 'string_lit' ? 'literal_value' : 'template_expr', start, this.#end, [made]);
    }
    if (isDigit(c)) {
      const made = this.#number();
      return nodeOf('literal_value', start, this.#end, [made]);
    }
    if (c === 91) return this.#tuple();
    if (c === 123) return this.#object();
    if (c === 60) {
      const made = this.#heredoc();
      return nodeOf('template_expr', start, this.#end, [made]);
    }
    const word = this.#word();
    const constant = constants.get(word);
    if (constant !== undefined)
      return nodeOf('literal_value', start, this.#end, [nodeOf(constant, start, this.#end, none)]);
    if (keywords.has(word)) throw odd;
    const name = nodeOf('identifier', start, this.#end, none);
    return this.#peek() === 40 ? this.#call(name) : nodeOf('variable_expr', start, this.#end, [name]);
  }

  #number(): Syntax {
    const start = this.#at;
    const digits = this.#match(numberAt)?.[0] ?? '';
    this.#pass(digits.length);
    const next = this.#peek();
    // `0x1f`, `1.x`
    if (isLetter(next) || next === 46 || next > 127) throw odd;
    return nodeOf('numeric_lit', start, this.#end, none);
  }

  #call(name: Syntax): Syntax {
    const parts = [name];
    this.#pass(1);
    this.#blanks(true);
    const args: Syntax[] = [];
    while (this.#peek() !== 41) {
      args.push(this.#expression(true));
      this.#blanks(true);
      const at = this.#at;
      if (this.#take('...')) {
        args.push(nodeOf('ellipsis', at, this.#end, none));
        this.#blanks(true);
        break;
      }
      if (!this.#take(',')) break;
      this.#blanks(true);
    }
    const [first] = args;
    if (first) parts.push(nodeOf('function_arguments', first.startIndex, this.#end, args));
    this.#need(')');
    return nodeOf('function_call', name.startIndex, this.#end, parts);
  }

  /** Attributes, indexes and splats. A splat includes the steps that follow it. */
  #steps(parts: Syntax[], splats: boolean): void {
    for (;;) {
      const start = this.#at;
      const c = this.#peek();
      const next = this.#peek(1);
      if (c === 46 && isLetter(next)) {
        this.#pass(1);
        const name = this.#attributeName();
        parts.push(nodeOf('get_attr', start, this.#end, [name]));
      } else if (c === 46 && isDigit(next)) {
        this.#pass(1);
        while (isDigit(this.#peek())) this.#pass(1);
        if (isLetter(this.#peek()) || this.#peek() > 127) throw odd;
        parts.push(nodeOf('index', start, this.#end, [nodeOf('legacy_index', start, this.#end, none)]));
      } else if ((c === 46 && next === 42) || (c === 91 && next === 42)) {
        if (!splats) throw odd;
        this.#pass(2);
        if (c === 91) this.#need(']');
        const inner: Syntax[] = [];
        this.#steps(inner, false);
        const type = c === 91 ? 'full_splat' : 'attr_splat';
        parts.push(nodeOf('splat', start, this.#end, [nodeOf(type, start, this.#end, inner)]));
      } else if (c === 91) {
        this.#pass(1);
        const at = this.#expression(true);
        this.#blanks(true);
        this.#need(']');
        parts.push(nodeOf('index', start, this.#end, [nodeOf('new_index', start, this.#end, [at])]));
      } else if (c === 46 && next !== 46) throw odd;
      else return;
    }
  }

  #tuple(): Syntax {
    const start = this.#at;
    this.#pass(1);
    this.#blanks(true);
    const loop = this.#for(start, ']');
    if (loop) return loop;
    const items: Syntax[] = [];
    while (this.#peek() !== 93) {
      items.push(this.#expression(true));
      this.#blanks(true);
      if (!this.#take(',')) break;
      this.#blanks(true);
    }
    this.#need(']');
    return this.#collection('tuple', start, items);
  }
  #collection(type: string, start: number, items: readonly Syntax[]): Syntax {
    return nodeOf('collection_value', start, this.#end, [nodeOf(type, start, this.#end, items)]);
  }

  #object(): Syntax {
    const start = this.#at;
    this.#pass(1);
    this.#blanks(true);
    const loop = this.#for(start, '}');
    if (loop) return loop;
    const items: Syntax[] = [];
    let parted = true;
    while (this.#peek() !== 125) {
      // After a name, the grammar takes a key in parentheses for arguments.
      if (this.#peek() === 40 && !parted) throw odd;
      const key = this.#key();
      this.#blanks(false);
      if (!this.#take('=')) this.#need(':');
      const value = this.#expression(false);
      items.push(nodeOf('object_elem', key.startIndex, value.endIndex, [key, value]));
      const ended = this.#blanks(true);
      parted = this.#take(',');
      if (!ended && !parted && this.#peek() !== 125) throw odd;
      this.#blanks(true);
    }
    this.#need('}');
    return this.#collection('object', start, items);
  }
  /** A name, a text, a number or an expression in parentheses. */
  #key(): Syntax {
    const start = this.#at;
    const c = this.#peek();
    if (c === 40) return this.#operation(false);
    if (!isLetter(c)) {
      if (c !== 34 && !isDigit(c)) throw odd;
      const made = this.#head(c);
      return nodeOf('expression', start, this.#end, [made]);
    }
    const name = this.#identifier();
    return nodeOf('expression', start, this.#end, [nodeOf('variable_expr', start, this.#end, [name])]);
  }

  /** A `for` expression, if one begins behind the bracket. */
  #for(start: number, closing: ']' | '}'): Syntax | undefined {
    const intro = this.#at;
    if (!this.#text.startsWith('for', intro) || !isBlank(this.#peek(3))) return undefined;
    this.#pass(3);
    this.#blanks(true);
    const parts = [this.#identifier()];
    this.#blanks(true);
    if (this.#take(',')) {
      this.#blanks(true);
      parts.push(this.#identifier());
      this.#blanks(true);
    }
    if (this.#word() !== 'in') throw odd;
    parts.push(this.#expression(true));
    this.#blanks(true);
    this.#need(':');
    const made = [nodeOf('for_intro', intro, this.#end, parts), this.#expression(true)];
    this.#blanks(true);
    if (closing === '}') {
      this.#need('=>');
      made.push(this.#expression(true));
      this.#blanks(true);
      const at = this.#at;
      if (this.#take('...')) made.push(nodeOf('ellipsis', at, this.#end, none));
      this.#blanks(true);
    }
    const at = this.#at;
    if (isLetter(this.#peek())) {
      if (this.#word() !== 'if') throw odd;
      const condition = this.#expression(true);
      made.push(nodeOf('for_cond', at, condition.endIndex, [condition]));
      this.#blanks(true);
    }
    this.#need(closing);
    const type = closing === '}' ? 'for_object_expr' : 'for_tuple_expr';
    return nodeOf('for_expr', start, this.#end, [nodeOf(type, start, this.#end, made)]);
  }

  /** A text in quotes, with holes or without. */
  #quoted(): Syntax {
    const start = this.#at;
    const text = this.#text;
    this.#pass(1);
    const holes: Syntax[] = [];
    for (;;) {
      const c = this.#peek();
      if (c === 34) break;
      if (c === 92) {
        const escape = this.#match(escapeAt)?.[0];
        if (escape === undefined) throw odd;
        this.#at += escape.length;
      } else if (c === 36 || c === 37) this.#sign(c, holes);
      else if (c === 10 || this.#at >= text.length) throw odd;
      else this.#at++;
    }
    this.#pass(1);
    return nodeOf(holes.length > 0 ? 'quoted_template' : 'string_lit', start, this.#end, holes);
  }
  /** A `$` or `%` in a template: a hole, its escape, or itself. Directives are left to the grammar. */
  #sign(c: number, holes: Syntax[]): void {
    const next = this.#peek(1);
    if (next === 123) {
      if (c === 37) throw odd;
      holes.push(this.#hole());
    } else if (next === c) {
      // The grammar splits `$$${` differently than Terraform does.
      if (this.#peek(2) === c) throw odd;
      this.#at += this.#peek(2) === 123 ? 3 : 2;
    } else this.#at++;
  }
  #hole(): Syntax {
    const start = this.#at;
    this.#pass(2);
    this.#take('~');
    const inner = this.#expression(true);
    this.#blanks(true);
    this.#take('~');
    this.#blanks(true);
    this.#need('}');
    return nodeOf('template_interpolation', start, this.#end, [inner]);
  }

  /** A text over several lines, up to a line with its mark alone. */
  #heredoc(): Syntax {
    const start = this.#at;
    const [opening, mark] = this.#match(heredocAt) ?? [];
    if (opening === undefined || mark === undefined) throw odd;
    const end = new RegExp(`[ \\t]*(${mark})`, 'y');
    const holes: Syntax[] = [];
    this.#pass(opening.length);
    for (let fresh = true; ;) {
      if (fresh) {
        const closing = this.#match(end);
        if (closing) {
          this.#pass(closing[0].length);
          if (/[ \t\r]*\n/y.test(this.#text.slice(this.#at, this.#at + 80))) break;
          throw odd;
        }
      }
      const c = this.#peek();
      fresh = c === 10;
      if (c === 36 || c === 37) this.#sign(c, holes);
      else if (this.#at >= this.#text.length) throw odd;
      else this.#at++;
    }
    return nodeOf('heredoc_template', start, this.#end, holes);
  }
}

/** The syntax and the comments of a file; undefined if only the grammar can read it: invalid or rare syntax. */
export function readHcl(text: string): { readonly root: Syntax; readonly comments: readonly Comment[] } | undefined {
  // For the grammar, a NUL byte ends the text.
  if (text.includes('\0')) return undefined;
  const reader = new Reader(text);
  try {
    return { root: reader.file(), comments: reader.comments };
  } catch (error) {
    if (error === odd) return undefined;
    throw error;
  }
}
