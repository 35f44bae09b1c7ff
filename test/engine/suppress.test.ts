import { describe, expect, test } from 'vitest';
import { defaultConfig, type Ignore } from '#config/config.ts';
import { collectIgnores } from '#engine/ignores.ts';
import { applyIgnores, type IgnoreOptions, ignoreRules } from '#engine/suppress.ts';
import { type Finding, qualifiedName, type SubjectName } from '#model/finding.ts';
import { Resource } from '#model/resource.ts';
import type { AnyResource } from '#model/workspace.ts';
import { loadHcl } from '#syntax/hcl.ts';
import { positionAt, type Source, span, type Tree } from '#syntax/tree.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';

const rules = [
  'images/mutable-tag',
  'images/no-digest',
  'pod-security/privileged',
  'pod-security/host-path',
  'cost/idle',
].map((id) => ({ id }));
const everyId = rules.map((rule) => rule.id);
const web: SubjectName = { kind: 'Deployment', apiVersion: 'apps/v1', namespace: 'shop', name: 'web' };

const sourceOf = (text: string, path = 'a.yaml', target = true): Source => ({ id: path, text, path, target });
const parseHcl = await loadHcl();
const treesOf = (source: Source): Tree[] =>
  source.path.endsWith('.tf') ? parseHcl(source) : splitDocuments(source).flatMap((segment) => parseYaml(segment));
const resourcesOf = (trees: readonly Tree[]): AnyResource[] =>
  trees
    .filter((tree) => tree.language === 'yaml' && typeof tree.root === 'object' && tree.root !== null)
    .map(
      (tree) =>
        new Resource({
          object: tree.root as AnyResource['object'],
          tree,
          belonging: { unit: '', bundle: '' },
          namespaced: true,
        }),
    );
/** The finding as the engine creates it: it knows the object on whose lines it is located. */
function aboutIts(resources: readonly AnyResource[], one: Finding): Finding {
  const line = one.at.start?.line ?? 0;
  const about = resources.filter(({ tree, object, subject }) => {
    const place = span(tree, object);
    return (
      place !== undefined &&
      qualifiedName(subject) === qualifiedName(one.subject) &&
      tree.source.id === one.at.source &&
      positionAt(tree.source, place[2]).line <= line &&
      positionAt(tree.source, Math.max(place[2], place[3] - 1)).line >= line
    );
  });
  return {
    ...one,
    origins: about.map((subject) => ({ subject, tree: subject.tree, object: undefined, calls: [], unread: false })),
  };
}
const finding = (rule: string, line: number, more: Partial<Finding> = {}): Finding => ({
  rule,
  severity: 'medium',
  messageId: 'bad',
  message: 'bad',
  at: { source: 'a.yaml', path: '', start: { line, column: 3 } },
  related: [],
  subject: web,
  fingerprint: '0',
  ...more,
});

interface Case {
  readonly text?: string;
  readonly path?: string;
  readonly sources?: readonly Source[];
  readonly ignores?: readonly Ignore[];
  readonly active?: readonly string[];
  readonly options?: Partial<IgnoreOptions>;
}

/** What stays visible, what is hidden by what, and the findings about ignores, as lines. */
function apply(
  findings: readonly Finding[],
  { text = '', path, sources = [sourceOf(text, path)], ignores = [], active = everyId, options = {} }: Case,
): string[] {
  const trees = sources.flatMap(treesOf);
  const resources = resourcesOf(trees);
  const collected = collectIgnores(
    sources,
    trees,
    resources,
    { ...defaultConfig, file: 'ekslint.yaml', ignores },
    { rules, active },
  );
  const told = findings.map((one) => aboutIts(resources, one));
  return applyIgnores(told, collected, { today: '2026-06-01', inline: true, sources, ...options }).map((one) => {
    const place = `${one.at.source}:${one.at.start?.line ?? 0}:${one.at.start?.column ?? 0}`;
    const hidden =
      one.hidden &&
      ` hidden by ${one.hidden.by} (${one.hidden.reason})${one.hidden.expires === undefined ? '' : ` until ${one.hidden.expires}`}`;
    return one.rule.startsWith('ekslint/')
      ? `${place} ${one.severity} ${one.rule}: ${one.message}`
      : `${place} ${one.rule}${hidden ?? ''}`;
  });
}

describe('comments', () => {
  test('the next line that is more than a comment', () => {
    const text =
      'spec:\n  # ekslint-ignore-next-line images/mutable-tag, images/no-digest -- pinned by Flux\n  # see the wiki\n\n  image: web:latest\n  other: 1\n';
    expect(
      apply(
        [
          finding('images/mutable-tag', 5),
          finding('images/no-digest', 5),
          finding('pod-security/privileged', 5),
          finding('images/mutable-tag', 6),
        ],
        { text },
      ),
    ).toEqual([
      'a.yaml:5:3 images/mutable-tag hidden by comment (pinned by Flux)',
      'a.yaml:5:3 images/no-digest hidden by comment (pinned by Flux)',
      'a.yaml:5:3 pod-security/privileged',
      'a.yaml:6:3 images/mutable-tag',
    ]);
  });
  test('the same line, with a glob and a date', () => {
    const text = 'a: 1\nprivileged: true   # ekslint-ignore pod-security/* until 2026-06-01 -- CNI agent -- really\n';
    expect(apply([finding('pod-security/privileged', 2), finding('images/mutable-tag', 2)], { text })).toEqual([
      'a.yaml:2:3 pod-security/privileged hidden by comment (CNI agent -- really) until 2026-06-01',
      'a.yaml:2:3 images/mutable-tag',
    ]);
  });
  test('the whole file, and no other', () => {
    const sources = [sourceOf('# ekslint-ignore-file images/* -- demo\na: 1\n'), sourceOf('a: 1\n', 'b.yaml')];
    expect(
      apply(
        [
          finding('images/mutable-tag', 2),
          finding('images/mutable-tag', 1, { at: { source: 'b.yaml', path: '', start: { line: 1, column: 1 } } }),
        ],
        { sources },
      ),
    ).toEqual(['a.yaml:2:3 images/mutable-tag hidden by comment (demo)', 'b.yaml:1:1 images/mutable-tag']);
  });
  test('text inside a scalar is not a comment', () => {
    const text = 'a: |\n  # ekslint-ignore-file images/* -- no\nb: "# ekslint-ignore-file images/* -- no"\n';
    expect(apply([finding('images/mutable-tag', 1)], { text })).toEqual(['a.yaml:1:3 images/mutable-tag']);
  });
  test('CRLF and a byte order mark', () => {
    const text = '\ufeff# ekslint-ignore-next-line images/mutable-tag -- why\r\nimage: x\r\n';
    expect(apply([finding('images/mutable-tag', 2)], { text })).toEqual([
      'a.yaml:2:3 images/mutable-tag hidden by comment (why)',
    ]);
  });
  test('Terraform: # and //, not in strings, heredocs and block comments', () => {
    const text = [
      'resource "a" "b" {',
      '  x = 1 // ekslint-ignore cost/idle -- one',
      '  # ekslint-ignore-next-line cost/idle -- two',
      '  // more',
      '  y = "# ekslint-ignore-file images/* -- no ${f("//")}"',
      '  z = <<-EOT',
      '    # ekslint-ignore-file images/* -- no',
      '  EOT',
      '  /* # ekslint-ignore-file images/* -- no */',
      '  w = 2 # ekslint-ignore pod-security/privileged -- three',
      '}',
    ].join('\n');
    const at = (line: number): Partial<Finding> => ({
      at: { source: 'main.tf', path: '', start: { line, column: 3 } },
    });
    expect(
      apply(
        [
          finding('cost/idle', 2, at(2)),
          finding('cost/idle', 5, at(5)),
          finding('pod-security/privileged', 10, at(10)),
          finding('images/mutable-tag', 5, at(5)),
        ],
        { text, path: 'main.tf' },
      ),
    ).toEqual([
      'main.tf:2:3 cost/idle hidden by comment (one)',
      'main.tf:5:3 cost/idle hidden by comment (two)',
      'main.tf:10:3 pod-security/privileged hidden by comment (three)',
      'main.tf:5:3 images/mutable-tag',
    ]);
  });
  test('context files are not judged', () => {
    expect(
      apply([], { sources: [sourceOf('a: 1 # ekslint-ignore images/mutable-tag -- x\n', 'a.yaml', false)] }),
    ).toEqual([]);
  });
});

describe('findings about ignores', () => {
  test('expired: the finding returns, and the last day still counts', () => {
    const text =
      'a: 1 # ekslint-ignore cost/idle until 2026-05-31 -- x\nb: 1 # ekslint-ignore cost/idle until 2026-06-01 -- x\n';
    expect(apply([finding('cost/idle', 1), finding('cost/idle', 2)], { text })).toEqual([
      'a.yaml:1:3 cost/idle',
      'a.yaml:2:3 cost/idle hidden by comment (x) until 2026-06-01',
      'a.yaml:1:6 low ekslint/expired-ignore: The ignore of cost/idle expired on 2026-05-31, so its findings are reported again',
    ]);
  });
  test('a bad date counts as expired', () => {
    for (const date of ['2026-02-30', 'soon', '2026-6-1', ''])
      expect(
        apply([finding('cost/idle', 1)], { text: `a: 1 # ekslint-ignore cost/idle until ${date} -- x\n` }),
      ).toEqual([
        'a.yaml:1:3 cost/idle',
        `a.yaml:1:6 low ekslint/expired-ignore: The ignore of cost/idle has an invalid date ("${date}"), so it counts as expired`,
      ]);
  });
  test('unused, for each rule it names', () => {
    expect(
      apply([finding('cost/idle', 1)], {
        text: 'a: 1 # ekslint-ignore cost/idle, images/mutable-tag -- x\n# ekslint-ignore cost/idle -- x\nb: 1\n',
      }),
    ).toEqual([
      'a.yaml:1:3 cost/idle hidden by comment (x)',
      'a.yaml:1:6 low ekslint/unused-ignore: The ignore of images/mutable-tag has no effect',
      'a.yaml:2:1 low ekslint/unused-ignore: The ignore of cost/idle has no effect',
    ]);
  });
  test('not unused if its rule does not run, or could not judge', () => {
    const text = 'a: 1 # ekslint-ignore cost/idle -- x\n';
    expect(apply([], { text, active: ['images/mutable-tag'] })).toEqual([]);
    const { rule, at, subject } = finding('cost/idle', 1);
    expect(apply([], { text, options: { undetermined: [{ rule, at, subject }] } })).toEqual([]);
  });
  test('no reason, and unknown rules', () => {
    expect(
      apply([finding('cost/idle', 1)], {
        text: 'a: 1 # ekslint-ignore cost/idle, cost/idel, images, zzzzzzzzz\n# ekslint-ignore-file -- all of it\n# ekslint-ignore-line cost/idle -- x\n',
      }),
    ).toEqual([
      'a.yaml:1:3 cost/idle hidden by comment ()',
      'a.yaml:1:6 low ekslint/ignore-without-reason: The ignore of cost/idle, cost/idel, images, zzzzzzzzz does not give a reason',
      'a.yaml:1:6 low ekslint/unknown-ignore-rule: No rule is called "cost/idel" (did you mean "cost/idle"?), so this ignore has no effect',
      'a.yaml:1:6 low ekslint/unknown-ignore-rule: No rule is called "images" (did you mean "images/*"?), so this ignore has no effect',
      'a.yaml:1:6 low ekslint/unknown-ignore-rule: No rule is called "zzzzzzzzz", so this ignore has no effect',
      'a.yaml:2:1 low ekslint/unknown-ignore-rule: This ignore does not name a rule, so it has no effect',
      'a.yaml:3:1 low ekslint/unknown-ignore-rule: "ekslint-ignore-line" is not a directive, so it has no effect',
    ]);
  });
  test.each([
    ['ekslint:ignore cost/idle -- x', 'ekslint:ignore'],
    ['ekslint_ignore: cost/idle', 'ekslint_ignore'],
    ['ekslint-disable-next-line cost/idle', 'ekslint-disable-next-line'],
    ['ekslint:disable-line', 'ekslint:disable-line'],
    ['ekslint-ignore_file cost/idle', 'ekslint-ignore_file'],
    ['ekslint ignores what is in this file', undefined],
    ['ekslint: ignore nothing', undefined],
    ['see ekslint:ignore', undefined],
  ])('misspelled directives: %s', (written, name) => {
    const lines = apply([], { text: `a: 1 # ${written}\n` });
    expect(lines).toEqual(
      name === undefined
        ? []
        : [`a.yaml:1:6 low ekslint/unknown-ignore-rule: "${name}" is not a directive, so it has no effect`],
    );
  });
  test('strict ignores fail at any level', () => {
    const text = 'a: 1 # ekslint-ignore cost/idle -- x\nb: 1 # ekslint-ignore cost/idle until 2020-01-01\n';
    expect(apply([], { text, options: { strict: true } }).map((line) => line.split(' ').slice(1, 3).join(' '))).toEqual(
      ['critical ekslint/unused-ignore:', 'critical ekslint/expired-ignore:', 'low ekslint/ignore-without-reason:'],
    );
    expect(apply([], { text: 'a: 1 # ekslint-ignore cots/idle -- x\n', options: { strict: true } })).toEqual([
      'a.yaml:1:6 critical ekslint/unknown-ignore-rule: No rule is called "cots/idle" (did you mean "cost/idle"?), so this ignore has no effect',
    ]);
  });
  test('reporters know every rule, and fingerprints do not depend on lines', () => {
    const marks = (text: string) =>
      applyIgnores(
        [],
        collectIgnores([sourceOf(text)], treesOf(sourceOf(text)), [], defaultConfig, { rules, active: everyId }),
        {
          today: '2026-06-01',
          inline: true,
        },
      );
    const comment = 'a: 1 # ekslint-ignore cost/idle -- x\n';
    const [one, two] = [marks(comment + comment), marks(`\n\n${comment}${comment}`)];
    expect(one.map(({ fingerprint }) => fingerprint)).toEqual(two.map(({ fingerprint }) => fingerprint));
    expect(new Set(one.map(({ fingerprint }) => fingerprint)).size).toBe(2);
    expect(one[0]?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(ignoreRules.map((rule) => rule.id)).toContain(one[0]?.rule);
  });
});

describe('annotations', () => {
  const object = (name: string, ignore: string, reason = '"log shipper"') =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: shop\n  annotations:\n    ekslint/ignore: ${ignore}\n    ekslint/ignore-reason: ${reason}\nspec: {}\n`;

  test('hide findings of their object only', () => {
    expect(
      apply(
        [
          finding('pod-security/host-path', 9),
          finding('images/mutable-tag', 9),
          finding('cost/idle', 9),
          finding('pod-security/host-path', 9, { subject: { ...web, name: 'other' } }),
        ],
        { text: object('web', '"pod-security/host-path, images/*"') },
      ),
    ).toEqual([
      'a.yaml:9:3 pod-security/host-path hidden by annotation (log shipper)',
      'a.yaml:9:3 images/mutable-tag hidden by annotation (log shipper)',
      'a.yaml:9:3 cost/idle',
      'a.yaml:9:3 pod-security/host-path',
    ]);
  });
  test('of two objects with one name, only the current one', () => {
    const text = `${object('web', 'cost/idle')}---\n${object('web', 'images/*')}`;
    expect(
      apply([finding('cost/idle', 9), finding('cost/idle', 19), finding('images/mutable-tag', 19)], { text }),
    ).toEqual([
      'a.yaml:9:3 cost/idle hidden by annotation (log shipper)',
      'a.yaml:19:3 cost/idle',
      'a.yaml:19:3 images/mutable-tag hidden by annotation (log shipper)',
    ]);
  });
  test('are judged at their location', () => {
    expect(apply([], { text: object('web', 'cost/idle, cots/idle', '""') })).toEqual([
      'a.yaml:7:5 low ekslint/ignore-without-reason: The ignore of cost/idle, cots/idle does not give a reason',
      'a.yaml:7:5 low ekslint/unknown-ignore-rule: No rule is called "cots/idle" (did you mean "cost/idle"?), so this ignore has no effect',
      'a.yaml:7:5 low ekslint/unused-ignore: The ignore of cost/idle has no effect',
    ]);
    expect(apply([], { text: object('web', '[]') })).toEqual([
      'a.yaml:7:5 low ekslint/unknown-ignore-rule: This ignore does not name a rule, so it has no effect',
    ]);
  });
  test('are off with --no-inline-ignores, like comments; config ignores stay', () => {
    const text = `${object('web', 'cost/idle')}# ekslint-ignore-file images/*\n`;
    expect(
      apply([finding('cost/idle', 9), finding('images/mutable-tag', 9)], {
        text,
        options: { inline: false },
        ignores: [{ rule: 'images/*', reason: 'config' }],
      }),
    ).toEqual(['a.yaml:9:3 cost/idle', 'a.yaml:9:3 images/mutable-tag hidden by config (config)']);
  });
});

describe('config', () => {
  const at = { source: 'ekslint.yaml', path: 'ignores[0]', start: { line: 4, column: 5 } };

  test('rule, resource and files must all match', () => {
    const ignores: Ignore[] = [
      {
        rule: 'pod-security/*',
        resource: { kind: 'Deploy*', namespace: 'shop', name: '{web,api}' },
        files: ['**/*.yaml'],
        reason: 'ours',
        expires: '2027-01-01',
        at,
      },
    ];
    const say = (more: Partial<Finding>, rule = 'pod-security/privileged') =>
      apply([finding(rule, 1, more)], { ignores, options: { partial: true } });
    expect(say({})).toEqual(['a.yaml:1:3 pod-security/privileged hidden by config (ours) until 2027-01-01']);
    for (const subject of [
      { ...web, kind: 'Job' },
      { ...web, namespace: '' },
      { ...web, name: 'web2' },
    ])
      expect(say({ subject })).toEqual(['a.yaml:1:3 pod-security/privileged']);
    expect(say({ at: { source: 'a.yml', path: '', start: { line: 1, column: 3 } } })).toEqual([
      'a.yml:1:3 pod-security/privileged',
    ]);
    expect(say({}, 'cost/idle')).toEqual(['a.yaml:1:3 cost/idle']);
  });
  test('expired and unused', () => {
    expect(
      apply([finding('cost/idle', 1)], { ignores: [{ rule: 'cost/*', reason: 'x', expires: '2026-01-01', at }] }),
    ).toEqual([
      'a.yaml:1:3 cost/idle',
      'ekslint.yaml:4:5 low ekslint/expired-ignore: The ignore of cost/* expired on 2026-01-01, so its findings are reported again',
    ]);
    const unused: Case = { ignores: [{ rule: 'cost/*', reason: 'x', at }] };
    expect(apply([], unused)).toEqual([
      'ekslint.yaml:4:5 low ekslint/unused-ignore: The ignore of cost/* has no effect',
    ]);
    expect(apply([], { ...unused, options: { partial: true } })).toEqual([]);
  });
  test('comments win over annotations over config, and all count as used', () => {
    const text =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\n  annotations: {ekslint/ignore: cost/idle, ekslint/ignore-reason: annotated}\nspec: {} # ekslint-ignore cost/idle -- commented\n';
    const ignores: Ignore[] = [{ rule: 'cost/idle', reason: 'configured' }];
    expect(apply([finding('cost/idle', 7)], { text, ignores })).toEqual([
      'a.yaml:7:3 cost/idle hidden by comment (commented)',
    ]);
    expect(apply([finding('cost/idle', 7), finding('cost/idle', 6)], { text, ignores })[1]).toBe(
      'a.yaml:6:3 cost/idle hidden by annotation (annotated)',
    );
  });
  test('a finding of the baseline stays one of the baseline', () => {
    const [one] = applyIgnores(
      [finding('cost/idle', 1, { hidden: { by: 'baseline', reason: '' } })],
      collectIgnores(
        [],
        [],
        [],
        { ...defaultConfig, ignores: [{ rule: 'cost/idle', reason: 'x' }] },
        { rules, active: everyId },
      ),
      { today: '2026-06-01', inline: true },
    );
    expect(one?.hidden?.by).toBe('baseline');
  });
});
