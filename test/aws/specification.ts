import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

/* The AWS resource specification. */

const spec = loadAwsServiceSpecSync();
type Type = NonNullable<ReturnType<typeof propertiesOf>[string]>['type'];

function propertiesOf(type: string) {
  return spec.lookup('resource', 'cloudFormationType', 'equals', type).only().properties;
}

/** The properties of a type in the specification; for a list, those of an item. */
function inside(type: Type): ReturnType<typeof propertiesOf> | undefined {
  if (type.type === 'ref') return spec.get('typeDefinition', type.reference).properties;
  if (type.type === 'array') return inside(type.element);
  if (type.type === 'union') return type.types.map(inside).find((one) => one !== undefined);
  return undefined;
}
/** Whether CloudFormation has a property: `SecurityGroupIngress[].CidrIp`. */
export function has(type: string, path: string): boolean {
  if (/^Tags\[\]\.(?:Key|Value)$/.test(path)) return 'Tags' in propertiesOf(type);
  const { attributes } = spec.lookup('resource', 'cloudFormationType', 'equals', type).only();
  if (path in attributes) return true;
  let properties: ReturnType<typeof propertiesOf> | undefined = propertiesOf(type);
  for (const name of path.replaceAll('[]', '').split('.')) {
    const found: ReturnType<typeof propertiesOf>[string] | undefined = properties?.[name];
    if (!found) return false;
    properties = inside(found.type);
  }
  return true;
}

/** All names of properties, at any depth, of the types of the services that readings use. */
export function cloudFormationNames(): ReadonlySet<string> {
  const names = new Set<string>();
  const open = new Set<unknown>();
  const enter = (properties: ReturnType<typeof propertiesOf>): void => {
    if (open.has(properties)) return;
    open.add(properties);
    for (const [name, { type }] of Object.entries(properties)) {
      names.add(name);
      const inner = inside(type);
      if (inner) enter(inner);
    }
  };
  for (const { cloudFormationType, properties } of spec.all('resource'))
    if (
      /^AWS::(?:ApiGatewayV2|AutoScaling|EC2|ECR|EFS|EKS|GuardDuty|IAM|KMS|Logs|RDS|SSM|VpcLattice)::/.test(
        cloudFormationType,
      )
    )
      enter(properties);
  return names;
}
