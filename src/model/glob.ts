/*
 * Globs over rule ids, paths and names. Patterns come from config files and comments of untrusted repositories, so they
 * are matched by stepping through sets of states: the time is at most pattern length times text length, whatever the
 * pattern.
 */

/** Longer patterns are rejected: no real one comes close. */
export const longestGlob = 500;
/** Longer strings match nothing: paths and Kubernetes names are far shorter. */
const longestText = 5_000;

export type Matcher = (text: string) => boolean;

/** One state: which character leads to the next state, or which states it leads to without one. */
type State =
  | { readonly take: 'char'; readonly char: number }
  | { readonly take: 'any' }
  | { readonly take: 'name' } // any character; any but `/`. Both lead to the next state
  | { readonly take: 'free'; to: number[] };

const slash = 47;

/** Whether a pattern is more than a literal. */
export function isGlob(pattern: string): boolean {
  return /[*?{]/.test(pattern);
}

function compile(pattern: string, crossing: boolean): readonly State[] {
  const states: State[] = [];
  const wild = (): State => (crossing ? { take: 'any' } : { take: 'name' });
  const loop = (step: State): void => {
    const at = states.length;
    states.push({ take: 'free', to: [at + 1, at + 3] }, step, { take: 'free', to: [at] });
  };
  /** Reads until the end, or until `,` or `}` inside braces. */
  const read = (from: number, inside: boolean): number => {
    let i = from;
    while (i < pattern.length) {
      const c = pattern[i] ?? '';
      if (inside && (c === ',' || c === '}')) return i;
      if (c === '*') {
        let stars = 1;
        while (pattern[i + stars] === '*') stars++;
        const starts = i === 0 || pattern[i - 1] === '/';
        i += stars;
        if (stars > 1 && starts && pattern[i] === '/') {
          // `**/` stands for any number of folders, including none
          const at = states.length;
          states.push({ take: 'free', to: [at + 1, at + 5] });
          loop({ take: 'any' });
          states.push({ take: 'char', char: slash });
          i++;
        } else loop(stars > 1 ? { take: 'any' } : wild());
      } else if (c === '?') {
        states.push(wild());
        i++;
      } else if (c === '{' && pattern.indexOf('}', i) > 0) {
        const fork: State & { take: 'free' } = { take: 'free', to: [] };
        states.push(fork);
        const ends: (State & { take: 'free' })[] = [];
        do {
          fork.to.push(states.length);
          i = read(i + 1, true);
          const end: State & { take: 'free' } = { take: 'free', to: [] };
          states.push(end);
          ends.push(end);
        } while (pattern[i] === ',');
        i++;
        for (const end of ends) end.to.push(states.length);
      } else {
        states.push({ take: 'char', char: pattern.charCodeAt(i) });
        i++;
      }
    }
    return i;
  };
  read(0, false);
  return states;
}

function run(states: readonly State[], text: string): boolean {
  const mark = new Int32Array(states.length + 1).fill(-1);
  let step = 0;
  const enter = (first: number, into: number[]): void => {
    const stack = [first];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (mark[at] === step) continue;
      mark[at] = step;
      const state = states[at];
      if (state?.take === 'free') stack.push(...state.to);
      else into.push(at);
    }
  };
  let current: number[] = [];
  enter(0, current);
  for (let i = 0; i < text.length; i++) {
    step++;
    const c = text.charCodeAt(i);
    const next: number[] = [];
    for (const at of current) {
      const state = states[at];
      if (!state || state.take === 'free') continue;
      if (state.take === 'char' ? state.char === c : state.take === 'any' || c !== slash) enter(at + 1, next);
    }
    if (next.length === 0) return false;
    current = next;
  }
  return current.includes(states.length);
}

/**
 * Whether a string matches `*` (no slash), `**` (any), `?` and `{a,b}`. With `crossing`, `*` and `?` also match
 * slashes: for ids, where `*` means every rule. A pattern that is too long matches nothing.
 */
export function globMatcher(pattern: string, crossing = false): Matcher {
  if (!isGlob(pattern)) return (text) => text === pattern;
  if (pattern.length > longestGlob) return () => false;
  const states = compile(pattern, crossing);
  const part = requiredPart(pattern);
  // Almost all strings that do not match lack this part, which is quick to check.
  return (text) => text.length <= longestText && text.includes(part) && run(states, text);
}

/** The longest part that every matching string must contain. */
function requiredPart(pattern: string): string {
  // `**/` may match nothing. What follows a brace may be one of several.
  const parts = pattern.replace(/\{.*/s, '').split(/\*\*+\/|[*?]/);
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}

/** Whether a path matches one of the patterns; results are cached, because every rule asks about the same file. */
export function pathMatcher(patterns: readonly string[]): Matcher {
  const matchers = patterns.map((pattern) => {
    const plain = pattern.replace(/^\.\//, '');
    return globMatcher(plain.endsWith('/') ? `${plain}**` : plain);
  });
  const known = new Map<string, boolean>();
  return (path) => {
    let answer = known.get(path);
    if (answer === undefined) known.set(path, (answer = matchers.some((matches) => matches(path))));
    return answer;
  };
}

/** Whether a name (without slashes) matches one of the patterns. */
export function nameMatcher(patterns: readonly string[]): Matcher {
  const matchers = patterns.map((pattern) => globMatcher(pattern, true));
  return (name) => matchers.some((matches) => matches(name));
}
