import type { Field } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import type { AwsResource } from '#spelling/resource.ts';
import type { Rows } from '#spelling/spelling.ts';
import { spell } from '../spelling.ts';
import { serviceRole } from './service-role.ts';

/* Other resources of the submodules of terraform-aws-modules/eks: hybrid-node-role, capability (versions 20 and 21). */

/** The role of hybrid nodes, which Systems Manager assumes, or, with `enable_ira`, the holder of a certificate. */
export function expandHybridRole(label: string, call: Field): AwsResource[] {
  const anywhere = call.get('enable_ira');
  const rows = serviceRole({
    service: 'ssm.amazonaws.com',
    policies: ['AmazonSSMManagedInstanceCore', 'AmazonEC2ContainerRegistryPullOnly'],
    more: 'policies',
    statements: 'policy_statements',
    boundary: 'permissions_boundary_arn',
  });
  return [
    {
      type: 'AWS::IAM::Role',
      id: `module.${label}`,
      title: label,
      whole: call,
      body: new Property(
        spell({
          ...rows,
          ...(anywhere.bool(false).value === false
            ? {}
            : {
                AssumeRolePolicyDocument: () => anywhere.doubted(anywhere.why ?? 'IAM Roles Anywhere assumes the role'),
              }),
        }),
        call,
      ),
    },
  ];
}

/** An EKS capability and its role. */
export function expandCapability(label: string, call: Field): AwsResource[] {
  const id = `module.${label}`;
  const create = call.get('create_iam_role');
  const role = `${id}.iam_role_arn`;
  const resource = (type: string, own: string, rows: Rows): AwsResource => ({
    type,
    id: own,
    title: label,
    whole: call,
    body: new Property(spell(rows), call),
  });
  return [
    resource('AWS::EKS::Capability', id, {
      CapabilityName(one) {
        const [name, type] = [one.get('name'), one.get('type')];
        if (name.written && name.value !== '') return name;
        return typeof type.value === 'string' ? type.worth(type.value.toLowerCase()) : type;
      },
      RoleArn(one) {
        if (create.value === false) return one.get('iam_role_arn');
        return create.why === undefined ? one.naming(role) : create;
      },
      DeletePropagationPolicy: { at: 'delete_propagation_policy', else: 'RETAIN' },
      'Configuration.ArgoCd.RbacRoleMappings': 'configuration.argo_cd.rbac_role_mapping',
    }),
    ...(create.value === false
      ? []
      : [
          resource(
            'AWS::IAM::Role',
            role,
            serviceRole({
              service: 'capabilities.eks.amazonaws.com',
              more: 'iam_role_policies',
              statements: 'iam_policy_statements',
              boundary: 'iam_role_permissions_boundary_arn',
              trusted: ['iam_role_source_assume_policy_documents', 'iam_role_override_assume_policy_documents'],
            }),
          ),
        ]),
  ];
}
