import { defineRule } from '#rule';
import { actionTitle, allowsEveryone } from '#rule/iam';

/**
 * Keys that restrict the callers: the caller's organization, account, role, tags or network (IAM User Guide, global
 * keys; VPC Lattice User Guide, condition keys).
 */
const limits =
  /^(?:aws:(?:Principal(?:OrgID|OrgPaths|Account|Arn|Type|Tag\/.+)|Source(?:Account|Arn|OrgID|OrgPaths|Vpc|Vpce|Ip|VpcArn))|vpc-lattice-svcs:SourceVpc(?:OwnerAccount)?)$/i;

export default defineRule({
  title: 'VPC Lattice must authenticate callers',
  severity: 'high',
  preset: 'recommended',
  kinds: ['lattice', 'latticePolicy'],
  scope: 'model',
  messages: {
    none: 'Service network "{name}" has auth type NONE, so every workload in its VPCs can call all of its services',
    everyone: 'The auth policy lets everyone use {action}, so every workload in the network can call the service',
    action: 'The auth policy uses action "{action}", which is not a VPC Lattice action, so it allows nothing',
  },
  help: {
    none: 'Set the auth type to AWS_IAM, and add an auth policy that lists the callers',
    everyone: 'List the roles of the callers in Principal, or add a condition on aws:PrincipalOrgID',
    action: 'Use vpc-lattice-svcs:Invoke',
  },
  equivalents: [],
  sources: ['Amazon VPC Lattice User Guide, Auth policies', 'AWS Gateway API Controller documentation, IAMAuthPolicy'],
  check(part, { report, undetermined }) {
    if (part.kind === 'lattice') {
      // A service may leave the check to its network.
      if (part.isNetwork)
        report({
          when: part.authType.is('NONE'),
          message: 'none',
          data: { name: part.subject.name },
          at: part.authType.at,
        });
      return;
    }
    const { statements } = part.policy;
    for (const statement of statements) {
      report({
        when: allowsEveryone(statement, limits),
        message: 'everyone',
        data: { action: actionTitle(statement) },
        at: statement.at,
      });
      for (const action of statement.actions.values)
        report({
          when: action.where((name) => name !== '*' && !/^vpc-lattice-svcs:/i.test(name)),
          message: 'action',
          data: { action: action.value ?? '' },
          at: action.at,
        });
    }
    if (!statements.complete) undetermined(statements.why ?? 'the policy is not known', { at: statements.at });
  },
});
