import type { Statement } from '#model/aws-permissions.ts';
import { account, region } from './aws-account.ts';
import type { Call } from './moto.ts';

/* IAM as far as an audit needs it: the resource of a request, and whether a policy allows it. */

/**
 * ARN of the subject of a request, as defined by the Service Authorization Reference for its action; `*` if it has
 * none.
 */
export function resourceOf({ operation, url, body }: Call): string {
  const [service = '', action = ''] = operation.split(':');
  const arn = (rest: string): string => `arn:aws:${service}:${region}:${account}:${rest}`;
  const form = new URLSearchParams(body);
  const field = (key: string): string => new RegExp(`"${key}":"([^"]*)"`).exec(body)?.[1] ?? form.get(key) ?? '';
  const [, , cluster = '', list = '', name = ''] = url.pathname.split('/').map(decodeURIComponent);
  const last = decodeURIComponent(url.pathname.split('/').at(-1) ?? '');
  const given = last.startsWith('arn:') ? last : undefined;
  switch (service) {
    case 'eks': {
      const kinds: Readonly<Record<string, string>> = {
        'node-groups': 'nodegroup',
        addons: 'addon',
        'pod-identity-associations': 'podidentityassociation',
        'fargate-profiles': 'fargateprofile',
        'access-entries': `access-entry/${cluster}/role/${account}`,
        capabilities: 'capability',
      };
      if (/^(?:ListClusters|DescribeClusterVersions|DescribeAddonVersions)$/.test(action)) return '*';
      if (action === 'DescribeIdentityProviderConfig') return arn(`identityproviderconfig/${cluster}/oidc/x/uuid`);
      if (name === '' || list === 'insights') return arn(`cluster/${cluster}`);
      return arn(list === 'access-entries' ? `${kinds[list]}/x/uuid` : `${kinds[list]}/${cluster}/${name}/uuid`);
    }
    case 'ec2':
      return action === 'DescribeVpcAttribute' ? arn(`vpc/${form.get('VpcId')}`) : '*';
    case 'iam': {
      if (form.has('RoleName')) return `arn:aws:iam::${account}:role/${form.get('RoleName')}`;
      return form.get('PolicyArn') ?? form.get('OpenIDConnectProviderArn') ?? '*';
    }
    case 'kms':
      return field('KeyId').startsWith('arn:') ? field('KeyId') : arn(`key/${field('KeyId')}`);
    case 'ecr':
      if (/PullThroughCache|RegistryScanning/.test(action)) return '*';
      return arn(`repository/${field('repositoryName') || /"repositoryNames":\["([^"]*)"/.exec(body)?.[1]}`);
    case 'elasticfilesystem':
      // IAM looks up the file system of a mount target.
      return arn(`file-system/${url.searchParams.get('FileSystemId') ?? 'fs-1'}`);
    case 'rds':
      return action === 'DescribeDBClusters'
        ? arn(`cluster:${form.get('DBClusterIdentifier')}`)
        : arn(`db:${form.get('DBInstanceIdentifier')}`);
    case 'vpc-lattice': {
      if (action.startsWith('List')) return '*';
      return given ?? arn(`servicenetwork/${last}`);
    }
    case 'apigateway':
      return `arn:aws:apigateway:${region}::${url.pathname.replace(/^\/v2/, '')}`;
    case 'guardduty':
      return action === 'ListDetectors' ? '*' : arn(`detector/${last}`);
    default:
      return '*';
  }
}

/** Whether allow statements allow a request (IAM User Guide, policy evaluation logic). */
export function allows(statements: readonly Statement[], call: Call, resource = resourceOf(call)): boolean {
  const action = call.operation.startsWith('apigateway:') ? 'apigateway:GET' : call.operation;
  return statements.some(
    ({ Action, Resource }) =>
      Action.includes(action) &&
      (Resource === '*' || Resource.some((pattern) => asPattern(pattern).test(resource === '*' ? '' : resource))),
  );
}
const asPattern = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
