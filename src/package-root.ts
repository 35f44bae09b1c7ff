import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the installed package: what is next to the bundle (rule pages, schemas) is found from here. */
export function packageRoot(): string {
  let at = import.meta.dirname;
  while (!existsSync(join(at, 'package.json')) && dirname(at) !== at) at = dirname(at);
  return at;
}
