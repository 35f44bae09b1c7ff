import { expect, it } from 'vitest';
import {
  apiOmits,
  appliesOthers,
  boundaryMayLimit,
  chartMayMakeMore,
  clusterHasNoName,
  compositionPatch,
  groupElsewhere,
  hasNoDefault,
  hasNoValue,
  hiddenBy,
  hiderOf,
  imageDecides,
  isAfterApply,
  isIgnored,
  isKnownInPart,
  isMadeByModule,
  isMissing,
  isNoJson,
  isNotAnswered,
  isNotEvaluated,
  isNotSet,
  isSensitive,
  isUnreadable,
  isUnreadModule,
  labelsSelect,
  macroDecides,
  mayBeOverridden,
  mayBeSetBy,
  mayChange,
  moduleDecides,
  rangeOfVpc,
  templateElsewhere,
  unmarked,
  untilDeployed,
  valuesInFiles,
} from '#model/hidden.ts';
import { doubtOf } from '#model/resource.ts';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';

const elsewhere = 'lint its file as well, or audit the cluster';

it.each([
  [hiddenBy('var.a'), 'var.a', 'add a tfvars file or lint a plan'],
  [hiddenBy('data.a.b'), 'data.a.b', 'lint a plan'],
  [mayBeOverridden('parameter A'), 'parameter A', 'add a parameter file'],
  [mayBeSetBy('a/terragrunt.hcl'), 'a/terragrunt.hcl', 'lint a plan'],
  [isNotSet('spec.a of XEks'), 'spec.a of XEks', 'lint the object that sets it'],
  [hasNoDefault('VERSION'), 'VERSION', 'lint the rendered file'],
  [isUnreadModule('module.a'), 'module.a', 'lint a plan'],
  [templateElsewhere, 'the launch template', elsewhere],
  [groupElsewhere, 'a security group', elsewhere],
  [hasNoValue('parameter A'), 'parameter A', 'add a parameter file'],
  [untilDeployed('condition A'), 'condition A', 'add a parameter file'],
  [untilDeployed('the outcome of Fn::GetAtt'), 'the outcome of Fn::GetAtt', 'audit the cluster'],
  [isNotEvaluated('a.b(c)'), 'a.b(c)', 'audit the cluster'],
  [isSensitive('a.b'), 'a.b', 'audit the cluster'],
  [isAfterApply('a.b'), 'a.b', 'audit the cluster after the apply'],
  [unmarked, 'the plan', 'audit the cluster after the apply'],
  [valuesInFiles, 'a values file', 'lint the output of helm template'],
  [macroDecides, 'a macro', 'lint the processed template'],
  [imageDecides, 'the AMI', 'set the metadata options of the nodes'],
  [rangeOfVpc, 'the CIDR of the existing VPC', 'set vpc.cidr'],
  [moduleDecides, 'a default of the module', 'set the version of the module'],
  [isIgnored, 'ignore_changes', 'audit the cluster'],
  [chartMayMakeMore, 'a chart that Terraform installs', 'audit the cluster'],
  [isMadeByModule('the role'), 'the role', 'lint a plan'],
  [isKnownInPart('the ARN'), 'the ARN', 'lint a plan, or audit the cluster'],
  [isNotAnswered('lifecyclePolicyText'), 'lifecyclePolicyText', 'add the response of the call, or audit the cluster'],
  [apiOmits, 'the API', 'lint the files that create the resource'],
  [boundaryMayLimit, 'the permissions boundary', 'check what the boundary allows'],
  [clusterHasNoName, 'the name of the cluster', 'set it'],
  [isMissing('patch "a.yaml"'), 'patch "a.yaml"', 'add it, or lint the output of kustomize build'],
  [isUnreadable('a document of a.yaml'), 'a document of a.yaml', 'correct it'],
  [mayChange('a.yaml'), 'a.yaml', 'lint the output of kustomize build'],
  [appliesOthers, 'a kustomization', 'list the file in the kustomization'],
  [isNoJson, 'a document', 'correct it, or lint the rendered file'],
  [labelsSelect, 'a selector', 'name the object instead, or audit the cluster'],
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
