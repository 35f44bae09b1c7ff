import { defineRule, type Workload, type Workspace } from '#rule';
import { claimKey, claimsOf, usersOfClaims } from '#rule/claim';
import { earlierRival } from '#rule/conflict';
import { dig, digRecord, list, record, text } from '#rule/shape';

/**
 * Since 1.37, volumes of any access mode are mounted with the label of the pod: the gate SELinuxMount was off by default
 * before (KEP-1710, https://github.com/kubernetes/kubernetes/pull/139956).
 */
const since = 37;

/**
 * The labels of the containers of a pod that mount a volume; `privileged` for those that SELinux does not confine, ''
 * for none.
 */
function labelsOf(workload: Workload, claim: string): ReadonlySet<string> {
  const volumes = new Set(claimsOf(workload).flatMap((one) => (one.claim === claim ? [one.volume] : [])));
  const mounting = workload.containers.filter(({ object }) =>
    list(object.volumeMounts).some(({ name }) => volumes.has(name)),
  );
  return new Set(
    mounting.map((container) => {
      if (container.privileged) return 'privileged';
      const options = record(container.effective('seLinuxOptions').value);
      const parts = (['user', 'role', 'type', 'level'] as const).map((part) => text(options?.[part]) ?? '');
      return parts.some((part) => part !== '') ? JSON.stringify(parts) : '';
    }),
  );
}

/** The labels of each user of a claim; equal sets are merged. */
interface UserLabels {
  readonly of: ReadonlyMap<Workload, ReadonlySet<string>>;
  readonly kinds: readonly ReadonlySet<string>[];
}
const knownLabels = new WeakMap<readonly Workload[], UserLabels>();

/** `labelsOf` of all users of a claim, computed once per list. */
function labelsByUser(users: readonly Workload[], claim: string): UserLabels {
  let found = knownLabels.get(users);
  if (!found) {
    const kinds = new Map<string, ReadonlySet<string>>();
    const of = new Map<Workload, ReadonlySet<string>>();
    for (const user of users) {
      const labels = labelsOf(user, claim);
      const key = [...labels].sort().join('\n');
      const kind = kinds.get(key) ?? labels;
      kinds.set(key, kind);
      of.set(user, kind);
    }
    knownLabels.set(users, (found = { of, kinds: [...kinds.values()] }));
  }
  return found;
}

const isRecursive = ({ pod }: Workload): boolean =>
  digRecord(pod, 'securityContext')?.['seLinuxChangePolicy'] === 'Recursive';

/** Whether two pods cannot share a volume because of their labels: one of them is set, and the other differs. */
function clash(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const all = new Set([...one, ...other]);
  return all.size > 1 && [...all].some((label) => label !== '' && label !== 'privileged');
}

/** Whether the driver of a claim is known not to mount with labels, or the claim is for a single pod. */
function isSpared(workspace: Workspace, workload: Workload, name: string): boolean {
  const unit = workspace.unit(workload);
  return unit.find('PersistentVolumeClaim', name).some((claim) => {
    const modes = dig(claim.object, 'spec', 'accessModes');
    if (Array.isArray(modes) && modes.includes('ReadWriteOncePod')) return true;
    const className = text(dig(claim.object, 'spec', 'storageClassName'));
    return (className === undefined ? [] : unit.find('StorageClass', className)).some((one) =>
      unit
        .find('CSIDriver', text(dig(one.object, 'provisioner')) ?? '')
        .some((driver) => dig(driver.object, 'spec', 'seLinuxMount') !== true),
    );
  });
}

export default defineRule({
  title: 'Pods that share a volume should use the same SELinux label',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Workload'],
  scope: 'workspace',
  fix: 'suggestion: set seLinuxChangePolicy: Recursive',
  messages: {
    differ:
      '{workload} and {other} mount claim "{claim}" with different SELinux labels, so on the same node only one of them starts (1.37+)',
  },
  help: 'Set securityContext.seLinuxChangePolicy: Recursive on both pods, or give them the same seLinuxOptions',
  equivalents: [],
  sources: ['Kubernetes documentation, Configure a security context', 'KEP-1710, SELinux mount'],
  check(workload, { report, target, workspace }) {
    if (target.highest < since) return;
    const uses = claimsOf(workload);
    if (uses.length === 0) return;
    const users = workspace.bundle(workload).once(usersOfClaims);
    for (const { claim, on } of uses) {
      const all = users.get(claimKey(workload, claim)) ?? [];
      const labels = labelsByUser(all, claim);
      const own = labels.of.get(workload);
      // Usually, all have the same.
      const clashing = new Set(labels.kinds.filter((kind) => own && clash(own, kind)));
      const other =
        clashing.size === 0
          ? undefined
          : earlierRival(workload, all, (one) => {
              const theirs = labels.of.get(one);
              return (
                one !== workload &&
                !(isRecursive(one) && isRecursive(workload)) &&
                theirs !== undefined &&
                clashing.has(theirs)
              );
            });
      if (!other || isSpared(workspace, workload, claim)) continue;
      const context = record(workload.pod.securityContext);
      const edit = context
        ? { op: 'set' as const, on: context, key: 'seLinuxChangePolicy', value: 'Recursive' }
        : {
            op: 'set' as const,
            on: workload.pod,
            key: 'securityContext',
            value: { seLinuxChangePolicy: 'Recursive' },
          };
      report({
        message: 'differ',
        data: { workload: workload.title, other: other.title, claim },
        on,
        key: 'claimName',
        related: [other.at],
        minor: since,
        // Both pods must set it, so changing this one is only a fix if the other already does.
        ...(isRecursive(other) ? { fix: { safe: false, edits: [edit] } } : {}),
      });
    }
  },
});
