import { defineRule } from '#rule';
import { podAnnotationsOf, profileOf } from '#rule/annotation';
import { contextEdit } from '#rule/pod';
import { record } from '#rule/shape';

const podKey = 'seccomp.security.alpha.kubernetes.io/pod';
const containerKey = 'container.seccomp.security.alpha.kubernetes.io/';

export default defineRule({
  title: 'Seccomp profile should be set by field',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['annotations'],
  scope: 'resource',
  // Since 1.27 the annotation has no effect, so a profile that is moved to the field takes effect; only for an
  // unconfined profile nothing changes.
  fix: 'suggestion: move to seccompProfile; safe if the profile does not change',
  messages: {
    ignored:
      '{workload} sets a seccomp profile in annotation {key}, which Kubernetes 1.27 and later ignore, so the profile is not applied',
    old: '{workload} sets a seccomp profile in annotation {key}, which Kubernetes 1.27 will ignore',
  },
  help: 'Set securityContext.seccompProfile, e.g. type: RuntimeDefault, and remove the annotation',
  equivalents: [],
  sources: ['Kubernetes documentation, Deprecated API migration guide'],
  check(workload, { report, target }) {
    if (target.highest < 19) return;
    for (const { on, key, value } of podAnnotationsOf(workload)) {
      const isPod = key === podKey;
      if (!isPod && !key.startsWith(containerKey)) continue;
      const name = key.slice(containerKey.length);
      const holder = isPod ? workload.pod : workload.containers.find((one) => one.name === name)?.object;
      const profile = profileOf(value);
      const isIgnored = target.highest >= 27;
      const hasField = record(record(holder?.securityContext)?.seccompProfile) !== undefined;
      const edits =
        holder && profile
          ? [{ op: 'remove' as const, on, key }, ...(hasField ? [] : [contextEdit(holder, 'seccompProfile', profile)])]
          : [];
      report({
        message: isIgnored ? 'ignored' : 'old',
        data: { workload: workload.title, key },
        on,
        key,
        minor: 27,
        ...(isIgnored ? {} : { severity: 'low' }),
        ...(edits.length > 0 ? { fix: { safe: hasField || !isIgnored || profile?.type === 'Unconfined', edits } } : {}),
      });
    }
  },
});
