import { describe, expect, it } from 'vitest';
import { daysBetween, eksVersions, knownMinors, minorOf } from '#model/calendar.ts';
import { addonNames, mistakenAddonNames } from '#rule/addon';

const day = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const isDay = (text: string): boolean => day.test(text) && new Date(text).toISOString().startsWith(text);

describe('the calendar of EKS versions', () => {
  it('has every minor version from the oldest to the newest known, newest first', () => {
    const minors = eksVersions.map(({ version }) => minorOf(version));
    const { oldest, newest } = knownMinors;
    expect(minors).toEqual(Array.from({ length: newest - oldest + 1 }, (_, index) => newest - index));
  });
  it.each(eksVersions.map((one) => [one.version, one] as const))(
    'has ordered dates of %s, and their source',
    (_, one) => {
      const { released, endStandard, endExtended, source } = one;
      for (const date of [released, endStandard, endExtended]) expect([date, isDay(date)]).toEqual([date, true]);
      expect(released < endStandard && endStandard < endExtended).toBe(true);
      // Amazon EKS User Guide: 14 months of standard support and 12 of extended support. The first versions had more or
      // less.
      if ((minorOf(one.version) ?? 0) > 25) {
        expect(daysBetween(released, endStandard)).toBeGreaterThanOrEqual(424);
        expect(daysBetween(released, endStandard)).toBeLessThanOrEqual(428);
        expect(daysBetween(endStandard, endExtended)).toBeGreaterThanOrEqual(365);
        expect(daysBetween(endStandard, endExtended)).toBeLessThanOrEqual(366);
      }
      expect(source).toMatch(/EKS|AWS/);
    },
  );
  it('has versions that follow one another in all dates', () => {
    for (const key of ['released', 'endStandard', 'endExtended'] as const) {
      const dates = eksVersions.map((one) => one[key]);
      expect(dates).toEqual(dates.toSorted().toReversed());
      expect(new Set(dates).size).toBe(dates.length);
    }
  });
});

describe('the names of add-ons', () => {
  it('are sorted and unique, and have the form of names', () => {
    expect(addonNames).toEqual([...new Set(addonNames)].toSorted());
    for (const name of addonNames) expect(name).toMatch(/^[a-z\d]+(?:-[a-z\d]+)*$/);
  });
  it('are the targets of mistaken names', () => {
    for (const [mistaken, known] of mistakenAddonNames) {
      expect(addonNames).toContain(known);
      expect(addonNames).not.toContain(mistaken);
    }
  });
});
