/* Lines of a text as git counts them, from 0. */

/** The lines of a text, each including its line feed. */
export const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Where the lines start, and the line of an offset: for the end of the text the number of its lines. */
export function lineFinder(lines: readonly string[]): {
  readonly starts: readonly number[];
  readonly lineAt: (offset: number) => number;
} {
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length);
  const lineAt = (offset: number): number => {
    let low = 0;
    for (let high = starts.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  return { starts, lineAt };
}
