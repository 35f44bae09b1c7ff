import { describe, expect, it } from 'vitest';
import type { Cluster, Nodegroup } from '#model/cluster.ts';
import { clusterFacts, type Fact, type FactCase, groupFacts, type Spelled } from './facts.ts';
import { read } from './read.ts';
import { hcl, hidden, json, merge, nest, type Tree } from './written.ts';

const formats = ['eksctl', 'cloudformation', 'terraform', 'module20', 'module21'] as const;
type Format = (typeof formats)[number];
/** A file with a cluster and a group that write these facts. */
function write(format: Format, cluster: Tree, group: Tree): Readonly<Record<string, string>> {
  const { template, ...rest } = group;
  switch (format) {
    case 'eksctl':
      return {
        'c.yaml': json(
          merge(
            {
              apiVersion: 'eksctl.io/v1alpha5',
              kind: 'ClusterConfig',
              metadata: { region: 'eu-west-1' },
              managedNodeGroups: [group],
            },
            cluster,
          ),
          '${HIDDEN}',
        ),
      };
    case 'cloudformation':
      return {
        't.json': json(
          {
            Parameters: { Hidden: { Type: 'String' } },
            Resources: {
              Cluster: { Type: 'AWS::EKS::Cluster', Properties: cluster },
              ...(template
                ? { Template: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: template } } }
                : {}),
              Group: {
                Type: 'AWS::EKS::Nodegroup',
                Properties: {
                  ClusterName: { Ref: 'Cluster' },
                  ...(template ? { LaunchTemplate: { Id: { Ref: 'Template' } } } : {}),
                  ...rest,
                },
              },
            },
          },
          { Ref: 'Hidden' },
        ),
      };
    case 'terraform':
      return {
        'main.tf': `resource "aws_eks_cluster" "c" {\n${hcl(cluster, true)}}\nresource "aws_eks_node_group" "g" {\n${hcl(
          {
            cluster_name: 'aws_eks_cluster.c.name',
            ...rest,
            ...(template ? { launch_template: { id: 'aws_launch_template.t.id' } } : {}),
          },
          true,
        )}}\n${template ? `resource "aws_launch_template" "t" {\n${hcl(template as Tree, true)}}\n` : ''}`,
      };
    default: {
      const version = format === 'module20' ? '20.31.0' : '21.1.0';
      const call = {
        source: 'terraform-aws-modules/eks/aws',
        version,
        ...cluster,
        eks_managed_node_groups: { g: group },
      };
      return { 'main.tf': `module "eks" {\n${hcl(call, false)}}\n` };
    }
  }
}

const plain = (fact: Fact): unknown => ('items' in fact ? fact.items.map(({ value }) => value) : fact.value);

/** What a file says of a fact. */
function look(one: FactCase, ofGroup: boolean, format: Format, at: string, value: unknown): Fact {
  const told = value === undefined ? {} : nest(at, value);
  const base = ofGroup && at.startsWith('template.') ? { template: {} } : {};
  // A group needs nothing but its place; the key of a launch template without any options is a name.
  if (base.template) Object.assign(base.template, format === 'terraform' ? { name: 't' } : {});
  const files = write(format, ofGroup ? {} : told, ofGroup ? merge(base, told) : {});
  const { clusters } = read(files);
  const [cluster] = clusters as [Cluster];
  expect(clusters.length).toBe(1);
  const [group] = cluster.nodegroups.items as [Nodegroup];
  expect(cluster.nodegroups.items.length).toBe(1);
  return one.ask(cluster, group);
}

for (const [ofGroup, facts] of [
  [false, clusterFacts],
  [true, groupFacts],
] as const)
  for (const fact of facts)
    describe(fact.name, () => {
      for (const format of formats) {
        const spelled: Spelled | 'none' = fact[format];
        if (spelled === 'none') continue;
        it(`${format}: written`, () => {
          const found = look(fact, ofGroup, format, spelled.at, spelled.value);
          expect([found.state, plain(found)]).toEqual(['set', fact.is]);
          const keys = spelled.at.replace(/^template\./, '').replace(/\.(\d+)/g, '[$1]');
          expect(found.at.path.endsWith(keys), `${found.at.path} ends with ${keys}`).toBe(true);
        });
        it(`${format}: left out`, () => {
          const found = look(fact, ofGroup, format, spelled.at, undefined);
          const byKey = fact.name === 'group.name' && format.startsWith('module');
          expect([found.state, plain(found)]).toEqual([byKey ? 'set' : 'default', spelled.else]);
        });
        it(`${format}: hidden`, () => {
          expect(look(fact, ofGroup, format, spelled.at, hidden).state).toBe(spelled.hidden ?? 'unknown');
        });
      }
    });
