import { expect, test } from 'vitest';
import { describesAws, installsChart, isCloudFormation, isPlan, toolOf } from '#inputs/claims.ts';
import { kinds as ofAck } from '#inputs/kubernetes-aws/ack.ts';
import { kinds as ofUpbound } from '#inputs/kubernetes-aws/upbound.ts';
import type { AnyResource } from '#model/workspace.ts';
import { parse, source } from './read.ts';

/* Which objects describe AWS, by their API group. */

const isClaimed = (group: string, kind = 'Any'): boolean => describesAws({ group, kind } as AnyResource);
const services = [...new Set(Object.keys(ofUpbound).map((key) => key.split(' ', 1)[0] ?? ''))];

test('every kind that is read is claimed', () => {
  const groups = [
    ...Object.keys(ofAck).map((key) => key.split(' ', 1)[0] ?? ''),
    ...services.flatMap((service) => [`${service}.aws.upbound.io`, `${service}.aws.m.upbound.io`]),
    'eks.aws.crossplane.io',
    'ec2.aws.crossplane.io',
    'application-networking.k8s.aws',
    'controlplane.cluster.x-k8s.io',
    'infrastructure.cluster.x-k8s.io',
    'cluster.x-k8s.io',
    'eks.amazonaws.com',
    'karpenter.k8s.aws',
  ];
  expect(services.sort()).toEqual(['cloudwatchlogs', 'ec2', 'ecr', 'efs', 'eks', 'guardduty', 'iam', 'kms', 'ssm']);
  expect(groups.filter((group) => !isClaimed(group))).toEqual([]);
  expect(isClaimed('apiextensions.crossplane.io', 'Composition')).toBe(true);
});
test.each([
  ['s3.services.k8s.aws', 'Bucket'],
  ['s3.aws.upbound.io', 'Bucket'],
  ['s3.aws.m.upbound.io', 'Bucket'],
  ['apiextensions.crossplane.io', 'Any'],
  ['example.com', 'Composition'],
  ['myeks.amazonaws.com', 'Any'],
])('%s %s is not', (group, kind) => {
  expect(isClaimed(group, kind)).toBe(false);
});

test.each([
  ['s3.services.k8s.aws', 'ACK'],
  ['cluster.x-k8s.io', 'Cluster API'],
  ['bootstrap.cluster.x-k8s.io', 'Cluster API'],
  ['s3.aws.upbound.io', 'Crossplane'],
  ['s3.aws.m.upbound.io', 'Crossplane'],
  ['s3.aws.crossplane.io', 'Crossplane'],
  ['example.com', undefined],
])('AWS resources of %s are made by %s', (group, tool) => {
  expect(toolOf(group)).toBe(tool);
});

test.each([
  ['helm.toolkit.fluxcd.io', 'HelmRelease', true],
  ['argoproj.io', 'Application', true],
  ['argoproj.io', 'HelmRelease', false],
  ['helm.toolkit.fluxcd.io', 'Application', false],
])('whether a chart is installed by %s %s: %s', (group, kind, installs) => {
  expect(installsChart({ group, kind })).toBe(installs);
});

test.each([
  ['planned_values', {}, true],
  ['values', { root_module: {} }, true],
  ['values', {}, false],
  ['other', { root_module: {} }, false],
])('whether JSON with %s %s is a plan or a state: %s', (key, shown, expected) => {
  const [tree] = parse(source('a.json', JSON.stringify({ format_version: '1.2', [key]: shown })));
  expect(tree && isPlan(tree)).toBe(expected);
});

test('an object with resources is no template', () => {
  const resources = { Resources: { A: { Type: 'AWS::EKS::Cluster' } } };
  const [template, object] = [resources, { apiVersion: 'example.com/v1', ...resources }].flatMap((one) =>
    parse(source('a.json', JSON.stringify(one))),
  );
  expect([template && isCloudFormation(template), object && isCloudFormation(object)]).toEqual([true, false]);
});
