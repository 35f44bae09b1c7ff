import { describe, expect, it } from 'vitest';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';
import { read } from './read.ts';

const tokens = rules.filter(({ id }) => id === 'nodes/imdsv1-allowed');
const al2 = rules.filter(({ id }) => id === 'upgrades/al2-nodes');

describe('Auto Scaling groups that join a cluster', () => {
  const template = (tag: string): string => `Parameters:
  Image: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /aws/service/eks/optimized-ami/1.31/amazon-linux-2/recommended/image_id}
Resources:
  Main: {Type: AWS::EKS::Cluster, Properties: {Name: shop, Version: "1.31"}}
  Old:
    Type: AWS::AutoScaling::LaunchConfiguration
    Properties: {ImageId: !Ref Image, InstanceType: m7i.large, MetadataOptions: {HttpTokens: optional, HttpPutResponseHopLimit: 2}}
  Nodes:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      LaunchConfigurationName: !Ref Old
      Tags: [{Key: ${tag}, Value: owned, PropagateAtLaunch: true}]
`;
  it('are self-managed groups of it, configured by their launch configuration', () => {
    for (const tag of ['kubernetes.io/cluster/shop', '!Sub "kubernetes.io/cluster/${Main}"']) {
      const [cluster] = read({ 't.yaml': template(tag) }).clusters;
      expect(
        cluster?.nodegroups.items.map(({ managed, amiType, instanceTypes, template: { imds }, subject }) => [
          managed,
          amiType.value,
          [...instanceTypes].map(({ value }) => value),
          imds.httpTokens.value,
          imds.hopLimit.value,
          subject.name,
        ]),
      ).toEqual([[false, 'AL2_x86_64', ['m7i.large'], 'optional', 2, 'Nodes']]);
    }
  });
  it('do not belong to EKS if they have tags of other tools', () => {
    const { clusters, loose } = read({ 't.yaml': template('web') });
    expect([clusters[0]?.nodegroups.items.length, loose]).toEqual([0, []]);
  });
  it('of Terraform refer to theirs with any kind of index', () => {
    const of = (reference: string): unknown => {
      const { loose } = read({
        'main.tf': `resource "aws_launch_configuration" "old" {
  count    = var.groups
  image_id = "ami-0123456789abcdef0"
  metadata_options {
    http_tokens = "optional"
  }
}
resource "aws_autoscaling_group" "old" {
  count                = var.groups
  launch_configuration = ${reference}
  tag {
    key                 = "kubernetes.io/cluster/shop"
    value               = "owned"
    propagate_at_launch = true
  }
}
`,
      });
      return loose.map((one) => one.kind === 'nodegroup' && one.template.imds.httpTokens.value);
    };
    for (const path of ['old[count.index].id', 'old.*.id[count.index]', 'old[*].id[count.index]', 'old.*.name[0]'])
      expect([path, of(`aws_launch_configuration.${path}`)]).toEqual([path, ['optional']]);
    expect(of('local.other[count.index]')).toEqual([undefined]);
  });
  it.each([
    'flatten([join("", aws_security_group.w.*.id)])',
    'compact([aws_security_group.w[0].id, ""])',
    '[coalesce(aws_security_group.w[0].id, var.other)]',
    'aws_security_group.w[*].id',
  ])('of Terraform have the security groups of %s', (groups) => {
    const { loose } = read({
      'main.tf': `variable "other" {}
resource "aws_security_group" "w" {
  count = 1
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_launch_template" "t" {
  vpc_security_group_ids = ${groups}
}
resource "aws_eks_node_group" "g" {
  cluster_name = "shop"
  launch_template {
    id = aws_launch_template.t.id
  }
}
`,
    });
    const [group] = loose.filter((one) => one.kind === 'nodegroup');
    const openings = group?.remoteAccess.openings;
    expect([openings?.items.length, openings?.complete]).toEqual([1, true]);
  });
  it('of Terraform join a cluster that a computed key names', () => {
    const { notes } = read({
      'main.tf': `variable "cluster" {}
resource "aws_autoscaling_group" "a" {
  dynamic "tag" {
    for_each = { "kubernetes.io/cluster/\${var.cluster}" = "owned" }
    content {
      key   = tag.key
      value = tag.value
    }
  }
}
`,
    });
    expect(notes.map(({ message }) => message)).toEqual([
      'the cluster is not defined here: only its parts in these files are judged',
    ]);
  });
  it('of Terraform look up their image by name', () => {
    const { clusters } = read({
      'main.tf': `resource "aws_eks_cluster" "main" {
  name = "shop"
}
data "aws_ami" "node" {
  owners = ["amazon"]
  filter {
    name   = "name"
    values = ["amazon-eks-node-al2023-x86_64-standard-1.33-*"]
  }
}
resource "aws_launch_template" "node" {
  name     = "node"
  image_id = data.aws_ami.node.id
  metadata_options {
    http_tokens = "optional"
  }
}
resource "aws_autoscaling_group" "node" {
  name = "web"
  mixed_instances_policy {
    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.node.id
      }
      override {
        instance_type = "m7i.large"
      }
      override {
        instance_type = "m7a.large"
      }
    }
  }
  tag {
    key                 = "Name"
    value               = "web"
    propagate_at_launch = true
  }
  tag {
    key                 = "kubernetes.io/cluster/shop"
    value               = "owned"
    propagate_at_launch = true
  }
}
`,
    });
    expect(
      clusters[0]?.nodegroups.items.map(({ name, amiType, instanceTypes, capacityType, template: { imds } }) => [
        name.value,
        amiType.value,
        [...instanceTypes].map(({ value }) => value),
        capacityType.value,
        imds.httpTokens.value,
      ]),
    ).toEqual([['web', 'AL2023_x86_64_STANDARD', ['m7i.large', 'm7a.large'], 'ON_DEMAND', 'optional']]);
  });
  it('of Terraform need not know the Kubernetes version in the name of their image', () => {
    const type = (filter: string): unknown => {
      const { loose } = read({
        'main.tf': `data "aws_ami" "node" {
  filter {
    name   = "name"
    values = ["${filter}"]
  }
}
resource "aws_eks_node_group" "node" {
  cluster_name = "shop"
  launch_template {
    id = aws_launch_template.node.id
  }
}
resource "aws_launch_template" "node" {
  image_id = data.aws_ami.node.image_id
}
`,
      });
      return loose.map((one) => one.kind === 'nodegroup' && one.amiType.value);
    };
    expect(type('amazon-eks-arm64-node-${var.cluster_version}-v*')).toEqual(['AL2_ARM_64']);
    expect(type('amazon-eks-node-al2023-x86_64-standard-${var.version}-v*')).toEqual(['AL2023_x86_64_STANDARD']);
    expect(type('amazon-eks-node-${var.release}-v*')).toEqual([undefined]);
  });
  it('may be recognized by the user data of their nodes alone', () => {
    const { loose } = read({
      'main.tf': `resource "aws_launch_template" "node" {
  user_data = base64encode("/etc/eks/bootstrap.sh shop")
}
resource "aws_autoscaling_group" "node" {
  launch_template {
    id = aws_launch_template.node.id
  }
}
`,
    });
    expect(loose.map(({ kind, subject }) => [kind, subject.name])).toEqual([
      ['nodegroup', 'aws_autoscaling_group.node'],
    ]);
  });
});

describe('node classes', () => {
  const nodeClass = (spec: string, version = 'v1', more = ''): string =>
    `apiVersion: karpenter.k8s.aws/${version}\nkind: EC2NodeClass\nmetadata:\n  name: default\n${more}spec: ${spec}\n`;
  const template = (text: string) => {
    const [one] = read({ 'c.yaml': text }).loose;
    return one?.kind === 'nodeTemplate' ? one : undefined;
  };
  it.each([
    ['{amiSelectorTerms: [{alias: al2@latest}]}', 'AL2_x86_64'],
    ['{amiSelectorTerms: [{alias: al2023@v20250101}]}', 'AL2023_x86_64_STANDARD'],
    ['{amiSelectorTerms: [{tags: {a: b}}], amiFamily: Bottlerocket}', 'BOTTLEROCKET_x86_64'],
    ['{amiSelectorTerms: [{alias: "{{ .Values.alias }}"}]}', undefined],
    ['{amiSelectorTerms: [{id: ami-1}]}', undefined],
    ['{amiFamily: Custom, amiSelectorTerms: [{name: "amazon-eks-node-1.32-*"}]}', 'AL2_x86_64'],
    ['{amiSelectorTerms: [{alias: al2023@latest}, {alias: al2@latest}]}', 'AL2_x86_64'],
  ])('%s', (spec, type) => {
    expect(template(nodeClass(spec))?.amiType.value).toBe(type);
  });
  it('show in a cluster which images they have selected', () => {
    const told = 'status: {amis: [{id: ami-1, name: amazon-eks-node-al2023-arm64-standard-1.33-v20260923}]}\n';
    const spec = '{amiSelectorTerms: [{tags: {a: b}}], amiFamily: Custom}';
    expect(template(nodeClass(spec, 'v1', told))?.amiType.value).toBe('AL2023_ARM_64_STANDARD');
  });
  it('have the defaults of their version', () => {
    const imds = (version: string) => template(nodeClass('{}', version))?.imds;
    expect([imds('v1')?.hopLimit.value, imds('v1beta1')?.hopLimit.value, imds('v1')?.httpTokens.value]).toEqual([
      1,
      2,
      'required',
    ]);
    expect(
      template('apiVersion: eks.amazonaws.com/v1\nkind: NodeClass\nmetadata: {name: a}\nspec: {}\n')?.imds.hopLimit
        .value,
    ).toBe(1);
  });
  const open = '{metadataOptions: {httpTokens: optional}, amiSelectorTerms: [{alias: al2@latest}]}';
  it('are judged like objects: by name, with ignores and patches', async () => {
    const { findings } = await lintTexts({ 'c.yaml': nodeClass(open) }, [...tokens, ...al2]);
    expect(
      findings.map(({ rule, at, subject, fix }) => [
        rule,
        at.start?.line,
        subject.kind,
        subject.name,
        fix?.edits.length,
      ]),
    ).toEqual([
      ['nodes/imdsv1-allowed', 5, 'EC2NodeClass', 'default', 1],
      ['upgrades/al2-nodes', 5, 'EC2NodeClass', 'default', undefined],
    ]);
    const patched = await lintTexts(
      {
        'kustomization.yaml':
          'resources: [c.yaml]\npatches: [{target: {kind: EC2NodeClass}, patch: "{apiVersion: karpenter.k8s.aws/v1, kind: EC2NodeClass, metadata: {name: default}, spec: {metadataOptions: {httpTokens: required}}}"}]\n',
        'c.yaml': nodeClass(open),
      },
      tokens,
    );
    expect(patched.findings).toEqual([]);
  });
});

describe('objects that describe AWS resources', () => {
  it('refer to one another by the names of their objects', () => {
    const { loose, clusters } = read({
      'c.yaml': `apiVersion: eks.aws.upbound.io/v1beta2
kind: Cluster
metadata: {name: one, annotations: {crossplane.io/external-name: shop}}
spec: {forProvider: {version: "1.33", vpcConfig: {endpointPublicAccess: false}}}
---
apiVersion: eks.aws.upbound.io/v1beta2
kind: Cluster
metadata: {name: two}
spec: {forProvider: {version: "1.32"}}
---
apiVersion: eks.aws.upbound.io/v1beta2
kind: NodeGroup
metadata: {name: web}
spec: {forProvider: {clusterNameRef: {name: one}}}
---
apiVersion: eks.aws.upbound.io/v1beta1
kind: Addon
metadata: {name: cni}
spec: {forProvider: {addonName: vpc-cni, clusterNameSelector: {matchLabels: {a: b}}}}
`,
    });
    expect(
      clusters.map(({ name, nodegroups }) => [name.value, nodegroups.items.map(({ subject }) => subject.name)]),
    ).toEqual([
      ['shop', ['web']],
      ['two', []],
    ]);
    expect(loose.map(({ kind }) => kind)).toEqual(['addon']);
  });
  it('of Cluster API are resolved through the objects between them, and belong to EKS only with a control plane or its bootstrap', () => {
    const pool = (kind: string, bootstrap: string): string => `apiVersion: cluster.x-k8s.io/v1beta1
kind: MachinePool
metadata: {name: p}
spec:
  clusterName: c
  template: {spec: {version: v1.32.1, bootstrap: {configRef: {kind: ${bootstrap}, name: p}}, infrastructureRef: {kind: ${kind}, name: p}}}
---
apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
kind: ${kind}
metadata: {name: p}
spec: {awsLaunchTemplate: {instanceMetadataOptions: {httpEndpoint: enabled}}}
`;
    const cluster = `apiVersion: cluster.x-k8s.io/v1beta1
kind: Cluster
metadata: {name: c}
spec: {controlPlaneRef: {kind: AWSManagedControlPlane, name: c-plane}}
---
apiVersion: controlplane.cluster.x-k8s.io/v1beta2
kind: AWSManagedControlPlane
metadata: {name: c-plane}
spec: {version: v1.33, addons: [{name: vpc-cni, version: v1.20.0-eksbuild.1}]}
`;
    const groups = (kind: string, bootstrap: string) =>
      read({ 'c.yaml': cluster, 'p.yaml': pool(kind, bootstrap) }).clusters.flatMap(({ nodegroups, addons }) => [
        ...nodegroups.items.map(({ managed, version, template: { imds } }) => [
          managed,
          version.value,
          imds.httpTokens.value,
        ]),
        ...addons.items.map(({ name }) => name.value),
      ]);
    expect(groups('AWSManagedMachinePool', 'NodeadmConfig')).toEqual([[true, '1.32', 'optional'], 'vpc-cni']);
    expect(groups('AWSMachinePool', 'EKSConfig')).toEqual([[false, '1.32', 'optional'], 'vpc-cni']);
    expect(groups('AWSMachinePool', 'KubeadmConfig')).toEqual(['vpc-cni']);
    const { aws } = read({
      'c.yaml': cluster,
      'p.yaml': pool('AWSMachinePool', 'EKSConfig').replace('{awsLaunchTemplate: {', '$&iamInstanceProfile: own, '),
      'r.yaml': `Resources:
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: nodes}}
  Other: {Type: AWS::IAM::Role, Properties: {RoleName: other}}
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {InstanceProfileName: own, Roles: [!Ref Role]}}
`,
    });
    const roles = aws.filter((one) => one.kind === 'iamRole');
    expect(roles.map(({ name, nodegroups }) => [name.value, nodegroups.map((one) => one.name)])).toEqual([
      ['nodes', ['p']],
      ['other', []],
    ]);
  });
});

describe('answers of the API', () => {
  const arn = 'arn:aws:eks:eu-west-1:111122223333';
  const cluster = JSON.stringify({ cluster: { arn: `${arn}:cluster/shop`, name: 'shop', version: '1.33' } });
  const group = (name: string): string =>
    JSON.stringify({
      nodegroup: {
        nodegroupArn: `${arn}:nodegroup/shop/${name}/1`,
        nodegroupName: name,
        clusterName: 'shop',
        amiType: 'AL2_x86_64',
      },
    });
  it('are complete if a list says so', () => {
    const answers = (more: Record<string, string>) =>
      read({ 'a/c.json': cluster, 'a/g.json': group('web'), ...more }).clusters.map(({ nodegroups }) => [
        nodegroups.items.length,
        nodegroups.complete,
        nodegroups.why,
      ]);
    expect(answers({})).toEqual([[1, false, 'no answer lists all nodegroups']]);
    expect(answers({ 'a/l.json': '{"nodegroups": ["web"]}' })).toEqual([[1, true, undefined]]);
    expect(answers({ 'a/l.json': '{"nodegroups": ["web"], "nextToken": "x"}' })[0]?.[1]).toBe(false);
    expect(answers({ 'a/l.json': '{"nodegroups": ["web", "db"]}' })[0]?.[1]).toBe(false);
  });
  it('are located by their paths, and are never edited', async () => {
    const { findings } = await lintTexts({ 'a/g.json': group('web') }, al2);
    expect(findings.map(({ at, fix }) => [at, fix])).toEqual([
      [{ source: 'a/g.json', path: 'nodegroup.amiType' }, undefined],
    ]);
  });
  it('allow what their security groups allow', () => {
    const [one] = read({
      'a/g.json': JSON.stringify({
        nodegroup: {
          nodegroupArn: `${arn}:nodegroup/shop/web/1`,
          nodegroupName: 'web',
          clusterName: 'shop',
          launchTemplate: { id: 'lt-1', version: '1' },
        },
      }),
      'a/t.json': JSON.stringify({
        LaunchTemplateVersions: [
          { LaunchTemplateId: 'lt-1', VersionNumber: 1, LaunchTemplateData: { SecurityGroupIds: ['sg-1'] } },
        ],
      }),
      'a/s.json': JSON.stringify({
        SecurityGroups: [
          {
            GroupId: 'sg-1',
            IpPermissions: [
              { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [] },
            ],
          },
        ],
      }),
    }).loose;
    expect(
      one?.kind === 'nodegroup' && [...one.remoteAccess.openings].map(({ cidr, port }) => [cidr.value, port]),
    ).toEqual([['0.0.0.0/0', '22']]);
  });
  it('are recognized by their shape alone', () => {
    expect(read({ 'a.json': '{"cluster": {"name": "x", "arn": "y"}}' }).clusters).toEqual([]);
    expect(read({ 'a.json': '{"cluster": {"arn": ' }).clusters).toEqual([]);
  });
});

it('Compositions define clusters and groups, and what their patches set is unknown', () => {
  const { clusters } = read({
    'c.yaml': `apiVersion: apiextensions.crossplane.io/v1
kind: Composition
metadata: {name: c}
spec:
  mode: Pipeline
  pipeline:
    - step: patch-and-transform
      input:
        apiVersion: pt.fn.crossplane.io/v1beta1
        kind: Resources
        patchSets:
          - name: version
            patches: [{type: FromCompositeFieldPath, fromFieldPath: spec.version, toFieldPath: spec.forProvider.version}]
        resources:
          - name: control-plane
            base: {apiVersion: eks.aws.upbound.io/v1beta1, kind: Cluster, spec: {forProvider: {vpcConfig: [{endpointPublicAccess: true}]}}}
            patches:
              - {type: PatchSet, patchSetName: version}
              - {type: ToCompositeFieldPath, fromFieldPath: status.arn, toFieldPath: status.arn}
              - {fromFieldPath: spec.private, toFieldPath: "spec.forProvider.vpcConfig[0].endpointPrivateAccess"}
          - name: nodes
            base: {apiVersion: eks.aws.upbound.io/v1beta1, kind: NodeGroup, spec: {forProvider: {amiType: AL2_x86_64, clusterNameSelector: {matchControllerRef: true}}}}
`,
  });
  expect(
    clusters.map(({ subject, version, endpoint, nodegroups }) => [
      subject.name,
      version.why,
      endpoint.public.value,
      endpoint.private.state,
      nodegroups.items.map((group) => [group.subject.name, group.amiType.value, group.amiType.at.start?.line]),
    ]),
  ).toEqual([
    ['control-plane', 'spec.version is not set in these files', true, 'unknown', [['nodes', 'AL2_x86_64', 22]]],
  ]);
});

describe('variables of clusterctl', () => {
  const plane = (spec: string) =>
    read({
      'c.yaml': `apiVersion: controlplane.cluster.x-k8s.io/v1beta2
kind: AWSManagedControlPlane
metadata: {name: a, namespace: default}
spec:
${spec}
`,
    }).clusters[0];
  it('have their defaults', () => {
    const { version, endpoint, tags } =
      plane(`  version: "\${KUBERNETES_VERSION:=v1.31.2}"
  endpointAccess:
    public: \${PUBLIC:-false}
    private: "\${PRIVATE:=true}"
  additionalTags:
    team: a-\${TEAM:="x"}-\${STAGE=dev}`) ?? {};
    expect([version?.value, version?.assuming, version?.at.start?.line]).toEqual([
      '1.31',
      'the default of KUBERNETES_VERSION',
      5,
    ]);
    expect([endpoint?.public.value, endpoint?.public.assuming]).toEqual([false, 'the default of PUBLIC']);
    // A text where the API wants a boolean.
    expect(endpoint?.private.state).toBe('unknown');
    expect(tags?.items.map(({ value }) => value.value)).toEqual(['a-x-dev']);
  });
  it('are named where they have none', () => {
    const { version, endpoint } =
      plane('  version: "${KUBERNETES_VERSION}"\n  endpointAccess: {public: "{{ .Values.public }}"}') ?? {};
    expect(version?.why).toBe('KUBERNETES_VERSION is a template variable without a default');
    expect(endpoint?.public.why).toBe('the value is an unrendered template: lint the rendered file');
  });
  it('hide only their part of a text', () => {
    const { tags } = plane('  additionalTags: {a: "x-${ONE:=1}-${TWO}"}') ?? {};
    expect(tags?.items.map(({ value }) => [value.why, value.pieces])).toEqual([
      ['TWO is a template variable without a default', ['x-', '1', '-', undefined]],
    ]);
  });
});

it('names the functions of a Composition that are not run', () => {
  const step = (name: string, input?: object): object => ({
    step: name,
    functionRef: { name },
    ...(input ? { input } : {}),
  });
  const composition = (...pipeline: readonly object[]): string =>
    JSON.stringify({
      apiVersion: 'apiextensions.crossplane.io/v1',
      kind: 'Composition',
      metadata: { name: 'eks' },
      spec: { mode: 'Pipeline', pipeline },
    });
  const template = { kind: 'GoTemplate', source: 'Inline', inline: { template: 'kind: Cluster' } };
  const { notes } = read({
    'c.json': composition(
      step('function-patch-and-transform', { kind: 'Resources', resources: [] }),
      step('crossplane-contrib-function-go-templating', template),
      step('function-kcl', { kind: 'KCLInput', spec: { source: 'items = []' } }),
      step('crossplane-contrib-function-auto-ready'),
    ),
  });
  expect(notes.map(({ kind, message, at }) => [kind, message, at?.path])).toEqual(
    (
      [
        ['crossplane-contrib-function-go-templating', 1],
        ['function-kcl', 2],
      ] as const
    ).map(([name, index]) => [
      'partial',
      `what ${name} creates in Composition "eks" is not judged: lint the output of crossplane render`,
      `spec.pipeline[${index}].functionRef`,
    ]),
  );
});

describe('what Compositions make', () => {
  const composition = `apiVersion: apiextensions.crossplane.io/v1
kind: Composition
metadata: {name: eks, labels: {kind: eks}}
spec:
  compositeTypeRef: {apiVersion: shop.example/v1, kind: XEks}
  mode: Pipeline
  pipeline:
    - step: patch-and-transform
      input:
        resources:
          - name: plane
            base: {apiVersion: eks.aws.upbound.io/v1beta1, kind: Cluster, spec: {forProvider: {vpcConfig: [{}]}}}
            patches:
              - {fromFieldPath: spec.parameters.version, toFieldPath: spec.forProvider.version}
              - {fromFieldPath: spec.parameters.open, toFieldPath: "spec.forProvider.vpcConfig[0].endpointPublicAccess"}
              - fromFieldPath: spec.parameters.logs
                toFieldPath: spec.forProvider.enabledClusterLogTypes
          - name: nodes
            base: {apiVersion: eks.aws.upbound.io/v1beta1, kind: NodeGroup, spec: {forProvider: {clusterNameSelector: {matchControllerRef: true}}}}
            patches:
              - fromFieldPath: spec.parameters.size
                toFieldPath: spec.forProvider.amiType
                transforms: [{type: map, map: {gpu: AL2_x86_64_GPU, plain: AL2_x86_64}}]
              - fromFieldPath: spec.parameters.disk
                toFieldPath: spec.forProvider.diskSize
                transforms: [{type: convert, convert: {toType: int64}}]
              - {fromFieldPath: spec.parameters.market, toFieldPath: spec.forProvider.capacityType, transforms: [{type: string, string: {type: Convert, convert: ToUpper}}]}
`;
  const definition = `apiVersion: apiextensions.crossplane.io/v1
kind: CompositeResourceDefinition
metadata: {name: xeks.shop.example}
spec:
  group: shop.example
  names: {kind: XEks, plural: xeks}
  claimNames: {kind: Eks, plural: eks}
  versions:
    - name: v1
      schema:
        openAPIV3Schema:
          properties:
            spec:
              required: [parameters]
              properties:
                parameters:
                  required: [version]
                  properties:
                    version: {type: string}
                    open:
                      type: boolean
                      default: false
                    size: {type: string, default: plain}
                    disk: {type: string, default: "50"}
                    market: {type: string}
                more:
                  properties:
                    logs: {default: []}
`;
  const claim = (rest: string) => `apiVersion: shop.example/v1
kind: Eks
metadata: {name: mine}
spec: {${rest}}
`;
  const factsOf = (files: Readonly<Record<string, string>>) =>
    read(files).clusters.map(({ version, endpoint, nodegroups }) => [
      version.why ?? [version.value, version.at.source, version.at.start?.line],
      [endpoint.public.why ?? endpoint.public.value, endpoint.public.assuming, endpoint.public.at.start?.line],
      [...nodegroups].map(({ amiType, diskSize, capacityType }) => [
        amiType.why ?? amiType.value,
        diskSize.why ?? diskSize.value,
        capacityType.why ?? `${capacityType.state} ${String(capacityType.value)}`,
      ]),
    ]);

  it('hold the defaults of the definition, and nothing where it has none', () => {
    expect(factsOf({ 'c.yaml': composition, 'd.yaml': definition })).toEqual([
      [
        'spec.parameters.version of XEks is not set in these files',
        [false, 'the default of spec.parameters.open', 22],
        [['AL2_x86_64', 50, 'spec.parameters.market of XEks is not set in these files']],
      ],
    ]);
  });
  it('replace what is there, unless a policy says how to merge it', () => {
    const versionWith = (policy: string) => {
      const files = {
        'c.yaml': composition.replace(
          '{fromFieldPath: spec.parameters.version,',
          `{policy: {toFieldPath: ${policy}}, fromFieldPath: spec.parameters.version,`,
        ),
        'd.yaml': definition,
        'a.yaml': claim('parameters: {version: "1.30"}'),
      };
      return read(files).clusters.map(({ version }) => version.value);
    };
    expect(versionWith('Replace')).toEqual(['1.30']);
    expect(versionWith('MergeObjects')).toEqual([undefined]);
  });
  it('have tags that are not known if a function adds some', () => {
    const tagsWith = (name: string) =>
      read({
        'c.yaml': `${composition}    - {step: tags, functionRef: {name: ${name}}, input: {kind: ManagedTags}}\n`,
        'd.yaml': definition,
      }).clusters.map(({ tags }) => tags.why);
    expect(tagsWith('function-auto-ready')).toEqual([undefined]);
    expect(tagsWith('borrelli-org-function-tag-manager')).toEqual([
      'a function of the Composition adds tags: lint the output of crossplane render',
    ]);
  });
  it('hold no default below what nobody has to write', () => {
    const optional = definition.replace('required: [parameters]', 'type: object');
    expect(factsOf({ 'c.yaml': composition, 'd.yaml': optional })[0]?.[1]).toEqual([
      'spec.parameters.open of XEks is not set in these files',
      undefined,
      12,
    ]);
  });
  it('hold what a claim says, where it says it, once for each claim', () => {
    const files = {
      'c.yaml': composition,
      'd.yaml': definition,
      'a.yaml': claim('parameters: {version: "1.30", open: true, size: gpu, market: spot}'),
      'b.yaml': claim('compositionSelector: {matchLabels: {kind: eks}}, parameters: {version: "1.33"}'),
      'other.yaml': claim('compositionRef: {name: other}, parameters: {version: "1.20"}'),
    };
    expect(factsOf(files)).toEqual([
      [['1.30', 'a.yaml', 4], [true, undefined, 4], [['AL2_x86_64_GPU', 50, 'set SPOT']]],
      [
        ['1.33', 'b.yaml', 4],
        [false, 'the default of spec.parameters.open', 22],
        [['AL2_x86_64', 50, 'default ON_DEMAND']],
      ],
    ]);
  });
  it('are not known where the definition is elsewhere, or the claim is a template', () => {
    const bare = {
      'c.yaml': composition,
      'a.yaml': claim('parameters: {version: "${VERSION}"}').replace('Eks', 'XEks'),
    };
    expect(factsOf(bare)).toEqual([
      [
        'VERSION is a template variable without a default',
        ['spec.parameters.open of XEks is not set in these files', undefined, 12],
        [
          [
            'spec.parameters.size of XEks is not set in these files',
            'spec.parameters.disk of XEks is not set in these files',
            'spec.parameters.market of XEks is not set in these files',
          ],
        ],
      ],
    ]);
  });
});

it('a volume without a type is gp2', () => {
  const template = JSON.stringify({
    Resources: {
      G: { Type: 'AWS::EKS::Nodegroup', Properties: { ClusterName: 'c', LaunchTemplate: { Id: { Ref: 'T' } } } },
      T: {
        Type: 'AWS::EC2::LaunchTemplate',
        Properties: {
          LaunchTemplateData: { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20 } }] },
        },
      },
    },
  });
  const types = read({ 't.json': template }).loose.flatMap((part) =>
    'template' in part ? part.template.volumes.items.map(({ type }) => `${type.state} ${type.value}`) : [],
  );
  expect(types).toEqual(['default gp2']);
});

describe('groups that EKS does not manage', () => {
  const capacityOf = (files: Readonly<Record<string, string>>): readonly unknown[] => {
    const { clusters, loose } = read(files);
    const groups = [...clusters.flatMap(({ nodegroups }) => [...nodegroups]), ...loose];
    return groups.map((group) =>
      'capacityType' in group ? [group.capacityType.state, group.capacityType.value] : group,
    );
  };
  const group = (template: string, use: string): Record<string, string> => ({
    't.yaml': `Resources:
  Main: {Type: AWS::EKS::Cluster, Properties: {Name: shop}}
  Made:
    Type: ${template}
  Nodes:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {${use}, Tags: [{Key: kubernetes.io/cluster/shop, Value: owned, PropagateAtLaunch: true}]}
Parameters:
  Market: {Type: String}
`,
  });
  const launchTemplate = (options: string) =>
    group(
      `AWS::EC2::LaunchTemplate\n    Properties: {LaunchTemplateData: {ImageId: ami-1, ${options}}}`,
      'LaunchTemplate: {LaunchTemplateId: !Ref Made, Version: "1"}',
    );
  const configuration = (options: string) =>
    group(
      `AWS::AutoScaling::LaunchConfiguration\n    Properties: {ImageId: ami-1, ${options}}`,
      'LaunchConfigurationName: !Ref Made',
    );
  it.each<[string, Record<string, string>, unknown]>([
    ['a launch template', launchTemplate('InstanceMarketOptions: {MarketType: spot}'), ['set', 'SPOT']],
    [
      'a launch template of another market',
      launchTemplate('InstanceMarketOptions: {MarketType: capacity-block}'),
      ['set', 'ON_DEMAND'],
    ],
    ['a launch template that does not say', launchTemplate('InstanceType: m7i.large'), ['default', 'ON_DEMAND']],
    ['a parameter', launchTemplate('InstanceMarketOptions: {MarketType: !Ref Market}'), ['unknown', undefined]],
    ['a launch configuration', configuration('SpotPrice: "0.1"'), ['set', 'SPOT']],
    ['a launch configuration without a price', configuration('InstanceType: m7i.large'), ['default', 'ON_DEMAND']],
    [
      'instanceMarketOptions of eksctl',
      {
        'c.yaml':
          'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: c, region: eu-west-1}\nnodeGroups: [{name: a, instanceMarketOptions: {marketType: spot}}]\n',
      },
      ['set', 'SPOT'],
    ],
  ])('are Spot as %s says', (_, files, wanted) => {
    expect(capacityOf(files)).toEqual([wanted]);
  });
});
