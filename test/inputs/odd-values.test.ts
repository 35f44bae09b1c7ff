import { expect, it } from 'vitest';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';
import { read, touch } from './read.ts';

/*
 * No input throws, whatever a file contains: each value of some files is replaced by some of these, in turn.
 */

const odd: readonly unknown[] = [
  null,
  0,
  'x',
  true,
  [],
  {},
  [null],
  [['x']],
  { Ref: 'x' },
  { 'Fn::If': ['x'] },
  '${X}',
  'constructor',
];
type Files = Readonly<Record<string, unknown>>;

const arn = 'arn:aws:eks:eu-west-1:111122223333';
const object = (apiVersion: string, kind: string, spec: object): object => ({
  apiVersion,
  kind,
  metadata: { name: 'c', namespace: 'n', annotations: { 'crossplane.io/external-name': 'e' } },
  spec,
});
const samples: Readonly<Record<string, Files>> = {
  cloudformation: {
    't.json': {
      Transform: ['AWS::LanguageExtensions', 'Own'],
      Parameters: {
        P: { Type: 'String', Default: 'x' },
        L: { Type: 'CommaDelimitedList', Default: 'a,b' },
        Image: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/aws/service/x' },
      },
      Mappings: { M: { a: { b: 'c' } } },
      Conditions: {
        C: { 'Fn::And': [{ 'Fn::Equals': [{ Ref: 'P' }, 'x'] }, { 'Fn::Not': [{ Condition: 'D' }] }] },
        D: {},
      },
      Resources: {
        Cluster: {
          Type: 'AWS::EKS::Cluster',
          Condition: 'C',
          Properties: {
            Name: { 'Fn::Sub': ['${a}-${P}', { a: { 'Fn::Select': [0, { Ref: 'L' }] } }] },
            Version: { 'Fn::FindInMap': ['M', 'a', 'b', { DefaultValue: '1.33' }] },
            Logging: {
              ClusterLogging: {
                EnabledTypes: [{ Type: 'audit' }, { 'Fn::If': ['C', { Type: 'api' }, { Ref: 'AWS::NoValue' }] }],
              },
            },
            EncryptionConfig: [{ Resources: ['secrets'], Provider: { KeyArn: { 'Fn::GetAtt': ['K', 'Arn'] } } }],
            Tags: [{ Key: 'a', Value: { 'Fn::ToJsonString': { a: [1] } } }],
          },
        },
        Inner: {
          Type: 'AWS::CloudFormation::Stack',
          Properties: { TemplateURL: 'i.json', Parameters: { P: { Ref: 'Cluster' } } },
        },
        'Fn::ForEach::G': [
          'I',
          { Ref: 'L' },
          { 'G${I}': { Type: 'AWS::EKS::Nodegroup', Properties: { ClusterName: { Ref: 'Cluster' } } } },
        ],
        Old: {
          Type: 'AWS::AutoScaling::LaunchConfiguration',
          Properties: { ImageId: { Ref: 'Image' }, UserData: { 'Fn::Base64': 'nodeadm' } },
        },
        Nodes: {
          Type: 'AWS::AutoScaling::AutoScalingGroup',
          Properties: {
            LaunchConfigurationName: { Ref: 'Old' },
            MixedInstancesPolicy: {
              LaunchTemplate: {
                LaunchTemplateSpecification: { LaunchTemplateId: 'x' },
                Overrides: [{ InstanceType: 'a' }],
              },
            },
            Tags: [{ Key: 'kubernetes.io/cluster/x' }],
          },
        },
      },
    },
    'i.json': {
      Parameters: { P: { Type: 'String' } },
      Resources: { A: { Type: 'AWS::EKS::Addon', Properties: { ClusterName: { Ref: 'P' }, AddonName: 'vpc-cni' } } },
      Outputs: { O: { Value: { Ref: 'A' } } },
    },
    'p.json': [
      { ParameterKey: 'P', ParameterValue: 'y' },
      { ParameterKey: 'L', UsePreviousValue: true },
    ],
  },
  ack: {
    'c.yaml': object('eks.services.k8s.aws/v1alpha1', 'Cluster', {
      name: 'c',
      resourcesVPCConfig: { publicAccessCIDRs: ['x'] },
      logging: { clusterLogging: [{ enabled: true, types: ['audit'] }] },
      encryptionConfig: [{ resources: ['secrets'], provider: { keyARN: 'x' } }],
    }),
    'g.yaml': object('eks.services.k8s.aws/v1alpha1', 'Nodegroup', {
      clusterRef: { from: { name: 'c' } },
      launchTemplate: { name: 't' },
    }),
    't.yaml': object('ec2.services.k8s.aws/v1alpha1', 'LaunchTemplate', {
      name: 't',
      data: { securityGroupIDs: ['sg'], metadataOptions: {} },
    }),
    's.yaml': object('ec2.services.k8s.aws/v1alpha1', 'SecurityGroup', {
      name: 'sg',
      ingressRules: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: [{ cidrIP: '0.0.0.0/0' }] }],
    }),
  },
  crossplane: {
    'c.yaml': object('eks.aws.upbound.io/v1beta1', 'Cluster', {
      forProvider: { vpcConfig: [{ publicAccessCidrs: ['x'] }], version: '1.33' },
    }),
    'g.yaml': object('eks.aws.upbound.io/v1beta1', 'NodeGroup', {
      forProvider: { clusterNameRef: { name: 'c' }, remoteAccess: [{ ec2SshKey: 'k' }] },
    }),
    'o.yaml': object('eks.aws.crossplane.io/v1beta1', 'Cluster', {
      forProvider: { logging: { clusterLogging: [{ enabled: true, types: ['audit'] }] } },
    }),
    'x.yaml': object('apiextensions.crossplane.io/v1', 'Composition', {
      patchSets: [{ name: 's', patches: [{ fromFieldPath: 'spec.a' }] }],
      resources: [
        {
          name: 'r',
          base: object('eks.aws.upbound.io/v1beta1', 'Cluster', { forProvider: { version: '1.33' } }),
          patches: [{ type: 'PatchSet', patchSetName: 's' }, { toFieldPath: 'spec.forProvider.tags[a.b/c]' }],
        },
      ],
    }),
  },
  capi: {
    'c.yaml': object('cluster.x-k8s.io/v1beta1', 'Cluster', { controlPlaneRef: { name: 'c' } }),
    'p.yaml': object('controlplane.cluster.x-k8s.io/v1beta2', 'AWSManagedControlPlane', {
      version: 'v1.33.1',
      logging: { audit: true },
      addons: [{ name: 'vpc-cni', version: 'v1' }],
      encryptionConfig: { provider: 'x', resources: ['secrets'] },
    }),
    'm.yaml': object('cluster.x-k8s.io/v1beta1', 'MachinePool', {
      clusterName: 'c',
      template: {
        spec: { version: 'v1.33', bootstrap: { configRef: { kind: 'EKSConfig' } }, infrastructureRef: { name: 'c' } },
      },
    }),
    'g.yaml': object('infrastructure.cluster.x-k8s.io/v1beta2', 'AWSManagedMachinePool', {
      capacityType: 'spot',
      awsLaunchTemplate: {
        ami: { id: 'x' },
        additionalSecurityGroups: [{ id: 'x' }],
        rootVolume: { encrypted: true },
        instanceMetadataOptions: {},
      },
    }),
  },
  karpenter: {
    'c.yaml': object('karpenter.k8s.aws/v1', 'EC2NodeClass', {
      amiFamily: 'AL2',
      amiSelectorTerms: [{ alias: 'al2@latest' }, { tags: { a: 'b' } }],
      metadataOptions: { httpTokens: 'optional', httpPutResponseHopLimit: 2 },
    }),
    'n.yaml': object('eks.amazonaws.com/v1', 'NodeClass', { role: 'x' }),
  },
  answers: {
    'c.json': {
      cluster: {
        arn: `${arn}:cluster/c`,
        name: 'c',
        logging: { clusterLogging: [{ enabled: true, types: ['api'] }] },
        tags: { a: 'b' },
      },
    },
    'g.json': {
      nodegroup: {
        nodegroupArn: `${arn}:nodegroup/c/g/1`,
        nodegroupName: 'g',
        clusterName: 'c',
        launchTemplate: { id: 'lt', version: '1' },
      },
    },
    'l.json': { nodegroups: ['g'], nextToken: null },
    't.json': {
      LaunchTemplateVersions: [
        {
          LaunchTemplateId: 'lt',
          VersionNumber: 1,
          DefaultVersion: true,
          LaunchTemplateData: { SecurityGroupIds: ['sg'] },
        },
      ],
    },
    's.json': {
      SecurityGroups: [
        {
          GroupId: 'sg',
          IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: 'x' }] }],
        },
      ],
    },
    'a.json': {
      AutoScalingGroups: [
        {
          AutoScalingGroupARN: 'x',
          AutoScalingGroupName: 'x',
          LaunchTemplate: { LaunchTemplateId: 'lt', Version: '$Default' },
          Tags: [{ Key: 'kubernetes.io/cluster/c' }],
        },
      ],
    },
  },
  'answers of what belongs to a cluster': {
    'c.json': {
      cluster: {
        arn: `${arn}:cluster/c`,
        name: 'c',
        resourcesVpcConfig: { vpcId: 'vpc', clusterSecurityGroupId: 'sg', subnetIds: ['subnet'] },
        connectorConfig: { activationExpiry: 1, roleArn: 'x' },
        health: { issues: [{ code: 'x', message: 'x' }] },
      },
    },
    'f.json': { fargateProfile: { fargateProfileArn: `${arn}:f`, clusterName: 'c', selectors: [{ namespace: 'x' }] } },
    'e.json': {
      accessEntry: {
        accessEntryArn: `${arn}:e`,
        clusterName: 'c',
        principalArn: 'p',
        type: 'EC2_LINUX',
        kubernetesGroups: ['x'],
      },
    },
    'p.json': {
      clusterName: 'c',
      principalArn: 'p',
      associatedAccessPolicies: [{ policyArn: 'x', accessScope: { type: 'cluster', namespaces: [] } }],
    },
    'i.json': {
      identityProviderConfig: {
        oidc: { identityProviderConfigArn: `${arn}:i`, identityProviderConfigName: 'x', clusterName: 'c' },
      },
    },
    'l.json': { identityProviderConfigs: [{ type: 'oidc', name: 'x' }] },
    'k.json': {
      capability: {
        arn: `${arn}:k`,
        clusterName: 'c',
        configuration: { argoCd: { rbacRoleMappings: [{ role: 'x' }] } },
      },
    },
  },
  'answers of other services': {
    'c.json': { cluster: { arn: `${arn}:cluster/c`, name: 'c', resourcesVpcConfig: { vpcId: 'vpc' } } },
    'v.json': {
      Vpcs: [
        {
          VpcId: 'vpc',
          CidrBlock: 'x',
          OwnerId: 'x',
          CidrBlockAssociationSet: [{ AssociationId: 'x', CidrBlock: 'y', CidrBlockState: { State: 'associated' } }],
        },
      ],
      Subnets: [{ SubnetId: 'subnet', VpcId: 'vpc', Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: 'x' }] }],
      NatGateways: [{ NatGatewayId: 'x', SubnetId: 'subnet', NatGatewayAddresses: [{ AllocationId: 'x' }] }],
      VpcEndpoints: [{ VpcEndpointId: 'x', VpcId: 'vpc' }],
      FlowLogs: [{ FlowLogId: 'x', ResourceId: 'vpc', TrafficType: 'ALL' }],
    },
    'd.json': { VpcId: 'vpc', EnableDnsSupport: { Value: true } },
    's.json': {
      SecurityGroups: [
        {
          GroupId: 'sg',
          IpPermissions: [],
          IpPermissionsEgress: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg' }] }],
        },
      ],
    },
    'o.json': { Url: 'x', ClientIDList: ['x'] },
    'e.json': {
      FileSystems: [{ FileSystemId: 'fs', Tags: [{ Key: 'Name', Value: 'x' }] }],
      MountTargets: [{ MountTargetId: 'x', FileSystemId: 'fs', SubnetId: 'subnet', SecurityGroups: ['sg'] }],
    },
    'g.json': { logGroups: [{ logGroupName: 'x', retentionInDays: 1 }] },
    'r.json': { repositories: [{ repositoryArn: 'x', repositoryName: 'x' }] },
    'y.json': { repositoryName: 'x', lifecyclePolicyText: '' },
  },
};

/** Every location in some data, as the keys that lead to it. */
function placesOf(data: unknown, path: readonly string[] = []): string[][] {
  const own = path.length === 0 ? [] : [[...path]];
  if (typeof data !== 'object' || data === null) return own;
  return [...own, ...Object.entries(data).flatMap(([key, value]) => placesOf(value, [...path, key]))];
}
function replaced(data: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const copy = Array.isArray(data) ? [...(data as unknown[])] : { ...(data as object) };
  (copy as Record<string, unknown>)[key] = replaced((data as Record<string, unknown>)[key], rest, value);
  return copy;
}

it.each(Object.entries(samples))('%s', (_, files) => {
  const texts = Object.fromEntries(Object.entries(files).map(([name, data]) => [name, JSON.stringify(data)]));
  const whole = read(texts);
  expect(whole.clusters.length + whole.loose.length).toBeGreaterThan(0);
  let tried = 0;
  for (const [name, data] of Object.entries(files))
    for (const path of placesOf(data))
      for (const value of odd.filter((_one, index) => (index + tried) % 4 === 0)) {
        const { clusters, loose, aws } = read({ ...texts, [name]: JSON.stringify(replaced(data, path, value)) });
        touch(clusters);
        touch(loose);
        touch(aws);
        tried++;
      }
  expect(tried).toBeGreaterThan(50);
});

it.each(['constructor', 'toString', '__proto__'])('%s may be the name of anything', async (name) => {
  const objects = `
apiVersion: example.com/v1
kind: ${name}
metadata: {name: ${name}, namespace: n}
spec: {template: {metadata: {labels: {a: b}}, spec: {containers: [{name: ${name}, image: ${name}}]}}}
${[1, 2].map((n) => `---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: p${n}, namespace: n}\nspec: {maxUnavailable: 1, selector: {matchLabels: {a: b}}}\n`).join('')}`;
  const { crashes } = await lintTexts(
    {
      'o/kustomization.yaml': `resources: [o.yaml]\ncommonLabels: {x: y}\ncommonAnnotations: {x: y}\npatches:\n- target: {kind: ${name}}\n  patch: '[{"op": "add", "path": "/spec/${name}", "value": 1}]'\n`,
      'o/o.yaml': objects,
      't.yaml': `Resources:\n  A: {Type: ${name}}\n  B: {Type: AWS::EKS::Cluster, Properties: {Name: b}}\n`,
    },
    rules,
  );
  expect(crashes).toEqual([]);
});
