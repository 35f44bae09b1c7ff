import { templateUnknown } from '#model/hidden.ts';
import { type Field, mixedList } from '#spelling/field.ts';
import { made } from '#spelling/made.ts';
import { Property } from '#spelling/property.ts';
import type { AwsResource } from '#spelling/resource.ts';
import { none, type Row, type Rows } from '#spelling/spelling.ts';
import { spell } from '../spelling.ts';

/*
 * Groups of terraform-aws-modules/eks before version 18. Arguments and defaults: locals.tf, workers.tf and
 * modules/node_groups of 17.24.
 */

const defaultType = 'm4.large';

const templateRows = (managed: boolean): Rows => ({
  LaunchTemplateData: '',
  'LaunchTemplateData.ImageId': managed ? 'ami_id' : none, // AmiType of the group decides
  'LaunchTemplateData.MetadataOptions.HttpEndpoint': 'metadata_http_endpoint',
  'LaunchTemplateData.MetadataOptions.HttpTokens': { at: 'metadata_http_tokens', else: 'optional' },
  'LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit': 'metadata_http_put_response_hop_limit',
  'LaunchTemplateData.SecurityGroupIds': 'additional_security_group_ids',
  'LaunchTemplateData.NetworkInterfaces': (group) => group.filled(mixedList([group])),
  'LaunchTemplateData.NetworkInterfaces[].AssociatePublicIpAddress': 'public_ip',
  'LaunchTemplateData.BlockDeviceMappings': (group) => group.filled(mixedList([group])),
  'LaunchTemplateData.BlockDeviceMappings[].Ebs': '',
  'LaunchTemplateData.BlockDeviceMappings[].Ebs.Encrypted': managed ? 'disk_encrypted' : 'root_encrypted',
});

/** A string that is empty by default. */
const given = (field: Field): boolean => field.written && field.value !== '';

const instanceTypes: Row = (group) => {
  const listed = ['instance_types', 'override_instance_types'].map((key) => group.get(key)).find((one) => !one.absent);
  if (listed) return listed;
  const single = group.get('instance_type');
  return single.absent ? single.filled([defaultType]) : single.as(mixedList([single]));
};

const managedRows = (template: string): Rows => ({
  InstanceTypes: instanceTypes,
  LaunchTemplate(group) {
    const [other, own] = [group.get('launch_template_id'), group.get('create_launch_template')];
    if (given(other)) return made(other, { id: other });
    const { value } = own.bool(false);
    if (value === undefined) return own.doubted(templateUnknown);
    return value ? made(own, { id: own.naming(template) }) : own.nothing();
  },
  'RemoteAccess.Ec2SshKey'(group) {
    const key = group.get('key_name');
    const { value } = group.get('create_launch_template').bool(false);
    return given(key) && value === false && !given(group.get('launch_template_id')) ? key : key.nothing();
  },
  'RemoteAccess.SourceSecurityGroups': 'source_security_group_ids',
});
const ownRows = (template: string): Rows => ({
  InstanceTypes: instanceTypes,
  Version: none,
  AmiType(group) {
    const [image, platform] = [group.get('ami_id'), group.get('platform')];
    if (image.why !== undefined) return image;
    if (given(image)) return image.as('CUSTOM');
    if (platform.why !== undefined) return platform;
    // Images are looked up by amazon-eks-node-<version>-v*, which are those of Amazon Linux 2.
    return platform.value === 'windows' ? platform.as('WINDOWS_CORE_2019_x86_64') : image.filled('AL2_x86_64');
  },
  CapacityType(group) {
    const price = group.get('spot_price');
    if (price.why !== undefined) return price;
    const market = group.get('market_type');
    if (given(market)) return market.as(market.value === 'spot' ? 'SPOT' : 'ON_DEMAND');
    return given(price) ? price.as('SPOT') : price.filled('ON_DEMAND');
  },
  LaunchTemplate: (group) => made(group, { id: group.naming(template) }),
});

/** The groups of a call and the lists that hold them. */
export function expandGroups17(
  id: string,
  block: Field,
  cluster: Row,
  note: (message: string, at: Field) => void,
): { readonly resources: AwsResource[]; readonly lists: Field[] } {
  const shared = block.get('workers_group_defaults');
  const kinds = ['node_groups', 'worker_groups', 'worker_groups_launch_template'] as const;
  const lists = kinds.map((kind) => block.get(kind)).filter((list) => list.written);
  const resources = kinds.flatMap((kind) => {
    const managed = kind === 'node_groups';
    const all = block.get(kind);
    if (!all.written) return [];
    if (all.partial !== undefined) note(`${kind} of ${id} are not judged in full: ${all.partial}`, all);
    const items: [string, Field][] = all.map
      ? all.entries()
      : all.items().map((item, index): [string, Field] => [String(index), item]);
    return items.flatMap(([key, whole]): AwsResource[] => {
      const fields = whole.over(managed ? block.get('node_groups_defaults').over(shared) : shared);
      const own = `${id}.${kind}.${key}`;
      const template = `${own}.template`;
      const name: Row = (group) => {
        const written = group.get('name');
        return written.absent ? group.as(key) : written;
      };
      const rows = {
        NodegroupName: name,
        ClusterName: cluster,
        ...(managed ? managedRows(template) : ownRows(template)),
      };
      return [
        {
          type: managed ? 'AWS::EKS::Nodegroup' : 'EKS::SelfManagedNodegroup',
          id: own,
          title: key,
          whole,
          body: new Property(spell(rows), fields),
        },
        {
          type: 'AWS::EC2::LaunchTemplate',
          id: template,
          title: key,
          whole,
          body: new Property(spell(templateRows(managed)), fields),
        },
      ];
    });
  });
  return { resources, lists };
}
