/** Values beyond this length are not matched against patterns: no name or version is so long, and it bounds hostile input. */
const longest = 4096;

/** A pattern from the options, without regard to case where it begins with `(?i)`; undefined where it is no pattern. */
export function pattern(source: string): RegExp | undefined {
  const insensitive = source.startsWith('(?i)');
  try {
    return new RegExp(insensitive ? source.slice(4) : source, insensitive ? 'i' : '');
  } catch {
    return undefined; // config loading has told the user already; a rule has nobody to tell
  }
}

/** Whether any of the patterns is found in the text. */
export const matchesAny = (text: string, patterns: readonly (RegExp | undefined)[]): boolean => text.length <= longest && patterns.some((one) => one?.test(text) === true);
