import { groupOf, kindName } from '#model/kinds.ts';
import { isMadeByPlatform } from '#model/platform.ts';
import { isRecord } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import type { ApiKind, Snapshot } from '#sources/snapshot.ts';
import type { Source, Tree } from '#syntax/tree.ts';
import type { Parts } from './input.ts';
import { makeResources, type PodTemplates } from './objects.ts';

/** What a snapshot is to the rest of the run. */
export interface Live {
  readonly sources: readonly Source[];
  readonly trees: readonly Tree[];
  readonly parts: readonly Parts[];
}

/** `Deployment shop/web`, `ClusterRole admin`: where a finding stands. */
const placeOf = (kind: string, metadata: Readonly<Record<string, unknown>>): string =>
  `${kind} ${[metadata['namespace'], metadata['name']].filter((part) => typeof part === 'string').join('/')}`;

/** What a running cluster holds and what AWS says of it: each object or answer is a document of its own, whose places are paths inside the object. */
export async function readSnapshot(snapshot: Snapshot, templates: PodTemplates): Promise<Live> {
  const unit = `cluster:${snapshot.cluster.uid || snapshot.cluster.endpoint}`;
  const belonging = { unit, bundle: unit };
  const sources: Source[] = [];
  const trees: Tree[] = [];
  const resources: AnyResource[] = [];
  for (const { group, version, kind, namespaced, items } of snapshot.objects) {
    const apiVersion = group === '' ? version : `${group}/${version}`;
    for (const item of items) {
      // Items of a list leave out what the list says for all of them.
      const object: Record<string, unknown> = Object.assign(Object.create(null), { apiVersion, kind }, item);
      const id = placeOf(kind, isRecord(item['metadata']) ? item['metadata'] : {});
      const source: Source = {
        id,
        path: `${snapshot.cluster.name}/${id.replace(' ', '/')}`,
        text: '',
        target: !isMadeByPlatform(kind, item),
        isLive: true,
      };
      const tree: Tree = {
        source,
        root: object,
        offsets: new Uint32Array(),
        faults: [],
        language: 'answer',
        index: 0,
        start: 0,
      };
      sources.push(source);
      trees.push(tree);
      resources.push(...makeResources({ object, tree, namespaced, belonging, live: true }, templates));
    }
  }
  const answers = snapshot.answers.map(({ arn, body }): Tree => {
    const source: Source = { id: arn, path: `${snapshot.cluster.name}/${arn}`, text: '', target: true, isLive: true };
    return { source, root: body, offsets: new Uint32Array(), faults: [], language: 'answer', index: 0, start: 0 };
  });
  sources.push(...answers.map(({ source }) => source));
  trees.push(...answers);
  return {
    sources,
    trees,
    parts: [
      {
        resources,
        clusters: [],
        notes: [
          ...snapshot.unread.map(({ why }) => `${why}: rules that look at them, or look them up, have not judged`),
          ...snapshot.unanswered.map(({ why }) => `${why}: rules that need its answer have not judged`),
        ].map((message) => ({ kind: 'incomplete', message })),
        unread: new Map([[unit, reasons(snapshot.unread)]]),
      },
      ...(await readAnswers(answers)),
    ],
  };
}

/** What AWS said. Loaded only where it was asked. */
async function readAnswers(answers: readonly Tree[]): Promise<Parts[]> {
  if (answers.length === 0) return [];
  const [{ read }, { readDescriptions }] = await Promise.all([import('./aws-api/input.ts'), import('#aws/read.ts')]);
  return [readDescriptions(read(answers).descriptions ?? [])];
}

const reasons = (unread: Snapshot['unread']): Map<string, string> =>
  new Map(unread.map((one) => [nameOf(one), one.why]));
const nameOf = ({ kind, group, version }: ApiKind): string =>
  kindName(kind, groupOf(group === '' ? version : `${group}/${version}`));
