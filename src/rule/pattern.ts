/**
 * Longer strings match nothing. Names, versions and placeholders are shorter, and the limit bounds the time that a
 * pattern takes.
 */
const longest = 256;
/** Longer patterns are rejected as unreadable. */
const longestPattern = 1000;
/**
 * The maximum number of ways to try the longest string: three unbounded repetitions and a few alternatives, from each
 * position.
 */
const mostWays = 16 * longest ** 4;

const known = new Map<string, RegExp>();

/**
 * The pattern of an option; it ignores case if it starts with `(?i)`. It is not checked again: patterns of a config
 * were checked when it was read, because the option has `patterns: true`, and the defaults are checked by tests.
 */
export function pattern(source: string): RegExp {
  let made = known.get(source);
  if (!made) known.set(source, (made = compile(source)));
  return made;
}

/** The pattern anchored at both ends. */
export const whole = (one: RegExp): RegExp => new RegExp(`^(?:${one.source})$`, one.flags);

/** Whether any of the patterns matches anywhere in the string. */
export const matchesAny = (text: string, patterns: readonly RegExp[]): boolean =>
  text.length <= longest && patterns.some((one) => one.test(text));

/** The end of each match of the pattern in the string. */
export const endsOf = (text: string, one: RegExp): readonly number[] =>
  text.length > longest
    ? []
    : Array.from(text.matchAll(new RegExp(one, `${one.flags}g`)), (match) => match.index + match[0].length);

/** Why a string is not accepted as a pattern; undefined if it is fine. */
export function patternFault(source: string): string | undefined {
  if (source === '') return 'matches every text';
  if (source.length > longestPattern) return `has more than ${longestPattern} characters`;
  try {
    compile(source).test(''); // a pattern that is too large fails on first use
  } catch (error) {
    return `is not a valid regular expression (${(error as Error).message.replace(/^.*\/i?: /s, '')})`;
  }
  return waysOf(source) * longest > mostWays
    ? 'can take too long: a repeated group must not contain a repetition or an alternative, and at most three open repetitions are allowed'
    : undefined;
}

const compile = (source: string): RegExp =>
  source.startsWith('(?i)') ? new RegExp(source.slice(4), 'i') : new RegExp(source);

/**
 * An upper bound for the number of ways in which a backtracking engine tries the longest string from one position. The
 * source is a valid expression.
 */
function waysOf(source: string): number {
  let at = source.startsWith('(?i)') ? 4 : 0;
  const choice = (): number => {
    let [sum, product] = [0, 1];
    while (at < source.length && source[at] !== ')') {
      if (source[at] === '|') {
        at++;
        [sum, product] = [sum + product, 1];
      } else product *= repeated(atom());
    }
    at++;
    return sum + product;
  };
  const atom = (): number => {
    const [whole = '', group] =
      /(\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?)|\[(?:\\.|[^\]\\])*\]|\\.|./sy.exec(source.slice(at)) ?? [];
    at += Math.max(whole.length, 1);
    return group === undefined ? 1 : choice();
  };
  const repeated = (ways: number): number => {
    const [whole, sign, least, open, most] = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(source.slice(at)) ?? [];
    if (whole === undefined) return ways;
    at += whole.length;
    if (sign === '?') return 1 + ways;
    const from = Math.min(Number(least ?? 0), longest);
    const to =
      sign !== undefined || (open !== undefined && most === '')
        ? longest
        : Math.min(open === undefined ? from : Number(most), longest);
    return ways === 1 ? Math.min(to - from + 1, longest) : ways ** to * (to > from ? 2 : 1);
  };
  return choice();
}
