import { defineRule, editDistance, isRecord, Workload } from '#rule';

const prefix = 'eks.amazonaws.com/';
const roleKey = `${prefix}role-arn`;
const known = ['role-arn', 'audience', 'sts-regional-endpoints', 'token-expiration', 'skip-containers'].map((name) => prefix + name);
/** The annotation of kube2iam and kiam. */
const oldKey = 'iam.amazonaws.com/role';

/** The annotation that a key nearly is. */
const meant = (key: string): string | undefined => (known.includes(key) ? undefined : known.find((one) => editDistance(key, one, 3) <= 2));

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
    misspelled: '{title} has the annotation {key}, which nothing reads; {meant} is near, and without it pods run with other AWS rights than meant',
    misplaced: '{title} has the annotation {key}, which is read on ServiceAccounts only, so these pods get no credentials for that role',
    old: '{title} has the annotation {key} of kube2iam and kiam, which EKS does not read, so its pods get no credentials for that role',
  },
  equivalents: [],
  sources: ['Amazon EKS User Guide, IAM roles for service accounts', 'EKS Best Practices Guide, Security > Identity and Access Management'],
  check(resource, { report }) {
    const holders: readonly unknown[] = resource instanceof Workload ? [resource.object, resource.template] : [resource.object];
    for (const on of new Set(holders.map(annotationsOf))) {
      if (!on) continue;
      for (const key of Object.keys(on)) {
        const data = { title: resource.title, key };
        const right = meant(key);
        if (key === oldKey) report({ message: 'old', data, on, key });
        else if (key === roleKey && resource instanceof Workload) report({ message: 'misplaced', data, on, key });
        else if (right !== undefined) {
          // On a pod the right name of the role annotation would not be read either.
          const useful = !(right in on) && !(right === roleKey && resource instanceof Workload);
          report({ message: 'misspelled', data: { ...data, meant: right }, on, key, ...(useful ? { fix: { safe: false, edits: [{ op: 'rename', on, key, value: right }] } } : {}) });
        }
      }
    }
  },
});
