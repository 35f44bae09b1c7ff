/**
 * How the command line is bundled: `cli.cjs` holds what the lint of a manifest runs, and `later.cjs` all that is imported when something
 * asks for it: other commands, reporters, formats of AWS and their rules. Node pays for each page of a text that it reads, and V8 for
 * each function in it, run or not. Both hold functions that CommonJS wraps around a module, for bin/ekslint.cjs.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import {
  build,
  type BuildOptions,
  type ImportKind,
  type Metafile,
  type OnLoadResult,
  type OnResolveResult,
  type Plugin,
  type PluginBuild,
} from 'esbuild';
import type { RuleReferences } from '../src/rule/listed.ts';

const root = join(import.meta.dirname, '..');

/** Imported on demand, which is almost always: they stay where they are. */
const usual: ReadonlySet<string> = new Set([
  'src/commands/lint.ts',
  'src/commands/warm.ts',
  'src/config/load.ts',
  'src/reporters/text.ts',
]);

/**
 * Modules that are loaded by a function call, in the same file: most runs never call them, and loading one takes a
 * while. They only export functions.
 */
const lateModules = ['src/syntax/any-yaml.ts', 'src/syntax/compose.ts'];

/** Replaces a module: each of its functions loads it. */
function loadingLate(file: string): string {
  const names = [
    ...readFileSync(join(root, file), 'utf8').matchAll(/^export (?!type |interface )(?:function\*? (\w+))?/gm),
  ];
  return names
    .map(([, name]) => {
      if (name === undefined)
        throw new Error(`${file} exports something else than functions: it cannot be loaded late`);
      return `export const ${name} = (...given) => require(${JSON.stringify(`./${file}`)}).${name}(...given);`;
    })
    .join('\n');
}

/** How the first file asks for a module of the other one. */
const askLater = (file: string): string => `require('./later.cjs').load(${JSON.stringify(file)})`;

/** The lists of a rule that only its page and some reports print. The build moves them to the second file. */
const references = /^  (?:equivalents|sources): \[(?:.*\],|\n(?:    .*\n)*  \],)\n/gm;

/** The module in the second file that holds these lists, by the ID of the rule. */
const referencesModule = 'rule-references';

/**
 * A rule that says what it is when it is loaded, and exports nothing. Exports, and functions outside of others, are made at the start for
 * all rules, loaded or not.
 */
function withoutExport(file: string): string {
  const whole = readFileSync(file, 'utf8');
  if (whole.match(references)?.length !== 2)
    throw new Error(`${file} must have one plain list each for equivalents and sources`);
  const text = whole.replace(references, '');
  const parts = text.split('\nexport default defineRule(');
  if (parts.length !== 2) throw new Error(`${file} lacks the line \`export default defineRule({\``);
  const imports = /^import [^;]*;$/gm;
  const body = parts.join('\nloaded.rule = defineRule(').replace(imports, '');
  return [`import { loaded } from '#rule/listed';`, ...(text.match(imports) ?? []), '(() => {', body, '})();'].join(
    '\n',
  );
}

/**
 * Model parts have names in lowercase (src/rule/define.ts). A rule that is only about them is not run without an AWS
 * format.
 */
const isAboutParts = (kinds: readonly string[]): boolean =>
  kinds.every((kind) => /^[a-z]/.test(kind) && kind !== 'document');

/** The list of rules that are loaded on demand (src/rule/listed.ts); their heads are available at once. */
async function lazyRegistry(): Promise<{
  readonly text: string;
  readonly referencesOf: Readonly<Record<string, RuleReferences>>;
  readonly ofParts: ReadonlySet<string>;
}> {
  const { rules } = await import('../src/rule/registry.ts');
  const heads = rules.map(({ id, severity, preset, kinds, needs, scope }) => ({
    id,
    severity,
    preset,
    kinds,
    needs,
    scope: needs && scope,
  }));
  const text = [
    "import { ListedRule, loaded } from '#rule/listed';",
    // For the code cache, one string and one function are less than hundreds of objects and functions.
    `const heads = JSON.parse(${JSON.stringify(JSON.stringify(heads))});`,
    'function load(index) {',
    'switch (index) {',
    ...rules.map(({ id }, index) => `case ${index}: require('#rules/${id}.ts'); break;`),
    '}',
    'return loaded.rule;',
    '}',
    `const referencesOf = (id) => ${askLater(referencesModule)}[id];`,
    'export const rules = heads.map((head, index) => new ListedRule(head, index, load, referencesOf));',
  ].join('\n');
  const referencesOf = Object.fromEntries(rules.map(({ id, equivalents, sources }) => [id, { equivalents, sources }]));
  return {
    text,
    referencesOf,
    ofParts: new Set(rules.flatMap(({ id, kinds }) => (isAboutParts(kinds) ? [`rules/${id}.ts`] : []))),
  };
}

/** A module in the place of one of the other file. `from` is an expression for what that one exports. */
const standIn = (from: string, names: readonly string[] = []): OnLoadResult => ({
  contents: [
    `const from = ${from};`,
    ...names.map((name) => `const _${name} = from.${name};\nexport { _${name} as ${name} };`),
  ].join('\n'),
  loader: 'js',
  resolveDir: root,
});

/** The names that each module exports, by its path. */
async function exportsOf(files: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...files],
    outdir: 'unused',
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
    plugins: [
      {
        name: 'alone',
        setup: ({ onResolve }) =>
          onResolve({ filter: /./ }, ({ kind, path }) =>
            kind === 'entry-point' ? undefined : { path, external: true },
          ),
      },
    ],
  });
  return new Map(
    Object.values(metafile.outputs).flatMap(({ entryPoint, exports }) =>
      entryPoint === undefined ? [] : [[entryPoint, exports] as const],
    ),
  );
}

/**
 * Bundles both files into a folder. `apart` are packages and modules that become separate files, by the name of the
 * file.
 */
export async function bundleCommandLine(
  folder: string,
  options: BuildOptions,
  apart: Readonly<Record<string, string>>,
): Promise<Metafile[]> {
  const { text: registry, referencesOf, ofParts } = await lazyRegistry();
  const fileOf = new Map(Object.entries(apart));
  const rules: Plugin = {
    name: 'lazy-rules',
    setup({ onLoad }) {
      onLoad({ namespace: 'file', filter: /[\\/]rule[\\/]registry\.ts$/ }, () => ({
        contents: registry,
        loader: 'js',
        resolveDir: root,
      }));
      onLoad({ namespace: 'file', filter: /[\\/]rules[\\/][\w-]+[\\/][\w-]+\.ts$/ }, ({ path }) => ({
        contents: withoutExport(path),
        loader: 'ts',
      }));
    },
  };
  const others: Plugin = {
    name: 'apart',
    setup({ onResolve }) {
      onResolve({ filter: /^[^.]/ }, ({ path }) => {
        const file = fileOf.get(path);
        return file === undefined ? undefined : { path: `./${file}.cjs`, external: true };
      });
    },
  };
  /** Calls `decide` for each import of one of our modules, with the path of its file. */
  const onModule = (
    { onResolve, resolve }: PluginBuild,
    decide: (file: string, kind: ImportKind, namespace: string) => OnResolveResult | undefined,
  ): void =>
    onResolve({ filter: /^[#.]/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === 'resolved' || fileOf.has(path) || external.includes(path)) return undefined;
      const { path: found, errors } = await resolve(path, { ...from, pluginData: 'resolved' });
      return errors.length > 0 || !found.endsWith('.ts')
        ? undefined
        : decide(relative(root, found), from.kind, from.namespace);
    });
  /** What is imported later, by path. */
  const later = new Set([referencesModule]);
  const first: Plugin = {
    name: 'first',
    setup(plugin) {
      const { onResolve, onLoad, resolve } = plugin;
      onModule(plugin, (file, _, namespace) => {
        if (lateModules.includes(file) && namespace !== 'late') return { path: file, namespace: 'late' };
        if (!ofParts.has(file)) return undefined;
        later.add(file);
        return { path: file, namespace: 'later' };
      });
      // A stand-in for a module that is imported later would have exports, which are made at the start of each run.
      onLoad({ namespace: 'file', filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path: importer }) => {
        let contents = readFileSync(importer, 'utf8');
        for (const [whole, path = ''] of contents.matchAll(/\bimport\('([#.][^']+)'\)/g)) {
          const { path: found } = await resolve(path, {
            importer,
            resolveDir: dirname(importer),
            kind: 'dynamic-import',
            pluginData: 'resolved',
          });
          const file = relative(root, found);
          if (fileOf.has(path) || usual.has(file)) continue;
          later.add(file);
          contents = contents.replaceAll(whole, `(async () => ${askLater(file)})()`);
        }
        return { contents, loader: 'ts' };
      });
      onLoad({ filter: /./, namespace: 'late' }, ({ path }) => ({
        contents: loadingLate(path),
        loader: 'js',
        resolveDir: root,
      }));
      onResolve({ filter: /^shared$/ }, ({ path }) => ({ path, namespace: 'shared' }));
      // Objects of whole modules would be created at the start of each run, so each name is imported separately.
      onLoad({ filter: /./, namespace: 'shared' }, () => ({
        contents: [
          ...[...shared].map((file, index) => {
            const imported = (names.get(file) ?? []).map((name) => `${name} as m${index}_${name}`);
            return `import { ${imported.join(', ')} } from ${JSON.stringify(`./${file}`)};`;
          }),
          'export const modules = new Map([',
          ...[...shared].map((file, index) => {
            const fields = (names.get(file) ?? []).map((name) => `${name}: m${index}_${name}`);
            return `[${JSON.stringify(file)}, { ${fields.join(', ')} }],`;
          }),
          ']);',
        ].join('\n'),
        loader: 'js',
        resolveDir: root,
      }));
      onLoad({ filter: /./, namespace: 'later' }, ({ path }) => standIn(askLater(path)));
    },
  };
  const external = ['./cli.cjs', './later.cjs'];
  const common = { ...options, absWorkingDir: root, bundle: true, metafile: true, logLevel: 'warning' } as const;
  /** Modules of the first file that the other needs. */
  const shared = new Set<string>();
  let names: ReadonlyMap<string, readonly string[]> = new Map();
  const bundleFirst = async (write: boolean): Promise<Metafile> => {
    const { metafile } = await build({
      ...common,
      write,
      minify: write && common.minify === true, // the division into files does not depend on it
      external,
      stdin: {
        contents: `export { main, warm } from './src/cli.ts';\nexport const shared = () => require('shared').modules;`,
        resolveDir: root,
        loader: 'js',
      },
      outfile: join(folder, 'cli.cjs'),
      plugins: [rules, first, others],
    });
    return metafile;
  };
  const [output] = Object.values((await bundleFirst(false)).outputs);
  const inFirst = new Set(
    Object.entries(output?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) =>
      bytesInOutput > 0 && file.startsWith('src/') ? [file] : [],
    ),
  );
  names = await exportsOf([...inFirst]);
  const second: Plugin = {
    name: 'second',
    setup(plugin) {
      const { onResolve, onLoad } = plugin;
      onResolve({ filter: new RegExp(`^\\./${referencesModule}$`) }, ({ path }) => ({ path, namespace: 'references' }));
      onLoad({ filter: /./, namespace: 'references' }, () => ({
        contents: `module.exports = JSON.parse(${JSON.stringify(JSON.stringify(referencesOf))});`,
        loader: 'js',
      }));
      onModule(plugin, (file) => {
        if (!inFirst.has(file)) return undefined;
        shared.add(file);
        return { path: file, namespace: 'first' };
      });
      onLoad({ filter: /./, namespace: 'first' }, ({ path }) =>
        standIn(`require('./cli.cjs').shared().get(${JSON.stringify(path)})`, names.get(path)),
      );
    },
  };
  const { metafile } = await build({
    ...common,
    external,
    stdin: {
      contents: [
        'export function load(file) {',
        'switch (file) {',
        ...[...later].map((file) => `case ${JSON.stringify(file)}: return require(${JSON.stringify(`./${file}`)});`),
        '}',
        '}',
      ].join('\n'),
      resolveDir: root,
      loader: 'js',
    },
    outfile: join(folder, 'later.cjs'),
    plugins: [rules, second, others],
  });
  return [await bundleFirst(true), metafile];
}
