import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
}

/** The folder of the package that a file below node_modules belongs to. */
function packageFolder(file: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    // Some packages hold a package.json without a name that only says what kind of module a folder has.
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as Manifest).name !== undefined)
      return folder;
  }
  throw new Error(`${file} belongs to no package`);
}

/** Writes the license texts of every package that one of the files is of. */
export function writeNotices(root: string, out: string, files: readonly string[]): void {
  const folders = new Set(
    files
      .map((file) => resolve(root, file))
      .filter((file) => file.includes('/node_modules/'))
      .map(packageFolder),
  );
  const notices = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
    if (license === undefined || texts.length === 0) throw new Error(`${folder} has no license text to ship`);
    return [`${name} ${version} (${license})`, ...texts.map((file) => readFileSync(join(folder, file), 'utf8').trim())];
  });
  const line = '-'.repeat(80);
  const lead = 'ekslint contains code of these packages, under their own licenses.';
  writeFileSync(out, `${[lead, ...notices.map((notice) => [line, ...notice].join('\n\n'))].join('\n\n')}\n`);
}
