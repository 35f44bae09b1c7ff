import { resolve } from 'node:path';
import type { Preset } from '#config/config.ts';
import type { Severity } from '#model/finding.ts';
import { type JsonReport, toJson } from '#reporters/json.ts';
import { findAndLoadConfig, findToday, loadBaseline } from '#commands/lint.ts';
import { lint as run } from '#pipeline.ts';

export { UserError } from '#errors.ts';
export type { JsonReport } from '#reporters/json.ts';

/** Options of `lint`; each field means the same as the flag with that name. */
export interface LintRequest {
  /** The folder that relative paths start from; absent means the working directory of the process. */
  readonly cwd?: string;
  /** Paths or globs; empty or absent means the whole workspace. */
  readonly paths?: readonly string[];
  readonly preset?: Preset;
  /** A config file, or false for none; absent means the nearest one. */
  readonly config?: string | false;
  /** A commit, branch or tag from which config and baseline are read. Starts git. */
  readonly configFrom?: string;
  /** Run only these rules: IDs, categories or globs, e.g. `iam/*`. */
  readonly only?: readonly string[];
  /** Run all rules except these. */
  readonly skip?: readonly string[];
  /** The Kubernetes version to judge for, e.g. `1.34`. */
  readonly targetVersion?: string;
  /** The lowest severity that makes the run fail; absent means that of the config, otherwise `medium`. */
  readonly failOn?: Severity | 'never';
  /** Exit code 0 or 1 even if something could not be judged. */
  readonly allowIncomplete?: boolean;
  /** Succeed even if no file matches. */
  readonly allowEmpty?: boolean;
  /** Report only findings that are new since HEAD diverged from this branch, tag or commit. Starts git. */
  readonly newSince?: string;
  /** A baseline file; absent means that of the config. The report marks findings in it as ignored by the baseline. */
  readonly baseline?: string;
}

/**
 * Lints files and returns the object that `--format json` prints. Never prints, never exits, never changes `process`;
 * two calls do not influence each other.
 * @throws UserError if the command line would exit with code 2 before linting.
 */
export async function lint(request: LintRequest = {}): Promise<JsonReport> {
  const cwd = resolve(request.cwd ?? '.');
  const found = await findAndLoadConfig(cwd, request.config, request.configFrom);
  const { config, configFolder } = found;
  return toJson(
    await run({
      cwd,
      paths: request.paths ?? [],
      config,
      configFolder,
      configNotes: found.unused(),
      rules: found.rules,
      preset: request.preset,
      only: request.only ?? [],
      skip: request.skip ?? [],
      targetVersion: request.targetVersion,
      failOn: request.failOn ?? config.failOn ?? 'medium',
      allowIncomplete: request.allowIncomplete === true,
      allowEmpty: request.allowEmpty === true,
      inlineIgnores: true,
      strictIgnores: false,
      today: findToday(),
      newSince: request.newSince,
      baseline: loadBaseline(cwd, found, request),
    }),
  );
}
