import type { Source, Tree } from './tree.ts';
import { defaultLimits, type Limits, parseYaml, splitDocuments } from './yaml.ts';

/**
 * Parses the documents that somebody asks for. `asked` is given the kind and apiVersion that a glance at a document tells; a document
 * that tells neither is always parsed. Terraform support loads only when there is a `.tf` file.
 */
export async function parseAll(sources: readonly Source[], asked: (kind: string, apiVersion: string) => boolean, limits: Partial<Limits> = {}): Promise<{ trees: Tree[]; skipped: number }> {
  const trees: Tree[] = [];
  let skipped = 0;
  let parseHcl: ((source: Source) => Tree[]) | undefined;
  for (const source of sources) {
    if (source.id.endsWith('.tf')) {
      parseHcl ??= await (await import('./hcl.ts')).loadHcl();
      trees.push(...parseHcl(source));
      continue;
    }
    for (const segment of splitDocuments(source)) {
      if (segment.kind !== undefined && segment.apiVersion !== undefined && !asked(segment.kind, segment.apiVersion)) {
        if (source.target) skipped++;
      } else trees.push(...parseYaml(segment, { ...defaultLimits, ...limits }));
    }
  }
  return { trees, skipped };
}
