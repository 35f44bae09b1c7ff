import { resolve } from 'node:path';
import type { Config, Preset } from '#config/config.ts';
import { type ActiveRule, resolveRules } from '#config/resolve.ts';
import { applyBaseline, baselineOf, type BaselineRun, type Before, forgetKnown } from '#engine/known.ts';
import { compareWith, earlierFindings } from '#engine/compare.ts';
import type { Declarations, Described } from '#engine/drift.ts';
import { conclude } from '#engine/conclude.ts';
import { run, settle } from '#engine/run.ts';
import { collectIgnores } from '#engine/ignores.ts';
import { applyIgnores } from '#engine/suppress.ts';
import { type AskedVersion, findTargets } from '#engine/target.ts';
import { chartFacts, isChart } from '#inputs/helm/chart.ts';
import { readInputs } from '#inputs/index.ts';
import type { Parts } from '#inputs/input.ts';
import type { Live } from '#inputs/kubernetes/live.ts';
import type { PodTemplates } from '#inputs/kubernetes/objects.ts';
import { referencesOf } from '#inputs/kustomize/input.ts';
import { definitionVersion, isSound } from '#model/definitions.ts';
import type {
  AuditedCluster,
  BaselineEntry,
  Earlier,
  Finding,
  Note,
  Report,
  Severity,
  Undetermined,
} from '#model/finding.ts';
import { InstanceTypes } from '#model/instance-types.ts';
import { podTemplates } from '#model/pod-templates.ts';
import { Schemas } from '#model/schema.ts';
import { type AnyResource, Workspace } from '#model/workspace.ts';
import type { AnyRule } from '#rule';
import { driftRule, ownRules } from '#rule/own';
import { findFiles, findGitRoot, type FoundFiles } from '#sources/files.ts';
import { readSchema } from '#sources/schemas.ts';
import { narrow } from '#sources/scope.ts';
import type { Snapshot } from '#sources/snapshot.ts';
import { holdsObject } from '#syntax/claim.ts';
import { parseAll } from '#syntax/parse.ts';
import type { Source } from '#syntax/tree.ts';

/** Options of a run; `commands/lint.ts` and `index.ts` create them from arguments. */
export interface LintOptions {
  readonly cwd: string;
  readonly paths: readonly string[];
  readonly config: Config;
  readonly configFolder: string | undefined;
  /** Notes about the config. */
  readonly configNotes?: readonly Note[];
  readonly rules: readonly AnyRule[];
  readonly preset: Preset | undefined;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly targetVersion: string | undefined;
  /** The flag that set it, if that is not --target-version. */
  readonly targetFlag?: string | undefined;
  readonly failOn: Severity | 'never';
  readonly allowIncomplete: boolean;
  readonly allowEmpty: boolean;
  readonly inlineIgnores: boolean;
  readonly strictIgnores: boolean;
  readonly today: string;
  /** Files and folders, relative to `cwd`: findings elsewhere are not shown, other files are only context. */
  readonly scope?: ReadonlySet<string> | undefined;
  /** Report only findings that did not exist at the merge base of HEAD and this ref. */
  readonly newSince?: string | undefined;
  /** Findings that a team has accepted; `file` is the name for messages. `update`: accept what this run finds. */
  readonly baseline?:
    | { readonly file: string; readonly entries: readonly BaselineEntry[]; readonly update: boolean }
    | undefined;
  /** Called from time to time with what the run is doing. */
  readonly progress?: ((words: string) => void) | undefined;
  readonly stdin?: { readonly name: string; readonly text: string };
  /** Running clusters, judged in addition to the files or instead of them. */
  readonly snapshots?: readonly Snapshot[];
  /** An earlier audit of the same clusters: its report, or its saved data. */
  readonly earlier?: Earlier | { readonly file: string; readonly snapshot: Snapshot } | undefined;
  /** Files that declare what runs in the clusters: findings name the location there, and differences are reported. */
  readonly source?: string | undefined;
  /** Charts are rendered with the user's helm, with these values (`<chart>=<file>`). */
  readonly render?: { readonly values: readonly string[] } | undefined;
  /** A running cluster that the files are judged against. */
  readonly clusterFile?: Snapshot | undefined;
  /** False = no file is read. */
  readonly filesToo?: boolean;
}

const noFiles: FoundFiles = {
  sources: [],
  layout: { charts: new Set(), kustomizations: new Set() },
  notes: [],
  folder: '',
};

/** The whole linter: discover and load, parse, model, index, run, settle, conclude. Reporters print what it returns. */
export async function lint(options: LintOptions): Promise<Report> {
  const { config } = options;
  const { active, own } = resolveRules(options.rules, config, options);
  const searched = {
    ...options,
    include: config.include,
    exclude: config.exclude,
    fileBytes: config.limits.fileBytes,
    references: referencesOf,
    isChart,
    holdsObject,
    render: options.render !== undefined,
  };
  const found = options.filesToo === false ? noFiles : withoutBaseline(await findFiles(searched), options);
  const all = options.render === undefined ? found : await withRendered(found, options, options.render.values);
  const files = options.scope === undefined ? all : narrow(all, options.cwd, options.scope);
  let declarations: Declarations | undefined;
  const declared = options.source === undefined ? undefined : await readDeclared(options.source);
  const now = await judge(options, active, files, declared && (async (judged) => await findDrift(declared, judged)));
  const before = options.newSince === undefined ? undefined : await judgeBefore(options.newSince);
  const fresh = before ? forgetKnown(now.findings, before) : { findings: now.findings };
  const notes = [...(options.configNotes ?? []), ...files.notes];
  const audited = (options.snapshots ?? []).map(auditedOf);
  const settled = settleBaseline(fresh.findings.map(leadHome));
  if (declared) notes.push(...declared.notes);
  const report = conclude({
    ...options,
    audited,
    ...files,
    ...now,
    notes,
    ...fresh,
    ...settled,
    ...(await compare(settled.findings)),
    active,
    own,
  });
  if (options.render === undefined) return report;
  return (await import('#engine/rendered.ts')).tellTemplates(report, files.sources);

  /** The differences between what files declare and what runs. */
  async function findDrift(files: Declared, { workspace, sources }: Judged): Promise<Finding[]> {
    const { Declarations } = await import('#engine/drift.ts');
    const { resources, clusters } = workspace;
    const running = new Set(sources.filter(({ isLive }) => isLive).map(({ id }) => id));
    declarations = new Declarations(files, {
      resources: resources.filter(({ live }) => live),
      clusters: clusters.filter(({ at }) => running.has(at.source)),
    });
    const drift = own.find(({ rule }) => rule === driftRule);
    if (!drift) return [];
    return declarations.findings({
      settingFor: ({ file, namespace }) => drift.settingFor({ file: files.paths.get(file) ?? file, namespace }),
    });
  }

  /** A finding with the location where files declare its subject. */
  function leadHome(one: Finding): Finding {
    if (one.rule === driftRule.id) return withCluster(one, now.clusters, one.related[0]?.source);
    const place = declarations?.placeOf(one);
    return place ? { ...one, declared: place } : one;
  }

  /** What files declare; they are not judged. */
  async function readDeclared(source: string): Promise<Declared> {
    const { sources, layout, notes: left } = await findFiles({ ...searched, paths: [source] });
    const { trees, unread } = await parseAll(
      sources,
      (kind, apiVersion) => !seldomAsked(kind, apiVersion),
      config.limits,
    );
    const templates = new Map([...podTemplates, ...Object.entries(config.podTemplates)]);
    const { parts } = await readInputs(trees, templates, { ...layout, broken: unread });
    const broken = trees.filter(({ faults }) => faults.some(({ code }) => code !== 'duplicate-key')).length;
    return {
      resources: parts.flatMap((part) => part.resources),
      clusters: parts.flatMap((part) => part.clusters),
      paths: new Map(sources.map(({ id, path }) => [id, path])),
      notes: [
        ...left,
        ...(broken > 0
          ? [
              {
                kind: 'partial' as const,
                message: 'documents of --source that cannot be read and are not compared',
                count: broken,
              },
            ]
          : []),
      ],
    };
  }

  /** What has changed since an earlier audit. */
  async function compare(findings: readonly Finding[]): Promise<Partial<ReturnType<typeof compareWith>>> {
    const { earlier, snapshots = [] } = options;
    if (!earlier) return {};
    const { unseenIn } = await import('#inputs/kubernetes/live.ts');
    const before = 'snapshot' in earlier ? await judgeEarlier(earlier) : earlier;
    return compareWith(findings, before, {
      rules: new Set(active.map(({ rule }) => rule.id)),
      undetermined: now.undetermined,
      isUnseen: unseenIn(snapshots),
    });
  }

  async function judgeEarlier({
    file,
    snapshot,
  }: {
    readonly file: string;
    readonly snapshot: Snapshot;
  }): Promise<Earlier> {
    const { findings } = await judge({ ...options, snapshots: [snapshot] }, active, noFiles);
    return { file, at: snapshot.from, findings: earlierFindings(findings, snapshot.from) };
  }

  function settleBaseline(findings: readonly Finding[]): {
    findings: Finding[];
    newBaseline?: readonly BaselineEntry[];
  } {
    const { baseline } = options;
    if (!baseline) return { findings: [...findings] };
    const about = baselineRun(options, active, files, now.undetermined);
    const entries = baseline.update ? baselineOf(findings, baseline.entries, about) : baseline.entries;
    const marked = applyBaseline(findings, entries, about, { file: baseline.file, strict: options.strictIgnores });
    return { findings: marked, ...(baseline.update ? { newBaseline: entries } : {}) };
  }

  /** The findings at the merge base of HEAD and a ref. Config and ignores of the config are the current ones. */
  async function judgeBefore(ref: string): Promise<Before> {
    const [{ findMergeBase }, { findCommittedFiles }] = await Promise.all([
      import('#sources/git.ts'),
      import('#sources/commit.ts'),
    ]);
    const root = findGitRoot(options.cwd);
    const commit = await findMergeBase(root, ref, '--new-since');
    const committed = await findCommittedFiles(commit, root ?? '', files, searched);
    return { ref, findings: (await judge(options, active, committed)).findings };
  }
}

/** What the files of `--source` declare. */
interface Declared extends Described {
  readonly notes: readonly Note[];
  /** The paths of files in the workspace, by their IDs. */
  readonly paths: ReadonlyMap<string, string>;
}

/** The results of a run before its findings are settled. */
interface Judged {
  readonly workspace: Workspace;
  readonly sources: readonly Source[];
}

/**
 * Everything between reading and concluding: texts in, findings out. `compared` returns findings that come from no
 * rule.
 */
async function judge(
  options: LintOptions,
  active: readonly ActiveRule[],
  files: FoundFiles,
  compared: (judged: Judged) => Promise<Finding[]> = async () => [],
) {
  const { config } = options;
  const kinds = new Set<string>(active.flatMap(({ rule }) => (aboutDefinitions.has(rule.id) ? [] : rule.kinds)));
  const judgesDefinitions = active.some(({ rule }) => aboutDefinitions.has(rule.id));
  options.progress?.(`reading ${files.sources.length} files`);
  const { trees, skipped, unread } = await parseAll(
    files.sources,
    (kind, apiVersion, segment) =>
      options.only.length > 0 ||
      !seldomAsked(kind, apiVersion) ||
      (kinds.has(kind) && askedFields.test(segment.text)) ||
      (judgesDefinitions && !isSound(segment)),
    config.limits,
  );

  const templates = new Map([...podTemplates, ...Object.entries(config.podTemplates)]);
  const layout = { ...files.layout, broken: unread };
  const { parts: asRead, unclaimed } = await readInputs(trees, templates, layout);
  const read = options.render === undefined ? asRead : await withOverlays(asRead, options, templates);
  const live = await readSnapshots(options, templates);
  const sources = [...files.sources, ...live.flatMap((one) => one.sources)];
  const parts = [...read, ...live.flatMap((one) => one.parts)];
  trees.push(...live.flatMap((one) => one.trees));
  const workspace = new Workspace(parts, trees, {
    schemas: new Schemas(readSchema),
    instanceTypes: new InstanceTypes(readSchema),
    unparsed: skipped,
  });

  const clusters = new Map(live.flatMap(({ sources: own, audited }) => own.map(({ id }) => [id, audited] as const)));
  const paths = new Map(sources.map(({ id, path }) => [id, path]));
  const variants = new Map(parts.flatMap((part) => [...(part.variants ?? [])]));
  const running = new Map([
    ...(options.clusterFile ? [['', options.clusterFile.cluster] as const] : []),
    ...live.map(({ folder, cluster }) => [folder, cluster] as const),
  ]);
  const targetOf = findTargets(
    askedVersion(options),
    workspace.clusters,
    (id) => paths.get(id) ?? id,
    options.today,
    running,
  );
  const result = run({
    rules: active,
    workspace,
    documents: trees,
    targetOf,
    today: options.today,
    calls: new Map(parts.flatMap((part) => [...(part.calls ?? [])])),
    variants,
    sources,
    progress: options.progress,
  });

  const ignores = collectIgnores(sources, trees, workspace.resources, config, {
    rules: [...options.rules, ...ownRules],
    active: active.map(({ rule }) => rule.id),
  });
  const found = [...settle(result.findings), ...(await compared({ workspace, sources }))];
  const findings = applyIgnores(found, ignores, {
    today: options.today,
    inline: options.inlineIgnores,
    strict: options.strictIgnores,
    partial: options.paths.length > 0 || options.scope !== undefined,
    undetermined: result.undetermined,
    sources,
  });
  return {
    ...result,
    sources,
    findings: findings.map((one) => withCluster(one, clusters)),
    clusters,
    workspace,
    targetOf,
    trees,
    skipped,
    unclaimed,
    variants,
    inputNotes: parts.flatMap((part) => part.notes),
  };
}

const auditedOf = ({ cluster, from, to, role, resourceVersions }: Snapshot): AuditedCluster => ({
  ...cluster,
  ...(role === undefined ? {} : { role }),
  ...(resourceVersions === undefined ? {} : { resourceVersions }),
  from,
  to,
});
const withCluster = (
  finding: Finding,
  clusters: ReadonlyMap<string, AuditedCluster>,
  source = finding.at.source,
): Finding => {
  const cluster = clusters.get(source);
  return cluster ? { ...finding, cluster } : finding;
};

/** Loaded only for running clusters. */
async function readSnapshots(
  { snapshots = [], clusterFile }: LintOptions,
  templates: PodTemplates,
): Promise<readonly (Live & { readonly audited: AuditedCluster })[]> {
  if (snapshots.length === 0 && !clusterFile) return [];
  const { labelsOf, readContext, readSnapshot } = await import('#inputs/kubernetes/live.ts');
  const labels = labelsOf(snapshots);
  const context = clusterFile
    ? [{ ...(await readContext(clusterFile, templates)), audited: auditedOf(clusterFile) }]
    : [];
  return [
    ...context,
    ...(await Promise.all(
      snapshots.map(async (one, i) => ({
        ...(await readSnapshot(one, templates, { label: labels[i] ?? '' })),
        audited: auditedOf(one),
      })),
    )),
  ];
}

/** The files with the output of the user's programs for charts. Loaded only if requested. */
async function withRendered(
  files: FoundFiles,
  { cwd, progress }: LintOptions,
  values: readonly string[],
): Promise<FoundFiles> {
  const { renderCharts } = await import('#sources/helm.ts');
  const read = new Set(files.sources.map(({ id }) => id));
  const { sources, notes } = await renderCharts(files.charts ?? [], {
    cwd,
    values,
    progress,
    read,
    factsOf: chartFacts,
  });
  return { ...files, sources: [...files.sources, ...sources], notes: [...files.notes, ...notes] };
}

/** The objects of overlays with unknown parts, as the user's kustomize builds them. Loaded only if requested. */
async function withOverlays(
  parts: readonly Parts[],
  { cwd, configFolder, progress }: LintOptions,
  templates: PodTemplates,
): Promise<readonly Parts[]> {
  const [{ overlaysInDoubt, settleOverlay }, { buildOverlay }] = await Promise.all([
    import('#inputs/kustomize/rendered.ts'),
    import('#sources/kustomize.ts'),
  ]);
  const home = configFolder ?? findGitRoot(cwd) ?? cwd;
  const settled = new Map<AnyResource, readonly AnyResource[]>();
  const notes: Note[] = [];
  for (const [folder, resources] of overlaysInDoubt(parts.flatMap((part) => part.resources))) {
    progress?.(`rendering ${folder || '.'}`);
    const { stdout, failed } = await buildOverlay(resolve(home, folder));
    if (failed !== undefined)
      notes.push({ kind: 'incomplete', message: `overlay ${folder || '.'} not rendered: ${failed}` });
    else {
      const one = settleOverlay(folder, resources, stdout, templates);
      for (const [before, after] of one.settled) settled.set(before, after);
      notes.push(...one.notes);
    }
  }
  return parts.map((part, i) => ({
    ...part,
    resources: part.resources.flatMap((one) => settled.get(one) ?? [one]),
    notes: i === 0 ? [...part.notes, ...notes] : part.notes,
  }));
}

/** A baseline is located among the files that it lists, and is not one of them. */
function withoutBaseline(files: FoundFiles, { baseline, cwd }: LintOptions): FoundFiles {
  if (!baseline) return files;
  const file = resolve(cwd, baseline.file);
  return {
    ...files,
    sources: files.sources.filter(({ id }) => resolve(cwd, id) !== file),
    // A baseline with a hundred thousand entries is larger than a manifest may be.
    notes: files.notes.filter(({ at }) => !at || resolve(cwd, at.source) !== file),
  };
}

/** What the comparison with a baseline needs to know about the run. */
function baselineRun(
  { paths, scope }: LintOptions,
  active: readonly ActiveRule[],
  { sources, layout }: FoundFiles,
  undetermined: readonly Undetermined[],
): BaselineRun {
  const pathOf = new Map(sources.map(({ id, path }) => [id, path]));
  const targets = new Set(sources.filter(({ target }) => target).map(({ path }) => path));
  const rules = new Set(active.map(({ rule }) => rule.id));
  const isGone = (file: string): boolean =>
    paths.length === 0 && scope === undefined && layout.files?.has(file) === false;
  return {
    pathOf: (id) => pathOf.get(id) ?? id,
    judged: (file, rule) => (rules.has(rule) || rule.startsWith('ekslint/')) && (targets.has(file) || isGone(file)),
    undetermined,
  };
}

/** The version that the command line names, otherwise the config. */
function askedVersion({
  targetVersion,
  targetFlag = '--target-version',
  config,
}: LintOptions): AskedVersion | undefined {
  if (targetVersion !== undefined) return { version: targetVersion, by: targetFlag };
  if (config.target === undefined) return undefined;
  return { version: config.target, by: `target.kubernetes in ${config.file ?? 'the config'}` };
}

/**
 * Kinds whose documents are large and rarely needed: they are parsed only if a rule of the run names them and they
 * contain one of the fields that rules look at.
 */
const seldomAsked = (kind: string, apiVersion: string): boolean =>
  kind === 'CustomResourceDefinition' && apiVersion === definitionVersion;
const askedFields = /\bclientConfig\b|\bpreserveUnknownFields["']?:[ \t]*true\b/;
/** Rules that only need what `isSound` checks. */
const aboutDefinitions = new Set(['correctness/crd-without-schema', 'correctness/crd-inconsistent']);
