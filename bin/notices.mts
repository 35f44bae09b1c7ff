import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
}

/** The folder of the package that a file below node_modules belongs to. */
function packageFolder(file: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    // Some packages contain a package.json without a name that only sets the module type of a folder.
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as Manifest).name !== undefined)
      return folder;
  }
  throw new Error(`${file} belongs to no package`);
}

/** The text of a license for a package that names it but omits its text. @throws if we would have to guess. */
function standardText(folder: string, license: string | undefined, author: Manifest['author']): string {
  if (license === 'Apache-2.0') return 'The text of this license is in the file LICENSE of ekslint.';
  if (license !== 'MIT' || author === undefined) throw new Error(`${folder} has no license text to ship`);
  const holder = typeof author === 'string' ? author : author.name;
  return `Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}

/** Writes the license texts of every package to which one of the files belongs. */
export function writeNotices(root: string, out: string, files: readonly string[]): void {
  const folders = new Set(
    files
      .map((file) => resolve(root, file))
      .filter((file) => file.includes('/node_modules/'))
      .map(packageFolder),
  );
  const notices = [...folders].sort().map((folder) => {
    const { name, version, license, author } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    ) as Manifest;
    const texts = readdirSync(folder).filter((file) => /^((un)?licen[cs]e|notice|copying)/i.test(file));
    if (texts.length === 0) return [`${name} ${version} (${license})`, standardText(folder, license, author)];
    return [`${name} ${version} (${license})`, ...texts.map((file) => readFileSync(join(folder, file), 'utf8').trim())];
  });
  const line = '-'.repeat(80);
  const lead = 'ekslint contains code of these packages, under their own licenses.';
  writeFileSync(out, `${[lead, ...notices.map((notice) => [line, ...notice].join('\n\n'))].join('\n\n')}\n`);
}
