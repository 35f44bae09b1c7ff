import { type Finding, qualifiedName, rank, type Severity } from '#model/finding.ts';

/** One line of text: a finding with those that are combined with it. */
export interface Row {
  readonly finding: Finding;
  readonly severity: Severity;
  /** The message, with the parts of the family if several rules share the line. */
  readonly message: string;
  readonly help: string | undefined;
  /** Findings of the same family at the same place. */
  readonly family: readonly Finding[];
  /** The same message elsewhere: in this file, or about the same object in other files. */
  readonly again: readonly Finding[];
}

/** Rows that are shown, and how many locations the other rows have, by the last shown row of their rule. */
interface Shown {
  readonly rows: readonly Row[];
  readonly more: ReadonlyMap<Row, { readonly places: number; readonly files: number }>;
}

/** Maximum number of objects for which a message is shown; the rest is counted. */
const mostAlike = 3;

export function group<T>(items: readonly T[], key: (item: T) => string): Map<string, [T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const name = key(item);
    const known = groups.get(name);
    if (known) known.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}

const bySeverity = (a: Pick<Finding, 'severity'>, b: Pick<Finding, 'severity'>): number =>
  rank(a.severity) - rank(b.severity);
const hiddenAs = ({ hidden }: Finding): unknown[] => [hidden?.by, hidden?.reason];

/** `a, b or c` */
const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} or ${parts.at(-1)}`;

/** One row for the findings of a family at one location, the worst first; one for each other finding. */
export function foldFamilies(findings: readonly Finding[]): Row[] {
  const families = group(findings, (one) =>
    one.fold
      ? JSON.stringify([one.at.source, one.at.start, qualifiedName(one.subject), one.fold.message, hiddenAs(one)])
      : one.fingerprint + JSON.stringify([one.rule, one.at, one.message, hiddenAs(one)]),
  );
  return [...families.values()].flatMap((members): Row[] => {
    const [first] = members;
    if (!first.fold || members.length === 1)
      return members.map((finding) => ({
        finding,
        severity: finding.severity,
        message: finding.message,
        help: finding.fix ? undefined : finding.help,
        family: [],
        again: [],
      }));
    const [finding, ...family] = members.toSorted(bySeverity);
    const parts = [...new Set(members.flatMap(({ fold }) => (fold ? [fold.part] : [])))];
    const message = first.fold.message.replace('{parts}', () => listed(parts));
    return finding ? [{ finding, severity: finding.severity, message, help: first.fold.help, family, again: [] }] : [];
  });
}

/** One row for the same message: in one file, and for one object that is written in several files. */
export function mergeCopies(rows: readonly Row[]): Row[] {
  const says = ({ finding, message, family }: Row): unknown[] => [
    finding.rule,
    finding.severity,
    message,
    family.map(({ rule }) => rule),
    finding.fix?.safe,
    ...hiddenAs(finding),
  ];
  const inFile = group(rows, (row) => JSON.stringify([...says(row), row.finding.at.source]));
  const copies = group([...inFile.values()].map(merge), (row) =>
    JSON.stringify([...says(row), row.finding.subject.apiVersion, qualifiedName(row.finding.subject)]),
  );
  return [...copies.values()].map(merge);
}

/** The key of rows in one file whose message reads the same. */
const sameMessage = ({ finding, severity, family }: Row): readonly unknown[] => [
  finding.rule,
  finding.messageId,
  severity,
  family.map(({ rule }) => rule),
  finding.fix?.safe,
  ...hiddenAs(finding),
  finding.at.source,
];
/** Findings about a file are about different things in it. */
const keepsItsOwn = ({ finding, severity }: Row): boolean =>
  finding.subject.kind === 'Document' || severity === 'critical';

/**
 * One row for a message about several parts of one object in one file: its volumes, its containers, the entries of a
 * role. Critical findings keep their own rows.
 */
export function mergeParts(rows: readonly Row[]): Row[] {
  const parts = group(rows, (row) =>
    JSON.stringify([
      ...sameMessage(row),
      keepsItsOwn(row) ? row.finding.at.start : '',
      qualifiedName(row.finding.subject),
    ]),
  );
  return [...parts.values()].map(merge);
}

/**
 * One row for a message about several objects at one location: a patch or an image of a kustomization that changes many
 * objects. Critical findings keep their own rows.
 */
export function mergePlaces(rows: readonly Row[]): Row[] {
  const places = group(rows, (row) =>
    JSON.stringify([
      ...sameMessage(row),
      row.finding.at.start,
      keepsItsOwn(row) ? qualifiedName(row.finding.subject) : '',
    ]),
  );
  return [...places.values()].map(merge);
}

/** The first row, extended by the others. */
const merge = (alike: readonly [Row, ...Row[]]): Row => ({
  ...alike[0],
  again: [...alike[0].again, ...alike.slice(1).flatMap(({ finding, again }) => [finding, ...again])],
});

/** The most informative rows of each message: the worst, then those that cover more parts; the others are counted. */
export function capAlike(rows: readonly Row[]): Shown {
  const kept = new Set<Row>();
  const more = new Map<Row, { places: number; files: number }>();
  const alike = group(rows, ({ finding, family }) =>
    JSON.stringify([
      finding.fold && family.length > 0 ? finding.fold.help : [finding.rule, finding.messageId],
      finding.hidden?.by,
    ]),
  );
  for (const same of alike.values()) {
    const best = same.toSorted((a, b) => bySeverity(a, b) || b.family.length - a.family.length);
    const shown = new Set(best.slice(0, mostAlike));
    for (const row of shown) kept.add(row);
    const places = best.slice(mostAlike).flatMap(({ finding, again }) => [finding, ...again]);
    const last = same.findLast((row) => shown.has(row));
    if (last && places.length > 0)
      more.set(last, { places: places.length, files: new Set(places.map(({ at }) => at.source)).size });
  }
  return { rows: rows.filter((row) => kept.has(row)), more };
}
