import { describe, expect, test } from 'vitest';
import { dig, digList } from '#model/dig.ts';
import { podTemplates } from '#model/pod-templates.ts';
import { isRecord } from '#model/shape.ts';
import { lint } from '#pipeline.ts';
import { project, withoutCopies } from '#sources/project.ts';
import { rules } from '../../src/rule/registry.ts';
import { allRules } from '../all-rules.ts';
import { type Json, sampleObjects } from '../sample-objects.ts';
import { snapshotOf } from '../snapshot-of.ts';

/*
 * Which object a finding about a pod of a running cluster names: its owner, unless the pod has more power than the
 * owner declares, or the owner is forged.
 */

/** What an audit of some objects finds, as it reads them. */
async function judge(objects: readonly Json[], chosen = rules) {
  const snapshot = snapshotOf(objects);
  const lists = snapshot.objects.map((list) => ({ ...list, items: list.items.map(project) }));
  const { findings, crashes } = await lint({
    ...allRules,
    rules: chosen,
    cwd: process.cwd(),
    allowEmpty: true,
    today: '2026-01-01',
    snapshots: [{ ...snapshot, objects: withoutCopies(lists) }],
    filesToo: false,
  });
  expect(crashes).toEqual([]);
  return findings;
}
const owner = (kind: string, name: string, uid: string, apiVersion = 'apps/v1'): Json => ({
  ownerReferences: [{ apiVersion, kind, name, uid, controller: true }],
});

describe('a pod that a ReplicaSet made', () => {
  /**
   * Settings that pods lack are reported only for the owner: webhooks add containers, which only the people who run the
   * webhooks can harden.
   */
  const ofOwner = new Set([
    'pod-security/capabilities-not-dropped',
    'pod-security/privilege-escalation-not-disabled',
    'pod-security/run-as-non-root-missing',
    'pod-security/seccomp-profile-missing',
    'pod-security/root-filesystem-writable',
    // What pods run, and where, gives no power over the node.
    'pod-security/git-sync-binary-override',
    'pod-security/probe-host-override',
    'pod-security/ssh-server-port',
    'pod-security/sudo-in-command',
    'pod-security/privileged-port',
    'pod-security/run-as-low-id',
    'pod-security/run-as-root-group',
    'pod-security/volume-type-not-restricted',
  ]);
  const chosen = rules.filter(({ id }) => id.startsWith('pod-security/') && !ofOwner.has(id));
  const specs = sampleObjects({ apart: true }).flatMap((object): Json[] => {
    const at = podTemplates.get(String(object['kind']));
    const template: unknown = at && (at.length === 0 ? object : dig(object, ...at));
    const spec = isRecord(template) ? template['spec'] : undefined;
    if (!isRecord(spec) || digList(spec['containers']).length === 0) return [];
    const { annotations } = isRecord(dig(template, 'metadata')) ? (dig(template, 'metadata') as Json) : {};
    return [{ spec, annotations }];
  });
  const podOf = ({ spec, annotations }: Json, more: Json): Json => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-1-a', namespace: 'shop', annotations, ...more },
    spec,
  });
  const setOf = ({ spec }: Json): Json => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web-1', namespace: 'shop', uid: 'set' },
    spec: {
      replicas: 1,
      template: {
        spec: {
          serviceAccountName: dig(spec, 'serviceAccountName'),
          containers: digList(dig(spec, 'containers')).map(({ name }) => ({ name, image: 'app:1' })),
        },
      },
    },
  });
  test('is judged itself for each power that its owner does not have', async () => {
    const seen = new Set<string>();
    const missed = new Set<string>();
    for (const one of specs) {
      const of = async (objects: readonly Json[]): Promise<Set<string>> =>
        new Set(
          (await judge(objects, chosen)).flatMap(({ rule, subject }) => (subject.name === 'web-1-a' ? rule : [])),
        );
      const alone = await of([podOf(one, {})]);
      if (alone.size === 0) continue;
      const owned = await of([setOf(one), podOf(one, owner('ReplicaSet', 'web-1', 'set'))]);
      for (const rule of alone) (owned.has(rule) ? seen : missed).add(rule);
    }
    expect([...missed]).toEqual([]);
    expect(seen.size).toBeGreaterThan(15);
  }, 120_000);
});

test('values of the wrong type in a pod with an owner do not stop the run', async () => {
  const odd: Json = Object.assign(Object.create(null) as Json, { a: 1 });
  const spec = {
    securityContext: { sysctls: [{ name: odd, value: odd }], seLinuxOptions: { type: odd } },
    volumes: [{ hostPath: { path: odd } }],
    containers: [
      {
        name: odd,
        ports: [{ hostPort: odd }],
        volumeMounts: [{ mountPropagation: 'Bidirectional', mountPath: odd }],
        securityContext: { capabilities: { add: [odd] }, windowsOptions: { runAsUserName: odd } },
      },
    ],
  };
  const set = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'a', namespace: 'b', uid: 'u' } };
  const metadata = { name: 'c', namespace: 'b', ...owner('ReplicaSet', 'a', 'u') };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec };
  expect(await judge([{ ...set, spec: { template: { spec: { containers: [] } } } }, pod])).not.toEqual([]);
});

describe('the owner of an object', () => {
  const privileged = { containers: [{ name: 'app', image: 'app:1', securityContext: { privileged: true } }] };
  const only = rules.filter(({ id }) => id === 'pod-security/privileged-container');
  const pod = (name: string, more: Json, namespace = 'shop'): Json => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, uid: name, ...more },
    spec: privileged,
  });
  const made = (apiVersion: string, kind: string, name: string, more: Json = {}, spec: Json = {}): Json => ({
    apiVersion,
    kind,
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, ...more },
    spec: { template: { spec: privileged }, ...spec },
  });
  const told = async (...objects: readonly Json[]): Promise<string[]> =>
    (await judge(objects, only)).map(({ subject }) => `${subject.kind}/${subject.name}`).sort();
  const set = made('apps/v1', 'ReplicaSet', 'web-1');

  test('is reported once, found by its uid', async () => {
    const pods = ['a', 'b', 'c'].map((name) => pod(name, owner('ReplicaSet', 'web-1', 'uid-web-1')));
    expect(await told(set, ...pods)).toEqual(['ReplicaSet/web-1']);
  });
  test('with another uid, as after it was recreated, does not count: each such pod is reported, including copies', async () => {
    const pods = ['a', 'b', 'c'].map((name) => pod(name, owner('ReplicaSet', 'web-1', 'forged')));
    expect(await told(set, ...pods)).toEqual(['Pod/a', 'Pod/b', 'Pod/c', 'ReplicaSet/web-1']);
  });
  test('in another namespace does not count', async () => {
    expect(await told(set, pod('a', owner('ReplicaSet', 'web-1', 'uid-web-1'), 'blog'))).toEqual([
      'Pod/a',
      'ReplicaSet/web-1',
    ]);
  });
  test('of a kind that does not create such objects does not count', async () => {
    const deployment = made('apps/v1', 'Deployment', 'web');
    expect(await told(deployment, pod('a', owner('Deployment', 'web', 'uid-web')))).toEqual([
      'Deployment/web',
      'Pod/a',
    ]);
  });
  test('that does not control the object does not count', async () => {
    const held = { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'uid-web-1' }] };
    expect(await told(set, pod('a', held))).toEqual(['Pod/a', 'ReplicaSet/web-1']);
  });
  test('is a CronJob for its Jobs, including those created by hand, and for their pods', async () => {
    const cron = made(
      'batch/v1',
      'CronJob',
      'night',
      {},
      { jobTemplate: { spec: { template: { spec: privileged } } } },
    );
    const byHand = { 'cronjob.kubernetes.io/instantiate': 'manual' };
    const reference = owner('CronJob', 'night', 'uid-night', 'batch/v1');
    const jobs = [
      made('batch/v1', 'Job', 'night-1', reference),
      made('batch/v1', 'Job', 'mine', { ...reference, annotations: byHand }),
    ];
    const pods = ['night-1', 'mine'].map((job) => pod(`${job}-x`, owner('Job', job, `uid-${job}`, 'batch/v1')));
    expect(await told(cron, ...jobs, ...pods)).toEqual(['CronJob/night']);
    // Its owner uid is that of a CronJob that is gone: the Job stays and is reported.
    const left = made('batch/v1', 'Job', 'left', owner('CronJob', 'night', 'older', 'batch/v1'));
    expect(await told(cron, left)).toEqual(['CronJob/night', 'Job/left']);
  });
  test('is the Rollout of Argo for its ReplicaSets and pods', async () => {
    const rollout = made('argoproj.io/v1alpha1', 'Rollout', 'web');
    const own = made('apps/v1', 'ReplicaSet', 'web-2', owner('Rollout', 'web', 'uid-web', 'argoproj.io/v1alpha1'));
    expect(await told(rollout, own, pod('a', owner('ReplicaSet', 'web-2', 'uid-web-2')))).toEqual(['Rollout/web']);
  });
  test('of a kind that audits do not read is not reported; its pods are', async () => {
    const clone = owner('CloneSet', 'web', 'u', 'apps.kruise.io/v1alpha1');
    const revision = made('apps/v1', 'Deployment', 'web', owner('Revision', 'web', 'u', 'serving.knative.dev/v1'));
    expect(await told(pod('a', clone), revision)).toEqual(['Deployment/web', 'Pod/a']);
  });
  test('is the node for a static pod, which is reported itself and is not a bare pod', async () => {
    const mirror = {
      ...owner('Node', 'n-1', 'u', 'v1'),
      annotations: { 'kubernetes.io/config.mirror': 'x', 'kubernetes.io/config.source': 'file' },
    };
    const chosen = rules.filter(({ id }) => /privileged-container$|bare-pod$/.test(id));
    expect((await judge([pod('a', mirror)], chosen)).map(({ rule }) => rule)).toEqual([
      'pod-security/privileged-container',
    ]);
  });
  test('that was scaled to zero is not reported; its pods that still run are', async () => {
    const safe = { spec: { containers: [{ name: 'app', image: 'app:1' }] } };
    const old = made('apps/v1', 'ReplicaSet', 'web-0', {}, { replicas: 0, template: safe });
    expect(await told(old, pod('a', owner('ReplicaSet', 'web-0', 'uid-web-0')))).toEqual(['Pod/a']);
  });
  test('does not hide an ephemeral container or a sidecar with more power: the pod is reported', async () => {
    const [container] = privileged.containers;
    const plain = { name: 'side', image: 'side:1' };
    const withSpec = (name: string, spec: Json): Json => ({
      ...pod(name, owner('ReplicaSet', 'web-1', 'uid-web-1')),
      spec: { ...privileged, ...spec },
    });
    const safe = made('apps/v1', 'ReplicaSet', 'web-1', {}, { template: { spec: { containers: [plain] } } });
    const [debug, sidecar] = [{ ephemeralContainers: [container] }, { containers: [plain, container] }];
    expect(await told(safe, withSpec('a', { containers: [plain], ...debug }))).toEqual(['Pod/a']);
    expect(await told(safe, withSpec('a', sidecar), withSpec('b', { containers: [plain] }))).toEqual(['Pod/a']);
    // One of many copies is enough, and the one that differs is among those that are kept.
    const copies = Array.from({ length: 20 }, (_, index) => withSpec(`copy-${index}`, { containers: [plain] }));
    expect(await told(safe, ...copies, withSpec('z', sidecar), ...copies.slice(0, 3))).toEqual(['Pod/z']);
  });
});
