import { existsSync, realpathSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '#errors.ts';
import { isDate, meantDate } from '#model/date.ts';
import type { Severity } from '#model/finding.ts';
import { globMatcher, isGlob, longestGlob } from '#model/glob.ts';
import { nearest } from '#model/nearest.ts';
import { suggestRule } from '#model/rule-names.ts';
import { isRecord } from '#model/shape.ts';
import { type AnyRule, patternFault } from '#rule';
import { locate, positionAt, type Source, span, type Tree } from '#syntax/tree.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';
import {
  type AuditConfig,
  type Config,
  defaultConfig,
  type Ignore,
  type Override,
  type Preset,
  presets,
  type RuleSetting,
} from './config.ts';
import { explain, type Fault, print } from './explain.ts';
import { configSchema } from './schema.ts';

/** Names of config files, in the order in which they are looked for. */
export const configNames = ['ekslint.yaml', 'ekslint.yml', 'ekslint.json', '.ekslint.yaml'] as const;

/** More is not a config. */
const largestConfig = 1_000_000;
/** Longer chains of `extends` are a mistake. */
const longestChain = 20;

/** The nearest config file from `cwd` up to the git root (only `cwd` where there is none). */
export function findConfig(cwd: string, gitRoot: string | undefined): string | undefined {
  const top = resolve(gitRoot ?? cwd);
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const [first, second] = configNames.filter((name) =>
      statSync(join(folder, name), { throwIfNoEntry: false })?.isFile(),
    );
    if (first !== undefined && second !== undefined)
      throw new UserError(`two config files in one folder: ${first} and ${second}`, {
        at: shown(join(folder, first)),
        hint: 'keep one of them',
      });
    if (first !== undefined) return join(folder, first);
    if (folder === top || folder === dirname(folder)) return undefined;
  }
}

const shown = (file: string): string => {
  const path = relative(process.cwd(), file).split(sep).join('/');
  return path === '' ? basename(file) : path;
};

/** What one file says, before it is merged with those it extends. Keys are as written. */
interface Written {
  readonly extends?: string | readonly string[];
  readonly target?: { readonly kubernetes?: string };
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly rules?: Readonly<Record<string, WrittenSetting>>;
  readonly overrides?: readonly {
    readonly files?: readonly string[];
    readonly namespaces?: readonly string[];
    readonly rules: Readonly<Record<string, WrittenSetting>>;
  }[];
  readonly ignores?: readonly Ignore[];
  readonly failOn?: Severity | 'never';
  readonly limits?: { readonly fileBytes?: number | string; readonly depth?: number; readonly aliases?: number };
  readonly podTemplates?: Readonly<Record<string, readonly string[]>>;
  readonly audit?: Partial<AuditConfig>;
}
type WrittenSetting = Severity | 'off' | (Readonly<Record<string, unknown>> & { readonly severity?: Severity | 'off' });

/** Reads a config file and those it extends, and checks every word of them; throws UserError with the place of the first fault. */
export async function loadConfig(file: string, rules: readonly AnyRule[]): Promise<Config> {
  const path = resolve(file);
  return follow(path, { ...defaultConfig, file: shown(path) }, { rules, root: treeRoot(path), chain: [] });
}

/** Files may be extended from here down: the git root, else the folder of the config. Symbolic links do not lead out of it. */
function treeRoot(file: string): string {
  const own = dirname(file);
  for (let folder = own; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, '.git'))) return realpathSync(folder);
  return existsSync(own) ? realpathSync(own) : own;
}

async function follow(
  file: string,
  base: Config,
  { rules, root, chain }: { rules: readonly AnyRule[]; root: string; chain: readonly string[] },
): Promise<Config> {
  const tree = await read(file);
  const written = await check(tree, rules);
  let config = base;
  const entries = typeof written.extends === 'string' ? [written.extends] : (written.extends ?? []);
  for (const [index, entry] of entries.entries()) {
    const [on, key] =
      typeof written.extends === 'string' ? [tree.root as object, 'extends'] : [written.extends as object, index];
    if ((presets as readonly string[]).includes(entry)) {
      config = { ...config, preset: entry as Preset };
      continue;
    }
    const fail = (message: string, hint?: string): never => {
      throw new UserError(message, { at: placeOf(tree, on, key), ...(hint === undefined ? {} : { hint }) });
    };
    const next = extended(entry, file, root, fail);
    if (next === file || chain.includes(next))
      fail(`"${entry}" extends itself`, 'remove the entry that closes the circle');
    if (chain.length >= longestChain) fail(`more than ${longestChain} files extend each other`);
    config = await follow(next, config, { rules, root, chain: [...chain, file] });
  }
  return lay(config, written, tree);
}

/** The path that an entry of `extends` names, or a UserError that says why it is not taken. */
function extended(entry: string, from: string, root: string, fail: (message: string, hint?: string) => never): string {
  if (/\.(js|cjs|mjs|ts|cts|mts)$/i.test(entry))
    return fail(
      `"${entry}" is code, and code is never loaded from a config file`,
      'move its settings to a YAML file and extend that',
    );
  if (!/^\.\.?\//.test(entry)) {
    const near = nearest(entry, presets);
    if (near !== undefined) return fail(`unknown preset "${entry}"`, `did you mean "${near}"?`);
    return fail(
      `"${entry}" is neither a preset nor a path`,
      `presets are ${presets.join(', ')}; a path begins with ./ or ../, packages and URLs are not loaded`,
    );
  }
  if (!['.yaml', '.yml', '.json'].includes(extname(entry)))
    return fail(`"${entry}" is not a YAML or JSON file`, 'extend a file that ends in .yaml, .yml or .json');
  const path = resolve(dirname(from), entry);
  if (!existsSync(path)) return fail(`"${entry}" does not exist`, `it was looked for at ${shown(path)}`);
  const real = realpathSync(path);
  const inside = relative(root, real);
  if (inside.startsWith('..') || isAbsolute(inside))
    return fail(`"${entry}" lies outside of this repository`, 'copy it into the repository');
  return path;
}

async function read(file: string): Promise<Tree> {
  const id = shown(file);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile())
    throw new UserError(`config file ${id} does not exist`, {
      hint: 'name another with --config, or lint without one: --no-config',
    });
  if (stats.size > largestConfig)
    throw new UserError(`config file ${id} has ${stats.size} bytes, more than ${largestConfig}`, { at: id });
  if (!['.yaml', '.yml', '.json'].includes(extname(file)))
    throw new UserError(`config file ${id} is not a YAML or JSON file`, {
      hint: 'code is never loaded as config; name a file that ends in .yaml, .yml or .json',
    });
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new UserError(`config file ${id} cannot be read`, { at: id, cause });
  }
  const source: Source = { id, text, path: id, target: true };
  const trees = splitDocuments(source).flatMap((segment) => parseYaml(segment));
  const [tree, second] = trees.filter((one) => one.root !== null || one.faults.length > 0);
  for (const one of trees) {
    const [fault] = one.faults;
    if (fault)
      throw new UserError(
        fault.code === 'duplicate-key' ? `key "${fault.message}" is written twice` : `not valid YAML: ${fault.message}`,
        { at: placeAt(source, fault.start) },
      );
  }
  if (second)
    throw new UserError('a config file holds one document', {
      at: placeAt(source, second.start),
      hint: 'remove the second one',
    });
  const empty: Tree = {
    source,
    root: Object.create(null) as object,
    offsets: Uint32Array.of(0, text.length),
    faults: [],
    language: 'yaml',
    index: 0,
    start: 0,
  };
  return tree ?? empty;
}

function placeAt(source: Source, offset: number): string {
  const { line, column } = positionAt(source, offset);
  return `${source.id}:${line}:${column}`;
}

/** `file:line:column` of a key, or of its value. */
function placeOf(tree: Tree, on: object, key?: string | number, what: 'key' | 'value' = 'value'): string {
  const entry = key === undefined ? undefined : span(tree, on, key);
  if (entry) return placeAt(tree.source, what === 'key' ? entry[0] : entry[2]);
  const { start } = locate(tree, on, key);
  return start ? `${tree.source.id}:${start.line}:${start.column}` : tree.source.id;
}

/** What the YAML reader of kubectl makes of unquoted `off` and `1.30`, undone: here the words count. Aliased data may be visited twice. */
function asWritten(tree: Tree, on: unknown, key: string): void {
  if (!isRecord(on)) return;
  const value = on[key];
  const place = typeof value === 'number' || value === false ? span(tree, on, key) : undefined;
  if (!place) return;
  const text = tree.source.text.slice(place[2], place[3]);
  if (typeof value === 'number' ? /^\d+\.\d+$/.test(text) : text.toLowerCase() === 'off')
    on[key] = typeof value === 'number' ? text : 'off';
}

function wordsOfRules(tree: Tree, rules: unknown): void {
  if (!isRecord(rules)) return;
  for (const [key, value] of Object.entries(rules)) {
    asWritten(tree, rules, key);
    if (isRecord(value)) asWritten(tree, value, 'severity');
  }
}

async function check(tree: Tree, rules: readonly AnyRule[]): Promise<Written> {
  const { root } = tree;
  if (!isRecord(root)) throw new UserError('a config file holds a map', { at: placeAt(tree.source, tree.start) });
  for (const [key, what] of [
    ['customRules', 'own rules'],
    ['baseline', 'a baseline'],
  ] as const)
    if (key in root)
      throw new UserError(`${key} is not supported yet`, {
        at: placeOf(tree, root, key, 'key'),
        hint: `remove it: a run that passed over ${what} in silence could be green by accident`,
      });
  asWritten(tree, root['target'], 'kubernetes');
  wordsOfRules(tree, root['rules']);
  const overrides = Array.isArray(root['overrides']) ? (root['overrides'] as unknown[]) : [];
  for (const override of overrides) if (isRecord(override)) wordsOfRules(tree, override['rules']);

  const used = new Set(
    [root, ...overrides].flatMap((one) => (isRecord(one) && isRecord(one['rules']) ? Object.keys(one['rules']) : [])),
  );
  const { Ajv } = await import('./ajv.ts');
  // Compiling the schema of every rule takes longer than a small lint run: only what the file names is compiled.
  const validate = new Ajv({ allErrors: true, strict: false, verbose: true, logger: false }).compile(
    configSchema(rules.filter((rule) => used.has(rule.id))),
  );
  const faults: Fault[] = validate(root) ? [] : explain(validate.errors ?? [], root, rules);
  faults.push(...judgeWords(root, rules));
  const placed = faults.map((fault) => ({ fault, at: placeOf(tree, fault.on, fault.key, fault.what) }));
  const offset = ({ fault }: (typeof placed)[number]): number =>
    (fault.key === undefined ? undefined : span(tree, fault.on, fault.key))?.[0] ?? span(tree, fault.on)?.[2] ?? 0;
  const [first] = placed.sort((a, b) => offset(a) - offset(b));
  if (first) {
    const more = placed.length > 1 ? `${placed.length - 1} more to mend after this one` : undefined;
    const hint = [first.fault.hint, more].filter((part) => part !== undefined).join('; ');
    throw new UserError(first.fault.message, { at: first.at, ...(hint === '' ? {} : { hint }) });
  }
  // The schema has just shown that it has this shape.
  return root as unknown as Written;
}

/** What a schema cannot say: globs that match no rule, impossible dates, patterns that are none, too slow or too long. */
function judgeWords(root: Record<string, unknown>, rules: readonly AnyRule[]): Fault[] {
  const faults: Fault[] = [];
  const ids = rules.map((rule) => rule.id);
  const judgeRule = (pattern: string, on: object, key: string, what: Fault['what']): void => {
    const matches = globMatcher(pattern, true);
    if (ids.some((id) => matches(id))) return;
    if (isGlob(pattern))
      faults.push({ on, key, what, message: `no rule matches "${pattern}"`, hint: suggestRule(pattern, ids) });
    else if (what === 'value')
      faults.push({ on, key, what, message: `unknown rule "${pattern}"`, hint: suggestRule(pattern, ids) });
  };
  const judgePatterns = (on: unknown): void => {
    if (!Array.isArray(on)) return;
    for (const [index, pattern] of on.entries())
      if (typeof pattern === 'string' && pattern.length > longestGlob)
        faults.push({
          on,
          key: index,
          what: 'value',
          message: `a pattern of more than ${longestGlob} characters`,
          hint: 'split it',
        });
  };
  const judgeOptions = (rule: AnyRule, setting: Record<string, unknown>): void => {
    for (const [name, option] of Object.entries(rule.options ?? {})) {
      if (!('patterns' in option)) continue;
      const value = setting[name];
      const [on, texts] = Array.isArray(value) ? [value, value as unknown[]] : [setting, [value]];
      for (const [index, one] of texts.entries()) {
        const fault = typeof one === 'string' ? patternFault(one) : undefined;
        if (fault !== undefined)
          faults.push({
            on,
            key: on === value ? index : name,
            what: 'value',
            message: `${print(one)} ${fault}`,
            hint: 'patterns are regular expressions of JavaScript; (?i) at the beginning takes both cases',
          });
      }
    }
  };
  const lists = (name: string): Record<string, unknown>[] =>
    Array.isArray(root[name]) ? (root[name] as unknown[]).filter(isRecord) : [];
  judgePatterns(root['include']);
  judgePatterns(root['exclude']);
  for (const holder of [root, ...lists('overrides')]) {
    const named = holder['rules'];
    for (const [key, setting] of isRecord(named) ? Object.entries(named) : []) {
      judgeRule(key, named as object, key, 'key');
      const rule = rules.find(({ id }) => id === key);
      if (rule && isRecord(setting)) judgeOptions(rule, setting);
    }
    judgePatterns(holder['files']);
    judgePatterns(holder['namespaces']);
    if (holder !== root && holder['files'] === undefined && holder['namespaces'] === undefined)
      faults.push({
        on: holder,
        what: 'key',
        message: 'an override names neither files nor namespaces',
        hint: 'add `files` or `namespaces`, or move its rules to the top',
      });
  }
  for (const ignore of lists('ignores')) {
    if (typeof ignore['rule'] === 'string') judgeRule(ignore['rule'], ignore, 'rule', 'value');
    judgePatterns(ignore['files']);
    const { expires } = ignore;
    if (typeof expires === 'string' && !isDate(expires)) {
      const meant = meantDate(expires);
      faults.push({
        on: ignore,
        key: 'expires',
        what: 'value',
        message: `"${expires}" is not a date`,
        hint: meant === undefined ? 'write it as YYYY-MM-DD' : `did you mean ${meant}?`,
      });
    }
  }
  return faults;
}

function settingsOf(written: Readonly<Record<string, WrittenSetting>> | undefined): Record<string, RuleSetting> {
  const settings: Record<string, RuleSetting> = {};
  for (const [key, value] of Object.entries(written ?? {})) {
    if (typeof value === 'string') settings[key] = { severity: value };
    else {
      const { severity, ...options } = value;
      settings[key] = {
        ...(severity === undefined ? {} : { severity }),
        ...(Object.keys(options).length > 0 ? { options } : {}),
      };
    }
  }
  return settings;
}

const units: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

function bytes(size: number | string): number {
  if (typeof size === 'number') return size;
  return Math.round(Number.parseFloat(size) * (units[size.replace(/^[\d. ]+/, '')] ?? 1));
}

/** `base` with what the file says laid over it: single values replace, maps and lists are added behind, `include` replaces because it says what the whole is. */
function lay(base: Config, written: Written, tree: Tree): Config {
  const { limits } = written;
  const rules: Record<string, RuleSetting> = { ...base.rules };
  for (const [key, setting] of Object.entries(settingsOf(written.rules))) {
    const before = rules[key];
    delete rules[key]; // so that it takes its place behind the globs of the base
    rules[key] = {
      ...before,
      ...setting,
      ...(before?.options || setting.options ? { options: { ...before?.options, ...setting.options } } : {}),
    };
  }
  const overrides = (written.overrides ?? []).map((override): Override => ({
    ...(override.files ? { files: override.files } : {}),
    ...(override.namespaces ? { namespaces: override.namespaces } : {}),
    rules: settingsOf(override.rules),
  }));
  const audit = written.audit
    ? { clusters: written.audit.clusters ?? [], excludeNamespaces: written.audit.excludeNamespaces ?? [] }
    : base.audit;
  return {
    file: base.file,
    preset: base.preset,
    target: written.target?.kubernetes ?? base.target,
    include: written.include ?? base.include,
    exclude: [...base.exclude, ...(written.exclude ?? [])],
    rules,
    overrides: [...base.overrides, ...overrides],
    ignores: [
      ...base.ignores,
      ...(written.ignores ?? []).map((ignore) => ({ ...ignore, at: locate(tree, ignore, 'rule') })),
    ],
    failOn: written.failOn ?? base.failOn,
    limits: {
      ...base.limits,
      ...(limits?.fileBytes === undefined ? {} : { fileBytes: bytes(limits.fileBytes) }),
      ...(limits?.depth === undefined ? {} : { depth: limits.depth }),
      ...(limits?.aliases === undefined ? {} : { aliases: limits.aliases }),
    },
    podTemplates: { ...base.podTemplates, ...written.podTemplates },
    ...(audit ? { audit } : {}),
  };
}
