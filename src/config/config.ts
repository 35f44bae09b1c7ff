import type { Severity } from '#model/finding.ts';
import { frameworkNames } from '#model/frameworks.ts';
import type { AnyRule } from '#rule';
import type { Location } from '#syntax/tree.ts';

export const presets = ['recommended', 'strict', 'all', 'none', ...frameworkNames] as const;
export type Preset = (typeof presets)[number];

/** Names of config files, in the order in which they are looked for. */
export const configNames = ['ekslint.yaml', 'ekslint.yml', 'ekslint.json', '.ekslint.yaml'] as const;

/** How a rule is set: off, on with its default severity, or on with another; and its options. */
export interface RuleSetting {
  readonly severity?: Severity | 'off';
  readonly options?: Readonly<Record<string, unknown>>;
}

/** A finding that someone decided to accept. */
export interface Ignore {
  readonly rule: string;
  readonly files?: readonly string[];
  readonly resource?: { readonly kind?: string; readonly namespace?: string; readonly name?: string };
  readonly reason: string;
  /** YYYY-MM-DD: the last day on which it applies. */
  readonly expires?: string;
  readonly owner?: string;
  /** Where it is written. */
  readonly at?: Location;
}

/** Settings for some files or namespaces; later entries win. */
export interface Override {
  readonly files?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly rules: Readonly<Record<string, RuleSetting>>;
}

/** A cluster that the config names. */
export interface AuditTarget {
  readonly name: string;
  readonly region?: string;
  /** The account that it must belong to. */
  readonly account?: string;
}

/**
 * `ekslint.yaml`, validated and with `extends` resolved. Keys of `rules` are rule ids or globs over them, in the order
 * of the file.
 */
export interface Config {
  /** Path of the file, relative to the working directory; undefined if there is none. */
  readonly file: string | undefined;
  readonly preset: Preset;
  readonly target: string | undefined;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly rules: Readonly<Record<string, RuleSetting>>;
  readonly overrides: readonly Override[];
  readonly ignores: readonly Ignore[];
  readonly failOn: Severity | 'never' | undefined;
  readonly limits: { readonly fileBytes: number; readonly depth?: number; readonly aliases?: number };
  /** Custom kinds that contain a pod template, and the path to it. */
  readonly podTemplates: Readonly<Record<string, readonly string[]>>;
  /** Settings of an audit for which the command line gives no value. */
  readonly audit: {
    readonly clusters: readonly AuditTarget[];
    readonly excludeNamespaces: readonly string[];
  };
  /** Rules that the config defines. */
  readonly customRules: readonly AnyRule[];
  /** The file of known findings, as an absolute path. */
  readonly baseline: string | undefined;
}

export const defaultConfig: Config = {
  file: undefined,
  preset: 'recommended',
  target: undefined,
  include: [],
  exclude: [],
  rules: {},
  overrides: [],
  ignores: [],
  failOn: undefined,
  limits: { fileBytes: 5_000_000 },
  podTemplates: {},
  audit: { clusters: [], excludeNamespaces: [] },
  customRules: [],
  baseline: undefined,
};
