import { defineRule } from '#rule';
import { nearest } from '#rule/nearest';
import { isKnownLabel, isVersionLabel, labelPrefix, levels, modes } from '#rule/pod-standards';
import { labelsOf } from '#rule/selector';
import { digRecord, table } from '#rule/shape';

const versionForm = /^(?:latest|v1\.(?:0|[1-9]\d{0,3}))$/;
const knownLabels = modes.flatMap((mode) => [mode, `${mode}-version`]).map((name) => labelPrefix + name);
/** The level that corresponds to a name of the older pod security policies. */
const synonyms: Readonly<Record<string, string>> = table({
  default: 'baseline',
  none: 'privileged',
  strict: 'restricted',
});

/** `1.33`, `V1.33` and `v1.33.2` mean v1.33. */
function nearestVersion(value: string): string | undefined {
  const [, minor] = /^v?1\.(\d{1,4})(?:\.\d+)?$/i.exec(value) ?? [];
  return minor === undefined ? nearest(value, ['latest']) : `v1.${Number(minor)}`;
}

export default defineRule({
  title: 'Pod Security label must be valid',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Namespace'],
  scope: 'resource',
  fix: 'suggestion: set the closest valid value',
  messages: {
    level:
      '{namespace} sets {label} to "{value}", which is not a Pod Security level, so the API server rejects it or applies restricted',
    version:
      '{namespace} sets {label} to "{value}", which is not a version, so the API server rejects it or applies latest',
    unknown: '{namespace} has the unknown label {label}, which Pod Security Admission ignores',
  },
  help: {
    level: 'Set {label} to privileged, baseline or restricted',
    version: 'Set {label} to latest or a version such as v1.33',
    unknown: 'Use enforce, warn or audit, or one of them with -version, e.g. pod-security.kubernetes.io/enforce',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Pod Security Admission'],
  check(namespace, { report }) {
    const labels = digRecord(namespace.object, 'metadata', 'labels') ?? {};
    for (const [key, value] of Object.entries(labelsOf(labels))) {
      if (!key.startsWith(labelPrefix)) continue;
      const data = { namespace: namespace.title, label: key };
      const edit = (right: string | undefined) =>
        right === undefined
          ? {}
          : { fix: { safe: false, edits: [{ op: 'set', on: labels, key, value: right } as const] } };
      if (!isKnownLabel(key)) {
        const right = nearest(
          key.slice(labelPrefix.length),
          knownLabels.map((one) => one.slice(labelPrefix.length)),
        );
        const renamed = right === undefined ? undefined : labelPrefix + right;
        report({
          message: 'unknown',
          data,
          on: labels,
          key,
          ...(renamed === undefined || labels[renamed] !== undefined
            ? {}
            : {
                fix: {
                  safe: false,
                  edits: [
                    { op: 'remove', on: labels, key },
                    { op: 'set', on: labels, key: renamed, value },
                  ] as const,
                },
              }),
        });
      } else if (isVersionLabel(key)) {
        if (!versionForm.test(value))
          report({ message: 'version', data: { ...data, value }, on: labels, key, ...edit(nearestVersion(value)) });
      } else if (!levels.some((level) => level === value))
        report({
          message: 'level',
          data: { ...data, value },
          on: labels,
          key,
          ...edit(synonyms[value.toLowerCase()] ?? nearest(value, levels)),
        });
    }
  },
});
