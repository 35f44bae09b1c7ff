import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type KubeStub, startKubeStub } from '../parts/kube-stub.ts';
import { type AwsServer, startStub } from '../parts/moto.ts';
import { bin, folderWith } from './ekslint.ts';

/*
 * The files that an audit writes, from the system calls of the process and all its children (strace). This covers files
 * that are opened for writing, created, renamed or removed by name; it does not cover pipes and sockets.
 */

const why =
  process.platform === 'linux' && spawnSync('strace', ['-V'], { stdio: 'ignore' }).status === 0
    ? undefined
    : 'no strace: apt-get install strace';
if (why !== undefined) console.warn(`skipped: ${why}`);

const calls =
  'open,openat,openat2,creat,rename,renameat,renameat2,mkdir,mkdirat,link,linkat,symlink,symlinkat,truncate,mknod,mknodat,unlink,unlinkat,rmdir';

/** Names of files that system calls write, create, rename or remove, without failed calls. */
function written(trace: string): string[] {
  const names = new Set<string>();
  for (const line of trace.split('\n')) {
    const [, call = '', args = ''] = /^\d+\s+(\w+)\((.*)\)\s+= \d/.exec(line) ?? [];
    if (call === '' || (call.startsWith('open') && !/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(args))) continue;
    for (const [, name = ''] of args.matchAll(/"((?:[^"\\]|\\.)*)"/g)) names.add(name);
  }
  return [...names].filter((name) => !/^\/(?:dev\/(?:null|tty)|proc\/)/.test(name)).sort();
}

describe.skipIf(why !== undefined)('an audit writes only the files that it is told to write', () => {
  const secrets = {
    key: 'canary-of-the-secret-key',
    session: 'canary-of-the-session-token',
    env: 'canary-of-an-environment-variable',
    map: 'canary-of-a-config-map',
    ca: 'canary-of-the-authority',
  };
  let kube: KubeStub;
  let aws: AwsServer;
  const tokens: string[] = [];
  beforeAll(async () => {
    const container = { name: 'app', image: 'app:1', env: [{ name: 'PASSWORD', value: secrets.env }] };
    kube = await startKubeStub([
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web', namespace: 'shop' },
        spec: { template: { spec: { containers: [container] } } },
      },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'shop' }, data: { a: secrets.map } },
    ]);
    kube.takes = (token) => tokens.push(token) > 0;
    aws = await startStub();
    aws.answer = ({ operation }, response) => {
      if (operation !== 'eks:DescribeCluster') return false;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          cluster: {
            name: 'prod',
            arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod',
            version: '1.33',
            endpoint: kube.url,
            certificateAuthority: { data: Buffer.from(secrets.ca).toString('base64') },
          },
        }),
      );
      return true;
    };
  });
  afterAll(async () => {
    kube?.stop();
    await aws?.stop();
  });

  const outputs = ['report.json', 'report.html', 'report.sarif', 'snapshot.json.gz'];
  async function audit(...more: readonly string[]) {
    const folder = folderWith({ 'home/.keep': '' });
    const words = ['audit', 'prod', '--no-config', '--preset', 'all', '--fail-on', 'never', '--allow-incomplete'];
    const files = [
      '--save',
      'snapshot.json.gz',
      '--debug',
      ...['json=report.json', 'html=report.html', 'sarif=report.sarif'].flatMap((one) => ['-f', one]),
    ];
    // The servers answer from this process, so it must not block while the child runs.
    const code = await new Promise<number | null>((done, fail) => {
      const child = spawn(
        'strace',
        [
          '-f',
          '-qq',
          '-s',
          '4096',
          '-e',
          `trace=${calls}`,
          '-o',
          'trace.txt',
          process.execPath,
          bin,
          ...words,
          ...files,
          ...more,
        ],
        {
          cwd: folder,
          stdio: 'ignore',
          env: {
            PATH: process.env['PATH'],
            HOME: join(folder, 'home'),
            // strace does not see what io_uring does.
            UV_USE_IO_URING: '0',
            AWS_ACCESS_KEY_ID: 'test',
            AWS_SECRET_ACCESS_KEY: secrets.key,
            AWS_SESSION_TOKEN: secrets.session,
            AWS_REGION: 'eu-west-1',
            AWS_EC2_METADATA_DISABLED: 'true',
            AWS_ENDPOINT_URL: aws.url,
          },
        },
      );
      child.on('error', fail);
      child.on('close', done);
    });
    expect(code).toBe(0);
    const trace = readFileSync(join(folder, 'trace.txt'), 'utf8');
    // A trace without any read proves nothing.
    expect(trace).toContain('clients.cjs');
    return {
      folder,
      written: written(trace).map((name) => (name.startsWith(`${folder}/`) ? name.slice(folder.length + 1) : name)),
    };
  }
  /** What is written for a name: drafts next to it are renamed to it. */
  const isOutput = (name: string): boolean =>
    outputs.some((output) => name === output || name.includes(`${output}.`) || name.includes(`.${output}`));

  test('with --no-cache: the named outputs', async () => {
    const { folder, written: names } = await audit('--no-cache');
    expect(names.filter((name) => !isOutput(name))).toEqual([]);
    expect(outputs.filter((output) => !names.includes(output))).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['home', 'trace.txt', ...outputs].sort());
    expect(readdirSync(join(folder, 'home'))).toEqual(['.keep']);
  }, 120_000);

  test('otherwise the code caches as well, and no secret is in any of them', async () => {
    const { folder, written: names } = await audit();
    const dist = join(inject('installed'), 'dist');
    const others = names.filter((name) => !isOutput(name) && name !== dist);
    expect(
      others.filter(
        (name) => !/\/(?:audit-cli|audit-later|clients|kube-client|yaml)\.[\w.-]+\.cache(?:\.[\w-]+)?$/.test(name),
      ),
    ).toEqual([]);
    const caches = readdirSync(dist).filter((name) => name.endsWith('.cache'));
    expect(caches.map((name) => name.split('.')[0])).toEqual(
      expect.arrayContaining(['audit-cli', 'audit-later', 'clients']),
    );
    const canaries = [...Object.values(secrets), ...tokens, 'k8s-aws-v1.'];
    expect(tokens.length).toBeGreaterThan(3);
    const forms = canaries.flatMap((one) => [
      one,
      encodeURIComponent(one),
      Buffer.from(one)
        .toString('base64')
        .replace(/.{0,2}=*$/, ''),
    ]);
    const contents = [
      ...outputs.map((name) => [name, readFileSync(join(folder, name))] as const),
      ...caches.map((name) => [name, readFileSync(join(dist, name))] as const),
    ].map(([name, bytes]) => [name, name.endsWith('.gz') ? gunzipSync(bytes) : bytes] as const);
    // The program itself contains the first letters of a token.
    const found = contents.flatMap(([name, bytes]) =>
      forms
        .filter((form) => bytes.includes(form) && !(name.endsWith('.cache') && form === 'k8s-aws-v1.'))
        .map((form) => `${name}: ${form}`),
    );
    expect(found).toEqual([]);
    // The report is about the objects that contain the canaries.
    expect(contents.find(([name]) => name === 'report.json')?.[1].toString()).toContain('Deployment/shop/web');
  }, 120_000);
});
