/**
 * How the clients of Kubernetes and AWS are bundled, so that an audit only loads what it uses: they contain thousands
 * of classes and descriptions of operations.
 */
import { readFileSync } from 'node:fs';
import type { BuildOptions, Plugin } from 'esbuild';

/** The description of a service: `export var X$ = [3, n0, _X, { [_k]: _v }, ...]`, thousands of them. */
const schemas = /[\\/]dist-es[\\/](?:.*[\\/])?schemas[\\/]schemas_\d+\.js$/;
/** Clients that provide credentials. */
const nested = /[\\/]nested-clients[\\/]/;
const clientNode = /[\\/]@kubernetes[\\/]client-node[\\/]dist[\\/]/;

/**
 * For esbuild a computed key may run code, so it keeps a description with one even if it is unused. All keys are
 * constants of the same file.
 *
 * Error classes are left out: we recognize errors by name, and the base class of the service, which is thrown instead,
 * has the same name (@aws-sdk/core, ProtocolLib). Clients that provide credentials check the class.
 */
const plainSchemas: Plugin = {
  name: 'plain-schemas',
  setup({ onLoad }) {
    onLoad({ filter: schemas }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const words = new Map(
        [...text.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, name, word]) => [name, word]),
      );
      const contents = text.replace(/\[(_\w+)\]:/g, (key, name: string) => `${words.get(name) ?? key}:`);
      return {
        contents: nested.test(path) ? contents : contents.replace(/^n0_registry\.registerError\(.*\);$/gm, ''),
        loader: 'js',
      };
    });
  },
};

/**
 * The package does not declare that its modules have no side effects, so all models of the API would be kept for one
 * class.
 */
const withoutModels: Plugin = {
  name: 'without-models',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /./ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
      const isAsked = path === '@kubernetes/client-node' || clientNode.test(importer);
      if (pluginData === 'resolved' || !isAsked) return undefined;
      const found = await resolve(path, { importer, kind, resolveDir, pluginData: 'resolved' });
      return clientNode.test(found.path) ? { path: found.path, sideEffects: false } : undefined;
    });
  },
};

export const clientsBundle = {
  // The modules that esbuild can tree-shake.
  mainFields: ['module', 'main'],
  // Packages for features that an audit does not support: a SOCKS proxy, non-standard URL parsers.
  alias: { 'socks-proxy-agent': './bin/no-socks.cjs', 'whatwg-url': './bin/url.cjs' },
  plugins: [plainSchemas, withoutModels],
} satisfies BuildOptions;
