import type { AnyRule } from './define.ts';

/** What a run must know about every rule before it knows which rules it needs. */
export type RuleHead = Pick<AnyRule, 'id' | 'severity' | 'preset' | 'kinds' | 'needs'> & {
  /** For rules that have `needs`. */
  readonly scope?: AnyRule['scope'] | undefined;
};

/** What only the page of a rule and some reports print. The build moves it out of the rules, since no check needs it. */
export type RuleReferences = Pick<AnyRule, 'equivalents' | 'sources'>;

type Loaded = Omit<AnyRule, 'id' | keyof RuleReferences>;

/**
 * Where a rule registers itself when its module is loaded (bin/command-line.mts).
 * @public
 */
export const loaded: { rule: Loaded | undefined } = { rule: undefined };

/**
 * A rule whose module is loaded only when more than its head is needed. The rule list of the command line consists of
 * these (bin/command-line.mts), so that a run only pays for the rules that it uses.
 */
export class ListedRule implements AnyRule {
  readonly id: AnyRule['id'];
  readonly severity: AnyRule['severity'];
  readonly preset: AnyRule['preset'];
  readonly kinds: AnyRule['kinds'];
  readonly needs: AnyRule['needs'];
  readonly #scope: RuleHead['scope'];
  /** Rules that users write are not listed. */
  readonly home = undefined;
  readonly custom = undefined;
  readonly #index: number;
  readonly #load: (index: number) => Loaded;
  readonly #referencesOf: (id: string) => RuleReferences;
  #loaded: Loaded | undefined;

  /** `load` receives the index of the rule in the list. */
  constructor(
    { id, severity, preset, kinds, needs, scope }: RuleHead,
    index: number,
    load: (index: number) => Loaded,
    referencesOf: (id: string) => RuleReferences,
  ) {
    this.id = id;
    this.severity = severity;
    this.preset = preset;
    this.kinds = kinds;
    this.needs = needs;
    this.#scope = scope;
    this.#index = index;
    this.#load = load;
    this.#referencesOf = referencesOf;
  }

  get #rule(): Loaded {
    return (this.#loaded ??= this.#load(this.#index));
  }
  get title(): AnyRule['title'] {
    return this.#rule.title;
  }
  get scope(): AnyRule['scope'] {
    return this.#scope ?? this.#rule.scope;
  }
  get namesOnly(): AnyRule['namesOnly'] {
    return this.#rule.namesOnly;
  }
  get reads(): AnyRule['reads'] {
    return this.#rule.reads;
  }
  get asks(): AnyRule['asks'] {
    return this.#rule.asks;
  }
  get options(): AnyRule['options'] {
    return this.#rule.options;
  }
  get messages(): AnyRule['messages'] {
    return this.#rule.messages;
  }
  get fix(): AnyRule['fix'] {
    return this.#rule.fix;
  }
  get help(): AnyRule['help'] {
    return this.#rule.help;
  }
  get family(): AnyRule['family'] {
    return this.#rule.family;
  }
  get equivalents(): AnyRule['equivalents'] {
    return this.#referencesOf(this.id).equivalents;
  }
  get sources(): AnyRule['sources'] {
    return this.#referencesOf(this.id).sources;
  }
  get check(): AnyRule['check'] {
    return this.#rule.check;
  }
}
