import { appendFileSync, statSync } from 'node:fs';
import { systemReason, UserError } from '#errors.ts';
import type { Report } from '#model/finding.ts';
import type { ReporterOptions } from '#reporters/reporter.ts';
import { print } from './output.ts';

/** The size limit of a step summary: one byte more, and the runner drops all of it. */
const mostSummary = 1024 * 1024;

/** Whether a GitHub Actions runner reads the output. */
export const onRunner = (): boolean => process.env['GITHUB_ACTIONS'] === 'true';

/**
 * What a run in GitHub Actions writes in addition to its output: annotations in the log, and a table on the page of the
 * run.
 */
export async function tellRunner(report: Report, options: ReporterOptions): Promise<void> {
  const [{ default: github }, { default: markdown }] = await Promise.all([
    import('#reporters/github.ts'),
    import('#reporters/markdown.ts'),
  ]);
  print(github.format(report, options));
  appendSummary(markdown.format(report, options));
}

/**
 * Adds to the summary of the step, if the runner has a summary file.
 * @throws UserError if it cannot be written.
 */
export function appendSummary(text: string): void {
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (file === undefined || file === '') return;
  try {
    const before = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    const fits = before + Buffer.byteLength(text) <= mostSummary;
    const [heading = ''] = text.split('\n', 1);
    const short = `${heading}\n\nThe table does not fit: the job summary is full.\n`;
    if (fits) appendFileSync(file, text);
    else if (before + Buffer.byteLength(short) <= mostSummary) appendFileSync(file, short);
  } catch (cause) {
    throw new UserError(`cannot write the job summary: ${systemReason(cause)}`, {
      cause,
    });
  }
}
