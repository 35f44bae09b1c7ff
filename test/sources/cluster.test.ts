import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ApiServer, loginOver, NoAnswer } from '#sources/api-server.ts';
import { collect, discover } from '#sources/cluster.ts';
import type { ApiKind } from '#sources/snapshot.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

type Answerer = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

/** A server with given answers, and a client for it; `asked` lists methods and paths in order. */
async function served(
  answer: Answerer,
  { patience = 2000, largest = 1_000_000, tokens = ['first'], onLogin = (): void => {} } = {},
): Promise<{ readonly server: ApiServer; readonly asked: string[]; readonly stop: AbortController }> {
  const asked: string[] = [];
  const http = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response, new URL(request.url ?? '', 'http://x'));
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const address = http.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const stop = new AbortController();
  let made = 0;
  const credentials = async () => {
    onLogin();
    const token = tokens[made++] ?? tokens.at(-1);
    if (token === '') throw new Error('no token');
    return { headers: { authorization: `Bearer ${token}` } };
  };
  const server = new ApiServer({ server: `http://127.0.0.1:${port}`, credentials, patience, largest }, stop.signal);
  closers.push(() => {
    server.close();
    http.closeAllConnections();
    http.close();
  });
  return { server, asked, stop };
}
const send = (response: ServerResponse, body: unknown, status = 200, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
};
const pods: ApiKind = { group: '', version: 'v1', kind: 'Pod', resource: 'pods', namespaced: true };
const page = (names: readonly string[], next = '') => ({
  kind: 'PodList',
  metadata: { continue: next },
  items: names.map((name) => ({ metadata: { name, namespace: 'shop' } })),
});
const wanted = { needs: () => true, namespaces: [] };
const namesOf = (items: readonly { readonly [key: string]: unknown }[]): unknown[] =>
  items.map((item) => (item['metadata'] as { name: string }).name);
const read = async (server: ApiServer, kinds = [pods], more: Partial<Parameters<typeof collect>[2]> = {}) => {
  const { objects, unread } = await collect(server, kinds, { ...wanted, ...more });
  return {
    names: objects.flatMap(({ items }) => namesOf(items)),
    unread: unread.map(({ why, isDenied }) => `${isDenied} ${why}`),
  };
};

describe('lists', () => {
  test('are read page by page, with nothing but GET', async () => {
    const { server, asked } = await served((_, response, url) =>
      send(response, url.searchParams.get('continue') === 'next' ? page(['b']) : page(['a'], 'next')),
    );
    expect(await read(server)).toEqual({ names: ['a', 'b'], unread: [] });
    expect(asked).toEqual(['GET /api/v1/pods?limit=500', 'GET /api/v1/pods?limit=500&continue=next']);
  });
  test('secrets are never requested', async () => {
    const secrets: ApiKind = { ...pods, kind: 'Secret', resource: 'secrets' };
    const { server, asked } = await served((_, response) => send(response, page([])));
    await read(server, [secrets, pods]);
    expect(asked).toEqual(['GET /api/v1/pods?limit=500']);
  });
  test('what is denied is reported, and the other kinds are read', async () => {
    const nodes: ApiKind = {
      group: 'apps',
      version: 'v1',
      kind: 'Deployment',
      resource: 'deployments',
      namespaced: true,
    };
    const { server } = await served((_, response, url) =>
      url.pathname.endsWith('/pods')
        ? send(response, { kind: 'Status', message: 'pods is forbidden.' }, 403)
        : send(response, page(['d'])),
    );
    expect(await read(server, [pods, nodes])).toEqual({ names: ['d'], unread: ['true no permission to list pods'] });
    expect((await read(server, [pods], { namespaces: ['shop'] })).unread).toEqual([
      'true no permission to list pods in namespace shop',
    ]);
  });
  test('an expired continue token starts the list again, finally with the rest in its current state', async () => {
    let expired = 0;
    const { server, asked } = await served((_, response, url) => {
      const token = url.searchParams.get('continue');
      if (token === 'rest') send(response, page(['c']));
      else if (token === 'next') {
        expired++;
        send(response, { kind: 'Status', reason: 'Expired', metadata: { continue: 'rest' } }, 410);
      } else send(response, page(['a', 'b'], 'next'));
    });
    expect(await read(server)).toEqual({
      names: ['a', 'b', 'c'],
      unread: ['false pods changed while they were listed'],
    });
    expect(expired).toBe(3);
    expect(asked).toHaveLength(7);
  });
  test('a repeated token ends the list, not the program', async () => {
    const { server, asked } = await served((_, response) => send(response, page(['a'], 'again')));
    expect((await read(server)).unread).toEqual([
      'false pods could not be listed: the server returned the same page twice',
    ]);
    expect(asked).toHaveLength(2);
  });
  test.each([
    ['an error with status 200', (r: ServerResponse) => send(r, { kind: 'Status', message: 'no leader' }), 'no leader'],
    ['an object without items', (r: ServerResponse) => send(r, {}), 'a response without items'],
    ['HTML', (r: ServerResponse) => r.end('<html>'), 'a response that is not JSON'],
    ['a server error', (r: ServerResponse) => send(r, { message: 'down.' }, 501), 'down (501)'],
    ['a closed connection', (r: ServerResponse) => r.destroy(), 'the connection was closed'],
  ])('%s', async (_, answer, why) => {
    const { server } = await served((__, response) => answer(response));
    expect((await read(server)).unread).toEqual([`false pods could not be listed: ${why}`]);
  });
  test('slow, huge and inflated answers are aborted', async () => {
    const slow = await served(() => {}, { patience: 100 });
    expect((await read(slow.server)).unread).toEqual([
      'false pods could not be listed: no response within 0.1 seconds',
    ]);
    const bomb = gzipSync(Buffer.alloc(5_000_000, ' '));
    const huge = await served((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(bomb);
    });
    expect((await read(huge.server)).unread).toEqual(['false pods could not be listed: a response of more than 1 MB']);
  });
  test('a busy server is asked again after the time that it requests', async () => {
    let busy = 2;
    const { server, asked } = await served((_, response) =>
      busy-- > 0 ? send(response, {}, 429, { 'retry-after': '0' }) : send(response, page(['a'])),
    );
    expect(await read(server)).toEqual({ names: ['a'], unread: [] });
    expect(asked).toHaveLength(3);
  });
  test('credentials are renewed before they are ten minutes old, and the old ones are kept if that fails', async () => {
    const used: string[] = [];
    const { server } = await served(
      (request, response) => {
        used.push(String(request.headers.authorization));
        send(response, page(['a']));
      },
      { tokens: ['first', 'second', ''] },
    );
    vi.useFakeTimers({ toFake: ['Date'] });
    for (const minutes of [0, 9, 2, 9, 2, 1]) {
      vi.setSystemTime(Date.now() + minutes * 60_000);
      expect(await read(server)).toEqual({ names: ['a'], unread: [] });
    }
    vi.useRealTimers();
    expect(used).toEqual(['first', 'first', 'second', 'second', 'second', 'second'].map((one) => `Bearer ${one}`));
  });
  const core = ['pods', 'services', 'nodes'].map((resource): ApiKind => ({ ...pods, resource, kind: resource }));
  test('an expired login is one reason for everything that is left, and what was read is kept', async () => {
    let isOver = false;
    let made = 0;
    const { server, asked } = await served(
      (_, response, { pathname }) => {
        if (isOver) return send(response, { kind: 'Status' }, 401);
        if (pathname.endsWith('/pods')) isOver = true;
        send(response, page(['a'], 'next'));
      },
      { onLogin: () => void made++ },
    );
    const { objects, unread } = await collect(server, core, wanted);
    expect(objects.flatMap(({ items }) => namesOf(items)).length).toBeGreaterThan(0);
    expect(new Set(unread.map(({ why, isDenied }) => `${isDenied} ${why}`))).toEqual(new Set([`false ${loginOver}`]));
    expect(unread).toHaveLength(3);
    // One new token for all requests that were rejected together, and no further requests once the login is known to be
    // over.
    expect(made).toBeLessThanOrEqual(3);
    const before = asked.length;
    expect((await collect(server, core, wanted)).unread).toHaveLength(3);
    expect(asked.length).toBe(before);
  });
  test('the server of one API group that rejects the login does not affect the others', async () => {
    const metrics: ApiKind = { ...pods, group: 'metrics.k8s.io', resource: 'podmetrics', kind: 'PodMetrics' };
    const { server } = await served((_, response, { pathname }) =>
      pathname.startsWith('/apis/metrics')
        ? send(response, { message: 'Unauthorized' }, 401)
        : send(response, page(['a'])),
    );
    expect(await read(server, [metrics, ...core])).toEqual({
      names: ['a', 'a', 'a'],
      unread: ['false podmetrics.metrics.k8s.io could not be listed: Unauthorized (401)'],
    });
  });
  test('credentials that are refused are made again, once', async () => {
    const { server, asked } = await served(
      (request, response) =>
        request.headers.authorization === 'Bearer second' ? send(response, page(['a'])) : send(response, {}, 401),
      { tokens: ['first', 'second'] },
    );
    expect(await read(server)).toEqual({ names: ['a'], unread: [] });
    expect(asked).toHaveLength(2);
    const refused = await served((_, response) => send(response, { message: 'Unauthorized' }, 401));
    expect((await read(refused.server)).unread).toEqual(['false pods could not be listed: Unauthorized (401)']);
    expect(refused.asked).toHaveLength(2);
  });
  test('the end of the time ends all requests', async () => {
    const { server, stop } = await served((_, response) => send(response, {}, 429, { 'retry-after': '60' }));
    setTimeout(() => stop.abort(), 100);
    expect((await read(server)).unread).toEqual(['false the audit timed out']);
  });
  test('what was read before a list fails is kept, and the list is reported', async () => {
    const { server, stop } = await served((_, response, url) => {
      const at = Number(url.searchParams.get('continue') ?? 0);
      if (at === 2) stop.abort();
      else send(response, page([`p${at}`], String(at + 1)));
    });
    expect(await read(server)).toEqual({
      names: ['p0', 'p1'],
      unread: ['false the audit timed out'],
    });
  });
  test('pages that never end end with the time for the audit', async () => {
    let n = 0;
    const { server, stop } = await served((_, response) => send(response, page([`p${n++}`], `token-${n}`)));
    setTimeout(() => stop.abort(), 300);
    const { unread, names } = await read(server);
    expect(unread).toEqual(['false the audit timed out']);
    expect(names.length).toBeGreaterThan(1);
  });
  test.each([
    ['plain', {}, Buffer.alloc(1000, ' ')],
    ['packed', { 'content-encoding': 'gzip' }, gzipSync(randomBytes(1000))],
  ])('an answer that drips is aborted after the time for one request: %s', async (_, headers, bytes) => {
    const { server } = await served(
      (__, response) => {
        response.writeHead(200, { 'content-type': 'application/json', ...headers });
        let at = 0;
        const drip = setInterval(() => response.write(bytes.subarray(at, ++at)), 20);
        response.on('close', () => clearInterval(drip));
      },
      { patience: 200 },
    );
    expect((await read(server)).unread).toEqual(['false pods could not be listed: no response within 0.2 seconds']);
  });
  test('copies of a controller share their data, and differ where they do', async () => {
    const owned = (name: string, image: string, node: string) => ({
      metadata: {
        name,
        namespace: 'shop',
        uid: name,
        labels: { app: 'a' },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'a-1', controller: true }],
      },
      spec: {
        nodeName: node,
        containers: [
          { name: 'a', image, volumeMounts: [{ name: `kube-api-access-${name}`, mountPath: '/var/run/secrets' }] },
        ],
        volumes: [{ name: `kube-api-access-${name}`, projected: {} }],
      },
      status: { phase: 'Running' },
    });
    const { server } = await served((_, response) =>
      send(response, {
        metadata: {},
        items: [owned('aaaaa', 'a:1', 'n1'), owned('bbbbb', 'a:1', 'n2'), owned('ccccc', 'a:2', 'n3')],
      }),
    );
    const { objects } = await collect(server, [pods], wanted);
    const [first, second, third] = (objects[0]?.items ?? []) as {
      readonly spec: object;
      readonly metadata: Record<string, unknown>;
    }[];
    expect(first?.spec).toEqual({ containers: [{ name: 'a', image: 'a:1' }] });
    expect(second?.spec).toBe(first?.spec);
    expect(third?.spec).toEqual({ containers: [{ name: 'a', image: 'a:2' }] });
    expect(third?.metadata['labels']).toBe(first?.metadata['labels']);
    expect([first, second, third].map((one) => one?.metadata['name'])).toEqual(['aaaaa', 'bbbbb', 'ccccc']);
  });
  test('are read through the configured proxy, except for hosts in NO_PROXY', async () => {
    const { server, asked } = await served((_, response) => send(response, page(['a'])));
    const led: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket: Socket) => {
      led.push(request.url ?? '');
      const [host = '', port = ''] = (request.url ?? '').split(':');
      const target = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        target.pipe(socket).pipe(target);
      });
      for (const end of [target, socket]) end.on('error', () => end.destroy());
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    const address = proxy.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    closers.push(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    vi.stubEnv('HTTP_PROXY', url);
    expect(await read(server)).toEqual({ names: ['a'], unread: [] });
    expect({ led: led.length, asked: asked.length }).toEqual({ led: 1, asked: 1 });
    vi.stubEnv('NO_PROXY', '127.0.0.1');
    const direct = await served((_, response) => send(response, page(['b'])));
    expect(await read(direct.server)).toEqual({ names: ['b'], unread: [] });
    expect(led).toHaveLength(1);
    vi.unstubAllEnvs();
  });
  test('at most four requests run at once', async () => {
    let open = 0;
    let most = 0;
    const { server } = await served((_, response) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open--;
        send(response, page([]));
      }, 20);
    });
    await read(
      server,
      Array.from({ length: 20 }, (_, i) => ({ ...pods, resource: `kind${i}` })),
    );
    expect(most).toBe(4);
  });
  test('what no rule reads and what may be secret is dropped', async () => {
    const applied = JSON.stringify({ apiVersion: 'apps/v1beta1', kind: 'Deployment', spec: { env: 'hunter2' } });
    const metadata = {
      name: 'a',
      managedFields: [{ manager: 'x' }],
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': applied, kept: 'yes' },
    };
    const { server } = await served((_, response) =>
      send(response, {
        metadata: {},
        items: [{ metadata, spec: { nodeName: 'n' }, status: { phase: 'Running', podIP: '10.0.0.7' } }],
      }),
    );
    const { objects } = await collect(server, [pods], wanted);
    expect(objects[0]?.items).toEqual([
      {
        metadata: {
          name: 'a',
          annotations: {
            'kubectl.kubernetes.io/last-applied-configuration': '{"apiVersion":"apps/v1beta1","kind":"Deployment"}',
            kept: 'yes',
          },
        },
        spec: { nodeName: 'n' },
        status: { phase: 'Running' },
      },
    ]);
  });
});

describe('discovery', () => {
  const resources = [
    { resource: 'deployments', responseKind: { kind: 'Deployment' }, scope: 'Namespaced', verbs: ['get', 'list'] },
    { resource: 'reviews', responseKind: { kind: 'Review' }, scope: 'Cluster', verbs: ['create'] },
  ];
  test('in one answer, with a group whose server is down', async () => {
    const { server } = await served((_, response, url) =>
      send(response, {
        kind: 'APIGroupDiscoveryList',
        items:
          url.pathname === '/api'
            ? []
            : [
                { metadata: { name: 'apps' }, versions: [{ version: 'v1', freshness: 'Current', resources }] },
                { metadata: { name: 'metrics.k8s.io' }, versions: [{ version: 'v1beta1', freshness: 'Stale' }] },
              ],
      }),
    );
    expect(await discover(server)).toEqual({
      kinds: [{ group: 'apps', version: 'v1', kind: 'Deployment', resource: 'deployments', namespaced: true }],
      unread: [{ group: 'metrics.k8s.io', why: 'its server does not respond' }],
    });
  });
  test('group by group, with one that cannot be asked', async () => {
    const { server } = await served((_, response, url) => {
      const answers: Readonly<Record<string, unknown>> = {
        '/api': { kind: 'APIVersions', versions: ['v1'] },
        '/apis': {
          kind: 'APIGroupList',
          groups: ['apps', 'metrics.k8s.io'].map((name) => ({ name, preferredVersion: { version: 'v1' } })),
        },
        '/api/v1': {
          resources: [
            { name: 'pods', kind: 'Pod', namespaced: true, verbs: ['list'] },
            { name: 'pods/log', kind: 'Pod', verbs: ['get'] },
          ],
        },
        '/apis/apps/v1': {
          resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true, verbs: ['list'] }],
        },
      };
      const answer = answers[url.pathname];
      if (answer) send(response, answer);
      else send(response, { message: 'service unavailable' }, 501);
    });
    expect(await discover(server)).toEqual({
      kinds: [pods, { group: 'apps', version: 'v1', kind: 'Deployment', resource: 'deployments', namespaced: true }],
      unread: [{ group: 'metrics.k8s.io', why: 'service unavailable (501)' }],
    });
  });
  const gateway = (kind: string, version: string): ApiKind => ({
    group: 'gateway.networking.k8s.io',
    version,
    kind,
    resource: `${kind.toLowerCase()}s`,
    namespaced: true,
  });
  test.each([true, false])(
    'finds kinds that are in another version than the preferred one (in one answer: %s)',
    async (isOne) => {
      const group = 'gateway.networking.k8s.io';
      const kindsOf: Readonly<Record<string, readonly string[]>> = {
        v1: ['Gateway'],
        v1beta1: ['Gateway', 'ReferenceGrant'],
      };
      const { server } = await served((_, response, { pathname }) => {
        if (pathname === '/api') return send(response, isOne ? { kind: 'APIGroupDiscoveryList', items: [] } : {});
        if (pathname === '/api/v1') return send(response, { resources: [] });
        const version = pathname.split('/').at(-1) ?? '';
        if (pathname !== '/apis')
          return send(response, {
            resources: (kindsOf[version] ?? []).map((kind) => ({
              name: `${kind.toLowerCase()}s`,
              kind,
              namespaced: true,
              verbs: ['list'],
            })),
          });
        const versions = Object.entries(kindsOf).map(([name, kinds]) => ({
          version: name,
          freshness: 'Current',
          resources: kinds.map((kind) => ({
            resource: `${kind.toLowerCase()}s`,
            responseKind: { kind },
            scope: 'Namespaced',
            verbs: ['list'],
          })),
        }));
        send(
          response,
          isOne
            ? { kind: 'APIGroupDiscoveryList', items: [{ metadata: { name: group }, versions }] }
            : { groups: [{ name: group, versions, preferredVersion: { version: 'v1' } }] },
        );
      });
      expect(await discover(server)).toEqual({
        kinds: [gateway('Gateway', 'v1'), gateway('ReferenceGrant', 'v1beta1')],
        unread: [],
      });
    },
  );
  test('is needed', async () => {
    const { server } = await served((_, response) => send(response, { message: 'no' }, 403));
    await expect(discover(server)).rejects.toThrow(NoAnswer);
  });
});
