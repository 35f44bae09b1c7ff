import type { ActiveRule } from '#config/resolve.ts';
import { actionsFor, type AwsAction, partReads } from '#model/aws-reads.ts';
import { knownKind } from '#model/kinds.ts';
import { plain } from '#reporters/escape.ts';
import { resourceName } from '#sources/cluster.ts';
import type { ApiKind, Snapshot } from '#sources/snapshot.ts';
import { askedTypes } from './access.ts';

/** A cluster as it was read, and what was tried for it. */
export interface ReadCluster {
  readonly snapshot: Snapshot;
  readonly listed: readonly ApiKind[];
  readonly tried: ReadonlySet<AwsAction>;
  /** ARN of the caller, if AWS was asked. */
  readonly who: string | undefined;
}

const naming = new Set(Object.values(partReads).flatMap(({ objects = [] }) => objects));
/**
 * One object shows whether a kind may be listed; for kinds whose objects name AWS resources, a page is read to find
 * some.
 */
export const mostToTry = ({ kind, group }: ApiKind): number => (naming.has(knownKind(kind, group) ?? '') ? 500 : 1);

/** What may be read from a cluster, by kind and action. */
export function describeAccess({ snapshot, listed, tried, who }: ReadCluster, active: readonly ActiveRule[]): string {
  const { cluster, unread, unanswered, notAsked } = snapshot;
  const { name, arn, endpoint, version, uid } = cluster;
  const kinds = listed.map((kind) => ({
    name: resourceName(kind),
    why: unread.find((one) => resourceName(one) === resourceName(kind))?.why,
    isTried: true,
  }));
  const actions = ['eks:DescribeCluster' as const, ...actionsFor(askedTypes(active.map(({ rule }) => rule)))].map(
    (action) => ({
      name: action,
      why: unanswered.find(({ operation }) => operation === action)?.why,
      isTried: action === 'eks:DescribeCluster' || tried.has(action),
    }),
  );
  const lines = [
    ['Cluster', [name, arn, version].filter((one) => one !== '').join('  ')],
    ['Endpoint', [endpoint, uid === '' ? '' : `kube-system ${uid}`].filter((one) => one !== '').join('  ')],
    ['Identity', who ?? (notAsked.includes('aws') ? 'AWS was not queried' : 'not known')],
  ].map(([word = '', value = '']) => `${word.padEnd(10)}${plain(value)}\n`);
  return [
    ...lines,
    ...(notAsked.includes('kube') ? [] : section('Kubernetes', 'kinds can be listed', kinds)),
    ...(notAsked.includes('aws') ? [] : section('AWS', 'actions can be called', actions)),
  ].join('');
}

interface Line {
  readonly name: string;
  readonly why: string | undefined;
  readonly isTried: boolean;
}

function section(title: string, what: string, lines: readonly Line[]): string[] {
  const tried = lines.filter(({ isTried }) => isTried);
  const open = tried.filter(({ why }) => why === undefined).length;
  return [
    `\n${title}: ${open} of ${tried.length} ${what}\n`,
    ...[...lines]
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .map(({ name, why, isTried }) => {
        const verdict = isTried ? (why === undefined ? 'yes' : 'no') : '-';
        const reason = isTried ? why : 'not tried: no resource found to test it with';
        return `  ${verdict.padEnd(5)}${plain(name)}${reason === undefined ? '' : `  (${plain(reason)})`}\n`;
      }),
  ];
}
