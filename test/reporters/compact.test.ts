import { describe, expect, it } from 'vitest';
import compact from '#reporters/compact.ts';
import { at, commandsIn, finding, hostileReport, options, report, unseenIn } from './sample.ts';

describe('compact', () => {
  it('prints one line per finding', () => {
    expect(
      compact.format(
        report({
          findings: [finding(), finding({ at: { source: 'arn:aws:eks:eu-west-1:1:cluster/prod', path: '' } })],
        }),
        options,
      ),
    ).toBe(
      'deploy/web.yaml:24:11: high iam/irsa-and-pod-identity: ServiceAccount "web" has an IRSA role and a Pod Identity association\n' +
        'arn:aws:eks:eu-west-1:1:cluster/prod: high iam/irsa-and-pod-identity: ServiceAccount "web" has an IRSA role and a Pod Identity association\n',
    );
  });

  it('is empty for a clean run', () => {
    expect(compact.format(report(), options)).toBe('');
  });

  it('reports gaps, cuts the least severe and counts them', () => {
    const text = compact.format(
      report({
        findings: [finding({ severity: 'low' }), finding({ severity: 'critical', at: at('z.yaml', 1, 1) })],
        notes: [
          { kind: 'incomplete', message: 'big.yaml: not read', at: { source: 'big.yaml', path: '' } },
          { kind: 'skipped', message: 'silent' },
        ],
      }),
      { ...options, maxFindings: 1 },
    );
    expect(text.split('\n')).toEqual([
      expect.stringMatching(/^z\.yaml:1:1: critical /),
      '… 1 more finding not shown (--max-findings)',
      'big.yaml: incomplete: big.yaml: not read',
      '',
    ]);
  });

  it('lets nothing hostile through', () => {
    const text = compact.format(hostileReport(), { ...options, showIgnored: true, githubActions: true });
    expect(unseenIn(text)).toEqual([]);
    expect(commandsIn(text)).toEqual([]);
  });
});
