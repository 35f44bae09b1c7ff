import { describe, expect, it } from 'vitest';
import { read } from '../inputs/read.ts';

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
const missing = 'cluster "prod" is not described here: only its parts in these files are judged';

describe('a part in other files finds its cluster', () => {
  it('by a name that only one has', () => {
    expect(clusterOf({ 'c.yaml': eksctl('eu-west-1'), 'main.tf': group() })).toEqual({ version: '1.31', notes: [] });
  });
  it('not where two clusters have the name', () => {
    const files = { 'a.yaml': eksctl('eu-west-1'), 'b.yaml': eksctl('us-east-1'), 'main.tf': group() };
    expect(clusterOf(files)).toEqual({ version: undefined, notes: [] });
  });
  it('not in another region', () => {
    const elsewhere = { 'c.yaml': eksctl('eu-west-1'), 'main.tf': group('  region = "us-east-1"\n') };
    expect(clusterOf(elsewhere).version).toBe(undefined);
    const here = { 'c.yaml': eksctl('eu-west-1'), 'main.tf': group('  region = "eu-west-1"\n') };
    expect(clusterOf(here).version).toBe('1.31');
  });
  it('by its region where two have the name', () => {
    const files = { 'a.yaml': eksctl('eu-west-1'), 'b.yaml': eksctl('us-east-1').replace('1.31', '1.32') };
    expect(clusterOf({ ...files, 'main.tf': group('  region = "us-east-1"\n') }).version).toBe('1.32');
  });
  it('in a module that is called', () => {
    const files = {
      'main.tf':
        'module "eks" {\n  source = "./eks"\n}\nresource "aws_eks_addon" "a" {\n  cluster_name = module.eks.name\n}\n',
      'eks/main.tf':
        'resource "aws_eks_cluster" "c" {\n  version = "1.31"\n}\noutput "name" {\n  value = aws_eks_cluster.c.name\n}\n',
    };
    expect(clusterOf(files)).toEqual({ version: '1.31', notes: [] });
  });
  it('not at all, which is noted once', () => {
    expect(clusterOf({ 'main.tf': group() })).toEqual({ version: undefined, notes: [missing] });
  });
});
