import { describe, expect, it } from 'vitest';
import csv from '#reporters/csv.ts';
import { at, commandsIn, finding, hostileReport, options, report, unseenIn } from './sample.ts';

const header = 'severity,rule,apiVersion,kind,namespace,name,file,line,column,message,help,ignored,fingerprint';

describe('csv', () => {
  it('has a row for each finding and for each gap', () => {
    const { subject } = finding();
    const text = csv.format(
      report({
        findings: [finding({ help: 'Drop one, or both' })],
        undetermined: [{ rule: 'a/b', subject, why: 'hidden', at: at('main.tf', 2, 1) }],
        crashes: [{ rule: 'c/d', subject, at: at('main.tf', 3, 1), error: new Error('boom') }],
        notes: [{ kind: 'incomplete', message: 'big.yaml: not read' }],
      }),
      options,
    );
    expect(text.split('\n')).toEqual([
      header,
      'high,iam/irsa-and-pod-identity,v1,ServiceAccount,shop,web,deploy/web.yaml,24,11,"ServiceAccount ""web"" has an IRSA role and a Pod Identity association","Drop one, or both",,00112233445566aa',
      '"not judged",a/b,v1,ServiceAccount,shop,web,main.tf,2,1,hidden,,,',
      'crash,c/d,v1,ServiceAccount,shop,web,main.tf,3,1,boom,,,',
      'incomplete,,,,,,,,,"big.yaml: not read",,,',
      '',
    ]);
  });
  it.each(['=1+1', '+1', '-1', '@x', '\t=1', ' =1'])('keeps %j from being a formula', (message) => {
    const [, row] = csv.format(report({ findings: [finding({ message })] }), options).split('\n');
    expect(row?.split(',')[9]).toMatch(/^"'|^\\t=1/);
  });
  it('lists ignored findings if requested', () => {
    const given = report({ findings: [finding({ hidden: { by: 'comment', reason: 'demo' } })] });
    expect(csv.format(given, options).split('\n').length).toBe(2);
    expect(csv.format(given, { ...options, showIgnored: true })).toMatch(/,demo,00112233445566aa\n$/);
  });
  it('shows hostile text as it is', () => {
    const text = csv.format(hostileReport(), { ...options, githubActions: true });
    expect([unseenIn(text), commandsIn(text)]).toEqual([[], []]);
  });
});
