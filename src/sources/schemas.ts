import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadSchema } from '#model/schema.ts';

/**
 * Where the schemas are: next to the bundle of the action, next to the folder of the bundle in a package, or at the
 * root of a checkout.
 */
const places = ['schemas', '../schemas', '../../schemas'];
let folder: string | undefined;

/** Reads a file of schemas that comes with the package. @throws Error if the package has none at all. */
export const readSchema: ReadSchema = (name) => {
  folder ??= places
    .map((place) => join(import.meta.dirname, place))
    .find((place) => existsSync(join(place, 'kubernetes/index.json')));
  if (folder === undefined) throw new Error('the schemas of the package are missing: install ekslint again');
  const path = join(folder, `${name}.json`);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
};
