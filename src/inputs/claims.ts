import { isRecord } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import { isSamConfigName, isTerraformName } from '#syntax/file-names.ts';
import type { Tree } from '#syntax/tree.ts';

/* How a document is recognized as a format. Readers are loaded only for documents that are claimed. */

/** ClusterConfig files of eksctl. */
export const isEksctl = ({ root, language }: Tree): boolean =>
  language === 'yaml' &&
  isRecord(root) &&
  root['kind'] === 'ClusterConfig' &&
  typeof root['apiVersion'] === 'string' &&
  root['apiVersion'].startsWith('eksctl.io/');

/**
 * Values for the parameters of a template: a list of pairs, or a map that contains only parameters, tags and a policy.
 */
export function givesParameters({ root, source }: Tree): boolean {
  const list: unknown = isRecord(root) ? root['Parameters'] : root;
  if (Array.isArray(list)) return isRecord(list[0]) && typeof list[0]['ParameterKey'] === 'string';
  return (
    source.path.endsWith('.json') &&
    isRecord(list) &&
    isRecord(root) &&
    Object.keys(root).every((key) => key === 'Parameters' || key === 'Tags' || key === 'StackPolicy')
  );
}

/** Configuration of the AWS SAM CLI. */
export const isSamConfig = ({ root, source }: Tree): boolean => isRecord(root) && isSamConfigName(source.path);

/** CloudFormation templates, in YAML or JSON, and files with values for their parameters. */
export function isCloudFormation(tree: Tree): boolean {
  const { root, language } = tree;
  if (givesParameters(tree) || isSamConfig(tree)) return true;
  if (language !== 'yaml' || !isRecord(root) || 'apiVersion' in root) return false;
  if ('AWSTemplateFormatVersion' in root) return true;
  return isRecord(root['Resources']) && makesResources(root['Resources'], 0);
}
/** Whether a part of a template holds resources, also within the loops of `Fn::ForEach`. */
const makesResources = (part: Record<string, unknown>, depth: number): boolean =>
  Object.entries(part).some(([key, one]) => {
    if (Array.isArray(one)) {
      const body: unknown = key.startsWith('Fn::ForEach::') ? one[2] : undefined;
      return isRecord(body) && depth < deepestLoop && makesResources(body, depth + 1);
    }
    return (
      isRecord(one) &&
      typeof one['Type'] === 'string' &&
      /^(AWS::\w+::|AWSQS::(?:EKS::Cluster|Kubernetes::)|Custom::AWSCDK-EKS-)/.test(one['Type'])
    );
  });
/** Loops within loops: CloudFormation allows five (AWS::LanguageExtensions, Fn::ForEach). */
const deepestLoop = 5;

/** Answers of the AWS API. */
export const isAnswer = ({ language }: Tree): boolean => language === 'answer';

/**
 * Kubernetes objects that describe AWS resources: of ACK, Cluster API, Crossplane, Karpenter and EKS Auto Mode, and
 * aws-auth.
 */
export const describesAws = (object: AnyResource): boolean => isOfAws(object.group, object.kind) || isAwsAuth(object);
/**
 * Objects that describe what AWS does not know about a running cluster: how its nodes are configured, and who may use
 * it.
 */
export const isPartOfCluster = (object: AnyResource): boolean =>
  object.known === 'EC2NodeClass' || object.known === 'NodeClass' || isAwsAuth(object);
/** A graph of kro. */
export const isGraph = ({ group, kind }: Pick<AnyResource, 'group' | 'kind'>): boolean =>
  group === 'kro.run' && kind === 'ResourceGraphDefinition';
/** An object of Crossplane that applies another one. */
export const isCarrier = ({ group, kind }: Pick<AnyResource, 'group' | 'kind'>): boolean =>
  kind === 'Object' && (group === 'kubernetes.crossplane.io' || group === 'kubernetes.m.crossplane.io');
const isOfAws = (group: string, kind: string): boolean =>
  awsGroups.some((one) => group.endsWith(one) && (group.length === one.length || group.at(-1 - one.length) === '.')) ||
  (group === 'apiextensions.crossplane.io' && kind === 'Composition') ||
  isGraph({ group, kind }) ||
  isCarrier({ group, kind });
/**
 * The ConfigMap that gives IAM principals access to a cluster. The Terraform input reads the fields of its provider
 * itself, and the CloudFormation input reads the manifests of CDK.
 */
export const isAwsAuth = ({ known, name, namespace, typed, embedded, tree }: AnyResource): boolean =>
  known === 'ConfigMap' &&
  name === 'aws-auth' &&
  namespace === 'kube-system' &&
  !typed &&
  !(embedded && isCloudFormation(tree));
const awsGroups = [
  'application-networking.k8s.aws',
  'cluster.x-k8s.io',
  'eks.amazonaws.com',
  'karpenter.k8s.aws',
  ...['eks', 'ec2'].flatMap((service) =>
    ['services.k8s.aws', 'aws.upbound.io', 'aws.m.upbound.io', 'aws.crossplane.io'].map((tool) => `${service}.${tool}`),
  ),
  ...['cloudwatchlogs', 'ecr', 'efs', 'iam', 'kms', 'ssm'].flatMap((service) =>
    ['services.k8s.aws', 'aws.upbound.io', 'aws.m.upbound.io'].map((tool) => `${service}.${tool}`),
  ),
  'guardduty.aws.upbound.io',
  'guardduty.aws.m.upbound.io',
  'rds.services.k8s.aws',
];

/** Tools whose objects declare AWS resources, by the end of their API groups. */
const tools: readonly (readonly [string, string])[] = [
  ['services.k8s.aws', 'ACK'],
  ['cluster.x-k8s.io', 'Cluster API'],
  ...['aws.upbound.io', 'aws.m.upbound.io', 'aws.crossplane.io'].map((one) => [one, 'Crossplane'] as const),
];
/** The tool that makes AWS resources of the objects of an API group, if any does. */
export const toolOf = (group: string): string | undefined =>
  tools.find(([end]) => group === end || group.endsWith(`.${end}`))?.[1];

/** Terraform and OpenTofu, in either syntax. */
export const isTerraform = (tree: Tree): boolean =>
  tree.language === 'hcl' ||
  isPlan(tree) ||
  (isRecord(tree.root) && isTerraformName(tree.source.path)) ||
  (Array.isArray(tree.root) && /\.(tf|tofu)\.json$/.test(tree.source.path));

/** Plans and states of Terraform and OpenTofu, as `terraform show -json` writes them. */
export const isPlan = (tree: Tree): boolean => isShown(tree, 'planned_values') || isState(tree);
/** What exists already (Terraform, JSON Output Format, State Representation). */
export const isState = (tree: Tree): boolean => isShown(tree, 'values');
const isShown = ({ root, language }: Tree, values: string): boolean => {
  if (language !== 'yaml' || !isRecord(root) || typeof root['format_version'] !== 'string') return false;
  const shown = root[values];
  return isRecord(shown) && (values === 'planned_values' || isRecord(shown['root_module']));
};

/** Whether an object of Flux or Argo CD may install a chart. */
export const installsChart = ({ group, kind }: { readonly group: string; readonly kind: string }): boolean =>
  (kind === 'HelmRelease' && group === 'helm.toolkit.fluxcd.io') || (kind === 'Application' && group === 'argoproj.io');
