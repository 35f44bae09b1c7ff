import { readdirSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve, sep } from 'node:path';
import { isAwsKind } from '#model/aws-reads.ts';
import { severities } from '#model/finding.ts';
import { nearest } from '#model/nearest.ts';
import { isReserved } from '#model/rule-names.ts';
import { isRecord } from '#model/shape.ts';
import type { AnyRule } from '#rule';
import { kindNames } from '#rule/custom';
import { watch } from './plugin-guard.ts';

/*
 * Rules that a repository provides as code. They are loaded only if the command line allows it, since anyone who can
 * write to the repository could then run anything: without that, nothing in this file is reached.
 */

/** A folder of rules that cannot be used, with the reason. */
export interface PluginFault {
  readonly message: string;
  readonly hint: string;
}

/** Node 22.18 and newer strip types; older ones do not know the feature. */
const readsTypeScript = new Map<string, unknown>(Object.entries(process.features)).get('typescript') === 'strip';
const codeFile = /\.(?:[cm]?js|[cm]?ts)$/;
const typeScript = /\.[cm]?ts$/;

/**
 * The rules of a folder: `<category>/<slug>.ts` or `.js` below it, each with a rule as its default export, typed by
 * `defineRule` of `ekslint/rule`. The id of a rule is its path.
 */
export function loadPlugins(folder: string): { readonly rules: AnyRule[]; readonly faults: PluginFault[] } {
  const rules: AnyRule[] = [];
  const faults: PluginFault[] = [];
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    return {
      rules,
      faults: [{ message: `${shown(folder)} is not a folder`, hint: 'Paths are relative to this file.' }],
    };
  const root = realpathSync(folder);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(isRuleFile).sort();
  if (files.length === 0)
    faults.push({
      message: `${shown(folder)} contains no rules`,
      hint: 'A rule is a file <category>/<slug>.js or .ts in it, e.g. acme/owner-label.js.',
    });
  for (const file of files) {
    const id = file.split(sep).join('/').replace(codeFile, '');
    const path = join(root, file);
    const fault = (message: string, hint: string): void =>
      void faults.push({ message: `${shown(path)}: ${message}`, hint });
    if (isReserved(id)) {
      fault(`"${id}" uses a built-in category`, 'Use your own category, e.g. acme/owner-label.');
      continue;
    }
    if (typeScript.test(file) && !readsTypeScript) {
      fault('this version of Node cannot load TypeScript', 'Use Node 22.18 or newer, or write the rule as .js.');
      continue;
    }
    try {
      if (!realpathSync(path).startsWith(root + sep)) {
        fault('it is a link to outside the folder', 'Copy the rule into the folder.');
        continue;
      }
      const loaded: unknown = watch(shown(path), () => createRequire(path)(path));
      const rule: unknown = isRecord(loaded) && 'default' in loaded ? loaded['default'] : loaded;
      if (isRule(rule)) rules.push({ ...rule, ...listsOf(rule), check: checkOf(rule, id), id, home: shown(path) });
      else
        fault(whatIsWrong(rule) ?? '', 'Export a rule as default: export default defineRule({ ... }) of ekslint/rule.');
    } catch (error) {
      fault(
        `it cannot be loaded: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
        'A rule that imports ekslint/rule needs ekslint as a development dependency of the repository.',
      );
    }
  }
  return { rules, faults };
}

const isRuleFile = (file: string): boolean =>
  codeFile.test(file) && !/\.d\.[cm]?ts$/.test(file) && /^[a-z][a-z0-9-]*[/\\][a-z][a-z0-9-]*\.\w+$/.test(file);
const shown = (path: string): string => relative(process.cwd(), resolve(path)).split(sep).join('/') || '.';

const isRule = (rule: unknown): rule is AnyRule => whatIsWrong(rule) === undefined;
/** A promise from a check is not awaited: it would have judged nothing. */
const checkOf =
  (rule: AnyRule, id: string): AnyRule['check'] =>
  (subject, context) => {
    const said: unknown = watch(`rule ${id}`, () => rule.check(subject, context));
    if (typeof said !== 'object' || said === null || !('then' in said)) return;
    // Its failure is reported here.
    Promise.resolve(said).catch(() => {});
    throw new Error('check returns a promise, and rules must judge at once');
  };

/** Lists that a plugin's rule may omit. */
const listsOf = (rule: AnyRule): Pick<AnyRule, 'equivalents' | 'sources'> => ({
  equivalents: 'equivalents' in rule ? rule.equivalents : [],
  sources: 'sources' in rule ? rule.sources : [],
});

/** What a default export lacks to be a valid rule. */
function whatIsWrong(rule: unknown): string | undefined {
  if (typeof rule !== 'object' || rule === null) return 'it has no rule as its default export';
  const of = new Map<string, unknown>(Object.entries(rule));
  const words = (value: unknown): value is readonly string[] =>
    Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
  const kinds = of.get('kinds');
  if (typeof of.get('title') !== 'string') return 'the rule lacks a `title`';
  if (!severities.some((one) => one === of.get('severity')))
    return `\`severity\` must be one of ${severities.join(', ')}`;
  if (!['recommended', 'strict', 'opt-in'].some((one) => one === of.get('preset')))
    return '`preset` must be recommended, strict or opt-in';
  if (!['resource', 'model', 'workspace'].some((one) => one === of.get('scope')))
    return '`scope` must be resource, model or workspace';
  if (!words(kinds)) return '`kinds` must be a list of kinds';
  const odd = kinds.find((kind) => !kindNames.includes(kind) && !isAwsKind(kind) && kind !== 'document');
  if (odd !== undefined) {
    const near = nearest(odd, kindNames);
    return `unknown kind "${odd}"${near === undefined ? '' : ` (did you mean "${near}"?)`}`;
  }
  if (of.get('needs') !== undefined && !words(of.get('needs'))) return '`needs` must be a list of keys';
  if (typeof of.get('messages') !== 'object' || of.get('messages') === null) return 'the rule lacks `messages`';
  if (typeof of.get('check') !== 'function') return 'the rule lacks `check`';
  return undefined;
}
