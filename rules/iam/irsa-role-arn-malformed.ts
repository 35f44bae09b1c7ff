import { defineRule } from '#rule';
import { labelsOf } from '#rule/selector';
import { isRecord, list, record } from '#rule/shape';

const annotation = 'eks.amazonaws.com/role-arn';
/** Placeholders that the `vars` of a kustomization replace; ARNs do not contain these characters. */
const kustomizeVar = /\$\([A-Za-z_][\w.-]*\)/;
/** What Terraform replaces with the ARN of a role: an attribute of one, or a module output with a name of this form. */
const reference = /^\$\{(?:(?:data\.)?aws_iam_role\.[^{}]+\.arn|module\.[^{}]+(?:role_arn|\.arn))\}$/;
/** The path may have any visible character, the name after it only some of them (IAM API reference, CreateRole). */
const roleArn = /^arn:(?:aws|aws-cn|aws-us-gov|aws-eusc|aws-iso[a-z-]*):iam::\d{12}:role\/(?:[!-~]+\/)?[\w+=,.@-]+$/;

/** What is wrong with the value. */
function faultOf(value: string): string {
  if (value.trim() === '') return 'is empty';
  if (value.trim() !== value && roleArn.test(value.trim())) return 'has spaces around it';
  if (!value.startsWith('arn:')) return 'is not an ARN';
  if (value.includes(':assumed-role/')) return 'is the ARN of a session';
  if (value.includes(':instance-profile/')) return 'is the ARN of an instance profile';
  if (value.includes(':policy/')) return 'is the ARN of a policy';
  if (/^arn:[a-z-]+:iam::(?!\d{12}:)/.test(value)) return 'lacks a 12-digit account ID';
  if (/^arn:[a-z-]+:iam::\d{12}:role\//.test(value) && roleArn.test(value.replace(/role\/.*$/s, 'role/name')))
    return 'lacks a valid role name';
  return 'is not the ARN of a role';
}

export default defineRule({
  title: 'eks.amazonaws.com/role-arn must be the ARN of an IAM role',
  severity: 'high',
  preset: 'recommended',
  kinds: ['ServiceAccount', 'ClusterConfig'],
  scope: 'resource',
  messages: { malformed: '{account} sets {key} to "{value}", which {fault}, so its pods cannot assume the role' },
  help: 'Write the full ARN of the role, e.g. arn:aws:iam::111122223333:role/app',
  equivalents: [],
  sources: ['Amazon EKS User Guide, IAM roles for service accounts'],
  check(resource, { report, undetermined }) {
    const judge = (on: object | undefined, key: string, account: string) => {
      const written: unknown = on && isRecord(on) ? on[key] : undefined;
      if (!on || written === undefined || (typeof written === 'object' && written !== null)) return;
      const value = written === null ? '' : String(written);
      if (resource.embedded && reference.test(value)) return;
      if (kustomizeVar.test(value)) undetermined('the value has a kustomize variable', { on, key });
      else if (!roleArn.test(value))
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
      const title = `ServiceAccount "${labelsOf(metadata)['name'] ?? ''}"`;
      judge(account, 'attachRoleARN', title);
      judge(isRecord(metadata['annotations']) ? metadata['annotations'] : undefined, annotation, title);
    }
  },
});
