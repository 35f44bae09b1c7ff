import { defineRule } from '#rule';
import { acceptsSubject, roleTitle } from '#rule/iam';
import { record, text } from '#rule/shape';
import { unrendered } from '#rule/unknown';

export default defineRule({
  title: 'IAM role trust policy must name the service account that uses it',
  severity: 'high',
  preset: 'recommended',
  kinds: ['ServiceAccount'],
  needs: ['eks.amazonaws.com/role-arn'],
  scope: 'workspace',
  asks: ['iamRole'],
  messages: {
    mismatch: '{account} uses {role}, whose trust policy does not name {subject}, so its pods cannot assume the role',
  },
  help: 'Add {subject} to the condition on the sub claim in the trust policy',
  equivalents: [],
  sources: ['EKS Best Practices Guide, Security > Identity and Access Management'],
  check(account, { report, undetermined, workspace }) {
    const annotations = record(record(account.object.metadata)?.annotations);
    const arn = text(annotations?.['eks.amazonaws.com/role-arn']);
    const [, number, name] = /^arn:[a-z-]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn ?? '') ?? [];
    if (!annotations || name === undefined || number === undefined || unrendered(arn)) return;
    const roles = workspace.rolesNamed(name, number);
    const [role] = roles;
    if (!role || account.namespace === '') return;
    const place = { on: annotations, key: 'eks.amazonaws.com/role-arn' };
    if (roles.length > 1) {
      undetermined(`${roles.length} roles are named ${name}`, place);
      return;
    }
    const subject = `system:serviceaccount:${account.namespace}:${account.name}`;
    report({
      when: acceptsSubject(role, subject).not(),
      message: 'mismatch',
      data: { account: account.title, role: roleTitle(role), subject },
      ...place,
      related: [role.trust.at],
    });
  },
});
