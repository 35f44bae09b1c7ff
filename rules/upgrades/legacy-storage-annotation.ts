import { defineRule } from '#rule';
import { type Annotation, annotationsOf } from '#rule/annotation';
import { digList, digRecord, record, table } from '#rule/shape';

const betaClass = 'volume.beta.kubernetes.io/storage-class';
const alphaClass = 'volume.alpha.kubernetes.io/storage-class';
const mountOptions = 'volume.beta.kubernetes.io/mount-options';
const betaDefault = 'storageclass.beta.kubernetes.io/is-default-class';

/** The replacement of each annotation. */
const replacements: Readonly<Record<string, string>> = table({
  [betaClass]: 'spec.storageClassName',
  [alphaClass]: 'spec.storageClassName',
  [mountOptions]: 'spec.mountOptions',
  [betaDefault]: 'storageclass.kubernetes.io/is-default-class',
});

/**
 * The edits that move an annotation to its field, none if that would change something. An existing claim accepts the
 * move of its class (Kubernetes, validation of PersistentVolumeClaims); templates of a StatefulSet accept no change.
 */
function moveOf(kind: string, object: object, { on, key, value }: Annotation) {
  const spec = digRecord(object, 'spec');
  const removal = { op: 'remove' as const, on, key };
  if (key === betaDefault)
    return [{ op: 'rename' as const, on, key, value: 'storageclass.kubernetes.io/is-default-class' }].filter(
      ({ value: better }) => !Object.hasOwn(on, better),
    );
  if (!spec || kind === 'StatefulSet' || value === '') return [];
  if (key === betaClass && (spec['storageClassName'] ?? undefined) === undefined)
    return [removal, { op: 'set' as const, on: spec, key: 'storageClassName', value }];
  if (key === mountOptions && kind === 'PersistentVolume' && (spec['mountOptions'] ?? undefined) === undefined)
    return [removal, { op: 'set' as const, on: spec, key: 'mountOptions', value: value.split(',') }];
  return [];
}

export default defineRule({
  title: 'Storage settings should use fields instead of annotations',
  severity: 'low',
  preset: 'recommended',
  kinds: ['PersistentVolumeClaim', 'PersistentVolume', 'StorageClass', 'StatefulSet'],
  scope: 'resource',
  fix: 'safe: move to the field or the stable key, except in claim templates of a StatefulSet, which are immutable',
  messages: {
    old: '{subject} uses the deprecated annotation {key} instead of {replacement}, which a later release may ignore',
    ignored: '{subject} uses annotation {key}, which Kubernetes ignores, so the default StorageClass is used',
  },
  help: {
    old: 'Set {replacement} and remove the annotation',
    ignored: 'Set spec.storageClassName, e.g. gp3, and remove the annotation',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Well-Known Labels'],
  check(subject, { report }) {
    const holders: readonly object[] =
      subject.kind === 'StatefulSet' ? digList(subject.object, 'spec', 'volumeClaimTemplates') : [subject.object];
    for (const holder of holders)
      for (const annotation of annotationsOf({ metadata: record(digRecord(holder, 'metadata')) })) {
        const { on, key } = annotation;
        const replacement = Object.hasOwn(replacements, key) ? replacements[key] : undefined;
        if (replacement === undefined) continue;
        const edits = moveOf(subject.kind, holder, annotation);
        const rest = { on, key, ...(edits.length > 0 ? { fix: { safe: true, edits } } : {}) };
        if (key === alphaClass) report({ message: 'ignored', data: { subject: subject.title, key }, ...rest });
        else report({ message: 'old', data: { subject: subject.title, key, replacement }, ...rest });
      }
  },
});
