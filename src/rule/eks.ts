import { type EksVersion, eksVersions, minorOf } from '#model/calendar.ts';
import type { Cluster } from '#model/cluster.ts';
import type { Edit, Location } from '#syntax/tree.ts';

/** `cluster "prod"`, for messages; a name that only deployment gives is left out. */
export const clusterTitle = ({ subject }: Pick<Cluster, 'subject'>): string =>
  subject.name === '' ? 'this cluster' : `cluster "${subject.name}"`;

/** The place of the first fact somebody wrote, else of the last one given. */
export function whereWritten(
  ...facts: readonly [
    { readonly state: string; readonly at: Location },
    ...{ readonly state: string; readonly at: Location }[],
  ]
): Location {
  return (facts.find((fact) => fact.state !== 'default') ?? facts.at(-1) ?? facts[0]).at;
}

/** What the calendar says of a version; undefined for one that is not in it. */
export function calendarOf(version: string): EksVersion | undefined {
  const minor = minorOf(version);
  return eksVersions.find((row) => minorOf(row.version) === minor);
}

/** Whether a version is older than everything in the calendar. */
export function olderThanCalendar(version: string): boolean {
  const minor = minorOf(version);
  return minor !== undefined && minor < Math.min(...eksVersions.map((row) => minorOf(row.version) ?? 0));
}

/** Moves a cluster to the next minor version, the only step that EKS takes. */
export function upgradeEdits({ version }: Cluster): readonly Edit[] {
  const minor = minorOf(version.value ?? '');
  return minor === undefined || version.state !== 'set' ? [] : version.write(`1.${minor + 1}`);
}
