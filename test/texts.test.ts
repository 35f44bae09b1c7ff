import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAst } from 'vitest/node';
import type { AnyRule } from '#rule';
import { rules } from '../src/rule/registry.ts';
import { ekslint, folderWith } from './e2e/ekslint.ts';
import { english, type Fault, shown } from './english.ts';

/*
 * Every text that a person sees, in one file that is read in review (test/texts.snap), and the wording rules that a
 * machine can check, including for the prose of pages and documents. `npx vitest run test/texts.test.ts -u` writes the
 * file.
 */

/**
 * Rules and sources whose texts are still to be rewritten, as prefixes of their names. Each must still have a fault.
 */
const notYet: readonly string[] = [];

/** Typical values for the holes of messages. A hole that is not here counts as three words. */
const typical: Readonly<Record<string, string>> = {
  account: 'web',
  apiVersion: 'policy/v1beta1',
  binding: 'ClusterRoleBinding "ops"',
  bound: 'requests',
  budget: 'PodDisruptionBudget "web"',
  capability: 'SYS_ADMIN',
  cidr: '0.0.0.0/0',
  cluster: 'cluster "prod"',
  compute: 'cpu',
  container: 'app',
  puller: 'Container "app"',
  count: '3',
  deprecated: '21',
  directions: 'Ingress',
  effect: 'accept traffic from any pod',
  end: '2026-12-02',
  endExtended: '2027-07-29',
  endStandard: '2026-07-29',
  env: 'DB_PASSWORD',
  extended: '0.60',
  fault: 'is not an ARN',
  field: 'awsElasticBlockStore',
  from: 'the newest EKS version',
  grace: '30',
  group: 'workers',
  groups: 'API group "core"',
  handler: 'liveness probe',
  host: '10.0.0.1',
  image: 'nginx',
  key: 'example.com/key',
  kind: 'Deployment',
  kinds: 'Secrets and kinds added later',
  labels: 'app=web',
  limit: '2',
  line: '12',
  max: '256',
  meant: 'eks.amazonaws.com/role-arn',
  name: 'web',
  namespace: 'Namespace "shop"',
  nearest: 'alb.ingress.kubernetes.io/scheme',
  other: 'payments',
  path: '/var/lib/kubelet',
  place: 'namespace "shop"',
  pods: '2 pods',
  port: '8080',
  profile: 'Unconfined',
  provisioner: 'kubernetes.io/aws-ebs',
  range: '10m..4',
  reach: 'the cluster',
  removed: '25',
  replacement: 'use policy/v1',
  replicas: '3',
  resource: 'PodDisruptionBudget "web"',
  resources: '"pods", "secrets"',
  right: 'apps/v1',
  role: 'ClusterRole "ops"',
  runs: 'runs 1 replica',
  scaler: 'HorizontalPodAutoscaler "web"',
  seconds: '30',
  service: 'Service "web"',
  since: ' (ended on 2026-03-23)',
  soon: 'in 12 days',
  standard: '0.10',
  stars: '"pods/*"',
  subject: 'Deployment "web"',
  subjects: '"Group/ops", "User/bob"',
  tag: 'latest',
  target: '36',
  title: 'Ingress "web"',
  value: '1',
  verbs: '"get", "list"',
  version: '1.33',
  volume: 'data',
  what: 'a URL with a password',
  workload: 'Deployment "web"',
  workloads: 'Deployment "web"',
};
const fill = (text: string): string =>
  text.replace(/\{(\w+)\}/g, (_, hole: string) => typical[hole] ?? 'some long value');
const wordsIn = (text: string): number => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

function faultsOf(rule: AnyRule): Fault[] {
  const { id: of, title, severity, messages, help } = rule;
  const faults: Fault[] = [];
  const demand = (text: string, ok: boolean, why: string) => {
    if (!ok) faults.push({ of, text, why });
  };
  const modal = severity === 'critical' || severity === 'high' ? 'must' : 'should';
  demand(
    title,
    new RegExp(`^\\S.* ${modal} (?:not )?\\w+`).test(title),
    `a title of severity ${severity}: <Thing> ${modal} <do>`,
  );
  demand(title, !/[.?!]$/.test(title), 'a title ends without a full stop');
  for (const [id, message] of Object.entries(messages)) {
    const text = fill(message);
    demand(text, wordsIn(text) <= 25, `${wordsIn(text)} words, at most 25`);
    demand(text, !text.endsWith('.'), 'a message ends without a full stop');
    demand(text, text.split(';').length <= 2, 'a message is one sentence');
    const advice = typeof help === 'object' ? help[id] : help;
    demand(`${id}: ${message}`, advice !== undefined, 'each message has a line of advice (help)');
    if (advice === undefined) continue;
    demand(advice, wordsIn(fill(advice)) <= 25, `${wordsIn(fill(advice))} words of advice, at most 25`);
    demand(advice, !advice.endsWith('.'), 'advice ends without a full stop');
    demand(
      advice,
      /^[^a-z]/.test(advice) && !advice.includes('`'),
      'advice begins with a capital letter; no backticks',
    );
    const missing = [...advice.matchAll(/\{(\w+)\}/g)].filter(([hole]) => !message.includes(hole));
    demand(advice, missing.length === 0, `holes that message ${id} does not fill`);
  }
  return [...faults, ...textsOf(rule).flatMap((text) => english(of, text))];
}

/** The texts of a rule that its page or a report shows. */
const textsOf = ({ title, fix, options, messages, help }: AnyRule): string[] => [
  title,
  ...(fix === undefined ? [] : [fix]),
  ...Object.values(options ?? {}).map(({ description }) => description),
  ...Object.values(messages),
  ...(typeof help === 'object' ? Object.values(help) : help === undefined ? [] : [help]),
];

/** The texts with several words in a module: errors, reasons, notes. Holes of templates are `{}`. */
function sentencesOf(file: string): string[] {
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    const { type, value, quasis, source } = node as Record<string, unknown>;
    if (type === 'ImportDeclaration' || (type === 'ExportNamedDeclaration' && source)) return;
    const text =
      type === 'Literal' && typeof value === 'string'
        ? value
        : type === 'TemplateLiteral'
          ? (quasis as { value: { cooked: string } }[]).map((part) => part.value.cooked).join('{}')
          : '';
    // Longer strings are tables.
    if (/[a-z]{2,} \S* ?[a-z{]/.test(text) && text.trim().split(/\s+/).length >= 3 && text.length <= 500)
      found.add(text.trim());
    Object.values(node).forEach(visit);
  };
  visit(parseAst(readFileSync(file, 'utf8'), { lang: 'ts' }));
  return [...found];
}

const modules = ['src', 'rules']
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`))
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && file !== 'src/rule/registry.ts')
  .sort();
const known = new Set(rules.flatMap((rule) => [...textsOf(rule), ...rule.equivalents, ...rule.sources]));
const sentences = modules.map((file) => ({ file, texts: sentencesOf(file).filter((text) => !known.has(text)) }));

/** The prose of a Markdown file: no code, tables or generated facts, with each list item and heading separate. */
const proseOf = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .replaceAll('\r\n', '\n')
    .replace(/<!-- meta -->.*?<!-- \/meta -->/s, '')
    .replace(/^```.*?^```/gms, '')
    .split(/\n\s*\n|\n(?=\s*(?:- |\d+\. |\|))/)
    .map((block) =>
      block
        .replace(/`[^`]*`/g, 'code')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((block) => block !== '' && !block.startsWith('|'));
const pages = readdirSync('rules', { recursive: true, encoding: 'utf8' })
  .map((name) => `rules/${name.replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('.md'))
  .sort();
const documents = [
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'docs/audit.md',
  'docs/github-action.md',
  'docs/frameworks.md',
];

/** Faults of prose. A sentence of a page has at most 30 words. */
const proseFaults = (file: string): Fault[] =>
  proseOf(file).flatMap((block) => [
    ...english(file, block),
    ...(pages.includes(file)
      ? block
          .split(/(?<=[.!?:;]) /)
          .filter((sentence) => wordsIn(sentence) > 30)
          .map((text) => ({ of: file, text, why: `${wordsIn(text)} words in a sentence, at most 30` }))
      : []),
  ]);

const allowed = ({ of }: Fault): boolean => notYet.some((start) => of.startsWith(start));

describe('texts', () => {
  const faults = [
    ...rules.flatMap(faultsOf),
    ...sentences.flatMap(({ file, texts }) => texts.flatMap((text) => english(file, text))),
    ...[...pages, ...documents].flatMap(proseFaults),
  ];

  test('are plain English, short, and come with advice', () => {
    expect(shown(faults.filter((fault) => !allowed(fault)))).toEqual([]);
  });
  test('notYet names only what still has an error', () => {
    expect(notYet.filter((start) => !faults.some(({ of }) => of.startsWith(start)))).toEqual([]);
  });

  test('as they were reviewed', async () => {
    const cwd = folderWith({});
    const helps = ['', 'lint', 'upgrade', 'init', 'explain', 'rules', 'completion'].map((command) => {
      const { stdout } = ekslint(cwd, [...(command === '' ? [] : [command]), '--help']);
      expect(stdout).toContain('Usage: ekslint');
      return `### ekslint ${command}\n\n${stdout.trimEnd()}\n`;
    });
    const parts = [
      '# Texts that people see\n',
      '## Rules\n',
      ...rules.map(({ id, title, severity, fix, options, messages, help }) =>
        [
          `### ${id}`,
          `${title} (${severity})`,
          ...(fix === undefined ? [] : [`fix: ${fix}`]),
          ...Object.entries(options ?? {}).map(([name, { description }]) => `option ${name}: ${description}`),
          ...Object.entries(messages).flatMap(([name, message]) => [
            `${name}: ${fill(message)}`,
            `    fix: ${fill((typeof help === 'object' ? help[name] : help) ?? '-')}`,
          ]),
          '',
        ].join('\n'),
      ),
      '## Command line\n',
      ...helps,
      '## Errors, reasons and notes\n',
      ...sentences
        .filter(({ texts }) => texts.length > 0)
        .map(
          ({ file, texts }) => `### ${file}\n${texts.map((text) => `- ${text.replaceAll('\n', '\n  ')}`).join('\n')}\n`,
        ),
    ];
    await expect(parts.join('\n')).toMatchFileSnapshot('texts.snap');
  });
});
