import { defineRule } from '#rule';
import { inUserNamespace, rootChange, rootSetting, strictPss } from '#rule/pod';
import { record } from '#rule/shape';
import { doubtOf } from '#rule/unknown';

export default defineRule({
  title: 'Container must not run as root',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['runAsUser', 'runAsNonRoot'],
  scope: 'resource',
  options: { strictPss },
  fix: 'suggestion: remove runAsUser 0 and set runAsNonRoot to true',
  messages: {
    user: '{subject} sets runAsUser: 0 (root), so a compromised process is root',
    allowed: '{subject} sets runAsNonRoot: false, so the image may run as root',
    refused: '{subject} sets runAsUser: 0 and runAsNonRoot: true, so the kubelet refuses to start it',
  },
  help: 'Set runAsNonRoot: true and a runAsUser above 0, e.g. 10001',
  equivalents: [
    'trivy:KSV-0105',
    'kubescape:C-0013',
    'kubescape:C-0198',
    'monokle:PSS204',
    'kics:Containers Running As Root',
  ],
  sources: ['Kubernetes documentation, Pod Security Standards', 'NSA/CISA Kubernetes Hardening Guide'],
  check(workload, { options, target, report, undetermined }) {
    if (workload.windows || inUserNamespace(workload, target)) return;
    const change = rootChange(workload);
    const told = new Set<object>();
    for (const container of workload.containers) {
      const setting = rootSetting(container);
      if (setting !== 'root-user' && setting !== 'root-allowed') continue;
      const nonRoot = container.effective('runAsNonRoot');
      const { on, key } = setting === 'root-user' ? container.effective('runAsUser') : nonRoot;
      if (told.has(on)) continue; // the pod's value, which several containers inherit
      told.add(on);
      const own = on === container.security;
      const flag = { op: 'set', on, key: 'runAsNonRoot', value: true } as const;
      const whole = {
        op: 'set',
        on: own ? container.object : workload.pod,
        key: 'securityContext',
        value: { runAsNonRoot: true },
      } as const;
      if (change && setting === 'root-allowed') {
        undetermined(doubtOf(change), { on, key });
        continue;
      }
      report({
        message: setting === 'root-allowed' ? 'allowed' : nonRoot.value === true ? 'refused' : 'user',
        data: { subject: own ? `Container "${container.name}" of ${workload.title}` : workload.title },
        on,
        key,
        fix: {
          safe: false,
          edits:
            key === 'runAsNonRoot' ? [flag] : Object.keys(on).length > 1 ? [{ op: 'remove', on, key }, flag] : [whole],
        },
      });
    }
    // No container inherits it, but the restricted standard still rejects it.
    const shared = record(workload.pod.securityContext);
    if (!options.strictPss || !shared || told.has(shared)) return;
    const data = { subject: workload.title };
    if (shared.runAsUser === 0) report({ message: 'user', data, on: shared, key: 'runAsUser' });
    if (shared.runAsNonRoot === false) report({ message: 'allowed', data, on: shared, key: 'runAsNonRoot' });
  },
});
