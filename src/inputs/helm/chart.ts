import { isRecord } from '#model/shape.ts';
import type { Source } from '#syntax/tree.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';

/** Whether the text of a Chart.yaml describes a chart: Helm asks for a name and a version (Helm documentation, The Chart.yaml File). */
export function isChart(source: Source): boolean {
  const [tree] = splitDocuments(source).flatMap((segment) => parseYaml(segment));
  if (!tree || !isRecord(tree.root) || tree.faults.some(({ code }) => code !== 'duplicate-key')) return false;
  const { name, version } = tree.root;
  return typeof name === 'string' && (typeof version === 'string' || typeof version === 'number');
}
