import type { SubjectName } from '#model/finding.ts';
import { globMatcher, type Matcher } from '#model/glob.ts';
import { nearestRule } from '#model/rule-names.ts';
import type { Location } from '#syntax/tree.ts';

/** One rule or glob that someone asked to ignore; an ignore that names several becomes several entries. */
export interface Entry {
  readonly by: 'comment' | 'annotation' | 'config';
  readonly pattern: string;
  readonly matchesRule: Matcher;
  readonly reason: string;
  readonly until: string | undefined;
  readonly at: Location;
  readonly subject: SubjectName;
  /** False: none of the rules it names runs, so a missing finding proves nothing. */
  readonly active: boolean;
  /** False: it is in a text that is read only for context, so problems with it are not reported. */
  readonly told: boolean;
  /** What to do if it hides nothing. */
  readonly advice: string;
}

/** An error in an ignore that is known before any rule has run. */
export interface Complaint {
  readonly by: Entry['by'];
  readonly rule: string;
  readonly message: string;
  readonly help?: string;
  readonly at: Location;
  readonly subject: SubjectName;
}

/** The ids of all rules, and of those that run. */
export interface Known {
  readonly ids: readonly string[];
  readonly active: ReadonlySet<string>;
}

export const annotationKey = 'ekslint/ignore';
export const reasonKey = 'ekslint/ignore-reason';
/** Longer comments are prose. */
const longestComment = 2_000;
/** Limit of misspelled rules for which the right name is looked up. */
const mostGuesses = 200;

export const cut = (text: string): string => (text.length > 100 ? `${text.slice(0, 99)}…` : text);
export const wordsOf = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter((word) => word !== ''))];

/** How to give a reason, depending on where the ignore is. */
export const addReason = {
  comment: 'Add the reason after --, e.g. -- pinned by Flux',
  annotation: `Add the annotation ${reasonKey}`,
  metadata: 'Add Metadata.ekslint.reason',
  config: 'Add the reason',
} as const;

/** An entry for each word that names a rule, a complaint for each other word. */
export function entriesOf(
  words: readonly string[],
  part: Omit<Entry, 'pattern' | 'matchesRule' | 'active'>,
  known: Known,
  complaints: Complaint[],
  reasonHelp: string,
): Entry[] {
  const entries: Entry[] = [];
  const complain = (slug: string, message: string, help: string) => {
    if (part.told)
      complaints.push({ by: part.by, rule: `ekslint/${slug}`, message, help, at: part.at, subject: part.subject });
  };
  if (words.length === 0)
    complain(
      'unknown-ignore-rule',
      'This ignore does not name a rule, so it has no effect',
      'Add the rule, e.g. images/mutable-tag',
    );
  for (const pattern of words) {
    const matchesRule = globMatcher(pattern, true);
    const matching = known.ids.filter((id) => matchesRule(id));
    if (matching.length > 0) {
      entries.push({ ...part, pattern, matchesRule, active: matching.some((id) => known.active.has(id)) });
      continue;
    }
    // A suggestion costs time, and no one reads hundreds of them.
    const near = complaints.length < mostGuesses ? nearestRule(pattern, known.ids) : undefined;
    complain(
      'unknown-ignore-rule',
      `No rule is called "${cut(pattern)}"${near === undefined ? '' : ` (did you mean "${near}"?)`}, so this ignore has no effect`,
      'Use an ID from the output of ekslint rules',
    );
  }
  if (part.reason === '' && words.length > 0)
    complain('ignore-without-reason', `The ignore of ${cut(words.join(', '))} does not give a reason`, reasonHelp);
  return entries;
}

/** `ekslint-ignore[-next-line|-file] rule[, rule] [until day] -- reason`. */
export interface Directive {
  /** Its first word: one of `directives`, or a misspelled one. */
  readonly name: string;
  readonly words: readonly string[];
  readonly until: string | undefined;
  readonly reason: string;
}

export const directives: readonly string[] = ['ekslint-ignore', 'ekslint-ignore-next-line', 'ekslint-ignore-file'];

/**
 * The directive at the start of a comment (without its comment mark). Other linters write `:ignore` or `-disable`, which
 * is a misspelled directive here.
 */
export function readDirective(comment: string): Directive | undefined {
  const text = comment.slice(0, longestComment);
  const head = /^[ \t]*(ekslint(?:-ignore|[:_]ignore|[:_-]disable)[a-z_-]*)(?=[\s:,]|$)/.exec(text);
  if (!head) return undefined;
  const rest = text.slice(head[0].length).replace(/^:/, '');
  const dashes = /(?:^|\s)--(?:\s|$)/.exec(rest);
  const words = wordsOf(dashes ? rest.slice(0, dashes.index) : rest);
  const untilAt = words.indexOf('until');
  return {
    name: head[1] ?? '',
    words: untilAt < 0 ? words : words.slice(0, untilAt),
    until: untilAt < 0 ? undefined : words.slice(untilAt + 1).join(' '),
    reason: dashes ? rest.slice(dashes.index + dashes[0].length).trim() : '',
  };
}
