/** The maintainers' entry point, not published: see `usage` below. */
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { BuildOptions, Metafile } from 'esbuild';
import fastGlob from 'fast-glob';
import { clientsBundle } from './clients-bundle.mts';
import { bundleCommandLine } from './command-line.mts';

const root = join(import.meta.dirname, '..');
const [command, ...args] = process.argv.slice(2);
const usage = 'usage: dev.mts gen [--check] | registry | build | check | new-rule <category>/<slug>';

/** Rule ids, from the files: a rule's id is its path. */
function ruleIds(): string[] {
  return fastGlob
    .sync('*/*.ts', { cwd: join(root, 'rules') })
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

/** Writes a file if it differs; with `--check` a difference in a committed file is an error. */
function write(path: string, text: string, promise: boolean): void {
  const full = join(root, path);
  const before = existsSync(full) ? readFileSync(full, 'utf8') : undefined;
  if (before === text) return;
  if (promise && args.includes('--check')) {
    console.error(`${path} is not up to date: run npm run gen and commit`);
    process.exitCode = 1;
    return;
  }
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
}

const identifier = (id: string): string => id.replace(/[-/](\w)/g, (_, letter: string) => letter.toUpperCase());

/** The list of all rules as a module: a static import each, so that the bundle contains them. */
function genRegistry(): void {
  const ids = ruleIds();
  write(
    'src/rule/registry.ts',
    [
      '// Written by `npm run gen` from the files under rules/.',
      "import type { AnyRule } from './define.ts';",
      ...ids.map((id) => `import ${identifier(id)} from '#rules/${id}.ts';`),
      '',
      '/** Every rule with its id, in the order of ids. */',
      'export const rules: readonly AnyRule[] = [',
      ...ids.map((id) => `  { ...${identifier(id)}, id: '${id}' },`),
      '] as readonly AnyRule[];',
      '',
    ].join('\n'),
    false,
  );
}

/** The meta block of each rule page and the schema of the config file: promises, so they are committed. */
async function genPromises(): Promise<void> {
  const { rules } = await import('../src/rule/registry.ts');
  const { metaBlock } = await import('../src/rule/page.ts');
  const { configSchema } = await import('../src/config/schema.ts');
  const { ownRules } = await import('../src/rule/own.ts');
  for (const rule of rules) {
    const path = `rules/${rule.id}.md`;
    const full = join(root, path);
    if (!existsSync(full)) {
      console.error(`${path} is missing: each rule has a page whose examples are its tests`);
      process.exitCode = 1;
      continue;
    }
    const page = readFileSync(full, 'utf8');
    const meta = metaBlock(rule);
    const updated = /<!-- meta -->[\s\S]*?<!-- \/meta -->/.test(page)
      ? page.replace(/<!-- meta -->[\s\S]*?<!-- \/meta -->/, () => meta)
      : page.replace(/^(#[^\n]*\n)/, (title) => `${title}\n${meta}\n`);
    write(path, updated.replace(/^#[^\n]*\n/, `# ${rule.title}\n`), true);
  }
  const { coveragePage } = await import('../src/commands/coverage.ts');
  write('docs/frameworks.md', coveragePage(rules), true);
  write('schemas/config.json', `${JSON.stringify(configSchema([...rules, ...ownRules]), null, 2)}\n`, true);
}

/** Appends the digest of a bundle, by which the code cache knows it. */
function signBundle(file: string): void {
  const text = readFileSync(file);
  writeFileSync(file, `${text.toString().trimEnd()}\n//${createHash('sha256').update(text).digest('hex')}`);
}

async function build(): Promise<void> {
  const { build: make } = await import('esbuild');
  const shared = {
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    minify: process.env.NO_MINIFY === undefined,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    absWorkingDir: root,
  } as const;
  const { hclAssets } = await import('../src/syntax/hcl.ts');
  const outdir = join(root, 'dist');
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
  const define = { EKSLINT_VERSION: JSON.stringify(version) };
  // Everything is bundled, so that an installation is one package. ajv is loaded only if there is a config, the HCL
  // parser only if there is Terraform, the clients of clusters only by an audit: they are separate files, which the
  // code cache need not contain.
  const apart = {
    ajv: 'ajv',
    yaml: 'yaml',
    '@marcbachmann/cel-js': 'cel',
    'web-tree-sitter': 'web-tree-sitter',
    '#sources/clients.ts': 'clients',
    '#sources/kube-client.ts': 'kube-client',
  };
  const everyBundle = {
    ...shared,
    define: { ...define, 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    format: 'cjs',
  } as const;
  const commonJs = { ...everyBundle, outdir, outExtension: { '.js': '.cjs' } } as const;
  // V8 uses the file as it is: text wrapped around it would need another copy.
  const asFunction = {
    banner: { js: `(function (exports, require, module, __filename, __dirname) {` },
    footer: { js: '})' },
    supported: { 'dynamic-import': false },
  };
  const bundle = async (options: BuildOptions): Promise<Metafile | undefined> => (await make(options)).metafile;
  const metafiles = [
    // commander loads child_process for sub-commands that are separate programs, which we do not have: linting starts
    // no program. chalk asks the terminal for its colors; we set them, and the module that knows terminals loads Node's
    // network code. The command line is CommonJS, which V8's code cache can contain completely; the Node API is ESM.
    ...(await bundleCommandLine(
      outdir,
      {
        ...everyBundle,
        ...asFunction,
        alias: { 'node:child_process': './bin/no-child-process.cjs', 'node:tty': './bin/no-tty.cjs' },
      },
      apart,
    )),
    await bundle({
      ...commonJs,
      ...asFunction,
      ...clientsBundle,
      entryPoints: { clients: 'src/sources/clients.ts', 'kube-client': 'src/sources/kube-client.ts' },
    }),
    await bundle({ ...commonJs, ...asFunction, entryPoints: { yaml: 'yaml' } }),
    await bundle({
      ...commonJs,
      // Packages ask for their URL, which we do not need: creating it takes a while.
      define: { ...commonJs.define, 'import.meta.url': '__moduleUrl' },
      banner: { js: "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
      entryPoints: { ajv: 'ajv', cel: '@marcbachmann/cel-js', 'web-tree-sitter': 'web-tree-sitter' },
    }),
    await bundle({
      ...shared,
      define,
      entryPoints: { index: 'src/index.ts', rule: 'src/rule/index.ts' },
      outdir,
      format: 'esm',
      splitting: true,
      chunkNames: '[name]-[hash]', // next to the assets, which are found from the chunk that needs them
      banner: {
        js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
      },
    }),
  ];
  for (const name of ['cli', 'later', 'clients', 'kube-client', 'yaml']) signBundle(join(outdir, `${name}.cjs`));
  const { createRequire } = await import('node:module');
  const assets = hclAssets.map((asset) => createRequire(import.meta.url).resolve(`${asset.package}/${asset.file}`));
  for (const asset of assets) copyFileSync(asset, join(outdir, basename(asset)));
  const { writeDeclarations } = await import('./declarations.mts');
  const declared = writeDeclarations(root, join(outdir, 'types'), ['src/index.ts', 'src/rule/index.ts']);
  const { writeNotices } = await import('./notices.mts');
  const inputs = metafiles.flatMap((one) => Object.keys(one?.inputs ?? {}));
  writeNotices(root, join(outdir, 'THIRD-PARTY-NOTICES.txt'), [...inputs, ...assets, ...declared]);
}

async function newRule(id: string | undefined): Promise<void> {
  const categories = new Set(ruleIds().map((one) => one.slice(0, one.indexOf('/'))));
  if (!id || !/^[a-z-]+\/[a-z0-9-]+$/.test(id)) {
    console.error(`usage: npm run new-rule <category>/<slug>\ncategories: ${[...categories].join(', ')}`);
    process.exitCode = 2;
    return;
  }
  if (existsSync(join(root, `rules/${id}.ts`))) {
    console.error(`rules/${id}.ts exists already`);
    process.exitCode = 2;
    return;
  }
  write(
    `rules/${id}.ts`,
    `import { defineRule } from '#rule';

export default defineRule({
  title: 'TODO: <Thing> should <do>; must for high and critical; without a full stop',
  severity: 'medium',
  preset: 'opt-in', // new rules start here for one minor release
  kinds: ['Deployment'], // see Subjects in src/rule/define.ts
  scope: 'resource', // 'workspace' to look at other objects
  messages: { missing: '{title} has no owner label, so nobody is told when it fails' }, // at most 25 words
  help: 'Set metadata.labels.owner, e.g. payments', // the change to make, with an example value
  equivalents: [], // the same check elsewhere: 'kube-linter:required-label-owner'
  sources: [], // where the demand comes from, by title
  check(deployment, { report }) {
    if (deployment.labels['owner'] === undefined) report({ message: 'missing', data: { title: deployment.title }, on: deployment.object, key: 'metadata' });
  },
});
`,
    false,
  );
  write(
    `rules/${id}.md`,
    `# TODO

The risk in two sentences, then how to fix it, then when it is fine to turn the rule off.

## Fails

### no owner

\`\`\`yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web} # <- Deployment "web" has no owner
\`\`\`

## Passes

### with an owner

\`\`\`yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {owner: shop}}
\`\`\`
`,
    false,
  );
  genRegistry();
  await genPromises();
  const category = id.slice(0, id.indexOf('/'));
  if (!categories.has(category)) console.log(`${category} is a new category; there are ${[...categories].join(', ')}`);
  console.log(`rules/${id}.ts and rules/${id}.md are there. Edit both, and see their tests with: npm run dev ${id}`);
}

/** Runs every step even if one fails, so that one run shows all there is to fix. */
function check(): void {
  const steps = ['gen -- --check', 'format:check', 'lint', 'types', 'test', 'knip'];
  const failed = steps.filter((step) => {
    console.log(`== npm run ${step}`);
    return spawnSync('npm', ['run', '-s', ...step.split(' ')], { cwd: root, stdio: 'inherit' }).status !== 0;
  });
  console.log(failed.length === 0 ? 'all steps passed' : `failed: ${failed.join(', ')}`);
  if (failed.length > 0) process.exitCode = 1;
}

if (command === 'gen') {
  genRegistry();
  await genPromises();
} else if (command === 'registry') genRegistry();
else if (command === 'build') await build();
else if (command === 'check') check();
else if (command === 'new-rule') await newRule(args[0]);
else {
  console.error(usage);
  process.exitCode = 2;
}
