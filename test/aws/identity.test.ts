import { describe, expect, it } from 'vitest';
import { read, readCluster } from '../inputs/read.ts';

const eksctl = (region: string): string =>
  `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: prod, region: ${region}, version: "1.31"}\n`;
const group = (more = ''): string =>
  `resource "aws_eks_node_group" "web" {\n  cluster_name = "prod"\n  subnet_ids = ["subnet-1"]\n${more}}\n`;
const clusterOf = (files: Readonly<Record<string, string>>) => {
  const { loose, notes } = read(files);
  const [part] = loose;
  return {
    version: part && 'cluster' in part ? part.cluster.part?.version.value : undefined,
    notes: notes.map(({ message }) => message),
  };
};
const missing = 'cluster "prod" is not defined here: only its parts in these files are judged';

describe('a part in other files finds its cluster', () => {
  it('by a name that only one cluster has', () => {
    expect(clusterOf({ 'c.yaml': eksctl('eu-west-1'), 'main.tf': group() })).toEqual({ version: '1.31', notes: [] });
  });
  it('not if two clusters have the name', () => {
    const files = { 'a.yaml': eksctl('eu-west-1'), 'b.yaml': eksctl('us-east-1'), 'main.tf': group() };
    expect(clusterOf(files)).toEqual({ version: undefined, notes: [] });
  });
  it('not in another region', () => {
    const elsewhere = { 'c.yaml': eksctl('eu-west-1'), 'main.tf': group('  region = "us-east-1"\n') };
    expect(clusterOf(elsewhere).version).toBe(undefined);
    const here = { 'c.yaml': eksctl('eu-west-1'), 'main.tf': group('  region = "eu-west-1"\n') };
    expect(clusterOf(here).version).toBe('1.31');
  });
  it('by its region if two clusters have the name', () => {
    const files = { 'a.yaml': eksctl('eu-west-1'), 'b.yaml': eksctl('us-east-1').replace('1.31', '1.32') };
    expect(clusterOf({ ...files, 'main.tf': group('  region = "us-east-1"\n') }).version).toBe('1.32');
  });
  it('in a called module', () => {
    const files = {
      'main.tf':
        'module "eks" {\n  source = "./eks"\n}\nresource "aws_eks_fargate_profile" "a" {\n  cluster_name = module.eks.name\n}\n',
      'eks/main.tf':
        'resource "aws_eks_cluster" "c" {\n  version = "1.31"\n}\noutput "name" {\n  value = aws_eks_cluster.c.name\n}\n',
    };
    expect(clusterOf(files)).toEqual({ version: '1.31', notes: [] });
  });
  it('not at all, which is noted once', () => {
    expect(clusterOf({ 'main.tf': group() })).toEqual({ version: undefined, notes: [missing] });
  });
  it('in the region of the provider', () => {
    const provider = (region: string) => `provider "aws" {\n  region = "${region}"\n}\n`;
    const files = { 'a.yaml': eksctl('eu-west-1'), 'b.yaml': eksctl('us-east-1').replace('1.31', '1.32') };
    expect(clusterOf({ ...files, 'main.tf': provider('us-east-1') + group() }).version).toBe('1.32');
    const other = 'provider "aws" {\n  alias = "other"\n  region = "us-east-1"\n}\n';
    expect(clusterOf({ ...files, 'main.tf': other + provider('eu-west-1') + group() }).version).toBe('1.31');
    const called = { 'main.tf': `${provider('us-east-1')}module "m" {\n  source = "./m"\n}\n`, 'm/main.tf': group() };
    expect(clusterOf({ ...files, ...called }).version).toBe('1.32');
  });
});

describe('a cluster is known', () => {
  const identityOf = (path: string, text: string) => {
    const { account, region, partition } = readCluster(path, text).identity;
    return [account, region, partition].map(({ state, value }) => (state === 'unknown' ? '?' : value));
  };
  it('by the region of its file', () => {
    expect(identityOf('c.yaml', eksctl('cn-north-1'))).toEqual(['?', 'cn-north-1', 'aws-cn']);
    expect(identityOf('c.yaml', eksctl('us-gov-west-1'))[2]).toBe('aws-us-gov');
  });
  it('by its role, which is in its account', () => {
    const cluster = 'resource "aws_eks_cluster" "c" {\n  role_arn = "arn:aws:iam::111122223333:role/eks"\n}\n';
    expect(identityOf('main.tf', cluster)).toEqual(['111122223333', '?', 'aws']);
    const unknown = cluster.replace('111122223333', '${var.account}');
    expect(identityOf('main.tf', unknown)).toEqual(['?', '?', 'aws']);
  });
  it('by its ARN', () => {
    const arn = 'arn:aws:eks:eu-west-1:111122223333:cluster/prod';
    expect(identityOf('c.json', JSON.stringify({ cluster: { arn, name: 'prod' } }))).toEqual([
      '111122223333',
      'eu-west-1',
      'aws',
    ]);
  });
});
