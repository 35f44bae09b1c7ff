import { isRecord, text } from '#model/shape.ts';
import type { ChartFacts } from '#sources/layout.ts';
import type { Source } from '#syntax/tree.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';

/**
 * Whether the text of a Chart.yaml describes a chart: Helm requires a name and a version (Helm documentation, The
 * Chart.yaml File).
 */
export function isChart(source: Source): boolean {
  const { name, version } = read(source) ?? {};
  return typeof name === 'string' && (typeof version === 'string' || typeof version === 'number');
}

/** What rendering needs to know about a chart. */
export function chartFacts(source: Source): ChartFacts {
  const { name, type } = read(source) ?? {};
  return { name: text(name) ?? '', isLibrary: type === 'library' };
}

function read(source: Source): Record<string, unknown> | undefined {
  const [tree] = splitDocuments(source).flatMap((segment) => parseYaml(segment));
  if (!tree || !isRecord(tree.root) || tree.faults.some(({ code }) => code !== 'duplicate-key')) return undefined;
  return tree.root;
}
