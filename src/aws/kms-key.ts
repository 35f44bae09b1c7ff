import { push } from '#model/selector.ts';
import type { KmsKey } from '#model/aws.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { partOf } from './part.ts';
import { readPolicy } from './policy.ts';

const keyType = 'AWS::KMS::Key';
const named = ({ body, title }: AwsResource, name: string): string => `"${body.path(name).text().value ?? title}"`;

/** Resources that clusters use and that name a key: where, and what the key encrypts for them. */
const users: readonly {
  readonly type: string;
  readonly keys: (body: Property) => readonly Property[];
  readonly use: (resource: AwsResource) => string | undefined;
}[] = [
  {
    type: 'AWS::EKS::Cluster',
    keys: (body) =>
      body
        .path('EncryptionConfig')
        .items()
        .map((one) => one.path('Provider', 'KeyArn')),
    use: (one) => `secrets of cluster ${named(one, 'Name')}`,
  },
  {
    type: 'AWS::EC2::LaunchTemplate',
    keys: (body) =>
      body
        .path('LaunchTemplateData', 'BlockDeviceMappings')
        .items()
        .map((one) => one.path('Ebs', 'KmsKeyId')),
    use: (one) => `volumes of launch template ${named(one, 'LaunchTemplateName')}`,
  },
  { type: 'AWS::EFS::FileSystem', keys: (body) => [body.path('KmsKeyId')], use: (one) => `file system "${one.title}"` },
  {
    type: 'AWS::ECR::Repository',
    keys: (body) => [body.path('EncryptionConfiguration', 'KmsKey')],
    use: (one) => `repository ${named(one, 'RepositoryName')}`,
  },
  {
    type: 'AWS::Logs::LogGroup',
    keys: (body) => [body.path('KmsKeyId')],
    // The control plane and Container Insights write to groups of these names (EKS and CloudWatch user guides).
    use: (one) =>
      /^\/aws\/(?:eks|containerinsights)\//.test(one.body.path('LogGroupName').text().pieces[0] ?? '')
        ? `log group ${named(one, 'LogGroupName')}`
        : undefined,
  },
];

/** The key that a property names, by its alias as well. */
function keyAt(property: Property, description: Description): AwsResource | undefined {
  const key = description.linked(property, keyType);
  if (key.state === 'here') return key.home === description ? key.resource : undefined;
  const alias = description.linked(property, 'AWS::KMS::Alias');
  const target = alias.state === 'here' ? description.linked(alias.resource.body.path('TargetKeyId'), keyType) : alias;
  return target.state === 'here' && target.home === description ? target.resource : undefined;
}

/** The keys of a description. Fallbacks are the defaults of the KMS API (CreateKey). */
export function readKeys(description: Description): KmsKey[] {
  const keys = description.of(keyType);
  if (keys.length === 0) return [];
  const uses = new Map<AwsResource, string[]>();
  for (const { type, keys: keysOf, use } of users)
    for (const resource of description.of(type))
      for (const property of keysOf(resource.body)) {
        const key = keyAt(property, description);
        const words = key && use(resource);
        if (key && words !== undefined) push(uses, key, words);
      }
  return keys.map((resource) => {
    const { body } = resource;
    // An answer has an empty one where nobody wrote any.
    const name = body
      .path('Description')
      .text()
      .to((words) => (words === '' ? undefined : words));
    return partOf('kmsKey', description.input, resource, name, {
      rotation: body.path('EnableKeyRotation').bool(false),
      spec: body.path('KeySpec').text('SYMMETRIC_DEFAULT'),
      origin: body.path('Origin').text('AWS_KMS'),
      enabled: body.path('Enabled').bool(true),
      policy: readPolicy(body.path('KeyPolicy'), description),
      uses: [...new Set(uses.get(resource))],
    });
  });
}
