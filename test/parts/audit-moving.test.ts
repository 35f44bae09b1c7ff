import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Flags, run } from '#commands/audit.ts';
import type { Report } from '#model/finding.ts';
import type * as Pipeline from '#pipeline.ts';
import { lint } from '#pipeline.ts';
import { ApiServer as Client, type ServerAnswer } from '#sources/api-server.ts';
import type { Snapshot } from '#sources/snapshot.ts';
import { allRules } from '../all-rules.ts';
import type { Json } from '../sample-objects.ts';
import { type ApiServer, startApiServer, whyNoApiServer } from './kube-apiserver.ts';
import { everyRule } from './audit-flags.ts';

/*
 * An audit of a real API server that is busy, that has kinds unknown to ekslint, and whose objects change in the
 * meantime.
 */

const why = whyNoApiServer();
if (why !== undefined) console.warn(`skipped: ${why}`);

const heard = vi.hoisted(() => ({ err: '', report: undefined as unknown, snapshots: [] as readonly Snapshot[] }));
vi.mock('#commands/output.ts', async (original) => ({
  ...(await original<object>()),
  print: () => {},
  say: (text: string) => void (heard.err += text),
}));
vi.mock('#pipeline.ts', async (original) => {
  const { lint: real, ...others } = await original<typeof Pipeline>();
  return {
    ...others,
    lint: async (options: Parameters<typeof real>[0]) => {
      heard.snapshots = options.snapshots ?? [];
      return (heard.report = await real(options));
    },
  };
});

describe.skipIf(why !== undefined)('an audit of a real API server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ekslint-moving-'));
  const logFile = join(folder, 'audit.log');
  let server: ApiServer;
  const core = '/api/v1/namespaces/default';
  const apps = '/apis/apps/v1/namespaces/default/deployments';

  async function make(path: string, object: Json): Promise<void> {
    const { status, body } = await server.call('POST', path, object);
    if (status >= 300) throw new Error(`${path}: ${JSON.stringify(body)}`);
  }
  async function audit(
    token = server.token,
    flags: Flags = {},
  ): Promise<{ readonly code: number; readonly report: Report }> {
    const kubeconfig = join(folder, 'kubeconfig.json');
    const cluster = { server: server.url, 'certificate-authority-data': Buffer.from(server.ca).toString('base64') };
    const contexts = [{ name: 'test', context: { cluster: 'test', user: 'test' } }];
    const users = [{ name: 'test', user: { token } }];
    const config = { apiVersion: 'v1', kind: 'Config', 'current-context': 'test', contexts, users };
    writeFileSync(kubeconfig, JSON.stringify({ ...config, clusters: [{ name: 'test', cluster }] }), { mode: 0o600 });
    heard.err = '';
    const code = await run([], {
      aws: false,
      kubeconfig,
      ...everyRule,
      ...flags,
    });
    return { code, report: heard.report as Report };
  }
  /** A token of a service account that may read everything. */
  async function tokenOf(name: string): Promise<string> {
    await make(`${core}/serviceaccounts`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } });
    await make('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name, namespace: 'default' }],
    });
    const { body } = await server.call('POST', `${core}/serviceaccounts/${name}/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {},
    });
    return (body as { status: { token: string } }).status.token;
  }

  beforeAll(async () => {
    const policy = join(folder, 'policy.json');
    const rules = [{ level: 'Metadata', omitStages: ['RequestReceived'] }];
    writeFileSync(policy, JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules }));
    server = await startApiServer([
      `--audit-policy-file=${policy}`,
      `--audit-log-path=${logFile}`,
      '--audit-log-mode=blocking',
      // So that a continue token expires within seconds: the server would keep states in memory for longer than etcd does.
      '--etcd-compaction-interval=1s',
      '--feature-gates=ListFromCacheSnapshot=false',
    ]);
  }, 120_000);
  afterEach(() => {
    vi.restoreAllMocks();
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('that rejects everything for a while is asked again after the requested time, with at most four requests at a time', async () => {
    const flow = '/apis/flowcontrol.apiserver.k8s.io/v1';
    const token = await tokenOf('throttled');
    await make(`${flow}/prioritylevelconfigurations`, {
      apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
      kind: 'PriorityLevelConfiguration',
      metadata: { name: 'closed' },
      spec: {
        type: 'Limited',
        limited: {
          nominalConcurrencyShares: 0,
          lendablePercent: 0,
          borrowingLimitPercent: 0,
          limitResponse: { type: 'Reject' },
        },
      },
    });
    const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] };
    await make(`${flow}/flowschemas`, {
      apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
      kind: 'FlowSchema',
      metadata: { name: 'closed' },
      spec: {
        priorityLevelConfiguration: { name: 'closed' },
        matchingPrecedence: 2,
        rules: [
          {
            subjects: [{ kind: 'ServiceAccount', serviceAccount: { name: 'throttled', namespace: 'default' } }],
            resourceRules: [everything],
            nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
          },
        ],
      },
    });
    interface Entry {
      readonly verb: string;
      readonly requestURI: string;
      readonly requestReceivedTimestamp: string;
      readonly stageTimestamp: string;
      readonly responseStatus?: { readonly code: number };
      readonly user: { readonly username: string };
    }
    const log = (): Entry[] =>
      readFileSync(logFile, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Entry)
        .filter(({ user }) => user.username === 'system:serviceaccount:default:throttled');
    const code = ({ responseStatus }: Entry): number => responseStatus?.code ?? 0;
    // The server learns the schema a moment later; an audit that starts earlier is not throttled.
    let done: ReturnType<typeof audit> | undefined;
    for (const end = Date.now() + 30_000; !log().some((one) => code(one) === 429);) {
      if (Date.now() > end) throw new Error('the API server does not throttle');
      await done;
      done = audit(token);
      await Promise.race([done, new Promise((later) => setTimeout(later, 1000))]);
    }
    await server.call('DELETE', `${flow}/flowschemas/closed`);
    const { code: exit, report } = (await done) ?? (await audit(token));
    expect({ exit, complete: report.complete, crashes: report.crashes }).toEqual({
      exit: 0,
      complete: true,
      crashes: [],
    });
    const entries = log();
    const refused = entries.filter((one) => code(one) === 429);
    expect(refused.length).toBeGreaterThan(0);
    // The API server asks for one second (Kubernetes documentation, API Priority and Fairness).
    for (const one of refused) {
      const next = entries.find(
        ({ requestURI, requestReceivedTimestamp: at }) =>
          requestURI === one.requestURI && at > one.requestReceivedTimestamp,
      );
      expect(next).toBeDefined();
      const pause = Date.parse(next?.requestReceivedTimestamp ?? '') - Date.parse(one.stageTimestamp);
      expect(pause).toBeGreaterThan(990);
    }
    const times = entries.flatMap(({ requestReceivedTimestamp: from, stageTimestamp: to }) => [
      [from, 1] as const,
      [to, -1] as const,
    ]);
    let most = 0;
    times
      .sort(([one, a], [other, b]) => (one < other ? -1 : one > other ? 1 : a - b))
      .reduce((now, [, step]) => ((most = Math.max(most, now + step)), now + step), 0);
    expect(most).toBeLessThanOrEqual(4);
  }, 90_000);

  test('with kinds in unknown versions, unknown fields and resources without a schema: nothing is reported about these, and nothing crashes', async () => {
    const definition = (group: string, version: string, kind: string, plural: string): Json => ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: {
        name: `${plural}.${group}`,
        annotations: { 'api-approved.kubernetes.io': 'unapproved, for a test' },
      },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
        versions: [
          {
            name: version,
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    });
    const odd = [null, [], {}, 'text', 7, [[{ containers: 'no' }]]];
    const kinds = [
      ['keda.sh', 'v9alpha9', 'ScaledObject', 'scaledobjects'], // known in another version
      ['cert-manager.io', 'v1', 'Certificate', 'certificates'], // known, with other fields
      ['example.com', 'v1', 'Widget', 'widgets'], // unknown to everyone
      ['example.com', 'v1', 'Deployment', 'deployments'], // of a group other than the known one
    ] as const;
    const names = kinds.flatMap(([group, version, kind]) =>
      odd.map((_, index) => [group, version, kind, `odd-${index}`] as const),
    );
    for (const [group, version, kind, plural] of kinds) {
      await make('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition(group, version, kind, plural));
      const path = `/apis/${group}/${version}/namespaces/default/${plural}`;
      for (const end = Date.now() + 20_000; (await server.call('GET', path)).status !== 200;) {
        if (Date.now() > end) throw new Error(`${path} is not served`);
        await new Promise((later) => setTimeout(later, 100));
      }
      for (const [index, value] of odd.entries())
        await make(path, {
          apiVersion: `${group}/${version}`,
          kind,
          metadata: { name: `odd-${index}` },
          spec: { notAField: value, template: value, selector: value, replicas: value },
          unknown: value,
        });
    }
    const { code, report } = await audit();
    expect({ code, crashes: report.crashes, complete: report.complete }).toEqual({
      code: 0,
      crashes: [],
      complete: true,
    });
    const about = report.findings.filter(
      ({ rule, subject }) => rule.startsWith('correctness/') && subject.name.startsWith('odd-'),
    );
    expect(about.map(({ rule, subject }) => `${rule} ${subject.kind}`)).toEqual([]);
    // The same objects in files are reported if their schema is known.
    const root = mkdtempSync(join(folder, 'files-'));
    for (const [group, version, kind, name] of names)
      writeFileSync(
        join(root, `${group}-${kind}-${name}.json`),
        JSON.stringify({ apiVersion: `${group}/${version}`, kind, metadata: { name }, spec: { notAField: 1 } }),
      );
    const files = await lint({ ...allRules, cwd: root, today: '2026-11-21' });
    expect(files.crashes).toEqual([]);
    expect(
      new Set(
        files.findings
          .filter(({ rule }) => rule === 'correctness/custom-resource-invalid')
          .map(({ subject }) => subject.kind),
      ),
    ).toEqual(new Set(['Certificate']));
  }, 90_000);

  test('whose objects change meanwhile: no partner is reported as missing, changed objects are not judged, and the report lists the states', async () => {
    const account = (name: string): Json => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } });
    const deployment = (name: string): Json => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: { serviceAccountName: name, containers: [{ name: 'app', image: 'app:1' }] },
        },
      },
    });
    // One that stays, and lacks its account: the rule works.
    await make(apps, deployment('forgotten'));
    await new Promise((later) => setTimeout(later, 1100));
    const over = new AbortController();
    let made = 0;
    const churn = async (): Promise<void> => {
      while (!over.signal.aborted) {
        const name = `churn-${made++}`;
        await make(`${core}/serviceaccounts`, account(name));
        await make(apps, deployment(name));
        if (made % 3 === 0) continue;
        await server.call('DELETE', `${apps}/${name}`);
        await server.call('DELETE', `${core}/serviceaccounts/${name}`);
      }
    };
    const churning = churn();
    const missing: string[] = [];
    let moved = 0;
    let last: Report | undefined;
    try {
      for (let round = 0; round < 6; round++) {
        const { code, report } = await audit(server.token, {
          only: ['correctness/dangling-service-account', 'pod-security'],
        });
        expect({ code, crashes: report.crashes, complete: report.complete }).toEqual({
          code: 0,
          crashes: [],
          complete: true,
        });
        missing.push(
          ...report.findings
            .filter(({ rule }) => rule === 'correctness/dangling-service-account')
            .map(({ subject }) => subject.name),
        );
        moved += report.undetermined.filter(
          ({ rule, why: reason, subject }) =>
            rule === 'correctness/dangling-service-account' &&
            reason === 'it changed while the cluster was read' &&
            subject.name.startsWith('churn-'),
        ).length;
        last = report;
      }
    } finally {
      over.abort();
      await churning;
    }
    expect(made).toBeGreaterThan(9);
    expect(missing).toEqual(Array.from({ length: 6 }, () => 'forgotten'));
    expect(moved).toBeGreaterThan(0);
    const [cluster] = last?.audited ?? [];
    expect(Date.parse(cluster?.from ?? '')).toBeLessThan(Date.parse(cluster?.to ?? ''));
    expect(cluster?.resourceVersions).toMatchObject({
      'deployments.apps': expect.stringMatching(/^\d+$/),
      serviceaccounts: expect.stringMatching(/^\d+$/),
    });
    // The content of an object itself is still judged.
    expect(
      last?.findings.some(({ rule, subject }) => rule.startsWith('pod-security/') && subject.name.startsWith('churn-')),
    ).toBe(true);
  }, 90_000);

  /** Why a report is not complete. */
  const incomplete = ({ notes }: Report): string[] =>
    notes.filter(({ kind }) => kind === 'incomplete').map(({ message }) => message);
  /** Does something before a request is sent. */
  function before(what: (path: string, ask: () => Promise<ServerAnswer>) => Promise<ServerAnswer>): void {
    const { get } = Client.prototype;
    vi.spyOn(Client.prototype, 'get').mockImplementation(async function (this: Client, path, accept) {
      return await what(path, () => get.call(this, path, accept));
    });
  }

  describe('whose continue tokens expire', () => {
    const many = 1200;
    const quota = '/api/v1/namespaces/many/configmaps';
    beforeAll(async () => {
      await make('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'many' } });
      const names = Array.from({ length: many }, (_, index) => `map-${index}`);
      while (names.length > 0)
        await Promise.all(
          names
            .splice(0, 40)
            .map((name) => make(quota, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: name } })),
        );
    }, 120_000);
    /** How many ConfigMaps an audit has, where the second page is asked for too late so many times. */
    async function auditLate(times: number) {
      let [late, expired] = [times, 0];
      before(async (path, ask) => {
        if (!path.includes('/configmaps?') || !path.includes('continue=') || late <= 0) return await ask();
        late--;
        for (const end = Date.now() + 40_000; ;) {
          // The state that the token is of is compacted once there are newer ones.
          await make(quota, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'later-' } });
          const answer = await ask();
          if (answer.status === 410) {
            expired++;
            return answer;
          }
          if (Date.now() > end) throw new Error('the continue token does not expire');
          await new Promise((next) => setTimeout(next, 300));
        }
      });
      const { code, report } = await audit(server.token, {
        only: ['correctness/dangling-config-reference'],
      });
      const [list] = heard.snapshots.flatMap(({ objects }) => objects.filter(({ kind }) => kind === 'ConfigMap'));
      const names = (list?.items ?? []).map(({ metadata }) => (metadata as { name: string }).name);
      const first = names.filter((name) => name.startsWith('map-'));
      expect(new Set(first).size).toBe(many);
      expect(first).toHaveLength(many);
      return { code, expired, notes: incomplete(report) };
    }
    test('restarts such a list, and reads all of it', async () => {
      expect(await auditLate(2)).toEqual({ code: 0, expired: 2, notes: [] });
    }, 120_000);
    test('reads the rest in its current state if that continues, and reports it', async () => {
      expect(await auditLate(3)).toEqual({
        code: 3,
        expired: 3,
        notes: ['configmaps changed while they were listed: rules that need them were not judged'],
      });
    }, 120_000);
  });

  test('that revokes a token: keeps what was read, and reports the rest once, with the next step', async () => {
    const token = await tokenOf('leaving');
    const isRefused = async (): Promise<boolean> => {
      const access = { server: server.url, patience: 5000, largest: 1e6 };
      const credentials = async () => ({ ca: server.ca, headers: { authorization: `Bearer ${token}` } });
      const own = new Client({ ...access, credentials }, AbortSignal.timeout(5000));
      const { status } = await own.get('/version');
      own.close();
      return status === 401;
    };
    let lists = 0;
    let gone: Promise<void> | undefined;
    const leave = async (): Promise<void> => {
      await server.call('DELETE', `${core}/serviceaccounts/leaving`);
      for (const end = Date.now() + 30_000; !(await isRefused());) {
        if (Date.now() > end) throw new Error('the API server still takes the token');
        await new Promise((next) => setTimeout(next, 200));
      }
    };
    before(async (path, ask) => {
      if (path.includes('?limit=') && ++lists > 5) await (gone ??= leave());
      return await ask();
    });
    const { code, report } = await audit(token);
    expect({ code, complete: report.complete, crashes: report.crashes }).toEqual({
      code: 3,
      complete: false,
      crashes: [],
    });
    expect(incomplete(report)).toEqual([
      'the login to the API server expired during the audit: rules that need them were not judged',
    ]);
    expect(heard.err).toContain('Log in again, e.g.: aws sso login');
    expect(heard.snapshots[0]?.objects.length).toBeGreaterThan(1);
    const why = new Set(report.undetermined.map(({ why: reason }) => reason));
    expect(why).toContain('the login to the API server expired during the audit');
  }, 90_000);
});
