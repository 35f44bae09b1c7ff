import { defineRule, inUserNamespace, isRecord, rootChange, rootSetting } from '#rule';

export default defineRule({
  title: 'Container must be kept from running as root',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'suggestion: set pod.spec.securityContext.runAsNonRoot to true',
  options: {
    strictPss: { type: 'boolean', default: false, description: 'Count only runAsNonRoot true, as the admission controller does, and no runAsUser.' },
  },
  messages: {
    pod: 'Nothing keeps the containers of {workload} from running as root, which an image that names no user does',
    container: 'Nothing keeps container "{container}" of {workload} from running as root, which an image that names no user does',
    flag: 'Container "{container}" of {workload} has a user but not runAsNonRoot true, so a namespace at level restricted refuses it',
  },
  equivalents: [
    'kube-linter:run-as-non-root', 'polaris:runAsRootAllowed', 'checkov:CKV_K8S_23', 'checkov:CKV_K8S_29', 'trivy:KSV-0012', 'trivy:KSV-0118', 'kubescape:C-0013',
    'kubescape:C-0211', 'popeye:302', 'popeye:306', 'hardeneks:disable_run_as_root_user', 'prowler:core_minimize_root_containers_admission', 'monokle:PSS203',
    'kics:Root Containers Admitted', 'kics:Pod or Container Without Security Context', 'checkov:CKV_K8S_30',
  ],
  sources: ['Kubernetes documentation, Pod Security Standards', 'NSA/CISA Kubernetes Hardening Guide'],
  check(workload, { options, target, report, undetermined }) {
    if (workload.windows || inUserNamespace(workload, target)) return;
    const { containers, pod, title } = workload;
    const settings = containers.map((container) => rootSetting(container));
    const change = rootChange(workload);
    if (change) {
      if (settings.includes('nothing')) undetermined(`${change.by} changes ${change.path.join('.')}`, { on: pod, key: 'securityContext' });
      return;
    }
    const context: unknown = pod.securityContext;
    if (containers.length > 0 && settings.every((setting) => setting === 'nothing')) {
      // One setting is missing, that of the pod
      const on = isRecord(context) ? context : pod;
      const edit = isRecord(context) ? ({ op: 'set', on, key: 'runAsNonRoot', value: true } as const) : ({ op: 'set', on, key: 'securityContext', value: { runAsNonRoot: true } } as const);
      report({ message: 'pod', data: { workload: title }, on, key: edit.key, fix: { safe: false, edits: [edit] } });
      return;
    }
    for (const [i, container] of containers.entries()) {
      const setting = settings[i];
      if (setting !== 'nothing' && !(options.strictPss && setting === 'other-user')) continue;
      const on = container.security ?? container.object;
      const edit = container.security ? ({ op: 'set', on, key: 'runAsNonRoot', value: true } as const) : ({ op: 'set', on, key: 'securityContext', value: { runAsNonRoot: true } } as const);
      report({
        message: setting === 'nothing' ? 'container' : 'flag', data: { container: container.name, workload: title }, on, key: edit.key,
        fix: { safe: false, edits: [edit] },
      });
    }
  },
});
