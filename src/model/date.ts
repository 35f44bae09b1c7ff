/** Whether a string is a calendar date (YYYY-MM-DD). Such strings sort like the dates. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The date that a string probably means: other separators, missing zeros, or a day after the end of the month. */
export function meantDate(text: string): string | undefined {
  const match = /^(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const month = Math.min(12, Math.max(1, Number(match[2])));
  const last = new Date(Date.UTC(Number(match[1]), month, 0)).getUTCDate();
  const day = Math.min(last, Math.max(1, Number(match[3])));
  return `${match[1]}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
