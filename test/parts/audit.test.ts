import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { clusterRole, listedKinds } from '#commands/access.ts';
import { type Flags, run } from '#commands/audit.ts';
import type { Report, SubjectName } from '#model/finding.ts';
import { isRecord } from '#model/shape.ts';
import { ApiServer as Client } from '#sources/api-server.ts';
import { discover, resourceName } from '#sources/cluster.ts';
import type * as Pipeline from '#pipeline.ts';
import { lint } from '#pipeline.ts';
import type { ApiKind, Snapshot } from '#sources/snapshot.ts';
import type { Json } from '../sample-objects.ts';
import { type ApiServer, startApiServer, whyNoApiServer } from './kube-apiserver.ts';
import { definitionsOf, loadObjects, oneOf, rigObjects } from './rig.ts';
import { everyRule } from './audit-flags.ts';
import { allRules } from '../all-rules.ts';

/* The whole command against a real API server that contains the objects of the rule pages and of the scenarios. */

const why = whyNoApiServer();
if (why !== undefined) console.warn(`skipped: ${why}`);

/** The output of the command, and its report. */
const heard = vi.hoisted(() => ({
  out: '',
  err: '',
  report: undefined as unknown,
  snapshots: [] as readonly Snapshot[],
}));
vi.mock('#commands/output.ts', async (original) => ({
  ...(await original<object>()),
  print: (text: string) => void (heard.out += text),
  say: (text: string) => void (heard.err += text),
}));
vi.mock('#pipeline.ts', async (original) => {
  const { lint, ...others } = await original<typeof Pipeline>();
  return {
    ...others,
    lint: async (options: Parameters<typeof lint>[0]) => {
      if (options.snapshots) heard.snapshots = options.snapshots;
      return (heard.report = await lint(options));
    },
  };
});

const nameOf = (kind: unknown, namespace: unknown, name: unknown): string =>
  `${String(kind)} ${String(namespace)}/${String(name)}`;

const keyOf = (rule: string, { kind, namespace, name }: SubjectName): string =>
  `${rule}\t${nameOf(kind, namespace, name)}`;
/** Which rule has found something about which object, wherever that is written. */
const verdictsOf = ({ findings }: Report): Set<string> =>
  new Set(findings.map(({ rule, subject }) => keyOf(rule, subject)));
const exactVerdicts = ({ findings }: Report): Set<string> =>
  new Set(findings.map(({ rule, subject, at, message }) => `${keyOf(rule, subject)}\t${at.path}\t${message}`));

describe.skipIf(why !== undefined)('an audit of a real API server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ekslint-audit-'));
  const logFile = join(folder, 'audit.log');
  let server: ApiServer;
  let loaded: Awaited<ReturnType<typeof loadObjects>>;
  /** All kinds that an audit may list; the server has objects of each. */
  let lists: readonly ApiKind[] = [];

  const kubeconfig = (token: string): string => {
    const file = join(folder, `${token.slice(-12)}.yaml`);
    writeFileSync(
      file,
      stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'test',
        clusters: [
          {
            name: 'test',
            cluster: {
              server: server.url,
              'certificate-authority-data': Buffer.from(server.ca).toString('base64'),
            },
          },
        ],
        users: [{ name: 'test', user: { token } }],
        contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      }),
      { mode: 0o600 },
    );
    return file;
  };
  const audit = async (token: string, flags: Flags = {}) => {
    Object.assign(heard, { out: '', err: '', report: undefined });
    const code = await run([], {
      aws: false,
      kubeconfig: kubeconfig(token),
      ...everyRule,
      ...flags,
    });
    return { code, report: heard.report as Report, out: heard.out, err: heard.err };
  };

  beforeAll(async () => {
    const policy = join(folder, 'policy.yaml');
    writeFileSync(policy, stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Metadata' }] }));
    server = await startApiServer([
      `--audit-policy-file=${policy}`,
      `--audit-log-path=${logFile}`,
      '--audit-log-mode=blocking',
      '--allow-privileged',
    ]);
    const objects = rigObjects().filter((one) => !bindsEverybody(one));
    const served = new Set((await discoverAll(server)).map(({ group, resource }) => `${group} ${resource}`));
    const unserved = listedKinds.filter(({ group, resource }) => !served.has(`${group} ${resource}`));
    // A definition of the corpus comes first, and is the one that is taken.
    loaded = await loadObjects(server, [...objects, ...definitionsOf(unserved, objects)]);
    const isListed = (kind: ApiKind): boolean =>
      listedKinds.some(({ group, resource }) => group === kind.group && resource === kind.resource);
    lists = (await discoverAll(server)).filter(isListed);
    const isEmpty = async (kind: ApiKind): Promise<boolean> => {
      const { body } = await server.call('GET', `${pathOf(kind)}?limit=1`);
      return isRecord(body) && Array.isArray(body['items']) && body['items'].length === 0;
    };
    for (const kind of lists)
      if (await isEmpty(kind)) {
        const { taken, refused } = await loadObjects(server, [oneOf(kind)]);
        expect(refused.filter((one) => !one.startsWith('Namespace: 409'))).toEqual([]);
        loaded.taken.push(...taken);
      }
  }, 300_000);
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The findings of lint for the same objects as files. */
  const lintFiles = async (objects: readonly Json[]): Promise<Report> => {
    const root = mkdtempSync(join(folder, 'files-'));
    for (const object of objects) {
      const file = join(root, subjectOf(object).replaceAll(/[^\w.-]/g, '_'));
      // The space keeps the order of the names: `a` comes before `a-b`.
      writeFileSync(`${file} .json`, JSON.stringify(object));
    }
    return await lint({ ...allRules, cwd: root, today: '2026-11-21' });
  };
  test('finds what lint finds in the same objects, rule by rule', async () => {
    expect(loaded.taken.length).toBeGreaterThan(400);
    const { code, report, err } = await audit(server.token);
    expect({ code, err, crashes: report.crashes }).toEqual({ code: 0, err: '', crashes: [] });
    const found = verdictsOf(report);
    const left = new Set(report.undetermined.map(({ rule, subject }) => keyOf(rule, subject)));
    expect(new Set(report.findings.map(({ rule }) => rule)).size).toBeGreaterThan(80);

    // As the API server stores them, with its defaults.
    const stored = heard.snapshots.flatMap(({ objects }) =>
      objects.flatMap(({ items, kind, group, version }) =>
        items.map((item): Json => ({ apiVersion: group === '' ? version : `${group}/${version}`, kind, ...item })),
      ),
    );
    // Objects as they were written would differ: the defaults of the API server and of LimitRanges replace missing
    // values.
    const files = await lintFiles(stored);
    const inFiles = verdictsOf(files);
    // In files a Spark Pod is a template that Spark completes; in a cluster it runs as it is.
    const isOfSpark = (one: Json): boolean => JSON.stringify(one).includes('"spark-kubernetes-');
    const names = new Set(stored.filter((one) => !isOfSpark(one)).map((one) => subjectOf(one)));
    const open = new Set(files.undetermined.map(({ rule, subject }) => keyOf(rule, subject)));
    expect(
      [...found].filter(
        (one) => !inFiles.has(one) && !open.has(one) && !isCertainInCluster(one) && names.has(one.split('\t')[1] ?? ''),
      ),
    ).toEqual([]);
    expect([...inFiles].filter((one) => !found.has(one) && !left.has(one) && !isOfFilesAlone(one))).toEqual([]);
  }, 120_000);

  test('each kind that may not be listed leaves rules unjudged and changes no verdict; the printed role fixes it', async () => {
    const token = await makeAuditor(server, 'ekslint-auditor');
    const whole = parse(clusterRole(listedKinds)) as Json;
    await grant(server, whole);
    // It takes the server a moment to see the role.
    await until(async () => (await audit(token)).code === 0);
    const full = await audit(token);
    expect({ code: full.code, err: full.err }).toEqual({ code: 0, err: '' });
    const verdicts = exactVerdicts(full.report);
    const read = heard.snapshots.flatMap(({ objects }) => objects);
    const nameOfKind = ({ group, resource }: Pick<ApiKind, 'group' | 'resource'>): string => `${resource}.${group}`;
    expect(read.map(nameOfKind).sort()).toEqual(listedKinds.map(nameOfKind).sort());
    for (const [index, one] of lists.entries()) {
      const { group, resource, kind } = one;
      await grant(server, { ...whole, rules: without(whole['rules'], group, resource) });
      await until(async () => (await get(server, token, one)) === 403, `no ${resource}`);
      const { code, report, err } = await audit(token);
      const left = exactVerdicts(report);
      expect({ resource, code, complete: report.complete }).toEqual({ resource, code: 3, complete: false });
      expect(
        report.undetermined.some(({ why }) => why === `no permission to list ${resourceName(one)}`),
        resource,
      ).toBe(true);
      expect(
        [...left].filter((one) => !verdicts.has(one)),
        resource,
      ).toEqual([]);
      const open = new Set(report.undetermined.map(({ rule, subject }) => keyOf(rule, subject)));
      const lost = [...verdicts].filter((one) => {
        const [rule = '', subject = ''] = one.split('\t');
        return !left.has(one) && !subject.startsWith(`${kind} `) && !open.has(`${rule}\t${subject}`);
      });
      expect(lost, resource).toEqual([]);
      // The printed role contains what is missing: with it the audit is complete again.
      const printed = parse(err.slice(err.indexOf('apiVersion:'))) as Json;
      const lacking = (printed['rules'] as Json[]).filter((rule) => !rule['resourceNames']);
      expect(lacking).toEqual([{ apiGroups: [group], resources: [resource], verbs: ['list'] }]);
      if (index % 20 !== 0) continue;
      await grant(server, { ...printed, rules: [...without(whole['rules'], group, resource), ...lacking] });
      await until(async () => (await get(server, token, one)) === 200);
      const cured = await audit(token);
      expect({ resource, code: cured.code }).toEqual({ resource, code: 0 });
      expect(exactVerdicts(cured.report)).toEqual(verdicts);
    }
  }, 900_000);

  test('the names in the ClusterRole are those of the API server', async () => {
    const served = await discoverAll(server);
    const known = new Set(served.map(({ group, resource }) => `${group} ${resource}`));
    expect(listedKinds.filter(({ group, resource }) => !known.has(`${group} ${resource}`))).toEqual([]);
    // What is a definition of this test has the name that we give it: these are theirs (their definitions in their repositories).
    for (const name of [
      'endpoints.',
      'ingressclassparams.elbv2.k8s.aws',
      'k8sallowedrepos.constraints.gatekeeper.sh',
      'networkpolicies.crd.projectcalico.org',
      'ec2nodeclasses.karpenter.k8s.aws',
    ])
      expect(listedKinds.map(({ group, resource }) => `${resource}.${group}`)).toContain(name);
  });

  test('the audit log shows only get and list, and no request for secrets', async () => {
    const before = auditLog(logFile).length;
    const token = await makeAuditor(server, 'logged');
    await grant(server, parse(clusterRole(listedKinds)) as Json, 'logged');
    await audit(token);
    const mine = auditLog(logFile)
      .slice(before)
      .filter(({ user }) => isRecord(user) && user['username'] === 'system:serviceaccount:default:logged');
    expect(mine.length).toBeGreaterThan(20);
    expect([...new Set(mine.map(({ verb }) => verb))].sort()).toEqual(['get', 'list']);
    expect(mine.filter(({ requestURI }) => /\/secrets(?:[/?]|$)/.test(String(requestURI)))).toEqual([]);
    expect(mine.every(({ userAgent }) => userAgent === 'ekslint')).toBe(true);
  }, 60_000);

  test('an aggregated API whose server is down is reported, and stops nothing', async () => {
    await server.call('POST', '/apis/apiregistration.k8s.io/v1/apiservices', {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.metrics.k8s.io' },
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
        service: { name: 'metrics-server', namespace: 'kube-system' },
      },
    });
    await until(async () => (await audit(server.token)).err !== '');
    expect(heard.err).toBe('note: API group metrics.k8s.io could not be read: its server does not respond\n');
    expect((heard.report as Report).findings.length).toBeGreaterThan(100);
    await server.call('DELETE', '/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io');
  }, 60_000);

  test('kinds of an aggregated API whose server is dead are not judged as if there were none', async () => {
    // The API server of Calico serves its policies (Calico documentation, Install the API server); here its definition makes room for it.
    const name = 'globalnetworkpolicies.projectcalico.org';
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    for (const one of [name, 'networkpolicies.projectcalico.org']) await server.call('DELETE', `${definitions}/${one}`);
    const isGone = async (): Promise<boolean> => (await server.call('GET', `${definitions}/${name}`)).status === 404;
    await until(isGone);
    const services = '/apis/apiregistration.k8s.io/v1/apiservices';
    const apiService = {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v3.projectcalico.org' },
      spec: {
        group: 'projectcalico.org',
        version: 'v3',
        groupPriorityMinimum: 1500,
        versionPriority: 200,
        insecureSkipTLSVerify: true,
        service: { name: 'calico-api', namespace: 'calico-system' },
      },
    };
    await server.call('POST', services, apiService);
    const why = 'API group projectcalico.org could not be read: its server does not respond';
    await until(async () => (await audit(server.token)).err.includes(why));
    const { code, report } = await audit(server.token);
    await server.call('DELETE', `${services}/v3.projectcalico.org`);
    expect({ code, complete: report.complete }).toEqual({ code: 3, complete: false });
    const rules = new Set(report.undetermined.filter((one) => one.why === why).map(({ rule }) => rule));
    expect([...rules]).toContain('networking/default-deny-missing');
  }, 90_000);

  test('a token that is revoked ends the audit with the next step', async () => {
    const token = await makeAuditor(server, 'gone');
    await server.call('DELETE', '/api/v1/namespaces/default/serviceaccounts/gone');
    await until(async () => (await get(server, token)) === 401);
    await expect(audit(token)).rejects.toThrow('rejects these credentials');
  });
});

/** All kinds that an API server can list. */
async function discoverAll({ url, ca, token }: ApiServer): Promise<readonly ApiKind[]> {
  const credentials = async () => ({ ca, headers: { authorization: `Bearer ${token}` } });
  const client = new Client(
    { server: url, credentials, patience: 5000, largest: 10_000_000 },
    AbortSignal.timeout(9000),
  );
  const { kinds } = await discover(client);
  client.close();
  return kinds;
}

const subjectOf = (object: Json): string => {
  const { namespace = '', name } = object['metadata'] as Json;
  return nameOf(object['kind'], namespace, name);
};

/** What files leave undetermined, or do not contain. */
const isCertainInCluster = (verdict: string): boolean =>
  [
    'correctness/dangling-class', // none of this kind in the files
    'correctness/dangling-admission-policy',
    'correctness/dangling-service-account', // what files lack may be elsewhere
    'correctness/dangling-config-reference',
    'correctness/dangling-claim',
    'rbac/dangling-subject',
    'networking/dangling-ingress-backend',
    'networking/dangling-gateway-backend',
    'images/stale-pull-policy', // the API server has written the policy
    'scaling/hpa-dangling-target',
    'storage/empty-dir-unbounded', // `emptyDir` without a value: the API server has made it a map
  ].includes(verdict.split('\t')[0] ?? '');

/** What files are judged against and a running cluster is not. */
function isOfFilesAlone(verdict: string): boolean {
  const [rule = '', subject = ''] = verdict.split('\t');
  // What EKS and the API server themselves create.
  if (/ kube-system\/|^\w+ \/(?:system:|gp2$)|^APIService \//.test(subject)) return true;
  return [
    'correctness/unrendered-template', // is about source text
    'correctness/selector-mismatch', // the API server has generated the selector of a Job
    'scaling/hpa-fixed-replicas', // the autoscaler has set the number
    'upgrades/deprecated-api', // the API server serves each object in all versions
    'upgrades/removed-api',
    'correctness/invalid-name', // the API server has accepted the name
    'correctness/unreferenced-object', // what the API server creates may refer to it
    'reliability/pinned-to-node', // the scheduler has set the node
    'correctness/dangling-owner', // is about objects that were exported from a cluster
  ].includes(rule);
}

/** Creates a service account; returns a token for it. */
async function makeAuditor(server: ApiServer, name: string): Promise<string> {
  const at = '/api/v1/namespaces/default/serviceaccounts';
  await server.call('POST', at, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } });
  const { body } = await server.call('POST', `${at}/${name}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {},
  });
  return (body as { status: { token: string } }).status.token;
}

/** Gives a role to a service account, in place of its previous one. */
async function grant(server: ApiServer, role: Json, account = 'ekslint-auditor'): Promise<void> {
  const at = '/apis/rbac.authorization.k8s.io/v1';
  const named = { ...role, metadata: { name: account } };
  const { status, body } = await server.call('PUT', `${at}/clusterroles/${account}`, named);
  if (status !== 404 && status >= 300) throw new Error(JSON.stringify(body));
  if (status === 404) await server.call('POST', `${at}/clusterroles`, named);
  const subjects = [{ kind: 'ServiceAccount', name: account, namespace: 'default' }];
  const bound = await server.call('POST', `${at}/clusterrolebindings`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: account },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: account },
    subjects,
  });
  // It may exist from an earlier grant.
  const { body: there } = await server.call('GET', `${at}/clusterrolebindings/${account}`);
  if (bound.status !== 409 && bound.status >= 300) throw new Error(JSON.stringify(bound.body));
  expect(isRecord(there) && there['subjects']).toEqual(subjects);
}

/** Rules of a role without one resource. */
const without = (rules: unknown, group: string, resource: string): Json[] =>
  (rules as Json[])
    .map((rule) =>
      (rule['apiGroups'] as string[]).includes(group) && !rule['resourceNames']
        ? { ...rule, resources: (rule['resources'] as string[]).filter((one) => one !== resource) }
        : rule,
    )
    .filter((rule) => (rule['resources'] as string[]).length > 0);

const pathOf = ({ group, version, resource }: ApiKind): string =>
  `${group === '' ? '/api' : `/apis/${group}`}/${version}/${resource}`;

/** The status of the answer to a list, or of the version where no kind is named. */
async function get(server: ApiServer, token: string, kind?: ApiKind): Promise<number> {
  const path = kind ? `${pathOf(kind)}?limit=1` : '/version';
  return await new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    request(`${server.url}${path}`, { ca: server.ca, headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

/** Waits for what the API server does a little later: its authorizer sees roles through a watch. */
async function until(isThere: () => Promise<boolean>, what = ''): Promise<void> {
  for (const end = Date.now() + 20_000; !(await isThere());) {
    if (Date.now() > end) throw new Error(`it has not come about: ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

const auditLog = (file: string): Json[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Json);

/** Objects that would give the auditor of these tests permissions that they remove. */
const bindsEverybody = ({ kind, subjects }: Json): boolean =>
  String(kind).endsWith('RoleBinding') &&
  /system:(?:authenticated|serviceaccounts|masters)/.test(JSON.stringify(subjects));
