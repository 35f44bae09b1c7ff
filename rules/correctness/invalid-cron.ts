import { defineRule } from '#rule';
import { cronFault, isTimeZone } from '#rule/cron';
import { digRecord } from '#rule/shape';
import { isLeftOpen } from '#rule/unknown';

export default defineRule({
  title: 'Cron schedule must be valid',
  severity: 'high',
  preset: 'recommended',
  kinds: ['CronJob'],
  scope: 'resource',
  fix: 'suggestion: move the time zone to spec.timeZone',
  messages: {
    schedule: 'The schedule of {title} {fault}, so {effect}',
    zone: 'The schedule of {title} starts with a time zone, so the API server rejects it; use spec.timeZone',
    unknown: 'The timeZone of {title} is not in the IANA time zone database, so the API server rejects it',
  },
  help: {
    schedule: 'Write five fields: minute, hour, day, month, weekday, e.g. "0 3 * * 1"',
    zone: 'Set spec.timeZone, e.g. America/New_York, and remove the zone from the schedule',
    unknown: 'Use a name such as America/New_York or Etc/UTC',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Jobs and CronJobs'],
  check(job, context) {
    const { report } = context;
    const { title } = job;
    const spec = digRecord(job.object, 'spec');
    if (!spec) return;
    const { schedule, timeZone } = spec;
    if (
      typeof schedule === 'string' &&
      schedule !== '' &&
      !isLeftOpen(schedule, { on: spec, key: 'schedule' }, context)
    ) {
      const zone = /^\s*(?:CRON_)?TZ=(\S+)\s+(.*)$/s.exec(schedule);
      if (zone || /TZ/.test(schedule)) {
        const [, name = '', rest = ''] = zone ?? [];
        const isFree = timeZone === undefined || timeZone === null || timeZone === name;
        report({
          message: 'zone',
          data: { title },
          on: spec,
          key: 'schedule',
          ...(isFree && isTimeZone(name)
            ? {
                fix: {
                  safe: false,
                  edits: [
                    { op: 'set', on: spec, key: 'schedule', value: rest },
                    { op: 'set', on: spec, key: 'timeZone', value: name },
                  ],
                },
              }
            : {}),
        });
      } else {
        const fault = cronFault(schedule);
        if (fault)
          report({
            message: 'schedule',
            data: {
              title,
              fault: fault.what,
              effect: fault.never ? 'the job never runs' : 'the API server rejects it',
            },
            on: spec,
            key: 'schedule',
          });
      }
    }
    if (
      typeof timeZone === 'string' &&
      !isTimeZone(timeZone) &&
      !isLeftOpen(timeZone, { on: spec, key: 'timeZone' }, context)
    )
      report({ message: 'unknown', data: { title }, on: spec, key: 'timeZone' });
  },
});
