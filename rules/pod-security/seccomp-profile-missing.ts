import { defineRule } from '#rule';
import { contextEdit, seccompOf, strictPss } from '#rule/pod';

export default defineRule({
  title: 'Pod should have a seccomp profile',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Workload'],
  scope: 'resource',
  options: { strictPss },
  fix: 'suggestion: set seccompProfile.type of the pod to RuntimeDefault',
  messages: {
    pod: '{workload} has no seccomp profile, so its containers can make any system call',
    container: 'Container "{container}" of {workload} has no seccomp profile, so it can make any system call',
  },
  help: 'Set spec.securityContext.seccompProfile.type: RuntimeDefault in the pod template',
  equivalents: [
    'kube-score:container-seccomp-profile',
    'checkov:CKV_K8S_31',
    'trivy:KSV-0030',
    'kubescape:C-0210',
    'kubescape:C-0055',
    'polaris:linuxHardening',
    'prowler:core_seccomp_profile_docker_default',
    'monokle:PSS205',
    'kics:Seccomp Profile Is Not Configured',
  ],
  sources: ['Kubernetes documentation, Pod Security Standards', 'CIS Amazon EKS Benchmark 1.7'],
  check(workload, { options, report }) {
    if (workload.windows) return;
    const { pod, title } = workload;
    const confined = workload.containers.filter(
      ({ privileged, role }) => !privileged && (options.strictPss || role !== 'ephemeral'),
    );
    const open = confined.filter((container) => seccompOf(container) === undefined);
    if (open.length === 0) return;
    // One setting is missing: that of the pod.
    const edit = contextEdit(pod, 'seccompProfile', { type: 'RuntimeDefault' });
    const fix = { safe: false, edits: [edit] };
    if (open.length === confined.length) {
      report({ message: 'pod', data: { workload: title }, on: edit.on, key: edit.key, fix });
      return;
    }
    for (const { object, name } of open) {
      const own = contextEdit(object, 'seccompProfile', { type: 'RuntimeDefault' });
      report({
        message: 'container',
        data: { container: name, workload: title },
        on: own.on,
        key: own.key,
        fix: { safe: false, edits: [own] },
      });
    }
  },
});
