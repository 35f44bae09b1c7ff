import { readDescriptions } from '#aws/read.ts';
import { read as readAnswers } from '#inputs/aws-api/input.ts';
import { describesAws, installsChart, isAnswer, isCloudFormation, isEksctl, isTerraform } from '#inputs/claims.ts';
import { read as readCloudFormation } from '#inputs/cloudformation/input.ts';
import { read as readEksctl } from '#inputs/eksctl/input.ts';
import { read as readReleases } from '#inputs/helm/objects.ts';
import { read as readTerraform } from '#inputs/terraform/input.ts';
import type { Parts } from '#inputs/input.ts';
import type { AwsPart } from '#model/aws.ts';
import { kubernetesInput } from '#inputs/kubernetes/input.ts';
import { podTemplates } from '#model/pod-templates.ts';
import { read as readKubernetesAws } from '#inputs/kubernetes-aws/input.ts';
import type { Cluster, ClusterPart } from '#model/cluster.ts';
import type { Component } from '#model/component.ts';
import type { Note } from '#model/finding.ts';
import { Collection } from '#model/value.ts';
import type { AnyResource } from '#model/workspace.ts';
import { readAnswer } from '#syntax/answer.ts';
import { loadHcl } from '#syntax/hcl.ts';
import type { Description } from '#spelling/resource.ts';
import { parseToml } from '#syntax/toml.ts';
import type { Source, Tree } from '#syntax/tree.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';

const parseHcl = await loadHcl();

/** A source for tests. */
export function source(path: string, text: string): Source {
  return { id: path, path, text, target: true };
}

/** The documents of a source. */
export function parse(one: Source): Tree[] {
  const answer = readAnswer(one);
  if (answer) return [answer];
  if (one.path.endsWith('.toml')) return [parseToml(one)];
  return /\.(tf|tofu|tfvars|hcl)$/.test(one.path)
    ? parseHcl(one)
    : splitDocuments(one).flatMap((segment) => parseYaml(segment));
}

interface Read {
  readonly resources: AnyResource[];
  readonly clusters: Cluster[];
  readonly loose: ClusterPart[];
  readonly aws: AwsPart[];
  readonly notes: Note[];
  readonly provided: AnyResource[];
  readonly descriptions: Description[];
  readonly components: Component[];
}

/** Reads files as a run would: each document goes to the one input that claims it. */
export function read(files: Readonly<Record<string, string>>): Read {
  const trees = Object.entries(files).flatMap(([path, text]) => parse(source(path, text)));
  const kubernetes = kubernetesInput();
  const objects = kubernetes.read(
    trees.filter((tree) => kubernetes.claims(tree)),
    { charts: new Set(), kustomizations: new Set() },
  );
  const made = readKubernetesAws(objects.resources.filter(describesAws), () => objects.resources);
  const parts: Parts[] = [
    { ...objects, resources: objects.resources.flatMap((one) => made.replaced.get(one) ?? [one]) },
    made,
    readAnswers(trees.filter(isAnswer)),
    readEksctl(trees.filter(isEksctl)),
    readCloudFormation(trees.filter(isCloudFormation)),
    readTerraform(trees.filter(isTerraform)),
  ];
  const releases = parts.flatMap((part) => part.resources.filter(installsChart));
  parts.push(readReleases(releases, podTemplates));
  const descriptions = parts.flatMap((part) => part.descriptions ?? []);
  const described = readDescriptions(descriptions);
  return {
    resources: parts.flatMap((part) => part.resources),
    clusters: [...parts, described].flatMap((part) => part.clusters),
    loose: described.loose,
    aws: described.aws,
    notes: [...parts, described].flatMap((part) => part.notes),
    provided: parts.flatMap((part) => part.provided ?? []),
    descriptions,
    components: parts.flatMap((part) => [...(part.components ?? [])]),
  };
}

/** The only cluster of one file. */
export function readCluster(path: string, text: string): Cluster {
  const { clusters } = read({ [path]: text });
  const [cluster] = clusters;
  if (!cluster || clusters.length !== 1) throw new Error(`${clusters.length} clusters`);
  return cluster;
}

/** Touches every fact and its place. */
export function touch(value: unknown, depth = 0): void {
  if (typeof value !== 'object' || value === null || depth > 6) return;
  if ('at' in value) void (value as { at: unknown }).at;
  // A list that could not be read throws for its items, but may contain some that are known.
  if (value instanceof Collection) for (const item of value.known) touch(item, depth + 1);
  for (const [key, child] of Object.entries(value))
    if (!['tree', 'object', 'at'].includes(key)) touch(child, depth + 1);
}
