import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { run } from '#commands/audit.ts';
import { type KubeStub, startKubeStub } from './kube-stub.ts';
import { everyRule } from './audit-flags.ts';
import { type AwsServer, startStub } from './moto.ts';

/*
 * The API server of a kubeconfig is asked for its version while AWS has not answered; nothing is read from it before
 * AWS has confirmed it.
 */

vi.mock('#commands/output.ts', async (original) => ({
  ...(await original<object>()),
  print: () => {},
  say: () => {},
}));

const folder = mkdtempSync(join(tmpdir(), 'ekslint-refused-'));
const before = { ...process.env };
let kube: KubeStub;
let aws: AwsServer;
/** Where AWS says that the cluster is. */
let endpoint = '';
/** What the API server had been asked for when AWS answered. */
let asked: readonly string[] = [];

beforeAll(async () => {
  kube = await startKubeStub([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'shop' } }]);
  aws = await startStub();
  aws.answer = ({ operation }, response) => {
    if (operation !== 'eks:DescribeCluster') return false;
    setTimeout(() => {
      asked = [...kube.asked];
      response.writeHead(200, { 'content-type': 'application/json' });
      const arn = 'arn:aws:eks:eu-west-1:111122223333:cluster/prod';
      response.end(JSON.stringify({ cluster: { name: 'prod', arn, version: '1.33', endpoint } }));
    }, 500);
    return true;
  };
  writeFileSync(
    join(folder, 'kubeconfig.json'),
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'prod',
      clusters: [{ name: 'prod', cluster: { server: kube.url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'prod', user: { token: 'x' } }],
      contexts: [{ name: 'prod', context: { cluster: 'prod', user: 'prod' } }],
    }),
  );
  Object.assign(process.env, {
    HOME: folder,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: aws.url,
  });
});
afterAll(async () => {
  process.env = before;
  kube.stop();
  await aws.stop();
  rmSync(folder, { recursive: true, force: true });
});

const greeting = ['GET /api', 'GET /api/v1/namespaces/kube-system', 'GET /apis', 'GET /version'];
const audit = async (): Promise<number> => {
  kube.asked.length = 0;
  const kubeconfig = join(folder, 'kubeconfig.json');
  return await run(['prod'], {
    kubeconfig,
    ...everyRule,
  });
};

test('of another cluster than AWS names nothing is listed', async () => {
  endpoint = 'https://elsewhere.example';
  await expect(audit()).rejects.toThrow('kubeconfig and AWS name another API server');
  expect([...kube.asked].sort()).toEqual(greeting);
});
test('nothing is listed for the right cluster before AWS has answered', async () => {
  endpoint = kube.url;
  await audit();
  expect([...asked].sort()).toEqual(greeting);
  expect(kube.asked).toContain('GET /api/v1/pods');
});
