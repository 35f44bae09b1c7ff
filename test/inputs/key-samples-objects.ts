import type { Sample } from './key-samples.ts';

/* Kubernetes objects that name AWS resources which other objects or files describe. */

const json = (data: unknown): string => JSON.stringify(data, null, 1);
const account = 'arn:aws:iam::111122223333';
const object = (apiVersion: string, kind: string, name: string, spec: object, metadata: object = {}): string =>
  json({ apiVersion, kind, metadata: { name, ...metadata }, spec });
const ack = (service: string, kind: string, name: string, spec: object): string =>
  object(`${service}.services.k8s.aws/v1alpha1`, kind, name, spec);
const upbound = (service: string, kind: string, name: string, forProvider: object, metadata: object = {}): string =>
  object(`${service}.aws.upbound.io/v1beta1`, kind, name, { forProvider }, metadata);
const files = (...all: readonly string[]): Sample['files'] =>
  Object.fromEntries(all.map((text, index) => [`${String.fromCharCode(97 + index)}.yaml`, text]));
const to = (name: string): object => ({ from: { name } });
const document = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
const trust = JSON.stringify({
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }],
});
/** An Auto Scaling group whose nodes have an instance profile that other files define. */
const group = (profile: string): string => `resource "aws_launch_template" "t" {
  name_prefix = "t"
  iam_instance_profile {
    name = "${profile}"
  }
}
resource "aws_autoscaling_group" "g" {
  name = "g"
  launch_template {
    id = aws_launch_template.t.id
  }
  tag {
    key                 = "kubernetes.io/cluster/c"
    value               = "owned"
    propagate_at_launch = true
  }
}
`;
const eksctl = json({
  apiVersion: 'eksctl.io/v1alpha5',
  kind: 'ClusterConfig',
  metadata: { name: 'c', region: 'eu-west-1' },
});

export const objectSamples: readonly Sample[] = [
  {
    name: 'ACK: policies and instance profiles by their names',
    files: {
      ...files(
        ack('iam', 'Policy', 'p', { name: 'everything', policyDocument: document }),
        ack('iam', 'Role', 'r', {
          name: 'nodes',
          assumeRolePolicyDocument: trust,
          policies: [`${account}:policy/everything`],
        }),
        ack('iam', 'InstanceProfile', 'i', { name: 'profile-of-nodes', roleRef: to('r') }),
      ),
      'main.tf': group('profile-of-nodes'),
    },
  },
  {
    name: 'Upbound: policies and instance profiles by their names',
    files: {
      ...files(
        upbound('iam', 'Policy', 'everything', { policy: document }),
        upbound('iam', 'Role', 'nodes', {
          assumeRolePolicy: trust,
          managedPolicyArns: [`${account}:policy/everything`],
        }),
        upbound('iam', 'InstanceProfile', 'profile-of-nodes', { roleRef: { name: 'nodes' } }),
      ),
      'main.tf': group('profile-of-nodes'),
    },
  },
  {
    name: 'Upbound: an instance profile by its ARN',
    files: files(
      upbound('iam', 'InstanceProfile', 'p', { role: 'nodes' }),
      upbound('ec2', 'LaunchTemplate', 't', { name: 't', iamInstanceProfile: [{ arnRef: { name: 'p' } }] }),
      upbound('eks', 'NodeGroup', 'n', { clusterName: 'c', launchTemplate: [{ name: 't', version: '1' }] }),
    ),
  },
  {
    name: 'Upbound: keys by their aliases',
    files: files(
      upbound('kms', 'Key', 'k', { enableKeyRotation: true }),
      upbound('kms', 'Alias', 'plain', { targetKeyIdRef: { name: 'k' } }),
      upbound(
        'kms',
        'Alias',
        'whole',
        { targetKeyIdRef: { name: 'k' } },
        {
          annotations: { 'crossplane.io/external-name': 'alias/logs' },
        },
      ),
      upbound(
        'cloudwatchlogs',
        'Group',
        'one',
        { kmsKeyId: 'alias/plain' },
        {
          annotations: { 'crossplane.io/external-name': '/aws/eks/one/cluster' },
        },
      ),
      upbound(
        'cloudwatchlogs',
        'Group',
        'two',
        { kmsKeyId: 'alias/logs' },
        {
          annotations: { 'crossplane.io/external-name': '/aws/eks/two/cluster' },
        },
      ),
    ),
  },
  {
    name: 'ACK: what belongs to a cluster and a role',
    files: files(
      ack('eks', 'Cluster', 'c', { name: 'c' }),
      ack('iam', 'Role', 'r', { name: 'argocd' }),
      ack('eks', 'AccessEntry', 'e', { clusterRef: to('c'), principalARN: `${account}:role/a`, type: 'STANDARD' }),
      ack('eks', 'IdentityProviderConfig', 'o', { clusterRef: to('c'), oidc: { identityProviderConfigName: 'o' } }),
      ack('eks', 'Capability', 'p', { name: 'argocd', type: 'ARGOCD', clusterRef: to('c'), roleRef: to('r') }),
    ),
  },
  {
    name: 'Upbound: what belongs to a cluster',
    files: files(
      upbound('eks', 'Cluster', 'c', { version: '1.33' }, { annotations: { 'crossplane.io/external-name': 'shop' } }),
      upbound('eks', 'IdentityProviderConfig', 'i', {
        clusterNameRef: { name: 'c' },
        oidc: [{ issuerUrl: 'https://login.example.com', clientId: 'k', identityProviderConfigName: 'login' }],
      }),
    ),
  },
  {
    name: 'Upbound: a cluster of another tool by its name',
    files: files(eksctl, upbound('eks', 'NodeGroup', 'n', { region: 'eu-west-1', clusterNameRef: { name: 'c' } })),
  },
  {
    name: 'Cluster API: an add-on that a replacement changes',
    files: {
      'kustomization.yaml': json({
        resources: ['plane.yaml'],
        replacements: [
          {
            source: { kind: 'ConfigMap', name: 'versions', fieldPath: 'data.cni' },
            targets: [
              {
                select: { kind: 'AWSManagedControlPlane' },
                fieldPaths: ['spec.addons.[name=vpc-cni].version', 'spec.accessEntries.*.type'],
              },
            ],
          },
        ],
      }),
      'plane.yaml': object('controlplane.cluster.x-k8s.io/v1beta2', 'AWSManagedControlPlane', 'c', {
        addons: [
          { name: 'coredns', version: 'v1.11.4-eksbuild.2' },
          { name: 'vpc-cni', version: 'v1.19.0-eksbuild.1' },
        ],
        accessEntries: [{ principalARN: `${account}:role/a`, type: 'standard' }],
      }),
    },
  },
];
