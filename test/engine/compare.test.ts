import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Report } from '#model/finding.ts';
import { lint, type LintOptions } from '#pipeline.ts';
import { toJson } from '#reporters/json.ts';
import markdown from '#reporters/markdown.ts';
import text from '#reporters/text.ts';
import { readEarlier } from '#sources/earlier.ts';
import { type Snapshot, writeSnapshot } from '#sources/snapshot.ts';
import { allRules } from '../all-rules.ts';
import { options } from '../reporters/sample.ts';
import type { Json } from '../sample-objects.ts';
import { snapshotOf } from '../snapshot-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'ekslint-compare-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pod = (name: string, spec: Json = {}, namespace = 'shop'): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace },
  spec: { containers: [{ name: 'main', image: 'registry.example.com/app:1.0' }], ...spec },
});
const only = ['pod-security/host-pid', 'pod-security/host-ipc'];
const settings: LintOptions = {
  ...allRules,
  cwd: folder,
  only,
  allowEmpty: true,
  today: '2026-01-01',
  filesToo: false,
};
const audit = (snapshot: Snapshot, more: Partial<LintOptions> = {}): Promise<Report> =>
  lint({ ...settings, ...more, snapshots: [snapshot] });
const at = (from: string, ...objects: readonly Json[]): Snapshot => ({ ...snapshotOf(objects), from, to: from });
const monday = at('2026-01-05T08:00:00.000Z', pod('a', { hostPID: true }), pod('b', { hostPID: true }));
const tuesday = at('2026-01-06T08:00:00.000Z', pod('a', { hostPID: true }), pod('c', { hostIPC: true }));
const wednesday = at('2026-01-07T08:00:00.000Z', pod('a', { hostPID: true }), pod('b', { hostPID: true }));

/** The report as JSON in a file, read again. */
function stored(report: Report) {
  const file = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify(toJson(report)));
  const earlier = readEarlier(file, 'report.json');
  if ('objects' in earlier) throw new Error('a report was taken for a snapshot');
  return earlier;
}
const told = ({ findings, compared }: Report) => ({
  findings: findings.map(({ subject, since }) => `${subject.name} ${since ?? 'new'}`).sort(),
  gone: compared?.gone.map(({ subject, since }) => `${subject.name} ${since}`),
  unclear: compared?.unclear.map(({ subject }) => subject.name),
});

describe('an audit that is compared with an earlier one', () => {
  test('marks what is new and lists what is gone, from a report', async () => {
    const report = await audit(tuesday, { earlier: stored(await audit(monday)) });
    expect(told(report)).toEqual({
      findings: ['a 2026-01-05T08:00:00.000Z', 'c new'],
      gone: ['b 2026-01-05T08:00:00.000Z'],
      unclear: [],
    });
  });
  test('and from a snapshot, which is judged by the rules of this run', async () => {
    const report = await audit(tuesday, { earlier: { file: 'monday.json.gz', snapshot: monday } });
    expect(told(report)).toMatchObject({ findings: ['a 2026-01-05T08:00:00.000Z', 'c new'], unclear: [] });
    expect(report.compared?.at).toBe('2026-01-05T08:00:00.000Z');
  });
  test('shows the first date from report to report, and a new one if it was gone in between', async () => {
    const second = await audit(tuesday, { earlier: stored(await audit(monday)) });
    const third = await audit(wednesday, { earlier: stored(second) });
    expect(told(third)).toMatchObject({ findings: ['a 2026-01-05T08:00:00.000Z', 'b new'] });
  });
  test('a finding that could not be judged is not gone', async () => {
    const earlier = stored(await audit(monday));
    const [list] = tuesday.objects;
    if (!list) throw new Error('no pods');
    const denied = {
      ...tuesday,
      objects: [],
      unread: [{ ...list, why: 'no permission to list pods', isDenied: true }],
    };
    const cases: readonly (readonly [Snapshot, Partial<LintOptions>])[] = [
      [denied, {}],
      [tuesday, { only: ['pod-security/host-ipc'] }],
      [{ ...tuesday, namespaces: ['other'] }, {}],
      [{ ...tuesday, except: ['shop'] }, {}],
      [{ ...tuesday, objects: [], notAsked: ['kube'] }, {}],
    ];
    for (const [snapshot, more] of cases) {
      const { compared } = await audit(snapshot, { ...more, earlier });
      expect({ gone: compared?.gone, unclear: compared?.unclear.map(({ subject }) => subject.name) }).toMatchObject({
        gone: [],
        unclear: expect.arrayContaining(['b']) as unknown,
      });
    }
  });
  test('all formats for people show it', async () => {
    const report = await audit(tuesday, { earlier: stored(await audit(monday)) });
    const line = 'Since 2026-01-05T08:00:00.000Z (report.json): 1 new, 1 unchanged, 1 gone';
    expect(text.format(report, options)).toContain(line);
    expect(text.format(report, options)).toMatch(/IPC namespace[^]*\(new\)[^]*Gone:\n.*Pod "b".*\(since 2026-01-05\)/);
    expect(
      markdown
        .format(report, options)
        .replace(/<\/?code>/g, '')
        .replaceAll('&#50;', '2'),
    ).toContain(line);
    expect(markdown.format(report, options)).toMatch(/\*\*new\*\* .*IPC[^]*#### Gone\n\n- .*Pod &quot;|Pod "b"/);
    expect(toJson(report).compared).toMatchObject({ new: 1, unchanged: 1, gone: [{ resource: { name: 'b' } }] });
    expect(
      toJson(report)
        .findings.map(({ state }) => state)
        .sort(),
    ).toEqual(['new', 'unchanged']);
  });
});

describe('what --compare names', () => {
  const refused = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content);
    try {
      readEarlier(join(folder, name), name);
    } catch (error) {
      return (error as Error).message;
    }
    return 'taken';
  };
  test('is not trusted', async () => {
    expect(refused('a.json', '{')).toBe('--compare: a.json is not a JSON report');
    expect(refused('b.json', '{}')).toBe('--compare: b.json is not a JSON report of ekslint');
    const good = toJson(await audit(monday));
    expect(refused('c.json', JSON.stringify({ ...good, run: { ...good.run, command: 'lint' } }))).toContain('of files');
    expect(refused('d.json', JSON.stringify({ ...good, findings: [{ id: 1 }] }))).toContain('damaged');
    expect(refused('e.json', JSON.stringify({ ...good, clusters: [] }))).toContain('has no date');
    expect(refused('f.json.gz', 'x')).toContain('is not a snapshot');
    expect(refused('g.json.gz', writeSnapshot(monday))).toBe('taken');
    expect(() => readEarlier(join(folder, 'none.json'), 'none.json')).toThrow('--compare: none.json does not exist');
  });
});
