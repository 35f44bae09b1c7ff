import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServer, startApiServer, whyNoApiServer } from './kube-apiserver.ts';

/*
 * Servers whose certificates an authority of their own has signed, as behind the proxy of a company. Node reads NODE_EXTRA_CA_CERTS when
 * it starts, so each audit is a process.
 */

const why = whyNoApiServer();
if (why !== undefined) console.warn(`skipped: ${why}`);

const cli = pathToFileURL('src/cli.ts').href;
const start = `const { main } = await import(${JSON.stringify(cli)}); await main(process.argv.slice(1));`;

describe.skipIf(why !== undefined)('an audit of servers that an authority of their own has signed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ekslint-tls-'));
  let server: ApiServer;
  let aws: Server;
  let awsUrl = '';
  let asked = 0;
  /** The authority that EKS names for the API server. */
  let ofServer = '';
  /** The file of the authority, and one that is of no server. */
  let authority = '';
  const other = join(folder, 'other.crt');

  const audit = async (words: readonly string[], env: Readonly<Record<string, string>>) =>
    await new Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>((done, fail) => {
      const child = spawn(
        process.execPath,
        [
          '--import',
          import.meta.resolve('tsx'),
          '--input-type=module',
          '-e',
          start,
          '--',
          'audit',
          ...words,
          '--no-config',
          '--only',
          'pod-security/host-pid',
          '--no-progress',
          '--format',
          'compact',
        ],
        {
          cwd: folder,
          env: {
            PATH: process.env['PATH'],
            HOME: folder,
            AWS_ACCESS_KEY_ID: 'test',
            AWS_SECRET_ACCESS_KEY: 'test',
            AWS_REGION: 'eu-west-1',
            AWS_EC2_METADATA_DISABLED: 'true',
            AWS_ENDPOINT_URL: awsUrl,
            ...env,
          },
        },
      );
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      child.on('error', fail);
      child.on('close', (code) => done({ code, out, err }));
    });

  beforeAll(async () => {
    server = await startApiServer();
    authority = join(server.folder, 'certs', 'apiserver.crt');
    await server.call('POST', '/api/v1/namespaces/default/pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: { hostPID: true, containers: [{ name: 'web', image: 'web:1' }] },
    });
    ofServer = server.ca;
    // The same key and certificate stand for an AWS that a proxy has opened.
    const key = readFileSync(join(server.folder, 'certs', 'apiserver.key'));
    aws = createServer({ key, cert: server.ca }, (_, response) => {
      asked++;
      response.writeHead(200, { 'content-type': 'application/json' });
      const data = Buffer.from(ofServer).toString('base64');
      const arn = 'arn:aws:eks:eu-west-1:111122223333:cluster/prod';
      const cluster = { name: 'prod', arn, version: '1.35', endpoint: server.url, certificateAuthority: { data } };
      response.end(JSON.stringify({ cluster }));
    });
    await new Promise<void>((done) => aws.listen(0, '127.0.0.1', done));
    const address = aws.address();
    awsUrl = `https://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    const withoutAuthority = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'test',
      clusters: [{ name: 'test', cluster: { server: server.url } }],
      users: [{ name: 'test', user: { token: server.token } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    };
    writeFileSync(join(folder, 'kubeconfig'), JSON.stringify(withoutAuthority), { mode: 0o600 });
    const another = await startApiServer();
    writeFileSync(other, another.ca);
    await another.stop();
  }, 120_000);
  afterAll(async () => {
    aws?.closeAllConnections();
    aws?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ofKube = ['--no-aws', '--kubeconfig', 'kubeconfig'];
  test.each(['NODE_EXTRA_CA_CERTS', 'AWS_CA_BUNDLE'])('reaches AWS with the authority of %s', async (name) => {
    asked = 0;
    const { code, out, err } = await audit(['prod', '--no-kube', '--allow-incomplete'], { [name]: authority });
    expect({ code, out, asked }, err).toEqual({ code: 0, out: '', asked: 1 });
  });
  test('does not reach AWS without it, nor with another one, and says which variable to set', async () => {
    for (const env of [{}, { NODE_EXTRA_CA_CERTS: other }, { AWS_CA_BUNDLE: other }]) {
      asked = 0;
      const { code, out, err } = await audit(['prod'], env);
      expect({ code, out, asked, lines: err.trimEnd().split('\n') }).toEqual({
        code: 2,
        out: '',
        asked: 0,
        lines: [
          expect.stringMatching(
            /^error: AWS cannot be reached in eu-west-1: its certificate is not signed by a trusted authority \(.+\)$/,
          ),
          expect.stringMatching(/AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS/),
        ],
      });
    }
  }, 60_000);
  test('reaches an API server whose kubeconfig names no authority with that of NODE_EXTRA_CA_CERTS', async () => {
    const { code, out, err } = await audit(ofKube, { NODE_EXTRA_CA_CERTS: authority });
    expect({ code, out }, err).toEqual({ code: 1, out: expect.stringContaining('pod-security/host-pid') });
  });
  test('does not reach it without, nor with the bundle of AWS, and says what to do', async () => {
    for (const env of [{}, { NODE_EXTRA_CA_CERTS: other }, { AWS_CA_BUNDLE: authority }]) {
      const { code, out, err } = await audit(ofKube, env);
      expect({ code, out, lines: err.trimEnd().split('\n') }).toEqual({
        code: 2,
        out: '',
        lines: [
          expect.stringMatching(/^error: https:.+: its certificate is not signed by a trusted authority$/),
          expect.stringMatching(/NODE_EXTRA_CA_CERTS/),
        ],
      });
    }
  }, 60_000);
  test('takes the authority that EKS names for the API server, and no other', async () => {
    // That the server does not know the identity comes after the handshake.
    const taken = await audit(['prod'], { AWS_CA_BUNDLE: authority });
    expect(taken.err).toMatch(/^error: the API server .+ rejects these credentials\n/);
    ofServer = readFileSync(other, 'utf8');
    const { code, err } = await audit(['prod'], { NODE_EXTRA_CA_CERTS: authority });
    ofServer = server.ca;
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(/^error: https:.+: its certificate is not signed by a trusted authority\n/),
    });
  });
});
