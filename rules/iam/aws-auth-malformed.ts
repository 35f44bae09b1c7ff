import { defineRule } from '#rule';
import { mappingStart } from '#rule/aws-auth';
import { nearest } from '#rule/nearest';

const known = new Set(['rolearn', 'userarn', 'sso', 'username', 'groups', 'userid']);
const nodeGroups = new Set(['system:nodes', 'system:bootstrappers', 'system:node-proxier', 'eks:kube-proxy-windows']);
/** Names of nodes of EC2, and of Fargate and hybrid nodes (EKS User Guide, pod execution role and hybrid nodes). */
const ec2Name = 'system:node:{{EC2PrivateDNSName}}';
const nodeNames = new Set([ec2Name, 'system:node:{{SessionName}}']);

export default defineRule({
  title: 'ConfigMap aws-auth must contain valid mappings',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['awsAuth'],
  scope: 'model',
  messages: {
    list: '{list} of aws-auth is not a YAML list, so none of its entries can log in',
    arn: 'An entry of {list} in aws-auth has no {key}, so it matches no principal',
    nobody: '{principal} in aws-auth has neither username nor groups, so it has no permissions',
    groups: '`groups` of {principal} in aws-auth is not a list, so the authenticator ignores it',
    key: 'Key "{key}" of {principal} in aws-auth is unknown, so it is ignored',
    near: 'Key "{key}" of {principal} in aws-auth is unknown (did you mean "{near}"?), so it is ignored',
    session: '{principal} in aws-auth is a session, not a role, so it matches no principal',
    path: '{principal} in aws-auth has a path, which the authenticator does not support, so it matches no principal',
    twice: '{principal} is in aws-auth twice, so only one of the entries takes effect',
    node: '{principal} in aws-auth maps nodes to user "{name}" instead of "{expected}", so they cannot join',
    rights: '{principal} in aws-auth gives nodes the group "{group}", so every node and its pods get its permissions',
  },
  help: {
    list: 'Write a list of entries with rolearn, username and groups, indented by the same number of spaces',
    arn: 'Add {key} with the ARN of one role or user',
    nobody: 'Add username and groups, e.g. groups: [shop-admins]',
    groups: 'Write a list: groups: [<name>]',
    key: 'Remove it; the authenticator reads only rolearn or userarn, username and groups',
    near: 'Rename the key to {near}',
    session: 'Use the ARN of the role: arn:aws:iam::<account>:role/<name>',
    path: 'Remove the path: arn:aws:iam::<account>:role/<name>',
    twice: 'Merge the entries into one with the groups of both',
    node: 'Use {expected} for EC2 nodes; names for Fargate and hybrid nodes end in SessionName instead',
    rights: 'Map nodes only to system:bootstrappers and system:nodes',
  },
  equivalents: [],
  sources: [
    'EKS Best Practices Guide, Security > Identity and Access Management > The aws-auth ConfigMap',
    'eksctl validation and schema: iamIdentityMappings',
  ],
  check({ lists, mappings }, { report, undetermined }) {
    for (const { name, isList, at } of lists) report({ when: isList.not(), message: 'list', data: { list: name }, at });
    const seen = new Set<string>();
    for (const mapping of mappings) {
      const { list, arn, isReference, hasPath, username, groups, otherGroups, keys, at } = mapping;
      const principal = mappingStart(mapping);
      const data = { principal };
      if (arn.state === 'default' && !keys.some((key) => key.toLowerCase() === 'sso')) {
        report({ message: 'arn', data: { list, key: list === 'mapUsers' ? 'userarn' : 'rolearn' }, at });
        continue;
      }
      report({ when: username.present.or(groups.empty.not()).not(), message: 'nobody', data, at });
      if (otherGroups) report({ message: 'groups', data, at: otherGroups });
      for (const key of keys) {
        if (known.has(key.toLowerCase())) continue;
        const near = nearest(key, known);
        // It replaces no key that the authenticator reads, and those are judged on their own.
        if (near === undefined) report({ message: 'key', severity: 'low', data: { ...data, key }, at });
        else report({ message: 'near', data: { ...data, key, near }, at });
      }
      if (!isReference)
        report({ when: arn.where((text) => text.includes(':assumed-role/')), message: 'session', data, at: arn.at });
      // For a reference, other files may give the role more permissions.
      if (!isReference || hasPath.state === 'yes') report({ when: hasPath, message: 'path', data, at: arn.at });
      if (arn.value !== undefined && seen.has(arn.value)) report({ message: 'twice', data, at: arn.at });
      // Unknown accounts may be different ones.
      if (arn.value !== undefined && !arn.value.includes('?')) seen.add(arn.value);
      const forNodes = groups.has((group) => group.is('system:nodes'));
      report({
        when: forNodes.and(username.where((name) => !nodeNames.has(name))),
        message: 'node',
        data: { ...data, name: username.value ?? '', expected: ec2Name },
        at: username.at,
      });
      for (const group of groups)
        report({
          when: forNodes.and(group.where((name) => !nodeGroups.has(name))),
          message: 'rights',
          data: { ...data, group: group.value ?? '' },
          at: group.at,
        });
    }
    if (!mappings.complete) undetermined(mappings.why ?? 'there may be more mappings', { at: mappings.at });
  },
});
