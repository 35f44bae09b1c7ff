import { run, type RunResult, settle } from '#engine/run.ts';
import { findTargets } from '#engine/target.ts';
import { readInputs } from '#inputs/index.ts';
import { readContext } from '#inputs/kubernetes/live.ts';
import { podTemplates } from '#model/pod-templates.ts';
import { Schemas } from '#model/schema.ts';
import { InstanceTypes } from '#model/instance-types.ts';
import { Workspace } from '#model/workspace.ts';
import type { AnyRule } from '#rule';
import { readSchema } from '#sources/schemas.ts';
import { folderOf } from '#sources/layout.ts';
import { parseAll } from '#syntax/parse.ts';
import type { Source, Tree } from '#syntax/tree.ts';
import type { Json } from './sample-objects.ts';
import { snapshotOf } from './snapshot-of.ts';

/** The date on which tests judge. */
export const today = '2026-11-21';

/** Options with their defaults. */
export const withDefaults = (
  rule: AnyRule,
  options: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> => ({
  ...Object.fromEntries(Object.entries(rule.options ?? {}).map(([name, schema]) => [name, schema.default])),
  ...options,
});

/** Runs rules over texts as one workspace, through every stage but the disk. */
export async function lintTexts(
  files: Readonly<Record<string, string>>,
  rules: readonly AnyRule[],
  settings: {
    options?: Readonly<Record<string, unknown>>;
    target?: string | undefined;
    targets?: readonly string[];
    /** Objects of the cluster that the texts are judged against. */
    cluster?: readonly Json[];
  } = {},
): Promise<RunResult & { workspace: Workspace; sources: readonly Source[]; trees: readonly Tree[] }> {
  const sources = Object.entries(files).map(([id, text]): Source => ({
    id,
    path: id,
    text,
    target: settings.targets?.includes(id) ?? true,
  }));
  const { trees, unread } = await parseAll(sources, () => true);
  const layout = {
    broken: unread,
    files: new Set(sources.map(({ path }) => path)),
    charts: new Set(sources.filter(({ path }) => path.endsWith('Chart.yaml')).map(({ path }) => folderOf(path))),
    kustomizations: new Set(
      sources.filter(({ path }) => path.endsWith('kustomization.yaml')).map(({ path }) => folderOf(path)),
    ),
  };
  const read = await readInputs(trees, podTemplates, layout);
  const context = settings.cluster ? await readContext(snapshotOf(settings.cluster), podTemplates) : undefined;
  const parts = [...read.parts, ...(context?.parts ?? [])];
  const workspace = new Workspace(parts, trees, {
    schemas: new Schemas(readSchema),
    instanceTypes: new InstanceTypes(readSchema),
  });
  const result = run({
    rules: rules.map((rule) => ({
      rule,
      settingFor: () => ({ severity: rule.severity, options: withDefaults(rule, settings.options) }),
    })),
    workspace,
    documents: trees,
    today,
    calls: new Map(parts.flatMap((part) => [...(part.calls ?? [])])),
    variants: new Map(parts.flatMap((part) => [...(part.variants ?? [])])),
    targetOf: findTargets(
      settings.target === undefined ? undefined : { version: settings.target, by: 'the config' },
      workspace.clusters,
      (id) => id,
      today,
    ),
    sources,
  });
  return { ...result, findings: settle(result.findings), workspace, sources, trees };
}
