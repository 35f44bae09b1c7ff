import { defineRule } from '#rule';
import { podAnnotationsOf, profileOf } from '#rule/annotation';
import { contextEdit } from '#rule/pod';
import { record } from '#rule/shape';

const prefix = 'container.apparmor.security.beta.kubernetes.io/';

export default defineRule({
  title: 'AppArmor profile should be set by field',
  severity: 'low',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['annotations'],
  scope: 'resource',
  fix: 'safe: move to appArmorProfile',
  messages: {
    old: '{workload} sets an AppArmor profile in annotation {key}, which is deprecated in favor of the field appArmorProfile',
    unknown:
      '{workload} sets an AppArmor profile for container "{container}", which it does not have, so the API server rejects its pods',
  },
  help: {
    old: 'Set securityContext.appArmorProfile on the container, e.g. type: RuntimeDefault, and remove the annotation',
    unknown:
      'Correct the name of the container, or set securityContext.appArmorProfile on it and remove the annotation',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, AppArmor'],
  check(workload, { report, target }) {
    // The field exists since 1.30.
    if (target.lowest < 30) return;
    for (const { on, key, value } of podAnnotationsOf(workload)) {
      if (!key.startsWith(prefix)) continue;
      const name = key.slice(prefix.length);
      const container = workload.containers.find((one) => one.name === name);
      if (!container) {
        report({
          message: 'unknown',
          data: { workload: workload.title, container: name },
          on,
          key,
          severity: 'high',
        });
        continue;
      }
      const profile = profileOf(value);
      const field = record(container.effective('appArmorProfile').value);
      const isEqual =
        profile && field?.type === profile.type && (field.localhostProfile ?? '') === (profile.localhostProfile ?? '');
      if (isEqual) continue;
      // If the container has no profile of its own, it gets the field and keeps its current profile.
      const edits =
        profile && !field
          ? [{ op: 'remove' as const, on, key }, contextEdit(container.object, 'appArmorProfile', profile)]
          : [];
      report({
        message: 'old',
        data: { workload: workload.title, key },
        on,
        key,
        ...(edits.length > 0 ? { fix: { safe: true, edits } } : {}),
      });
    }
  },
});
