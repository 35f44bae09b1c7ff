import { describe, expect, test } from 'vitest';
import { rules } from '../../src/rule/registry.ts';
import { findTargets } from '#engine/target.ts';
import { eksVersions, knownMinors } from '#model/calendar.ts';
import { lintTexts } from '../lint-texts.ts';

const removedApi = rules.filter(({ id }) => id === 'upgrades/removed-api');
const eksctl = (name: string, version: string): string =>
  `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: ${name}, region: eu-west-1, version: "${version}"}\n`;
/** Removed in 1.32. */
const flow =
  'apiVersion: flowcontrol.apiserver.k8s.io/v1beta3\nkind: PriorityLevelConfiguration\nmetadata: {name: slow}\n';
/** Removed in 1.16, so every supported version rejects it: its message shows the target. */
const old = 'apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: web}\n';

/** `file: 1.34 (the version of ...)` of each finding. */
async function targets(files: Readonly<Record<string, string>>): Promise<string[]> {
  const { findings, crashes } = await lintTexts(files, removedApi);
  expect(crashes).toEqual([]);
  return findings.map(
    ({ at, message }) => `${at.source}: ${/so (1\.\d+ \(.*?\)) rejects/.exec(message)?.[1] ?? message}`,
  );
}

describe('the target of a manifest', () => {
  test('is that of the cluster in its folder', async () =>
    expect(await targets({ 'prod/cluster.yaml': eksctl('prod', '1.34'), 'prod/web.yaml': old })).toEqual([
      'prod/web.yaml: 1.34 (the version of cluster "prod" in prod/cluster.yaml)',
    ]));
  test('is that of the nearest folder upward', async () =>
    expect(
      await targets({
        'cluster.yaml': eksctl('root', '1.33'),
        'teams/cluster.yaml': eksctl('teams', '1.34'),
        'teams/a/b/web.yaml': old,
        'other/web.yaml': old,
      }),
    ).toEqual([
      'other/web.yaml: 1.33 (the version of cluster "root" in cluster.yaml)',
      'teams/a/b/web.yaml: 1.34 (the version of cluster "teams" in teams/cluster.yaml)',
    ]));
  test('is not that of a cluster that an object next to it defines', async () => {
    const plane =
      'apiVersion: eks.services.k8s.aws/v1alpha1\nkind: Cluster\nmetadata: {name: c}\nspec: {name: c, version: "1.32"}\n';
    expect(await targets({ 'c.yaml': plane, 'web.yaml': old })).toEqual(['web.yaml: 1.37 (the newest EKS version)']);
  });
  test('is not that of a sibling folder', async () => {
    const files = { 'clusters/prod.yaml': eksctl('prod', '1.32'), 'apps/web.yaml': old };
    expect(await targets(files)).toEqual(['apps/web.yaml: 1.37 (the newest EKS version)']);
  });
  test('an example of another team does not make a removed API pass', async () => {
    const files = { 'examples/old.yaml': eksctl('demo', '1.19'), 'apps/flow.yaml': flow };
    expect(await targets(files)).toEqual(['apps/flow.yaml: 1.37 (the newest EKS version)']);
  });
  test('is never below the oldest version that EKS runs', async () =>
    expect(await targets({ 'cluster.yaml': eksctl('demo', '1.19'), 'web.yaml': old })).toEqual([
      'web.yaml: 1.31 (the oldest version that EKS runs; cluster "demo" in cluster.yaml has 1.19)',
    ]));
  test('is the highest of several clusters in one folder for what is removed', async () =>
    expect(await targets({ 'a.yaml': eksctl('a', '1.34'), 'b.yaml': eksctl('b', '1.32'), 'web.yaml': old })).toEqual([
      'web.yaml: 1.34 (the version of cluster "a" in a.yaml)',
    ]));
  test('is not taken from a version that does not exist', async () =>
    expect(await targets({ 'cluster.yaml': eksctl('typo', '1.340'), 'web.yaml': old })).toEqual([
      'web.yaml: 1.37 (the newest EKS version)',
    ]));
  test('considers clusters of Terraform and CloudFormation', async () =>
    expect(
      await targets({
        'tf/main.tf': 'resource "aws_eks_cluster" "prod" {\n  name = "prod"\n  version = "1.33"\n}\n',
        'tf/web.yaml': old,
        'cfn/stack.yaml':
          'Resources:\n  Cluster:\n    Type: AWS::EKS::Cluster\n    Properties: {Name: main, Version: "1.34", RoleArn: x, ResourcesVpcConfig: {SubnetIds: [a, b]}}\n',
        'cfn/web.yaml': old,
      }),
    ).toEqual([
      'cfn/web.yaml: 1.34 (the version of cluster "main" in cfn/stack.yaml)',
      'tf/web.yaml: 1.33 (the version of cluster "prod" in tf/main.tf)',
    ]));
  test('is that of each overlay, for a base', async () =>
    expect(
      await targets({
        'base/kustomization.yaml': 'resources: [web.yaml, flow.yaml]\n',
        'base/web.yaml': old,
        'base/flow.yaml': flow,
        'prod/kustomization.yaml': 'resources: [../base]\n',
        'prod/cluster.yaml': eksctl('prod', '1.31'),
        'dev/kustomization.yaml': 'resources: [../base]\n',
        'dev/cluster.yaml': eksctl('dev', '1.34'),
      }),
    ).toEqual([
      'base/flow.yaml: 1.34 (the version of cluster "dev" in dev/cluster.yaml)',
      'base/web.yaml: 1.31 (the version of cluster "prod" in prod/cluster.yaml)',
      'base/web.yaml: 1.34 (the version of cluster "dev" in dev/cluster.yaml)',
    ]));
  test('is that of the cluster beside an object of Flux, for the folder that it changes', async () =>
    expect(
      await targets({
        'base/kustomization.yaml': 'resources: [web.yaml]\n',
        'base/web.yaml': old,
        'more/kustomization.yaml': 'kind: Component\n',
        'prod/cluster.yaml': eksctl('prod', '1.34'),
        'prod/web.yaml':
          'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: web}\nspec: {path: base, sourceRef: {kind: GitRepository, name: a}, components: [../more]}\n',
      }),
    ).toEqual(['base/web.yaml: 1.34 (the version of cluster "prod" in prod/cluster.yaml)']));
  test('does not go beyond the root, for a file outside the main root', () => {
    const find = findTargets(undefined, [], (id) => id, '2026-11-21');
    for (const path of ['../other/a.yaml', '../../a.yaml', 'a.yaml', '..a/b.yaml'])
      expect(find({ path })).toMatchObject({ highest: 37, highestFrom: 'the newest EKS version' });
  });
});

describe('a version that someone asks for', () => {
  const asked = (version: string) => findTargets({ version, by: '--target-version' }, [], (id) => id, '2026-11-21');
  test('takes precedence, even if EKS no longer runs it', () =>
    expect(asked('1.24')({ path: 'a.yaml' })).toEqual({
      lowest: 24,
      highest: 24,
      lowestFrom: '--target-version',
      highestFrom: '--target-version',
    }));
  test.each(['1.7', '1.20', '1.38', '1.99', '1.340', '33', 'latest', ' 1.33', ''])('%o is an error', (version) =>
    expect(() => asked(version)).toThrow(
      expect.objectContaining({
        message: `--target-version: "${version}" is not a known Kubernetes version`,
        hint: 'Known versions are 1.21 to 1.37.',
      }),
    ),
  );
  test.each(['v1.33', '1.33.1', 'v1.33.1'])('%o is an error that names the version to write', (version) =>
    expect(() => asked(version)).toThrow(expect.objectContaining({ hint: 'Write the minor version only: 1.33' })),
  );
  test('the known range starts with the calendar', () =>
    expect(eksVersions.at(-1)?.version).toBe(`1.${knownMinors.oldest}`));
});
