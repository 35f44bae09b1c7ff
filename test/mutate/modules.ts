import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createViteServer } from 'vitest/node';

type Exports = Record<string, unknown>;
type Body = (...parts: readonly unknown[]) => Promise<void>;

export interface Modules {
  /** A module, with everything that it imports. */
  readonly load: (file: string) => Promise<Exports>;
  /**
   * From now on, test files run again, and other files only if they depend on a changed text: that of `file`, if given.
   */
  readonly forget: (file?: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => Body;
const root = resolve('.');
/** What Vite's SSR transform expects of the function that runs a module. */
const parameters = ['import__', 'dynamic_import__', 'exportName__', 'exportAll__', 'import_meta__'].map(
  (name) => `__vite_ssr_${name}`,
);

interface Changes {
  /** Replaces a package. */
  readonly packages: Readonly<Record<string, Exports>>;
  /** Texts that replace those of files, and the function that they may call as `__name`. */
  readonly texts: ReadonlyMap<string, string>;
  readonly name: (id: number, text: string) => string;
  /** Functions that are called with the first argument of calls, by the file and the name of an exported function. */
  readonly heard: Readonly<Record<string, (first: unknown) => void>>;
}

/** Modules of this repository that run again and again without being read or compiled again. */
export async function openModules({ packages, texts, name, heard }: Changes): Promise<Modules> {
  const server = await createViteServer({
    root,
    configFile: false,
    logLevel: 'error',
    server: { middlewareMode: true, watch: null, hmr: false, ws: false },
    optimizeDeps: { noDiscovery: true, include: [] },
    plugins: [{ name: 'changed-texts', enforce: 'pre', load: (id) => texts.get(id.slice(root.length + 1)) }],
  });
  const isOurs = (id: string): boolean => id.startsWith('/') && !id.includes('/node_modules/');
  const compiled = new Map<string, Promise<{ readonly run: Body; readonly imports: readonly string[] }>>();
  const compile = async (id: string) => {
    const result = await server.environments.ssr.transformRequest(join(root, id));
    if (!result) throw new Error(`${id} cannot be read`);
    return {
      run: new AsyncFunction(...parameters, '__name', `"use strict";${result.code}\n//# sourceURL=${join(root, id)}`),
      imports: [...(result.deps ?? []), ...(result.dynamicDeps ?? [])].filter(isOurs),
    };
  };
  const codeOf = (id: string) => {
    const code = compiled.get(id) ?? compile(id);
    compiled.set(id, code);
    return code;
  };

  const closures = new Map<string, ReadonlySet<string>>();
  /** A module and all that it imports. */
  async function closureOf(id: string): Promise<ReadonlySet<string>> {
    const known = closures.get(id);
    if (known) return known;
    const reached = new Set([id]);
    for (const one of reached) for (const next of (await codeOf(one)).imports) reached.add(next);
    closures.set(id, reached);
    return reached;
  }
  /** Whether a module may give another result the next time. */
  const changes = async (id: string): Promise<boolean> =>
    id.endsWith('.test.ts') || [...(await closureOf(id))].some((one) => texts.has(one.slice(1)));

  const kept = new Map<string, Exports>();
  const fresh = new Map<string, Exports>();
  async function load(id: string): Promise<Exports> {
    const loaded = packages[id] ?? fresh.get(id) ?? kept.get(id);
    if (loaded) return loaded;
    if (!isOurs(id)) {
      const found = (await import(id.startsWith('/') ? pathToFileURL(id).href : id)) as Exports;
      kept.set(id, found);
      return found;
    }
    const exports: Exports = {};
    // Registered before it has run, because modules may import each other.
    ((await changes(id)) ? fresh : kept).set(id, exports);
    const define = (key: string, own: () => unknown): void => {
      const hear = heard[`${id.slice(1)} ${key}`];
      const told = (...parts: readonly unknown[]): unknown => {
        hear?.(parts[0]);
        return (own() as (...parts: readonly unknown[]) => unknown)(...parts);
      };
      const get = hear ? () => told : own;
      Object.defineProperty(exports, key, { enumerable: true, configurable: true, get });
    };
    const defineAll = (from: Exports): void => {
      for (const key of Object.keys(from)) if (key !== 'default' && !(key in exports)) define(key, () => from[key]);
    };
    const filename = join(root, id);
    const meta = { url: pathToFileURL(filename).href, filename, dirname: join(filename, '..'), env: {} };
    await (await codeOf(id)).run(load, loadLater, define, defineAll, meta, name);
    return exports;
  }
  // A module is known before it has run, so of those that are imported while the program runs, each waits for the one before.
  let last: Promise<unknown> = Promise.resolve();
  const loadLater = (id: string): Promise<Exports> => {
    const loading = last.then(() => load(id));
    last = loading.catch(() => undefined);
    return loading;
  };
  return {
    load: (file) => load(`/${file}`),
    forget: async (file) => {
      for (const id of fresh.keys())
        if (file === undefined || id.endsWith('.test.ts') || (await closureOf(id)).has(`/${file}`)) fresh.delete(id);
    },
    close: () => server.close(),
  };
}
