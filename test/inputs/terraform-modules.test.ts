import { describe, expect, it } from 'vitest';
import type { Location } from '#syntax/tree.ts';
import { read } from './read.ts';

const line = ({ start }: Location): number | undefined => start?.line;
const call = (source: string, body: string, version = ''): string =>
  `module "x" {\n  source = "${source}"\n  ${version === '' ? '' : `version = "${version}"`}\n${body}\n}\n`;

/** What a call defines for its cluster and groups. */
function facts(text: string) {
  const { clusters, notes, loose } = read({ 'main.tf': text });
  return {
    notes: notes.map(({ message }) => message),
    loose,
    clusters: clusters.map(
      ({ name, version, endpoint, logging, secretsKey, authenticationMode, addons, nodegroups }) => ({
        name: name.value,
        version: version.value,
        open: endpoint.public.value,
        private: endpoint.private.value,
        logs: [...logging].length,
        encrypted: secretsKey.present.state,
        access: authenticationMode.value,
        addons: addons.items.map((one) => [one.name.value, one.version.value]),
        groups: nodegroups.items.map(
          ({ name: own, managed, amiType, instanceTypes, capacityType, remoteAccess, template }) => [
            own.value,
            managed,
            amiType.value,
            [...instanceTypes].map(({ value }) => value).join(),
            capacityType.value,
            remoteAccess.enabled.value,
            template.imds.httpTokens.value,
            template.imds.hopLimit.value,
          ],
        ),
        complete: nodegroups.why,
      }),
    ),
  };
}

describe('terraform-aws-modules/eks 17', () => {
  it('creates groups of three kinds', () => {
    const { clusters, notes } = facts(
      call(
        'terraform-aws-modules/eks/aws',
        `  cluster_name = "shop"
  cluster_version = "1.21"
  subnets = ["subnet-1"]
  workers_group_defaults = { key_name = "ops", metadata_http_put_response_hop_limit = 2 }
  node_groups = {
    plain = {}
    own = { create_launch_template = true, instance_types = ["m5.large"], capacity_type = "SPOT" }
  }
  worker_groups = [{ name = "old", instance_type = "t3.small", metadata_http_tokens = "required" }]
  worker_groups_launch_template = [{ override_instance_types = ["m5.large", "m5a.large"], spot_price = "0.1", ami_id = "ami-1", key_name = "" }]`,
        '17.24.0',
      ),
    );
    expect(notes).toEqual([]);
    expect(clusters).toEqual([
      {
        name: 'shop',
        version: '1.21',
        open: true,
        private: false,
        logs: 0,
        encrypted: 'no',
        access: 'CONFIG_MAP',
        addons: [],
        groups: [
          ['plain', true, 'AL2_x86_64', 'm4.large', 'ON_DEMAND', true, 'optional', 2],
          ['own', true, 'AL2_x86_64', 'm5.large', 'SPOT', true, 'optional', 2],
          ['old', false, 'AL2_x86_64', 't3.small', 'ON_DEMAND', true, 'required', 2],
          ['0', false, 'CUSTOM', 'm5.large,m5a.large', 'SPOT', false, 'optional', 2],
        ],
        complete: 'another file may add more',
      },
    ]);
  });
  it('is recognized by its arguments if no version is set', () => {
    expect(facts(call('terraform-aws-modules/eks/aws', '  worker_groups = [{}]')).clusters[0]?.open).toBe(true);
    expect(facts(call('terraform-aws-modules/eks/aws', '  subnet_ids = []')).clusters[0]?.open).toBe(undefined);
  });
});

describe('EKS Blueprints', () => {
  it('of version 4 creates a cluster', () => {
    const { clusters, notes } = facts(
      call(
        'github.com/aws-ia/terraform-aws-eks-blueprints?ref=v4.32.1',
        `  cluster_name = "shop"
  managed_node_groups = {
    a = { node_group_name = "web", instance_types = ["m6i.large"], create_launch_template = true, http_tokens = "optional" }
    b = { remote_access = true, ec2_ssh_key = "ops" }
  }
  self_managed_node_groups = { c = {} }`,
      ) +
        'module "addons" {\n  source = "github.com/aws-ia/terraform-aws-eks-blueprints//modules/kubernetes-addons?ref=v4.32.1"\n  eks_cluster_id = module.x.eks_cluster_id\n  enable_amazon_eks_vpc_cni = true\n  amazon_eks_vpc_cni_config = { addon_version = "v1.12.0" }\n  enable_amazon_eks_coredns = false\n}\n',
    );
    expect(clusters).toEqual([
      {
        name: 'shop',
        version: '1.24',
        open: true,
        private: false,
        logs: 5,
        encrypted: 'yes',
        access: 'CONFIG_MAP',
        addons: [['vpc-cni', 'v1.12.0']],
        groups: [
          ['web', true, 'AL2_x86_64', 'm6i.large', 'ON_DEMAND', false, 'optional', 2],
          ['b', true, 'AL2_x86_64', 'm5.large', 'ON_DEMAND', true, 'optional', 2],
        ],
        complete: 'they are not read',
      },
    ]);
    expect(notes).toEqual([
      'self_managed_node_groups of module.x are not judged in full: their templates are not read',
    ]);
  });
  it('has add-ons in a separate module', () => {
    const { loose } = read({
      'main.tf': call(
        'aws-ia/eks-blueprints-addons/aws',
        '  cluster_name = "shop"\n  eks_addons = {\n    coredns = { addon_version = "v1.11.1" }\n    ebs = { name = "aws-ebs-csi-driver" }\n  }',
        '~> 1.0',
      ),
    });
    expect(loose.map((one) => (one.kind === 'addon' ? [one.name.value, one.version.value, line(one.at)] : []))).toEqual(
      [
        ['coredns', 'v1.11.1', 6],
        ['aws-ebs-csi-driver', undefined, 7],
      ],
    );
  });
});

describe('modules of Cloud Posse', () => {
  it('create a cluster and groups', () => {
    const { clusters } = facts(
      call(
        'cloudposse/eks-cluster/aws',
        '  kubernetes_version = "1.33"\n  enabled_cluster_log_types = ["audit"]\n  addons = [{ addon_name = "vpc-cni", addon_version = "v1.20.0" }]',
        '4.1.0',
      ) +
        call(
          'cloudposse/eks-node-group/aws',
          '  cluster_name = module.x.eks_cluster_id\n  metadata_http_tokens_required = false\n  ec2_ssh_key_name = ["ops"]\n  kubernetes_version = ["1.33"]',
          '2.12.0',
        ).replace('"x"', '"ng"'),
    );
    expect(clusters).toEqual([
      {
        name: undefined,
        version: '1.33',
        open: true,
        private: false,
        logs: 1,
        encrypted: 'yes',
        access: 'API',
        addons: [['vpc-cni', 'v1.20.0']],
        groups: [[undefined, true, 'AL2_x86_64', 't3.medium', 'ON_DEMAND', true, 'optional', 2]],
        complete: 'another file may add more',
      },
    ]);
  });
  it('are off if they are not enabled', () => {
    expect(facts(call('cloudposse/eks-cluster/aws', '  enabled = false')).clusters).toEqual([]);
  });
});

it('modules are recognized by their source, however it is written', () => {
  const count = (source: string): number => facts(call(source, '  cluster_version = "1.33"')).clusters.length;
  expect(
    [
      'terraform-aws-modules/eks/aws',
      'registry.opentofu.org/terraform-aws-modules/eks/aws',
      'tfr:///terraform-aws-modules/eks/aws?version=20.0.0',
      'git::https://github.com/terraform-aws-modules/terraform-aws-eks.git?ref=v20.8.5',
      'git@github.com:terraform-aws-modules/terraform-aws-eks.git',
      'terraform-aws-modules/eks/aws//modules/fargate-profile',
      'example.com/terraform-aws-modules/eks/aws',
      './eks',
    ].map(count),
  ).toEqual([1, 1, 1, 1, 1, 0, 0, 0]);
});

describe('terraform-aws-modules/vpc', () => {
  const main = (more: string, version = '5.1.0') =>
    `provider "aws" {\n  region = "eu-west-1"\n}\nmodule "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n  version = "${version}"\n  azs = ["eu-west-1a", "eu-west-1b"]\n  public_subnets = ["10.0.0.0/24", "10.0.1.0/24"]\n  private_subnets = ["10.0.2.0/24", "10.0.3.0/24", "10.0.4.0/24"]\n  intra_subnets = ["10.0.9.0/24"]\n${more}\n}\n`;
  const partsOf = (text: string) => {
    const { aws } = read({ 'main.tf': text });
    return {
      vpcs: aws.flatMap((one) =>
        one.kind === 'vpc'
          ? [
              [
                one.cidr.value,
                one.dnsHostnames.value,
                one.flowLogs.items.map(({ trafficType }) => trafficType.value ?? trafficType.why),
                one.otherCidrs.items.map(({ value }) => value),
              ],
            ]
          : [],
      ),
      subnets: aws.flatMap((one) =>
        one.kind === 'subnet'
          ? [
              [
                one.cidr.value,
                one.zone.value,
                one.isPublic.state,
                one.routes.items.map(({ target }) => target).join(),
                one.tags.items.map(({ key }) => key.value).join(),
              ],
            ]
          : [],
      ),
      gateways: aws.flatMap((one) => (one.kind === 'natGateway' ? [one.subnet.part?.cidr.value] : [])),
      endpoints: aws.flatMap((one) =>
        one.kind === 'vpcEndpoint'
          ? [[one.service.value ?? one.service.why, one.type.value, one.privateDns.value]]
          : [],
      ),
    };
  };

  const aclsOf = (text: string) =>
    read({ 'main.tf': text }).aws.flatMap((one) =>
      one.kind === 'networkAcl'
        ? [
            [
              one.users.join(),
              one.vpc.part?.cidr.value,
              one.entries.complete
                ? one.entries.items.map((rule) =>
                    [
                      rule.egress.value === true ? 'out' : 'in',
                      rule.number.value,
                      rule.action.value,
                      rule.protocol.value,
                      rule.cidr.value,
                      rule.from.value,
                      rule.to.value,
                    ].join(' '),
                  )
                : one.entries.why,
            ],
          ]
        : [],
    );
  const group =
    'resource "aws_eks_node_group" "a" {\n  cluster_name = "c"\n  node_group_name = "a"\n  subnet_ids = module.vpc.private_subnets\n}\n';
  const rule = (number: string, action: string) =>
    `[{ ${number} = 90, ${action} = "allow", protocol = "tcp", from_port = "443", to_port = "443", cidr_block = "10.0.0.0/16" }]`;

  it('makes network ACLs for subnets of a kind', () => {
    const own = `  cidr = "10.0.0.0/16"\n  private_dedicated_network_acl = true\n  private_inbound_acl_rules = ${rule('rule_number', 'rule_action')}`;
    const acls = [
      ['node group "a"', '10.0.0.0/16', ['in 90 allow tcp 10.0.0.0/16 443 443', 'out 100 allow -1 0.0.0.0/0 0 0']],
    ];
    for (const version of ['2.78.0', '5.1.0', '>= 3.0']) expect(aclsOf(main(own, version) + group)).toEqual(acls);
    // Without rules of its own it lets everything through, whatever else the files use.
    const other = 'module "other" {\n  source = "example.com/other"\n}\n';
    expect(aclsOf(main('  private_dedicated_network_acl = true') + group + other).map(([, , rules]) => rules)).toEqual([
      ['in 100 allow -1 0.0.0.0/0 0 0', 'out 100 allow -1 0.0.0.0/0 0 0'],
    ]);
    expect(aclsOf(main('') + group)).toEqual([]);
    const hidden = `variable "own" {}\n${main('  private_dedicated_network_acl = var.own')}`;
    expect(aclsOf(hidden + group).map(([, , rules]) => rules)).toEqual([expect.stringContaining('var.own')]);
  });

  it('the default network ACL is for subnets without their own', () => {
    const rules = `  default_network_acl_ingress = ${rule('rule_no', 'action')}`;
    const open = ['out 100 allow -1 0.0.0.0/0 0 0', 'out 101 allow -1 ::/0 0 0'];
    const found = (more: string, version?: string) =>
      aclsOf(main(`${rules}\n${more}`, version) + group).map(([users, , list]) => [users, list]);
    const closed = ['in 90 allow tcp 10.0.0.0/16 443 443', ...open];
    expect(found('')).toEqual([['node group "a"', closed]]);
    expect(found('  private_dedicated_network_acl = true').map(([users]) => users)).toEqual(['node group "a"', '']);
    expect(found('  manage_default_network_acl = false')).toEqual([]);
    // Up to version 3 the module does not manage it by default.
    expect(found('', '3.19.0')).toEqual([]);
    expect(found('  manage_default_network_acl = true', '3.19.0')).toEqual([['node group "a"', closed]]);
    expect(found('', '>= 3.0')).toEqual([['node group "a"', 'a default of the module depends on its version']]);
  });

  it('makes a network, its subnets one by one and gateways', () => {
    const { vpcs, subnets, gateways } = partsOf(
      main(
        '  enable_nat_gateway = true\n  secondary_cidr_blocks = ["100.64.0.0/16"]\n  private_subnet_tags = { a = "1" }\n  tags = { b = "2" }',
      ),
    );
    expect(vpcs).toEqual([['10.0.0.0/16', true, [], ['100.64.0.0/16']]]);
    expect(subnets).toEqual([
      ['10.0.0.0/24', 'eu-west-1a', 'yes', 'internet', 'b'],
      ['10.0.1.0/24', 'eu-west-1b', 'yes', 'internet', 'b'],
      ['10.0.2.0/24', 'eu-west-1a', 'no', 'nat', 'b,a'],
      ['10.0.3.0/24', 'eu-west-1b', 'no', 'nat', 'b,a'],
      ['10.0.4.0/24', 'eu-west-1a', 'no', 'nat', 'b,a'],
      ['10.0.9.0/24', 'eu-west-1a', 'no', '', 'b'],
    ]);
    expect(gateways).toEqual(['10.0.0.0/24', '10.0.1.0/24', '10.0.0.0/24']);
  });
  it('creates the requested number of gateways', () => {
    expect(partsOf(main('')).gateways).toEqual([]);
    expect(partsOf(main('  enable_nat_gateway = true\n  single_nat_gateway = true')).gateways).toEqual(['10.0.0.0/24']);
    expect(partsOf(main('  enable_nat_gateway = true\n  one_nat_gateway_per_az = true')).gateways).toHaveLength(2);
    expect(partsOf(main('  enable_nat_gateway = true\n  single_nat_gateway = var.x')).gateways).toEqual([]);
  });
  it('has the defaults of its version', () => {
    expect(partsOf(main('', '3.19.0')).vpcs[0]?.slice(0, 2)).toEqual(['0.0.0.0/0', false]);
    expect(partsOf(main('', '>= 3.0')).vpcs[0]?.slice(0, 2)).toEqual([undefined, undefined]);
    expect(partsOf(main('  use_ipam_pool = true')).vpcs[0]?.[0]).toBeUndefined();
    expect(partsOf(main('  create_vpc = false'))).toEqual({ vpcs: [], subnets: [], gateways: [], endpoints: [] });
  });
  it('has flow logs by an argument, by a submodule or separately', () => {
    const logs = (more: string, beside = '') => partsOf(main(more) + beside).vpcs[0]?.[2];
    expect(logs('  enable_flow_log = true')).toEqual(['ALL']);
    expect(logs('  enable_flow_log = true\n  flow_log_traffic_type = "REJECT"')).toEqual(['REJECT']);
    expect(logs('  enable_flow_log = var.logs')).toEqual(['var.logs is not known before Terraform runs']);
    expect(
      logs(
        '',
        'module "logs" {\n  source = "terraform-aws-modules/vpc/aws//modules/flow-log"\n  vpc_id = module.vpc.vpc_id\n}\n',
      ),
    ).toEqual(['ALL']);
    expect(
      logs('', 'resource "aws_flow_log" "a" {\n  vpc_id = module.vpc.vpc_id\n  traffic_type = "ACCEPT"\n}\n'),
    ).toEqual(['ACCEPT']);
  });
  it('creates endpoints by a submodule', () => {
    const text = `module "endpoints" {
  source = "terraform-aws-modules/vpc/aws//modules/vpc-endpoints"
  vpc_id = module.vpc.vpc_id
  endpoints = {
    s3  = { service = "s3", service_type = "Gateway" }
    ecr = { service_name = "com.amazonaws.eu-west-1.ecr.api", private_dns_enabled = true }
    off = { service = "ec2", create = false }
  }
}
`;
    expect(partsOf(main('') + text).endpoints).toEqual([
      ['com.amazonaws.eu-west-1.s3', 'Gateway', false],
      ['com.amazonaws.eu-west-1.ecr.api', 'Interface', true],
    ]);
    expect(partsOf(text).endpoints[0]?.[0]).toBe('the region is not known');
  });
});

describe('parts of clusters from separate modules', () => {
  const rolesOf = (text: string) =>
    read({ 'main.tf': text }).aws.flatMap((one) =>
      one.kind === 'iamRole'
        ? [
            [
              one.trust.statements.items
                .flatMap(({ principals }) => principals.values.items.map(({ id }) => id.value))
                .join(),
              one.managed.items.map(({ arn }) => arn.value?.split('/').pop()).join(),
            ],
          ]
        : [],
    );
  const loose = (text: string) => read({ 'main.tf': text }).loose;

  it('a Fargate profile and its role', () => {
    const text = (more = '') =>
      call(
        'terraform-aws-modules/eks/aws//modules/fargate-profile',
        `  name = "apps"\n  cluster_name = "shop"\n  subnet_ids = ["subnet-1"]\n  selectors = [{ namespace = "apps" }]\n${more}`,
      );
    expect(
      loose(text()).map(
        (one) =>
          one.kind === 'fargateProfile' && [
            one.name.value,
            one.role.part?.kind,
            one.selectors.items[0]?.namespace.value,
          ],
      ),
    ).toEqual([['apps', 'iamRole', 'apps']]);
    expect(
      rolesOf(text('  iam_role_additional_policies = { logs = "arn:aws:iam::aws:policy/CloudWatchLogsFullAccess" }')),
    ).toEqual([['eks-fargate-pods.amazonaws.com', 'AmazonEKSFargatePodExecutionRolePolicy,CloudWatchLogsFullAccess']]);
    expect(rolesOf(text('  create_iam_role = false'))).toEqual([]);
    expect(loose(text('  create = false'))).toEqual([]);
  });
  it('a Fargate profile in the call of the cluster, with what all of them share', () => {
    const { clusters } = read({
      'main.tf': call(
        'terraform-aws-modules/eks/aws',
        '  cluster_name = "shop"\n  subnet_ids = ["subnet-1"]\n  fargate_profile_defaults = { iam_role_arn = "arn:aws:iam::111122223333:role/f", create_iam_role = false }\n  fargate_profiles = { apps = { selectors = [{ namespace = "apps" }] }, off = { create = false } }',
        '20.0.0',
      ),
    });
    expect(
      clusters[0]?.fargateProfiles.items.map(({ name, roleArn, subnets }) => [
        name.value,
        roleArn.value,
        subnets.items.length,
      ]),
    ).toEqual([['apps', 'arn:aws:iam::111122223333:role/f', 1]]);
  });
  it('a Fargate profile of Cloud Posse', () => {
    const text = (more = '') =>
      call(
        'cloudposse/eks-fargate-profile/aws',
        `  cluster_name = "shop"\n  kubernetes_namespace = "apps"\n  kubernetes_labels = { tier = "web" }\n  subnet_ids = ["subnet-1"]\n${more}`,
      );
    expect(
      loose(text()).map(
        (one) =>
          one.kind === 'fargateProfile' && [
            one.name.value,
            one.selectors.items.map(({ namespace, labels }) => [namespace.value, labels.items[0]?.value.value]),
          ],
      ),
    ).toEqual([[undefined, [['apps', 'web']]]]);
    expect(rolesOf(text())).toEqual([['eks-fargate-pods.amazonaws.com', 'AmazonEKSFargatePodExecutionRolePolicy']]);
    expect(loose(text('  fargate_profile_enabled = false'))).toEqual([]);
  });
  it('the role of hybrid nodes', () => {
    const text = (more = '') => call('terraform-aws-modules/eks/aws//modules/hybrid-node-role', more);
    expect(rolesOf(text())).toEqual([
      ['ssm.amazonaws.com', 'AmazonSSMManagedInstanceCore,AmazonEC2ContainerRegistryPullOnly'],
    ]);
    expect(rolesOf(text('  enable_ira = true'))[0]?.[0]).toBe('');
  });
  it('a capability and its role', () => {
    const text = call(
      'terraform-aws-modules/eks/aws//modules/capability',
      '  type = "ACK"\n  cluster_name = "shop"\n  iam_role_policies = { admin = "arn:aws:iam::aws:policy/AdministratorAccess" }',
    );
    expect(
      loose(text).map(
        (one) =>
          one.kind === 'capability' && [
            one.name.value,
            one.type.value,
            one.deletePropagationPolicy.value,
            one.role.part?.kind,
          ],
      ),
    ).toEqual([['ack', 'ACK', 'RETAIN', 'iamRole']]);
    expect(rolesOf(text)).toEqual([['capabilities.eks.amazonaws.com', 'AdministratorAccess']]);
  });
});

describe('a fix writes no argument that the version of the module lacks', () => {
  const written = (version: string): unknown[] => {
    const group = '  self_managed_node_groups = { a = { instance_type = "m6i.large" } }';
    const { clusters } = read({
      'main.tf': call('terraform-aws-modules/eks/aws', `  cluster_name = "prod"\n${group}`, version),
    });
    const { authenticationMode, creatorAdmin, deletionProtection, nodegroups } = clusters[0]!;
    return [
      authenticationMode.write('API'),
      creatorAdmin.write(false),
      deletionProtection.write(true),
      nodegroups.items[0]!.amiType.write('AL2023_x86_64_STANDARD'),
    ].map((edits) => edits.length);
  };
  it('before version 20', () => expect(written('~> 19.0')).toEqual([0, 0, 0, 0]));
  it('version 20', () => expect(written('~> 20.0')).toEqual([1, 1, 0, 0]));
});

describe('terraform-aws-modules/eks', () => {
  const nameIn = (version: string): string =>
    version === '' ? '' : version.startsWith('21') ? 'name = "shop"' : 'cluster_name = "shop"';
  const eks = (body: string, version: string) =>
    read({ 'main.tf': call('terraform-aws-modules/eks/aws', `  ${nameIn(version)}\n${body}`, version) });
  it('uses the key that it creates, unless a call turns that off', () => {
    const key = (body: string, version: string) =>
      eks(body, version).clusters.map(({ secretsKey, secretsKeyReference }) => [
        secretsKey.value,
        secretsKeyReference?.key.part?.subject.name,
      ]);
    const given = '{ provider_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/a", resources = ["secrets"] }';
    const foreign = 'arn:aws:kms:eu-west-1:111122223333:key/a';
    const own = 'module.x.kms_key_arn';
    expect(key(`encryption_config = ${given}`, '21.1.0')).toEqual([[own, own]]);
    expect(key(`encryption_config = ${given}\ncreate_kms_key = false`, '21.1.0')).toEqual([[foreign, undefined]]);
    expect(key(`cluster_encryption_config = [${given}]`, '18.31.2')).toEqual([[foreign, undefined]]);
  });
  it('self-managed groups use the policy for several instance types only if it is turned on', () => {
    const policy = (share: string) => `mixed_instances_policy = {
      instances_distribution = { ${share} }
      launch_template = { override = [{ instance_type = "m5.large" }, { instance_type = "m6i.large" }] }
    }`;
    const groups = eks(
      `self_managed_node_groups = {
    off = { ${policy('on_demand_percentage_above_base_capacity = 0')} }
    spot = {
      use_mixed_instances_policy = true
      ${policy('on_demand_percentage_above_base_capacity = 0')}
    }
    base = {
      use_mixed_instances_policy = true
      ${policy('on_demand_base_capacity = 1, on_demand_percentage_above_base_capacity = 0')}
    }
    demand = {
      use_mixed_instances_policy = true
      ${policy('')}
    }
    hidden = {
      use_mixed_instances_policy = var.mixed
      ${policy('')}
    }
  }`,
      '21.1.0',
    ).clusters.flatMap(({ nodegroups }) => nodegroups.items);
    expect(
      groups.map(({ name, capacityType, instanceTypes }) => [
        name.value,
        capacityType.value,
        instanceTypes.known.map(({ value }) => value).join(),
      ]),
    ).toEqual([
      ['off', 'ON_DEMAND', 'm6i.large'],
      ['spot', 'SPOT', 'm5.large,m6i.large'],
      ['base', 'ON_DEMAND', 'm5.large,m6i.large'],
      ['demand', 'ON_DEMAND', 'm5.large,m6i.large'],
      ['hidden', undefined, ''],
    ]);
  });
  it('versions before 21 list the types in the policy itself', () => {
    const group = `{
    use_mixed_instances_policy = true
    mixed_instances_policy     = { override = [{ instance_type = "m5.large" }, { instance_type = "m6i.large" }] }
  }`;
    for (const version of ['18.0.0', '20.31.0', ''])
      expect(
        eks(`self_managed_node_groups = { a = ${group} }`, version).clusters.flatMap(({ nodegroups }) =>
          nodegroups.items.flatMap(({ instanceTypes }) => instanceTypes.known.map(({ value }) => value)),
        ),
      ).toEqual(['m5.large', 'm6i.large']);
  });
  it('groups without an instance type have that of their version', () => {
    const types = (version: string) =>
      eks('self_managed_node_groups = { a = {} }', version).clusters.flatMap(({ nodegroups }) =>
        nodegroups.items.map(({ instanceTypes }) => instanceTypes.known[0]?.value ?? instanceTypes.why),
      );
    expect(types('21.1.0')).toEqual(['m6i.large']);
    expect(types('20.31.0')).toEqual(['no instance type is set for the self-managed group']);
    expect(types('')).toEqual(['a default of the module depends on its version']);
  });
  it('rules of a group, of all nodes and of the control plane are those of different security groups', () => {
    const open = (keys: string) => `{ a = { ${keys} } }`;
    const logins = (body: string, version = '21.1.0') =>
      eks(body, version).clusters.flatMap(({ nodegroups }) =>
        nodegroups.items.map(({ remoteAccess: { openings } }) => [
          openings.items.map(({ cidr, port }) => `${port} ${cidr.value}`).join(),
          openings.why,
        ]),
      );
    const own = open('from_port = "22", cidr_ipv4 = "0.0.0.0/0"');
    const all = open('from_port = 0, to_port = 0, protocol = "-1", type = "ingress", cidr_blocks = ["0.0.0.0/0"]');
    expect(logins(`eks_managed_node_groups = { g = { security_group_ingress_rules = ${own} } }`)).toEqual([
      ['22 0.0.0.0/0', undefined],
    ]);
    expect(
      logins(
        `eks_managed_node_groups = { g = { create_security_group = false, security_group_ingress_rules = ${own} } }`,
      ),
    ).toEqual([['', undefined]]);
    expect(logins(`eks_managed_node_groups = { g = { security_group_rules = ${all} } }`, '18.31.2')).toEqual([
      ['22 and 3389 0.0.0.0/0', undefined],
    ]);
    const users = (body: string) =>
      eks(body, '21.1.0').aws.flatMap((part) =>
        part.kind === 'securityGroup' ? [`${part.users.join()}: ${part.ingress.items.length}`] : [],
      );
    expect(users(`security_group_additional_rules = ${all}`)).toEqual(['cluster "shop": 1', ': 0']);
    expect(users(`create_security_group = false\nsecurity_group_additional_rules = ${all}`)).toEqual([': 0']);
  });
});
