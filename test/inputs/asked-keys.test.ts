import { afterEach, expect, test, vi } from 'vitest';
import { types } from '#inputs/terraform/kubernetes-spelling.ts';
import { provider } from '#inputs/terraform/spelling.ts';
import { Field } from '#spelling/field.ts';
import { camelCase, snakeCase } from '#spelling/spelling.ts';
import { readSeeds } from '../fuzz/seeds.ts';
import { cloudFormationNames } from '../aws/specification.ts';
import { clusterFacts, groupFacts } from './facts.ts';
import { samples as deciding } from './key-samples.ts';
import { moreFacts } from './more-facts.ts';
import { regularCluster, regularGroup } from './regular-facts.ts';
import { parse, read, source, touch } from './read.ts';

/*
 * Adapters read keys, and a misspelled key is always absent, so nothing seems to be wrong. Every key that is read must
 * occur in an example of the rule pages, the test of all facts or a file of key-samples.ts, be a name of CloudFormation
 * or follow from one. Keys that occur in none of these are listed here again: that reveals a typo, but not a wrong use,
 * so a sample is better.
 */

const spelled: readonly string[] = [
  // Names that ACK writes in uppercase.
  'idcInstanceARN',
  'vpceIDs',
  // Arguments of terraform-aws-modules/vpc and iam.
  'elasticache_subnets',
  'redshift_subnets',
  'intra_subnet_tags',
  'provider_trust_policy_conditions',
  'provider_urls',
  'ActivationExpiry',
  'AddonPolicies',
  'AvailableIpAddressCount',
  'BottlerocketSettings',
  'ClusterSecurityGroupId',
  'ConnectorConfig',
  'Health',
  'Identity',
  'Ingress',
  'IsPublic',
  'Issues',
  'KubeletConfiguration',
  'MaxPods',
  'Operator',
  'PlatformVersion',
  'Region',
  'RemoteAccessSecurityGroup',
  'Routes',
  'Rules',
  'UserDataParts',
  'Values',
  'activationExpiry',
  'activation_expiry',
  'addonPolicies',
  'addon_policies',
  'arns',
  'available_ip_address_count',
  'aws_partition',
  'aws_secretsmanager_secret',
  'bottlerocketSettings',
  'bottlerocket_settings',
  'clusterSecurityGroupID',
  'clusterSecurityGroupId',
  'cluster_access_entries',
  'cluster_security_group_id',
  'connectorConfig',
  'connector_config',
  'defaults',
  'disable_session_tags',
  'enable_aws_efs_csi_driver',
  'enable_aws_load_balancer_controller',
  'enable_cluster_autoscaler',
  'enable_external_dns',
  'enable_karpenter',
  'enable_metrics_server',
  'eni_id',
  'fullnameOverride',
  'group_name',
  'health',
  'identity',
  'is_public',
  'issues',
  'json',
  'key_id',
  'kubeletConfiguration',
  'kubelet_configuration',
  'latest_version',
  'launchConfigurationName',
  'launchTemplateName',
  'launch_configuration_name',
  'launch_template_name',
  'max_pods',
  'nameOverride',
  'origin',
  'override_inline_policy_documents',
  'override_namespace',
  'platformVersion',
  'platform_version',
  'podGCControllerConfig',
  'policyDocument',
  'private_subnet_tags',
  'rbac',
  'remoteAccessSecurityGroup',
  'remote_access_security_group',
  'rendered',
  'securityContext',
  'securityGroupIDs',
  'security_group_names',
  'set',
  'set_list',
  'set_sensitive',
  'set_wo',
  'source_inline_policy_documents',
  'subjectPattern',
  'target_key_arn',
  'target_role_arn',
  'terminatedPodGCThreshold',
  'userDataParts',
  'user_data_parts',
  'vpcID',
];

/** What the pages leave out: arguments whose presence leads to reading others. */
const samples: readonly Readonly<Record<string, string>>[] = [
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

afterEach(() => {
  vi.restoreAllMocks();
});

test('every key that is read occurs somewhere', () => {
  const asked = new Set<string>();
  const get = Field.prototype.get;
  vi.spyOn(Field.prototype, 'get').mockImplementation(function (this: Field, key: string) {
    asked.add(key);
    return get.call(this, key);
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
  const seeds = readSeeds().filter((files) =>
    Object.values(files).some((text) =>
      /eksctl\.io|AWS::|AWSQS::|Custom::AWSCDK|^(?:resource|module|variable) "/m.test(text),
    ),
  );
  expect(seeds.length).toBeGreaterThan(20);
  for (const files of [...seeds, ...samples, ...deciding.map((one) => one.files)]) {
    for (const [name, text] of Object.entries(files))
      for (const { root } of parse(source(name, text))) keysOf(root, written);
    const { clusters, loose, resources } = read(files);
    touch(clusters);
    touch(loose);
    touch(resources);
  }
  const names = [...cloudFormationNames()].flatMap((name) => [name, snakeCase(name), camelCase(name)]);
  // Types of awscc are derived from those of CloudFormation.
  const made = Object.keys(provider).filter((type) => type.startsWith('awscc_'));
  const known = new Set([...written, ...spelled, ...names, ...made, ...Object.keys(types)]);
  const isWord = (key: string): boolean => /^[A-Za-z]\w+$/.test(key);
  expect([...asked].filter((key) => isWord(key) && !known.has(key)).sort()).toEqual([]);
  expect(spelled.filter((key) => !asked.has(key))).toEqual([]);
  expect(spelled.filter((key) => written.has(key))).toEqual([]);
});
