import type { KeyReference, KmsKey } from '#model/aws.ts';
import { Ref, Value } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Described, Description } from '#spelling/resource.ts';
import type { Location } from '#syntax/tree.ts';
import { partOf } from './part.ts';
import { readPolicy } from './policy.ts';
import { named } from './users.ts';

const keyType = 'AWS::KMS::Key';

/** Resources that clusters use and that name a key: the property, and what the key encrypts for them. */
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
    // The control plane and Container Insights write to log groups with these names (EKS and CloudWatch user guides).
    use: (one) =>
      /^\/aws\/(?:eks|containerinsights)\//.test(one.body.path('LogGroupName').text().pieces[0] ?? '')
        ? `log group ${named(one, 'LogGroupName')}`
        : undefined,
  },
];

/** The key that a property names, directly or by its alias. */
function keyAt(property: Property, description: Description): Described | undefined {
  const key = description.linked(property, keyType);
  if (key.state === 'here') return key;
  const alias = description.linked(property, 'AWS::KMS::Alias');
  const target = alias.state === 'here' ? alias.home.linked(alias.resource.body.path('TargetKeyId'), keyType) : alias;
  return target.state === 'here' ? target : undefined;
}

/** What keys encrypt for clusters, for messages. */
const uses = new WeakMap<AwsResource, Set<string>>();
/** Records for all keys of a run what they encrypt: a key is often defined in another module. */
export function indexKeys(descriptions: readonly Description[]): void {
  for (const description of descriptions)
    for (const { type, keys: keysOf, use } of users)
      for (const user of description.of(type))
        for (const property of keysOf(user.body)) {
          const key = keyAt(property, description);
          const words = key && use(user);
          if (key && words !== undefined) uses.set(key.resource, (uses.get(key.resource) ?? new Set()).add(words));
        }
}

/** The facts of a key. Fallbacks are the defaults of the KMS API (CreateKey). */
const readKey = (resource: AwsResource, description: Description): KmsKey =>
  description.once('kmsKey', resource, () => {
    const { body } = resource;
    // An API answer has an empty policy if no one wrote one.
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
      uses: [...(uses.get(resource) ?? [])],
    });
  });

/** The keys of a description. */
export const readKeys = (description: Description): KmsKey[] =>
  description.of(keyType).map((resource) => readKey(resource, description));

type Form = 'arn' | 'alias' | 'id' | 'other';
/** The value of a string; undefined if too little of it is known. Unknown pieces are undefined. */
function formOf(pieces: readonly (string | undefined)[]): Form | undefined {
  const text = pieces.map((piece) => piece ?? '\0').join('');
  if (/^arn:[^:]*:kms:.*:alias\/|^alias\//.test(text)) return 'alias';
  if (/^arn:[^:]*:kms:.*:key\//.test(text)) return 'arn';
  if (text.includes('\0')) return undefined;
  return /^(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|mrk-[\da-f]+)$/.test(text) ? 'id' : 'other';
}
/** The region of an ARN; the rest of the ARN may be unknown. */
function regionIn(text: Value<string>): Value<string> {
  const at = (): Location => text.at;
  const region = /^arn:[^:]*:kms:([^:]+):/.exec(text.pieces.map((piece) => piece ?? '\0').join(''))?.[1];
  if (region === undefined || region.includes('\0'))
    return text.state === 'unknown'
      ? Value.unknown(text.why ?? 'it is not known', at)
      : Value.default<string>(undefined, at);
  return Value.set(region, at);
}
/**
 * The value of an attribute of a key or alias; without an attribute, the identifier that the format uses for the
 * resource.
 */
const attributes: Readonly<Record<string, readonly (readonly [RegExp, Form])[]>> = {
  [keyType]: [
    [/^arn$/i, 'arn'],
    [/^(?:key_?id|id)?$/i, 'id'],
  ],
  'AWS::KMS::Alias': [
    [/^target_key_arn$/, 'arn'],
    [/^target_?key_?id$/i, 'id'],
    [/^(?:arn|name|id|alias_?name)?$/i, 'alias'],
  ],
};

/** How a property refers to a key. */
export function readKeyReference(property: Property, description: Description): KeyReference {
  const { at } = property;
  const reference = description.refer(property);
  const [key, alias] = [keyType, 'AWS::KMS::Alias'].map((type) => description.linked(property, type));
  const target = key?.state === 'here' ? key : alias?.state === 'here' ? alias : undefined;
  const referred =
    reference && target && property.why !== undefined
      ? attributes[target.resource.type]?.find(([name]) => name.test(reference.attribute ?? ''))?.[1]
      : undefined;
  const text = property.text();
  // EKS receives the value as the tool passes it.
  const form = property.field.names === undefined ? (referred ?? formOf(text.pieces)) : 'arn';
  const found = keyAt(property, description);
  return {
    by: form === undefined ? Value.unknown(text.why ?? 'it is not known', at) : Value.set(form, at),
    region:
      referred === undefined && property.field.names === undefined
        ? regionIn(text)
        : Value.default<string>(undefined, at),
    key: found
      ? Ref.here(() => readKey(found.resource, found.home))
      : Ref.elsewhere(property.why ?? 'it is not defined in these files'),
  };
}
