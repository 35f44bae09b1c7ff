import { isHclName } from './file-names.ts';
import { readAnswer } from './answer.ts';
import { isForeign, looksLikeManifest, looksLikeOurs, passedBy } from './claim.ts';
import type { Limits, Segment, Source, Tree } from './document.ts';
import { defaultLimits, parseYaml, splitDocuments } from './yaml.ts';

/**
 * Parses the documents that are needed. `asked` receives the kind and apiVersion from a quick look at a document, and
 * the document; a document without either is always parsed. Terraform support is loaded only if there is a file of
 * Terraform or OpenTofu. `unread` are the paths of files with a broken document that appears to contain objects.
 */
export async function parseAll(
  sources: readonly Source[],
  asked: (kind: string, apiVersion: string, segment: Segment) => boolean,
  limits: Partial<Limits> = {},
): Promise<{ trees: Tree[]; skipped: Segment[]; unread: Set<string> }> {
  const trees: Tree[] = [];
  const skipped: Segment[] = [];
  const unread = new Set<string>();
  let parseHcl: ((source: Source) => Tree[]) | undefined;
  for (const source of sources) {
    if (source.broken !== undefined) {
      trees.push({
        source,
        root: undefined,
        offsets: new Uint32Array(),
        faults: [{ code: 'syntax', message: source.broken, start: 0, end: 0 }],
        language: 'yaml',
        index: 0,
        start: 0,
      });
      continue;
    }
    if (isHclName(source.id)) {
      parseHcl ??= await (await import('./hcl.ts')).loadHcl();
      trees.push(...parseHcl(source));
      continue;
    }
    if (source.id.endsWith('.toml')) {
      trees.push((await import('./toml.ts')).parseToml(source));
      continue;
    }
    const answer = readAnswer(source);
    if (answer) {
      trees.push(answer);
      continue;
    }
    if (isForeign(source)) {
      trees.push(passedBy(source, 0, 0));
      continue;
    }
    let ours: boolean | undefined;
    for (const segment of splitDocuments(source)) {
      const { kind, apiVersion } = segment;
      if (kind !== undefined && apiVersion !== undefined && !asked(kind, apiVersion, segment)) skipped.push(segment);
      else
        for (const tree of parseYaml(segment, { ...defaultLimits, ...limits })) {
          const isBroken = tree.faults.some((fault) => fault.code !== 'duplicate-key');
          // What is nested too deeply is well-formed otherwise, and kubectl may read it.
          const isOurs =
            !isBroken || tree.faults.some(({ code }) => code === 'depth') || (ours ??= looksLikeOurs(source));
          if (isBroken && (isOurs || looksLikeManifest(source.text))) unread.add(source.path);
          trees.push(isOurs ? tree : passedBy(source, tree.index, tree.start));
        }
    }
  }
  return { trees, skipped, unread };
}
