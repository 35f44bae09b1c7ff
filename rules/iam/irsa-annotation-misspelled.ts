import { defineRule, editDistance, isRecord, unrendered, Workload } from '#rule';

const prefix = 'eks.amazonaws.com/';
const roleKey = `${prefix}role-arn`;
const known = ['role-arn', 'audience', 'sts-regional-endpoints', 'token-expiration', 'skip-containers'].map(
  (name) => prefix + name,
);
/** The annotation of kube2iam and kiam. */
const oldKey = 'iam.amazonaws.com/role';

/** The annotation that a key nearly is, by its letters. What holds the ARN of a role may be further off: `eks.amazonaws.com/role`. */
function meant(key: string, value: unknown): string | undefined {
  if (known.includes(key)) return undefined;
  const written = key.toLowerCase();
  if (
    typeof value === 'string' &&
    /^arn:[a-z-]+:iam::[^:]*:role\//.test(value) &&
    editDistance(written, roleKey, 6) <= 5
  )
    return roleKey;
  return known.find((one) => editDistance(written, one, 3) <= 2);
}

const annotationsOf = (holder: unknown): Record<string, unknown> | undefined => {
  const metadata = isRecord(holder) ? holder['metadata'] : undefined;
  const annotations = isRecord(metadata) ? metadata['annotations'] : undefined;
  return isRecord(annotations) ? annotations : undefined;
};

export default defineRule({
  title: 'Misspelled or misplaced EKS service-account annotation',
  severity: 'high',
  preset: 'recommended',
  kinds: ['ServiceAccount', 'Workload'],
  scope: 'resource',
  fix: 'suggestion: rename the key, or move it to the ServiceAccount',
  messages: {
    misspelled:
      '{title} has the annotation {key}, which nothing reads; {meant} is near, and without it pods run with other AWS rights than meant',
    misplaced:
      '{title} has the annotation {key}, which is read on ServiceAccounts only, so these pods get no credentials for that role',
    old: '{title} has the annotation {key} of kube2iam and kiam, which EKS does not read, so its pods get no credentials for that role',
  },
  equivalents: [],
  sources: [
    'Amazon EKS User Guide, IAM roles for service accounts',
    'EKS Best Practices Guide, Security > Identity and Access Management',
  ],
  check(resource, { report }) {
    const holders: readonly unknown[] =
      resource instanceof Workload ? [resource.object, resource.template] : [resource.object];
    for (const on of new Set(holders.map(annotationsOf))) {
      if (!on) continue;
      for (const key of Object.keys(on)) {
        const data = { title: resource.title, key };
        // The name is wrong whatever its value will be.
        const place = unrendered(on[key]) ? { at: resource.place(on, key) } : { on, key };
        const right = meant(key, on[key]);
        if (key === oldKey) report({ message: 'old', data, ...place });
        else if (key === roleKey && resource instanceof Workload) report({ message: 'misplaced', data, ...place });
        else if (right !== undefined) {
          // On a pod the right name of the role annotation would not be read either.
          const useful = !(right in on) && !(right === roleKey && resource instanceof Workload);
          report({
            message: 'misspelled',
            data: { ...data, meant: right },
            ...place,
            ...(useful ? { fix: { safe: false, edits: [{ op: 'rename', on, key, value: right }] } } : {}),
          });
        }
      }
    }
  },
});
