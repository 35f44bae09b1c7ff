import { defineRule } from '#rule';
import { record, text } from '#rule/shape';

const prefix = 'container.apparmor.security.beta.kubernetes.io/';

export default defineRule({
  title: 'Pod should not disable AppArmor',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['appArmorProfile', 'annotations'],
  scope: 'resource',
  fix: 'suggestion: remove the profile, so that the container runtime default applies',
  messages: {
    field: '{subject} sets AppArmor profile "{profile}", which disables AppArmor confinement',
    annotation:
      'Container "{container}" of {workload} gets AppArmor profile "{profile}" from an annotation, which disables AppArmor confinement',
  },
  help: 'Remove the AppArmor profile, or set type: RuntimeDefault if all nodes have AppArmor',
  equivalents: ['trivy:KSV-0002', 'monokle:PSS107'],
  sources: ['Kubernetes documentation, Pod Security Standards'],
  check(workload, { report }) {
    const confined = workload.containers.filter((container) => !container.privileged);
    if (confined.length === 0) return;
    const holders = [
      { subject: workload.title, context: record(workload.pod.securityContext) },
      ...confined.map((container) => ({
        subject: `Container "${container.name}" of ${workload.title}`,
        context: container.security,
      })),
    ];
    for (const { subject, context } of holders) {
      const type = text(record(context?.appArmorProfile)?.type);
      if (!context || type === undefined || type === '' || type === 'RuntimeDefault' || type === 'Localhost') continue;
      // The field is removed rather than set: the kubelet rejects pods that request AppArmor by name on nodes without
      // it (Amazon Linux, Bottlerocket)
      report({
        message: 'field',
        data: { subject, profile: type },
        on: context.appArmorProfile ?? context,
        key: 'type',
        fix: { safe: false, edits: [{ op: 'remove', on: context, key: 'appArmorProfile' }] },
      });
    }
    const annotations = record(record(workload.template.metadata)?.annotations) ?? {};
    for (const [key, value] of Object.entries(annotations)) {
      const profile = text(value);
      if (
        !key.startsWith(prefix) ||
        profile === undefined ||
        profile === '' ||
        profile === 'runtime/default' ||
        profile.startsWith('localhost/')
      )
        continue;
      const name = key.slice(prefix.length);
      if (workload.containers.some((container) => container.name === name && container.privileged)) continue;
      report({
        message: 'annotation',
        data: { container: name, workload: workload.title, profile },
        on: annotations,
        key,
        fix: { safe: false, edits: [{ op: 'remove', on: annotations, key }] },
      });
    }
  },
});
