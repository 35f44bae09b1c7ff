import { describe, expect, it } from 'vitest';
import github from '#reporters/github.ts';
import { at, finding, hostile, hostileReport, options, report, unseenIn } from './sample.ts';

const lines = (text: string): string[] => text.split('\n').slice(0, -1);

describe('github', () => {
  it('turns a finding into a command, with paths from the root of the repository', () => {
    const text = github.format(
      report({
        folder: 'infra',
        findings: [finding({ at: at('../a b,c:d.yaml', 3, 5), message: '50% "x"', help: 'Set y' })],
      }),
      options,
    );
    expect(text).toBe(
      '::error title=iam/irsa-and-pod-identity (high),file=a b%2Cc%3Ad.yaml,line=3,endLine=3,col=5,endColumn=10::50%25 "x"%0AFix: Set y\n',
    );
  });

  it('gives each severity its level and names no line that is unknown', () => {
    const text = github.format(
      report({
        findings: (['info', 'low', 'medium', 'high', 'critical'] as const).map((severity) =>
          finding({ severity, at: { source: 'a.yaml', path: '' } }),
        ),
      }),
      options,
    );
    expect(lines(text).map((line) => line.slice(0, line.indexOf('::', 2)))).toEqual(
      [
        ['error', 'critical'],
        ['error', 'high'],
        ['warning', 'medium'],
        ['notice', 'low'],
        ['notice', 'info'],
      ].map(([level, severity]) => `::${level} title=iam/irsa-and-pod-identity (${severity}),file=a.yaml`),
    );
  });

  it('keeps the worst ten of each level and counts all others', () => {
    const findings = [
      ...Array.from({ length: 12 }, (_, n) => finding({ severity: 'high', message: `high ${n}` })),
      ...Array.from({ length: 13 }, (_, n) => finding({ severity: 'low', message: `low ${n}` })),
      finding({ severity: 'critical', message: 'the worst' }),
    ];
    const text = lines(github.format(report({ findings }), options));
    expect(text.filter((line) => line.startsWith('::error'))).toHaveLength(10);
    expect(text.filter((line) => line.startsWith('::notice'))).toHaveLength(10);
    expect(text[0]).toContain('the worst');
    expect(text.at(-1)).toBe(
      '::notice title=ekslint::7 more in the summary: GitHub shows 10 annotations of each level',
    );
  });

  it('reports a message once in a file, and a family once at a location', () => {
    const fold = (part: string) => ({ message: 'no {parts}', part, help: 'Add them' });
    const text = github.format(
      report({
        findings: [
          ...[3, 5, 9].map((line) => finding({ message: 'same', help: 'Set y', at: at('a.yaml', line, 1) })),
          finding({ rule: 'x/cpu', message: 'no cpu', fold: fold('cpu'), at: at('b.yaml', 2, 1) }),
          finding({ rule: 'x/memory', message: 'no memory', fold: fold('memory'), at: at('b.yaml', 2, 1) }),
        ],
      }),
      options,
    );
    expect(lines(text).map((line) => line.replace(/.*,line=/, ''))).toEqual([
      '3,endLine=3,col=1,endColumn=6::same (and 2 more places)%0AFix: Set y',
      '2,endLine=2,col=1,endColumn=6::no cpu or memory%0AFix: Add them',
    ]);
  });

  it('leaves room for rare findings, and counts every finding that is not shown', () => {
    const many = Array.from({ length: 20 }, (_, n) => [
      finding({ rule: 'x/common', message: `common ${n}`, at: at(`${n}.yaml`, 1, 1) }),
      finding({ rule: 'x/common', message: `common ${n}`, at: at(`${n}.yaml`, 2, 1) }),
    ]).flat();
    const text = lines(
      github.format(report({ findings: [...many, finding({ rule: 'x/rare', at: at('z.yaml', 1, 1) })] }), options),
    );
    expect(text.slice(0, -1).map((line) => /title=(\S+)/.exec(line)?.[1])).toEqual([
      ...Array.from({ length: 3 }, () => 'x/common'),
      'x/rare',
      ...Array.from({ length: 6 }, () => 'x/common'),
    ]);
    expect(text.at(-1)).toBe(
      '::notice title=ekslint::22 more in the summary: GitHub shows 10 annotations of each level',
    );
  });

  it('shows gaps and crashes, and nothing that is ignored', () => {
    const text = github.format(
      report({
        findings: [finding({ hidden: { by: 'comment', reason: 'x' } })],
        notes: [
          { kind: 'incomplete', message: 'not read: EACCES', at: { source: 'big.yaml', path: '' } },
          { kind: 'skipped', message: 'silent' },
        ],
        crashes: [
          {
            rule: 'a/b',
            subject: { kind: 'Pod', namespace: '', name: 'x' },
            at: at('x.yaml', 1, 1),
            error: new Error('oh'),
          },
        ],
      }),
      { ...options, showIgnored: true },
    );
    expect(lines(text)).toEqual([
      expect.stringMatching(/^::error title=a\/b crashed,file=x\.yaml,.*::Rule a\/b crashed on Pod\/\/x: oh$/),
      '::warning title=ekslint could not judge everything,file=big.yaml::not read: EACCES',
    ]);
    expect(github.format(report(), options)).toBe('');
  });

  it('is one command per line whatever is in the text', () => {
    const { findings, ...rest } = hostileReport();
    for (const text of [
      github.format(hostileReport(), options),
      ...findings.map((one) => github.format(report({ findings: [one] }), options)),
    ]) {
      expect(unseenIn(text)).toEqual([]);
      for (const line of lines(text)) {
        const [, properties = ''] = /^::(?:error|warning|notice) ((?:[A-Za-z]+=[^,:]*,?)+)::/.exec(line) ?? [];
        expect(properties, line).not.toBe('');
        expect(line).not.toContain('##[');
      }
    }
    expect(rest.crashes.length).toBe(hostile.length);
  });
});
