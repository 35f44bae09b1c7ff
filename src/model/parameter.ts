import { parseYaml, splitDocuments } from '#syntax/yaml.ts';
import { digList, digRecord } from './dig.ts';
import { isRecord, table, text } from './shape.ts';

/* SSM Parameter Store parameters that objects turn into secrets, by name or ARN. */

/**
 * What a SecretProviderClass mounts: its objects are a YAML string (AWS provider of the Secrets Store CSI driver,
 * README).
 */
function mounted(object: object): string[] {
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
const copied = (object: object): string[] =>
  [
    ...digList(object, 'spec', 'data').map((one) => digRecord(one, 'remoteRef')),
    ...digList(object, 'spec', 'dataFrom').map((one) => digRecord(one, 'extract')),
  ].flatMap((one) => text(one?.['key']) ?? []);

/** By the kinds that name parameters. */
export const parametersIn: Readonly<Record<string, (object: object) => readonly string[]>> = table({
  SecretProviderClass: mounted,
  ExternalSecret: copied,
});
