import { defineRule, type Target, Workload } from '#rule';
import { type Annotation, annotationsOf, podAnnotationsOf } from '#rule/annotation';
import { targetOf, targetVersion } from '#rule/api';
import { digRecord, table } from '#rule/shape';

interface Row {
  /** The minor version since which it has no effect; undefined if it still has one. */
  readonly removed: number | undefined;
  readonly deprecated: number;
  readonly replacement: string;
}

/** Annotations of pods (CHANGELOG of the releases that stopped reading them). */
const ofPods: Readonly<Record<string, Row>> = table({
  'scheduler.alpha.kubernetes.io/critical-pod': { deprecated: 13, removed: 16, replacement: 'spec.priorityClassName' },
  'security.alpha.kubernetes.io/sysctls': {
    deprecated: 11,
    removed: 11,
    replacement: 'spec.securityContext.sysctls',
  },
  'security.alpha.kubernetes.io/unsafe-sysctls': {
    deprecated: 11,
    removed: 11,
    replacement: 'spec.securityContext.sysctls',
  },
  'pod.beta.kubernetes.io/init-containers': { deprecated: 6, removed: 8, replacement: 'spec.initContainers' },
  'scheduler.alpha.kubernetes.io/affinity': { deprecated: 6, removed: 8, replacement: 'spec.affinity' },
  'scheduler.alpha.kubernetes.io/tolerations': { deprecated: 6, removed: 8, replacement: 'spec.tolerations' },
});
const tolerate = 'service.alpha.kubernetes.io/tolerate-unready-endpoints';
/** Annotations of other kinds. */
const ofKinds: Readonly<Record<string, Readonly<Record<string, Row>>>> = table({
  Service: { [tolerate]: { deprecated: 11, removed: 24, replacement: 'spec.publishNotReadyAddresses' } },
  ServiceAccount: {
    // Kubernetes documentation, Service Accounts: still enforced, deprecated in 1.32.
    'kubernetes.io/enforce-mountable-secrets': {
      deprecated: 32,
      removed: undefined,
      replacement: 'separate namespaces',
    },
  },
});

/** The row under which an annotation is reported, for a target. */
function rowOf(rows: Readonly<Record<string, Row>>, { key }: Annotation, target: Target): Row | undefined {
  const row = Object.hasOwn(rows, key) ? rows[key] : undefined;
  return row && (row.removed ?? row.deprecated) <= target.highest ? row : undefined;
}

export default defineRule({
  title: 'Annotation should be supported by the target version',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Resource'],
  needs: ['annotations'],
  namesOnly: true,
  scope: 'resource',
  fix: 'suggestion: set publishNotReadyAddresses instead of the annotation',
  options: {
    targetVersion,
  },
  messages: {
    ignored: '{subject} uses annotation {key}, which Kubernetes 1.{removed} and later ignore, so it has no effect',
    old: '{subject} uses annotation {key}, deprecated in Kubernetes 1.{deprecated}, which a later release may ignore',
  },
  help: {
    ignored:
      'Use the field that replaced it, e.g. spec.priorityClassName or spec.initContainers, and remove the annotation',
    old: 'Remove the annotation, and keep Secrets of different trust in separate namespaces',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Deprecated API migration guide'],
  check(resource, { options, target: ofTheRun, report }) {
    const target = targetOf(options.targetVersion, ofTheRun);
    const { kindName, object, title } = resource;
    const tell = (annotation: Annotation, { removed, deprecated }: Row): void => {
      const { on, key, value } = annotation;
      const spec = digRecord(object, 'spec');
      if (removed === undefined) {
        report({ message: 'old', data: { subject: title, key, deprecated }, on, key, severity: 'low' });
        return;
      }
      const edits =
        key === tolerate && spec && value === 'true'
          ? [
              { op: 'remove' as const, on, key },
              { op: 'set' as const, on: spec, key: 'publishNotReadyAddresses', value: true },
            ]
          : [];
      report({
        message: 'ignored',
        data: { subject: title, key, removed },
        minor: removed,
        on,
        key,
        ...(edits.length > 0 ? { fix: { safe: false, edits } } : {}),
      });
    };
    const rows = Object.hasOwn(ofKinds, kindName) ? ofKinds[kindName] : undefined;
    if (rows)
      for (const annotation of annotationsOf(object)) {
        const row = rowOf(rows, annotation, target);
        if (row) tell(annotation, row);
      }
    if (resource instanceof Workload)
      for (const annotation of podAnnotationsOf(resource)) {
        const row = rowOf(ofPods, annotation, target);
        if (row) tell(annotation, row);
      }
  },
});
