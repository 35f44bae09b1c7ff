import { defineRule } from '#rule';
import { contextEdit, inUserNamespace, isHelmTest, rootChange, rootSetting } from '#rule/pod';
import { holdsRoom } from '#rule/replicas';
import { doubtOf } from '#rule/unknown';

export default defineRule({
  title: 'Container should not be able to run as root',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'suggestion: set pod.spec.securityContext.runAsNonRoot to true',
  options: {
    strictPss: {
      type: 'boolean',
      default: false,
      description:
        'Require runAsNonRoot: true, as the restricted Pod Security Standard does; a positive runAsUser is not enough.',
    },
  },
  messages: {
    pod: '{workload} sets neither runAsNonRoot nor runAsUser, so its containers may run as root',
    container: 'Container "{container}" of {workload} sets neither runAsNonRoot nor runAsUser, so it may run as root',
    podFlag: '{workload} sets runAsUser but not runAsNonRoot: true, so the restricted Pod Security Standard rejects it',
    flag: 'Container "{container}" of {workload} sets runAsUser but not runAsNonRoot: true, so the restricted Pod Security Standard rejects it',
  },
  help: 'Set securityContext.runAsNonRoot: true and use an image with a numeric USER',
  equivalents: [
    'kube-linter:run-as-non-root',
    'polaris:runAsRootAllowed',
    'checkov:CKV_K8S_23',
    'checkov:CKV_K8S_29',
    'trivy:KSV-0012',
    'trivy:KSV-0118',
    'kubescape:C-0013',
    'kubescape:C-0211',
    'popeye:302',
    'popeye:306',
    'hardeneks:disable_run_as_root_user',
    'prowler:core_minimize_root_containers_admission',
    'monokle:PSS203',
    'kics:Root Containers Admitted',
    'kics:Pod or Container Without Security Context',
    'checkov:CKV_K8S_30',
  ],
  sources: ['Kubernetes documentation, Pod Security Standards', 'NSA/CISA Kubernetes Hardening Guide'],
  check(workload, { options, target, report, undetermined }) {
    if ((workload.windows && !options.strictPss) || inUserNamespace(workload, target)) return;
    // The image of pods that only reserve capacity sets its own user.
    if ((holdsRoom(workload) || isHelmTest(workload)) && !options.strictPss) return;
    const { containers, pod, title } = workload;
    const settings = containers.map((container) => rootSetting(container));
    const change = rootChange(workload);
    if (change) {
      if (settings.includes('nothing')) undetermined(doubtOf(change), { on: pod, key: 'securityContext' });
      return;
    }
    const fails = (setting: string | undefined): boolean =>
      setting === 'nothing' || (options.strictPss && setting === 'other-user');
    if (
      containers.length > 0 &&
      settings.every(fails) &&
      containers.every((container) => container.effective('runAsNonRoot').value === undefined)
    ) {
      // One setting is missing: that of the pod
      const set = contextEdit(pod, 'runAsNonRoot', true);
      report({
        message: settings.includes('nothing') ? 'pod' : 'podFlag',
        data: { workload: title },
        on: set.on,
        key: set.key,
        fix: { safe: false, edits: [set] },
      });
      return;
    }
    for (const [i, container] of containers.entries()) {
      if (!fails(settings[i])) continue;
      const set = contextEdit(container.object, 'runAsNonRoot', true);
      report({
        message: settings[i] === 'nothing' ? 'container' : 'flag',
        data: { container: container.name, workload: title },
        on: set.on,
        key: set.key,
        fix: { safe: false, edits: [set] },
      });
    }
  },
});
