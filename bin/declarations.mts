import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const kubernetes = '@kubernetes/client-node';

/**
 * The names that a declaration file imports from the client: `import type { V1Pod }`, and `k8s.V1Pod` of `import type *
 * as k8s`.
 */
function kubernetesNames(text: string): string[] {
  const imports = text.matchAll(new RegExp(`import type (?:\\{([^}]*)\\}|\\* as (\\w+)) from '${kubernetes}'`, 'g'));
  return [...imports].flatMap(([, list, space]) =>
    list === undefined
      ? [...text.matchAll(new RegExp(`\\b${space}\\.(\\w+)`, 'g'))].map(([, name = '']) => name)
      : list.split(',').map((name) => name.trim()),
  );
}

/**
 * The Kubernetes types of these names, and everything that they refer to, as interfaces in one file: the client from
 * which they come has 57 MB and is not a dependency of the package. Returns the files that they were read from.
 */
function writeKubernetesTypes(root: string, outdir: string, names: readonly string[]): string[] {
  const folder = join(root, 'node_modules', kubernetes, 'dist');
  const own = readFileSync(join(folder, 'types.d.ts'), 'utf8');
  const declarations = new Map<string, string>();
  const files = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (declarations.has(name)) continue;
    const model = join(folder, `gen/models/${name}.d.ts`);
    const file = existsSync(model) ? model : join(folder, 'types.d.ts');
    const found = new RegExp(
      `(/\\*\\*(?:(?!\\*/)[^])*\\*/\\s*)?export (?:declare class|interface|type) ${name}\\b(?: = [^;]*;|[^;{]*\\{[^]*?\\n\\})`,
    ).exec(readFileSync(file, 'utf8'));
    if (found === null) throw new Error(`${kubernetes} declares no ${name}`);
    const fields = found[0].replace(/^ {4}static [^]*(?=^\})/m, '').replace(/declare class (\w+ \{)/, 'interface $1');
    declarations.set(name, fields);
    files.add(file);
    const types = fields.replace(/\/\*[^]*?\*\//g, '').match(/\b[A-Z]\w*/g) ?? [];
    open.push(
      ...types.filter(
        (type) =>
          existsSync(join(folder, `gen/models/${type}.d.ts`)) ||
          new RegExp(`(?:interface|type|class) ${type}\\b`).test(own),
      ),
    );
  }
  const sorted = [...declarations].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  const lead = `// Types of the Kubernetes API, from ${kubernetes} (Apache-2.0).`;
  writeFileSync(join(outdir, 'kubernetes.d.ts'), [lead, ...sorted, ''].join('\n'));
  return [...files];
}

/**
 * Writes the types of the entries, and of everything that they refer to, as declarations that need only the package:
 * short names (`#model/x.ts`) become relative ones. Returns the files of other packages that were included.
 */
export function writeDeclarations(root: string, outdir: string, entries: readonly string[]): string[] {
  const draft = mkdtempSync(join(tmpdir(), 'ekslint-types-'));
  try {
    return writeFrom(draft, root, outdir, entries);
  } finally {
    rmSync(draft, { recursive: true });
  }
}

function writeFrom(draft: string, root: string, outdir: string, entries: readonly string[]): string[] {
  // Only what the entries refer to: an error in a test must not stop an installation.
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      outDir: draft,
      rootDir: root,
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: [],
    files: entries.map((entry) => join(root, entry)),
  };
  writeFileSync(join(draft, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', draft], { stdio: ['ignore', 2, 2] });
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    imports: Record<string, string>;
  };
  /** The file that a short or relative name refers to, relative to the root. */
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
  const foreign: string[] = [];
  const open = [...entries];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const declared = join(draft, file.replace(/\.ts$/, '.d.ts'));
    if (!existsSync(declared)) throw new Error(`no declarations were made for ${file}`);
    const draftText = readFileSync(declared, 'utf8');
    foreign.push(...kubernetesNames(draftText));
    const text = draftText.replace(
      /((?:from|import)\s*\(?\s*)(['"])([^'"]*)\2/g,
      (_all, lead: string, quote: string, name: string) => {
        const target = name === kubernetes ? 'kubernetes.ts' : fileOf(name, file);
        if (target === undefined) throw new Error(`the types of ${name} are not in the package, and ${file} uses them`);
        if (name !== kubernetes) open.push(target);
        const path = relative(dirname(file), target).replace(/\.ts$/, '.js');
        return `${lead}${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`;
      },
    );
    const out = join(outdir, file.replace(/\.ts$/, '.d.ts'));
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, text);
  }
  return writeKubernetesTypes(root, outdir, foreign);
}
