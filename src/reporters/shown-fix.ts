import type { Finding } from '#model/finding.ts';
import type { TextEdit } from '#syntax/tree.ts';

/** An edit that puts quotes around a value, as two edits that contain nothing but quotes. */
function aroundIt({ judged, ...edit }: TextEdit): readonly TextEdit[] {
  const { start, end, from, to, text } = edit;
  const there = judged.slice(start, end);
  const at = there === '' ? -1 : text.indexOf(there);
  if (at < 0) return [{ ...edit, judged }];
  return [
    { ...edit, judged, end: start, to: from, text: text.slice(0, at) },
    { ...edit, judged, start: end, from: to, text: text.slice(at + there.length) },
  ];
}

/** The fix that a report may contain: if it writes a possible secret, only the edits that remove text or add quotes. */
export function shownFix({ fix }: Pick<Finding, 'fix'>): Finding['fix'] {
  if (fix?.secret !== true) return fix;
  const edits = fix.edits.flatMap(aroundIt);
  return edits.every(({ text }) => /^["']?$/.test(text)) ? { ...fix, edits } : undefined;
}
