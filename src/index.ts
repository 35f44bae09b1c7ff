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
  readonly cwd?: string;
  /** Paths or globs; empty or absent means the whole workspace. */
  readonly paths?: readonly string[];
  readonly preset?: Preset;
  /** A config file, or false for none; absent means the nearest one. */
  readonly config?: string | false;
  /** A commit, branch or tag from which config and baseline are read. Starts git. */
  readonly configFrom?: string;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly targetVersion?: string;
  readonly failOn?: Severity | 'never';
  readonly allowIncomplete?: boolean;
  readonly allowEmpty?: boolean;
  /** Starts git. */
  readonly newSince?: string;
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
