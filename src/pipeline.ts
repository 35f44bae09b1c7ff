import type { Config, Preset } from '#config/config.ts';
import { resolveRules } from '#config/resolve.ts';
import { conclude } from '#engine/conclude.ts';
import { run, settle } from '#engine/run.ts';
import { applyIgnores, collectIgnores } from '#engine/suppress.ts';
import { type AskedVersion, findTargets } from '#engine/target.ts';
import { inputs } from '#inputs/index.ts';
import type { Report, Severity } from '#model/finding.ts';
import { podTemplates } from '#model/resource.ts';
import { Workspace } from '#model/workspace.ts';
import type { AnyRule } from '#rule';
import { findFiles } from '#sources/files.ts';
import { narrow } from '#sources/scope.ts';
import { parseAll } from '#syntax/parse.ts';

/** What a run is asked to do; `commands/lint.ts` and `index.ts` make it from words. */
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
  /** Files and folders, as seen from `cwd`: findings elsewhere are not shown, what lies there is context. */
  readonly scope?: ReadonlySet<string> | undefined;
  readonly stdin?: { readonly name: string; readonly text: string };
}

/** The whole linter: discover and load, parse, model, index, run, settle, conclude. Reporters print what it returns. */
export async function lint(options: LintOptions): Promise<Report> {
  const { config } = options;
  const { active } = resolveRules(options.rules, config, options);
  const found = await findFiles({
    ...options,
    include: config.include,
    exclude: config.exclude,
    fileBytes: config.limits.fileBytes,
  });
  const files = options.scope === undefined ? found : narrow(found, options.cwd, options.scope);

  const kinds = new Set<string>(active.flatMap(({ rule }) => rule.kinds));
  const { trees, skipped } = await parseAll(
    files.sources,
    (kind, apiVersion) => options.only.length > 0 || kinds.has(kind) || !seldomAsked(kind, apiVersion),
    config.limits,
  );

  const readers = inputs(new Map([...podTemplates, ...Object.entries(config.podTemplates)]));
  const parts = readers.map((input) =>
    input.read(
      trees.filter((tree) => input.claims(tree)),
      files.layout,
    ),
  );
  const workspace = new Workspace(parts, trees);

  const paths = new Map(files.sources.map(({ id, path }) => [id, path]));
  const targetOf = findTargets(askedVersion(options), workspace.clusters, (id) => paths.get(id) ?? id, options.today);
  const result = run({
    rules: active,
    workspace,
    documents: trees,
    targetOf,
    today: options.today,
    sources: files.sources,
  });

  const ignores = collectIgnores(files.sources, workspace.resources, config, {
    rules: options.rules,
    active: active.map(({ rule }) => rule.id),
  });
  const findings = applyIgnores(settle(result.findings), ignores, {
    today: options.today,
    inline: options.inlineIgnores,
    strict: options.strictIgnores,
    partial: options.paths.length > 0 || options.scope !== undefined,
    undetermined: result.undetermined,
  });
  const unclaimed = trees.filter((tree) => tree.root !== undefined && !readers.some((input) => input.claims(tree)));
  return conclude({
    ...options,
    ...result,
    ...files,
    findings,
    active,
    workspace,
    trees,
    unclaimed,
    skipped,
    inputNotes: parts.flatMap((part) => part.notes),
  });
}

/** The version that the command line names, else the config. */
function askedVersion({ targetVersion, config }: LintOptions): AskedVersion | undefined {
  if (targetVersion !== undefined) return { version: targetVersion, by: '--target-version' };
  if (config.target === undefined) return undefined;
  return { version: config.target, by: `target.kubernetes in ${config.file ?? 'the config'}` };
}

/** Kinds whose documents are large and seldom looked at: they are parsed only where a rule of the run names them. */
const seldomAsked = (kind: string, apiVersion: string): boolean =>
  kind === 'CustomResourceDefinition' && apiVersion === 'apiextensions.k8s.io/v1';
