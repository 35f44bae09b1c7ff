import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { run } from '#commands/audit.ts';
import type { Report } from '#model/finding.ts';
import type * as Pipeline from '#pipeline.ts';
import { ApiServer as Client } from '#sources/api-server.ts';
import { everyRule } from './audit-flags.ts';
import { type ApiServer, startApiServer, whyNoApiServer } from './kube-apiserver.ts';
import { type AwsServer, startStub } from './moto.ts';

/* An audit that logs in as EKS has it, at a real API server whose address is of IPv6: a webhook looks at the tokens. */

const why = whyNoApiServer();
if (why !== undefined) console.warn(`skipped: ${why}`);

const heard = vi.hoisted(() => ({ err: '', report: undefined as unknown }));
vi.mock('#commands/output.ts', async (original) => ({
  ...(await original<object>()),
  print: () => {},
  say: (text: string) => void (heard.err += text),
}));
vi.mock('#pipeline.ts', async (original) => {
  const { lint: real, ...others } = await original<typeof Pipeline>();
  return { ...others, lint: async (options: Parameters<typeof real>[0]) => (heard.report = await real(options)) };
});

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

describe.skipIf(why !== undefined)('an audit of a real API server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ekslint-login-'));
  const before = { ...process.env };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } };
  let server: ApiServer;
  let aws: AwsServer;
  /** Those that the webhook was asked for, those of them that it no longer takes, and whether it takes new ones. */
  const tokens = new Set<string>();
  const refused = new Set<string>();
  let takesNew = true;
  const webhook = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { apiVersion, kind, spec } = JSON.parse(Buffer.concat(chunks).toString()) as {
        apiVersion: string;
        kind: string;
        spec: { token: string };
      };
      if (!takesNew && !tokens.has(spec.token)) refused.add(spec.token);
      tokens.add(spec.token);
      const authenticated = spec.token.startsWith('k8s-aws-v1.') && !refused.has(spec.token);
      const user = { username: 'auditor', groups: ['system:masters'] };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ apiVersion, kind, status: { authenticated, ...(authenticated ? { user } : {}) } }));
    });
  });
  const through: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket) => {
    through.push(request.url ?? '');
    const { hostname, port } = new URL(`http://${request.url}`);
    const out = connect(Number(port), hostname.replace(/^\[|\]$/g, ''), () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      out.pipe(socket);
      socket.pipe(out);
    });
    for (const end of [out, socket]) end.on('error', () => end.destroy());
  });
  let proxyUrl = '';

  const audit = async () => {
    Object.assign(heard, { err: '', report: undefined });
    const code = await run(['prod'], { ...everyRule, only: ['pod-security/*', 'reliability/bare-pod'] });
    const report = heard.report as Report;
    const incomplete = report.notes.filter(({ kind }) => kind === 'incomplete').map(({ message }) => message);
    return { code, incomplete, found: report.findings.map(({ rule }) => rule), audited: report.audited };
  };

  beforeAll(async () => {
    const file = join(folder, 'webhook.json');
    const url = `http://127.0.0.1:${await listening(webhook)}`;
    writeFileSync(
      file,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'webhook',
        clusters: [{ name: 'webhook', cluster: { server: url } }],
        contexts: [{ name: 'webhook', context: { cluster: 'webhook', user: 'webhook' } }],
        users: [{ name: 'webhook', user: {} }],
      }),
    );
    proxyUrl = `http://127.0.0.1:${await listening(proxy)}`;
    server = await startApiServer(
      [
        `--authentication-token-webhook-config-file=${file}`,
        '--authentication-token-webhook-version=v1',
        '--authentication-token-webhook-cache-ttl=1ms',
      ],
      '::1',
    );
    await server.call('POST', '/api/v1/namespaces/default/pods', {
      ...pod,
      spec: { hostPID: true, containers: [{ name: 'web', image: 'web:1' }] },
    });
    aws = await startStub();
    aws.answer = ({ operation }, response) => {
      if (operation !== 'eks:DescribeCluster') return false;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          cluster: {
            name: 'prod',
            arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod',
            version: '1.35',
            status: 'ACTIVE',
            endpoint: server.url,
            certificateAuthority: { data: Buffer.from(server.ca).toString('base64') },
            kubernetesNetworkConfig: { ipFamily: 'ipv6', serviceIpv6Cidr: 'fd00::/112' },
          },
        }),
      );
      return true;
    };
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    await aws?.stop();
    for (const one of [webhook, proxy]) {
      one.closeAllConnections();
      one.close();
    }
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    // Tokens of one second are the same, and the API server remembers those that it knows.
    await new Promise((next) => setTimeout(next, 1100));
    process.env = {
      PATH: before['PATH'],
      HOME: folder,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'eu-west-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL: aws.url,
    };
    tokens.clear();
    refused.clear();
    through.length = 0;
    takesNew = true;
    return () => {
      process.env = before;
      vi.restoreAllMocks();
    };
  });

  test('at an IPv6 address finds its objects, and names the address', async () => {
    const { code, incomplete, found, audited } = await audit();
    expect({ code, incomplete }).toEqual({ code: 0, incomplete: [] });
    expect(found).toEqual(expect.arrayContaining(['pod-security/host-pid', 'reliability/bare-pod']));
    expect(audited?.[0]?.endpoint).toBe(server.url);
    expect(server.url).toMatch(/^https:\/\/\[::1\]:\d+$/);
    expect(tokens.size).toBe(1);
  }, 60_000);
  test('at an IPv6 address uses the proxy and checks the certificate of the server, unless a NO_PROXY block contains the address', async () => {
    process.env['HTTPS_PROXY'] = proxyUrl;
    expect(await audit()).toMatchObject({ code: 0, incomplete: [] });
    expect(new Set(through)).toEqual(new Set([new URL(server.url).host]));
    process.env['NO_PROXY'] = '10.0.0.0/8,::/64';
    through.length = 0;
    expect(await audit()).toMatchObject({ code: 0, incomplete: [] });
    expect(through).toEqual([]);
  }, 60_000);
  /** Revokes the token of an audit that has asked for some lists, and waits until the API server has noticed. */
  function revokeMidway(): void {
    const { get } = Client.prototype;
    let lists = 0;
    let gone: Promise<void> | undefined;
    const revoke = async (): Promise<void> => {
      const [token = ''] = tokens;
      refused.add(token);
      const credentials = async () => ({ ca: server.ca, headers: { authorization: `Bearer ${token}` } });
      const own = new Client(
        { server: server.url, credentials, patience: 5000, largest: 1e6 },
        AbortSignal.timeout(40_000),
      );
      // It remembers for ten seconds what the webhook has said.
      const isTaken = (): Promise<boolean> =>
        get.call(own, '/version').then(
          ({ status }) => status === 200,
          () => false,
        );
      while (await isTaken()) await new Promise((next) => setTimeout(next, 300));
      own.close();
    };
    vi.spyOn(Client.prototype, 'get').mockImplementation(async function (this: Client, path, accept) {
      if (path.includes('?limit=') && ++lists > 3) await (gone ??= revoke());
      return await get.call(this, path, accept);
    });
  }
  test('renews a token that is no longer accepted, and is complete', async () => {
    revokeMidway();
    const { code, incomplete, found } = await audit();
    expect({ code, incomplete, tokens: tokens.size }).toEqual({ code: 0, incomplete: [], tokens: 2 });
    expect(found).toContain('pod-security/host-pid');
  }, 60_000);
  test('reports once that no token is accepted any more, and keeps what was read', async () => {
    revokeMidway();
    const done = audit();
    while (tokens.size === 0) await new Promise((next) => setTimeout(next, 10));
    takesNew = false;
    const { code, incomplete } = await done;
    expect({ code, incomplete }).toEqual({
      code: 3,
      incomplete: ['the login to the API server expired during the audit: rules that need them were not judged'],
    });
    expect(heard.err).toContain('Log in again, e.g.: aws sso login');
  }, 60_000);
});
