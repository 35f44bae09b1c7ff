import { membersOf } from '#model/cluster.ts';
import type { Config } from '#config/config.ts';
import { UserError } from '#errors.ts';
import {
  type AuditedCluster,
  type Finding,
  type Note,
  rank,
  type Report,
  type RuleInfo,
  type Severity,
} from '#model/finding.ts';
import { isRecord } from '#model/shape.ts';
import { Workload } from '#model/resource.ts';
import { groupOf } from '#model/kinds.ts';
import { type AnyResource, makesPods, type Workspace } from '#model/workspace.ts';
import { encryptedKind, isEncryptedValue } from '#model/sops.ts';
import type { AnyRule } from '#rule';
import { folderOf, type Layout } from '#sources/layout.ts';
import { isMaterialName } from '#syntax/file-names.ts';
import { locate, locationAt, type Source, type Tree } from '#syntax/tree.ts';
import { version } from '#version.ts';
import { compareFindings, type RunResult } from './run.ts';
import { baselineRule } from './known.ts';
import { ignoreRules } from './suppress.ts';
import type { TargetFinder } from './target.ts';
import { upgradeOf } from './upgrade.ts';

interface Conclusion extends RunResult {
  readonly known?: Report['known'];
  readonly audited?: Report['audited'];
  /** Returns the version that a subject is judged against. */
  readonly targetOf: TargetFinder;
  readonly targetVersion: string | undefined;
  /** The running clusters, by the sources that describe them. */
  readonly clusters: ReadonlyMap<string, AuditedCluster>;
  readonly compared?: Report['compared'];
  readonly newBaseline?: Report['baseline'];
  readonly findings: Finding[];
  /** All rules, and those that are on. */
  readonly rules: readonly AnyRule[];
  readonly active: readonly { readonly rule: AnyRule; readonly severity: Severity }[];
  /** Rules that the engine itself uses. */
  readonly own: Conclusion['active'];
  readonly workspace: Workspace;
  readonly trees: readonly Tree[];
  /** Documents that no input recognizes. */
  readonly unclaimed: readonly Tree[];
  /** Parts of clusters that belong to one of several ways to use the same files. */
  readonly variants: ReadonlyMap<object, unknown>;
  readonly sources: readonly Source[];
  /** CustomResourceDefinitions that were not parsed. */
  readonly skipped: readonly { readonly source: Source; readonly start: number }[];
  readonly folder: string;
  readonly layout: Layout;
  /** Notes about files that were not read, and from inputs. */
  readonly notes: readonly Note[];
  readonly inputNotes: readonly Note[];
  readonly config: Config;
  readonly failOn: Severity | 'never';
  readonly allowEmpty: boolean;
  readonly allowIncomplete: boolean;
}

/**
 * The report of a run, with its exit code: 2 for a crashed rule or nothing judged, 1 for a finding at or above the
 * threshold, 3 where something could not be read, else 0. The worse code wins, and 1 wins over 3.
 * @throws UserError if no rule is left, or there is no file to judge.
 */
export function conclude(run: Conclusion): Report {
  const { workspace, crashes } = run;
  const targets = new Set(run.sources.filter((source) => source.target).map((source) => source.id));
  const files = run.sources.filter((source) => source.target && !source.isLive).length;
  const audited = run.audited ?? [];
  if (run.active.length === 0 && !run.allowEmpty)
    throw new UserError('no rules to run', {
      hint: 'The preset, --only, --skip and the config turn off all rules; pass --allow-empty if that is intended.',
    });
  const findings = [...run.findings].sort(compareFindings);
  const notes = [
    ...run.notes,
    ...run.inputNotes.filter(({ kind, at }) => !at || targets.has(at.source) || kind === 'incomplete'),
    ...documentNotes(run),
  ];
  // A running cluster is counted as an audited one.
  const running = new Set(run.sources.filter((source) => source.isLive).map((source) => source.id));
  const described = workspace.clusters.filter(({ at }) => targets.has(at.source) && !running.has(at.source));
  // A template with several values files describes that many clusters, but counts as one.
  const clusters = new Set(described.map((cluster) => (run.variants.has(cluster) ? cluster.object : cluster))).size;
  // Overlays of one base make several resources of one object, and an eksctl file is also a cluster.
  const clusterObjects = new Set(described.map((cluster) => cluster.object));
  const objects = new Set(
    workspace.resources
      .filter((resource) => targets.has(resource.tree.source.id) && !clusterObjects.has(resource.object))
      .map((resource) => resource.written),
  ).size;
  const made = new Set<object | undefined>(workspace.resources.map(({ object }) => object));
  // What a tool creates for a cluster or a node group, such as a role, is judged with it.
  const groups = [...workspace.clusters.flatMap((cluster) => [cluster, ...membersOf(cluster)]), ...workspace.loose];
  const counted = new Set(groups.map(({ object }) => object));
  const alone = workspace.aws.filter(({ object }) => !counted.has(object));
  const loose = new Set(
    [...workspace.loose, ...alone]
      .filter(({ at, object }) => targets.has(at.source) && !made.has(object))
      .map((part) => (run.variants.has(part) ? part.object : part)),
  ).size;
  const judged =
    objects + clusters + loose + findings.length + run.skipped.filter(({ source }) => source.target).length > 0 ||
    run.allowEmpty;
  if (!judged && targets.size === 0 && notes.length === 0) {
    const filters = (['include', 'exclude'] as const).filter((key) => run.config[key].length > 0);
    throw new UserError('no files matched', {
      hint:
        filters.length > 0
          ? `Check ${filters.join(' and ')} in the config, or pass --allow-empty if no match is intended.`
          : 'Pass files or folders, or --allow-empty if that is intended.',
    });
  }
  if (!judged)
    notes.push({
      kind: 'incomplete',
      message:
        targets.size === 0
          ? 'nothing was judged: no file was read'
          : 'nothing was judged: the files contain no Kubernetes object and no eksctl, CloudFormation or Terraform description of a cluster',
    });

  const complete = crashes.length === 0 && notes.every((note) => note.kind !== 'incomplete' && note.kind !== 'problem');
  const failing = findings.some(
    (one) => !one.hidden && run.failOn !== 'never' && rank(one.severity) <= rank(run.failOn),
  );
  const exitCode = crashes.length > 0 || !judged ? 2 : failing ? 1 : complete || run.allowIncomplete ? 0 : 3;
  const reported = new Set(findings.map((one) => one.rule));
  return {
    command: audited.length > 0 ? 'audit' : 'lint',
    ...(audited.length > 0 ? { audited } : {}),
    ...(run.compared ? { compared: run.compared } : {}),
    version,
    folder: run.folder,
    findings,
    undetermined: run.undetermined,
    ...(run.known ? { known: run.known } : {}),
    ...(run.newBaseline ? { baseline: run.newBaseline } : {}),
    notes,
    crashes,
    config: run.config.file,
    complete,
    exitCode,
    // Few reporters print these, and getting them loads every rule.
    get rules() {
      return [
        ...run.active.map(infoOf),
        ...run.own.filter(({ rule }) => reported.has(rule.id)).map(infoOf),
        ...[...ignoreRules, baselineRule].filter((rule) => reported.has(rule.id)),
      ];
    },
    // Only an upgrade plan asks for it.
    get upgrade() {
      const paths = new Map(run.sources.map(({ id, path }) => [id, path]));
      return upgradeOf({
        ...run,
        audited,
        targets,
        pathOf: (id) => paths.get(id) ?? id,
        asked: run.targetVersion ?? run.config.target,
      });
    },
    checked: { files, objects: objects + loose, clusters: clusters + audited.length, rules: run.active.length },
  };
}

const infoOf = ({ rule, severity }: Conclusion['active'][number]): RuleInfo => ({
  id: rule.id,
  title: rule.title,
  category: rule.id.slice(0, rule.id.indexOf('/')),
  severity,
  preset: rule.preset,
  help: adviceOf(rule),
  equivalents: rule.equivalents,
  sources: rule.sources,
});

/** What a rule advises: `<resource>` stands where a finding names something, as in the help of a command line. */
export const adviceOf = ({ help = {} }: Pick<AnyRule, 'help'>): string[] =>
  [...new Set(typeof help === 'string' ? [help] : Object.values(help))].map((advice) =>
    advice.replace(/\{(\w+)\}/g, '<$1>'),
  );

/** More kinds than this are counted, not named. */
const mostKinds = 8;

/**
 * Matches custom resources that could not be compared with a definition; matches nothing if no rule of the run would
 * have compared them.
 */
function findsUndefined(active: Conclusion['active'], workspace: Workspace): (resource: AnyResource) => boolean {
  if (workspace.whyUnread('CustomResourceDefinition') !== undefined) return () => false;
  if (!active.some(({ rule }) => rule.id === 'correctness/custom-resource-invalid')) return () => false;
  const eachBuiltIn = new Set(Object.keys(workspace.schemas.builtIn).map(groupOf));
  return ({ kind, group, version }) =>
    group.includes('.') &&
    group !== 'eksctl.io' &&
    !eachBuiltIn.has(group) &&
    !workspace.definitions.has(group, kind) &&
    !workspace.schemas.ofPublished(group, kind).has(version);
}

const notOfResources = {
  both: 'custom resources without a known definition, of which neither fields nor pods are checked',
  fields: 'custom resources without a known definition, whose fields are not checked',
  pods: 'custom resources whose pods, if they create any, are not read',
} as const;

/** Custom resources of which something is not judged, each in one note. */
function resourceNotes({ active, workspace }: Conclusion): Note[] {
  const isUndefined = findsUndefined(active, workspace);
  const made = (): Map<string, Set<object>> => new Map();
  const found = { both: made(), pods: made(), fields: made() };
  for (const resource of workspace.resources) {
    if (!resource.tree.source.target) continue;
    const hidesPods = !(resource instanceof Workload) && makesPods(resource);
    const hidesFields = isUndefined(resource);
    if (!hidesPods && !hidesFields) continue;
    const byKind = found[hidesPods && hidesFields ? 'both' : hidesPods ? 'pods' : 'fields'];
    byKind.set(resource.kind, (byKind.get(resource.kind) ?? new Set()).add(resource.written));
  }
  return (['both', 'pods', 'fields'] as const)
    .filter((what) => found[what].size > 0)
    .map((what) => ({
      kind: 'skipped',
      message: `${notOfResources[what]}: ${shortList(found[what])}`,
      count: [...found[what].values()].reduce((sum, { size }) => sum + size, 0),
    }));
}

/** `RayCluster 9, Widget 2`: the most frequent kinds first. */
function shortList(byKind: ReadonlyMap<string, ReadonlySet<object>>): string {
  const kinds = [...byKind].map(([kind, { size }]) => ({ kind, size }));
  kinds.sort((a, b) => b.size - a.size || (a.kind < b.kind ? -1 : 1));
  const shown = kinds.slice(0, mostKinds).map(({ kind, size }) => `${kind} ${size}`);
  return shown.join(', ') + (kinds.length > mostKinds ? ` and ${kinds.length - mostKinds} more kinds` : '');
}

/** Files of a chart that helm reads. */
const isOfChart = (path: string, { charts }: Layout): boolean =>
  charts.has(folderOf(path)) && /(?:^|\/)(?:Chart|values[^/]*|requirements)\.ya?ml$/.test(path);

/** Programs whose output is what we read: the file that starts them, their command, and the folder that it writes. */
const apps: ReadonlyMap<string, readonly [command: string, output: string]> = new Map([
  ['cdk.json', ['cdk synth', 'cdk.out']],
  ['cdktf.json', ['cdktf synth', 'cdktf.out']],
  ['cdk8s.yaml', ['cdk8s synth', 'dist']],
]);
function appOf(path: string): { readonly command: string; readonly folder: string } | undefined {
  const at = path.lastIndexOf('/') + 1;
  const app = apps.get(path.slice(at));
  return app && { command: app[0], folder: `${path.slice(0, at)}${app[1]}/` };
}
const hasOutput = (folder: string, sources: Conclusion['sources']): boolean =>
  sources.some(({ path }) => path.startsWith(folder));

/** What the run says of documents that it could not judge, or did not have to. */
function documentNotes(conclusion: Conclusion): Note[] {
  const { trees, unclaimed, active, skipped, owned, layout } = conclusion;
  const notes: Note[] = [];
  // A broken document is a finding of correctness/yaml-syntax; if that rule is off, it must still be mentioned.
  if (!active.some(({ rule }) => rule.id === 'correctness/yaml-syntax'))
    for (const tree of trees)
      for (const fault of tree.source.target ? tree.faults : [])
        if (fault.code !== 'duplicate-key')
          notes.push({ kind: 'problem', message: fault.message, at: locationAt(tree.source, fault.start, fault.end) });
  for (const tree of unclaimed) {
    if (!tree.source.target || isOfChart(tree.source.path, layout)) continue;
    const app = appOf(tree.source.path);
    if (app !== undefined && !hasOutput(app.folder, conclusion.sources)) {
      notes.push({
        kind: 'unrendered',
        message: `what the app makes is not judged: run \`${app.command}\` first`,
        at: locationAt(tree.source, tree.start, tree.start + 1),
      });
    } else if (isRecord(tree.root) && isEncryptedValue(tree.root['kind'])) {
      notes.push({
        kind: 'skipped',
        message: encryptedKind,
        at: locate(tree, tree.root, 'kind'),
      });
    } else if (
      isRecord(tree.root) &&
      (typeof tree.root['kind'] === 'string') !== (typeof tree.root['apiVersion'] === 'string') &&
      !('version' in tree.root || 'name' in tree.root)
    ) {
      const has = typeof tree.root['kind'] === 'string' ? 'kind' : 'apiVersion';
      notes.push({
        kind: 'skipped',
        message: `document has ${has === 'kind' ? 'a kind but no apiVersion' : 'an apiVersion but no kind'}, so it is not judged`,
        at: locate(tree, tree.root, has),
      });
    } else
      notes.push({
        // Hooks name every YAML and JSON file that changes, but only a person names a template.
        kind: tree.source.isAsked && isMaterialName(tree.source.path) ? 'incomplete' : 'skipped',
        message: 'neither a Kubernetes object nor a cluster description',
        at: locationAt(tree.source, tree.start, tree.start + 1),
      });
  }
  notes.push(...resourceNotes(conclusion));
  if (owned > 0)
    notes.push({
      kind: 'skipped',
      message: 'workloads created by another workload, judged there',
      count: owned,
    });
  for (const { source, start } of skipped.filter((one) => one.source.target))
    notes.push({
      kind: 'skipped',
      message: active.some(({ rule }) => rule.id.startsWith('correctness/crd-'))
        ? 'structurally valid CustomResourceDefinitions, not read further'
        : 'CustomResourceDefinitions not read: no rule of this run checks them',
      at: locationAt(source, start, start + 1),
    });
  return notes;
}
