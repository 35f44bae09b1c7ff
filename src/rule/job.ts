import { digRecord } from '#model/dig.ts';
import type { Workload } from '#model/resource.ts';

/**
 * The spec of the Job that an object is or creates: that of a Job, or the jobTemplate of a CronJob. Undefined for other
 * kinds.
 */
export function jobSpecOf({ kind, object }: Workload): Readonly<Record<string, unknown>> | undefined {
  if (kind === 'Job') return digRecord(object, 'spec');
  return kind === 'CronJob' ? digRecord(object, 'spec', 'jobTemplate', 'spec') : undefined;
}
