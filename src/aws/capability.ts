import type { Capability, Cluster } from '#model/cluster.ts';
import type { Ref } from '#model/value.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { partOf } from './part.ts';
import { roleAt } from './role.ts';

/** The facts of a capability (EKS API reference, CreateCapability). */
export function readCapability(resource: AwsResource, description: Description, cluster: Ref<Cluster>): Capability {
  const { body } = resource;
  const name = body.path('CapabilityName').text();
  const { arn, role } = roleAt(body.path('RoleArn'), description);
  const argoCd = body.path('Configuration', 'ArgoCd');
  return partOf('capability', description.input, resource, name, {
    name,
    cluster,
    type: body.path('Type').text(),
    roleArn: arn,
    role,
    deletePropagationPolicy: body.path('DeletePropagationPolicy').text(),
    argoCd: {
      written: argoCd.exists(),
      identityCenter: argoCd.path('AwsIdc', 'IdcInstanceArn').text(),
      vpcEndpoints: argoCd.path('NetworkAccess', 'VpceIds').texts(),
      roles: argoCd.path('RbacRoleMappings').texts([], 'Role'),
    },
  });
}
