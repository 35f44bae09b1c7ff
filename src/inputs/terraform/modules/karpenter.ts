import { isMadeByModule, moduleDecides, policiesOfModule } from '#model/hidden.ts';
import { type Field, mixedList } from '#spelling/field.ts';
import { made } from '#spelling/made.ts';
import { Property } from '#spelling/property.ts';
import type { AwsResource } from '#spelling/resource.ts';
import { type Row, type Rows, Unsure } from '#spelling/spelling.ts';
import { spell } from '../spelling.ts';
import { claim, subjectsOf, trust, valuesOf, webIdentity } from './iam.ts';
import { majorsOf, orElse, type Since, sinceIn } from './version.ts';

/*
 * What a call of terraform-aws-modules/eks//modules/karpenter creates: a role for the controller, its association, and
 * a role for the nodes. Arguments and defaults: its variables.tf and main.tf, versions 18 to 21.
 */

/** Whether a setting is on: certainly, certainly not, or undefined. */
const switched = (field: Field, fallback: unknown): boolean | undefined =>
  field.absent ? (fallback instanceof Unsure ? undefined : fallback === true) : field.bool().value;

/** The principals that the role of the controller trusts: EKS Pod Identity, a service account through OIDC, or both. */
function controllerTrust(block: Field, since: Since): Field {
  const statements: Field[] = [];
  const rest: Field[] = [];
  const decide = (answer: boolean | undefined, key: string, make: () => Field): void => {
    if (answer === true) statements.push(make());
    else if (answer === undefined) rest.push(block.get(key).doubted(block.get(key).why ?? moduleDecides));
  };
  decide(switched(block.get('enable_pod_identity'), since({ 18: false, 20: true })), 'enable_pod_identity', () =>
    made(block, {
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Principal: [{ Type: 'Service', Values: 'pods.eks.amazonaws.com' }],
    }),
  );
  const irsa = block.get('enable_irsa').absent ? block.get('create_irsa') : block.get('enable_irsa');
  decide(switched(irsa, since({ 18: true, 20: false })), 'enable_irsa', () => {
    const operator = orElse(block.get('irsa_assume_role_condition_test'), 'StringEquals');
    const given = block.get('irsa_namespace_service_accounts');
    const accounts = given.absent ? made(given, ['karpenter:karpenter']) : given;
    return webIdentity(
      block,
      block.get('irsa_oidc_provider_arn'),
      [
        ...claim('sub', operator, subjectsOf(accounts), block),
        made(block, { Operator: operator, Key: 'issuer:aud', Values: ['sts.amazonaws.com'] }),
      ],
      [],
    );
  });
  for (const key of ['iam_role_source_assume_policy_documents', 'iam_role_override_assume_policy_documents'])
    if (block.get(key).written) rest.push(block.get(key).doubted(policiesOfModule));
  return trust(block, statements, rest);
}

/** A name, which the module uses as a prefix by default. */
const prefixed =
  (key: string, prefix: string): Row =>
  (block) => {
    const name = block.get(key);
    return name.written && block.get(prefix).value !== false ? name.doubted(isMadeByModule('the name')) : name;
  };
/** ARNs of AWS managed policies that the module attaches, and those of the call. */
const nodePolicies: Row = (block) => {
  const more = block.get('node_iam_role_additional_policies');
  const names = ['AmazonEKSWorkerNodePolicy', 'AmazonEC2ContainerRegistryPullOnly', 'AmazonEKS_CNI_Policy'];
  const own = names.map((name) => block.filled(`arn:aws:iam::aws:policy/${name}`));
  return block.filled(
    mixedList([...own, ...valuesOf(more).items()], more.absent || more.partial === undefined ? [] : [more]),
  );
};

export function expandKarpenter(label: string, block: Field): AwsResource[] {
  const id = `module.${label}`;
  const since = sinceIn(majorsOf(block, [18, 21]));
  const resource = (type: string, part: string, rows: Rows): AwsResource => ({
    type,
    id: `${id}.${part}`,
    title: label,
    whole: block,
    body: new Property(spell(rows), block),
  });
  const resources: AwsResource[] = [];
  if (block.get('create_iam_role').value !== false) {
    resources.push(
      resource('AWS::IAM::Role', 'iam_role_arn', {
        RoleName: prefixed('iam_role_name', 'iam_role_use_name_prefix'),
        AssumeRolePolicyDocument: (one) => controllerTrust(one, since),
        ManagedPolicyArns: (one) => valuesOf(one.get('iam_role_policies')),
        PermissionsBoundary: 'iam_role_permissions_boundary_arn',
      }),
    );
    if (switched(block.get('create_pod_identity_association'), since({ 18: false, 21: true })) === true)
      resources.push(
        resource('AWS::EKS::PodIdentityAssociation', 'association', {
          Namespace: { at: 'namespace', else: 'kube-system' },
          ServiceAccount: { at: 'service_account', else: 'karpenter' },
          RoleArn: (one) => one.naming(`${id}.iam_role_arn`),
        }),
      );
  }
  if (block.get('create_node_iam_role').value !== false)
    resources.push(
      resource('AWS::IAM::Role', 'node_iam_role_arn', {
        RoleName: prefixed('node_iam_role_name', 'node_iam_role_use_name_prefix'),
        AssumeRolePolicyDocument: (one) =>
          trust(
            one,
            [
              made(one, {
                Effect: 'Allow',
                Action: ['sts:AssumeRole'],
                Principal: [{ Type: 'Service', Values: 'ec2.amazonaws.com' }],
              }),
            ],
            [],
          ),
        ManagedPolicyArns: nodePolicies,
        PermissionsBoundary: 'node_iam_role_permissions_boundary',
      }),
    );
  return resources;
}
