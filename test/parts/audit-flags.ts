import type { Flags } from '#commands/audit.ts';

/** An audit with every rule that prints its findings and ignores the folder in which it runs. */
export const everyRule: Flags = { config: false, preset: 'all', progress: false, failOn: 'never', format: ['json'] };
