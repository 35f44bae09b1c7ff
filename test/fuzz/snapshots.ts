import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { UserError } from '#errors.ts';
import { lint } from '#pipeline.ts';
import { readSnapshotFile, type Snapshot, writeSnapshot } from '#sources/snapshot.ts';
import { allRules } from '../all-rules.ts';
import { snapshotOf } from '../snapshot-of.ts';
import { compare, fail } from './invariants.ts';
import { kubernetes } from './objects.ts';

/*
 * Saved snapshots that are damaged or changed: rejected with a reason, or judged as before. One that was resealed may
 * contain anything; it crashes nothing.
 */

type Json = Readonly<Record<string, unknown>>;

const arn = 'arn:aws:eks:eu-west-1:111122223333:cluster/prod';
const answers = [
  {
    arn,
    body: {
      cluster: {
        name: 'prod',
        arn,
        version: '1.33',
        resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'], subnetIds: ['subnet-1'] },
        logging: { clusterLogging: [{ enabled: true, types: ['api'] }] },
        tags: { team: 'shop' },
      },
    },
  },
  { arn: `${arn}/nodegroups`, body: { nodegroups: ['a'] } },
  {
    arn: 'arn:aws:eks:eu-west-1:111122223333:nodegroup/prod/a/1',
    body: {
      nodegroup: {
        nodegroupName: 'a',
        nodegroupArn: 'arn:aws:eks:eu-west-1:111122223333:nodegroup/prod/a/1',
        clusterName: 'prod',
        amiType: 'AL2_x86_64',
        remoteAccess: { ec2SshKey: 'k' },
        launchTemplate: { id: 'lt-1', version: '1' },
        taints: [{ key: 'a', effect: 'NO_SCHEDULE' }],
      },
    },
  },
];

/** A location in data, as a number for each step down; a change of its value. */
const change = fc.record({
  steps: fc.array(fc.nat(40), { minLength: 1, maxLength: 9 }),
  value: fc.constantFrom<unknown>(undefined, null, '', 'x', 0, -1, true, [], {}, [null], [[]], { a: {} }, ['x'], 1e308),
});
type Change = { readonly steps: readonly number[]; readonly value: unknown };

/** Puts a value at a location; undefined removes the current one. */
function alter(data: unknown, { steps, value }: Change): unknown {
  const [step = 0, ...rest] = steps;
  if (typeof data !== 'object' || data === null) return value ?? null;
  const keys = Object.keys(data);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return value ?? null;
  if (Array.isArray(data)) {
    const copy: unknown[] = [...(data as unknown[])];
    if (rest.length === 0 && value === undefined) copy.splice(Number(key), 1);
    else copy[Number(key)] = rest.length === 0 ? value : alter(copy[Number(key)], { steps: rest, value });
    return copy;
  }
  const copy: Record<string, unknown> = { ...data };
  if (rest.length === 0 && value === undefined) delete copy[key];
  else copy[key] = rest.length === 0 ? value : alter(copy[key], { steps: rest, value });
  return copy;
}

const seal = (text: string): Buffer =>
  gzipSync(`{"digest":"${createHash('sha256').update(text.slice(1)).digest('hex')}",${text.slice(1)}`);

const folder = mkdtempSync(join(tmpdir(), 'ekslint-fuzz-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** The result of judging a snapshot file; undefined if it is rejected. */
async function judge(bytes: Buffer): Promise<string[] | undefined> {
  const file = join(folder, 'a.json.gz');
  writeFileSync(file, bytes);
  let snapshot: Snapshot;
  try {
    snapshot = readSnapshotFile(file, 'a.json.gz');
  } catch (error) {
    if (!(error instanceof UserError) || !/^a\.json\.gz (?:is|was|has) /.test(error.message))
      fail('a snapshot is refused with a reason', String(error));
    return undefined;
  }
  const options = { ...allRules, cwd: folder, allowEmpty: true, today: '2026-01-01', filesToo: false };
  const report = await lint({ ...options, snapshots: [snapshot] });
  for (const { rule, error } of report.crashes)
    fail('no rule crashes on a snapshot', `${rule}: ${error.message} ${error.stack}`);
  const said = [...report.findings, ...report.undetermined].map(
    ({ rule, subject }) => `${rule} ${subject.kind} ${subject.namespace} ${subject.name}`,
  );
  return [...said, `complete: ${report.complete}`].sort();
}

export const snapshots = {
  arbitrary: fc.record({
    objects: kubernetes.arbitrary,
    changes: fc.array(change, { minLength: 1, maxLength: 3 }),
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    bit: fc.nat(7),
  }),
  async check({
    objects,
    changes,
    at,
    bit,
  }: {
    readonly objects: Json[];
    readonly changes: readonly Change[];
    readonly at: number;
    readonly bit: number;
  }): Promise<{ readonly documents: number; readonly findings: number }> {
    const plain: Snapshot = {
      ...snapshotOf(objects, ['ReferenceGrant']),
      asked: ['AWS::EKS::Nodegroup'],
      answers,
      resourceVersions: { pods: '1' },
    };
    const bytes = writeSnapshot(plain);
    const verdicts = (await judge(bytes)) ?? fail('a whole snapshot is taken', 'refused');
    // A damaged file.
    const flipped = Buffer.from(bytes);
    const place = Math.floor(at * bytes.length);
    flipped.writeUInt8(flipped.readUInt8(place) ^ (1 << bit), place);
    for (const damaged of [flipped, bytes.subarray(0, place)]) {
      const said = await judge(damaged);
      if (said) compare('a damaged snapshot is refused, or judged as before', verdicts, said);
    }
    // A file that was changed manually.
    const text = gunzipSync(bytes).toString();
    const data = JSON.parse(text) as unknown;
    const changed = JSON.stringify(changes.reduce(alter, data));
    const said = await judge(gzipSync(changed));
    if (said) compare('a changed snapshot is refused, or judged as before', verdicts, said);
    // A file whose author knows how to seal it.
    const { digest: _, ...unsealed } = data as Json;
    await judge(seal(JSON.stringify(changes.reduce(alter, unsealed))));
    return { documents: 5, findings: verdicts.length };
  },
};
