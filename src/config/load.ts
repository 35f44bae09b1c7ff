import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { throwAll, UserError } from '#errors.ts';
import { knownMinors, minorOf } from '#model/calendar.ts';
import { isDate, meantDate } from '#model/date.ts';
import type { Severity } from '#model/finding.ts';
import { globMatcher, isGlob, longestGlob } from '#model/glob.ts';
import { nearest } from '#model/nearest.ts';
import { suggestRule } from '#model/rule-names.ts';
import { isRecord } from '#model/shape.ts';
import { type AnyRule } from '#rule';
import type { CustomRule } from '#rule/custom';
import { ownRules } from '#rule/own';
import { patternFault } from '#rule/pattern';
import { locate, positionAt, type Source, span, type Tree } from '#syntax/tree.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';
import {
  type Config,
  defaultConfig,
  type Ignore,
  type Override,
  type Preset,
  presets,
  type RuleSetting,
} from './config.ts';
import { explain, type Fault, print } from './explain.ts';
import { type ConfigFiles, disk } from './files.ts';
import { shown } from './find.ts';
import { configSchema } from './schema.ts';

/** A larger file is not a config. */
const largestConfig = 1_000_000;
/** Longer chains of `extends` are a mistake. */
const longestChain = 20;

/** The content of one file, before it is merged with those it extends. Keys are as written. */
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
  readonly customRules?: readonly (Omit<CustomRule, 'severity' | 'at'> & { readonly severity?: Severity })[];
  readonly audit?: Partial<Config['audit']>;
  readonly baseline?: string;
}
type WrittenSetting = Severity | 'off' | (Readonly<Record<string, unknown>> & { readonly severity?: Severity | 'off' });

/**
 * Reads a config file and those it extends, and validates all of it.
 * @throws UserError that lists all errors, each with its location.
 */
export async function loadConfig(
  file: string,
  rules: readonly AnyRule[],
  files: ConfigFiles = disk,
  allowPlugins = false,
): Promise<Config> {
  const path = resolve(file);
  const root = treeRoot(path);
  const faults: UserError[] = [];
  const real = files.real(path);
  if (real !== undefined && leaves(root, real))
    throw new UserError(`config file ${shown(path)} is a link to outside this repository`, {
      hint: 'Replace the link with the file, or pass the target file with --config.',
    });
  const config = await follow(
    path,
    { ...defaultConfig, file: shown(path) },
    {
      rules,
      files,
      root,
      chain: [],
      faults,
      allowPlugins,
    },
  );
  throwAll(inOrder(faults));
  return config;
}

/** Errors by file, line and column; those of a file that is extended twice are listed once. */
function inOrder(faults: readonly UserError[]): UserError[] {
  const placed = faults.map((fault) => {
    const [, file = '', line = '0', column = '0'] = /^(.*?)(?::(\d+):(\d+))?$/s.exec(fault.at ?? '') ?? [];
    return { fault, file, line: Number(line), column: Number(column), key: `${fault.at} ${fault.message}` };
  });
  placed.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column);
  return placed.filter(({ key }, index) => key !== placed[index - 1]?.key).map(({ fault }) => fault);
}

/** Whether a real path is outside of a real folder. */
function leaves(root: string, real: string): boolean {
  const path = relative(root, real);
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
}

/**
 * Files may be extended from here down: the git root, otherwise the folder of the config. Symbolic links must not lead
 * out of it.
 */
function treeRoot(file: string): string {
  const own = dirname(file);
  for (let folder = own; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, '.git'))) return realpathSync(folder);
  return existsSync(own) ? realpathSync(own) : own;
}

async function follow(
  file: string,
  base: Config,
  where: {
    readonly rules: readonly AnyRule[];
    readonly files: ConfigFiles;
    readonly root: string;
    readonly chain: readonly string[];
    /** Collects errors; if there are any at the end, the returned config must not be used. */
    readonly faults: UserError[];
    /** Whether code that a file names may run. */
    readonly allowPlugins: boolean;
  },
): Promise<Config> {
  const { rules, files, root, chain, faults } = where;
  const tree = read(file, files);
  let config = base;
  for (const { on, key, entry } of extensions(tree)) {
    if ((presets as readonly string[]).includes(entry)) {
      config = { ...config, preset: entry as Preset };
      continue;
    }
    const fail = (message: string, hint?: string): never => {
      throw new UserError(message, { at: placeOf(tree, on, key), ...(hint === undefined ? {} : { hint }) });
    };
    try {
      const next = extended(entry, file, where, fail);
      if (next === file || chain.includes(next)) fail(`"${entry}" extends itself`, 'Remove this entry.');
      if (chain.length >= longestChain) fail(`more than ${longestChain} files extend each other`);
      config = await follow(next, config, { ...where, chain: [...chain, file] });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      faults.push(error);
    }
  }
  const stated =
    isRecord(tree.root) && 'customRules' in tree.root ? (await import('./custom-rules.ts')).idsIn(tree.root) : [];
  const plugins = await pluginsOf(tree, where);
  // Without the plugin's rules, other errors cannot be determined.
  if (!plugins) return config;
  const known = [...rules, ...plugins];
  const own = await check(tree, known, [...config.customRules.map(({ id }) => id), ...stated]);
  if (own.length === 0) own.push(...baselineFaults(tree, root));
  faults.push(...own);
  if (own.length > 0) return config;
  // If there are no errors, the schema has shown that it has this shape.
  const written = tree.root as unknown as Written;
  const customRules = written.customRules ? await readCustomRules(written.customRules, tree, known, faults) : [];
  return lay(config, written, tree, [...plugins, ...customRules]);
}

/** The rules that a file names as code, if the command line allows running it. */
async function pluginsOf(
  tree: Tree,
  where: {
    readonly root: string;
    readonly files: ConfigFiles;
    readonly faults: UserError[];
    readonly allowPlugins: boolean;
  },
): Promise<readonly AnyRule[] | undefined> {
  const { root } = tree;
  const written = isRecord(root) ? root['plugins'] : undefined;
  const folders = typeof written === 'string' ? [written] : Array.isArray(written) ? (written as unknown[]) : [];
  if (!isRecord(root) || folders.length === 0) return [];
  const at = placeOf(tree, root, 'plugins');
  const fault = (message: string, hint: string): void => void where.faults.push(new UserError(message, { at, hint }));
  if (!where.allowPlugins) {
    fault(
      'plugins are code from this repository, which ekslint does not run by default',
      'Pass --allow-plugins if you trust everyone who can change it.',
    );
    return undefined;
  }
  if (where.files !== disk) {
    fault(
      'plugins are not loaded with --config-from, because their code is not from that commit',
      'Remove one of them.',
    );
    return undefined;
  }
  const { loadPlugins } = await import('./plugins.ts');
  const before = where.faults.length;
  const found = folders.flatMap((folder): readonly AnyRule[] => {
    if (typeof folder !== 'string') return [];
    const path = fileBeside(tree, folder);
    const real = disk.real(path);
    if (real !== undefined && leaves(where.root, real)) {
      fault(`plugins "${folder}" is outside this repository`, 'Copy it into the repository.');
      return [];
    }
    const { rules, faults } = loadPlugins(path);
    for (const { message, hint } of faults) fault(message, hint);
    return rules;
  });
  return where.faults.length > before ? undefined : found;
}

/** The rules that a file defines; their errors are reported. Loaded only for a file that defines some. */
async function readCustomRules(
  written: NonNullable<Written['customRules']>,
  tree: Tree,
  rules: readonly AnyRule[],
  faults: UserError[],
): Promise<readonly AnyRule[]> {
  const { compileRules } = await import('./custom-rules.ts');
  const compiled = await compileRules(
    written.map((one) => ({ ...one, severity: one.severity ?? 'medium', at: placeOf(tree, one, 'id') })),
    rules.map(({ id }) => id),
  );
  for (const { index, key, message, hint } of compiled.faults) {
    const on = written[index];
    faults.push(
      new UserError(message, { at: placeOf(tree, on ?? written, on && key), ...(hint === undefined ? {} : { hint }) }),
    );
  }
  return compiled.rules;
}

/** The string entries of `extends`, each with its location. */
function extensions({ root }: Tree): { on: object; key: string | number; entry: string }[] {
  const written = isRecord(root) ? root['extends'] : undefined;
  if (typeof written === 'string') return [{ on: root as object, key: 'extends', entry: written }];
  if (!Array.isArray(written)) return [];
  return (written as unknown[]).flatMap((entry, key) =>
    typeof entry === 'string' ? [{ on: written, key, entry }] : [],
  );
}

/** The path that an entry of `extends` names, or a UserError that says why it is not accepted. */
function extended(
  entry: string,
  from: string,
  { root, files }: { readonly root: string; readonly files: ConfigFiles },
  fail: (message: string, hint?: string) => never,
): string {
  if (/\.(js|cjs|mjs|ts|cts|mts)$/i.test(entry))
    return fail(
      `"${entry}" is code, and code is never loaded from a config file`,
      'Move its settings to a YAML file and extend that.',
    );
  if (!/^\.\.?\//.test(entry)) {
    const near = nearest(entry, presets);
    if (near !== undefined) return fail(`unknown preset "${entry}"`, `Did you mean "${near}"?`);
    return fail(
      `"${entry}" is neither a preset nor a path`,
      `Presets are ${presets.join(', ')}. A path starts with ./ or ../; packages and URLs are not loaded.`,
    );
  }
  if (!['.yaml', '.yml', '.json'].includes(extname(entry)))
    return fail(`"${entry}" is not a YAML or JSON file`, 'Extend a .yaml, .yml or .json file.');
  const path = resolve(dirname(from), entry);
  const real = files.real(path);
  if (real === undefined) return fail(`"${entry}" does not exist`, `Paths are relative to this file: ${shown(path)}`);
  if (leaves(root, real)) return fail(`"${entry}" is outside this repository`, 'Copy it into the repository.');
  return path;
}

function read(file: string, files: ConfigFiles): Tree {
  const id = shown(file);
  const size = files.size(file);
  if (size === undefined)
    throw new UserError(`no config file at ${id}`, {
      hint: 'Pass another with --config, or lint without one: --no-config',
    });
  if (size > largestConfig)
    throw new UserError(`config file ${id} has ${size} bytes; the limit is ${largestConfig}`, { at: id });
  if (!['.yaml', '.yml', '.json'].includes(extname(file)))
    throw new UserError(`config file ${id} is not a YAML or JSON file`, {
      hint: 'Code is never loaded as config. Pass a .yaml, .yml or .json file.',
    });
  let text: string;
  try {
    text = files.text(file);
  } catch (cause) {
    throw new UserError(`config file ${id} cannot be read`, { at: id, cause });
  }
  const source: Source = { id, text, path: id, target: true };
  const trees = splitDocuments(source).flatMap((segment) => parseYaml(segment));
  const [tree, second] = trees.filter((one) => one.root !== null || one.faults.length > 0);
  throwAll(
    trees.flatMap((one) =>
      one.faults.map(
        (fault) =>
          new UserError(
            fault.code === 'duplicate-key'
              ? `key "${fault.message}" is defined twice`
              : `invalid YAML: ${fault.message}`,
            { at: placeAt(source, fault.start) },
          ),
      ),
    ),
  );
  if (second)
    throw new UserError('a config file must contain one document', {
      at: placeAt(source, second.start),
      hint: 'Remove the others.',
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

/**
 * Undoes what kubectl's YAML reader makes of unquoted `off` and `1.30`: here the original text counts. Aliased data may
 * be visited twice.
 */
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

/** All errors in one file. */
async function check(tree: Tree, rules: readonly AnyRule[], custom: readonly string[]): Promise<UserError[]> {
  const { root } = tree;
  if (!isRecord(root))
    return [new UserError('a config file must contain a map', { at: placeAt(tree.source, tree.start) })];
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
    configSchema(
      [
        ...[...rules, ...ownRules].filter((rule) => used.has(rule.id)),
        ...custom
          .filter((id) => used.has(id))
          .map((id) => ({ id, title: '', severity: 'medium', preset: 'recommended' }) as const),
      ],
      true,
    ),
  );
  const faults: Fault[] = validate(root)
    ? []
    : explain(validate.errors ?? [], root, [...[...rules, ...ownRules].map(({ id }) => id), ...custom]);
  faults.push(...judgeWords(root, rules, custom));
  return faults.map(
    ({ on, key, what, message, hint }) =>
      new UserError(message, { at: placeOf(tree, on, key, what), ...(hint === undefined ? {} : { hint }) }),
  );
}

/**
 * Checks that a schema cannot express: globs that match no rule, impossible dates, patterns that are invalid, too slow
 * or too long.
 */
function judgeWords(root: Record<string, unknown>, rules: readonly AnyRule[], custom: readonly string[]): Fault[] {
  const faults: Fault[] = [];
  const ids = [...[...rules, ...ownRules].map((rule) => rule.id), ...custom];
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
          message: `pattern is longer than ${longestGlob} characters`,
          hint: 'Split it.',
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
            hint: 'Patterns are JavaScript regular expressions; start with (?i) to ignore case.',
          });
      }
    }
  };
  const lists = (name: string): Record<string, unknown>[] =>
    Array.isArray(root[name]) ? (root[name] as unknown[]).filter(isRecord) : [];
  const version = isRecord(root['target']) ? root['target']['kubernetes'] : undefined;
  const minor = typeof version === 'string' && /^1\.\d+$/.test(version) ? (minorOf(version) ?? Infinity) : undefined;
  if (minor !== undefined && (minor < knownMinors.oldest || minor > knownMinors.newest))
    faults.push({
      on: root['target'] as object,
      key: 'kubernetes',
      what: 'value',
      message: `target.kubernetes is ${print(version)}, which is not a known Kubernetes version`,
      hint: `Known versions are 1.${knownMinors.oldest} to 1.${knownMinors.newest}.`,
    });
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
        message: 'an override has neither files nor namespaces',
        hint: 'Add `files` or `namespaces`, or move its rules to the top.',
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
        hint: meant === undefined ? 'Write it as YYYY-MM-DD.' : `Did you mean ${meant}?`,
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

/** A baseline is written, so the config of a repository must not name a file outside of it. */
function baselineFaults(tree: Tree, root: string): UserError[] {
  const named = isRecord(tree.root) ? tree.root['baseline'] : undefined;
  if (typeof named !== 'string') return [];
  const file = fileBeside(tree, named);
  const exists = existsSync(file);
  const folder = dirname(file);
  const real = exists ? realpathSync(file) : existsSync(folder) ? join(realpathSync(folder), basename(file)) : file;
  // A dangling link would lead somewhere once the file is written.
  const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return leaves(root, real) || (isLink && !exists)
    ? [
        new UserError(`baseline "${named}" is outside this repository`, {
          at: placeOf(tree, tree.root as object, 'baseline'),
        }),
      ]
    : [];
}

/** A path that the config names, relative to the file that does. */
const fileBeside = (tree: Tree, path: string): string => resolve(dirname(tree.source.id), path);

/**
 * `base` merged with the content of the file: single values replace, entries of maps and lists are added after those of
 * `base`, `include` replaces because it defines the whole.
 */
function lay(base: Config, written: Written, tree: Tree, customRules: readonly AnyRule[]): Config {
  const { limits } = written;
  const rules: Record<string, RuleSetting> = { ...base.rules };
  // A rule that someone defines is meant to run, whatever the preset; later settings for it apply as usual.
  for (const { id, custom } of customRules) if (custom) rules[id] = {};
  for (const [key, setting] of Object.entries(settingsOf(written.rules))) {
    const before = rules[key];
    delete rules[key]; // so that it comes after the globs of the base
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
    audit: { ...base.audit, ...written.audit },
    customRules: [...base.customRules.filter(({ id }) => !customRules.some((one) => one.id === id)), ...customRules],
    podTemplates: { ...base.podTemplates, ...written.podTemplates },
    baseline: written.baseline === undefined ? base.baseline : fileBeside(tree, written.baseline),
  };
}
