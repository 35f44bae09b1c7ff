import { unifyBreaks } from './breaks.ts';
import { yamlComments } from './compose.ts';
import type { Source } from './tree.ts';

/** A comment that runs to the end of its line, with its mark. */
export interface Comment {
  readonly offset: number;
  readonly text: string;
}

/** The comments of a text, by the language that its name tells; what looks like one inside a text is none. */
export function findComments(source: Source): Comment[] {
  if (/\.(tf|tofu|hcl|tfvars)$/.test(source.path)) return hclComments(source.text);
  return yamlComments(unifyBreaks(source.text));
}

/** Comments of the Terraform language: `#` and `//` outside of strings, heredocs and block comments. */
function hclComments(text: string): Comment[] {
  const comments: Comment[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') i = endOfString(text, i);
    else if (c === '#' || (c === '/' && text[i + 1] === '/')) {
      const end = endOfLine(text, i);
      comments.push({ offset: i, text: text.slice(i, end) });
      i = end;
    } else if (c === '/' && text[i + 1] === '*') {
      const end = text.indexOf('*/', i + 2);
      i = end < 0 ? text.length : end + 1;
    } else if (c === '<' && text[i + 1] === '<') {
      const end = endOfLine(text, i);
      const mark = /^<<-?([\w-]{1,100})[ \t]*$/.exec(text.slice(i, Math.min(end, i + 120)))?.[1];
      if (mark === undefined) continue;
      i = end;
      while (i < text.length) {
        const next = endOfLine(text, i + 1);
        const line = text.slice(i + 1, next).trim();
        i = next;
        if (line === mark) break;
      }
    }
  }
  return comments;
}

/** The closing quote; templates inside may hold quotes of their own. */
function endOfString(text: string, start: number): number {
  let depth = 0;
  for (let i = start + 1; i < text.length; i++) {
    const c = text[i];
    if (c === '\\') i++;
    else if ((c === '$' || c === '%') && text[i + 1] === '{' && text[i - 1] !== c) {
      depth++;
      i++;
    } else if (depth > 0 && c === '{') depth++;
    else if (depth > 0 && c === '}') depth--;
    else if (c === '\n' || c === '\r') return i;
    else if (c === '"' && depth === 0) return i;
  }
  return text.length;
}

function endOfLine(text: string, from: number): number {
  for (let i = from; i < text.length; i++) if (text[i] === '\n' || text[i] === '\r') return i;
  return text.length;
}
