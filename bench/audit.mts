// `npm run bench:audit [folder]`: the time of an audit against that of HardenEKS and Polaris, on one rig in one run: a real API server
// that holds the objects of a folder, and moto for AWS. HARDENEKS and POLARIS name the programs (pip install hardeneks; Polaris is built
// from its repository); one that is not there is left out and named.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CreateClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { parseAllDocuments } from 'yaml';
import { startApiServer } from '../test/parts/kube-apiserver.ts';
import { startAws } from '../test/parts/moto.ts';

const corpus = '../shared/corpus/microservices-demo/release';
const folder =
  process.argv.slice(2).find((one) => !one.startsWith('-')) ??
  (existsSync(corpus) ? corpus : 'fixtures/scenarios/shop');
const runs = Number(process.env['BENCH_RUNS'] ?? 5);
const cli = resolve(process.env['EKSLINT_BIN'] ?? 'bin/ekslint.cjs');
const scratch = mkdtempSync(join(tmpdir(), 'ekslint-bench-'));
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;

/** Milliseconds of a program. Not synchronous: the servers answer from this process. */
const time = async (program: string, args: readonly string[], most: number): Promise<number> =>
  await new Promise((done, fail) => {
    const start = process.hrtime.bigint();
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: scratch });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
    child.on('error', fail);
    child.on('close', (code) =>
      code === null || code > most
        ? fail(new Error(`${program} ended with ${code}: ${said}`))
        : done(Number(process.hrtime.bigint() - start) / 1e6),
    );
  });

const [server, aws] = [await startApiServer(['--allow-privileged']), await startAws()];
try {
  const environment = {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: aws.url,
  };
  const kubeconfig = join(scratch, 'kubeconfig');
  Object.assign(process.env, environment, { KUBECONFIG: kubeconfig });
  const cluster = { server: server.url, 'certificate-authority-data': Buffer.from(server.ca).toString('base64') };
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'prod',
      clusters: [{ name: 'prod', cluster }],
      users: [{ name: 'prod', user: { token: server.token } }],
      contexts: [{ name: 'prod', context: { cluster: 'prod', user: 'prod' } }],
    }),
    { mode: 0o600 },
  );
  const { Subnets = [] } = await new EC2Client({}).send(new DescribeSubnetsCommand({}));
  await new EKSClient({}).send(
    new CreateClusterCommand({
      name: 'prod',
      version: '1.33',
      roleArn: 'arn:aws:iam::123456789012:role/eks',
      resourcesVpcConfig: { subnetIds: Subnets.slice(0, 2).map(({ SubnetId = '' }) => SubnetId) },
    }),
  );
  // What moto lacks: EKS without add-ons; and the endpoint, which must be that of the API server.
  aws.answer = ({ operation }, response) => {
    const body =
      operation === 'eks:DescribeCluster'
        ? {
            cluster: {
              name: 'prod',
              arn: 'arn:aws:eks:eu-west-1:123456789012:cluster/prod',
              version: '1.33',
              status: 'ACTIVE',
              endpoint: server.url,
              certificateAuthority: { data: cluster['certificate-authority-data'] },
              resourcesVpcConfig: {
                endpointPublicAccess: true,
                publicAccessCidrs: ['0.0.0.0/0'],
                subnetIds: [],
                vpcId: 'vpc-1',
              },
              logging: { clusterLogging: [] },
              identity: { oidc: { issuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/1' } },
            },
          }
        : operation === 'eks:ListAddons'
          ? { addons: [] }
          : undefined;
    if (!body) return false;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
    return true;
  };
  let loaded = 0;
  for (const file of readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => /\.ya?ml$/.test(name)))
    for (const document of parseAllDocuments(readFileSync(join(folder, file), 'utf8'), { logLevel: 'silent' })) {
      const object = document.toJS() as {
        apiVersion?: string;
        kind?: string;
        metadata?: { namespace?: string };
      } | null;
      if (!object?.apiVersion || !object.kind) continue;
      const base = object.apiVersion.includes('/') ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
      const plural = object.kind.toLowerCase().replace(/y$/, 'ie').replace(/s$/, 'se') + 's';
      const namespace = object.metadata?.namespace ?? 'default';
      const { status } = await server.call('POST', `${base}/namespaces/${namespace}/${plural}`, object);
      if (status < 300) loaded++;
    }
  console.log(`${loaded} objects of ${folder}`);

  const hardeneks = process.env['HARDENEKS'] ?? 'hardeneks';
  const polaris = process.env['POLARIS'] ?? 'polaris';
  const commands: readonly (readonly [name: string, program: string, args: readonly string[], most: number])[] = [
    [
      'ekslint',
      process.execPath,
      [
        cli,
        'audit',
        '--context',
        'prod',
        'prod',
        '--no-config',
        '--preset',
        'all',
        '--fail-on',
        'never',
        '--allow-incomplete',
        '--no-progress',
        '-f',
        'json',
      ],
      0,
    ],
    [
      'hardeneks',
      hardeneks,
      [
        '--region',
        'eu-west-1',
        '--context',
        'prod',
        '--cluster',
        'prod',
        '--export-json',
        join(scratch, 'hardeneks.json'),
      ],
      1,
    ],
    ['polaris', polaris, ['audit', '--format', 'json', '--output-file', join(scratch, 'polaris.json')], 4],
  ];
  const times = new Map<string, number[]>();
  for (let run = 0; run <= runs; run++)
    for (const [name, program, args, most] of commands) {
      const known = times.get(name) ?? [];
      if (run > 0 && known.length === 0) continue;
      try {
        known.push(await time(program, args, most));
        times.set(name, known);
      } catch (error) {
        console.log(`${name}: not measured: ${(error as Error).message.slice(0, 500)}`);
        if (name === 'ekslint') throw error;
      }
    }
  // The first run of each warms caches.
  const of = (name: string): number => median((times.get(name) ?? []).slice(1));
  let missed = 0;
  for (const [name, goal] of [
    ['hardeneks', 0.3],
    ['polaris', 0.7],
  ] as const) {
    if (!times.has(name)) continue;
    const ratio = of('ekslint') / of(name);
    if (ratio > goal) missed++;
    console.log(
      `${ratio <= goal ? 'ok    ' : 'missed'} ${ratio.toFixed(2)} (goal ${goal})  ${of('ekslint').toFixed(0)} / ${of(name).toFixed(0)} ms  an audit with every rule / ${name}`,
    );
  }
  process.exitCode = missed > 0 && process.argv.includes('--strict') ? 1 : 0;
} finally {
  await Promise.all([server.stop(), aws.stop()]);
  rmSync(scratch, { recursive: true, force: true });
}
