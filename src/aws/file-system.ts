import type { FileSystem } from '#model/aws.ts';
import { Collection } from '#model/value.ts';
import type { Description } from '#spelling/resource.ts';
import { beside } from './beside.ts';
import { readSubnet } from './network.ts';
import { nameOf, partOf, refOf } from './part.ts';

const systemType = 'AWS::EFS::FileSystem';
const targetType = 'AWS::EFS::MountTarget';

/** The file systems of a description. Fallbacks are the defaults of the EFS API (CreateFileSystem). */
export const readFileSystems = (description: Description): FileSystem[] =>
  description.of(systemType).map((resource) => {
    const { body, whole } = resource;
    const unclear = description.unclear(targetType, 'FileSystemId', systemType);
    const targets = beside(resource, description, targetType, 'FileSystemId');
    return partOf('fileSystem', description.input, resource, nameOf(resource, 'FileSystemTags'), {
      encrypted: body.path('Encrypted').bool(false),
      key: body.path('KmsKeyId').given(),
      mountTargets: new Collection(
        targets.map(({ resource: { body: target }, home }) => ({
          subnet: refOf(home.linked(target.path('SubnetId'), 'AWS::EC2::Subnet'), 'no subnet is set', readSubnet),
          securityGroups: target.path('SecurityGroups').texts(),
        })),
        {
          at: whole.at,
          why: unclear ?? description.more,
          unread: description.whyUnread(targetType),
        },
      ),
    });
  });
