import { afterEach, expect, test } from 'vitest';
import { types as kubernetesTypes } from '#inputs/terraform/kubernetes-spelling.ts';
import { cloudControlName, provider } from '#inputs/terraform/spelling.ts';
import { foreignOf } from '#inputs/terraform/modules/source.ts';
import { Field } from '#spelling/field.ts';
import { Description } from '#spelling/resource.ts';
import { camelCase, snakeCase } from '#spelling/spelling.ts';
import { cloudFormationNames, has, own, types as propertyTypes } from '../aws/specification.ts';
import { clusterFacts, groupFacts } from './facts.ts';
import { answerSamples } from './key-samples-aws.ts';
import { terraformSamples } from './key-samples-terraform.ts';
import { wholeSamples } from './key-samples-whole.ts';
import { samples as deciding } from './key-samples.ts';
import { isKnown, isVariable } from './module-variables.ts';
import { moreFacts } from './more-facts.ts';
import { regularCluster, regularGroup } from './regular-facts.ts';
import { parse, read, source, touch } from './read.ts';
import { told } from './told.ts';

/*
 * Adapters ask for keys, and a misspelled key is simply never found, so nothing seems wrong. Every key that is asked
 * for must be written by the test of all facts or by a file of key-samples.ts, be a name of CloudFormation, or follow
 * from one. What a format spells in its own way must be a property of CloudFormation, and what a module is asked for
 * must be one of its variables. Keys outside these are spelled a second time here: that reveals a misspelled key, but
 * not what it is read for, so a sample is better.
 */

const spelled: readonly string[] = [
  'availableIpAddressCount',
  // An attribute of aws_kms_alias.
  'target_key_arn',
  // An attribute of data sources of templates.
  'rendered',
  // What Upbound writes.
  'egressOnlyGatewayId',
  'initProvider',
  'ipv6CidrBlocks',
  'matchControllerRef',
  'principalArnFromRoleSelector',
  'referencedSecurityGroupId',
  // What ACK writes in capitals.
  'idcInstanceARN',
  'vpceIDs',
  // Arguments of terraform-aws-modules/vpc and iam.
  'intra_subnet_tags',
  'ActivationExpiry',
  'AddonPolicies',
  'BottlerocketSettings',
  'ClusterSecurityGroupId',
  'ConnectorConfig',
  'Health',
  'Identity',
  'Ingress',
  'IsPublic',
  'Issues',
  'KubeletConfiguration',
  'MainOf',
  'MaxPods',
  'Operator',
  'PlatformVersion',
  'Region',
  'RemoteAccessSecurityGroup',
  'UserDataParts',
  'Values',
  'activation_expiry',
  'addonPolicies',
  'addon_policies',
  'arns',
  'available_ip_address_count',
  'bottlerocketSettings',
  'bottlerocket_settings',
  'clusterSecurityGroupID',
  'cluster_security_group_id',
  'connector_config',
  'disable_session_tags',
  'group_name',
  'isPublic',
  'is_public',
  'json',
  'key_id',
  'kubeletConfiguration',
  'kubelet_configuration',
  'launchConfigurationName',
  'launchTemplateName',
  'max_pods',
  'origin',
  'platform_version',
  'policyArns',
  'podGCControllerConfig',
  'private_subnet_tags',
  'remote_access_security_group',
  'securityGroupIDs',
  'target_role_arn',
  'terminatedPodGCThreshold',
  'userDataParts',
  'user_data_parts',
];

/** What the pages leave out: arguments whose presence leads to reading others. */
const samples: readonly Readonly<Record<string, string>>[] = [
  // The tests of account settings hold its effect.
  {
    'main.tf': 'module "a" {\n  source = "./a"\n  providers = {\n    aws = aws.other\n  }\n}\n',
    'a/main.tf': 'resource "aws_ecr_repository" "r" {\n  name = "r"\n}\n',
  },
  ...['20.31.0', '21.1.0'].map((version) => ({
    'main.tf': `module "eks" {
  source  = "terraform-aws-modules/eks/aws"
  version = "${version}"
  ${version.startsWith('20') ? 'cluster_' : ''}encryption_config = { provider_key_arn = "arn:aws:kms:k", resources = ["secrets"] }
  outpost_config = { outpost_arns = ["arn:aws:outposts:o"] }
  node_security_group_additional_rules = {
    ssh = { type = "ingress", protocol = "tcp", from_port = 22, to_port = 22, cidr_blocks = ["0.0.0.0/0"], ipv6_cidr_blocks = ["::/0"] }
  }
  self_managed_node_groups = {
    own = { instance_type = "m5.large", ami_type = "AL2023_x86_64_STANDARD", instance_market_options = { market_type = "spot" } }
  }
  eks_managed_node_groups = {
    a = { create_launch_template = false, launch_template_id = "lt-1", remote_access = { ec2_ssh_key = "ops", source_security_group_ids = ["sg-1"] } }
  }
}
`,
  })),
  {
    'class.yaml': JSON.stringify({
      apiVersion: 'karpenter.k8s.aws/v1',
      kind: 'EC2NodeClass',
      metadata: { name: 'a' },
      spec: { securityGroupSelectorTerms: [{ id: 'sg-1' }], subnetSelectorTerms: [{ id: 'subnet-1' }] },
      status: { amis: [{ id: 'ami-1', name: 'amazon-eks-node-1.32-v1' }] },
    }),
  },
  {
    'cluster.yaml': JSON.stringify({
      apiVersion: 'eksctl.io/v1alpha5',
      kind: 'ClusterConfig',
      metadata: { name: 'a', region: 'eu-west-1' },
      privateCluster: { enabled: true },
      outpost: { controlPlaneOutpostARN: 'arn:aws:outposts:o', etcdInstanceType: 'm5.large' },
      iam: {
        serviceAccounts: [{ metadata: { name: 'a', namespace: 'b' }, roleOnly: false }],
        podIdentityAssociations: [{ serviceAccountName: 'a', namespace: 'b', createServiceAccount: true }],
      },
      nodeGroups: [
        {
          name: 'own',
          instancesDistribution: {
            instanceTypes: ['m5.large'],
            onDemandBaseCapacity: 0,
            onDemandPercentageAboveBaseCapacity: 0,
          },
          iam: { withAddonPolicies: { autoScaler: true } },
          securityGroups: { attachIDs: ['sg-1'] },
          ssh: { allow: true, publicKeyName: 'ops' },
          disableIMDSv1: false,
          disablePodIMDS: true,
        },
      ],
    }),
  },
];

/** The keys of all maps. */
function keysOf(value: unknown, into: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) into.add(key);
    keysOf(inner, into);
  }
}

/**
 * Names that follow from those of properties: no one writes them into a module call, and readings ask for all of them.
 */
const regular = new Set(
  [...cloudFormationNames(), ...[...own].flatMap((one) => one.split(/[ .[\]]+/))].map((name) => snakeCase(name)),
);
/** Arguments of any module, and switches that all modules are asked for. */
const common = new Set(['source', 'version', 'count', 'for_each', 'providers', 'depends_on', 'context', 'enabled']);
const switches = new Set(['create', 'create_eks', 'create_vpc', 'create_repository', 'create_role']);

/** Lists of our own, whose items are resources in CloudFormation. */
const listed: readonly (readonly [RegExp, string])[] = [
  [/^Routes\[\]\./, 'AWS::EC2::Route'],
  [/^(?:In|E)gress\[\]\./, 'AWS::EC2::NetworkAclEntry'],
];
/** Types of our own, where CloudFormation has none. */
const ownTypes = [
  'EC2::EncryptionByDefault',
  'ECR::LifecyclePolicy',
  'ECR::RepositoryPolicy',
  'EKS::AccessPolicyAssociation',
  'EKS::AddonVersions',
  'EKS::AwsAuth',
  'EKS::ClusterVersion',
  'EKS::Insight',
  'EKS::NodeClass',
  'EKS::SelfManagedNodegroup',
  'GuardDuty::DetectorFeature',
  'IAM::PolicyAttachment',
];
/** Whether a path is that of a property of CloudFormation. Tools write several types by the same rows. */
const isProperty = (path: string): boolean =>
  ownTypes.some((type) => own.has(`${type} ${path}`)) ||
  propertyTypes.some((type) => own.has(`${type} ${path}`) || has(type, path)) ||
  listed.some(([prefix, type]) => prefix.test(path) && has(type, path.replace(prefix, '')));

/** Whether `type property` is a property; types of our own have those of others. */
const isNamed = (one: string): boolean => {
  const [type = '', property = ''] = one.split(' ');
  return own.has(one) || (ownTypes.includes(type) ? isProperty(property) : has(type, property));
};

/** The paths of all rows by which resources are read. */
function addRows(descriptions: readonly Description[], into: Set<string>): void {
  for (const description of descriptions)
    for (const type of [...propertyTypes, ...ownTypes])
      for (const { body } of description.of(type)) for (const path of Object.keys(body.spelling.rows)) into.add(path);
}

const restores: (() => void)[] = [];
afterEach(() => {
  for (const restore of restores.splice(0)) restore();
});
/** Replaces a method until the test ends. A spy of vitest would keep the arguments and results of all calls: hundreds of thousands. */
function replace<O, K extends keyof O>(owner: O, key: K, method: O[K]): void {
  const before = owner[key];
  owner[key] = method;
  restores.push(() => {
    owner[key] = before;
  });
}

test('every key that is asked for occurs in a sample, every row is a property, every module argument is a variable', () => {
  const asked = new Set<string>();
  const rows = new Set<string>();
  const calls = new Set<string>();
  const get = Field.prototype.get;
  replace(Field.prototype, 'get', function (this: Field, key: string) {
    asked.add(key);
    const foreign = foreignOf(this.map?.['source']);
    if (foreign) calls.add(`${foreign.name}${foreign.submodule === '' ? '' : '//'}${foreign.submodule} ${key}`);
    return get.call(this, key);
  });
  const types = new Set<string>();
  const named = new Set<string>();
  const { of, whyUnread, linked, naming } = Description.prototype;
  replace(Description.prototype, 'of', function (this: Description, type) {
    types.add(type);
    return of.call(this, type);
  });
  replace(Description.prototype, 'whyUnread', function (this: Description, type) {
    types.add(type);
    return whyUnread.call(this, type);
  });
  replace(Description.prototype, 'linked', function (this: Description, property, type) {
    types.add(type);
    return linked.call(this, property, type);
  });
  replace(Description.prototype, 'naming', function (this: Description, type, property, ...more) {
    types.add(type);
    types.add(more[0]);
    named.add(`${type} ${property}`);
    return naming.call(this, type, property, ...more);
  });
  const written = new Set<string>();
  for (const fact of [...clusterFacts, ...groupFacts, ...regularCluster, ...regularGroup])
    for (const one of [fact.eksctl, fact.cloudformation, fact.terraform, fact.module20, fact.module21]) {
      if (one === 'none') continue;
      for (const key of one.at.split('.')) written.add(key);
      keysOf(one.value, written);
    }
  for (const fact of Object.values(moreFacts))
    for (const one of Object.values(fact)) {
      if (one === 'none') continue;
      for (const key of one.at.split('.')) written.add(key);
      keysOf(one.value, written);
    }
  for (const files of [
    ...samples,
    ...[...deciding, ...wholeSamples, ...terraformSamples, ...answerSamples].map((one) => one.files),
  ]) {
    for (const [name, text] of Object.entries(files))
      for (const { root } of parse(source(name, text))) keysOf(root, written);
    const { clusters, loose, aws, resources, descriptions } = read(files);
    told([clusters, loose, aws]);
    touch(resources);
    addRows(descriptions, rows);
  }
  const names = [...cloudFormationNames()].flatMap((name) => [
    name,
    snakeCase(name),
    camelCase(name),
    cloudControlName(name),
  ]);
  // Types of awscc are derived from those of CloudFormation.
  const made = Object.keys(provider).filter((type) => type.startsWith('awscc_'));
  const known = new Set([...written, ...spelled, ...names, ...made, ...Object.keys(kubernetesTypes)]);
  // Objects that stand for an argument of Crossplane: `subnetIdRefs` and `subnetIdSelector` for `subnetIds`.
  const isReference = (key: string): boolean => {
    const [, argument] = /^(\w+?)(?:Refs?|Selector)$/.exec(key) ?? [];
    return argument !== undefined && (known.has(argument) || known.has(`${argument}s`));
  };
  const isWord = (key: string): boolean => /^[A-Za-z]\w+$/.test(key);
  expect(
    [...asked]
      .filter((key) => isWord(key) && !known.has(key) && !isReference(key))
      .sort()
      .join(),
  ).toBe('');
  expect(spelled.filter((key) => !asked.has(key))).toEqual([]);
  expect(spelled.filter((key) => written.has(key))).toEqual([]);
  const ofTypes = new Set([...propertyTypes, ...ownTypes]);
  expect([...types].filter((type) => !ofTypes.has(type)).sort()).toEqual([]);
  expect([...named].filter((one) => !isNamed(one)).sort()).toEqual([]);
  expect(rows.size).toBeGreaterThan(200);
  expect([...rows].filter((path) => !isProperty(path)).sort()).toEqual([]);
  const unknown = [...calls].filter((one) => {
    const [name = '', key = ''] = one.split(' ');
    return isKnown(name) && !isVariable(name, key) && !common.has(key) && !switches.has(key) && !regular.has(key);
  });
  expect(new Set([...calls].map((one) => one.split(' ')[0])).size).toBeGreaterThan(15);
  expect(unknown.sort()).toEqual([]);
});
