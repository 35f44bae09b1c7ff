/**
 * Builds the package. npm runs this after `npm ci`, before it packs, and when pre-commit installs the hook from a
 * clone. All output goes to stderr: pre-commit before 4.7 reads the stdout of `npm pack` as the name of the tarball.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

function run(command, args, env = process.env) {
  const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: ['ignore', 2, 2] });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

// `npm install -g git+file://...` (npm before 12) passes its `global` on to the install inside the clone, which then
// installs nothing there. And `npm ci --omit=dev` in a clone leaves nothing to build with.
if (!existsSync(join(root, 'node_modules/esbuild'))) {
  const npm = process.env.npm_execpath;
  if (npm === undefined) {
    process.stderr.write('error: the packages that build ekslint are missing; run: npm ci\n');
    process.exit(1);
  }
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_config_(global|omit|include|prefix|location)$/i.test(name)),
  );
  run(process.execPath, [npm, 'ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'], env);
}
/** When each file and folder was changed, including everything in it. */
const changes = (path) => [
  statSync(path).mtimeMs,
  ...(statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true }).map((name) => statSync(join(path, name)).mtimeMs)
    : []),
];
const sources = ['bin', 'rules', 'schemas', 'src', 'package.json', 'package-lock.json'].map((name) => join(root, name));
const stamp = join(root, 'node_modules/.ekslint-built');

/**
 * Whether this script built everything after the last change: some versions of pre-commit install and then pack, and
 * both run this.
 */
function isBuilt() {
  if (!existsSync(stamp) || !existsSync(join(root, 'dist'))) return false;
  const files = readdirSync(join(root, 'dist')).map((name) => statSync(join(root, 'dist', name)).mtimeMs);
  if (files.length === 0) return false;
  return Math.max(...files) <= statSync(stamp).mtimeMs && Math.max(...sources.flatMap(changes)) < Math.min(...files);
}

if (!isBuilt()) {
  for (const command of ['registry', 'build']) run(process.execPath, ['--import', 'tsx', 'bin/dev.mts', command]);
  writeFileSync(stamp, '');
}
