import { describe, expect, it } from 'vitest';
import type { Report, Upgraded } from '#model/finding.ts';
import upgradePlan from '#reporters/upgrade-plan.ts';
import { finding, options, report } from './sample.ts';

const at = (source: string, line: number) => ({
  source,
  path: '',
  start: { line, column: 1 },
  end: { line, column: 2 },
});
const prod: Upgraded = {
  name: 'prod',
  at: at('clusters/prod.yaml', 4),
  minor: 33,
  target: 35,
  addons: [{ name: 'vpc-cni', version: 'v1.20.1', at: at('clusters/prod.yaml', 9) }],
  nodes: [{ name: 'general', version: undefined, at: at('clusters/prod.yaml', 12) }],
  unknown: ['other node groups: another file may add more'],
};
const plan = (of: Partial<Report>): string => upgradePlan.format(report({ ...of }), options);
const headings = (text: string): string[] => text.split('\n').filter((line) => /^##? /.test(line));

describe('the plan of an upgrade', () => {
  const found = [
    finding({ rule: 'upgrades/removed-api', message: 'first', minor: 32, at: at('a.yaml', 1) }),
    finding({ rule: 'upgrades/removed-api', message: 'second', minor: 35, at: at('b.yaml', 2), help: 'Use batch/v1' }),
    finding({ rule: 'upgrades/deprecated-api', message: 'third', minor: 38, at: at('c.yaml', 3) }),
    finding({ rule: 'upgrades/beta-node-labels', message: 'fourth', at: at('d.yaml', 4) }),
    finding({ rule: 'rbac/wildcard-verb', message: 'fifth', at: at('e.yaml', 5) }),
  ];
  const text = plan({ findings: found, upgrade: { target: 35, clusters: [prod], off: [] } });

  it('has a step for each minor version up to the target, in order, with what breaks where', () => {
    expect(headings(text)).toEqual([
      '# Upgrade plan: Kubernetes 1.33 to 1.35',
      '## Broken already, in 1.33 or before',
      '## Step 1.33 to 1.34',
      '## Step 1.34 to 1.35',
      '## At any time',
      '## After 1.35',
      '## Not judged',
    ]);
    const [, already = '', first = '', second = '', any = '', after = ''] = text.split(/^## /m);
    expect(already).toContain('`a.yaml:1`: first');
    expect(first).toContain('Nothing that was judged breaks in 1.34.');
    expect(second).toContain('`b.yaml:2`: second. Fix: Use batch/v1.');
    expect(any).toContain('`d.yaml:4`: fourth');
    expect(after).toContain('`c.yaml:3`: third');
    expect(text).not.toContain('fifth');
    expect(text).toContain('1 other finding of this run has nothing to do with an upgrade');
  });
  it('says that nothing is left only if everything was read', () => {
    const opening = (unknown: readonly string[]): string =>
      plan({ notes: [], undetermined: [], upgrade: { target: 35, clusters: [{ ...prod, unknown }], off: [] } });
    expect(opening(prod.unknown)).toContain('- 0 findings to fix on the way, see the end for what was not judged\n');
    expect(opening([])).toContain('- 0 findings to fix on the way, everything was judged\n');
  });
  it('says what is left out: ignored findings, and rules that are off', () => {
    const hidden = { by: 'config' as const, reason: 'later' };
    const findings = found.map((one, i) => (i < 2 ? { ...one, hidden } : one));
    const upgrade = { target: 35, clusters: [prod], off: ['upgrades/al2-nodes', 'upgrades/removed-api'] };
    const without = plan({ findings, upgrade });
    expect(without).not.toContain('second');
    expect(without).toContain('- 2 findings about upgrades are ignored and left out (--show-ignored lists them)\n');
    expect(without).toContain('- **2 rules about upgrades are off**: `upgrades/al2-nodes`, `upgrades/removed-api`\n');
    expect(text).not.toMatch(/ignored|are off/);
    expect(upgradePlan.format(report({ findings, upgrade }), { ...options, showIgnored: true })).toContain(
      'second. Fix: Use batch/v1. (ignored: later)',
    );
  });
  it('upgrades the control plane, then the add-ons, then the nodes, each with its location', () => {
    const [, , step = ''] = text.split(/^## /m);
    const order = [
      '### 1. Before',
      '### 2. Control plane',
      '`clusters/prod.yaml:4`',
      '### 3. Add-ons',
      '`vpc-cni` `v1.20.1` (`clusters/prod.yaml:9`)',
      '### 4. Nodes',
      '`general` (`clusters/prod.yaml:12`)',
    ];
    const places = order.map((words) => step.indexOf(words));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
  it('says what is unknown', () => {
    expect(text).toContain('- Of cluster `prod`: other node groups: another file may add more');
  });
  it('starts with what breaks first if no version is known', () => {
    const unknown = plan({ findings: found, upgrade: { target: 35, clusters: [], off: [] } });
    expect(headings(unknown)).toEqual([
      '# Upgrade plan: to Kubernetes 1.35',
      '## Step 1.31 to 1.32',
      '## Step 1.34 to 1.35',
      '## At any time',
      '## After 1.35',
      '## Not judged',
    ]);
  });
  it('asks for a version if none is set, and has no step to a version that is reached', () => {
    expect(plan({ findings: [], upgrade: { target: undefined, clusters: [], off: [] } })).toContain(
      'pass `--target-version <1.x>`',
    );
    expect(plan({ findings: [], upgrade: { target: 33, clusters: [{ ...prod, target: 33 }], off: [] } })).toContain(
      'Nothing to upgrade: the clusters run 1.33.',
    );
  });
  it('shows untrusted text as text', () => {
    const hostile = plan({
      findings: [finding({ rule: 'upgrades/removed-api', message: '<b>@x</b>', minor: 34, at: at('`a`|.yaml', 1) })],
      upgrade: { target: 35, clusters: [{ ...prod, name: '[x](http://y)' }], off: [] },
    });
    expect(hostile).not.toMatch(/<b>|\]\(|@x/);
  });
});
