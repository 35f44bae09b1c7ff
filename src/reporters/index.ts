import type { Reporter } from './reporter.ts';

/**
 * The formats in the order of the documentation. A reporter is loaded when its format is requested: most runs only
 * print text.
 */
const reporters: ReadonlyMap<string, () => Promise<{ readonly default: Reporter }>> = new Map([
  ['text', () => import('./text.ts')],
  ['compact', () => import('./compact.ts')],
  ['json', () => import('./json.ts')],
  ['sarif', () => import('./sarif.ts')],
  ['github', () => import('./github.ts')],
  ['gitlab', () => import('./gitlab.ts')],
  ['junit', () => import('./junit.ts')],
  ['markdown', () => import('./markdown.ts')],
  ['html', () => import('./html.ts')],
  ['csv', () => import('./csv.ts')],
  ['asff', () => import('./asff.ts')],
  ['openreports', () => import('./openreports.ts')],
  ['upgrade-plan', () => import('./upgrade-plan.ts')],
]);

/** The values that --format accepts. */
export const formatNames: readonly string[] = [...reporters.keys()];

/** The reporter of a format; undefined if no format has the name. */
export async function findReporter(format: string): Promise<Reporter | undefined> {
  return (await reporters.get(format)?.())?.default;
}
