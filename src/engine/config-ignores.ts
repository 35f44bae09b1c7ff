import type { Config, Ignore } from '#config/config.ts';
import type { Finding } from '#model/finding.ts';
import { globMatcher, isGlob, nameMatcher, pathMatcher } from '#model/glob.ts';
import type { Entry, Known } from './ignore-words.ts';

type Asked = Pick<Finding, 'rule' | 'at' | 'subject'>;

/** An entry of the config with its index in the list, and its conditions. */
interface ConfigEntry extends Entry {
  readonly order: number;
  /** Whether it applies to a rule, kind and namespace. */
  readonly concerns: (rule: string, kind: string, namespace: string) => boolean;
  /** Whether it applies to a name and a file. */
  readonly reaches: (name: string, path: string) => boolean;
}

/** Items indexed by the prefix that a string must have, so that a string is compared with only a few of them. */
class PrefixIndex<T> {
  readonly #items = new Map<string, T[]>();
  readonly #lengths = new Set<number>();

  add(prefix: string, item: T): void {
    const there = this.#items.get(prefix);
    if (there) there.push(item);
    else this.#items.set(prefix, [item]);
    this.#lengths.add(prefix.length);
  }
  startsOf(text: string): T[] {
    return [...this.#lengths].flatMap((length) =>
      length <= text.length ? (this.#items.get(text.slice(0, length)) ?? []) : [],
    );
  }
}

/** The common prefix of all strings that a pattern matches. */
const prefixOf = (pattern: string): string => (isGlob(pattern) ? (/^[^*?{]*/.exec(pattern)?.[0] ?? '') : pattern);

/** Entries that are searched one by one. Findings of one object are adjacent, so the last result is kept. */
class Concerned {
  readonly #entries: readonly ConfigEntry[];
  #last: { readonly name: string; readonly path: string; readonly reaching: readonly ConfigEntry[] } | undefined;

  constructor(entries: readonly ConfigEntry[]) {
    this.#entries = entries;
  }
  reaching(name: string, path: string): readonly ConfigEntry[] {
    if (this.#last?.name !== name || this.#last.path !== path)
      this.#last = { name, path, reaching: this.#entries.filter((entry) => entry.reaches(name, path)) };
    return this.#last.reaching;
  }
}

/**
 * The ignores of a config, indexed by the name or file in their conditions: hundreds of ignores are not compared with
 * each of thousands of findings. The rest, whose patterns start with a wildcard or that have neither condition, are
 * searched once for each rule, kind and namespace.
 */
export class ConfigIgnores {
  readonly all: readonly ConfigEntry[];
  readonly #byName = new PrefixIndex<ConfigEntry>();
  readonly #byFile = new PrefixIndex<ConfigEntry>();
  readonly #rest: ConfigEntry[] = [];
  readonly #concerned = new Map<string, Concerned>();
  readonly #sameEntries = new Map<string, Concerned>();
  readonly #pathOf: ReadonlyMap<string, string>;

  constructor(
    { ignores, file = 'ekslint.yaml' }: Pick<Config, 'ignores' | 'file'>,
    pathOf: ReadonlyMap<string, string>,
    known: Known,
  ) {
    this.#pathOf = pathOf;
    this.all = ignores.map((ignore, order) => {
      const entry = readIgnore(ignore, order, file, known);
      const { resource, files } = ignore;
      const name = resource?.name === undefined ? '' : prefixOf(resource.name);
      const starts = [...new Set((files ?? ['']).map((pattern) => prefixOf(pattern.replace(/^\.\//, ''))))];
      if (name !== '') this.#byName.add(name, entry);
      else if (starts.includes('')) this.#rest.push(entry);
      else for (const start of starts) this.#byFile.add(start, entry);
      return entry;
    });
  }

  /** The entries that cover a finding, in the order of the config. */
  covering({ rule, at, subject: { kind, namespace, name } }: Asked): readonly Entry[] {
    if (this.all.length === 0) return this.all;
    const path = this.#pathOf.get(at.source) ?? at.source;
    const candidates = [...this.#byName.startsOf(name), ...this.#byFile.startsOf(path)];
    const found = new Set([
      ...candidates.filter((entry) => entry.concerns(rule, kind, namespace) && entry.reaches(name, path)),
      ...this.#restFor(rule, kind, namespace).reaching(name, path),
    ]);
    return [...found].sort((a, b) => a.order - b.order);
  }
  /**
   * Those of the rest that apply to a rule, kind and namespace: one list for everything to which the same entries
   * apply.
   */
  #restFor(...asked: readonly [rule: string, kind: string, namespace: string]): Concerned {
    const key = asked.join('\n');
    const known = this.#concerned.get(key);
    if (known) return known;
    const entries = this.#rest.filter((entry) => entry.concerns(...asked));
    const orders = entries.map(({ order }) => order).join();
    const list = this.#sameEntries.get(orders) ?? new Concerned(entries);
    this.#sameEntries.set(orders, list);
    this.#concerned.set(key, list);
    return list;
  }
}

function readIgnore(ignore: Ignore, order: number, file: string, known: Known): ConfigEntry {
  const { rule, resource, owner, expires } = ignore;
  const reason = owner === undefined ? ignore.reason : `${ignore.reason} (${owner})`;
  const matchesRule = globMatcher(rule, true);
  const files = ignore.files && pathMatcher(ignore.files);
  const [kind, namespace, name] = [resource?.kind, resource?.namespace, resource?.name].map((pattern) =>
    pattern === undefined ? undefined : nameMatcher([pattern]),
  );
  return {
    by: 'config',
    pattern: rule,
    matchesRule,
    order,
    concerns: (asked, ofKind, inNamespace) =>
      matchesRule(asked) && (!kind || kind(ofKind)) && (!namespace || namespace(inNamespace)),
    reaches: (named, path) => (!name || name(named)) && (!files || files(path)),
    reason,
    until: expires,
    at: ignore.at ?? { source: file, path: 'ignores' },
    subject: { kind: 'Config', namespace: '', name: file },
    active: known.ids.some((id) => known.active.has(id) && matchesRule(id)),
    told: true,
    advice: 'Remove it',
  };
}
