import { describe, expect, it } from 'vitest';
import gitlab from '#reporters/gitlab.ts';
import { at, commandsIn, finding, hostileReport, options, report, unseenIn } from './sample.ts';

const entries = (given: Parameters<typeof report>[0]): Record<string, unknown>[] =>
  JSON.parse(gitlab.format(report(given), options)) as Record<string, unknown>[];

describe('gitlab', () => {
  it('is a Code Quality report with paths from the root of the repository', () => {
    const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
    const findings = severities.map((severity, index) => finding({ severity, fingerprint: `f${index}` }));
    const made = entries({ findings, folder: 'team' });
    expect(made.map(({ severity }) => severity)).toEqual(['blocker', 'critical', 'major', 'minor', 'info']);
    expect(made[1]).toEqual({
      description: 'ServiceAccount "web" has an IRSA role and a Pod Identity association',
      check_name: 'iam/irsa-and-pod-identity',
      fingerprint: 'f1',
      severity: 'critical',
      location: { path: 'team/deploy/web.yaml', lines: { begin: 24 } },
    });
  });
  it('gives each entry a unique fingerprint, and each a line', () => {
    const made = entries({ findings: [finding(), finding({ at: { source: 'b.yaml', path: '' } })] });
    expect(made.map(({ fingerprint, location }) => [fingerprint, location])).toEqual([
      ['00112233445566aa', { path: 'deploy/web.yaml', lines: { begin: 24 } }],
      ['00112233445566aa-2', { path: 'b.yaml', lines: { begin: 1 } }],
    ]);
  });
  it('leaves out ignored findings and reports gaps', () => {
    const made = entries({
      findings: [finding({ hidden: { by: 'comment', reason: 'demo' } })],
      notes: [{ kind: 'incomplete', message: 'big.yaml: not read', at: at('big.yaml', 1, 1) }],
      crashes: [{ rule: 'a/b', subject: finding().subject, at: at('c.yaml', 3, 1), error: new Error('boom') }],
    });
    expect(made.map(({ check_name, description }) => [check_name, description])).toEqual([
      ['a/b', 'Rule a/b crashed on ServiceAccount/shop/web: boom'],
      ['ekslint/incomplete', 'ekslint could not judge everything: big.yaml: not read'],
    ]);
  });
  it('shows hostile text as it is', () => {
    const text = gitlab.format(hostileReport(), { ...options, githubActions: true });
    expect([unseenIn(text), commandsIn(text)]).toEqual([[], []]);
    expect((JSON.parse(text) as unknown[]).length).toBeGreaterThan(20);
  });
});
