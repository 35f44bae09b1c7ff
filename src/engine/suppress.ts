import type { Finding, Hidden, Holder, Origin, RuleInfo, Severity, Undetermined } from '#model/finding.ts';
import { qualifiedName } from '#model/finding.ts';
import { isDate } from '#model/date.ts';
import { lineOffset, locate, type Location, parentOf, type Source } from '#syntax/tree.ts';
import { fingerprints } from './fingerprint.ts';
import { type Complaint, cut, type Entry } from './ignore-words.ts';
import { type Ignores, place } from './ignores.ts';
import { compare } from './run.ts';

const info = (slug: string, title: string): RuleInfo => ({
  id: `ekslint/${slug}`,
  title,
  category: 'ekslint',
  severity: 'low',
  preset: 'recommended',
  equivalents: [],
  sources: [],
});

/** Metadata for reporters about the findings that this file creates. */
export const ignoreRules: readonly RuleInfo[] = [
  info('expired-ignore', 'Expired ignores should be removed or renewed'),
  info('ignore-without-reason', 'Ignores should give a reason'),
  info('unknown-ignore-rule', 'Ignores should name existing rules'),
  info('unused-ignore', 'Ignores should have an effect'),
];

/** How ignores are applied. */
export interface IgnoreOptions {
  /** The date used for expiry, as YYYY-MM-DD. */
  readonly today: string;
  /** False: comments, annotations and metadata are neither applied nor checked. */
  readonly inline: boolean;
  /** Ignores that are unused or expired, or name no rule, fail the run. */
  readonly strict?: boolean;
  /** Only a part of the workspace is linted, so entries of the config are not reported as unused. */
  readonly partial?: boolean;
  /** Findings that could not be judged: an ignore for one of them is not reported as unused. */
  readonly undetermined?: readonly Pick<Undetermined, 'rule' | 'at' | 'subject' | 'origins'>[];
  /** The texts of the run. */
  readonly sources?: readonly Source[];
}

type Asked = Pick<Finding, 'rule' | 'at' | 'subject' | 'origins'>;

/**
 * Marks the findings that someone decided to accept, and adds findings about ignores that are expired, unused or wrong.
 */
export function applyIgnores(findings: readonly Finding[], ignores: Ignores, options: IgnoreOptions): Finding[] {
  const isExpired = ({ until }: Entry): boolean => until !== undefined && (!isDate(until) || until < options.today);
  const search = new Search(ignores, isExpired, options);
  const marked = findings.map((finding): Finding => {
    const first = search.find(finding);
    if (!first || finding.hidden) return finding;
    const hidden: Hidden = {
      by: first.by,
      reason: first.reason,
      at: first.at,
      ...(first.until === undefined ? {} : { expires: first.until }),
    };
    return { ...finding, hidden };
  });
  for (const one of options.undetermined ?? []) search.find(one);

  const complaints: (Complaint & { readonly severity: Severity })[] = [];
  const failing: Severity = options.strict ? 'critical' : 'low';
  for (const entry of [...(options.inline ? ignores.inline : []), ...ignores.config.all]) {
    const { by, at, subject, pattern, until } = entry;
    const say = (slug: string, message: string, help: string) =>
      complaints.push({ by, at, subject, rule: `ekslint/${slug}`, message, help, severity: failing });
    if (!entry.told) continue;
    if (until !== undefined && !isDate(until))
      say(
        'expired-ignore',
        `The ignore of ${cut(pattern)} has an invalid date ("${cut(until)}"), so it counts as expired`,
        'Write the date as YYYY-MM-DD, e.g. until 2027-03-01',
      );
    else if (until !== undefined && isExpired(entry))
      say(
        'expired-ignore',
        `The ignore of ${cut(pattern)} expired on ${until}, so its findings are reported again`,
        'Fix the findings, or set a later date',
      );
    else if (!search.used.has(entry) && entry.active && !(by === 'config' && options.partial))
      say(
        'unused-ignore',
        `The ignore of ${cut(pattern)} has no effect`,
        search.refused.has(entry)
          ? 'Nothing in a file can hide that it was not read: fix the file, or exclude it in ekslint.yaml'
          : entry.advice,
      );
  }
  for (const complaint of ignores.complaints) {
    // An ignore of a rule that does not exist hides nothing, like an unused one; a missing reason only gets a low
    // finding.
    if (options.inline || complaint.by === 'config')
      complaints.push({ ...complaint, severity: complaint.rule === 'ekslint/unknown-ignore-rule' ? failing : 'low' });
  }
  return [...marked, ...findingsOf(complaints)];
}

type List = readonly Entry[];
const none: readonly List[] = [];

/** Looks up the ignore that hides a finding, and remembers which entries have hidden something. */
class Search {
  readonly used = new Set<Entry>();
  /** Entries that would hide that a text was not read. */
  readonly refused = new Set<Entry>();
  readonly #ignores: Ignores;
  readonly #isExpired: (entry: Entry) => boolean;
  readonly #inline: boolean;
  readonly #sources: ReadonlyMap<string, Source>;
  readonly #answers = new Map<List, Map<string, Entry | undefined>>();
  readonly #around = new Map<object, readonly List[]>();

  constructor(ignores: Ignores, isExpired: (entry: Entry) => boolean, { inline, sources = [] }: IgnoreOptions) {
    this.#ignores = ignores;
    this.#isExpired = isExpired;
    this.#inline = inline;
    this.#sources = new Map(sources.map((source) => [source.id, source]));
  }

  /** The entry that hides a finding. A finding that a text was not read can only be hidden by the config. */
  find(asked: Asked): Entry | undefined {
    const { rule, origins = [] } = asked;
    const byConfig = this.#ignores.config.covering(asked);
    for (const entry of byConfig) this.used.add(entry);
    const configured = byConfig.find((entry) => !this.#isExpired(entry));
    if (!this.#inline) return configured;
    const here = this.#listsAt(asked.at);
    if (origins.some(({ unread }) => unread)) {
      for (const list of here) for (const entry of list) if (entry.matchesRule(rule)) this.refused.add(entry);
      return configured;
    }
    const byPlace = this.#first(here, rule);
    // An object that is applied in several ways is hidden if each way is: one overlay does not decide for the others.
    const byOrigin = origins.map((origin) => this.#first(this.#listsOf(origin, asked.at), rule));
    return byPlace ?? (byOrigin.every((entry) => entry !== undefined) ? byOrigin[0] : undefined) ?? configured;
  }

  #first(lists: readonly List[], rule: string): Entry | undefined {
    if (lists.length === 0) return undefined;
    const found = lists.map((list) => this.#hiding(list, rule));
    return found.find((entry) => entry !== undefined);
  }
  /** The first entry of a list that hides a rule. The answer is the same for every finding, so it is looked up once. */
  #hiding(list: List, rule: string): Entry | undefined {
    let answers = this.#answers.get(list);
    if (!answers) this.#answers.set(list, (answers = new Map()));
    if (!answers.has(rule)) {
      const matching = list.filter((entry) => entry.matchesRule(rule));
      for (const entry of matching) this.used.add(entry);
      answers.set(
        rule,
        matching.find((entry) => !this.#isExpired(entry)),
      );
    }
    return answers.get(rule);
  }

  /** Ignores of the line, the file, and the template resource that contain a location. */
  #listsAt({ source, start }: Location): readonly List[] {
    const { byPlace, stretches } = this.#ignores;
    if (byPlace.size === 0 && stretches.size === 0) return none;
    return [
      byPlace.get(place.line(source, start?.line ?? 0)),
      byPlace.get(place.file(source)),
      this.#stretchAt(source, start),
    ].filter((list) => list !== undefined);
  }
  #stretchAt(id: string, start: Location['start']): List | undefined {
    const stretches = this.#ignores.stretches.get(id) ?? [];
    const source = this.#sources.get(id);
    if (!start || !source || stretches.length === 0) return undefined;
    const offset = lineOffset(source, start.line) + start.column - 1;
    let low = 0;
    let high = stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((stretches[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const last = stretches[low];
    return last && last.start <= offset && offset < last.end ? last.entries : undefined;
  }

  /** Ignores that the object of a finding carries, and those of the module calls that create it. */
  #listsOf({ subject, on, calls, tree, object }: Origin, at: Location): readonly List[] {
    const { bySubject, byHolder, byPlace } = this.#ignores;
    if (bySubject.size === 0 && byHolder.size === 0 && byPlace.size === 0) return none;
    const reaches = this.#ignores.bySubject.get(subject) ?? [];
    const own = reaches.filter(
      ({ within, source }) =>
        (!within || (on !== undefined && within.has(on))) && (source === undefined || source === at.source),
    );
    const holders = [{ tree, object }, ...calls];
    return [...own.map(({ entries }) => entries), ...holders.flatMap((holder) => this.#listsAround(holder))];
  }
  /** Ignores of a map and of the maps that contain it, and of the comment at the head of a Terraform module call. */
  #listsAround({ tree, object }: Holder): readonly List[] {
    if (!tree || !object) return [];
    const known = this.#around.get(object);
    if (known) return known;
    const lists: List[] = [];
    let at: object | undefined = object;
    while (at) {
      const carried = this.#ignores.byHolder.get(at);
      if (carried) lists.push(carried);
      const up = parentOf(tree, at);
      const above = up && parentOf(tree, up.parent);
      if (up && above?.key === 'module' && above.parent === tree.root) {
        const head = locate(tree, up.parent, up.key);
        const comments = this.#ignores.byPlace.get(place.line(head.source, head.start?.line ?? 0));
        if (comments) lists.push(comments);
      }
      at = up?.parent;
    }
    this.#around.set(object, lists);
    return lists;
  }
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
  return sorted.map(({ rule, severity, message, help, at, subject }) => {
    const messageId = rule.slice('ekslint/'.length);
    return {
      rule,
      severity,
      messageId,
      message,
      ...(help === undefined ? {} : { help, wanted: help }),
      at,
      related: [],
      subject,
      fingerprint: sign([rule, at.source, qualifiedName(subject), at.path, messageId, message]),
    };
  });
}
