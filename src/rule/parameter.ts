import { parametersIn } from '#model/parameter.ts';
import type { AnyResource, Workspace } from '#model/workspace.ts';

/** The name in the ARN of a parameter, whose first slash belongs to it; a name without other slashes has none. */
const nameIn = (given: string): string => /^arn:[\w-]+:ssm:[^:]*:[^:]*:parameter(\/.*)$/.exec(given)?.[1] ?? given;
/** Names without other slashes are the same with or without a leading slash. */
export const parameterKey = (name: string): string => name.replace(/^\/(?=[^/]*$)/, '');

const known = new WeakMap<Workspace, ReadonlyMap<string, AnyResource>>();
/** The objects that turn a parameter into a secret, by its name. */
export function parameterReaders(workspace: Workspace): ReadonlyMap<string, AnyResource> {
  const found = known.get(workspace);
  if (found) return found;
  const readers = new Map<string, AnyResource>();
  const note = (kind: 'SecretProviderClass' | 'ExternalSecret'): void => {
    for (const one of workspace.all(kind))
      for (const name of parametersIn[kind]?.(one.object) ?? []) readers.set(parameterKey(nameIn(name)), one);
  };
  note('SecretProviderClass');
  note('ExternalSecret');
  known.set(workspace, readers);
  return readers;
}
