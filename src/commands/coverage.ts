import { controlsOf, findFramework, type Framework, frameworkNames } from '#model/frameworks.ts';
import type { AnyRule } from '#rule';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** A framework as a table: each control with its rules, or why there is none. */
export function coverageTable(framework: Framework, existing: ReadonlySet<string>): string {
  const lines = controlsOf(framework).map(({ id, title, rules, note, version }) => {
    const there = rules.filter((rule) => existing.has(rule));
    const checked =
      there.length > 0
        ? `${there.map((rule) => `\`${rule}\``).join(', ')}${note === undefined ? '' : `; ${note}`}`
        : `not checked here: ${note ?? 'no rule yet'}`;
    return `| ${id}${version === framework.version ? '' : ` (${version})`} | ${cell(title)} | ${cell(checked)} |\n`;
  });
  return `| control | demand | rules |\n|---|---|---|\n${lines.join('')}`;
}

/** How many of the controls have a rule. */
export function countChecked(framework: Framework, existing: ReadonlySet<string>): { checked: number; all: number } {
  const all = controlsOf(framework);
  return { checked: all.filter(({ rules }) => rules.some((rule) => existing.has(rule))).length, all: all.length };
}

/** `docs/frameworks.md`, which `npm run gen` writes. */
export function coveragePage(rules: readonly Pick<AnyRule, 'id'>[]): string {
  const existing = new Set(rules.map(({ id }) => id));
  const sections = frameworkNames.map(findFramework).map((framework) => {
    const { checked, all } = countChecked(framework, existing);
    return [
      `## ${framework.title}`,
      '',
      `\`--preset ${framework.name}\` · ${framework.version === '' ? '' : `version ${framework.version} · `}${checked} of ${all} controls have a rule`,
      '',
      `Source: ${framework.source}`,
      '',
      coverageTable(framework, existing),
    ].join('\n');
  });
  return [
    '# Frameworks',
    '',
    'Written by `npm run gen` from `src/model/frameworks.ts`. Control IDs are those of the framework; the descriptions are ours.',
    'Passing these rules is not a certification: a control can require more than files or APIs show.',
    '',
    'A framework is a preset: `ekslint --preset cis-eks`, or `extends: [cis-eks]` in the config, runs the rules below and no others.',
    '`ekslint rules --framework cis-eks` lists them. SARIF reports contain the controls as taxonomies.',
    '',
    sections.join('\n'),
  ].join('\n');
}
