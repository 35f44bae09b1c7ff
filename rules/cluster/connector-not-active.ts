import { Answer, defineRule } from '#rule';
import { clusterTitle } from '#rule/cluster';
import { awsPolicyName, type IamRole, type Grant, otherGrants } from '#rule/iam';

/** All permissions of the agent are in one service (EKS User Guide, Amazon EKS Connector IAM role). */
const service = 'ssmmessages';

/** What a role may do in addition to the work of the agent. */
function beside({ managed, inline }: IamRole): Grant[] {
  const grants: Grant[] = [];
  for (const { arn, document } of managed) {
    if (document.part) grants.push(...otherGrants(document.part, service));
    else {
      const name = awsPolicyName(arn);
      const when = name === undefined || name === '' ? Answer.unknown('an attached policy is not known') : Answer.yes;
      grants.push({ what: name ?? '', at: arn.at, when });
    }
  }
  return [...grants, ...[...inline].flatMap((policy) => otherGrants(policy, service))];
}

export default defineRule({
  title: 'Connected cluster should be active, with a least-privilege agent role',
  severity: 'low',
  preset: 'recommended',
  kinds: ['cluster'],
  asks: ['AWS::IAM::Role', 'AWS::IAM::RolePolicy', 'IAM::PolicyAttachment', 'AWS::IAM::ManagedPolicy'],
  scope: 'model',
  messages: {
    expired:
      'The registration of {cluster} expired on {day} before its agent connected, so EKS does not show the cluster',
    wide: 'The EKS Connector role of {cluster} is granted {what}, so a compromised agent can do more than connect',
  },
  help: {
    expired: 'Deregister the cluster, register it again, and apply the manifest within three days',
    wide: 'Limit the role to ssmmessages:CreateControlChannel, CreateDataChannel, OpenControlChannel and OpenDataChannel',
  },
  equivalents: [],
  sources: [
    'Amazon EKS User Guide, Amazon EKS Connector',
    'Amazon EKS User Guide, Amazon EKS connector IAM role',
    'eksctl validation and schema: eks-connector guide',
  ],
  check(cluster, { today, report }) {
    const { connector, health } = cluster;
    if (connector.written.value !== true) return;
    const title = clusterTitle(cluster);
    report({
      when: health.status.is('PENDING').and(connector.expiry.where((day) => day < today)),
      message: 'expired',
      data: { cluster: title, day: connector.expiry.value ?? '' },
      at: health.status.at,
    });
    const role = connector.role.part;
    if (!role) {
      report({
        when: connector.roleArn.present.and(Answer.unknown(connector.role.why ?? 'the role is not known')),
        message: 'wide',
        data: { cluster: title, what: '' },
        at: connector.roleArn.at,
      });
      return;
    }
    for (const { what, at, when } of beside(role))
      report({ when, message: 'wide', data: { cluster: title, what }, at });
  },
});
