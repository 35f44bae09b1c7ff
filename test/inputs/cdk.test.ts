import { expect, it } from 'vitest';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';
import { read } from './read.ts';

const template = (resources: object): string => JSON.stringify({ Resources: resources }, undefined, 1);

it("clusters of CDK's handler are read as in the API", () => {
  const { clusters } = read({
    'App.template.json': template({
      Old: {
        Type: 'Custom::AWSCDK-EKS-Cluster',
        Properties: {
          Config: {
            name: 'old',
            version: '1.34',
            resourcesVpcConfig: { endpointPublicAccess: 'false', publicAccessCidrs: ['10.0.0.0/8'] },
            logging: {
              clusterLogging: [
                { enabled: true, types: ['audit'] },
                { enabled: false, types: ['api'] },
              ],
            },
            encryptionConfig: [{ provider: { keyArn: { Ref: 'Key' } }, resources: ['secrets'] }],
          },
        },
      },
      Quick: {
        Type: 'AWSQS::EKS::Cluster',
        Properties: { Name: 'quick', EnabledClusterLoggingTypes: ['audit', 'api'] },
      },
    }),
  });
  expect(
    clusters.map(({ name, version, endpoint, logging, secretsKey }) => [
      name.value,
      version.value,
      endpoint.public.value,
      [...logging].map(({ value }) => value),
      secretsKey.state,
    ]),
  ).toEqual([
    ['old', '1.34', false, ['audit'], 'set'],
    ['quick', undefined, true, ['audit', 'api'], 'default'],
  ]);
});

it('Kubernetes objects are read from the JSON, at the line of the manifest', () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { hostPID: true } };
  const [head, tail] = JSON.stringify([{ ...pod, metadata: { name: 'q', namespace: '@' } }]).split('@');
  const text = template({
    Plain: { Type: 'Custom::AWSCDK-EKS-KubernetesResource', Properties: { Manifest: JSON.stringify([pod]) } },
    Joined: {
      Type: 'Custom::AWSCDK-EKS-KubernetesResource',
      Properties: { Manifest: { 'Fn::Join': ['', [head, { Ref: 'Space' }, tail]] } },
    },
    Hidden: { Type: 'Custom::AWSCDK-EKS-KubernetesResource', Properties: { Manifest: { 'Fn::GetAtt': ['A', 'B'] } } },
  });
  const { resources, notes } = read({ 'App.template.json': text });
  const lineOf = (key: string): number => text.split('\n').findIndex((line) => line.includes(key)) + 1;
  expect(
    resources.map((one) => [one.name, one.namespace, one.place(one.object, 'spec').start?.line, one.changes.length]),
  ).toEqual([
    ['p', '', lineOf('"Manifest": "'), 0],
    ['q', '${Space}', lineOf('"Manifest": {'), 1],
  ]);
  expect(notes.map(({ message }) => message)).toEqual([
    'the Kubernetes objects of Hidden are not judged: their JSON is not known before deployment',
    'fields of Kubernetes objects whose values are not known before deployment, not judged',
  ]);
});

it('mappings of aws-auth know the roles of the template', () => {
  const mapRoles = JSON.stringify([
    { rolearn: '@', username: 'a', groups: ['system:masters'] },
    { rolearn: 'arn:aws:iam::111122223333:role/b', username: 'b', groups: [] },
  ]);
  const metadata = { name: 'aws-auth', namespace: 'kube-system' };
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { mapRoles, mapUsers: '[]' } };
  const [head, tail] = JSON.stringify([object]).split('@');
  const text = template({
    Role: { Type: 'AWS::IAM::Role', Properties: { Path: '/team/', AssumeRolePolicyDocument: { Statement: [] } } },
    Auth: {
      Type: 'Custom::AWSCDK-EKS-KubernetesResource',
      Properties: { Manifest: { 'Fn::Join': ['', [head, { 'Fn::GetAtt': ['Role', 'Arn'] }, tail]] } },
    },
  });
  const { aws, resources } = read({ 'App.template.json': text });
  const line = text.split('\n').findIndex((one) => one.includes('"Manifest"')) + 1;
  expect(resources.map(({ title }) => title)).toEqual(['ConfigMap "aws-auth"']);
  expect(
    aws.flatMap((one) =>
      one.kind !== 'awsAuth'
        ? []
        : [...one.mappings].map(({ arn, isReference, hasPath, username, groups, at }) => [
            arn.value ?? arn.why,
            isReference,
            hasPath.state,
            username.value,
            groups.has((group) => group.is('system:masters')).state,
            at.start?.line,
          ]),
    ),
  ).toEqual([
    ['the outcome of Fn::GetAtt is not known before deployment', true, 'yes', 'a', 'yes', line],
    ['arn:aws:iam::111122223333:role/b', false, 'no', 'b', 'no', line],
  ]);
});

it('what is applied and not read is reported', () => {
  const types = ['Custom::AWSCDK-EKS-HelmChart', 'Custom::AWSCDK-EKS-KubernetesPatch', 'AWSQS::Kubernetes::Resource'];
  const all = Object.fromEntries(types.map((Type, i) => [`A${i}`, { Type, Properties: {} }]));
  const { notes } = read({ 'App.template.json': template(all) });
  expect(notes.map(({ kind, message }) => [kind, message])).toEqual([
    ['partial', 'Helm charts that the template applies are not judged'],
    ['partial', 'patches that the template applies are not judged'],
    ['partial', 'Kubernetes manifests that the template applies are not judged'],
  ]);
});

it('objects of one string have one place, but are different objects', async () => {
  const scaler = (name: string, target: string, namespace = 'shop') => ({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace },
    spec: {
      minReplicas: 2,
      maxReplicas: 3,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target },
    },
  });
  const pod = (namespace: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace },
    spec: { hostPID: true, containers: [{ name: 'web', image: 'web:1' }] },
  });
  const Manifest = JSON.stringify([scaler('b', 'web'), scaler('a', 'web'), pod('shop'), pod('other'), pod('shop')]);
  const { findings } = await lintTexts(
    {
      'App.template.json': template({
        Objects: { Type: 'Custom::AWSCDK-EKS-KubernetesResource', Properties: { Manifest } },
      }),
    },
    rules.filter(({ id }) => ['scaling/hpa-duplicate-target', 'pod-security/host-pid'].includes(id)),
  );
  expect(findings.map(({ rule, subject }) => `${rule} ${subject.namespace}/${subject.name}`)).toEqual([
    'pod-security/host-pid other/web',
    'pod-security/host-pid shop/web',
    'scaling/hpa-duplicate-target shop/b',
  ]);
});
