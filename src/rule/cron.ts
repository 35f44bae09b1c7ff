/* Cron schedules as Kubernetes reads them (robfig/cron, ParseStandard: five fields or a macro). */

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Words; the first one stands for `least`. */
  readonly words?: readonly string[];
}
const fields: readonly Field[] = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, words: months },
  { name: 'weekday', least: 0, most: 6, words: weekdays },
];
const macros = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);
/** The maximum number of days in a month. */
const daysOf = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The numbers in a part of a field, or what is wrong with it. */
function readPart(part: string, { name, least, most, words }: Field): number[] | string {
  const [range = '', step, ...more] = part.split('/');
  if (more.length > 0) return `has more than one "/" in its ${name} field`;
  const [from = '', to, ...rest] = range.split('-');
  if (rest.length > 0) return `has more than one "-" in its ${name} field`;
  const numberOf = (text: string): number => {
    const word = words?.indexOf(text.toLowerCase()) ?? -1;
    return word >= 0 ? word + least : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  };
  const isAny = range === '*' || range === '?';
  const start = isAny ? least : numberOf(from);
  // A step after a single number runs to the end of the range.
  const end = isAny ? most : to !== undefined ? numberOf(to) : step !== undefined ? most : start;
  if (Number.isNaN(start) || Number.isNaN(end)) return `has a value in its ${name} field that is not a number`;
  if (start < least || end > most) return `has a ${name} outside ${least} to ${most}`;
  if (start > end) return `has a ${name} range that ends before it starts`;
  const width = step === undefined ? 1 : /^\d+$/.test(step) ? Number(step) : Number.NaN;
  if (Number.isNaN(width)) return `has a step in its ${name} field that is not a number`;
  if (width === 0) return `has a step of 0 in its ${name} field`;
  const found: number[] = [];
  for (let at = start; at <= end; at += width) found.push(at);
  return found;
}

/** What is wrong with a schedule, as the end of a sentence; `never` if it is valid but never runs. */
export function cronFault(schedule: string): { readonly what: string; readonly never?: true } | undefined {
  if (schedule.startsWith('@')) {
    if (macros.has(schedule)) return undefined;
    // Go, time.ParseDuration.
    return /^@every (?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$/.test(schedule)
      ? undefined
      : { what: 'is an unknown macro' };
  }
  const parts = schedule.trim().split(/\s+/);
  if (parts.length !== fields.length) return { what: `has ${parts.length} fields instead of 5` };
  const sets: number[][] = [];
  for (const [index, field] of fields.entries()) {
    const numbers: number[] = [];
    for (const part of (parts[index] ?? '').split(',').filter((one) => one !== '')) {
      const read = readPart(part, field);
      if (typeof read === 'string') return { what: read };
      numbers.push(...read);
    }
    if (numbers.length === 0) return { what: `has an empty ${field.name} field` };
    sets.push(numbers);
  }
  const [, , days = [], monthSet = []] = sets;
  const isAnyWeekday = /^[*?]/.test(parts[4] ?? '');
  if (isAnyWeekday && !monthSet.some((month) => days.some((day) => day <= (daysOf[month - 1] ?? 31))))
    return { what: 'has a day that does not exist in its months', never: true };
  return undefined;
}

/** Whether a name is in the IANA time zone database. `Local` is invalid in Kubernetes. */
export function isTimeZone(name: string): boolean {
  if (name === '' || /^local$/i.test(name) || /^[+-]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
