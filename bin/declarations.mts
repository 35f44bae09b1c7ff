import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/**
 * Writes the types of the entries, and of all that they lead to, as declarations that need nothing of this repository: short names
 * (`#model/x.ts`) become relative ones.
 */
export function writeDeclarations(root: string, outdir: string, entries: readonly string[]): void {
  const draft = mkdtempSync(join(tmpdir(), 'ekslint-types-'));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(
    process.execPath,
    [
      tsc,
      '-p',
      root,
      '--noEmit',
      'false',
      '--declaration',
      '--emitDeclarationOnly',
      '--outDir',
      draft,
      '--rootDir',
      root,
    ],
    { stdio: 'inherit' },
  );
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    imports: Record<string, string>;
  };
  /** The file that a short or relative name stands for, seen from the root. */
  const fileOf = (name: string, from: string): string | undefined => {
    if (name.startsWith('.')) return relative(root, join(root, dirname(from), name));
    for (const [short, path] of Object.entries(imports)) {
      if (short === name) return path.slice(2);
      const prefix = short.endsWith('*') ? short.slice(0, -1) : undefined;
      if (prefix !== undefined && name.startsWith(prefix)) return path.slice(2).replace('*', name.slice(prefix.length));
    }
    return undefined;
  };
  const seen = new Set<string>();
  const open = [...entries];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const declared = join(draft, file.replace(/\.ts$/, '.d.ts'));
    if (!existsSync(declared)) throw new Error(`no declarations were made for ${file}`);
    const text = readFileSync(declared, 'utf8').replace(
      /((?:from|import)\s*\(?\s*)(['"])([#.][^'"]*)\2/g,
      (all, lead: string, quote: string, name: string) => {
        const target = fileOf(name, file);
        if (target === undefined) return all;
        open.push(target);
        const path = relative(dirname(file), target).replace(/\.ts$/, '.js');
        return `${lead}${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`;
      },
    );
    const out = join(outdir, file.replace(/\.ts$/, '.d.ts'));
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, text);
  }
  rmSync(draft, { recursive: true });
}
