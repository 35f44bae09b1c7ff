import { Value } from '#model/value.ts';
import {
  besideGroup,
  besideSubnet,
  besideVpc,
  type Fact,
  first,
  formats,
  group,
  type Known,
  type Of,
  ofUpbound,
  without,
} from './part-facts.ts';
import { Written } from './written.ts';

/*
 * Facts of parts that are set in other resources, with the property that leads from one to the other: written, left out and
 * hidden in each format that has the resource.
 */

/** Names for messages, as a fact. */
const names = ({ at, users }: { readonly at: Of<'vpc'>['at']; readonly users: readonly string[] }): Known =>
  users.length === 0 ? Value.default<unknown>(undefined, () => at) : Value.set<unknown>(users[0], () => at);

/** A parameter cannot be the ID of a resource that the same stack creates. */
const ofParameter = { hidden: { cloudformation: 'default' } } as const;

const besideAcl = {
  cloudformation: { A: { Type: 'AWS::EC2::NetworkAcl', Properties: {} } },
  terraform: { aws_network_acl: { a: {} } },
} as const;
/** A cluster in a subnet. */
const besideCluster = {
  cloudformation: {
    S: { Type: 'AWS::EC2::Subnet', Properties: {} },
    C: { Type: 'AWS::EKS::Cluster', Properties: { Name: 'c', ResourcesVpcConfig: { SubnetIds: [{ Ref: 'S' }] } } },
  },
  terraform: {
    aws_subnet: { s: {} },
    aws_eks_cluster: { c: { name: 'c', vpc_config: { subnet_ids: [new Written('aws_subnet.s.id')] } } },
  },
} as const;
const besideAclAndCluster = {
  cloudformation: { ...besideAcl.cloudformation, ...besideCluster.cloudformation },
  terraform: { ...besideAcl.terraform, ...besideCluster.terraform },
} as const;
const besideTables = {
  cloudformation: {
    S: { Type: 'AWS::EC2::Subnet', Properties: {} },
    T: { Type: 'AWS::EC2::RouteTable', Properties: {} },
    R: {
      Type: 'AWS::EC2::Route',
      Properties: { RouteTableId: { Ref: 'T' }, DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' },
    },
  },
  terraform: {
    aws_subnet: { s: {} },
    aws_route_table: { t: {} },
    aws_route: {
      r: {
        route_table_id: new Written('aws_route_table.t.id'),
        destination_cidr_block: '0.0.0.0/0',
        gateway_id: 'igw-1',
      },
    },
  },
} as const;
const inlineRules = without(['cloudformation', 'awscc'], 'a resource of its own');
const ruleNumber: Fact<'networkAcl'>['ask'] = ({ entries }) => first(entries, ({ number }) => number);

const besideRepository = {
  cloudformation: { R: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'shop/web' } } },
  terraform: { aws_ecr_repository: { r: { name: 'shop/web' } } },
} as const;
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const besideRole = {
  cloudformation: { R: { Type: 'AWS::IAM::Role', Properties: {} } },
  terraform: { aws_iam_role: { r: {} } },
} as const;
/** The tag by which a group joins a cluster. */
const joining = {
  cloudformation: { Tags: [{ Key: 'kubernetes.io/cluster/c', Value: 'owned', PropagateAtLaunch: true }] },
  terraform: { tag: { key: 'kubernetes.io/cluster/c', value: 'owned', propagate_at_launch: true } },
};

export const linkedGroups = [
  group({
    kind: 'vpc',
    type: 'AWS::EC2::FlowLog',
    terraform: 'aws_flow_log',
    upbound: ['ec2.aws.upbound.io/v1beta1', 'FlowLog'],
    answers: { list: 'FlowLogs', id: 'FlowLogId' },
    beside: besideVpc,
    with: {
      cloudformation: { TrafficType: 'REJECT' },
      terraform: { traffic_type: 'REJECT' },
      answers: { TrafficType: 'REJECT' },
    },
    facts: [
      {
        name: 'flowLogs',
        ...ofParameter,
        ask: ({ flowLogs }) => first(flowLogs, ({ trafficType }) => trafficType),
        is: 'REJECT',
        at: 'ResourceId',
        value: { Ref: 'V' },
        terraform: ['vpc_id', new Written('aws_vpc.v.id')],
        answers: ['ResourceId', 'v'],
        linked: true,
      },
    ],
  }),
  group({
    kind: 'vpc',
    type: 'AWS::EC2::VPCEndpoint',
    terraform: 'aws_vpc_endpoint',
    ack: ['ec2.services.k8s.aws/v1alpha1', 'VPCEndpoint'],
    upbound: ['ec2.aws.upbound.io/v1beta1', 'VPCEndpoint'],
    answers: { list: 'VpcEndpoints', id: 'VpcEndpointId' },
    beside: besideVpc,
    with: {
      cloudformation: { ServiceName: 's3' },
      terraform: { service_name: 's3' },
      answers: { ServiceName: 's3' },
    },
    facts: [
      {
        name: 'endpoints',
        ...ofParameter,
        ask: ({ endpoints }) => first(endpoints, ({ service }) => service),
        is: 's3',
        at: 'VpcId',
        value: { Ref: 'V' },
        terraform: ['vpc_id', new Written('aws_vpc.v.id')],
        answers: ['VpcId', 'v'],
        linked: true,
      },
    ],
  }),
  group({
    kind: 'vpc',
    type: 'AWS::EC2::VPCCidrBlock',
    terraform: 'aws_vpc_ipv4_cidr_block_association',
    upbound: ['ec2.aws.upbound.io/v1beta1', 'VPCIPv4CidrBlockAssociation'],
    beside: besideVpc,
    with: { cloudformation: { CidrBlock: '100.64.0.0/16' }, terraform: { cidr_block: '100.64.0.0/16' } },
    facts: [
      {
        name: 'otherCidrs',
        ...ofParameter,
        ask: ({ otherCidrs }) => first(otherCidrs, (one) => one),
        is: '100.64.0.0/16',
        at: 'VpcId',
        value: { Ref: 'V' },
        terraform: ['vpc_id', new Written('aws_vpc.v.id')],
        linked: true,
      },
    ],
  }),
  ...(
    [
      ['AWS::EC2::SecurityGroupIngress', 'aws_vpc_security_group_ingress_rule', 'SecurityGroupIngressRule', 'ingress'],
      ['AWS::EC2::SecurityGroupIngress', 'aws_security_group_rule', 'SecurityGroupRule', 'ingress'],
      ['AWS::EC2::SecurityGroupEgress', 'aws_vpc_security_group_egress_rule', 'SecurityGroupEgressRule', 'egress'],
    ] as const
  ).map(([type, terraform, kind, direction]) =>
    group({
      kind: 'securityGroup',
      type,
      terraform,
      upbound: ['ec2.aws.upbound.io/v1beta1', kind],
      beside: besideGroup,
      with: {
        cloudformation: { FromPort: 443 },
        terraform: { from_port: 443, ...(terraform === 'aws_security_group_rule' ? { type: direction } : {}) },
      },
      facts: [
        {
          name: direction,
          ...ofParameter,
          ask: (one) => first(one[direction], ({ from }) => from),
          is: 443,
          at: 'GroupId',
          value: { Ref: 'G' },
          terraform: ['security_group_id', new Written('aws_security_group.g.id')],
          linked: true,
        },
      ],
    }),
  ),
  group({
    kind: 'networkAcl',
    type: 'AWS::EC2::NetworkAclEntry',
    terraform: 'aws_network_acl_rule',
    upbound: ['ec2.aws.upbound.io/v1beta1', 'NetworkACLRule'],
    beside: besideAcl,
    with: { cloudformation: { RuleNumber: 100 }, terraform: { rule_number: 100 } },
    facts: [
      {
        name: 'entries',
        ...ofParameter,
        ask: ruleNumber,
        is: 100,
        at: 'NetworkAclId',
        value: { Ref: 'A' },
        terraform: ['network_acl_id', new Written('aws_network_acl.a.id')],
        linked: true,
      },
    ],
  }),
  ...(['aws_network_acl', 'aws_default_network_acl'] as const).map((terraform) =>
    group({
      kind: 'networkAcl',
      type: 'AWS::EC2::NetworkAcl',
      terraform,
      ack: ['ec2.services.k8s.aws/v1alpha1', 'NetworkACL'],
      upbound: ['ec2.aws.upbound.io/v1beta1', 'NetworkACL'],
      beside: besideCluster,
      not: terraform === 'aws_network_acl' ? {} : without(['ack', ...ofUpbound], 'the case of aws_network_acl'),
      facts: [
        ...(['Ingress', 'Egress'] as const).map((at): Fact<'networkAcl'> => {
          const key = at.toLowerCase();
          return {
            name: key,
            ask: ruleNumber,
            is: 100,
            at,
            terraform: [key, { rule_no: 100 }],
            upbound: [key, [{ ruleNo: 100 }]],
            ack: ['entries', [{ egress: at === 'Egress', ruleNumber: 100 }]],
            not: inlineRules,
            linked: true,
          };
        }),
        {
          name: 'users',
          ask: names,
          is: 'cluster "c"',
          at: 'SubnetIds',
          terraform: ['subnet_ids', [new Written('aws_subnet.s.id')]],
          ack: ['associations', [{ subnetRef: { from: { name: 's' } } }]],
          hidden: 'default',
          not: { ...inlineRules, plan: 'a list that is known after apply is of any length' },
          linked: true,
        },
      ],
    }),
  ),
  ...(['NetworkAclId', 'SubnetId'] as const).map((at) => {
    const [acl, subnet] = [{ Ref: 'A' }, { Ref: 'S' }];
    const [aclId, subnetId] = [new Written('aws_network_acl.a.id'), new Written('aws_subnet.s.id')];
    return group({
      kind: 'networkAcl',
      type: 'AWS::EC2::SubnetNetworkAclAssociation',
      terraform: 'aws_network_acl_association',
      beside: besideAclAndCluster,
      with:
        at === 'SubnetId'
          ? { cloudformation: { NetworkAclId: acl }, terraform: { network_acl_id: aclId } }
          : { cloudformation: { SubnetId: subnet }, terraform: { subnet_id: subnetId } },
      facts: [
        {
          name: 'users',
          ask: names,
          is: 'cluster "c"',
          at,
          value: at === 'SubnetId' ? subnet : acl,
          terraform: at === 'SubnetId' ? ['subnet_id', subnetId] : ['network_acl_id', aclId],
          hidden: 'default', // only messages name users
          not: { plan: 'a list that is known after apply is of any length' },
          linked: true,
        },
      ],
    });
  }),
  group({
    kind: 'subnet',
    type: 'AWS::EC2::Route',
    terraform: 'aws_route',
    upbound: ['ec2.aws.upbound.io/v1beta1', 'Route'],
    beside: {
      cloudformation: {
        S: besideTables.cloudformation.S,
        T: besideTables.cloudformation.T,
        L: {
          Type: 'AWS::EC2::SubnetRouteTableAssociation',
          Properties: { SubnetId: { Ref: 'S' }, RouteTableId: { Ref: 'T' } },
        },
        I: { Type: 'AWS::EC2::InternetGateway', Properties: {} },
      },
      terraform: {
        aws_subnet: { s: {} },
        aws_route_table: { t: {} },
        aws_route_table_association: {
          l: { subnet_id: new Written('aws_subnet.s.id'), route_table_id: new Written('aws_route_table.t.id') },
        },
        aws_internet_gateway: { i: {} },
      },
    },
    with: {
      cloudformation: { DestinationCidrBlock: '0.0.0.0/0', GatewayId: { Ref: 'I' } },
      terraform: { destination_cidr_block: '0.0.0.0/0', gateway_id: new Written('aws_internet_gateway.i.id') },
    },
    facts: [
      {
        name: 'routes',
        ...ofParameter,
        ask: ({ routes }) => first(routes, ({ destination }) => destination),
        is: '0.0.0.0/0',
        at: 'RouteTableId',
        value: { Ref: 'T' },
        terraform: ['route_table_id', new Written('aws_route_table.t.id')],
        linked: true,
      },
      {
        name: 'isPublic',
        ...ofParameter,
        ask: ({ isPublic }) => isPublic,
        is: 'yes',
        at: 'RouteTableId',
        value: { Ref: 'T' },
        terraform: ['route_table_id', new Written('aws_route_table.t.id')],
      },
    ],
  }),
  ...(['RouteTableId', 'SubnetId'] as const).map((at) => {
    const [table, subnet] = [{ Ref: 'T' }, { Ref: 'S' }];
    const [tableId, subnetId] = [new Written('aws_route_table.t.id'), new Written('aws_subnet.s.id')];
    return group({
      kind: 'subnet',
      type: 'AWS::EC2::SubnetRouteTableAssociation',
      terraform: 'aws_route_table_association',
      upbound: ['ec2.aws.upbound.io/v1beta1', 'RouteTableAssociation'],
      beside: besideTables,
      with:
        at === 'SubnetId'
          ? { cloudformation: { RouteTableId: table }, terraform: { route_table_id: tableId } }
          : { cloudformation: { SubnetId: subnet }, terraform: { subnet_id: subnetId } },
      facts: [
        {
          name: 'isPublic',
          ask: ({ isPublic }) => isPublic,
          is: 'yes',
          at,
          value: at === 'SubnetId' ? subnet : table,
          terraform: at === 'SubnetId' ? ['subnet_id', subnetId] : ['route_table_id', tableId],
          leftOut: 'unknown', // the main table of the VPC
        },
      ],
    });
  }),
  group({
    kind: 'subnet',
    type: 'AWS::EC2::RouteTable',
    terraform: 'aws_route_table',
    ack: ['ec2.services.k8s.aws/v1alpha1', 'RouteTable'],
    beside: {
      cloudformation: {
        S: { Type: 'AWS::EC2::Subnet', Properties: { RouteTables: [{ Ref: 'P' }] } }, // of ACK
        L: {
          Type: 'AWS::EC2::SubnetRouteTableAssociation',
          Properties: { SubnetId: { Ref: 'S' }, RouteTableId: { Ref: 'P' } },
        },
      },
      terraform: {
        aws_subnet: { s: {} },
        aws_route_table_association: {
          l: { subnet_id: new Written('aws_subnet.s.id'), route_table_id: new Written('aws_route_table.p.id') },
        },
      },
    },
    facts: [
      {
        name: 'isPublic',
        ask: ({ isPublic }) => isPublic,
        is: 'yes',
        at: 'Routes',
        terraform: ['route', { cidr_block: '0.0.0.0/0', gateway_id: 'igw-1' }],
        ack: ['routes', [{ destinationCIDRBlock: '0.0.0.0/0', gatewayID: 'igw-1' }]],
        not: inlineRules,
      },
    ],
  }),
  ...(['FileSystemId'] as const).map((at) =>
    group({
      kind: 'fileSystem',
      type: 'AWS::EFS::MountTarget',
      terraform: 'aws_efs_mount_target',
      ack: ['efs.services.k8s.aws/v1alpha1', 'MountTarget'],
      upbound: ['efs.aws.upbound.io/v1beta1', 'MountTarget'],
      beside: {
        cloudformation: { F: { Type: 'AWS::EFS::FileSystem', Properties: {} } },
        terraform: { aws_efs_file_system: { f: {} } },
      },
      with: {
        cloudformation: { SecurityGroups: ['sg-1'] },
        terraform: { security_groups: ['sg-1'] },
      },
      facts: [
        {
          name: 'mountTargets',
          ...ofParameter,
          ask: ({ mountTargets }) => first(mountTargets, ({ securityGroups }) => securityGroups),
          is: ['sg-1'],
          at,
          value: { Ref: 'F' },
          terraform: ['file_system_id', new Written('aws_efs_file_system.f.id')],
          linked: true,
        },
      ],
    }),
  ),
  group({
    kind: 'fargateProfile',
    type: 'AWS::EKS::FargateProfile',
    terraform: 'aws_eks_fargate_profile',
    ack: ['eks.services.k8s.aws/v1alpha1', 'FargateProfile'],
    upbound: ['eks.aws.upbound.io/v1beta1', 'FargateProfile'],
    answers: ['fargateProfile', 'fargateProfileArn'],
    beside: besideSubnet,
    with: { cloudformation: { ClusterName: 'c' }, terraform: { cluster_name: 'c' } },
    facts: [
      {
        name: 'subnets',
        ask: ({ subnets }) => first(subnets, ({ subnet }) => subnet),
        is: 'subnet',
        at: 'Subnets',
        value: [{ Ref: 'S' }],
        terraform: ['subnet_ids', [new Written('aws_subnet.s.id')]],
        answers: ['subnets', ['s']],
        not: { answers: 'aws-answers.test.ts', plan: 'a list that is known after apply is of any length' },
      },
    ],
  }),
  group({
    kind: 'capability',
    type: 'AWS::EKS::Capability',
    terraform: 'aws_eks_capability',
    eksctl: 'capabilities',
    ack: ['eks.services.k8s.aws/v1alpha1', 'Capability'],
    with: { cloudformation: { ClusterName: 'c' }, terraform: { cluster_name: 'c' } },
    facts: [{ name: 'name', ask: ({ name }) => name, is: 'cd', at: 'CapabilityName', eksctl: 'name', ack: 'name' }],
  }),
  group({
    kind: 'repository',
    type: 'AWS::ECR::RegistryScanningConfiguration',
    terraform: 'aws_ecr_registry_scanning_configuration',
    beside: besideRepository,
    facts: [
      {
        name: 'scannedByRegistry',
        ask: ({ scannedByRegistry }) => scannedByRegistry,
        is: 'yes',
        at: 'ScanType',
        value: 'ENHANCED',
      },
    ],
  }),
  ...(
    [
      ['ScanFrequency', 'scan_frequency', 'SCAN_ON_PUSH'],
      ['RepositoryFilters.0.Filter', 'repository_filter.filter', '*'],
    ] as const
  ).map(([property, argument, value]) =>
    group({
      kind: 'repository',
      type: 'AWS::ECR::RegistryScanningConfiguration',
      terraform: 'aws_ecr_registry_scanning_configuration',
      beside: besideRepository,
      with:
        property === 'ScanFrequency'
          ? {
              cloudformation: { Rules: [{ RepositoryFilters: [{ Filter: '*', FilterType: 'WILDCARD' }] }] },
              terraform: { rule: { repository_filter: { filter: '*', filter_type: 'WILDCARD' } } },
            }
          : {
              cloudformation: { Rules: [{ ScanFrequency: 'SCAN_ON_PUSH' }] },
              terraform: { rule: { scan_frequency: 'SCAN_ON_PUSH' } },
            },
      facts: [
        {
          name: 'scannedByRegistry',
          ask: ({ scannedByRegistry }) => scannedByRegistry,
          is: 'yes',
          at: `Rules.0.${property}`,
          value,
          terraform: [`rule.${argument}`, value],
        },
      ],
    }),
  ),
  ...(
    [
      ['AliasName', 'alias/p', 'name', 'alias/p'],
      ['TargetKeyId', { Ref: 'K' }, 'target_key_id', new Written('aws_kms_key.k.id')],
    ] as const
  ).map(([at, value, argument, written]) =>
    group({
      kind: 'kmsKey',
      type: 'AWS::KMS::Alias',
      terraform: 'aws_kms_alias',
      ack: ['kms.services.k8s.aws/v1alpha1', 'Alias'],
      upbound: ['kms.aws.upbound.io/v1beta1', 'Alias'],
      beside: {
        cloudformation: {
          K: { Type: 'AWS::KMS::Key', Properties: {} },
          R: {
            Type: 'AWS::ECR::Repository',
            Properties: { RepositoryName: 'r', EncryptionConfiguration: { KmsKey: 'alias/p' } },
          },
        },
        terraform: {
          aws_kms_key: { k: {} },
          aws_ecr_repository: { r: { name: 'r', encryption_configuration: { kms_key: 'alias/p' } } },
        },
      },
      with:
        at === 'AliasName'
          ? {
              cloudformation: { TargetKeyId: { Ref: 'K' } },
              terraform: { target_key_id: new Written('aws_kms_key.k.id') },
            }
          : { cloudformation: { AliasName: 'alias/p' }, ack: { name: 'alias/p' }, terraform: { name: 'alias/p' } },
      facts: [
        {
          name: 'uses',
          ask: ({ at: place, uses }) => names({ at: place, users: uses }),
          is: 'repository "r"',
          at,
          value,
          terraform: [argument, written],
          ...(at === 'AliasName' ? { ack: 'name' } : {}),
          hidden: 'default', // only messages name uses
          not: at === 'AliasName' ? without(ofUpbound, 'the name of the object') : {},
          linked: true,
        },
      ],
    }),
  ),
  group({
    kind: 'lattice',
    type: 'AWS::VpcLattice::AccessLogSubscription',
    terraform: 'aws_vpclattice_access_log_subscription',
    beside: {
      cloudformation: { L: { Type: 'AWS::VpcLattice::Service', Properties: {} } },
      terraform: { aws_vpclattice_service: { l: {} } },
    },
    with: {
      cloudformation: { DestinationArn: 'arn:aws:logs:x' },
      terraform: { destination_arn: 'arn:aws:logs:x' },
    },
    facts: [
      {
        name: 'accessLogs',
        ...ofParameter,
        ask: ({ accessLogs }) => first(accessLogs, (one) => one),
        is: 'arn:aws:logs:x',
        at: 'ResourceIdentifier',
        value: { Ref: 'L' },
        terraform: ['resource_identifier', new Written('aws_vpclattice_service.l.id')],
        linked: true,
      },
    ],
  }),
  group({
    kind: 'nodegroup',
    type: 'AWS::AutoScaling::AutoScalingGroup',
    terraform: 'aws_autoscaling_group',
    with: joining,
    beside: {
      cloudformation: {
        L: { Type: 'AWS::AutoScaling::LaunchConfiguration', Properties: { ImageId: 'ami-1' } },
        T: {
          Type: 'AWS::EC2::LaunchTemplate',
          Properties: { LaunchTemplateName: 't', LaunchTemplateData: { ImageId: 'ami-2' } },
        },
        S: { Type: 'AWS::EC2::Subnet', Properties: {} },
      },
      terraform: {
        aws_launch_configuration: { l: { image_id: 'ami-1' } },
        aws_launch_template: { t: { name: 't', image_id: 'ami-2' } },
        aws_subnet: { s: {} },
      },
    },
    facts: [
      {
        name: 'template.imageId',
        ask: ({ template }) => template.imageId,
        is: 'ami-1',
        at: 'LaunchConfigurationName',
        value: { Ref: 'L' },
        terraform: ['launch_configuration', new Written('aws_launch_configuration.l.name')],
        linked: true,
      },
      ...(
        [
          ['LaunchTemplate', 'launch_template', 'launch_template'],
          [
            'MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification',
            'mixed_instances_policy.launch_template.launch_template_specification',
            'mixed_instances_policy.launch_template.launch_template_specification.launch_template',
          ],
        ] as const
      ).flatMap(([path, block, prefix], index): Fact<'nodegroup'>[] => {
        const argument = (name: string): string => (index === 0 ? `${prefix}.${name}` : `${prefix}_${name}`);
        return [
          {
            name: 'template.imageId',
            ask: ({ template }) => template.imageId,
            is: 'ami-2',
            at: `${path}.LaunchTemplateId`,
            value: { Ref: 'T' },
            terraform: [argument('id'), new Written('aws_launch_template.t.id')],
            // A dynamic block leaves no trace in the configuration of a plan: it is the only template of the module.
            ...(index === 0 ? { hidden: { plan: 'set' } as const } : {}),
            linked: true,
          },
          {
            name: 'template.imageId',
            ask: ({ template }) => template.imageId,
            is: 'ami-2',
            at: `${path}.LaunchTemplateName`,
            value: 't',
            terraform: [argument('name'), 't'],
            linked: true,
          },
          {
            name: 'templateVersion',
            ask: ({ templateVersion }) => templateVersion,
            is: '3',
            at: `${path}.Version`,
            terraform: `${block}.version`,
          },
        ];
      }),
      {
        name: 'instanceTypes',
        ask: ({ instanceTypes }) => first(instanceTypes, (one) => one),
        is: undefined,
        at: 'MixedInstancesPolicy.LaunchTemplate.Overrides.0.InstanceRequirements',
        value: { VCpuCount: { Min: 2 } },
        terraform: [
          'mixed_instances_policy.launch_template.override.instance_requirements',
          { vcpu_count: { min: 2 } },
        ],
        written: 'unknown', // attributes select the types
        leftOut: 'unknown',
      },
      {
        name: 'subnets',
        ask: ({ subnets }) => first(subnets, ({ subnet }) => subnet),
        is: 'subnet',
        at: 'VPCZoneIdentifier',
        value: [{ Ref: 'S' }],
        terraform: ['vpc_zone_identifier', [new Written('aws_subnet.s.id')]],
        not: { plan: 'a list that is known after apply is of any length' },
      },
      {
        name: 'tags.value',
        always: formats,
        ask: ({ tags }) => first(tags, ({ value }) => value),
        is: 'owned',
        at: 'Tags.0.Value',
        terraform: 'tag.value',
      },
    ],
  }),
  group({
    kind: 'nodegroup',
    type: 'AWS::AutoScaling::LaunchConfiguration',
    terraform: 'aws_launch_configuration',
    with: { cloudformation: { ImageId: 'ami-1' }, terraform: { image_id: 'ami-1' } },
    beside: {
      cloudformation: {
        A: {
          Type: 'AWS::AutoScaling::AutoScalingGroup',
          Properties: { LaunchConfigurationName: 'l', ...joining.cloudformation },
        },
      },
      terraform: { aws_autoscaling_group: { a: { launch_configuration: 'l', ...joining.terraform } } },
    },
    facts: [
      {
        name: 'template.imageId',
        ask: ({ template }) => template.imageId,
        is: 'ami-1',
        at: 'LaunchConfigurationName',
        value: 'l',
        terraform: 'name',
        leftOut: 'unknown', // another configuration
        linked: true,
      },
    ],
  }),
  group({
    kind: 'nodegroup',
    type: 'AWS::AutoScaling::LaunchConfiguration',
    terraform: 'aws_launch_configuration',
    beside: {
      cloudformation: {
        A: {
          Type: 'AWS::AutoScaling::AutoScalingGroup',
          Properties: { LaunchConfigurationName: { Ref: 'P' }, ...joining.cloudformation },
        },
        G: {
          Type: 'AWS::EC2::SecurityGroup',
          Properties: {
            SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' }],
          },
        },
      },
      terraform: {
        aws_autoscaling_group: {
          a: { launch_configuration: new Written('aws_launch_configuration.p.name'), ...joining.terraform },
        },
        aws_security_group: {
          g: { ingress: { protocol: 'tcp', from_port: 22, to_port: 22, cidr_blocks: ['0.0.0.0/0'] } },
        },
      },
    },
    facts: [
      {
        name: 'publicIp',
        ask: ({ publicIp }) => publicIp,
        is: true,
        at: 'AssociatePublicIpAddress',
        else: false,
      },
      { name: 'userData', ask: ({ template }) => template.userData, is: 'echo hello', at: 'UserData' },
      {
        name: 'volumes.device',
        ask: ({ template }) => first(template.volumes, ({ device }) => device),
        is: '/dev/xvdb',
        at: 'BlockDeviceMappings.0.DeviceName',
        terraform: 'ebs_block_device.device_name',
        not: { cloudformation: 'beside Ebs: key-samples', awscc: 'beside Ebs: key-samples' },
      },
      {
        name: 'openings',
        ask: ({ remoteAccess }) => first(remoteAccess.openings, ({ cidr }) => cidr),
        is: '0.0.0.0/0',
        at: 'SecurityGroups',
        value: [{ Ref: 'G' }],
        terraform: ['security_groups', [new Written('aws_security_group.g.id')]],
        not: { plan: 'a list that is known after apply is of any length' },
        linked: true,
      },
    ],
  }),
  ...(['RepositoryName', 'PolicyText'] as const).map((at) => {
    const [reference, document] = [new Written('aws_ecr_repository.r.name'), '{"Statement":[{"Effect":"Allow"}]}'];
    return group({
      kind: 'repository',
      type: 'ECR::RepositoryPolicy',
      terraform: 'aws_ecr_repository_policy',
      upbound: ['ecr.aws.upbound.io/v1beta1', 'RepositoryPolicy'],
      beside: besideRepository,
      with: { terraform: at === 'PolicyText' ? { repository: reference } : { policy: document } },
      facts: [
        {
          name: 'policies',
          ask: ({ at: place, policies: [policy] }) =>
            policy ? first(policy.statements, ({ effect }) => effect) : Value.default<unknown>(undefined, () => place),
          is: 'Allow',
          at,
          terraform: at === 'PolicyText' ? ['policy', document] : ['repository', reference],
          ...(at === 'PolicyText' ? {} : { hidden: 'default' }), // only policies that are known are judged
          linked: true,
        },
      ],
    });
  }),
  group({
    kind: 'repository',
    type: 'ECR::LifecyclePolicy',
    terraform: 'aws_ecr_lifecycle_policy',
    upbound: ['ecr.aws.upbound.io/v1beta1', 'LifecyclePolicy'],
    beside: besideRepository,
    facts: [
      {
        name: 'lifecycle',
        ask: ({ lifecycle }) => lifecycle,
        is: 'yes',
        at: 'RepositoryName',
        terraform: ['repository', new Written('aws_ecr_repository.r.name')],
      },
    ],
  }),
  ...(['RoleName', 'PolicyDocument'] as const).map((at) => {
    const [reference, document] = [new Written('aws_iam_role.r.name'), '{"Statement":[{"Effect":"Allow"}]}'];
    return group({
      kind: 'iamRole',
      type: 'AWS::IAM::RolePolicy',
      terraform: 'aws_iam_role_policy',
      upbound: ['iam.aws.upbound.io/v1beta1', 'RolePolicy'],
      beside: besideRole,
      with:
        at === 'PolicyDocument'
          ? { cloudformation: { RoleName: { Ref: 'R' } }, terraform: { role: reference } }
          : { cloudformation: { PolicyDocument: document }, terraform: { policy: document } },
      facts: [
        {
          name: 'inline',
          ask: ({ inline }) => first(inline, ({ statements }) => first(statements, ({ effect }) => effect)),
          is: 'Allow',
          at,
          value: at === 'PolicyDocument' ? document : { Ref: 'R' },
          terraform: at === 'PolicyDocument' ? ['policy', document] : ['role', reference],
          linked: true,
        },
      ],
    });
  }),
  ...(
    [
      ['aws_iam_role_policy_attachment', 'role', new Written('aws_iam_role.r.name')],
      ['aws_iam_policy_attachment', 'roles', [new Written('aws_iam_role.r.name')]],
    ] as const
  ).map(([terraform, argument, reference]) => {
    const isOne = argument === 'role';
    return group({
      kind: 'iamRole',
      type: 'IAM::PolicyAttachment',
      terraform,
      ...(isOne ? { upbound: ['iam.aws.upbound.io/v1beta1', 'RolePolicyAttachment'] as const } : {}),
      beside: besideRole,
      with: { terraform: { policy_arn: readOnly } },
      facts: [
        {
          name: 'managed',
          ask: ({ managed }) =>
            first(managed, ({ arn, attached }) =>
              attached.state === 'yes' ? arn : Value.unknown<unknown>(attached.why ?? '', () => arn.at),
            ),
          is: readOnly,
          at: 'Roles',
          terraform: [argument, reference],
          not: isOne ? {} : { plan: 'a list that is known after apply is of any length' },
          linked: true,
        },
      ],
    });
  }),
];
