import type { Finding } from '#model/finding.ts';

/** The fix that a report may hold: edits of a Secret that insert text, such as a value that moves to stringData, would show the value. */
export const shownFix = ({ subject, fix }: Pick<Finding, 'subject' | 'fix'>): Finding['fix'] =>
  subject.kind === 'Secret' && fix?.edits.some(({ text }) => text !== '') ? undefined : fix;
