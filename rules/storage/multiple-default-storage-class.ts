import { type AnyResource, defineRule, type Neighbours } from '#rule';
import { inOrder } from '#rule/conflict';

const annotations = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

/** The annotation that makes a class the default. */
const defaultKey = ({ annotations: written }: Pick<AnyResource, 'annotations'>): string | undefined =>
  annotations.find((key) => written[key] === 'true');

/** The first default class of a bundle. */
const firstDefault = (bundle: Neighbours): AnyResource | undefined =>
  bundle
    .all('StorageClass', '*')
    .filter((one) => defaultKey(one) !== undefined)
    .sort(inOrder)[0];

export default defineRule({
  title: 'Only one StorageClass should be the default',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['StorageClass'],
  scope: 'workspace',
  messages: {
    second: '{title} and {other} are both default classes, so claims without a class get the newest one',
  },
  help: 'Set the annotation storageclass.kubernetes.io/is-default-class to "false" on all classes but one',
  equivalents: [],
  sources: ['Kubernetes documentation, Storage Classes'],
  check(storage, { report, workspace }) {
    const key = defaultKey(storage);
    if (key === undefined) return;
    const first = workspace.bundle(storage).once(firstDefault);
    if (!first || first.name === storage.name) return;
    report({
      message: 'second',
      data: { title: storage.title, other: first.title },
      on: storage.object.metadata?.annotations ?? storage.object,
      key,
      related: [first.at],
    });
  },
});
