/**
 * Bundles the GitHub Action: `action.mts [<folder>]`. The release workflow commits the result on the tag; it exists
 * nowhere else.
 */
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { hclAssets } from '../src/syntax/hcl.ts';
import { writeNotices } from './notices.mts';

const { resolve: resolvePackage } = createRequire(import.meta.url);
const root = join(import.meta.dirname, '..');
const outdir = resolve(process.argv[2] ?? join(root, 'dist/action'));
const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { index: 'src/action/main.ts' },
  outdir,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24', // `using` in action.yml
  // CommonJS whatever the surrounding package is: GitHub fetches the whole repository, whose package.json says ESM.
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  supported: { 'dynamic-import': false }, // one file
  alias: {
    'web-tree-sitter': resolvePackage('web-tree-sitter'), // its ESM form cannot be turned into CommonJS
    // The action lints and never connects to a cluster.
    '#sources/clients.ts': './bin/no-clients.cjs',
    '#sources/kube-client.ts': './bin/no-clients.cjs',
  },
  define: {
    EKSLINT_VERSION: JSON.stringify(version),
    'import.meta.dirname': '__dirname',
    'import.meta.filename': '__filename',
    'import.meta.url': '__moduleUrl',
  },
  banner: { js: "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
const assets = hclAssets.map(({ package: name, file }) => ({ from: resolvePackage(`${name}/${file}`), file }));
for (const { from, file } of assets) copyFileSync(from, join(outdir, file));
for (const folder of ['kubernetes', 'custom'])
  cpSync(join(root, 'schemas', folder), join(outdir, 'schemas', folder), { recursive: true });
writeNotices(root, join(outdir, 'THIRD-PARTY-NOTICES.txt'), [
  ...Object.keys(metafile.inputs),
  ...assets.map(({ from }) => from),
]);
