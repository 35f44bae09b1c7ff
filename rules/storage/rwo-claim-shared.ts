import { defineRule, type Neighbours, Workload, type Workspace } from '#rule';
import { claimKey, usersOfClaims } from '#rule/claim';
import { inOrder } from '#rule/conflict';
import { mostReplicas } from '#rule/replicas';
import { dig, digRecord, list, text, texts } from '#rule/shape';
import { unrendered } from '#rule/unknown';

/** Access modes of a claim; undefined if unknown. */
function modesOf(claim: object): readonly string[] | undefined {
  const modes = dig(claim, 'spec', 'accessModes');
  return Array.isArray(modes) && modes.length > 0 && !unrendered(modes) ? texts(modes) : undefined;
}

/** The volumes of a workload that are claims of the same bundle, with the claim's access modes. */
function claimsOf(workload: Workload, workspace: Workspace) {
  return list(workload.pod.volumes).flatMap((volume) => {
    const on = digRecord(volume, 'persistentVolumeClaim');
    const name = text(on?.['claimName']);
    if (!on || name === undefined) return [];
    const [claim] = workspace.bundle(workload).find('PersistentVolumeClaim', name);
    const modes = claim && modesOf(claim.object);
    return claim && modes ? [{ on, claim, modes }] : [];
  });
}

/** An earlier workload that mounts the claim. */
function earlierUser(workload: Workload, claim: string, workspace: Workspace): Workload | undefined {
  const users = workspace.bundle(workload).once(usersInOrder).get(claimKey(workload, claim));
  const [first] = users ?? [];
  return first && first !== workload ? first : undefined;
}

/** The workloads that mount each claim, in the order of their locations. */
const usersInOrder = (bundle: Neighbours): ReadonlyMap<string, readonly Workload[]> =>
  new Map([...usersOfClaims(bundle)].map(([claim, users]) => [claim, users.toSorted(inOrder)]));

/**
 * Whether an update starts a new pod before the old one is gone: a rolling update with a surge, which is the default.
 */
function overlaps({ kind, object }: Workload): boolean {
  if (kind === 'Rollout') {
    const surge = dig(object, 'spec', 'strategy', 'canary', 'maxSurge');
    return !isZero(surge);
  }
  if (kind !== 'Deployment') return false;
  if (dig(object, 'spec', 'strategy', 'type') === 'Recreate') return false;
  return !isZero(dig(object, 'spec', 'strategy', 'rollingUpdate', 'maxSurge'));
}
/** Whether all pods run on one node, to which the volume may be attached. */
const isPinned = ({ pod }: Workload): boolean =>
  text(pod.nodeName) !== undefined || text(dig(pod.nodeSelector, 'kubernetes.io/hostname')) !== undefined;

const isZero = (surge: unknown): boolean => surge === 0 || surge === '0' || surge === '0%';

export default defineRule({
  title: 'ReadWriteOnce claim must not be shared by replicas',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload', 'PersistentVolumeClaim'],
  needs: ['persistentVolumeClaim', 'accessModes'],
  scope: 'workspace',
  messages: {
    mixed: '{claim} combines ReadWriteOncePod with other access modes, so the API server rejects it',
    second:
      '{workload} mounts {claim}, which allows only one pod (ReadWriteOncePod) and is also mounted by {other}, so its pods stay pending',
    replicas:
      '{workload} mounts {claim} from up to {replicas} pods, but the volume attaches to one node, so pods on other nodes never start',
    daemon:
      '{workload} mounts {claim} on every node, but the volume attaches to one node, so its other pods never start',
    rolling:
      '{workload} starts the new pod before it stops the old pod, and both need {claim} (ReadWriteOnce), so an update can hang',
  },
  help: {
    mixed: 'Set spec.accessModes to [ReadWriteOncePod]',
    second: 'Use one claim for each workload, or a class with ReadWriteMany such as efs.csi.aws.com',
    replicas: 'Use a StatefulSet with volumeClaimTemplates, or a class with ReadWriteMany such as efs.csi.aws.com',
    daemon: 'Use a hostPath or emptyDir, or a class with ReadWriteMany such as efs.csi.aws.com',
    rolling: 'Set spec.strategy.type: Recreate, or rollingUpdate.maxSurge: 0',
  },
  equivalents: ['kics:Incorrect Volume Claim Access Mode ReadWriteOnce'],
  sources: ['Kubernetes documentation, Persistent Volumes'],
  check(subject, { report, undetermined, workspace }) {
    if (!(subject instanceof Workload)) {
      const modes = modesOf(subject.object) ?? [];
      const spec = digRecord(subject.object, 'spec');
      if (spec && modes.includes('ReadWriteOncePod') && modes.length > 1)
        report({ message: 'mixed', data: { claim: subject.title }, on: spec, key: 'accessModes' });
      return;
    }
    for (const { on, claim, modes } of claimsOf(subject, workspace)) {
      if (modes.includes('ReadWriteMany') || modes.includes('ReadOnlyMany')) continue;
      const place = { on, key: 'claimName', related: [claim.at] };
      const data = { workload: subject.title, claim: claim.title };
      const other = modes.includes('ReadWriteOncePod') ? earlierUser(subject, claim.name, workspace) : undefined;
      if (other) {
        report({
          message: 'second',
          data: { ...data, other: other.title },
          ...place,
          related: [claim.at, other.at],
        });
        continue;
      }
      if (isPinned(subject)) continue;
      const replicas = subject.kind === 'DaemonSet' ? Infinity : mostReplicas(workspace, subject);
      if (replicas === 'unknown') undetermined('its number of replicas is not known', place);
      else if (replicas === Infinity) report({ message: 'daemon', data, ...place });
      else if (replicas !== undefined && replicas > 1)
        report({ message: 'replicas', data: { ...data, replicas }, ...place });
      else if (replicas === 1 && overlaps(subject)) report({ message: 'rolling', data, severity: 'medium', ...place });
    }
  },
});
