import { sentenceFor, unclosed } from './faults.ts';
import { Composer, type CST, type Document, Lexer, type Node, Parser, Schema } from 'yaml';

/** The error that ends the reading of a document. */
export interface Break {
  readonly code: 'syntax' | 'depth';
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** One document of a text: its nodes, or its first error. */
export interface Composed {
  readonly start: number;
  readonly contents: Node | null;
  readonly broken?: Break | undefined;
}

type Place = number | readonly [number, number] | { readonly offset: number; readonly source?: unknown };

function breakAt(place: Place, message: string): Break {
  if (typeof place === 'number') return { code: 'syntax', message, start: place, end: place + 1 };
  if ('offset' in place)
    return {
      code: 'syntax',
      message,
      start: place.offset,
      end: place.offset + (typeof place.source === 'string' ? place.source.length : 1),
    };
  return { code: 'syntax', message, start: place[0], end: place[1] };
}

/** The lexer, including its private fields. */
interface OpenLexer {
  indentNext: number;
  readonly flowLevel: number;
  lex(text: string): Generator<string>;
  parseFlowCollection(): Generator<string, unknown>;
  parseQuotedScalar(): Generator<string, unknown>;
}

/**
 * Reads flow collections and quotes as kubectl does, at any indentation of their lines: YAML 1.2, and thus the package,
 * requires them to be indented more than the map around them, but real manifests are not.
 */
class LenientLexer extends (Lexer as unknown as new () => OpenLexer) {
  override *parseFlowCollection(): Generator<string, unknown> {
    const { indentNext } = this;
    this.indentNext = 0;
    const next = yield* super.parseFlowCollection();
    this.indentNext = indentNext;
    return next;
  }
  override *parseQuotedScalar(): Generator<string, unknown> {
    const { indentNext } = this;
    this.indentNext = 0;
    const next = yield* super.parseQuotedScalar();
    this.indentNext = indentNext;
    return next;
  }
}

/** Tokens of the lexer that are not in the text: a document, an end of a flow collection, a scalar. */
const marks = '\u0002\u0018\u001f';

/**
 * Syntax that kubectl's reader rejects, or reads in another way than the package: tabs that could be indentation, `?`
 * in a plain scalar of a flow collection, `:` at its end (`[a:]` is a list of one string to kubectl) or in the name of
 * an anchor or alias.
 */
function refused(lexeme: string, before: string, inFlow: boolean, next: string): string | undefined {
  if (before === '\u001f') {
    if (!inFlow || /^["']/.test(lexeme)) return undefined;
    if (next[0] === ':' && /[,[\]{}]/.test(next[1] ?? ''))
      return 'a value with ":" at its end in brackets needs quotes';
    return /^[^"'][^]*\?|^\?./.test(lexeme) ? 'a value with "?" in brackets needs quotes' : undefined;
  }
  if (/^[&*][^\n]*:/.test(lexeme)) return 'the name of an anchor must not contain ":"';
  const indents = before === '' || before.endsWith('\n') || before === '-';
  return !inFlow && indents && /^ *\t[ \t]*$/.test(lexeme)
    ? 'tabs are not allowed as indentation, not even in blank lines'
    : undefined;
}

/**
 * The concrete syntax up to the first token that is invalid or nested too deeply: the rest would take seconds and be
 * useless.
 */
function tokenize(text: string, maxDepth: number): { tokens: CST.Token[]; broken?: Break | undefined } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let broken: Break | undefined;
  let offset = 0;
  let before = '';
  const lexer = new LenientLexer();
  const isSuspect = /[\t?]|:[,[\]{}]|[&*]\S*:/.test(text);
  for (const lexeme of lexer.lex(text)) {
    if (isSuspect) {
      const end = offset + lexeme.length;
      const why = refused(lexeme, before, lexer.flowLevel > 0, text.slice(end, end + 2));
      if (why !== undefined) broken ??= breakAt(offset, why);
      if (before === '\u001f' || !marks.includes(lexeme)) offset += lexeme.length;
      before = before === '\u001f' ? (lexeme.endsWith('\n') ? '\n' : 'x') : lexeme;
    }
    for (const token of parser.next(lexeme)) {
      if (token.type !== 'error') tokens.push(token);
      else broken ??= breakAt(token, sentenceFor('UNEXPECTED_TOKEN', token.message));
    }
    // The document is below the collections, perhaps with a scalar on top.
    const { length } = parser.stack;
    const top = length > maxDepth + 1 ? parser.stack[length - 1] : undefined;
    if (top && (length > maxDepth + 2 || 'items' in top))
      broken ??= {
        code: 'depth',
        message: `nested deeper than ${maxDepth} levels`,
        start: top.offset,
        end: top.offset + 1,
      };
    if (broken) break;
  }
  for (const token of parser.end()) if (token.type !== 'error') tokens.push(token);
  return { tokens, broken };
}

/**
 * An unclosed quote is noticed at the end of the text, or where something else goes wrong after it; its location is
 * where it starts.
 */
function fromQuote(token: CST.Token, broken: Break): Break {
  const { start: at } = broken;
  let opening: number | undefined;
  const stack: CST.Token[] = [token];
  for (let top = stack.pop(); top; top = stack.pop()) {
    if (top.offset > at) continue;
    if (top.type === 'document') {
      if (top.value) stack.push(top.value);
    } else if ('items' in top) {
      for (const { key, value } of top.items)
        for (const inner of [key, value]) if (inner) stack.push(inner as CST.Token);
    } else if (top.type.endsWith('quoted-scalar') && top.offset + (top as CST.FlowScalar).source.length >= at)
      opening = Math.max(opening ?? 0, top.offset);
  }
  return opening === undefined ? broken : { ...breakAt(opening, unclosed.quote), end: opening + 1 };
}

const closing: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

/**
 * The location of a bracket error, if the break is inside brackets: a bracket that closes another kind, otherwise the
 * innermost one that is never closed. The parser accepts either kind as the end and then fails somewhere after it.
 */
function fromBrackets(text: string, broken: Break): Break {
  const open: { readonly mark: string; readonly offset: number }[] = [];
  let offset = 0;
  let isScalar = false;
  for (const lexeme of new LenientLexer().lex(text)) {
    if (!isScalar && marks.includes(lexeme)) {
      isScalar = lexeme === '\u001f';
      continue;
    }
    if (isScalar) isScalar = false;
    else if (lexeme === '[' || lexeme === '{') open.push({ mark: lexeme, offset });
    else if (lexeme === ']' || lexeme === '}') {
      const last = open.pop();
      const wanted = last && closing[last.mark];
      if (last && wanted !== lexeme)
        return last.offset <= broken.start ? breakAt(offset, `"${lexeme}" where "${wanted}" is expected`) : broken;
    }
    offset += lexeme.length;
  }
  const last = open.at(-1);
  return last && last.offset <= broken.start ? breakAt(last.offset, unclosed.bracket) : broken;
}

/** The break at the location of its cause. */
const causeOf = (text: string, token: CST.Token | undefined, broken: Break): Break => {
  if (broken.code !== 'syntax') return broken;
  if (broken.message === unclosed.quote) return token ? fromQuote(token, broken) : broken;
  return /[[{]/.test(text) ? fromBrackets(text, broken) : broken;
};

const stop = new Error('stop');
/** The composer's error for a comment that touches a quote or a bracket, which kubectl accepts. */
const touching = 'Comments must be separated from other tokens by white space characters';

/**
 * Every scalar is a string: scalar.ts determines its meaning. Created once, because creating it takes longer than
 * reading a small document.
 */
const schema = new Schema({ schema: 'failsafe' });

/** The documents of a text. Each ends at its first error, because nothing in a broken document is used. */
export function compose(text: string, maxDepth: number): Composed[] {
  const { tokens, broken } = tokenize(text, maxDepth);
  const composer = new Composer({
    schema,
    uniqueKeys: false,
    prettyErrors: false,
    keepSourceTokens: false,
    strict: true,
    logLevel: 'silent',
  });
  let first: Break | undefined;
  // The composer creates an Error for each problem, even for warnings, which is most of the cost of a hostile text.
  Object.assign(composer, {
    onError: (place: Place, code: string, message: string, isWarning?: boolean) => {
      if (isWarning === true || message === touching) return;
      first ??= breakAt(place, sentenceFor(code, message));
      throw stop;
    },
  });
  const found: Composed[] = [];
  const take = (documents: Iterable<Document.Parsed>): void => {
    for (const {
      contents,
      errors: [error],
      range,
    } of documents)
      found.push({
        start: range[0],
        contents,
        broken: error && breakAt(error.pos, sentenceFor(error.code, error.message)),
      });
  };
  let isOpen = false;
  for (const token of tokens) {
    if (token.type === 'doc-end' && !isOpen) continue;
    if (token.type === 'document' || token.type === 'doc-end') isOpen = token.type === 'document';
    try {
      take(composer.next(token));
    } catch (error) {
      if (!first) throw error;
      take(composer.end());
      found.push({ start: token.offset, contents: null, broken: causeOf(text, token, first) });
      first = undefined;
    }
  }
  take(composer.end());
  if (broken) {
    const last = isOpen ? found.pop() : undefined;
    const earlier = broken.code === 'syntax' && last?.broken && last.broken.start < broken.start;
    found.push({
      start: last?.start ?? broken.start,
      contents: null,
      broken: earlier ? last.broken : causeOf(text, undefined, broken),
    });
  }
  return found;
}

/** The comments of a YAML text with the offsets of their `#`. */
export function yamlComments(text: string): { readonly offset: number; readonly text: string }[] {
  const comments: { offset: number; text: string }[] = [];
  let offset = 0;
  let isScalar = false;
  for (const lexeme of new LenientLexer().lex(text)) {
    if (!isScalar && marks.includes(lexeme)) isScalar = lexeme === '\u001f';
    else {
      if (!isScalar && lexeme.startsWith('#')) comments.push({ offset, text: lexeme });
      offset += lexeme.length;
      isScalar = false;
    }
  }
  return comments;
}
