/** Maximum number of comparisons; beyond it, equal lines are found through an index. */
const mostTried = 5_000_000;

/** A line of a template: the literal texts between its actions, in order. A line without actions has one piece. */
interface Line {
  readonly pieces: readonly string[];
  /** It is distinctive enough to be recognized. */
  readonly tells: boolean;
  /** It produces no output. */
  readonly silent: boolean;
}

/**
 * The line of a template (from 0) that produced each line of its output, if that is certain enough: it is the only one
 * with this text, or it follows a known one. Text from a helper or a value has no line in the template and stays
 * undefined.
 */
export function alignLines(output: readonly string[], template: readonly string[]): readonly (number | undefined)[] {
  const lines = template.map(readLine);
  const byText = new Map<string, number[]>();
  const open: number[] = [];
  for (const [i, { pieces, tells }] of lines.entries()) {
    const [only = ''] = pieces;
    if (pieces.length === 1) byText.set(only, [...(byText.get(only) ?? []), i]);
    else if (tells) open.push(i);
  }
  const few = output.length * open.length <= mostTried;
  const found = output.map((text): number | undefined => {
    const equal = byText.get(text) ?? [];
    const all = [...equal.filter((i) => lines[i]?.tells), ...(few ? open.filter((i) => fits(text, lines[i])) : [])];
    return all.length === 1 && equal.length <= 1 ? all[0] : undefined;
  });
  const neighbor = (from: number, step: 1 | -1): number => {
    let at = from + step;
    while (lines[at]?.silent === true) at += step;
    return at;
  };
  const extend = (order: readonly number[], step: 1 | -1): void => {
    let last: number | undefined;
    for (const i of order) {
      const text = output[i] ?? '';
      if (found[i] !== undefined) last = found[i];
      else if (text.trim() !== '' && last !== undefined) {
        const next = neighbor(last, step);
        last = fits(text, lines[next]) ? next : undefined;
        found[i] = last;
      }
    }
  };
  const order = output.map((_, i) => i);
  extend(order, 1);
  extend(order.toReversed(), -1);
  return found;
}

function readLine(text: string): Line {
  const pieces = text.split(/\{\{.*?\}\}/);
  const rest = pieces.join('');
  return { pieces, tells: /\w.*\w/.test(rest), silent: rest.trim() === '' };
}

/**
 * Whether a line may produce a text: the text starts and ends like the line, and contains the pieces between in order.
 */
function fits(text: string, line: Line | undefined): boolean {
  if (line === undefined) return false;
  const [first = '', ...others] = line.pieces;
  if (others.length === 0) return text === first;
  const last = others.pop() ?? '';
  // A line that is a single action may produce anything.
  if (!line.tells || !text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false;
  let at = first.length;
  for (const piece of others) {
    const next = text.indexOf(piece, at);
    if (next < 0) return false;
    at = next + piece.length;
  }
  return at <= text.length - last.length;
}
