import { print } from './output.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { baselineRule } from '#engine/known.ts';
import { adviceOf } from '#engine/conclude.ts';
import { ignoreRules } from '#engine/suppress.ts';
import { UserError } from '#errors.ts';
import { isOurRule, nearestRule } from '#model/rule-names.ts';
import { plain } from '#reporters/escape.ts';
import type { AnyRule } from '#rule';
import { packageRoot } from '../package-root.ts';
import { type Example, readPage } from '../rule/page.ts';
import { rules } from '../rule/registry.ts';
import { findAndLoadConfig } from './lint.ts';

/** More rules than this are not a hint. */
const mostAlike = 6;

/** Prints a rule's page for a terminal. */
export async function run(id: string, { allowPlugins }: { readonly allowPlugins?: boolean } = {}): Promise<number> {
  const rule = rules.find((one) => one.id === id);
  const own =
    rule || isOurRule(id) ? [] : (await findAndLoadConfig(process.cwd(), undefined, undefined, allowPlugins)).rules;
  const stated = own.find((one) => one.id === id && one.home !== undefined);
  if (stated) {
    print(formatOwn(stated));
    return 0;
  }
  if (!rule) {
    const check = [...ignoreRules, baselineRule].find((one) => one.id === id);
    if (check) {
      print(
        `${check.id}   ${check.severity}\n${check.title}\n\nReported for comments, annotations, config entries and baselines that hide findings, regardless of the rules that run. With\n--strict-ignores, those that are unused, expired or name an unknown rule fail the run. With --no-inline-ignores, comments\nand annotations are not read.\n`,
      );
      return 0;
    }
    const ids = [...(own.length > 0 ? own : rules), ...ignoreRules, baselineRule].map((one) => one.id);
    const guess = nearestRule(id, ids);
    const alike = ids.filter((one) => one.includes(id));
    throw new UserError(`unknown rule "${id}"`, {
      hint:
        guess !== undefined && !guess.endsWith('*')
          ? `Did you mean ${guess}?`
          : guess === undefined && alike.length > 0 && alike.length <= mostAlike
            ? `Rules with this word: ${alike.join(', ')}`
            : `List them with: ekslint rules${guess === undefined ? '' : ` --only '${guess}'`}`,
    });
  }
  const page = readPage(readFileSync(join(packageRoot(), 'rules', `${rule.id}.md`), 'utf8'));
  print(format(rule, page.prose, page.examples));
  return 0;
}

/** A user's rule: its definition is all there is to print. */
function formatOwn({ id, severity, title, help, home, custom }: AnyRule): string {
  const rows = [
    ...(custom ? [['Kinds', custom.kinds.join(', ')]] : []),
    ...(custom?.require === undefined ? [] : [['Require', custom.require]]),
    ...(custom?.forbid === undefined ? [] : [['Forbid', custom.forbid]]),
    ...(typeof help === 'string' ? [['Fix', help]] : []),
    ['Stated', home ?? ''],
  ];
  return `${plain(id)}   ${severity}\n${plain(title)}\n\n${rows.map(([word = '', text = '']) => `${word.padEnd(9)}${plain(text)}\n`).join('')}`;
}

function format(rule: AnyRule, prose: string, examples: readonly Example[]): string {
  const out = [`${rule.id}   ${rule.severity} · ${rule.preset}`, rule.title, '', prose, ''];
  const show = (label: string, verdict: Example['verdict']) => {
    const example = examples.find((one) => one.verdict === verdict);
    if (!example) return;
    out.push(`${label}: ${example.title}`);
    for (const [i, block] of example.blocks.filter(({ title }) => title !== 'fixed').entries()) {
      // Blocks are files, often in different languages.
      if (i > 0) out.push('');
      if (block.title !== undefined) out.push(`  ${block.title}`);
      out.push(
        block.text
          .trimEnd()
          .split('\n')
          .map((line) => `    ${line}`)
          .join('\n'),
      );
    }
    out.push('');
  };
  show('Bad', 'fails');
  show('Good', 'passes');
  out.push(`Fix      ${rule.fix ?? 'by hand'}`, ...adviceOf(rule).map((line) => `         ${line}`));
  const options = Object.entries(rule.options ?? {});
  out.push(`Options  ${options.length === 0 ? 'none' : ''}`.trimEnd());
  for (const [name, schema] of options)
    out.push(`  ${name} (default ${JSON.stringify(schema.default)}): ${schema.description}`);
  if (rule.equivalents.length > 0) out.push(`Like     ${rule.equivalents.join(', ')}`);
  if (rule.sources.length > 0) out.push(`Read     ${rule.sources.join('; ')}`);
  return `${out.join('\n')}\n`;
}
