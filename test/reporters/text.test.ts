import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import type { Finding } from '#model/finding.ts';
import { hiddenBy } from '#model/hidden.ts';
import text from '#reporters/text.ts';
import { at, commandsIn, finding, hostileReport, options, report, unseenIn, withoutColours } from './sample.ts';

const color = new Chalk({ level: 1 });

const edit = {
  source: 'clusters/prod.yaml',
  start: 0,
  end: 1,
  text: 'x',
  from: { line: 1, column: 1 },
  to: { line: 1, column: 2 },
  judged: '',
};
const sample: readonly Finding[] = [
  finding({
    rule: 'cluster/public-endpoint-open',
    message: 'API endpoint of "prod" is open to 0.0.0.0/0',
    at: at('clusters/prod.yaml', 12, 3),
  }),
  finding({
    rule: 'nodes/imdsv2-optional',
    severity: 'medium',
    message: 'Node group "ng-1" lets pods reach IMDSv1',
    at: at('clusters/prod.yaml', 131, 5),
    fix: { safe: true, edits: [edit] },
  }),
  finding({ related: [at('clusters/prod.yaml', 58, 1)] }),
  finding({
    rule: 'reliability/no-pdb',
    severity: 'low',
    message: 'Deployment "web" (3 replicas) has no PodDisruptionBudget',
    at: at('deploy/web.yaml', 40, 9),
  }),
  finding({ hidden: { by: 'comment', reason: 'CNI agent', expires: '2027-03-01' } }),
  finding({ hidden: { by: 'baseline', reason: '' } }),
];

describe('text', () => {
  it('groups by file, aligns, marks fixes, and counts at the end', () => {
    expect(
      text.format(
        report({
          findings: sample,
          exitCode: 1,
          notes: [{ kind: 'unrendered', message: 'Helm charts not rendered', count: 2 }],
        }),
        options,
      ),
    ).toMatchInlineSnapshot(`
      "clusters/prod.yaml
         12:3   high    cluster/public-endpoint-open  API endpoint of "prod" is open to 0.0.0.0/0
        131:5   medium  nodes/imdsv2-optional         Node group "ng-1" lets pods reach IMDSv1 (--fix)

      deploy/web.yaml
         24:11  high    iam/irsa-and-pod-identity     ServiceAccount "web" has an IRSA role and a Pod Identity association
                                                      also: clusters/prod.yaml:58
         40:9   low     reliability/no-pdb            Deployment "web" (3 replicas) has no PodDisruptionBudget

      4 findings (2 high, 1 medium, 1 low) · 1 fixable with --fix · 1 ignored (next expires 2027-03-01) · 1 in the baseline
      Judged 61 objects in 18 files with 143 rules
      note: Helm charts not rendered (2)
      "
    `);
  });

  it('is short if there is nothing to report', () => {
    expect(text.format(report({ checked: { files: 1, objects: 1, clusters: 0, rules: 1 } }), options)).toBe(
      'No findings\nJudged 1 object in 1 file with 1 rule\n',
    );
  });

  it('says for each cluster what hides how many rules, and once if it hides the same', () => {
    const hidden = (name: string, rule: string, cluster?: string) => ({
      rule,
      why: hiddenBy(name),
      subject: { kind: 'cluster', namespace: '', name: 'shop' },
      at: at('main.tf', 1, 1),
      ...(cluster === undefined ? {} : { cluster }),
    });
    const told = text.format(
      report({
        undetermined: [
          hidden('var.release', 'upgrades/a', 'shop'),
          hidden('var.release', 'upgrades/b', 'shop'),
          hidden('var.release', 'upgrades/a', 'test'),
          hidden('var.release', 'upgrades/a', 'lab'),
          hidden('data.aws_ami.x.id', 'nodes/a'),
        ],
      }),
      options,
    );
    expect(told.slice(told.indexOf('NOT JUDGED'))).toMatchInlineSnapshot(`
      "NOT JUDGED: 3 of 143 rules (5 answers depend on 3 unknowns)
        2  var.release hides 1 rule about 2 clusters: add a tfvars file or lint a plan  upgrades/a
        2  var.release hides 2 rules about cluster "shop": add a tfvars file or lint a plan  upgrades/a, upgrades/b
        1  data.aws_ami.x.id hides 1 rule: lint a plan  nodes/a
      "
    `);
  });
  it('says what was not judged, what is incomplete and what crashed', () => {
    const subject = { kind: 'Deployment', namespace: 'shop', name: 'web' };
    const whys = [
      'var.a is unknown',
      'var.a is unknown',
      ...['b', 'c', 'd', 'e', 'f', 'g'].map((name) => `var.${name} is unknown`),
    ];
    expect(
      text.format(
        report({
          complete: false,
          exitCode: 2,
          undetermined: whys.map((why, index) => ({
            rule: `iam/rule-${index}`,
            why,
            subject,
            at: at('main.tf', 1, 1),
          })),
          notes: [
            {
              kind: 'skipped',
              message: 'remote kustomize base not read: https://example.com',
              at: at('k/kustomization.yaml', 3, 5),
            },
            { kind: 'incomplete', message: 'not read: too large', at: { source: 'big.yaml', path: '' } },
          ],
          crashes: [{ rule: 'iam/x', subject, at: at('deploy/web.yaml', 3, 1), error: new Error('boom\nat x') }],
        }),
        options,
      ),
    ).toMatchInlineSnapshot(`
      "No findings in what could be judged
      Judged 61 objects in 18 files with 143 rules
      incomplete: big.yaml: not read: too large
      note: k/kustomization.yaml:3: remote kustomize base not read: https://example.com
      NOT JUDGED: 8 of 143 rules (8 answers depend on 7 unknowns)
        2  var.a is unknown  iam/rule-0, iam/rule-1
        1  var.b is unknown  iam/rule-2
        1  var.c is unknown  iam/rule-3
        1  var.d is unknown  iam/rule-4
        1  var.e is unknown  iam/rule-5
        and 2 more reasons
      rule iam/x crashed on Deployment/shop/web (deploy/web.yaml:3): boom\\nat x; please report: https://github.com/ekslint/ekslint/issues
      The result is incomplete: not everything that was asked for could be judged.
      "
    `);
  });

  it('reports a repeated thing once per file, with its locations', () => {
    const findings = Array.from({ length: 13 }, (_, index) =>
      finding({ message: 'Container has no limit', at: at('a.yaml', index + 1, 1) }),
    );
    expect(text.format(report({ findings }), options)).toMatchInlineSnapshot(`
      "a.yaml
        1:1  high  iam/irsa-and-pod-identity  Container has no limit ×13
                                              also: lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more

      13 findings (13 high)
      Judged 61 objects in 18 files with 143 rules
      "
    `);
  });

  it('shows only the line if a related location is in the same file', () => {
    const findings = [
      finding({
        related: [
          at('deploy/web.yaml', 58, 1),
          at('deploy/web.yaml', 7, 1),
          at('deploy/api.yaml', 3, 1),
          at('deploy/web.yaml', 24, 1),
        ],
      }),
      finding({
        at: at('x.yaml', 1, 1),
        subject: { kind: 'ServiceAccount', namespace: 'shop', name: 'other' },
        related: [at('x.yaml', 58, 1)],
      }),
    ];
    expect(
      text
        .format(report({ findings }), options)
        .split('\n')
        .filter((line) => line.includes('also:'))
        .map((line) => line.trim()),
    ).toEqual(['also: lines 7, 58', 'also: deploy/api.yaml:3', 'also: line 58']);
  });

  it('counts clusters in addition to objects', () => {
    const judged = (objects: number, clusters: number) =>
      text.format(report({ checked: { files: 9, objects, clusters, rules: 61 } }), options).split('\n')[1];
    expect(judged(9, 2)).toBe('Judged 9 objects and 2 clusters in 9 files with 61 rules');
    expect(judged(0, 1)).toBe('Judged 1 cluster in 9 files with 61 rules');
    expect(judged(0, 0)).toBe('Judged 0 objects in 9 files with 61 rules');
  });

  it('wraps messages at the width of a terminal, and only there', () => {
    const says = 'Anyone on the internet can reach the API server, so one leaked credential is enough';
    const findings = [
      finding({
        rule: 'cluster/open',
        message: says,
        fix: { safe: true, edits: [edit] },
        related: [at('a.yaml', 1, 1)],
      }),
    ];
    const shown = (width: number | undefined, over = {}) =>
      text
        .format(report({ findings }), { ...options, width, ...over })
        .split('\n')
        .slice(1, 6);
    expect(shown(90)).toEqual([
      '  24:11  high  cluster/open  Anyone on the internet can reach the API server, so one',
      '                             leaked credential is enough (--fix)',
      '                             also: a.yaml:1',
      '',
      '1 finding (1 high) · 1 fixable with --fix',
    ]);
    expect(shown(72)).toEqual([
      '  24:11  high  cluster/open',
      '         Anyone on the internet can reach the API server, so one leaked',
      '         credential is enough (--fix)',
      '         also: a.yaml:1',
      '',
    ]);
    expect(shown(60)).toEqual([
      '  24:11  high  cluster/open',
      '         Anyone on the internet can reach the API server, so',
      '         one leaked credential is enough (--fix)',
      '         also: a.yaml:1',
      '',
    ]);
    expect(shown(undefined)[0]).toBe(`  24:11  high  cluster/open  ${says} (--fix)`);
    expect(shown(72, { color }).map(withoutColours)).toEqual(shown(72));
  });

  it('cuts the least severe, and names the worst files', () => {
    const findings = ['a', 'b', 'c', 'd', 'e'].map((name, index) =>
      finding({
        at: at(`${name}.yaml`, 1, 1),
        messageId: name,
        message: name,
        severity: index === 4 ? 'critical' : 'low',
      }),
    );
    const lines = text.format(report({ findings }), { ...options, maxFindings: 2 }).split('\n');
    expect(lines.filter((line) => line.endsWith('.yaml'))).toEqual(['a.yaml', 'e.yaml']);
    expect(lines).toContain('… 3 more lines not shown (--max-findings)');
    expect(lines).toContain('5 findings (1 critical, 4 low)');
    const worst = lines.indexOf('Worst of 5 files:');
    expect(lines.slice(worst + 1, worst + 4)).toEqual(['  e.yaml: 1 critical', '  a.yaml: 1 low', '  b.yaml: 1 low']);
  });

  const onContainer = (name: string, part: string, over: Partial<Finding> = {}): Finding =>
    finding({
      rule: `reliability/${part.replace(' ', '-')}-missing`,
      messageId: 'absent',
      severity: 'medium',
      message: `Container "${name}" has no ${part}`,
      help: `set the ${part}`,
      fold: { message: `Container "${name}" has no {parts}`, part, help: 'set what is missing' },
      subject: { kind: 'Deployment', apiVersion: 'apps/v1', namespace: 'shop', name },
      at: at(`${name}.yaml`, 9, 5),
      fingerprint: `${name} ${part}`,
      ...over,
    });
  const lacking = (name: string): Finding[] => ['CPU request', 'memory limit'].map((part) => onContainer(name, part));

  it('reports a family at one location in one line, with the worst rule and the other ones', () => {
    const findings = [...lacking('web'), onContainer('web', 'memory request', { severity: 'high' })];
    expect(text.format(report({ findings }), options)).toMatchInlineSnapshot(`
      "web.yaml
        9:5  high  reliability/memory-request-missing  Container "web" has no CPU request, memory limit or memory request (with CPU-request-missing, memory-limit-missing)
                                                       fix: set what is missing

      3 findings (1 high, 2 medium)
      Judged 61 objects in 18 files with 143 rules
      "
    `);
    // Another container, and ignored findings, get their own lines.
    const apart = [
      ...lacking('web'),
      onContainer('web', 'memory request', { at: at('web.yaml', 19, 5) }),
      onContainer('web', 'memory use', { hidden: { by: 'comment', reason: 'x' } }),
    ];
    const shown = text.format(report({ findings: apart }), { ...options, showIgnored: true });
    expect(shown.split('\n').filter((line) => line.includes('Container'))).toHaveLength(3);
    expect(text.format(report({ findings }), { ...options, summary: true }).split('\n')[0]).toBe(
      '  1  high  reliability/memory-request-missing  in 1 file, with CPU-request-missing, memory-limit-missing',
    );
  });

  it('shows a message three times, the worst and fullest first, and counts the others', () => {
    const findings = [
      ...['a', 'b', 'c', 'd', 'e'].flatMap((name) => [onContainer(name, 'CPU request')]),
      onContainer('f', 'CPU request', { severity: 'critical' }),
      ...['g', 'h', 'i', 'j'].flatMap(lacking),
    ];
    const lines = text.format(report({ findings }), options).split('\n');
    expect(lines.filter((line) => /^[a-z]\.yaml$/.test(line))).toEqual(
      ['a', 'b', 'f', 'g', 'h', 'i'].map((name) => `${name}.yaml`),
    );
    expect(lines.filter((line) => line.includes('--all')).map((line) => line.trim())).toEqual([
      'and 3 more in 3 files (--all shows them)',
      'and 1 more in 1 file (--all shows them)',
    ]);
    expect(lines[lines.indexOf('f.yaml') + 3]).toContain('and 3 more');
    expect(lines).toContain('14 findings (1 critical, 13 medium)');
    const all = text.format(report({ findings }), { ...options, all: true });
    expect(all.split('\n').filter((line) => /^[a-z]\.yaml$/.test(line))).toHaveLength(10);
    expect(all).not.toContain('--all');
  });

  it('shows a message once for the parts of one object, unless it is critical', () => {
    const mounts = (severity: 'high' | 'critical') => [
      ...[3, 5, 9].map((line) => finding({ severity, message: `mounts /${line}`, at: at('a.yaml', line, 1) })),
      finding({
        severity,
        message: 'mounts /',
        at: at('a.yaml', 20, 1),
        subject: { kind: 'Pod', apiVersion: 'v1', namespace: '', name: 'other' },
      }),
    ];
    const told = (severity: 'high' | 'critical', all = false): string[] =>
      text
        .format(report({ findings: mounts(severity) }), { ...options, all })
        .split('\n')
        .filter((line) => line.includes('mounts') || line.includes('also'))
        .map((line) => line.replace(/.* (?=mounts|also)/, ''));
    expect(told('high')).toEqual(['mounts /3 ×3', 'also: lines 5, 9', 'mounts /']);
    expect(told('high', true)).toEqual(['mounts /3', 'mounts /5', 'mounts /9', 'mounts /']);
    expect(told('critical')).toEqual(['mounts /3', 'mounts /5', 'mounts /9']);
  });

  it('shows a message once for the objects that one line changes, unless it is critical', () => {
    const changed = (severity: 'medium' | 'critical') =>
      ['carts', 'catalog', 'checkout', 'orders'].map((name) =>
        finding({
          severity,
          message: `Deployment "${name}" runs 4 replicas`,
          at: at('patch.yaml', 6, 3),
          subject: { kind: 'Deployment', apiVersion: 'apps/v1', namespace: '', name },
        }),
      );
    const told = (severity: 'medium' | 'critical', all = false): string[] =>
      text
        .format(report({ findings: changed(severity) }), { ...options, all })
        .split('\n')
        .filter((line) => line.includes('runs') || line.includes('also'))
        .map((line) => line.replace(/.* (?=Deployment "\w+" runs|also)/, ''));
    expect(told('medium')).toEqual([
      'Deployment "carts" runs 4 replicas ×4',
      'also: Deployment "catalog", Deployment "checkout" and 1 more',
    ]);
    expect(told('medium', true)).toHaveLength(4);
    const parts = [
      ['cluster', 'prod'],
      ['cluster', ''],
      ['iamRole', 'ci'],
      ['fargateProfile', 'web'],
    ].map(([kind = '', name = '']) =>
      finding({ severity: 'medium', at: at('main.tf', 6, 3), subject: { kind, apiVersion: '', namespace: '', name } }),
    );
    expect(text.format(report({ findings: parts }), { ...options, all: false })).toContain(
      'also: unnamed cluster, IAM role "ci" and 1 more',
    );
    expect(told('critical')).toHaveLength(3);
  });

  it('shows the same object in several files once, with the other files', () => {
    const copies = ['a.yaml', 'b.yaml', 'c.yaml'].map((file, i) => finding({ at: at(file, i + 1, 1) }));
    const shown = text.format(report({ findings: copies }), options).split('\n');
    expect(shown.slice(0, 5).map((line) => line.trim())).toEqual([
      'a.yaml',
      '1:1  high  iam/irsa-and-pod-identity  ServiceAccount "web" has an IRSA role and a Pod Identity association',
      'also: b.yaml:2, c.yaml:3',
      '',
      '3 findings (3 high)',
    ]);
    expect(shown).toContain('3 findings (3 high)');
    // Objects that only share a name are not the same.
    const apart = copies.map((one, i) => ({ ...one, subject: { ...one.subject, namespace: `ns${i}` } }));
    expect(text.format(report({ findings: apart }), options)).not.toContain('also:');
  });

  it('gives advice once per file, and none if a fix does it', () => {
    const advised = ['a', 'b'].map((name) => finding({ message: name, messageId: name, help: 'set x: 1' }));
    const fixed = finding({ message: 'c', messageId: 'c', help: 'set y: 1', fix: { safe: true, edits: [edit] } });
    const shown = text.format(report({ findings: [...advised, fixed] }), options);
    expect(shown.split('\n').filter((line) => line.includes('fix: '))).toEqual([
      expect.stringMatching(/^ +fix: set x: 1$/),
    ]);
  });

  it('lists ignored findings with their reason when asked', () => {
    const shown = text.format(report({ findings: sample }), { ...options, showIgnored: true });
    expect(shown).toContain('Pod Identity association (ignored by comment: CNI agent, until 2027-03-01)\n');
    expect(shown).toContain('4 findings (2 high, 1 medium, 1 low)');
  });

  it('drops findings below the threshold with quiet, and counts them', () => {
    const shown = text.format(report({ findings: sample, notes: [{ kind: 'skipped', message: 'talk' }] }), {
      ...options,
      quiet: true,
    });
    expect(shown).not.toContain('no-pdb');
    expect(shown).not.toContain('talk');
    expect(shown).toContain('3 findings (2 high, 1 medium) · 1 fixable with --fix · 1 less severe not shown (--quiet)');
  });

  it('counts per rule with summary', () => {
    const findings = [...sample, finding({ at: at('deploy/api.yaml', 1, 1) })];
    expect(
      text
        .format(report({ findings }), { ...options, summary: true })
        .split('\n')
        .slice(0, 5),
    ).toEqual([
      '  2  high    iam/irsa-and-pod-identity     in 2 files',
      '  1  high    cluster/public-endpoint-open  in 1 file',
      '  1  medium  nodes/imdsv2-optional         in 1 file',
      '  1  low     reliability/no-pdb            in 1 file',
      '',
    ]);
  });

  it('names the subject of a finding if there is no line, and counts clusters in an audit', () => {
    const findings = [finding({ at: { source: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod', path: '' } })];
    const shown = text.format(
      report({ command: 'audit', findings, checked: { files: 0, objects: 5, clusters: 1, rules: 2 } }),
      options,
    );
    expect(shown).toContain(
      '  -   high  iam/irsa-and-pod-identity  ServiceAccount "web" has an IRSA role and a Pod Identity association [ServiceAccount/shop/web]\n',
    );
    expect(shown).toContain('Judged 5 objects in 1 cluster with 2 rules');
  });

  it('colors only when told to, and only with its own codes', () => {
    const coloured = text.format(report({ findings: sample }), { ...options, color });
    expect(coloured).toContain('\x1b[31mhigh');
    const bare = text.format(report({ findings: sample }), options);
    expect(bare).not.toContain('\x1b');
    expect(withoutColours(coloured)).toBe(bare);
  });

  it('lets nothing hostile through', () => {
    for (const over of [{}, { summary: true }, { showIgnored: true }, { color, showIgnored: true }]) {
      const shown = text.format(hostileReport(), { ...options, githubActions: true, ...over });
      expect(unseenIn(withoutColours(shown))).toEqual([]);
      expect(commandsIn(shown)).toEqual([]);
      expect(commandsIn(withoutColours(shown))).toEqual([]);
    }
  });

  it('gives the same bytes for the same report', () => {
    expect(text.format(report({ findings: sample }), options)).toBe(
      text.format(structuredClone(report({ findings: sample })), options),
    );
  });
});
