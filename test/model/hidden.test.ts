import { expect, it } from 'vitest';
import {
  chartMayMakeMore,
  compositionPatch,
  groupElsewhere,
  hiddenBy,
  hiderOf,
  isIgnored,
  isUnreadModule,
  mayBeOverridden,
  mayBeSetBy,
  templateElsewhere,
} from '#model/hidden.ts';
import { doubtOf } from '#model/resource.ts';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';

const elsewhere = 'lint its file as well, or audit the cluster';

it.each([
  [hiddenBy('var.a'), 'var.a', 'give a tfvars file or a plan'],
  [hiddenBy('data.a.b'), 'data.a.b', 'give a plan'],
  [mayBeOverridden('parameter A'), 'parameter A', 'give a parameter file'],
  [mayBeSetBy('a/terragrunt.hcl'), 'a/terragrunt.hcl', 'give a plan'],
  [isUnreadModule('module.a'), 'module.a', 'give a plan'],
  [templateElsewhere, 'the launch template', elsewhere],
  [groupElsewhere, 'a security group', elsewhere],
  [isIgnored, 'ignore_changes', 'audit the cluster'],
  [chartMayMakeMore, 'a chart that Terraform installs', 'audit the cluster'],
  [doubtOf({ path: ['spec', 'a'], by: compositionPatch }), compositionPatch, 'lint what it makes'],
])('%s', (why, name, cure) => expect(hiderOf(why)).toEqual({ name, cure }));

it('other hidden values have no such advice', () => {
  expect(hiderOf('the cluster is not defined in these files')).toBeUndefined();
});

it('a launch template that no file defines is reported with what would reveal it', async () => {
  const { undetermined } = await lintTexts(
    {
      'main.tf': `
resource "aws_eks_cluster" "a" {
  name     = "a"
  role_arn = "arn:aws:iam::111122223333:role/a"
  vpc_config { subnet_ids = ["subnet-1", "subnet-2"] }
}
resource "aws_eks_node_group" "a" {
  cluster_name  = aws_eks_cluster.a.name
  node_role_arn = "arn:aws:iam::111122223333:role/b"
  subnet_ids    = ["subnet-1"]
  scaling_config {
    desired_size = 1
    max_size     = 1
    min_size     = 1
  }
  launch_template {
    id      = "lt-1"
    version = "1"
  }
}
`,
    },
    rules.filter(({ id }) => id === 'nodes/imdsv1-allowed' || id === 'encryption/node-volume-unencrypted'),
  );
  expect(undetermined.length).toBeGreaterThan(0);
  for (const { why } of undetermined) expect(hiderOf(why)?.cure).toBe(elsewhere);
});
