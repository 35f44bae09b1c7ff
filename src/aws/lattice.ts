import type { ApiIntegration, Lattice, LatticePolicy } from '#model/aws.ts';
import { Collection, Value } from '#model/value.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { beside } from './beside.ts';
import { partOf } from './part.ts';
import { readPolicy } from './policy.ts';

/*
 * What receives traffic before services do: VPC Lattice and API Gateway. Fallbacks are the defaults of their APIs
 * (CreateServiceNetwork, CreateIntegration).
 */

const networkType = 'AWS::VpcLattice::ServiceNetwork';
const serviceType = 'AWS::VpcLattice::Service';

function readLattice(resource: AwsResource, description: Description): Lattice {
  const { body, whole, type } = resource;
  const name = body.path('Name').text();
  const logs = beside(resource, description, 'AWS::VpcLattice::AccessLogSubscription', 'ResourceIdentifier');
  const unclear = description.unclear('AWS::VpcLattice::AccessLogSubscription', 'ResourceIdentifier', type);
  return partOf('lattice', description.input, resource, name, {
    isNetwork: type === networkType,
    name,
    authType: body.path('AuthType').text('NONE'),
    accessLogs: new Collection(
      logs.map((one) => one.resource.body.path('DestinationArn').given()),
      {
        at: whole.at,
        state: logs.length > 0 ? 'set' : 'default',
        why: unclear ?? description.more,
        unread: description.whyUnread('AWS::VpcLattice::AccessLogSubscription'),
      },
    ),
  });
}

const readLatticePolicy = (resource: AwsResource, description: Description): LatticePolicy =>
  partOf('latticePolicy', description.input, resource, Value.default<string>(undefined, resource.whole.at), {
    ...(resource.subject ? { subject: resource.subject } : {}),
    policy: readPolicy(resource.body.path('Policy'), description),
  });

function readIntegration(resource: AwsResource, { input }: Description): ApiIntegration {
  const { body } = resource;
  return partOf('apiIntegration', input, resource, body.path('Description').text(), {
    type: body.path('IntegrationType').text(),
    connectionType: body.path('ConnectionType').text('INTERNET'),
    uri: body.path('IntegrationUri').text(),
    expression: body.path('IntegrationUri').given(),
  });
}

export const readEntrances = (description: Description): (Lattice | LatticePolicy | ApiIntegration)[] => [
  ...[networkType, serviceType].flatMap((type) => description.of(type).map((one) => readLattice(one, description))),
  ...description.of('AWS::VpcLattice::AuthPolicy').map((one) => readLatticePolicy(one, description)),
  ...description.of('AWS::ApiGatewayV2::Integration').map((one) => readIntegration(one, description)),
];
