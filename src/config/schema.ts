import { severities } from '#model/finding.ts';
import { categories } from '#model/rule-names.ts';
import type { AnyRule } from '#rule';
import { presets } from './config.ts';

type Schema = Readonly<Record<string, unknown>>;

const strings = (description: string): Schema => ({
  description,
  type: 'array',
  items: { type: 'string', minLength: 1 },
});
const record = (
  description: string,
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
): Schema => ({
  description,
  type: 'object',
  additionalProperties: false,
  properties,
  ...(required.length > 0 ? { required } : {}),
});
const severity: Schema = { description: 'Severity of the findings, or off.', enum: ['off', ...severities] };
const globKey = '[*?{]';

/** A severity, or a map of severity and options. */
function setting(description: string, options: Readonly<Record<string, Schema>> = {}): Schema {
  return {
    description,
    anyOf: [
      { $ref: '#/definitions/severity' },
      record('Severity and options.', { severity: { $ref: '#/definitions/severity' }, ...options }),
    ],
  };
}

/** An id whose category is not built in. */
const ownKey = `^(?!(?:${categories.join('|')})/)[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$`;
/** The id of a rule that the config defines. */
const customId = '^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$';
const demand = (description: string): Schema => ({
  description,
  type: 'string',
  minLength: 1,
  maxLength: 2000,
  examples: ['metadata.labels["acme.io/owner"]', 'object.spec.replicas >= 2'],
});

/** Options of a rule without `patterns`, a keyword that JSON Schema does not have. */
const optionsOf = ({ options = {} }: Pick<AnyRule, 'options'>): Readonly<Record<string, Schema>> =>
  Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      Object.fromEntries(Object.entries(option).filter(([key]) => key !== 'patterns')),
    ]),
  );

/**
 * JSON Schema (draft-07) of `ekslint.yaml` with the ids, severities and options of these rules: editors use it for
 * completion, and ajv for validation.
 */
export function configSchema(
  rules: readonly Pick<AnyRule, 'id' | 'title' | 'severity' | 'preset' | 'options'>[],
  /** Whether `rules` holds the ids of all the user's rules; an editor cannot know them. */
  isWhole = false,
): Schema {
  const ofRules: Schema = {
    description: 'Severity and options of rules, by rule ID or glob. Later entries win.',
    type: 'object',
    properties: Object.fromEntries(
      rules.map((rule) => [
        rule.id,
        setting(`${rule.title}. Severity: ${rule.severity}. Preset: ${rule.preset}.`, optionsOf(rule)),
      ]),
    ),
    patternProperties: {
      [globKey]: setting('Severity of every rule that matches the glob.'),
      ...(isWhole ? {} : { [ownKey]: setting('Severity of a rule of `customRules` or of a plugin.') }),
    },
    additionalProperties: false,
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'ekslint configuration',
    definitions: { severity, rules: ofRules },
    ...record('Configuration of ekslint. It is data only: nothing in it is executed.', {
      version: { description: 'Version of this format.', const: 1 },
      extends: {
        description:
          'A preset, or other configuration files of the same repository (./shared.yaml). Later entries win, this file wins over all of them.',
        anyOf: [
          { type: 'string', examples: presets },
          { type: 'array', items: { type: 'string', examples: presets } },
        ],
      },
      target: record('What files are judged against if no cluster is known.', {
        kubernetes: {
          description: 'Kubernetes version.',
          type: 'string',
          pattern: '^1\\.[0-9]+$',
          examples: ['1.33'],
        },
      }),
      include: strings('Globs of the files to lint.'),
      exclude: strings('Globs of files to skip.'),
      rules: { $ref: '#/definitions/rules' },
      overrides: {
        description: 'Settings for some files or namespaces. Later entries win.',
        type: 'array',
        items: record(
          'Settings for the files and namespaces it names.',
          {
            files: strings('Globs of files.'),
            namespaces: strings('Globs of Kubernetes namespaces.'),
            rules: { $ref: '#/definitions/rules' },
          },
          ['rules'],
        ),
      },
      ignores: {
        description: 'Findings to hide, for objects you do not own.',
        type: 'array',
        items: record(
          'One accepted finding.',
          {
            rule: { description: 'Rule ID or glob.', type: 'string', minLength: 1 },
            resource: record('Globs that the resource of the finding must match.', {
              kind: { type: 'string' },
              namespace: { type: 'string' },
              name: { type: 'string' },
            }),
            files: strings('Globs that the file of the finding must match.'),
            reason: { description: 'Why this is fine here.', type: 'string', minLength: 1, pattern: '\\S' },
            expires: { description: 'Last day on which it applies, as YYYY-MM-DD.', type: 'string' },
            owner: { description: 'Who decided it.', type: 'string' },
          },
          ['rule', 'reason'],
        ),
      },
      failOn: { description: 'Lowest severity that makes the run fail.', enum: [...severities, 'never'] },
      limits: record('Limits that protect against hostile input.', {
        fileBytes: {
          description: 'Largest file that is read.',
          anyOf: [
            { type: 'integer', minimum: 1 },
            { type: 'string', pattern: '^[0-9]{1,12}(\\.[0-9]{1,3})? ?([KMG]i?)?B$' },
          ],
          examples: ['5MB'],
        },
        depth: { description: 'Deepest nesting of a document.', type: 'integer', minimum: 1, maximum: 200 },
        aliases: { description: 'Thousands of nodes that aliases may add to a document.', type: 'integer', minimum: 0 },
      }),
      podTemplates: {
        description: 'Custom kinds with a pod template, and the path to it.',
        type: 'object',
        additionalProperties: { type: 'array', items: { type: 'string', minLength: 1 } },
        examples: [{ SparkJob: ['spec', 'driver', 'template'] }],
      },
      audit: record('Defaults for `ekslint audit`.', {
        clusters: {
          description: 'Clusters to audit by default.',
          type: 'array',
          items: record(
            'One cluster.',
            {
              name: { description: 'Its name.', type: 'string', minLength: 1 },
              region: { description: 'Its AWS region.', type: 'string', minLength: 1 },
              account: {
                description: 'The AWS account that it must be in, as 12 digits in quotes; otherwise the audit stops.',
                type: 'string',
                pattern: '^[0-9]{12}$',
              },
            },
            ['name'],
          ),
        },
        excludeNamespaces: strings('Namespaces to skip.'),
      }),
      plugins: {
        description:
          'Folders with rules as code (<category>/<slug>.js or .ts), loaded only with --allow-plugins. See CONTRIBUTING.md of ekslint for what a rule is.',
        anyOf: [
          { type: 'string', minLength: 1 },
          { type: 'array', items: { type: 'string', minLength: 1 } },
        ],
        examples: ['./ekslint-rules'],
      },
      customRules: {
        description: 'Custom rules for Kubernetes objects.',
        type: 'array',
        items: record(
          'One rule. It needs `require`, `forbid` or both.',
          {
            id: {
              description: 'Its name, as <category>/<slug>.',
              type: 'string',
              pattern: customId,
              examples: ['acme/owner-label'],
            },
            severity: { description: 'Severity of its findings (default: medium).', enum: severities },
            kinds: {
              description:
                'Kinds that it judges: Deployment, Widget.example.com, Workload (all with a pod template), Resource (all).',
              type: 'array',
              minItems: 1,
              items: { type: 'string', minLength: 1 },
            },
            require: demand('What must exist (a path) or be true (a CEL expression).'),
            forbid: demand('What must not exist (a path) or not be true (a CEL expression).'),
            message: {
              description: 'Message of the finding.',
              type: 'string',
              minLength: 1,
              maxLength: 500,
              pattern: '\\S',
            },
            help: { description: 'The change to make, in one line.', type: 'string', minLength: 1, maxLength: 500 },
          },
          ['id', 'kinds', 'message'],
        ),
      },
      baseline: {
        description: 'File with known findings to hide; create it with --update-baseline.',
        type: 'string',
        minLength: 1,
        examples: ['ekslint-baseline.json'],
      },
    }),
  };
}
