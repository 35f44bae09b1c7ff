import { DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { eksVersions } from '#model/calendar.ts';
import type { Json } from '../sample-objects.ts';
import {
  account,
  addons,
  addonVersion,
  associations,
  capability,
  entries,
  type Made,
  makeAccount,
  objectsWith,
  provider,
  region,
  roleArn,
} from './aws-account.ts';
import { type KubeStub, startKubeStub } from './kube-stub.ts';
import { type AwsServer, startAws } from './moto.ts';

/* An account of AWS in moto with the cluster "prod", what moto lacks of EKS, and an API-like server with the objects of the cluster. */

const environment = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: region,
  AWS_EC2_METADATA_DISABLED: 'true',
};
export const json = (response: Parameters<AwsServer['answer']>[1], body: unknown): true => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
  return true;
};

const entryOf = (principalArn: string): (typeof entries)[number] => {
  const found = entries.find(({ principal }) => roleArn(principal) === principalArn);
  if (!found) throw new Error(`no entry of ${principalArn}`);
  return found;
};

/** What moto lacks; each list has one page for each item. */
const answerEks =
  (cluster: Json): AwsServer['answer'] =>
  ({ operation, url, body }, response) => {
    const token = url.searchParams.get('nextToken') ?? /"nextToken":"([^"]+)"/.exec(body)?.[1];
    /** A token is only valid for the list that returned it. */
    const page = (key: string, items: readonly unknown[], more: object = {}): true => {
      const at = token === undefined ? 0 : Number(token.replace(`${key}-`, ''));
      if (!Number.isInteger(at)) throw new Error(`${operation} with the token ${token}`);
      const next = at + 1 < items.length ? { nextToken: `${key}-${at + 1}` } : {};
      return json(response, { ...more, [key]: items.slice(at, at + 1), ...next });
    };
    const name = url.pathname.split('/').at(-1) ?? '';
    const arnOf = (rest: string): string => `arn:aws:eks:${region}:${account}:${rest}`;
    switch (operation) {
      case 'eks:ListAddons':
        return page('addons', addons);
      case 'eks:ListNodegroups':
        return page('nodegroups', ['plain', 'templated']);
      case 'eks:DescribeAddon': {
        const addon = { addonName: name, clusterName: 'prod', addonArn: arnOf(`addon/prod/${name}/1`), addonVersion };
        return json(response, { addon: { ...addon, configurationValues: '{"canary":"canary-3"}' } });
      }
      case 'eks:ListPodIdentityAssociations':
      case 'eks:DescribePodIdentityAssociation': {
        const all = associations.map(({ id, namespace, serviceAccount, role }) => ({
          associationArn: arnOf(`podidentityassociation/prod/${id}`),
          associationId: id,
          clusterName: 'prod',
          namespace,
          serviceAccount,
          roleArn: roleArn(role),
        }));
        const [association] = all.filter(({ associationId }) => associationId === name);
        const listed = all.map((one) => ({ ...one, roleArn: undefined }));
        return association ? json(response, { association }) : page('associations', listed);
      }
      case 'eks:DescribeAddonVersions': {
        const addonName = url.searchParams.get('addonName');
        return json(response, { addons: [{ addonName, addonVersions: [{ addonVersion: 'v1.2.0' }] }] });
      }
      case 'eks:ListAccessEntries':
        return page(
          'accessEntries',
          entries.map(({ principal }) => roleArn(principal)),
        );
      case 'eks:DescribeAccessEntry': {
        const principalArn = decodeURIComponent(name);
        const { type, groups, principal } = entryOf(principalArn);
        return json(response, {
          accessEntry: {
            clusterName: 'prod',
            principalArn,
            accessEntryArn: arnOf(`access-entry/prod/role/${account}/${principal}/1`),
            type,
            // What EKS itself fills in for nodes.
            ...(type === 'STANDARD'
              ? { kubernetesGroups: groups, username: principalArn }
              : { kubernetesGroups: ['system:nodes'], username: 'system:node:{{EC2PrivateDNSName}}' }),
          },
        });
      }
      case 'eks:ListAssociatedAccessPolicies': {
        const principalArn = decodeURIComponent(url.pathname.split('/').at(-2) ?? '');
        const { policies } = entryOf(principalArn);
        const associated = policies.map((policyArn) => ({
          policyArn,
          accessScope: { type: 'cluster', namespaces: [] },
        }));
        return page('associatedAccessPolicies', associated, { clusterName: 'prod', principalArn });
      }
      case 'eks:ListIdentityProviderConfigs':
        return page('identityProviderConfigs', [{ type: 'oidc', name: 'login' }]);
      case 'eks:DescribeIdentityProviderConfig': {
        const identityProviderConfigArn = arnOf('identityproviderconfig/prod/oidc/login/1');
        const oidc = {
          identityProviderConfigName: 'login',
          identityProviderConfigArn,
          clusterName: 'prod',
          ...provider,
        };
        return json(response, { identityProviderConfig: { oidc } });
      }
      case 'eks:ListCapabilities':
        return page('capabilities', [{ capabilityName: capability.capabilityName, type: capability.type }]);
      case 'eks:DescribeCapability':
        return json(response, {
          capability: { ...capability, clusterName: 'prod', arn: arnOf('capability/prod/argocd/gitops/1') },
        });
      case 'eks:ListInsights':
        return page(
          'insights',
          ['UPGRADE_READINESS', 'MISCONFIGURATION'].map((category) => ({
            id: category,
            name: category,
            category,
            kubernetesVersion: '1.34',
            insightStatus: { status: 'ERROR', reason: 'Deprecated API usage detected.' },
          })),
        );
      case 'eks:DescribeClusterVersions':
        return json(response, {
          clusterVersions: eksVersions.map(({ version, released, endStandard, endExtended }) => ({
            clusterVersion: version,
            releaseDate: Date.parse(released) / 1000,
            endOfStandardSupportDate: Date.parse(endStandard) / 1000,
            endOfExtendedSupportDate: Date.parse(endExtended) / 1000,
          })),
        });
      case 'ecr:DescribePullThroughCacheRules':
        return json(response, { pullThroughCacheRules: [] });
      case 'eks:DescribeCluster':
        return name === 'prod' && json(response, { cluster });
      default:
        return false;
    }
  };

export interface AuditedAccount {
  readonly aws: AwsServer;
  readonly kube: KubeStub;
  readonly made: Made;
  readonly objects: readonly Json[];
  /** What moto says about the cluster, and where its API server really is. */
  readonly described: Json;
  /** Answers what moto lacks. */
  readonly answerEks: AwsServer['answer'];
  stop(): Promise<void>;
}

/** Starts the servers and names them in the environment. */
export async function startAuditedAccount(): Promise<AuditedAccount> {
  const before = { ...process.env };
  const aws = await startAws(true);
  Object.assign(process.env, environment, { AWS_ENDPOINT_URL: aws.url });
  const made = await makeAccount();
  const objects = objectsWith(made);
  const kube = await startKubeStub(objects);
  const said = await new EKSClient({}).send(new DescribeClusterCommand({ name: 'prod' }));
  const described = {
    ...said.cluster,
    createdAt: 1_700_000_000,
    endpoint: kube.url,
    accessConfig: { authenticationMode: 'API_AND_CONFIG_MAP' },
    resourcesVpcConfig: {
      ...said.cluster?.resourcesVpcConfig,
      vpcId: made.vpc,
      clusterSecurityGroupId: made.clusterGroup,
    },
  };
  return {
    aws,
    kube,
    made,
    objects,
    described,
    answerEks: answerEks(described),
    stop: async () => {
      process.env = before;
      kube.stop();
      await aws.stop();
    },
  };
}
