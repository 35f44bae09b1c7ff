import { describe, expect, it } from 'vitest';
import type { Location } from '#syntax/tree.ts';
import { read } from './read.ts';

const line = ({ start }: Location): number | undefined => start?.line;
const call = (source: string, body: string, version = ''): string =>
  `module "x" {\n  source = "${source}"\n  ${version === '' ? '' : `version = "${version}"`}\n${body}\n}\n`;

/** What a call says of its cluster and groups. */
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
  it('makes groups of three kinds', () => {
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
  it('is told by its arguments where no version is written', () => {
    expect(facts(call('terraform-aws-modules/eks/aws', '  worker_groups = [{}]')).clusters[0]?.open).toBe(true);
    expect(facts(call('terraform-aws-modules/eks/aws', '  subnet_ids = []')).clusters[0]?.open).toBe(undefined);
  });
});

describe('EKS Blueprints', () => {
  it('of version 4 make a cluster', () => {
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
  it('have add-ons in a module of their own', () => {
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
  it('make a cluster and groups', () => {
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
  it('are off where they are not enabled', () => {
    expect(facts(call('cloudposse/eks-cluster/aws', '  enabled = false')).clusters).toEqual([]);
  });
});

it('modules are known by their source, however it is written', () => {
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
