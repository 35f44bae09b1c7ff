import { defineRule, Workload } from '#rule';
import { pattern, whole } from '#rule/pattern';
import { labelsOf } from '#rule/selector';
import { digList, digRecord } from '#rule/shape';

/** `owner` requires a key, `owner=team-.*` also that its value matches. */
interface Demand {
  readonly key: string;
  readonly matches: (value: string) => boolean;
}

/** Longer values are not compared: a pattern could take too long. */
const longest = 256;

function demandOf(entry: string): Demand {
  const equals = entry.indexOf('=');
  if (equals < 0) return { key: entry, matches: () => true };
  const key = entry.slice(0, equals);
  const form = whole(pattern(entry));
  return { key, matches: (value) => value.length > longest || form.test(`${key}=${value}`) };
}

const demands = {
  type: 'array',
  items: { type: 'string' },
  patterns: true,
  default: [],
} as const;

export default defineRule({
  title: 'Object should have the required labels and annotations',
  severity: 'low',
  preset: 'opt-in',
  kinds: ['Resource'],
  scope: 'resource',
  options: {
    labels: { ...demands, description: 'Required labels, as key or key=pattern.' },
    annotations: { ...demands, description: 'Required annotations, as key or key=pattern.' },
    kinds: {
      type: 'array',
      items: { type: 'string' },
      default: ['Workload', 'Service', 'Namespace'],
      description: 'Kinds to check; Workload means everything with a pod template.',
    },
  },
  messages: {
    missing: '{title} lacks {missing}, so it cannot be assigned to a team or a service',
    mismatch: '{title} has {what} with a value that does not match {pattern}',
  },
  help: {
    missing: 'Set {missing} in metadata',
    mismatch: 'Set {what} to a value that matches {pattern}',
  },
  equivalents: [
    'kube-linter:required-label-owner',
    'kube-linter:required-annotation-email',
    'kubescape:C-0076',
    'monokle:MTD-custom-labels',
    'monokle:MTD-custom-annotations',
  ],
  sources: ['kube-linter check list'],
  check(resource, { options, report }) {
    const isAsked =
      options.kinds.includes(resource.kind) || (resource instanceof Workload && options.kinds.includes('Workload'));
    if (!isAsked || digList(resource.object, 'metadata', 'ownerReferences').length > 0) return;
    const metadata = digRecord(resource.object, 'metadata');
    const missing: { readonly word: string; readonly field: string; readonly key: string }[] = [];
    for (const [field, word] of [
      ['labels', 'label'],
      ['annotations', 'annotation'],
    ] as const) {
      const on = digRecord(metadata, field);
      for (const entry of options[field]) {
        const { key, matches } = demandOf(entry);
        const value = labelsOf(on)[key];
        if (value === undefined) missing.push({ word, field, key });
        else if (on && !matches(value))
          report({
            message: 'mismatch',
            data: { title: resource.title, what: `${word} ${key}`, pattern: entry.slice(key.length + 1) },
            on,
            key,
          });
      }
    }
    const [first] = missing;
    if (!first) return;
    const held = digRecord(metadata, first.field);
    report({
      message: 'missing',
      data: { title: resource.title, missing: missing.map(({ word, key }) => `${word} ${key}`).join(', ') },
      ...(held ? { on: held, key: first.key } : { on: metadata ?? resource.object, key: first.field }),
    });
  },
});
