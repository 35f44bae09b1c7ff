import { Composer, type CST, type Document, Lexer, type Node, Parser } from 'yaml';

/** What ends the reading of a document. */
export interface Break {
  readonly code: 'syntax' | 'depth';
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** One document of a text: its nodes, or the first thing that is wrong with it. */
export interface Composed {
  readonly start: number;
  readonly contents: Node | null;
  readonly broken?: Break | undefined;
}

type Place = number | readonly [number, number] | { readonly offset: number; readonly source?: unknown };

function breakAt(place: Place, message: string): Break {
  if (typeof place === 'number') return { code: 'syntax', message, start: place, end: place + 1 };
  if ('offset' in place) return { code: 'syntax', message, start: place.offset, end: place.offset + (typeof place.source === 'string' ? place.source.length : 1) };
  return { code: 'syntax', message, start: place[0], end: place[1] };
}

/** The concrete syntax up to the first token that fits nowhere or nests too deeply: what follows would cost seconds and tell nobody anything. */
function tokenize(text: string, maxDepth: number): { tokens: CST.Token[]; broken?: Break | undefined } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let broken: Break | undefined;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type !== 'error') tokens.push(token);
      else broken ??= breakAt(token, token.message);
    }
    // Below the collections lies the document, above them perhaps a scalar.
    const { length } = parser.stack;
    const top = length > maxDepth + 1 ? parser.stack[length - 1] : undefined;
    if (top && (length > maxDepth + 2 || 'items' in top)) broken ??= { code: 'depth', message: `nested deeper than ${maxDepth} levels`, start: top.offset, end: top.offset + 1 };
    if (broken) break;
  }
  for (const token of parser.end()) if (token.type !== 'error') tokens.push(token);
  return { tokens, broken };
}

const stop = new Error('stop');

/** The documents of a text. Each ends at its first error, because nothing of a broken document is used. */
export function compose(text: string, maxDepth: number): Composed[] {
  const { tokens, broken } = tokenize(text, maxDepth);
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, prettyErrors: false, keepSourceTokens: false, strict: true, logLevel: 'silent' });
  let first: Break | undefined;
  // The composer makes an Error of each thing it dislikes, warnings too, which is most of the cost of a hostile text.
  Object.assign(composer, {
    onError: (place: Place, _code: string, message: string, isWarning?: boolean) => {
      if (isWarning === true) return;
      first ??= breakAt(place, message);
      throw stop;
    },
  });
  const found: Composed[] = [];
  const take = (documents: Iterable<Document.Parsed>): void => {
    for (const { contents, errors: [error], range } of documents) found.push({ start: range[0], contents, broken: error && breakAt(error.pos, error.message) });
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
      found.push({ start: token.offset, contents: null, broken: first });
      first = undefined;
    }
  }
  take(composer.end());
  if (broken) {
    const last = isOpen ? found.pop() : undefined;
    const earlier = broken.code === 'syntax' && last?.broken && last.broken.start < broken.start;
    found.push({ start: last?.start ?? broken.start, contents: null, broken: earlier ? last.broken : broken });
  }
  return found;
}

/** The comments of a text with the offsets of their `#`; what looks like one inside a scalar is none. */
export function findComments(text: string): { readonly offset: number; readonly text: string }[] {
  const comments: { offset: number; text: string }[] = [];
  let offset = 0;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (!isScalar && '\u0002\u0018\u001f'.includes(lexeme)) isScalar = lexeme === '\u001f'; // marks of the lexer, which are not in the text
    else {
      if (!isScalar && lexeme.startsWith('#')) comments.push({ offset, text: lexeme });
      offset += lexeme.length;
      isScalar = false;
    }
  }
  return comments;
}
