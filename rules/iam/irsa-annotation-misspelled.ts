import { defineRule, Workload } from '#rule';
import { editDistance } from '#rule/nearest';
import { isRecord } from '#rule/shape';
import { unrendered, whyTemplate } from '#rule/unknown';

const prefix = 'eks.amazonaws.com/';
const roleKey = `${prefix}role-arn`;
const known = ['role-arn', 'audience', 'sts-regional-endpoints', 'token-expiration', 'skip-containers'].map(
  (name) => prefix + name,
);
/** The annotation of kube2iam and kiam. */
const oldKey = 'iam.amazonaws.com/role';

/** Any role, for an annotation whose value a template fills in. */
const anyRole = 'arn:aws:iam::111122223333:role/app';

/** Domains that people write for `eks.amazonaws.com`: `eks.amazon.com`, `eks.aws`, `amazonaws.com`, or none. */
const likeAws = /^(?:[a-z0-9-]+\.)*(?:eks|aws|amazon|amazonaws)(?:\.[a-z]+)*\/$|^$/;

/**
 * The annotation that a key stands for, judging by its spelling: the domain or the name may be wrong. An annotation
 * with the ARN of a role may differ more, e.g. `eks.amazonaws.com/role`.
 */
function meant(key: string, value: unknown): string | undefined {
  if (known.includes(key)) return undefined;
  const written = key.toLowerCase();
  const slash = written.indexOf('/') + 1;
  const [domain, name] = [written.slice(0, slash), written.slice(slash)];
  const near = (one: string, most: number) => editDistance(name, one.slice(prefix.length), most + 1) <= most;
  if (typeof value === 'string' && /^\s*arn:[a-z-]+:iam::[^:]*:role\//.test(value)) {
    if (
      domain === prefix ||
      editDistance(written, roleKey, 6) <= 5 ||
      (key !== oldKey && likeAws.test(domain) && near(roleKey, 2))
    )
      return roleKey;
  } else if (domain.startsWith('eks.') && likeAws.test(domain)) {
    const right = known.find((one) => name === one.slice(prefix.length));
    if (right !== undefined) return right;
  }
  return known.find((one) => editDistance(written, one, 3) <= 2);
}

const annotationsOf = (holder: unknown): Record<string, unknown> | undefined => {
  const metadata = isRecord(holder) ? holder['metadata'] : undefined;
  const annotations = isRecord(metadata) ? metadata['annotations'] : undefined;
  return isRecord(annotations) ? annotations : undefined;
};

export default defineRule({
  title: 'EKS service account annotation must be spelled and placed correctly',
  severity: 'high',
  preset: 'recommended',
  kinds: ['ServiceAccount', 'Workload'],
  needs: ['annotations'],
  namesOnly: true,
  scope: 'resource',
  fix: 'suggestion: rename the key, or move it to the ServiceAccount',
  messages: {
    misspelled: '{title} has annotation {key}, which EKS ignores (did you mean {meant}?)',
    misplaced:
      '{title} has annotation {key}, which EKS reads only on a ServiceAccount, so its pods do not get the IAM role',
    old: '{title} has the kube2iam annotation {key}, which EKS ignores, so its pods do not get the IAM role',
  },
  help: {
    misspelled: 'Rename the annotation to {meant}',
    misplaced: 'Move the annotation to the ServiceAccount that the pods use',
    old: 'Set eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/app on the ServiceAccount instead',
  },
  equivalents: [],
  sources: [
    'Amazon EKS User Guide, IAM roles for service accounts',
    'EKS Best Practices Guide, Security > Identity and Access Management',
  ],
  check(resource, { report, undetermined }) {
    const holders: readonly unknown[] =
      resource instanceof Workload ? [resource.object, resource.template] : [resource.object];
    for (const on of new Set(holders.map(annotationsOf))) {
      if (!on) continue;
      const taken = new Set(Object.keys(on));
      for (const key of Object.keys(on)) {
        const data = { title: resource.title, key };
        // The name is wrong, whatever its value is.
        const place = unrendered(on[key]) ? { at: resource.place(on, key) } : { on, key };
        const right = meant(key, on[key]);
        if (key === oldKey) {
          // Multi-platform manifests set it if kube2iam runs, and leave it empty otherwise.
          if (unrendered(on[key])) undetermined('the kube2iam annotation is an unrendered template', place);
          else report({ message: 'old', data, ...place });
        } else if (key === roleKey && resource instanceof Workload) report({ message: 'misplaced', data, ...place });
        else if (right !== undefined) {
          // On a pod, EKS does not read the role annotation even under its correct name.
          const useful = !taken.has(right) && !(right === roleKey && resource instanceof Workload);
          if (useful) taken.add(right);
          report({
            message: 'misspelled',
            data: { ...data, meant: right },
            ...place,
            ...(useful ? { fix: { safe: false, edits: [{ op: 'rename', on, key, value: right }] } } : {}),
          });
        } else if (unrendered(on[key]) && meant(key, anyRole) !== undefined)
          // With the ARN of a role it would be a misspelled annotation for one.
          undetermined(whyTemplate, place);
      }
    }
  },
});
