import { describe, expect, test } from 'vitest';
import { defaultConfig } from '#config/config.ts';
import type { Report } from '#model/finding.ts';
import { groupOf, isNamespaced } from '#model/kinds.ts';
import { lint } from '#pipeline.ts';
import { readSnapshotFile, type Snapshot, writeSnapshot } from '#sources/snapshot.ts';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { rules } from '../../src/rule/registry.ts';
import { type Json, sampleObjects } from '../sample-objects.ts';

function snapshotOf(objects: readonly Json[], denied: readonly string[] = []): Snapshot {
  const lists = new Map<string, Json[]>();
  for (const object of objects) {
    const key = `${String(object['apiVersion'])} ${String(object['kind'])}`;
    lists.set(key, [...(lists.get(key) ?? []), object]);
  }
  const kinds = [...lists].map(([key, items]) => {
    const [apiVersion = '', kind = ''] = key.split(' ');
    const group = groupOf(apiVersion);
    const version = apiVersion.slice(apiVersion.lastIndexOf('/') + 1);
    return { group, version, kind, resource: `${kind.toLowerCase()}s`, namespaced: isNamespaced(kind, group), items };
  });
  return {
    format: 1,
    ekslint: 'test',
    cluster: { name: 'prod', arn: '', account: '', region: '', endpoint: 'https://prod', version: 'v1.34.0', uid: 'u' },
    from: '2026-01-01T00:00:00Z',
    to: '2026-01-01T00:00:01Z',
    answers: [],
    unanswered: [],
    objects: kinds.filter(({ kind }) => !denied.includes(kind)),
    unread: kinds
      .filter(({ kind }) => denied.includes(kind))
      .map((kind) => ({ ...kind, why: `no permission to list ${kind.resource}`, isDenied: true })),
  };
}

const audit = (snapshot: Snapshot): Promise<Report> =>
  lint({
    cwd: process.cwd(),
    paths: [],
    config: defaultConfig,
    configFolder: undefined,
    rules,
    preset: 'all',
    only: [],
    skip: [],
    targetVersion: '1.34',
    failOn: 'never',
    allowIncomplete: false,
    allowEmpty: true,
    inlineIgnores: false,
    strictIgnores: false,
    today: '2026-01-01',
    snapshots: [snapshot],
    filesToo: false,
  });
const verdicts = ({ findings }: Report): Set<string> =>
  new Set(findings.map(({ rule, at, message }) => [rule, at.source, at.path, message].join('\t')));

describe('a running cluster', () => {
  // Some of each kind are enough, and judged often.
  const seen = new Map<unknown, number>();
  const objects = sampleObjects().filter(({ kind }) => {
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    return (seen.get(kind) ?? 0) <= 12;
  });
  test('is judged at its objects, without lines and without edits', async () => {
    const report = await audit(snapshotOf(objects));
    expect(report.crashes).toEqual([]);
    expect(report).toMatchObject({ command: 'audit', complete: true, checked: { files: 0, clusters: 1 } });
    expect(new Set(report.findings.map(({ rule }) => rule)).size).toBeGreaterThan(30);
    expect(report.findings.filter(({ at, fix }) => at.start || fix)).toEqual([]);
  });
  test('a kind that cannot be read flips no verdict: rules that need it have not judged', async () => {
    const full = verdicts(await audit(snapshotOf(objects)));
    const kinds = [...new Set(objects.map(({ kind }) => String(kind)))];
    expect(kinds.length).toBeGreaterThan(20);
    for (const kind of kinds) {
      const report = await audit(snapshotOf(objects, [kind]));
      expect(report.complete, kind).toBe(false);
      expect(
        [...verdicts(report)].filter((one) => !full.has(one)),
        kind,
      ).toEqual([]);
      // What is gone was about an object of that kind, or is told as not judged.
      const open = new Set(report.undetermined.map(({ rule, at }) => `${rule}\t${at.source}`));
      const left = verdicts(report);
      const lost = [...full].filter((one) => !left.has(one) && !one.split('\t')[1]?.startsWith(`${kind} `));
      expect(
        lost.filter((one) => !open.has(one.split('\t').slice(0, 2).join('\t'))),
        kind,
      ).toEqual([]);
    }
  }, 120_000);
});

describe('a snapshot file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ekslint-snapshot-'));
  const put = (bytes: string | Uint8Array): string => {
    const file = join(folder, 'a.json.gz');
    writeFileSync(file, bytes);
    return file;
  };
  const env = [{ name: 'A', value: 'canary-1' }];
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', namespace: 'b' },
    spec: { containers: [{ env }] },
  };
  const settings = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', namespace: 'b' },
    data: { key: 'canary-2' },
  };

  test('holds what was read, but no values of variables and ConfigMaps', () => {
    const bytes = writeSnapshot(snapshotOf([pod, settings]));
    expect(gunzipSync(bytes).toString()).not.toContain('canary');
    const back = readSnapshotFile(put(bytes), 'a.json.gz');
    expect(back.objects.map(({ kind }) => kind)).toEqual(['Pod', 'ConfigMap']);
    expect(back.cluster).toEqual(snapshotOf([]).cluster);
  });
  test.each([
    ['nothing', '', 'is not a snapshot'],
    ['no gzip', '{}', 'is not a snapshot'],
    ['no JSON', gzipSync('{'), 'is not a snapshot'],
    ['other JSON', gzipSync('[1]'), 'is not a snapshot'],
    [
      'another format',
      gzipSync('{"format":2,"ekslint":"9.0.0","cluster":{}}'),
      'is a snapshot of ekslint 9.0.0, which this version cannot read',
    ],
    ['a list without items', gzipSync(JSON.stringify({ ...snapshotOf([]), objects: [{}] })), 'is a damaged snapshot'],
  ])('%s is refused', (_, bytes, why) => {
    expect(() => readSnapshotFile(put(bytes), 'a.json.gz')).toThrow(`a.json.gz ${why}`);
  });
});
