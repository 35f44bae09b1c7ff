import { defineRule, isRecord, labelsOf, list, record } from '#rule';

const annotation = 'eks.amazonaws.com/role-arn';
/** The path may hold any visible character, the name behind it only some (IAM API reference, CreateRole). */
const roleArn = /^arn:(?:aws|aws-cn|aws-us-gov|aws-eusc|aws-iso[a-z-]*):iam::\d{12}:role\/(?:[!-~]+\/)?[\w+=,.@-]+$/;

/** What is written instead of the ARN of a role. */
function faultOf(value: string): string {
  if (value.trim() === '') return 'is empty';
  if (value.trim() !== value && roleArn.test(value.trim())) return 'has blanks around it';
  if (!value.startsWith('arn:')) return 'is no ARN';
  if (value.includes(':assumed-role/')) return 'is the ARN of a session, not of a role';
  if (value.includes(':instance-profile/')) return 'is the ARN of an instance profile';
  if (value.includes(':policy/')) return 'is the ARN of a policy';
  if (/^arn:[a-z-]+:iam::(?!\d{12}:)/.test(value)) return 'has no account id of twelve digits';
  if (/^arn:[a-z-]+:iam::\d{12}:role\//.test(value) && roleArn.test(value.replace(/role\/.*$/s, 'role/name')))
    return 'does not end in the name of a role';
  return 'is not the ARN of an IAM role';
}

export default defineRule({
  title: 'eks.amazonaws.com/role-arn must be a role ARN',
  severity: 'high',
  preset: 'recommended',
  kinds: ['ServiceAccount', 'ClusterConfig'],
  scope: 'resource',
  messages: { malformed: '{key} "{value}" of {account} {fault}, so its pods get no credentials for that role' },
  equivalents: [],
  sources: ['Amazon EKS User Guide, IAM roles for service accounts'],
  check(resource, { report }) {
    const judge = (on: object | undefined, key: string, account: string) => {
      const written: unknown = on && isRecord(on) ? on[key] : undefined;
      if (!on || written === undefined || (typeof written === 'object' && written !== null)) return;
      const value = written === null ? '' : String(written);
      if (!roleArn.test(value))
        report({
          message: 'malformed',
          data: { key, value: value.slice(0, 120), account, fault: faultOf(value) },
          on,
          key,
        });
    };
    if (resource.kind === 'ServiceAccount') {
      judge(record(record(resource.object.metadata)?.annotations), annotation, resource.title);
      return;
    }
    const object: Record<string, unknown> = { ...resource.object };
    const accounts: unknown = isRecord(object['iam']) ? object['iam']['serviceAccounts'] : undefined;
    if (!Array.isArray(accounts)) return;
    for (const account of list<Record<string, unknown>>(accounts)) {
      const metadata = isRecord(account['metadata']) ? account['metadata'] : {};
      const title = `service account "${labelsOf(metadata)['name'] ?? ''}"`;
      judge(account, 'attachRoleARN', title);
      judge(isRecord(metadata['annotations']) ? metadata['annotations'] : undefined, annotation, title);
    }
  },
});
