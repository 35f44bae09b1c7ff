/**
 * How the clients of Kubernetes and AWS are bundled, so that an audit loads what it uses of them: they hold thousands of classes and
 * descriptions of operations.
 */
import { readFileSync } from 'node:fs';
import type { BuildOptions, Plugin } from 'esbuild';

/** The description of a service: `export var X$ = [3, n0, _X, { [_k]: _v }, ...]`, thousands of them. */
const schemas = /[\\/]dist-es[\\/](?:.*[\\/])?schemas[\\/]schemas_\d+\.js$/;
/** Clients of those that give credentials. */
const nested = /[\\/]nested-clients[\\/]/;
const clientNode = /[\\/]@kubernetes[\\/]client-node[\\/]dist[\\/]/;

/**
 * A computed key may run code as far as esbuild can tell, so a description that has one is kept where nobody uses it. All keys are
 * constants of the same file.
 *
 * Classes of errors are left out: we tell errors by their names, which the class of the service that they are thrown as instead has as well
 * (@aws-sdk/core, ProtocolLib). Those that give credentials ask which class it is.
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

/** The package does not say that its modules do nothing when they are loaded, so all models of the API would be kept for one class. */
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
  // The modules that esbuild can take apart.
  mainFields: ['module', 'main'],
  // Packages for what an audit refuses to do: a proxy that speaks SOCKS, URLs of another kind than Node's.
  alias: { 'socks-proxy-agent': './bin/no-socks.cjs', 'whatwg-url': './bin/url.cjs' },
  plugins: [plainSchemas, withoutModels],
} satisfies BuildOptions;
