import { throwAll, UserError } from '#errors.ts';
import type { Severity } from '#model/finding.ts';
import { isFramework, rulesOf } from '#model/frameworks.ts';
import { globMatcher, type Matcher, nameMatcher, pathMatcher } from '#model/glob.ts';
import { nearest } from '#model/nearest.ts';
import { nearestRule } from '#model/rule-names.ts';
import type { AnyRule } from '#rule';
import { ownRules } from '#rule/own';
import type { Config, Preset, RuleSetting } from './config.ts';

/** The rules that the command line selects. Entries of `only` and `skip` are ids, categories or globs. */
export interface Selection {
  readonly preset?: Preset | undefined;
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/** How a rule judges one place. Options hold a value for every option that the rule defines. */
export interface Setting {
  readonly severity: Severity;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A setting while layers are applied to it. */
interface Layered {
  readonly severity: Severity | 'off';
  readonly options: Readonly<Record<string, unknown>>;
}

/** What an override of the config sets for a rule. */
interface Layer {
  /** The location of the override in the config. */
  readonly override: number;
  readonly setting: RuleSetting;
}

type Place = Parameters<ActiveRule['settingFor']>[0];

/** The overrides that apply somewhere, and a key that is the same for the same overrides. */
interface Applied {
  readonly word: string;
  readonly overrides: ReadonlySet<number>;
}

/** A rule that is on for at least one place. */
export interface ActiveRule {
  readonly rule: AnyRule;
  /** Its severity if no override applies. */
  readonly severity: Severity;
  /** How it judges a file (relative to the workspace root) and namespace; undefined if it is off. */
  settingFor(place: { readonly file: string; readonly namespace: string }): Setting | undefined;
}

/**
 * Which rules run, how severe they are and with which options; in the order of `rules`. `--only` and `--skip` take
 * precedence over the config. `own`: rules that the engine itself uses.
 */
export function resolveRules(
  rules: readonly AnyRule[],
  config: Config,
  { preset = config.preset, only, skip }: Selection,
): { readonly active: readonly ActiveRule[]; readonly own: readonly ActiveRule[] } {
  const faults: UserError[] = [];
  const all = [...rules, ...ownRules];
  const chosen = chooser(only, all, '--only', faults);
  const skipped = chooser(skip, all, '--skip', faults);
  throwAll(faults);
  const entries = compile(config.rules);
  const overrides = config.overrides.map(({ rules: settings }) => compile(settings));
  const appliedAt = applier(config.overrides);
  const framework = isFramework(preset) ? rulesOf(preset) : undefined;
  const active: ActiveRule[] = [];
  for (const rule of all) {
    if (skipped(rule.id) || (only.length > 0 && !chosen(rule.id))) continue;
    const isOn = only.length > 0 || (framework ? framework.has(rule.id) : inPreset(rule, preset));
    let base: Layered = new ByDefault(rule, isOn ? rule.severity : 'off', framework?.get(rule.id));
    for (const { matches, setting } of entries) if (matches(rule.id)) base = over(base, setting, rule);
    // Someone who names a rule by its id wants to see it, whatever the config says.
    if (only.includes(rule.id) && base.severity === 'off') base = over(base, { severity: rule.severity }, rule);
    const layers = overrides.flatMap((inner, override) =>
      inner.filter(({ matches }) => matches(rule.id)).map(({ setting }): Layer => ({ override, setting })),
    );
    const { severity } = base;
    if (severity === 'off' && layers.every(({ setting }) => setting.severity === 'off')) continue;
    active.push({
      rule,
      severity: severity === 'off' ? rule.severity : severity,
      settingFor: settler(rule, base, layers, appliedAt),
    });
  }
  const isOwn = ({ rule }: ActiveRule): boolean => ownRules.includes(rule);
  return { active: active.filter((one) => !isOwn(one)), own: active.filter(isOwn) };
}

const compile = (settings: Readonly<Record<string, RuleSetting>>): { matches: Matcher; setting: RuleSetting }[] =>
  Object.entries(settings).map(([pattern, setting]) => ({ matches: globMatcher(pattern, true), setting }));

const shown = ({ severity, options }: Layered): Setting | undefined =>
  severity === 'off' ? undefined : { severity, options };

/**
 * The overrides that apply to a place: computed once per place, because each rule asks and subjects of one file are
 * adjacent.
 */
function applier(overrides: Config['overrides']): (place: Place) => Applied {
  const matchers = overrides.map(({ files, namespaces }) => ({
    files: files && pathMatcher(files),
    namespaces: namespaces && nameMatcher(namespaces),
  }));
  let last: (Place & { readonly applied: Applied }) | undefined;
  return ({ file, namespace }) => {
    if (last?.file !== file || last.namespace !== namespace) {
      const found = matchers.flatMap(({ files, namespaces }, index) =>
        (!files || files(file)) && (!namespaces || namespaces(namespace)) ? [index] : [],
      );
      last = { file, namespace, applied: { word: found.join(), overrides: new Set(found) } };
    }
    return last.applied;
  };
}

/** The lookup that the engine calls once per rule and subject: without overrides it is a constant. */
function settler(
  rule: AnyRule,
  base: Layered,
  layers: readonly Layer[],
  appliedAt: (place: Place) => Applied,
): ActiveRule['settingFor'] {
  let shownBase: Setting | undefined;
  const plain = (): Setting | undefined => (shownBase ??= shown(base));
  if (layers.length === 0) return plain;
  const known = new Map<string, { readonly setting: Setting | undefined }>();
  return (place) => {
    const { word, overrides } = appliedAt(place);
    let found = known.get(word);
    if (!found) {
      let setting = base;
      for (const { override, setting: later } of layers)
        if (overrides.has(override)) setting = over(setting, later, rule);
      known.set(word, (found = { setting: setting === base ? plain() : shown(setting) }));
    }
    return found.setting;
  };
}

/** Setting only options turns a rule on: no one sets them for a rule that should not run. */
function over(setting: Layered, later: RuleSetting, rule: AnyRule): Layered {
  const severity = later.severity ?? (setting.severity === 'off' ? rule.severity : setting.severity);
  return { severity, options: later.options ? { ...setting.options, ...later.options } : setting.options };
}

/** Whether a preset turns on a rule. */
export function inPreset(rule: AnyRule, preset: Preset): boolean {
  if (preset === 'all') return true;
  if (isFramework(preset)) return rulesOf(preset).has(rule.id);
  return preset !== 'none' && (rule.preset === 'recommended' || (preset === 'strict' && rule.preset === 'strict'));
}

/**
 * The setting of a rule that no config mentions. Options are read on demand: listing the rules would otherwise load
 * each of them.
 */
class ByDefault implements Layered {
  readonly severity: Layered['severity'];
  readonly #rule: AnyRule;
  readonly #wanted: Layered['options'] | undefined;
  #options: Layered['options'] | undefined;

  constructor(rule: AnyRule, severity: Layered['severity'], wanted?: Layered['options']) {
    this.#rule = rule;
    this.severity = severity;
    this.#wanted = wanted;
  }
  get options(): Layered['options'] {
    return (this.#options ??= { ...defaultsOf(this.#rule), ...this.#wanted });
  }
}

const defaultsOf = (rule: AnyRule): Record<string, unknown> =>
  Object.fromEntries(Object.entries(rule.options ?? {}).map(([name, option]) => [name, option.default]));

function chooser(words: readonly string[], rules: readonly AnyRule[], flag: string, faults: UserError[]): Matcher {
  const matchers = words.map((word) => {
    const matches = globMatcher(word.includes('/') || /[*?{]/.test(word) ? word : `${word}/**`, true);
    if (rules.some((rule) => matches(rule.id))) return matches;
    const ids = rules.map((rule) => rule.id);
    const near = nearest(word, new Set(ids.map((id) => id.split('/')[0] ?? id))) ?? nearestRule(word, ids);
    faults.push(
      new UserError(word === '' ? `${flag} needs a rule` : `${flag}: no rule matches "${word}"`, {
        hint: near === undefined ? 'List rules with: ekslint rules' : `Did you mean "${near}"?`,
      }),
    );
    return matches;
  });
  return (id) => matchers.some((matches) => matches(id));
}
