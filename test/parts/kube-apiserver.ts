import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createServer, isIPv6 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where `.ci/kube-apiserver` puts etcd and kube-apiserver. */
const bin = join(process.env['EKSLINT_PARTS'] ?? '/tmp/ekslint-parts', 'bin');

/** Why there is no API server to test with; undefined if there is one. */
export function whyNoApiServer(): string | undefined {
  const missing = ['etcd', 'kube-apiserver'].filter((name) => !existsSync(join(bin, name)));
  return missing.length === 0 ? undefined : `no ${missing.join(' and ')} in ${bin}: run .ci/kube-apiserver`;
}

/** A real API server with an empty etcd behind it. */
export interface ApiServer {
  readonly url: string;
  /** CA certificate, PEM. */
  readonly ca: string;
  /** Token of a member of system:masters. */
  readonly token: string;
  /** The version that it reports, `v1.37.2`. */
  readonly version: string;
  readonly folder: string;
  /** One request with the token of the administrator; the body is JSON both ways. */
  call(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Another program can take a port after it was found free and before a server listens at it. */
const taken = 'address already in use';

/** Starts etcd and kube-apiserver on free ports of the loopback interface, the latter at `host`. @throws Error where one of them ends early, with its last words. */
export async function startApiServer(extraFlags: readonly string[] = [], host = '127.0.0.1'): Promise<ApiServer> {
  for (let tries = 1; ; tries++)
    try {
      return await startOnce(extraFlags, host);
    } catch (error) {
      if (tries === 3 || !(error instanceof Error && error.message.includes(taken))) throw error;
    }
}

async function startOnce(extraFlags: readonly string[], host: string): Promise<ApiServer> {
  const folder = mkdtempSync(join(tmpdir(), 'ekslint-apiserver-'));
  const [clientPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  writeFileSync(join(folder, 'sa.key'), privateKey, { mode: 0o600 });
  writeFileSync(join(folder, 'sa.pub'), publicKey);
  const token = randomBytes(16).toString('hex');
  writeFileSync(join(folder, 'tokens.csv'), `${token},admin,admin,system:masters\n`, { mode: 0o600 });

  const logs: string[] = [];
  const children: ChildProcess[] = [];
  const start = (name: string, flags: readonly string[]): void => {
    const child = spawn(join(bin, name), flags, { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr?.on('data', (chunk: Buffer) => {
      logs.push(chunk.toString());
      if (logs.length > 200) logs.shift();
    });
    children.push(child);
  };
  const etcd = `http://127.0.0.1:${clientPort}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  start('etcd', [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${etcd}`,
    `--advertise-client-urls=${etcd}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--unsafe-no-fsync',
  ]);
  start('kube-apiserver', [
    `--etcd-servers=${etcd}`,
    `--bind-address=${host}`,
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, 'certs')}`,
    '--service-account-issuer=https://ekslint.invalid',
    `--service-account-key-file=${join(folder, 'sa.pub')}`,
    `--service-account-signing-key-file=${join(folder, 'sa.key')}`,
    `--service-cluster-ip-range=${isIPv6(host) ? 'fd00::/112' : '10.0.0.0/24'}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--disable-admission-plugins=ServiceAccount',
    ...extraFlags,
  ]);

  const stop = async (): Promise<void> => {
    await Promise.all(
      children.map(
        (child) =>
          new Promise<void>((resolve) => {
            if (child.exitCode !== null || child.signalCode !== null) resolve();
            else {
              child.once('exit', () => resolve());
              child.kill('SIGKILL');
            }
          }),
      ),
    );
    rmSync(folder, { recursive: true, force: true });
  };

  const certificate = join(folder, 'certs', 'apiserver.crt');
  let agent: Agent | undefined;
  const call: ApiServer['call'] = async (method, path, body) => {
    agent ??= new Agent({ ca: readFileSync(certificate), keepAlive: true, checkServerIdentity: () => undefined });
    const text = body === undefined ? undefined : JSON.stringify(body);
    return await new Promise((resolve, reject) => {
      const sent = request(
        {
          host,
          port,
          path,
          method,
          agent,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const whole = Buffer.concat(chunks).toString();
            let read: unknown = whole;
            try {
              read = JSON.parse(whole);
            } catch {
              // Health checks answer in plain text.
            }
            resolve({ status: response.statusCode ?? 0, body: read });
          });
        },
      );
      sent.once('error', reject);
      sent.end(text);
    });
  };

  for (const until = Date.now() + 60_000; ;) {
    const ended = children.find((child) => child.exitCode !== null);
    if (ended || Date.now() > until) {
      await stop();
      const said = logs.join('');
      const why = said.includes(taken) ? `, ${taken}` : '';
      throw new Error(`the API server did not start${why}: ${said.slice(-2000)}`);
    }
    if (existsSync(certificate)) {
      const ready = await call('GET', '/readyz').catch(() => undefined);
      if (ready?.status === 200) break;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { body } = await call('GET', '/version');
  return {
    url: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    ca: readFileSync(certificate, 'utf8'),
    token,
    version: (body as { gitVersion: string }).gitVersion,
    folder,
    call,
    stop: async () => {
      agent?.destroy();
      await stop();
    },
  };
}
