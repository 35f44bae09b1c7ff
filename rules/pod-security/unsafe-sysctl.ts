import { defineRule } from '#rule';
import { dottedSysctl, isSafeSysctl } from '#rule/pod-standards';
import { list, record, text } from '#rule/shape';

export default defineRule({
  title: 'Pod should set only safe sysctls',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['sysctls'],
  scope: 'resource',
  fix: 'suggestion: remove the entry',
  options: {
    allowed: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'More sysctls that your kubelets allow; `*` at the end matches any suffix.',
    },
  },
  messages: {
    unsafe:
      '{workload} sets sysctl {name}, which Kubernetes 1.{target} ({from}) does not list as safe, so the kubelet rejects the pod by default',
  },
  help: 'Remove {name}, or allow it in allowedUnsafeSysctls of the kubelet and in the option allowed',
  equivalents: [
    'kube-linter:unsafe-sysctls',
    'trivy:KSV-0026',
    'kubescape:C-0211',
    'monokle:PSS111',
    'kics:Cluster Allows Unsafe Sysctls',
  ],
  sources: ['Kubernetes documentation, Pod Security Standards'],
  check(workload, { options, target, report }) {
    const sysctls = record(workload.pod.securityContext)?.sysctls;
    if (!Array.isArray(sysctls)) return;
    const allowed = options.allowed.map(dottedSysctl);
    for (const entry of list(sysctls)) {
      const name = dottedSysctl(text(entry.name) ?? '');
      if (name === '' || isSafeSysctl(name, target.lowest)) continue;
      if (allowed.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one))) continue;
      report({
        message: 'unsafe',
        data: { workload: workload.title, name, target: target.lowest, from: target.lowestFrom },
        on: entry,
        key: 'name',
        fix: { safe: false, edits: [{ op: 'remove', on: sysctls, key: sysctls.indexOf(entry) }] },
      });
    }
  },
});
