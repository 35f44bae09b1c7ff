import type { Config, Ignore } from '#config/config.ts';
import { isDate } from '#model/date.ts';
import {
  type Finding,
  type Hidden,
  qualifiedName,
  type RuleInfo,
  type Severity,
  type SubjectName,
} from '#model/finding.ts';
import { globMatcher, type Matcher, nameMatcher, pathMatcher } from '#model/glob.ts';
import { nearestRule } from '#model/rule-names.ts';
import { isRecord } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import { type Comment, findComments } from '#syntax/comments.ts';
import { lineOffset, locate, type Location, locationAt, positionAt, type Source, span } from '#syntax/tree.ts';
import { fingerprints } from './fingerprint.ts';
import { compare } from './run.ts';

/** One thing somebody asked to hide, with one rule or glob of the list that it names. */
interface Entry {
  readonly by: 'comment' | 'annotation' | 'config';
  readonly pattern: string;
  readonly matchesRule: Matcher;
  readonly reason: string;
  readonly until: string | undefined;
  readonly at: Location;
  readonly subject: SubjectName;
  /** False: nothing it names runs, so that no finding proves nothing. */
  readonly active: boolean;
  /** What to do where it hides nothing. */
  readonly hint: string;
}

/** Something wrong with an ignore that is known before any rule has run. */
interface Complaint {
  readonly by: Entry['by'];
  readonly rule: string;
  readonly message: string;
  readonly at: Location;
  readonly subject: SubjectName;
}

/** An entry of the config, and whether a finding is in its reach, whatever its rule. */
interface ConfigEntry extends Entry {
  readonly covers: (finding: Pick<Finding, 'at' | 'subject'>) => boolean;
}

/** Every ignore of a run, indexed by where it may apply. */
export interface Ignores {
  /** Those of comments and annotations, by the place that they speak of: strangers may write as many as their files have lines. */
  readonly byPlace: ReadonlyMap<string, readonly Entry[]>;
  readonly byConfig: readonly ConfigEntry[];
  readonly complaints: readonly Complaint[];
}

const info = (slug: string, title: string): RuleInfo => ({
  id: `ekslint/${slug}`,
  title,
  category: 'ekslint',
  severity: 'low',
  preset: 'recommended',
  equivalents: [],
  sources: [],
});

/** What reporters tell of the findings that this file makes. */
export const ignoreRules: readonly RuleInfo[] = [
  info('expired-ignore', 'Ignores are removed or renewed when they expire'),
  info('ignore-without-reason', 'Ignores say why'),
  info('unknown-ignore-rule', 'Ignores name rules that exist'),
  info('unused-ignore', 'Ignores hide something'),
];

const annotationKey = 'ekslint/ignore';
const reasonKey = 'ekslint/ignore-reason';
/** Longer comments are prose. */
const longestComment = 2_000;
/** Misspelled rules for which the right name is looked up. */
const mostGuesses = 200;

/** Finds the ignores of comments, annotations and config. `active` are the ids of the rules that run, `rules` all there are. */
export function collectIgnores(
  sources: readonly Source[],
  resources: readonly AnyResource[],
  config: Pick<Config, 'ignores' | 'file'>,
  { rules, active }: { readonly rules: readonly { readonly id: string }[]; readonly active: readonly string[] },
): Ignores {
  const ids = rules.map((rule) => rule.id);
  const byPlace = new Map<string, Entry[]>();
  const collected = { byPlace, byConfig: [] as ConfigEntry[], complaints: [] as Complaint[] };
  const known = { ids, active };
  const add = (key: string, entries: readonly Entry[]) => {
    const there = byPlace.get(key);
    if (there) there.push(...entries);
    else if (entries.length > 0) byPlace.set(key, [...entries]);
  };
  for (const source of sources) {
    if (!source.target || !source.text.includes('ekslint-ignore')) continue;
    const nextLine = nextLines(source);
    for (const comment of findComments(source)) {
      if (!comment.text.includes('ekslint-ignore')) continue;
      const read = readComment(source, comment, nextLine, known, collected.complaints);
      if (read) add(read.line === undefined ? place.file(source.id) : place.line(source.id, read.line), read.entries);
    }
  }
  // Overlays make several resources of an object.
  const written = [...new Map(resources.map((resource) => [resource.written, resource])).values()];
  let copies: ReadonlyMap<string, number> | undefined;
  for (const resource of written) {
    if (!resource.tree.source.target) continue;
    const entries = readAnnotation(resource, known, collected.complaints);
    if (entries.length === 0) continue;
    const name = qualifiedName(resource.subject);
    copies ??= countNames(written);
    // Where others bear the same name, only the lines of the object tell them apart.
    const lines = (copies.get(name) ?? 0) > 1 ? lineRange(resource) : undefined;
    if (!lines) add(place.object(name), entries);
    else
      for (let line = lines.from; line <= lines.to; line++)
        add(place.objectAt(name, resource.tree.source.id, line), entries);
  }
  const pathOf = new Map(sources.map((source) => [source.id, source.path]));
  for (const ignore of config.ignores)
    collected.byConfig.push(readConfig(ignore, config.file ?? 'ekslint.yaml', pathOf, known));
  return collected;
}

/** How many objects bear a name. */
function countNames(resources: readonly AnyResource[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of resources.map(({ subject }) => qualifiedName(subject)))
    counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Keys of places. */
const place = {
  line: (source: string, line: number): string => `line ${line} ${source}`,
  file: (source: string): string => `file ${source}`,
  object: (name: string): string => `object ${name}`,
  objectAt: (name: string, source: string, line: number): string => `object ${line} ${JSON.stringify([name, source])}`,
};

interface Known {
  readonly ids: readonly string[];
  readonly active: readonly string[];
}

/** An entry for each word that names a rule, a complaint for each that does not. */
function entriesOf(
  words: readonly string[],
  part: Omit<Entry, 'pattern' | 'matchesRule' | 'active'>,
  known: Known,
  complaints: Complaint[],
): Entry[] {
  const entries: Entry[] = [];
  const complain = (slug: string, message: string) =>
    complaints.push({ by: part.by, rule: `ekslint/${slug}`, message, at: part.at, subject: part.subject });
  if (words.length === 0) complain('unknown-ignore-rule', 'This ignore names no rule');
  for (const pattern of words) {
    const matchesRule = globMatcher(pattern, true);
    if (known.ids.some((id) => matchesRule(id))) {
      entries.push({ ...part, pattern, matchesRule, active: known.active.some((id) => matchesRule(id)) });
      continue;
    }
    // A guess costs time, and nobody reads hundreds of them.
    const near = complaints.length < mostGuesses ? nearestRule(pattern, known.ids) : undefined;
    complain(
      'unknown-ignore-rule',
      `No rule is called "${cut(pattern)}"${near === undefined ? '' : `, did you mean "${near}"?`}`,
    );
  }
  if (part.reason === '' && words.length > 0)
    complain(
      'ignore-without-reason',
      `This ignore of ${cut(words.join(', '))} gives no reason${part.by === 'comment' ? ': add one behind --' : `: add the annotation ${reasonKey}`}`,
    );
  return entries;
}

const cut = (text: string): string => (text.length > 100 ? `${text.slice(0, 99)}…` : text);
const wordsOf = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter((word) => word !== ''))];

/** `ekslint-ignore[-next-line|-file] rule[, rule] [until day] -- reason`, and the line it speaks of: none is the whole file. */
function readComment(
  source: Source,
  comment: Comment,
  nextLine: (line: number) => number,
  known: Known,
  complaints: Complaint[],
): { entries: Entry[]; line: number | undefined } | undefined {
  const text = comment.text.slice(0, longestComment);
  const head = /^(?:#+|\/\/+)[ \t]*ekslint-ignore([a-z-]*)(?=[\s:,]|$)/.exec(text);
  if (!head) return undefined;
  const at = locationAt(source, comment.offset, comment.offset + comment.text.length);
  const subject: SubjectName = { kind: 'File', namespace: '', name: source.id };
  const scope = head[1] ?? '';
  const line = positionAt(source, comment.offset).line;
  const inFront = source.text.slice(lineOffset(source, line), comment.offset).replace('\ufeff', '').trim();
  if (!['', '-next-line', '-file'].includes(scope)) {
    complaints.push({
      by: 'comment',
      rule: 'ekslint/unknown-ignore-rule',
      at,
      subject,
      message: `ekslint-ignore${cut(scope)} is no directive: there are ekslint-ignore, ekslint-ignore-next-line and ekslint-ignore-file`,
    });
    return undefined;
  }
  const rest = text.slice(head[0].length).replace(/^:/, '');
  const dashes = /(?:^|\s)--(?:\s|$)/.exec(rest);
  const reason = dashes ? rest.slice(dashes.index + dashes[0].length).trim() : '';
  let words = wordsOf(dashes ? rest.slice(0, dashes.index) : rest);
  let until: string | undefined;
  const untilAt = words.indexOf('until');
  if (untilAt >= 0) {
    until = words.slice(untilAt + 1).join(' ');
    words = words.slice(0, untilAt);
  }
  const hint =
    scope === '' && inFront === '' ? 'it stands on a line of its own: write ekslint-ignore-next-line' : 'remove it';
  const entries = entriesOf(words, { by: 'comment', reason, until, at, subject, hint }, known, complaints);
  return { entries, line: scope === '-file' ? undefined : scope === '-next-line' ? nextLine(line) : line };
}

/** The line that a comment above it speaks of: the first that holds more than a comment. Each line is looked at once. */
function nextLines(source: Source): (from: number) => number {
  const known = new Map<number, number>();
  const holds = (line: number): boolean => {
    const start = lineOffset(source, line);
    if (start >= source.text.length) return true;
    const content = source.text.slice(start, lineOffset(source, line + 1)).trim();
    return content !== '' && !content.startsWith('#') && !content.startsWith('//');
  };
  return (from) => {
    let line = from + 1;
    while (!known.has(line) && !holds(line)) line++;
    const found = known.get(line) ?? line;
    for (let passed = from + 1; passed <= line; passed++) known.set(passed, found);
    return found;
  };
}

function readAnnotation(resource: AnyResource, known: Known, complaints: Complaint[]): Entry[] {
  // What one of several overlays adds speaks for that one alone, and findings are told for all of them.
  const { metadata } = (resource.variant ? resource.written : resource.object) as Record<string, unknown>;
  const annotations = isRecord(metadata) ? metadata['annotations'] : undefined;
  if (!isRecord(annotations) || !(annotationKey in annotations)) return [];
  const { subject } = resource;
  const value = annotations[annotationKey];
  const reason = annotations[reasonKey];
  const part = {
    by: 'annotation' as const,
    reason: typeof reason === 'string' ? reason.trim() : '',
    until: undefined,
    at: locate(resource.tree, annotations, annotationKey),
    subject,
    hint: 'remove it',
  };
  return entriesOf(typeof value === 'string' ? wordsOf(value) : [], part, known, complaints);
}

/** Lines of an object whose name others bear too. */
function lineRange({ tree, object }: AnyResource): { from: number; to: number } | undefined {
  const place = span(tree, object);
  return (
    place && {
      from: positionAt(tree.source, place[2]).line,
      to: positionAt(tree.source, Math.max(place[2], place[3] - 1)).line,
    }
  );
}

function readConfig(ignore: Ignore, file: string, pathOf: ReadonlyMap<string, string>, known: Known): ConfigEntry {
  const { rule, resource, owner, expires } = ignore;
  const reason = owner === undefined ? ignore.reason : `${ignore.reason} (${owner})`;
  const matchesRule = globMatcher(rule, true);
  const files = ignore.files && pathMatcher(ignore.files);
  const [kind, namespace, name] = [resource?.kind, resource?.namespace, resource?.name].map((pattern) =>
    pattern === undefined ? undefined : nameMatcher([pattern]),
  );
  const covers: ConfigEntry['covers'] = ({ at, subject }) =>
    (!files || files(pathOf.get(at.source) ?? at.source)) &&
    (!kind || kind(subject.kind)) &&
    (!namespace || namespace(subject.namespace)) &&
    (!name || name(subject.name));
  return {
    by: 'config',
    pattern: rule,
    matchesRule,
    covers,
    reason,
    until: expires,
    at: ignore.at ?? { source: file, path: 'ignores' },
    subject: { kind: 'Config', namespace: '', name: file },
    active: known.active.some((id) => matchesRule(id)),
    hint: 'remove it',
  };
}

/** How ignores are applied. */
export interface IgnoreOptions {
  /** The day that expiry is judged by, as YYYY-MM-DD. */
  readonly today: string;
  /** False: comments and annotations are not honoured, and not judged either. */
  readonly inline: boolean;
  /** Ignores that are unused, expired or name no rule fail the run. */
  readonly strict?: boolean;
  /** Only a part of the workspace is linted: entries of the config are then not called unused. */
  readonly partial?: boolean;
  /** Findings that could not be judged: an ignore of one of them is not called unused. */
  readonly undetermined?: readonly { readonly rule: string; readonly at: Location; readonly subject: SubjectName }[];
}

/** Marks the findings that somebody decided to live with, and adds findings about ignores that are expired, unused or wrong. */
export function applyIgnores(findings: readonly Finding[], ignores: Ignores, options: IgnoreOptions): Finding[] {
  const used = new Set<Entry>();
  const expired = (entry: Entry): boolean =>
    entry.until !== undefined && (!isDate(entry.until) || entry.until < options.today);
  const answers = new Map<string, Entry | undefined>();
  /** The first entry of a place that hides a rule. Whatever finding asks, the answer is the same, so it is looked for once. */
  const heldAt = (key: string, rule: string): Entry | undefined => {
    const asked = `${rule} ${key}`;
    if (!answers.has(asked)) {
      const reaching = (ignores.byPlace.get(key) ?? []).filter((entry) => entry.matchesRule(rule));
      for (const entry of reaching) used.add(entry);
      answers.set(
        asked,
        reaching.find((entry) => !expired(entry)),
      );
    }
    return answers.get(asked);
  };
  const find = ({ rule, at, subject }: Pick<Finding, 'rule' | 'at' | 'subject'>): Entry | undefined => {
    const name = qualifiedName(subject);
    const line = at.start?.line ?? 0;
    const places = options.inline
      ? [place.line(at.source, line), place.file(at.source), place.object(name), place.objectAt(name, at.source, line)]
      : [];
    const inline = places.map((key) => heldAt(key, rule)).find((entry) => entry !== undefined);
    const byConfig = ignores.byConfig.filter((entry) => entry.matchesRule(rule) && entry.covers({ at, subject }));
    for (const entry of byConfig) used.add(entry);
    return inline ?? byConfig.find((entry) => !expired(entry));
  };
  const marked = findings.map((finding): Finding => {
    const first = find(finding);
    if (!first || finding.hidden) return finding;
    const hidden: Hidden = {
      by: first.by,
      reason: first.reason,
      at: first.at,
      ...(first.until === undefined ? {} : { expires: first.until }),
    };
    return { ...finding, hidden };
  });
  for (const one of options.undetermined ?? []) find(one);

  const complaints: (Complaint & { readonly severity: Severity })[] = [];
  const failing: Severity = options.strict ? 'critical' : 'low';
  for (const entry of new Set([...(options.inline ? [...ignores.byPlace.values()].flat() : []), ...ignores.byConfig])) {
    const { by, at, subject, pattern, until } = entry;
    const say = (slug: string, message: string) =>
      complaints.push({ by, at, subject, rule: `ekslint/${slug}`, message, severity: failing });
    if (until !== undefined && !isDate(until))
      say(
        'expired-ignore',
        `The ignore of ${cut(pattern)} has the bad date "${cut(until)}" and counts as expired: write it as YYYY-MM-DD`,
      );
    else if (until !== undefined && expired(entry))
      say('expired-ignore', `The ignore of ${cut(pattern)} expired on ${until}`);
    else if (!used.has(entry) && entry.active && !(by === 'config' && options.partial))
      say('unused-ignore', `The ignore of ${cut(pattern)} hides nothing: ${entry.hint}`);
  }
  for (const complaint of ignores.complaints) {
    // An ignore of a rule that is none hides nothing, like an unused one; a missing reason is a lack of manners.
    if (options.inline || complaint.by === 'config')
      complaints.push({ ...complaint, severity: complaint.rule === 'ekslint/unknown-ignore-rule' ? failing : 'low' });
  }
  return [...marked, ...findingsOf(complaints)];
}

function findingsOf(complaints: readonly (Complaint & { readonly severity: Severity })[]): Finding[] {
  const offset = ({ at }: Complaint): number => (at.start?.line ?? 0) * 1e6 + (at.start?.column ?? 0);
  const sorted = [...complaints].sort(
    (a, b) =>
      compare(a.at.source, b.at.source) ||
      offset(a) - offset(b) ||
      compare(a.rule, b.rule) ||
      compare(a.message, b.message),
  );
  const sign = fingerprints();
  return sorted.map(({ rule, severity, message, at, subject }) => {
    const messageId = rule.slice('ekslint/'.length);
    return {
      rule,
      severity,
      messageId,
      message,
      at,
      related: [],
      subject,
      fingerprint: sign([rule, at.source, qualifiedName(subject), at.path, messageId, message]),
    };
  });
}
