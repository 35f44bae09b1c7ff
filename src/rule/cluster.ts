import { type EksVersion, eksVersions, minorOf } from '#model/calendar.ts';
import type { Cluster, NodeTemplate } from '#model/cluster.ts';
import type { Edit, Location } from '#syntax/tree.ts';

export { clusterHour, daysBetween, minorOf } from '#model/calendar.ts';

/** `cluster "prod"`, for messages; without the name if only the deployment sets it. */
export const clusterTitle = ({ subject }: Pick<Cluster, 'subject'>): string =>
  subject.name === '' ? 'this cluster' : `cluster "${subject.name}"`;

/** The same at the start of a message. */
export const clusterStart = (cluster: Pick<Cluster, 'subject'>): string =>
  clusterTitle(cluster).replace(/^./, (letter) => letter.toUpperCase());

/** `Node group "web"` or `EC2NodeClass "default"`, for messages. */
export const nodesTitle = ({ subject: { kind, name } }: Pick<NodeTemplate, 'subject'>): string =>
  `${kind === 'nodegroup' ? 'Node group' : kind} "${name}"`;

/** The location of the first fact that is set, otherwise of the last one given. */
export function whereWritten(
  ...facts: readonly [
    { readonly state: string; readonly at: Location },
    ...{ readonly state: string; readonly at: Location }[],
  ]
): Location {
  return (facts.find((fact) => fact.state !== 'default') ?? facts.at(-1) ?? facts[0]).at;
}

/** The row of the calendar for the version of a cluster; undefined if it has none. */
export function calendarOf({ version, calendar }: Pick<Cluster, 'version' | 'calendar'>): EksVersion | undefined {
  const minor = minorOf(version.value ?? '');
  return minor === undefined ? undefined : calendar.items.find((row) => minorOf(row.version) === minor);
}

/** The newest version that EKS offered on a day. */
export const newestVersion = (today: string): string =>
  (eksVersions.find(({ released }) => released <= today) ?? eksVersions[0])?.version ?? '';

/** Whether a version is older than all versions in the calendar. */
export function olderThanCalendar(version: string): boolean {
  const minor = minorOf(version);
  return minor !== undefined && minor < Math.min(...eksVersions.map((row) => minorOf(row.version) ?? 0));
}

/** Moves a cluster to the next minor version, the only step that EKS takes. */
export function upgradeEdits({ version }: Cluster): readonly Edit[] {
  const minor = minorOf(version.value ?? '');
  return minor === undefined || version.state !== 'set' ? [] : version.write(`1.${minor + 1}`);
}
