/**
 * One Kubernetes minor version as EKS offers it. Dates are UTC days; support ends at the start of its end day, not at
 * its end.
 */
export interface EksVersion {
  readonly version: string;
  readonly released: string;
  /** Extended support is billed from the start of this day. */
  readonly endStandard: string;
  readonly endExtended: string;
  /** The source of the dates. */
  readonly source: string;
}

const guide = 'Amazon EKS User Guide, Kubernetes release calendar';
const endOfLife = 'endoflife.date, Amazon EKS';
const announced = 'AWS announcement of its release; end dates derived: 14 and 26 months later';

/** The EKS version calendar, newest first. */
export const eksVersions: readonly EksVersion[] = [
  ['1.37', '2026-10-02', '2027-12-02', '2028-12-02', announced],
  ['1.36', '2026-06-02', '2027-08-02', '2028-08-02', endOfLife],
  ['1.35', '2026-01-27', '2027-03-27', '2028-03-27', endOfLife],
  ['1.34', '2025-10-02', '2026-12-02', '2027-12-02', guide],
  ['1.33', '2025-05-29', '2026-07-29', '2027-07-29', guide],
  ['1.32', '2025-01-23', '2026-03-23', '2027-03-23', guide],
  ['1.31', '2024-09-26', '2025-11-26', '2026-11-26', guide],
  ['1.30', '2024-05-23', '2025-07-23', '2026-07-23', guide],
  ['1.29', '2024-01-23', '2025-03-23', '2026-03-23', guide],
  ['1.28', '2023-09-26', '2024-11-26', '2025-11-26', guide],
  ['1.27', '2023-05-24', '2024-07-24', '2025-07-24', guide],
  ['1.26', '2023-04-11', '2024-06-11', '2025-06-11', guide],
  ['1.25', '2023-02-22', '2024-05-01', '2025-05-01', guide],
  ['1.24', '2022-11-15', '2024-01-31', '2025-01-31', guide],
  ['1.23', '2022-08-11', '2023-10-11', '2024-10-11', guide],
  ['1.22', '2022-04-04', '2023-06-04', '2024-09-01', guide],
  ['1.21', '2021-07-19', '2023-02-16', '2024-07-15', guide],
].map(([version = '', released = '', endStandard = '', endExtended = '', source = '']) => ({
  version,
  released,
  endStandard,
  endExtended,
  source,
}));

/**
 * The minor versions that the data of this release covers: from the oldest in the calendar to the newest whose API
 * versions are in api-versions.ts. There are no facts for a version beyond them.
 */
export const knownMinors = { oldest: 21, newest: 37 } as const;

/** USD per cluster and hour (Amazon EKS pricing). */
export const clusterHour = { standard: 0.1, extended: 0.6 };

/** 33 for `1.33`, `v1.33.2` or `1.33-eks`; undefined for other texts. */
export function minorOf(version: string): number | undefined {
  if (version === '') return undefined;
  const match = /^v?1\.(\d{1,3})(?:[.+-]|$)/.exec(version);
  return match ? Number(match[1]) : undefined;
}

/** Days between two YYYY-MM-DD dates. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
