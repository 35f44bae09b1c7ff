import { defineRule } from '#rule';
import { digRecord, text } from '#rule/shape';

/** The accounts by their last part, in lowercase: `DOMAIN\name`, `name`. */
const administrators = new Set(['containeradministrator', 'administrator']);

export default defineRule({
  title: 'Windows container should not run as an administrator',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Workload'],
  needs: ['runAsUserName'],
  scope: 'resource',
  fix: 'suggestion: set runAsUserName to ContainerUser',
  messages: {
    account: '{subject} runs as "{user}", so a compromised process controls the whole container',
  },
  help: 'Set windowsOptions.runAsUserName: ContainerUser',
  equivalents: ['kubescape:C-0211'],
  sources: ['Kubernetes documentation, Windows security'],
  check(workload, { report }) {
    const os: unknown = digRecord(workload.pod, 'os')?.['name'];
    if (
      !workload.windows &&
      (os !== undefined || digRecord(workload.pod, 'nodeSelector')?.['kubernetes.io/os'] === 'linux')
    )
      return;
    const shared = digRecord(workload.pod, 'securityContext', 'windowsOptions');
    const told = new Set<object>();
    for (const container of workload.containers) {
      const own = digRecord(container.object, 'securityContext', 'windowsOptions');
      // Each field of windowsOptions is inherited separately.
      const on = [own, shared].find((options) => text(options?.['runAsUserName']) !== undefined);
      const user = text(on?.['runAsUserName']) ?? '';
      if (!on || told.has(on) || !administrators.has(user.slice(user.lastIndexOf('\\') + 1).toLowerCase())) continue;
      told.add(on);
      report({
        message: 'account',
        data: { subject: on === own ? `Container "${container.name}" of ${workload.title}` : workload.title, user },
        on,
        key: 'runAsUserName',
        fix: { safe: false, edits: [{ op: 'set', on, key: 'runAsUserName', value: 'ContainerUser' }] },
      });
    }
  },
});
