import { isRecord } from '#model/shape.ts';
import { Field } from '#spelling/field.ts';
import { folderOf } from '#sources/layout.ts';
import type { Tree } from '#syntax/tree.ts';
import { type Given, plain } from './parameters.ts';

/*
 * The parameter values of `sam deploy`: `parameter_overrides` of samconfig.toml, once for each environment (AWS SAM
 * Developer Guide, AWS SAM CLI configuration file).
 */

type Data = Record<string, unknown>;

/** `Key=value` and `ParameterKey=Key,ParameterValue=value`, with quotes around the value or without. */
const pair =
  /(?:ParameterKey=(?<long>\w+|"\w+"),ParameterValue=|(?<![^\s'"])(?<short>\w+)=)(?<value>"(?:\\.|[^"\\])*"|'[^']*'|(?:\\.|[^\s\\])*)/g;
const unquoted = (value: string): string =>
  (/^"(.*)"$/s.exec(value) ?? /^'(.*)'$/s.exec(value))?.[1]?.replace(/\\(.)/gs, '$1') ?? value.replace(/\\(.)/gs, '$1');

/** The parameters that a value of `parameter_overrides` sets. */
function overridesIn(written: unknown): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const one of Array.isArray(written) ? (written as unknown[]) : [written])
    if (isRecord(one)) for (const [key, value] of Object.entries(one)) found.set(key, value);
    else if (typeof one === 'string')
      for (const { groups = {} } of one.matchAll(pair))
        found.set((groups['long'] ?? groups['short'] ?? '').replaceAll('"', ''), unquoted(groups['value'] ?? ''));
  return found;
}

/** The commands whose settings `sam deploy` reads; later ones override earlier ones. */
const commands = ['global', 'deploy'] as const;

/** The values in the environments of a configuration file. */
export function givenBySam(tree: Tree): Given[] {
  const environments = Object.entries(tree.root as Data).filter(([, one]) => isRecord(one));
  const made = environments.flatMap(([name, environment]): Given[] => {
    const settings = commands.flatMap((command) => {
      const one = (environment as Data)[command];
      return isRecord(one) && isRecord(one['parameters']) ? [one['parameters']] : [];
    });
    const on = settings.findLast((one) => Object.hasOwn(one, 'parameter_overrides'));
    if (!on) return [];
    const place = Field.of(plain, tree, on, 'parameter_overrides');
    const values = new Map(
      [...overridesIn(on['parameter_overrides'])].map(([key, value]) => [
        key,
        typeof value === 'object' ? place.doubted(`${key} is not a string`) : place.worth(value),
      ]),
    );
    const template: unknown = settings.map((one) => one['template_file'] ?? one['template']).findLast((one) => one);
    const folder = folderOf(tree.source.path);
    const pathTo = (name: string): string =>
      [folder, name.replace(/^\.\//, '')].filter((part) => part !== '').join('/');
    return [
      {
        tree,
        values,
        unread: 0,
        label: `${tree.source.id} (${name})`,
        folder,
        ...(typeof template === 'string' ? { template: pathTo(template) } : {}),
      },
    ];
  });
  return made;
}
