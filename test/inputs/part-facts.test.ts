import { describe, expect, it } from 'vitest';
import type { AwsPart } from '#model/aws.ts';
import type { ClusterPart } from '#model/cluster.ts';
import { type Collection, Value } from '#model/value.ts';
import { provider } from '#inputs/terraform/spelling.ts';
import { read } from './read.ts';
import { hcl, hidden, json, nest, type Tree } from './written.ts';

/*
 * Facts of parts other than a cluster, spelled for each format that has them, written, left out and hidden.
 * CloudFormation's names are checked against the specification of AWS (test/aws/names.test.ts); the others follow from
 * them unless they are written out.
 */

type Part = AwsPart | ClusterPart;
type Kind = Part['kind'];
type Of<K extends Kind> = Extract<Part, { readonly kind: K }>;
type Known = Value<unknown> | Collection<Value<unknown>>;

/** A path, or a path and the value that is written there. */
type Spelled = string | readonly [at: string, value: unknown];
interface Fact<K extends Kind> {
  readonly name: string;
  readonly ask: (part: Of<K>) => Known;
  readonly is: unknown;
  readonly at: string;
  /** What CloudFormation writes, if that differs from the fact. */
  readonly value?: unknown;
  readonly else?: unknown;
  /** The result for a variable; unknown by default. */
  readonly hidden?: 'set';
  readonly terraform?: Spelled;
  readonly eksctl?: Spelled;
  readonly module?: Spelled;
  readonly ack?: Spelled;
  readonly capi?: Spelled;
  readonly answers?: Spelled;
  /** Formats that cannot express it. */
  readonly not?: readonly Format[];
}
interface Group<K extends Kind> {
  readonly kind: K;
  readonly type: string;
  /** The type of Terraform's provider. */
  readonly terraform: string;
  /** Content of every resource, so that it is recognized. */
  readonly with?: { readonly cloudformation?: Tree; readonly terraform?: Tree };
  readonly eksctl?: string;
  readonly module?: string;
  readonly ack?: readonly [version: string, kind: string];
  readonly upbound?: readonly [version: string, kind: string];
  readonly capi?: string;
  readonly answers?: readonly [key: string, arn: string];
  readonly facts: readonly Fact<K>[];
}
const formats = ['cloudformation', 'terraform', 'eksctl', 'module', 'ack', 'upbound', 'capi', 'answers'] as const;
type Format = (typeof formats)[number];

const by = (path: string, name: (step: string) => string): string =>
  path
    .split('.')
    .map((step) => (/^\d+$/.test(step) ? step : name(step)))
    .join('.');
const snake = (step: string): string =>
  step
    .replace(/(?<=[a-z\d])[A-Z]/g, (letter) => `_${letter}`)
    .replace(/(?<=[A-Z])[A-Z](?=[a-z])/g, (letter) => `_${letter}`)
    .toLowerCase();
const camel = (step: string): string => step.slice(0, 1).toLowerCase() + step.slice(1);
/** Blocks are written once; in Crossplane objects they are lists. */
const withoutItems = (path: string): string => path.replace(/\.0(?=\.)/g, '');
const inLists = (path: string): string =>
  path.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase()).replace(/\./g, '.0.');

/** Where a format writes a fact, and what; undefined if it has no such part or cannot express it. */
function spelledIn<K extends Kind>(
  group: Group<K>,
  fact: Fact<K>,
  format: Format,
): readonly [string, unknown] | undefined {
  if (fact.not?.includes(format) || (format !== 'cloudformation' && group[format] === undefined)) return undefined;
  const plain = fact.value ?? fact.is;
  const terraform = fact.terraform ?? by(withoutItems(fact.at), snake);
  const own = format === 'cloudformation' ? fact.at : format === 'upbound' ? terraform : fact[format];
  const [at, value] =
    own === undefined
      ? [
          format === 'terraform' ? String(terraform) : format === 'module' ? by(fact.at, snake) : by(fact.at, camel),
          plain,
        ]
      : typeof own === 'string'
        ? [own, plain]
        : own;
  return [format === 'upbound' ? inLists(at) : at, value];
}

function write<K extends Kind>(group: Group<K>, format: Format, body: Tree): Readonly<Record<string, string>> {
  const object = (apiVersion: string, kind: string, spec: Tree): Readonly<Record<string, string>> => ({
    'o.yaml': json({ apiVersion, kind, metadata: { name: 'p', namespace: 'n' }, spec }, '${HIDDEN}'),
  });
  switch (format) {
    case 'cloudformation':
      return {
        't.json': json(
          {
            Parameters: { Hidden: { Type: 'String' } },
            Resources: { P: { Type: group.type, Properties: { ...group.with?.cloudformation, ...body } } },
          },
          { Ref: 'Hidden' },
        ),
      };
    case 'terraform':
      return {
        'main.tf': `resource "${group.terraform}" "p" {\n${hcl({ ...group.with?.terraform, ...body }, true)}}\n`,
      };
    case 'module':
      return {
        'main.tf': `module "eks" {\n${hcl(
          { source: 'terraform-aws-modules/eks/aws', version: '21.8.0', [group.module ?? '']: { p: body } },
          false,
        )}}\n`,
      };
    case 'eksctl':
      return {
        'c.yaml': json(
          {
            apiVersion: 'eksctl.io/v1alpha5',
            kind: 'ClusterConfig',
            metadata: { name: 'c', region: 'eu-west-1', version: '1.35' },
            ...nest(`${group.eksctl}.0`, body),
          },
          '${HIDDEN}',
        ),
      };
    case 'ack': {
      const [version = '', kind = ''] = group.ack ?? [];
      return object(version, kind, { clusterName: 'c', ...body });
    }
    case 'upbound': {
      const [version = '', kind = ''] = group.upbound ?? [];
      return object(version, kind, { forProvider: { clusterName: 'c', ...body } });
    }
    case 'capi':
      return object('controlplane.cluster.x-k8s.io/v1beta2', 'AWSManagedControlPlane', nest(`${group.capi}.0`, body));
    case 'answers': {
      const [key = '', arn = ''] = group.answers ?? [];
      const told = { [arn]: 'arn:aws:eks:eu-west-1:111122223333:x/c/p/1', clusterName: 'c', ...body };
      return { 'a.json': json({ [key]: told }, '') };
    }
  }
}

/** The only part of a kind that files describe. */
function find<K extends Kind>(kind: K, files: Readonly<Record<string, string>>): Of<K> {
  const { clusters, loose, aws } = read(files);
  const all: readonly Part[] = [
    ...clusters.flatMap((one) => [
      ...one.addons,
      ...one.fargateProfiles,
      ...one.accessEntries,
      ...one.identityProviders,
      ...one.capabilities,
    ]),
    ...loose,
    ...aws,
  ];
  const found = all.filter((one): one is Of<K> => one.kind === kind);
  expect(found.length).toBe(1);
  return found[0] as Of<K>;
}
const plain = (fact: Known): unknown => ('items' in fact ? fact.items.map(({ value }) => value) : fact.value);

/** The first of a list, as a fact; nothing if there is none. */
const first = <T>(items: { readonly items: readonly T[] } & Collection<T>, ask: (item: T) => Known): Known => {
  const [one] = items;
  return one === undefined ? Value.default<unknown>(undefined, () => items.at) : ask(one);
};

const group = <K extends Kind>(one: Group<K>): Group<K> => one;
const ofCluster = { cloudformation: { ClusterName: 'c' }, terraform: { cluster_name: 'c' } };
const groups = [
  group({
    kind: 'addon',
    type: 'AWS::EKS::Addon',
    terraform: 'aws_eks_addon',
    with: ofCluster,
    eksctl: 'addons',
    module: 'addons',
    ack: ['eks.services.k8s.aws/v1alpha1', 'Addon'],
    upbound: ['eks.aws.upbound.io/v1beta1', 'Addon'],
    capi: 'addons',
    answers: ['addon', 'addonArn'],
    facts: [
      {
        name: 'version',
        ask: ({ version }) => version,
        is: 'v1.20.0-eksbuild.1',
        at: 'AddonVersion',
        eksctl: 'version',
        capi: 'version',
      },
      {
        name: 'health.status',
        ask: ({ health }) => health.status,
        is: 'DEGRADED',
        at: 'Status',
        not: ['cloudformation', 'terraform', 'eksctl', 'module', 'ack', 'upbound', 'capi'],
      },
      {
        name: 'settings',
        ask: ({ settings }) => settings.text('env', 'WARM_IP_TARGET'),
        is: '5',
        at: 'ConfigurationValues',
        value: '{"env":{"WARM_IP_TARGET":"5"}}',
        capi: 'configuration',
      },
      {
        name: 'roleArn',
        ask: ({ roleArn }) => roleArn,
        is: 'arn:aws:iam::111122223333:role/a',
        at: 'ServiceAccountRoleArn',
        eksctl: 'serviceAccountRoleARN',
        ack: 'serviceAccountRoleARN',
        capi: 'serviceAccountRoleARN',
      },
      {
        name: 'namespace',
        ask: ({ namespace }) => namespace,
        is: 'storage',
        at: 'NamespaceConfig.Namespace',
        not: ['ack', 'upbound', 'capi', 'module'],
      },
      {
        name: 'preserve',
        ask: ({ preserve }) => preserve,
        is: true,
        at: 'PreserveOnDelete',
        else: false,
        terraform: 'preserve',
        capi: 'preserveOnDelete',
        not: ['eksctl', 'ack', 'answers', 'module'], // the module preserves by default
      },
    ],
  }),
  group({
    kind: 'fargateProfile',
    type: 'AWS::EKS::FargateProfile',
    terraform: 'aws_eks_fargate_profile',
    with: ofCluster,
    eksctl: 'fargateProfiles',
    module: 'fargate_profiles',
    ack: ['eks.services.k8s.aws/v1alpha1', 'FargateProfile'],
    upbound: ['eks.aws.upbound.io/v1beta1', 'FargateProfile'],
    answers: ['fargateProfile', 'fargateProfileArn'],
    facts: [
      {
        name: 'name',
        ask: ({ name }) => name,
        is: 'web',
        at: 'FargateProfileName',
        eksctl: 'name',
        ack: 'name',
        not: ['module', 'upbound'],
      },
      {
        name: 'selectors.namespace',
        ask: ({ selectors }) => first(selectors, ({ namespace }) => namespace),
        is: 'apps',
        at: 'Selectors.0.Namespace',
        terraform: 'selector.namespace',
        not: ['module'], // a list in an argument
      },
      {
        name: 'roleArn',
        ask: ({ roleArn }) => roleArn,
        is: 'arn:aws:iam::111122223333:role/f',
        at: 'PodExecutionRoleArn',
        eksctl: 'podExecutionRoleARN',
        ack: 'podExecutionRoleARN',
        not: ['module'], // the module creates one unless create_iam_role is false
      },
    ],
  }),
  group({
    kind: 'accessEntry',
    type: 'AWS::EKS::AccessEntry',
    terraform: 'aws_eks_access_entry',
    with: ofCluster,
    eksctl: 'accessConfig.accessEntries',
    module: 'access_entries',
    ack: ['eks.services.k8s.aws/v1alpha1', 'AccessEntry'],
    upbound: ['eks.aws.upbound.io/v1beta1', 'AccessEntry'],
    capi: 'accessEntries',
    answers: ['accessEntry', 'accessEntryArn'],
    facts: [
      {
        name: 'principalArn',
        ask: ({ principalArn }) => principalArn,
        is: 'arn:aws:iam::111122223333:role/ops',
        at: 'PrincipalArn',
        eksctl: 'principalARN',
        ack: 'principalARN',
        capi: 'principalARN',
      },
      { name: 'type', ask: ({ type }) => type, is: 'EC2_LINUX', at: 'Type', else: 'STANDARD' },
      {
        name: 'username',
        ask: ({ username }) => username,
        is: 'ops',
        at: 'Username',
        eksctl: 'kubernetesUsername',
        terraform: 'user_name',
        module: 'user_name',
      },
      {
        name: 'groups',
        ask: ({ groups: all }) => all,
        is: ['viewers'],
        at: 'KubernetesGroups',
        else: [],
      },
      {
        name: 'policies.arn',
        ask: ({ policies }) => first(policies, ({ arn }) => arn),
        is: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
        at: 'AccessPolicies.0.PolicyArn',
        eksctl: 'accessPolicies.0.policyARN',
        ack: 'accessPolicies.0.policyARN',
        capi: 'accessPolicies.0.policyARN',
        module: 'policy_associations.view.policy_arn',
        not: ['terraform', 'upbound', 'answers'], // a separate resource, and a separate answer
      },
      {
        name: 'policies.scope',
        ask: ({ policies }) => first(policies, ({ scope }) => scope),
        is: 'namespace',
        at: 'AccessPolicies.0.AccessScope.Type',
        module: 'policy_associations.view.access_scope.type',
        not: ['terraform', 'upbound', 'answers'],
      },
    ],
  }),
  group({
    kind: 'accessEntry',
    type: 'EKS::AccessPolicyAssociation',
    terraform: 'aws_eks_access_policy_association',
    with: { terraform: { cluster_name: 'c' } },
    facts: [
      {
        name: 'policies.arn',
        ask: ({ policies }) => first(policies, ({ arn }) => arn),
        is: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
        at: 'PolicyArn',
        not: ['cloudformation'],
      },
      {
        name: 'policies.namespaces',
        ask: ({ policies }) => first(policies, ({ namespaces }) => namespaces),
        is: ['web'],
        at: 'AccessScope.Namespaces',
        else: [],
        not: ['cloudformation'],
      },
    ],
  }),
  group({
    kind: 'identityProvider',
    type: 'AWS::EKS::IdentityProviderConfig',
    terraform: 'aws_eks_identity_provider_config',
    with: ofCluster,
    eksctl: 'identityProviders',
    module: 'identity_providers',
    upbound: ['eks.aws.upbound.io/v1beta1', 'IdentityProviderConfig'],
    facts: [
      {
        name: 'groupsPrefix',
        ask: ({ groupsPrefix }) => groupsPrefix,
        is: 'oidc:',
        at: 'Oidc.GroupsPrefix',
        eksctl: 'groupsPrefix',
        module: 'groups_prefix',
      },
      {
        name: 'groupsClaim',
        ask: ({ groupsClaim }) => groupsClaim,
        is: 'groups',
        at: 'Oidc.GroupsClaim',
        eksctl: 'groupsClaim',
        module: 'groups_claim',
      },
      {
        name: 'issuerUrl',
        ask: ({ issuerUrl }) => issuerUrl,
        is: 'https://login.example.com',
        at: 'Oidc.IssuerUrl',
        eksctl: 'issuerURL',
        module: 'issuer_url',
      },
    ],
  }),
  group({
    kind: 'capability',
    type: 'AWS::EKS::Capability',
    terraform: 'aws_eks_capability',
    with: ofCluster,
    eksctl: 'capabilities',
    ack: ['eks.services.k8s.aws/v1alpha1', 'Capability'],
    facts: [
      { name: 'type', ask: ({ type }) => type, is: 'ARGOCD', at: 'Type' },
      {
        name: 'argoCd.vpcEndpoints',
        ask: ({ argoCd }) => argoCd.vpcEndpoints,
        is: ['vpce-1'],
        at: 'Configuration.ArgoCd.NetworkAccess.VpceIds',
        else: [],
        eksctl: 'configuration.argocd.networkAccess.vpceIds',
        not: ['ack'],
      },
      {
        name: 'deletePropagationPolicy',
        ask: ({ deletePropagationPolicy }) => deletePropagationPolicy,
        is: 'RETAIN',
        at: 'DeletePropagationPolicy',
      },
    ],
  }),
  group({
    kind: 'vpc',
    type: 'AWS::EC2::VPC',
    terraform: 'aws_vpc',
    facts: [
      { name: 'cidr', ask: ({ cidr }) => cidr, is: '10.0.0.0/16', at: 'CidrBlock' },
      { name: 'dnsSupport', ask: ({ dnsSupport }) => dnsSupport, is: false, at: 'EnableDnsSupport', else: true },
      {
        name: 'dnsHostnames',
        ask: ({ dnsHostnames }) => dnsHostnames,
        is: true,
        at: 'EnableDnsHostnames',
        else: false,
      },
    ],
  }),
  group({
    kind: 'subnet',
    type: 'AWS::EC2::Subnet',
    terraform: 'aws_subnet',
    facts: [
      { name: 'zone', ask: ({ zone }) => zone, is: 'eu-west-1a', at: 'AvailabilityZone' },
      { name: 'cidr', ask: ({ cidr }) => cidr, is: '10.0.1.0/24', at: 'CidrBlock' },
      { name: 'outpostArn', ask: ({ outpostArn }) => outpostArn, is: 'arn:o', at: 'OutpostArn' },
    ],
  }),
  group({
    kind: 'natGateway',
    type: 'AWS::EC2::NatGateway',
    terraform: 'aws_nat_gateway',
    facts: [
      {
        name: 'connectivity',
        ask: ({ connectivity }) => connectivity,
        is: 'private',
        at: 'ConnectivityType',
        else: 'public',
      },
      {
        name: 'allocationId',
        ask: ({ allocationId }) => allocationId,
        is: 'eipalloc-1',
        at: 'AllocationId',
        hidden: 'set',
      },
    ],
  }),
  group({
    kind: 'vpcEndpoint',
    type: 'AWS::EC2::VPCEndpoint',
    terraform: 'aws_vpc_endpoint',
    facts: [
      { name: 'service', ask: ({ service }) => service, is: 'com.amazonaws.eu-west-1.s3', at: 'ServiceName' },
      { name: 'type', ask: ({ type }) => type, is: 'Interface', at: 'VpcEndpointType', else: 'Gateway' },
      { name: 'privateDns', ask: ({ privateDns }) => privateDns, is: true, at: 'PrivateDnsEnabled', else: false },
    ],
  }),
  group({
    kind: 'flowLog',
    type: 'AWS::EC2::FlowLog',
    terraform: 'aws_flow_log',
    facts: [{ name: 'trafficType', ask: ({ trafficType }) => trafficType, is: 'REJECT', at: 'TrafficType' }],
  }),
  group({
    kind: 'securityGroup',
    type: 'AWS::EC2::SecurityGroup',
    terraform: 'aws_security_group',
    facts: [
      { name: 'name', ask: ({ name }) => name, is: 'nodes', at: 'GroupName', terraform: 'name' },
      {
        name: 'ingress.from',
        ask: ({ ingress }) => first(ingress, ({ from }) => from),
        is: 443,
        at: 'SecurityGroupIngress.0.FromPort',
        terraform: 'ingress.from_port',
      },
      {
        name: 'egress.protocol',
        ask: ({ egress }) => first(egress, ({ protocol }) => protocol),
        is: 'tcp',
        at: 'SecurityGroupEgress.0.IpProtocol',
        terraform: 'egress.protocol',
      },
    ],
  }),
  group({
    kind: 'logGroup',
    type: 'AWS::Logs::LogGroup',
    terraform: 'aws_cloudwatch_log_group',
    ack: ['cloudwatchlogs.services.k8s.aws/v1alpha1', 'LogGroup'],
    upbound: ['cloudwatchlogs.aws.upbound.io/v1beta1', 'Group'],
    facts: [
      {
        name: 'name',
        ask: ({ name }) => name,
        is: '/aws/eks/c/cluster',
        at: 'LogGroupName',
        terraform: 'name',
        ack: 'name',
        not: ['upbound'], // the name of the object
      },
      { name: 'retention', ask: ({ retention }) => retention, is: 30, at: 'RetentionInDays', ack: 'retentionDays' },
      {
        name: 'key',
        ask: ({ key }) => key,
        is: 'arn:aws:kms:k',
        at: 'KmsKeyId',
        ack: 'kmsKeyID',
        hidden: 'set',
      },
    ],
  }),
  group({
    kind: 'fileSystem',
    type: 'AWS::EFS::FileSystem',
    terraform: 'aws_efs_file_system',
    ack: ['efs.services.k8s.aws/v1alpha1', 'FileSystem'],
    upbound: ['efs.aws.upbound.io/v1beta1', 'FileSystem'],
    facts: [
      { name: 'encrypted', ask: ({ encrypted }) => encrypted, is: true, at: 'Encrypted', else: false },
      {
        name: 'key',
        ask: ({ key }) => key,
        is: 'arn:aws:kms:k',
        at: 'KmsKeyId',
        ack: 'kmsKeyID',
        hidden: 'set',
      },
    ],
  }),
  group({
    kind: 'pullThroughCache',
    type: 'AWS::ECR::PullThroughCacheRule',
    terraform: 'aws_ecr_pull_through_cache_rule',
    facts: [
      { name: 'upstream', ask: ({ upstream }) => upstream, is: 'ghcr.io', at: 'UpstreamRegistryUrl' },
      {
        name: 'credentialArn',
        ask: ({ credentialArn }) => credentialArn,
        is: 'arn:aws:secretsmanager:s',
        at: 'CredentialArn',
        hidden: 'set',
      },
      { name: 'prefix', ask: ({ prefix }) => prefix, is: 'ghcr', at: 'EcrRepositoryPrefix' },
    ],
  }),
  group({
    kind: 'repository',
    type: 'AWS::ECR::Repository',
    terraform: 'aws_ecr_repository',
    ack: ['ecr.services.k8s.aws/v1alpha1', 'Repository'],
    upbound: ['ecr.aws.upbound.io/v1beta1', 'Repository'],
    facts: [
      {
        name: 'tagMutability',
        ask: ({ tagMutability }) => tagMutability,
        is: 'IMMUTABLE',
        at: 'ImageTagMutability',
        else: 'MUTABLE',
      },
      {
        name: 'scanOnPush',
        ask: ({ scanOnPush }) => scanOnPush,
        is: true,
        at: 'ImageScanningConfiguration.ScanOnPush',
        else: false,
      },
      {
        name: 'encryptionType',
        ask: ({ encryptionType }) => encryptionType,
        is: 'KMS',
        at: 'EncryptionConfiguration.EncryptionType',
        else: 'AES256',
      },
      {
        name: 'key',
        ask: ({ key }) => key,
        is: 'arn:aws:kms:k',
        at: 'EncryptionConfiguration.KmsKey',
        hidden: 'set',
      },
    ],
  }),
  group({
    kind: 'kmsKey',
    type: 'AWS::KMS::Key',
    terraform: 'aws_kms_key',
    ack: ['kms.services.k8s.aws/v1alpha1', 'Key'],
    upbound: ['kms.aws.upbound.io/v1beta1', 'Key'],
    facts: [
      { name: 'rotation', ask: ({ rotation }) => rotation, is: true, at: 'EnableKeyRotation', else: false },
      {
        name: 'enabled',
        ask: ({ enabled }) => enabled,
        is: false,
        at: 'Enabled',
        else: true,
        terraform: 'is_enabled',
        not: ['ack'], // a key is enabled
      },
    ],
  }),
  group({
    kind: 'ssmParameter',
    type: 'AWS::SSM::Parameter',
    terraform: 'aws_ssm_parameter',
    ack: ['ssm.services.k8s.aws/v1alpha1', 'Parameter'],
    upbound: ['ssm.aws.upbound.io/v1beta1', 'Parameter'],
    facts: [
      { name: 'name', ask: ({ name }) => name, is: '/prod/db', at: 'Name', not: ['upbound'] },
      { name: 'type', ask: ({ type }) => type, is: 'SecureString', at: 'Type' },
    ],
  }),
  group({
    kind: 'lattice',
    type: 'AWS::VpcLattice::ServiceNetwork',
    terraform: 'aws_vpclattice_service_network',
    facts: [
      { name: 'name', ask: ({ name }) => name, is: 'shop', at: 'Name' },
      { name: 'authType', ask: ({ authType }) => authType, is: 'AWS_IAM', at: 'AuthType', else: 'NONE' },
    ],
  }),
  group({
    kind: 'lattice',
    type: 'AWS::VpcLattice::Service',
    terraform: 'aws_vpclattice_service',
    facts: [{ name: 'authType', ask: ({ authType }) => authType, is: 'AWS_IAM', at: 'AuthType', else: 'NONE' }],
  }),
  group({
    kind: 'apiIntegration',
    type: 'AWS::ApiGatewayV2::Integration',
    terraform: 'aws_apigatewayv2_integration',
    facts: [
      { name: 'type', ask: ({ type }) => type, is: 'HTTP_PROXY', at: 'IntegrationType' },
      {
        name: 'connectionType',
        ask: ({ connectionType }) => connectionType,
        is: 'VPC_LINK',
        at: 'ConnectionType',
        else: 'INTERNET',
      },
      { name: 'uri', ask: ({ uri }) => uri, is: 'https://example.com', at: 'IntegrationUri' },
    ],
  }),
  group({
    kind: 'detector',
    type: 'AWS::GuardDuty::Detector',
    terraform: 'aws_guardduty_detector',
    upbound: ['guardduty.aws.upbound.io/v1beta1', 'Detector'],
    facts: [
      { name: 'enabled', ask: ({ enabled }) => enabled, is: false, at: 'Enable', else: true },
      {
        name: 'auditLogs',
        ask: ({ auditLogs }) => auditLogs,
        is: false,
        at: 'DataSources.Kubernetes.AuditLogs.Enable',
        terraform: 'datasources.kubernetes.audit_logs.enable',
      },
      {
        name: 'features.status',
        ask: ({ features }) => first(features, ({ status }) => status),
        is: 'DISABLED',
        at: 'Features.0.Status',
        not: ['terraform', 'upbound'], // a separate resource
      },
    ],
  }),
  group({
    kind: 'database',
    type: 'AWS::RDS::DBInstance',
    terraform: 'aws_db_instance',
    ack: ['rds.services.k8s.aws/v1alpha1', 'DBInstance'],
    facts: [
      {
        name: 'name',
        ask: ({ name }) => name,
        is: 'db',
        at: 'DBInstanceIdentifier',
        terraform: 'identifier',
        ack: 'dbInstanceIdentifier',
      },
    ],
  }),
  group({
    kind: 'database',
    type: 'AWS::RDS::DBCluster',
    terraform: 'aws_rds_cluster',
    ack: ['rds.services.k8s.aws/v1alpha1', 'DBCluster'],
    facts: [
      {
        name: 'name',
        ask: ({ name }) => name,
        is: 'db',
        at: 'DBClusterIdentifier',
        terraform: 'cluster_identifier',
        ack: 'dbClusterIdentifier',
      },
    ],
  }),
  group({
    kind: 'oidcProvider',
    type: 'AWS::IAM::OIDCProvider',
    terraform: 'aws_iam_openid_connect_provider',
    facts: [
      {
        name: 'url',
        ask: ({ url }) => url,
        is: 'https://oidc.eks.eu-west-1.amazonaws.com/id/A',
        at: 'Url',
        hidden: 'set',
      },
      { name: 'clientIds', ask: ({ clientIds }) => clientIds, is: ['sts.amazonaws.com'], at: 'ClientIdList', else: [] },
    ],
  }),
];

function check<K extends Kind>(one: Group<K>): void {
  for (const fact of one.facts)
    describe(`${one.kind}.${fact.name} (${one.type})`, () => {
      for (const format of formats) {
        const spelled = spelledIn(one, fact, format);
        if (!spelled) continue;
        const [at, value] = spelled;
        const look = (body: Tree): Known => fact.ask(find(one.kind, write(one, format, body)));
        it(`${format}: written`, () => {
          const found = look(nest(at, value));
          expect([found.state, plain(found)]).toEqual(['set', fact.is]);
          const keys = at.replace(/\.(\d+)/g, '[$1]');
          expect(found.at.path.endsWith(keys), `${found.at.path} ends with ${keys}`).toBe(true);
        });
        it(`${format}: left out`, () => {
          const found = look({});
          expect([found.state, plain(found)]).toEqual(['default', fact.else]);
        });
        if (format !== 'answers')
          it(`${format}: hidden`, () => {
            expect(look(nest(at, hidden)).state).toBe(fact.hidden ?? 'unknown');
          });
      }
    });
}
for (const one of groups) check(one as Group<Kind>);

it('every type of the provider that creates a part is tested', () => {
  const tested = new Set(groups.map(({ terraform }) => terraform));
  expect([...tested].filter((type) => !Object.hasOwn(provider, type))).toEqual([]);
});
