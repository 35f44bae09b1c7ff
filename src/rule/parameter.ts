import { digList, digRecord } from '#model/dig.ts';
import { isRecord, text } from '#model/shape.ts';
import type { AnyResource, Workspace } from '#model/workspace.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';

/* Parameters of the SSM Parameter Store that objects make into secrets. */

/** The name in an ARN of a parameter, whose first slash belongs to it; a name of one word has none. */
const nameIn = (given: string): string => /^arn:[\w-]+:ssm:[^:]*:[^:]*:parameter(\/.*)$/.exec(given)?.[1] ?? given;
/** Names are the same with or without the slash in front, where there is no other. */
export const parameterKey = (name: string): string => name.replace(/^\/(?=[^/]*$)/, '');

/** What a SecretProviderClass mounts: its objects are a text of YAML (AWS provider of the Secrets Store CSI driver, README). */
function mounted({ object }: AnyResource): string[] {
  const written = text(digRecord(object, 'spec', 'parameters')?.['objects']);
  if (written === undefined) return [];
  const source = { id: '', path: '', text: written, target: false };
  const items = splitDocuments(source)
    .flatMap((segment) => parseYaml(segment))
    .flatMap(({ root, faults }) => (faults.length === 0 && Array.isArray(root) ? (root as unknown[]) : []));
  return items.flatMap((item) => {
    if (!isRecord(item)) return [];
    const name = text(item['objectName']);
    const isParameter = text(item['objectType']) === 'ssmparameter' || /^arn:[\w-]+:ssm:/.test(name ?? '');
    return name !== undefined && isParameter ? [name] : [];
  });
}
/** What an ExternalSecret copies (External Secrets Operator, API). */
const copied = ({ object }: AnyResource): string[] =>
  [
    ...digList(object, 'spec', 'data').map((one) => digRecord(one, 'remoteRef')),
    ...digList(object, 'spec', 'dataFrom').map((one) => digRecord(one, 'extract')),
  ].flatMap((one) => text(one?.['key']) ?? []);

const known = new WeakMap<Workspace, ReadonlyMap<string, AnyResource>>();
/** The objects that make a parameter into a secret, by its name. */
export function parameterReaders(workspace: Workspace): ReadonlyMap<string, AnyResource> {
  const found = known.get(workspace);
  if (found) return found;
  const readers = new Map<string, AnyResource>();
  const note = (object: AnyResource, names: readonly string[]): void => {
    for (const name of names) readers.set(parameterKey(nameIn(name)), object);
  };
  for (const object of workspace.all('SecretProviderClass')) note(object, mounted(object));
  for (const object of workspace.all('ExternalSecret')) note(object, copied(object));
  known.set(workspace, readers);
  return readers;
}
