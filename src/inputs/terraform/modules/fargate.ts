import { isMadeByModule } from '#model/hidden.ts';
import { Field } from '#spelling/field.ts';
import { made } from '#spelling/made.ts';
import { Property } from '#spelling/property.ts';
import type { AwsResource } from '#spelling/resource.ts';
import { none, type Row, type Rows } from '#spelling/spelling.ts';
import { spell } from '../spelling.ts';
import { serviceRole } from './service-role.ts';

/* Fargate profiles with their roles. Arguments and defaults: variables.tf and main.tf of the modules. */

const service = 'eks-fargate-pods.amazonaws.com';
const executionPolicy = 'AmazonEKSFargatePodExecutionRolePolicy';

const roleRows = serviceRole({
  service,
  policies: [executionPolicy],
  more: 'iam_role_additional_policies',
  statements: 'iam_role_policy_statements',
  boundary: 'iam_role_permissions_boundary',
});

/** A profile of terraform-aws-modules/eks, in the call of the cluster or in a separate one. */
export function fargateProfile(
  id: string,
  key: string,
  {
    whole,
    fields,
    name,
    cluster,
    shared,
  }: {
    readonly whole: Field;
    readonly fields: Field;
    readonly name: Row;
    readonly cluster: Row;
    /** The call of the cluster, whose subnets all profiles use that name none. */
    readonly shared?: Field;
  },
): AwsResource[] {
  const role = `${id}.iam_role_arn`;
  const create = fields.get('create_iam_role');
  const profile: Rows = {
    FargateProfileName: name,
    ClusterName: cluster,
    Subnets(one) {
      const own = Field.either([one.get('subnet_ids'), one.get('subnets')]);
      return own.absent && shared ? Field.either([shared.get('subnet_ids'), shared.get('subnets')]) : own;
    },
    PodExecutionRoleArn(one) {
      if (create.value === false) return one.get('iam_role_arn');
      return create.why === undefined ? one.naming(role) : create;
    },
  };
  const resource = (type: string, own: string, rows: Rows): AwsResource => ({
    type,
    id: own,
    title: key,
    whole,
    body: new Property(spell(rows), fields),
  });
  return [
    resource('AWS::EKS::FargateProfile', id, profile),
    ...(create.value === false ? [] : [resource('AWS::IAM::Role', role, roleRows)]),
  ];
}

/** A profile in a call of the submodule. */
export const expandProfile = (label: string, call: Field): AwsResource[] =>
  fargateProfile(`module.${label}`, label, { whole: call, fields: call, name: 'name', cluster: 'cluster_name' });

/** A profile of cloudposse/eks-fargate-profile, for one namespace. */
export function expandCloudPosseProfile(label: string, call: Field): AwsResource[] {
  if (call.get('fargate_profile_enabled').value === false) return [];
  const id = `module.${label}`;
  const create = call.get('fargate_pod_execution_role_enabled');
  const rows: Rows = {
    FargateProfileName(one) {
      const name = one.get('fargate_profile_name');
      return name.absent ? name.doubted(isMadeByModule('the name'), true) : name;
    },
    Subnets: 'subnet_ids',
    Selectors: (one) =>
      made(one, [{ namespace: one.get('kubernetes_namespace'), labels: one.get('kubernetes_labels') }]),
    PodExecutionRoleArn(one) {
      if (create.value === false) return one.get('fargate_pod_execution_role_arn');
      return create.why === undefined ? one.naming(`${id}.role`) : create;
    },
    Tags: none,
  };
  const resource = (type: string, own: string, what: Rows): AwsResource => ({
    type,
    id: own,
    title: label,
    whole: call,
    body: new Property(spell(what), call),
  });
  const role = serviceRole({
    service,
    policies: [executionPolicy],
    boundary: 'permissions_boundary',
  });
  return [
    resource('AWS::EKS::FargateProfile', id, rows),
    ...(create.value === false ? [] : [resource('AWS::IAM::Role', `${id}.role`, role)]),
  ];
}
