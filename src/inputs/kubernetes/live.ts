import { unreadKinds, unreadTypes } from '#model/aws-reads.ts';
import type { Note, SubjectName } from '#model/finding.ts';
import { groupOf, isClusterScoped, kindName, namedKinds } from '#model/kinds.ts';
import { isMadeByPlatform } from '#model/platform.ts';
import { isRecord } from '#model/shape.ts';
import type { AnyResource, Outside } from '#model/workspace.ts';
import type { ApiKind, Snapshot } from '#sources/snapshot.ts';
import type { Source, Tree } from '#syntax/tree.ts';
import { isPartOfCluster, toolOf } from '../claims.ts';
import type { Parts } from '../input.ts';
import { makeResources, type PodTemplates } from './objects.ts';

/** Nothing in an answer has a position in a text. */
const nowhere = new Uint32Array();

/** A snapshot as the rest of the run sees it. */
export interface Live {
  readonly cluster: Snapshot['cluster'];
  /** The folder under which its objects are shown. */
  readonly folder: string;
  readonly sources: readonly Source[];
  readonly trees: readonly Tree[];
  readonly parts: readonly Parts[];
}

/** `Deployment shop/web`, `ClusterRole admin`: the location of a finding. */
const placeOf = (kind: string, metadata: Readonly<Record<string, unknown>>): string =>
  `${kind} ${[metadata['namespace'], metadata['name']].filter((part) => typeof part === 'string').join('/')}`;

/**
 * The objects of a running cluster and the data of AWS about it: each object or answer is a separate document, whose
 * locations are paths inside the object.
 */
export async function readSnapshot(
  snapshot: Snapshot,
  templates: PodTemplates,
  { isTarget = true, label = '' }: { readonly isTarget?: boolean; readonly label?: string } = {},
): Promise<Live> {
  const folder = label || snapshot.cluster.name;
  const unit = `cluster:${snapshot.cluster.uid || snapshot.cluster.endpoint}`;
  const belonging = { unit, bundle: unit };
  const sources: Source[] = [];
  const trees: Tree[] = [];
  const resources: AnyResource[] = [];
  for (const { group, version, kind, namespaced, items, moving = [] } of snapshot.objects) {
    const moved = new Set(moving);
    const apiVersion = group === '' ? version : `${group}/${version}`;
    for (const item of items) {
      // Items of a list omit what the list says for all of them.
      const object: Record<string, unknown> = { apiVersion, kind, ...item };
      const place = placeOf(kind, isRecord(item['metadata']) ? item['metadata'] : {});
      const source: Source = {
        id: label === '' ? place : `${label}: ${place}`,
        path: `${folder}/${place.replace(' ', '/')}`,
        text: '',
        target: isTarget && !snapshot.except.includes(namespaceOf(item)) && !isMadeByPlatform(kind, item),
        isLive: true,
        ...(snapshot.isStored === true ? { isStored: true } : {}),
      };
      const tree: Tree = {
        source,
        root: object,
        offsets: nowhere,
        faults: [],
        language: 'answer',
        index: 0,
        start: 0,
      };
      sources.push(source);
      trees.push(tree);
      const isMoving = moved.size > 0 && moved.has(`${namespaceOf(item)}/${nameIn(item)}`);
      const why = isMoving ? 'it changed while the cluster was read' : undefined;
      resources.push(...makeResources({ object, tree, namespaced, belonging, live: true, moving: why }, templates));
    }
  }
  const outside = outsideOf(snapshot);
  const answers = snapshot.answers.map(({ arn, body }): Tree => {
    const source: Source = {
      // Clusters of one account share roles, keys and repositories; a problem with one of these is reported for each
      // cluster.
      id: label === '' ? arn : `${label}: ${arn}`,
      path: `${folder}/${arn}`,
      text: '',
      target: isTarget,
      isLive: true,
    };
    return { source, root: body, offsets: nowhere, faults: [], language: 'answer', index: 0, start: 0 };
  });
  sources.push(...answers.map(({ source }) => source));
  trees.push(...answers);
  return {
    cluster: snapshot.cluster,
    folder,
    sources,
    trees,
    parts: [
      {
        resources,
        clusters: [],
        notes: [
          ...snapshot.objects.flatMap(({ alike = 0 }): Note[] =>
            alike === 0
              ? []
              : [
                  {
                    kind: 'skipped',
                    message: 'pods identical to another pod of their controller, judged there',
                    count: alike,
                  },
                ],
          ),
          // An end that all requests have in common is one reason.
          ...reasonsOf(snapshot.unread).map((why) => incomplete(`${why}: rules that need them were not judged`)),
          ...reasonsOf(snapshot.unanswered)
            .filter((why) => !reasonsOf(snapshot.unread).includes(why))
            .map((why) => incomplete(`${why}: rules that need it were not judged`)),
          ...undeclared(snapshot),
          ...snapshot.notAsked.map((side): Note => ({
            kind: 'partial',
            message: `${unaskedSides[side]} were not judged`,
          })),
        ],
        unread: new Map([[unit, reasons(snapshot)]]),
        unlisted: new Map([
          [unit, new Map(snapshot.unlisted.map((one) => [nameOf(one), `objects of kind ${one.kind} are not read`]))],
        ]),
        ...(outside ? { outside: new Map([[unit, outside]]) } : {}),
      },
      ...(await readAws(answers, resources, snapshot)),
    ],
  };
}

/** Whether an audit could not read an object, so that a missing finding about it means nothing. */
export const unseenIn =
  (snapshots: readonly Snapshot[]) =>
  ({ kind, namespace, apiVersion }: SubjectName): boolean =>
    snapshots.some(
      ({ unread, namespaces, except, notAsked, unanswered }) =>
        unread.some((one) => one.kind === kind) ||
        except.includes(namespace) ||
        (namespaces.length > 0 && namespace !== '' && !namespaces.includes(namespace)) ||
        // AWS data is not an object.
        (apiVersion === undefined ? notAsked.includes('aws') || unanswered.length > 0 : notAsked.includes('kube')),
    );

/**
 * What distinguishes several clusters: their names, or their ARNs or servers if names are the same. Empty for a single
 * cluster.
 */
export function labelsOf(snapshots: readonly Pick<Snapshot, 'cluster'>[]): string[] {
  if (snapshots.length < 2) return snapshots.map(() => '');
  const isUnique = new Set(snapshots.map(({ cluster }) => cluster.name)).size === snapshots.length;
  return snapshots.map(({ cluster }) => (isUnique ? cluster.name : cluster.arn || cluster.endpoint));
}

/** A cluster that files are judged against: its objects are visible to all of them, and are not judged themselves. */
export async function readContext(snapshot: Snapshot, templates: PodTemplates): Promise<Live> {
  const { parts, ...live } = await readSnapshot(snapshot, templates, { isTarget: false });
  return {
    ...live,
    parts: parts.map(({ resources, clusters, loose = [] }) => ({
      resources: [],
      provided: resources,
      clusters,
      loose,
      notes: [],
    })),
  };
}

/** The data of AWS, and what objects say about it. Loaded only if there is any. */
async function readAws(
  answers: readonly Tree[],
  resources: readonly AnyResource[],
  snapshot: Snapshot,
): Promise<Parts[]> {
  const telling = resources.filter(isPartOfCluster);
  if (answers.length + telling.length === 0) return [];
  const [{ readAnswers }, { read }, { readDescriptions }] = await Promise.all([
    import('../aws-api/input.ts'),
    import('../kubernetes-aws/input.ts'),
    import('#aws/read.ts'),
  ]);
  const { asked, unanswered } = snapshot;
  const unread = unreadTypes(asked, new Map(unanswered.map(({ operation, why }) => [operation, why])));
  const parts = readDescriptions([
    ...(answers.length > 0 ? (readAnswers(answers, unread).descriptions ?? []) : []),
    ...(read(telling).descriptions ?? []),
  ]);
  if (answers.length === 0) return [parts];
  const [objects, outside] = [reasons(snapshot), outsideOf(snapshot)];
  const kinds = unreadKinds(
    unread,
    (kind) => objects.get(kind) ?? (isClusterScoped(kind) ? undefined : outside?.('*')),
  );
  return [{ ...parts, unreadParts: new Map(parts.clusters.map((cluster) => [cluster, kinds])) }];
}

/** Objects from which a tool makes AWS resources, perhaps of other clusters: what they make is audited where it runs. */
function undeclared({ unlisted }: Snapshot): Note[] {
  const names = [...new Set(unlisted.flatMap(({ group }) => toolOf(group) ?? []))].sort();
  return names.map((tool) => ({
    kind: 'partial',
    message: `objects of ${tool} are not read from a running cluster: lint their manifests, and audit the clusters that they make`,
  }));
}
const reasonsOf = (all: readonly { readonly why: string }[]): string[] => [...new Set(all.map(({ why }) => why))];
const incomplete = (message: string): Note => ({ kind: 'incomplete', message });
const unaskedSides = {
  aws: 'AWS was not queried: rules about the cluster and other AWS resources',
  kube: 'the API server was not queried: rules about Kubernetes objects',
} as const;

/** Kinds whose objects are not all known, and why. */
const reasons = ({ unread, notAsked }: Snapshot): Map<string, string> =>
  new Map([
    ...(notAsked.includes('kube')
      ? namedKinds.map(({ name }) => [name, 'the API server was not queried'] as const)
      : []),
    ...unread.map((one) => [nameOf(one), one.why] as const),
  ]);

/** Why a namespace was not read. */
const outsideOf = ({ namespaces }: Snapshot): Outside | undefined =>
  namespaces.length === 0
    ? undefined
    : (one) => (namespaces.includes(one) ? undefined : 'not all namespaces were read');

const namespaceOf = ({ metadata }: Readonly<Record<string, unknown>>): string => {
  const namespace = isRecord(metadata) ? metadata['namespace'] : undefined;
  return typeof namespace === 'string' ? namespace : '';
};
const nameIn = ({ metadata }: Readonly<Record<string, unknown>>): string => {
  const name = isRecord(metadata) ? metadata['name'] : undefined;
  return typeof name === 'string' ? name : '';
};
const nameOf = ({ kind, group, version }: ApiKind): string =>
  kindName(kind, groupOf(group === '' ? version : `${group}/${version}`));
