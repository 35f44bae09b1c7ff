import { expect } from 'vitest';
import type { Report } from '#model/finding.ts';

export const keyOf = ({ rule, subject }: { rule: string; subject: { kind: string; name: string } }): string =>
  // A VPC Lattice policy has no name.
  [rule, subject.kind, subject.kind === 'latticePolicy' ? '' : subject.name].join('\t');
export const verdictsOf = ({ findings }: Report): Set<string> =>
  new Set(findings.map((one) => `${keyOf(one)}\t${one.message}`));

/** Asserts that a report says nothing that a full one does not, and lists rules as not judged where it says less. */
export function expectNoFlip(about: string, report: Report, full: Report): void {
  const [all, left] = [verdictsOf(full), verdictsOf(report)];
  expect(
    [...left].filter((one) => !all.has(one)),
    about,
  ).toEqual([]);
  const open = new Set(report.undetermined.map(({ rule }) => rule));
  const lost = [...all].filter((one) => !left.has(one)).map((one) => one.split('\t')[0] ?? '');
  expect(
    lost.filter((rule) => !open.has(rule)),
    about,
  ).toEqual([]);
  // Something is not judged now that was judged before.
  expect(report.undetermined.length, about).toBeGreaterThan(full.undetermined.length);
}
