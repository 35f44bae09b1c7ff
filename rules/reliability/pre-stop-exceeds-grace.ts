import { defineRule, type PodContainer, type Workload } from '#rule';
import { record, texts } from '#rule/shape';

const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };
const sleepNumber = /^(\d+(?:\.\d+)?)([smhd]?)$/;

/** The sum of the arguments of a sleep command; undefined if one of them is not a plain number. */
function secondsOf(numbers: readonly string[]): number | undefined {
  const parts = numbers.map((one) => {
    const [, digits, unit = ''] = sleepNumber.exec(one) ?? [];
    return digits === undefined ? undefined : Number(digits) * (units[unit] ?? 1);
  });
  const known = parts.filter((one) => one !== undefined);
  return known.length > 0 && known.length === parts.length ? known.reduce((sum, one) => sum + one, 0) : undefined;
}

/** How long a command sleeps: `sleep 10`, including as the first command of a shell. Undefined for everything else. */
function sleepOf(command: readonly string[]): number | undefined {
  const [program = '', ...rest] = command;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (name === 'sleep') return secondsOf(rest);
  const [flag = '', script = ''] = rest;
  if (!/^(?:ba|da|a)?sh$/.test(name) || !/^-\w*c$/.test(flag)) return undefined;
  const first = /^\s*(?:exec\s+)?(?:\/(?:usr\/)?bin\/)?sleep\s+([^;&|\n]+?)\s*(?:$|;|&&|\n)/.exec(script)?.[1];
  return first === undefined ? undefined : secondsOf(first.split(/\s+/));
}

/** How long a container waits before it stops, and where that is set; undefined if unknown. */
function waitOf({
  object,
}: PodContainer): { readonly on: object; readonly key: string; readonly seconds: number } | undefined {
  const preStop = record(record(object.lifecycle)?.preStop);
  const sleep = record(preStop?.sleep);
  const exec = record(preStop?.exec);
  const seconds: unknown = sleep ? sleep.seconds : sleepOf(texts(exec?.command));
  const on = sleep ?? exec;
  return on && typeof seconds === 'number' ? { on, key: sleep ? 'seconds' : 'command', seconds } : undefined;
}

/** The grace period of a pod; undefined if it is not a number. */
function graceOf({ pod }: Workload): number | undefined {
  const written: unknown = pod.terminationGracePeriodSeconds ?? 30;
  return typeof written === 'number' ? written : undefined;
}

export default defineRule({
  title: 'preStop hook must be shorter than the grace period',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['preStop'],
  scope: 'resource',
  fix: 'suggestion: raise terminationGracePeriodSeconds to 30 seconds above the wait',
  messages: {
    longer:
      'Container "{container}" of {workload} waits {seconds}s in preStop, but its grace period is {grace}s, so it is killed without a stop signal',
  },
  help: 'Set terminationGracePeriodSeconds well above the wait in preStop, which counts toward it',
  equivalents: [],
  sources: ['Kubernetes documentation, Container Lifecycle Hooks'],
  check(workload, { report, undetermined }) {
    const grace = graceOf(workload);
    const waits = workload.longRunning.flatMap((container) => {
      const wait = waitOf(container);
      return wait ? [{ container, ...wait }] : [];
    });
    // Each finding suggests the same grace period: the time of the longest wait.
    const value = Math.ceil(Math.max(0, ...waits.map(({ seconds }) => seconds))) + 30;
    if (grace === undefined && waits.length > 0)
      undetermined('the grace period is not known', { on: workload.pod, key: 'terminationGracePeriodSeconds' });
    for (const { container, on, key, seconds } of waits)
      if (grace !== undefined && seconds >= grace)
        report({
          message: 'longer',
          data: { container: container.name, workload: workload.title, seconds, grace },
          on,
          key,
          related: [workload.place(workload.pod, 'terminationGracePeriodSeconds')],
          fix: { safe: false, edits: [{ op: 'set', on: workload.pod, key: 'terminationGracePeriodSeconds', value }] },
        });
  },
});
