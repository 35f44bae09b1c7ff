import type { Aws } from './aws.ts';
import { type Calls, pagesOf, text } from './aws-calls.ts';
import type { Place } from './aws-cluster.ts';

/*
 * What receives traffic before services of a cluster: VPC Lattice service networks, and API Gateway integrations that
 * call its load balancers.
 */

/**
 * The VPC Lattice service networks that the VPC of a cluster is associated with, who may call them and their services,
 * and their logs.
 */
export async function collectLattice(aws: Aws, calls: Calls, place: Place, vpcIdentifier: string): Promise<void> {
  if (!calls.wants('AWS::VpcLattice::ServiceNetwork')) return;
  const [services, policies, logs] = (['Service', 'AuthPolicy', 'AccessLogSubscription'] as const).map((name) =>
    calls.wants(`AWS::VpcLattice::${name}`),
  );
  const sdk = await import('#sources/clients.ts');
  const { 'vpc-lattice': client } = await aws.clients;

  /** Resources of another account are identified by their ARN (VPC Lattice API reference). */
  const nameFor = (arn: string, id = ''): string => (arn.split(':')[4] === place.account && id !== '' ? id : arn);
  const readPolicy = async (resourceIdentifier: string, name: string | undefined): Promise<void> => {
    // If there is none, the answer is empty or an error that says so.
    const said = await calls.ask('vpc-lattice:GetAuthPolicy', () =>
      client.send(new sdk.GetAuthPolicyCommand({ resourceIdentifier }), aws.until),
    );
    if (said?.policy !== undefined && said.policy !== '')
      calls.keep(`${resourceIdentifier}/authpolicy`, { resourceIdentifier, name, policy: said.policy });
  };
  const readServices = async (serviceNetworkIdentifier: string): Promise<void> => {
    const all = await calls.list(
      'vpc-lattice:ListServiceNetworkServiceAssociations',
      sdk.paginateListServiceNetworkServiceAssociations({ client }, { serviceNetworkIdentifier }, aws.until),
      (page) => page.items,
      ['missing'],
    );
    // They contain everything except the authorization type of a service, which no rule needs.
    await calls.each(all ?? [], async ({ serviceArn, serviceId: id, serviceName: name }) => {
      const arn = serviceArn ?? place.arnOf('vpc-lattice', `service/${id}`);
      calls.keep(arn, { items: [{ arn, id, name }] });
      if (policies) await readPolicy(arn, name);
    });
  };
  const readLogs = async (resourceIdentifier: string): Promise<void> => {
    const all = await calls.list(
      'vpc-lattice:ListAccessLogSubscriptions',
      sdk.paginateListAccessLogSubscriptions({ client }, { resourceIdentifier }, aws.until),
      (page) => page.items,
      ['missing'],
    );
    for (const { arn, id, resourceArn, resourceId, destinationArn } of all ?? [])
      calls.keep(arn ?? place.arnOf('vpc-lattice', `accesslogsubscription/${id}`), {
        items: [{ arn, id, resourceArn, resourceId, destinationArn }],
      });
  };
  const networks = await calls.list(
    'vpc-lattice:ListServiceNetworkVpcAssociations',
    sdk.paginateListServiceNetworkVpcAssociations({ client }, { vpcIdentifier }, aws.until),
    (page) => page.items,
  );
  await calls.each(networks ?? [], async ({ serviceNetworkArn = '', serviceNetworkId }) => {
    const serviceNetworkIdentifier = nameFor(serviceNetworkArn, serviceNetworkId);
    const said = await calls.ask('vpc-lattice:GetServiceNetwork', () =>
      client.send(new sdk.GetServiceNetworkCommand({ serviceNetworkIdentifier }), aws.until),
    );
    if (said) {
      const { arn = serviceNetworkArn, id, name, authType } = said;
      calls.keep(arn, { items: [{ arn, id, name, authType }] });
    }
    await Promise.all([
      ...(policies ? [readPolicy(serviceNetworkArn, said?.name)] : []),
      ...(services ? [readServices(serviceNetworkIdentifier)] : []),
      ...(logs ? [readLogs(serviceNetworkIdentifier)] : []),
    ]);
  });
}

/** The integrations of HTTP APIs that call one of the hosts: those of the load balancers of a cluster. */
export async function collectIntegrations(
  aws: Aws,
  calls: Calls,
  { region, partition }: Place,
  hosts: readonly string[],
): Promise<void> {
  if (!calls.wants('AWS::ApiGatewayV2::Integration') || hosts.length === 0) return;
  const sdk = await import('#sources/clients.ts');
  const { apigateway } = await aws.clients;
  const known = new Set(hosts.map((one) => one.toLowerCase()));
  const apis = await calls.list(
    'apigateway:GetApis',
    pagesOf((NextToken) => apigateway.send(new sdk.GetApisCommand({ NextToken }), aws.until)),
    (page) => page.Items,
  );
  // Integrations of WebSocket APIs also call the same load balancers.
  await calls.each(
    (apis ?? []).flatMap(({ ApiId }) => ApiId ?? []),
    async (ApiId) => {
      const all = await calls.list(
        'apigateway:GetIntegrations',
        pagesOf((NextToken) => apigateway.send(new sdk.GetIntegrationsCommand({ ApiId, NextToken }), aws.until)),
        (page) => page.Items,
        ['missing'],
      );
      for (const { IntegrationId, IntegrationType, ConnectionType, IntegrationUri, Description } of all ?? []) {
        if (!known.has(hostOf(text(IntegrationUri)))) continue;
        // The rest may contain secrets that callers do not see.
        calls.keep(`arn:${partition}:apigateway:${region}::/apis/${ApiId}/integrations/${IntegrationId}`, {
          Items: [{ IntegrationId, IntegrationType, ConnectionType, IntegrationUri, Description }],
        });
      }
    },
  );
}

/** The host of a URL, which may have variables in its path; empty for an invalid URL. */
const hostOf = (url: string): string => (/^https?:\/\/([^/:?]+)/i.exec(url)?.[1] ?? '').toLowerCase();
