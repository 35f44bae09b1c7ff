import type { Config, Preset } from '#config/config.ts';
import { resolveRules } from '#config/resolve.ts';
import { UserError } from '#errors.ts';
import { run, settle } from '#engine/run.ts';
import { applyIgnores, collectIgnores } from '#engine/suppress.ts';
import { findTarget } from '#engine/target.ts';
import { inputs } from '#inputs/index.ts';
import { type Note, type Report, rank, type Severity } from '#model/finding.ts';
import { podTemplates } from '#model/resource.ts';
import { Workspace } from '#model/workspace.ts';
import type { AnyRule } from '#rule';
import { findFiles } from '#sources/files.ts';
import { parseAll } from '#syntax/parse.ts';
import { locationAt } from '#syntax/tree.ts';
import { version } from './version.ts';

/** What a run is asked to do; `cli.ts` and `index.ts` make it from words. */
export interface LintOptions {
  readonly cwd: string;
  readonly paths: readonly string[];
  readonly config: Config;
  readonly configFolder: string | undefined;
  readonly rules: readonly AnyRule[];
  readonly preset: Preset | undefined;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly targetVersion: string | undefined;
  readonly failOn: Severity | 'never';
  readonly allowIncomplete: boolean;
  readonly allowEmpty: boolean;
  readonly inlineIgnores: boolean;
  readonly strictIgnores: boolean;
  readonly today: string;
  readonly stdin?: { readonly name: string; readonly text: string };
}

/** The whole linter: discover and load, parse, model, index, run, settle. Reporters print what it returns. */
export async function lint(options: LintOptions): Promise<Report> {
  const { config } = options;
  const resolved = resolveRules(options.rules, config, options);
  const active = resolved.active;

  const { sources, layout, notes, folder } = await findFiles({ ...options, include: config.include, exclude: config.exclude, fileBytes: config.limits.fileBytes });
  const everything = options.only.length > 0;
  const asked = new Set(active.flatMap(({ rule }) => rule.kinds as readonly string[]));
  const { trees, skipped } = await parseAll(sources, (kind, apiVersion) => everything || asked.has(kind) || !unasked(kind, apiVersion));

  const templates = new Map([...podTemplates, ...Object.entries(config.podTemplates)]);
  const parts = inputs(templates).map((input) => input.read(trees.filter((tree) => input.claims(tree)), layout));
  const workspace = new Workspace(parts.flatMap((part) => part.resources), parts.flatMap((part) => part.clusters));

  const targets = new Set(sources.filter((source) => source.target).map((source) => source.id));
  const target = findTarget(options.targetVersion ?? config.target, workspace.clusters);
  const result = run({ rules: active, workspace, documents: trees, target, today: options.today, targets });

  const ignores = collectIgnores(sources, workspace.resources, config, { rules: options.rules, active: active.map(({ rule }) => rule.id) });
  const findings = applyIgnores(settle(result.findings), ignores, { today: options.today, inline: options.inlineIgnores, strict: options.strictIgnores });

  const allNotes: Note[] = [...notes, ...parts.flatMap((part) => part.notes).filter((note) => !note.at || targets.has(note.at.source)), ...brokenDocuments(trees, targets, active)];
  if (skipped > 0) allNotes.push({ kind: 'skipped', message: 'CustomResourceDefinitions not read: no rule of this run looks at them', count: skipped });
  const objects = workspace.resources.filter((resource) => targets.has(resource.tree.source.id)).length;
  const clusters = workspace.clusters.filter((cluster) => targets.has(cluster.at.source)).length;
  const complete = result.crashes.length === 0 && allNotes.every((note) => note.kind !== 'incomplete' && note.kind !== 'problem');
  const judged = objects + clusters > 0 || findings.length > 0 || skipped > 0 || options.allowEmpty;
  if (!judged && targets.size === 0) throw new UserError('no files matched', { hint: 'Name files or folders, or pass --allow-empty if that is as it should be.' });

  const failing = findings.some((one) => !one.hidden && options.failOn !== 'never' && rank(one.severity) <= rank(options.failOn));
  const exitCode = result.crashes.length > 0 || !judged ? 2 : failing ? 1 : complete || options.allowIncomplete ? 0 : 3;
  if (!judged) allNotes.push({ kind: 'incomplete', message: 'nothing was judged: no Kubernetes, eksctl, CloudFormation or Terraform description of a cluster among the files' });
  return {
    command: 'lint', version, folder, findings, undetermined: result.undetermined, notes: allNotes, crashes: result.crashes, config: config.file, complete, exitCode,
    rules: active.map(({ rule, severity }) => ({ id: rule.id, title: rule.title, category: rule.id.slice(0, rule.id.indexOf('/')), severity, preset: rule.preset, equivalents: rule.equivalents, sources: rule.sources })),
    checked: { files: targets.size, objects, clusters, rules: active.length },
  };
}

/** Kinds whose documents are large and seldom looked at: they are parsed only where a rule of the run names them. */
const unasked = (kind: string, apiVersion: string): boolean => kind === 'CustomResourceDefinition' && apiVersion === 'apiextensions.k8s.io/v1';

/** A document that could not be read must be said even when the rule that reports it is off. */
function brokenDocuments(trees: Awaited<ReturnType<typeof parseAll>>['trees'], targets: ReadonlySet<string>, active: readonly { readonly rule: AnyRule }[]): Note[] {
  if (active.some(({ rule }) => rule.id === 'correctness/yaml-syntax')) return [];
  return trees.filter((tree) => targets.has(tree.source.id)).flatMap((tree) => tree.faults.filter((fault) => fault.code !== 'duplicate-key').map((fault): Note => ({
    kind: 'problem', message: fault.message, at: locationAt(tree.source, fault.start, fault.end) })));
}
