import type { Flags } from '#commands/audit.ts';

/** An audit with every rule that tells what it finds and asks nothing of the folder that it runs in. */
export const everyRule: Flags = { config: false, preset: 'all', progress: false, failOn: 'never', format: ['json'] };
