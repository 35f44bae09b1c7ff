import { isAwsKind } from '#model/aws-reads.ts';
import { countChecked, coverageTable } from './coverage.ts';
import { print, say } from './output.ts';
import { defaultConfig } from '#config/config.ts';
import type { Preset } from '#config/config.ts';
import { controlsOf, findFramework, type FrameworkName, frameworkNames } from '#model/frameworks.ts';
import { inPreset, resolveRules } from '#config/resolve.ts';
import { pageOf } from '#reporters/reporter.ts';
import type { AnyRule } from '#rule';
import { findAndLoadConfig } from './lint.ts';

/** The flags of `ekslint rules`. */
export interface Flags {
  readonly preset: Preset;
  /** Only the rules that check this framework, each with the controls that it covers. */
  readonly framework?: FrameworkName;
  readonly only?: readonly string[];
  readonly allowPlugins?: boolean;
  readonly format: 'text' | 'json' | 'markdown';
}

/** The inputs that a rule can judge, derived from the kinds it names. */
function inputsOf({ kinds }: AnyRule): string[] {
  const found = new Set<string>();
  for (const kind of kinds as readonly string[]) {
    if (kind === 'insight') found.add('aws');
    else if (isAwsKind(kind)) for (const input of ['eksctl', 'cloudformation', 'terraform', 'aws']) found.add(input);
    else if (kind === 'ClusterConfig') found.add('eksctl');
    else if (kind === 'document')
      for (const input of ['manifest', 'eksctl', 'cloudformation', 'terraform']) found.add(input);
    else found.add('manifest');
  }
  return [...found];
}

/** What `ekslint rules --format json` prints for a rule. */
const entryOf = (rule: AnyRule) => ({
  id: rule.id,
  title: rule.title,
  category: rule.id.slice(0, rule.id.indexOf('/')),
  severity: rule.severity,
  preset: rule.preset,
  inputs: inputsOf(rule),
  kinds: rule.custom?.kinds ?? rule.kinds,
  scope: rule.scope,
  options: rule.options ?? {},
  fix: rule.fix ?? null,
  equivalents: rule.equivalents,
  references: rule.sources,
  docs: pageOf(rule.id) ?? null,
});

/**
 * Lists rules on stdout.
 * @throws UserError for an unknown id or category.
 */
export async function run(flags: Flags): Promise<number> {
  const { rules } = await findAndLoadConfig(process.cwd(), undefined, undefined, flags.allowPlugins);
  const { active } = resolveRules(rules, defaultConfig, { preset: 'all', only: flags.only ?? [], skip: [] });
  // A framework is a preset, too.
  const named = flags.framework ?? frameworkNames.find((name) => name === flags.preset);
  const framework = named && findFramework(named);
  const controls = framework ? controlsOf(framework) : [];
  const servedBy = (rule: AnyRule): readonly string[] =>
    controls.filter((control) => control.rules.includes(rule.id)).map(({ id }) => id);
  const chosen = active
    .map(({ rule }) => rule)
    .filter((rule) => inPreset(rule, flags.preset) && (!framework || servedBy(rule).length > 0));
  const existing = new Set(rules.map(({ id }) => id));
  if (flags.format === 'json') {
    const entries = chosen.map((rule) => ({ ...entryOf(rule), ...(framework ? { controls: servedBy(rule) } : {}) }));
    print(`${JSON.stringify(entries, null, 2)}\n`);
  } else if (flags.format === 'markdown')
    print(
      framework
        ? coverageTable(framework, new Set(chosen.map(({ id }) => id)))
        : `| rule | severity | preset | demand |\n|---|---|---|---|\n${chosen.map((rule) => `| \`${rule.id}\` | ${rule.severity} | ${rule.preset} | ${rule.title.replaceAll('|', '\\|')} |\n`).join('')}`,
    );
  else {
    const width = Math.max(0, ...chosen.map((rule) => rule.id.length));
    const last = (rule: AnyRule): string => (framework ? `${rule.title} [${servedBy(rule).join(', ')}]` : rule.title);
    print(
      chosen
        .map(
          (rule) => `${rule.id.padEnd(width)}  ${rule.severity.padEnd(8)}  ${rule.preset.padEnd(11)}  ${last(rule)}\n`,
        )
        .join(''),
    );
    say(`${chosen.length} ${chosen.length === 1 ? 'rule' : 'rules'}\n`);
    if (framework) {
      const { checked, all } = countChecked(framework, existing);
      say(`${checked} of ${all} controls of ${framework.title} have a rule; --format markdown lists all of them\n`);
    }
  }
  return 0;
}
