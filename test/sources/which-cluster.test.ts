import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '#errors.ts';
import { findCluster, type Words } from '#sources/which-cluster.ts';

/* Which cluster is audited: the command line, the kubeconfig and AWS must refer to the same one. */

const folder = mkdtempSync(join(tmpdir(), 'ekslint-which-'));
const before = { ...process.env };
const here = process.cwd();
const arnOf = (name: string): string => `arn:aws:eks:eu-west-1:111122223333:cluster/${name}`;
const endpointOf = (name: string): string => `https://${name.toUpperCase()}.gr7.eu-west-1.eks.amazonaws.com`;
const caOf = (name: string): string => Buffer.from(`certificate of ${name}`).toString('base64');

/** EKS with two clusters; the name of one starts with the other. */
let eks: Server;
beforeAll(async () => {
  eks = createServer((request, response) => {
    const name = /^\/clusters\/([\w-]+)$/.exec(request.url ?? '')?.[1] ?? '';
    const isThere = ['prod', 'prod-eu', 'new', 'elsewhere'].includes(name);
    response.writeHead(isThere ? 200 : 404, {
      'content-type': 'application/json',
      ...(isThere ? {} : { 'x-amzn-errortype': 'ResourceNotFoundException' }),
    });
    const cluster = { name, arn: arnOf(name), version: '1.33' };
    // One that is being made and one that EKS does not run have neither endpoint nor certificate.
    const more: Readonly<Record<string, object>> = {
      new: { status: 'CREATING' },
      elsewhere: { status: 'ACTIVE', connectorConfig: { provider: 'OTHER' } },
    };
    const running = { status: 'ACTIVE', endpoint: endpointOf(name), certificateAuthority: { data: caOf(name) } };
    response.end(JSON.stringify(isThere ? { cluster: { ...cluster, ...(more[name] ?? running) } } : { message: 'no' }));
  });
  await new Promise<void>((done) => eks.listen(0, '127.0.0.1', done));
});
afterAll(() => {
  process.env = before;
  process.chdir(here);
  eks.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  const address = eks.address();
  process.env = {
    PATH: before['PATH'],
    HOME: folder,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
  };
  process.chdir(folder);
});

interface Context {
  readonly name?: string;
  readonly server?: string;
  readonly ca?: string;
  readonly caFile?: string;
  readonly user?: object;
  readonly insecure?: boolean;
}
let count = 0;
function kubeconfig({
  name = arnOf('prod'),
  server = endpointOf('prod'),
  ca = caOf('prod'),
  caFile,
  user = { token: 'x' },
  insecure,
}: Context = {}): string {
  const file = join(folder, `config-${count++}`);
  const cluster = insecure
    ? { server, 'insecure-skip-tls-verify': true }
    : {
        server,
        ...(caFile === undefined ? { 'certificate-authority-data': ca } : { 'certificate-authority': caFile }),
      };
  writeFileSync(
    file,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'current',
      clusters: [{ name, cluster }],
      users: [{ name: 'user', user }],
      contexts: [{ name: 'current', context: { cluster: name, user: 'user' } }],
    }),
  );
  return file;
}
const find = (words: Partial<Words>) =>
  findCluster({
    wanted: undefined,
    kubeconfig: undefined,
    context: undefined,
    allowExec: [],
    region: undefined,
    profile: undefined,
    noAws: false,
    noKube: false,
    ...words,
  });

describe('the cluster to audit', () => {
  test('is that of the current context if none is named, and AWS has it at the same server', async () => {
    process.env['KUBECONFIG'] = kubeconfig();
    const { name, described, access, warnings } = await find({});
    expect({ name, arn: described?.arn, server: access.server, warnings }).toEqual({
      name: 'prod',
      arn: arnOf('prod'),
      server: endpointOf('prod'),
      warnings: [],
    });
  });
  test('is the named one, and no kubeconfig is read', async () => {
    for (const wanted of ['prod', arnOf('prod')])
      expect((await find({ wanted })).access.server).toBe(endpointOf('prod'));
  });
  test('a prefix of another name is not that name', async () => {
    expect((await find({ wanted: 'prod-eu' })).described?.arn).toBe(arnOf('prod-eu'));
    await expect(find({ wanted: 'prod-e' })).rejects.toThrow('cluster "prod-e" in eu-west-1 does not exist');
  });
  test('a context with a server other than that of AWS is rejected, and both are shown', async () => {
    const other = kubeconfig({ server: endpointOf('prod-eu'), ca: caOf('prod-eu') });
    await expect(find({ kubeconfig: other })).rejects.toThrow(
      `kubeconfig and AWS name another API server: context "current" leads to ${endpointOf('prod-eu')}, ${arnOf('prod')} is at ${endpointOf('prod')}`,
    );
    await expect(find({ wanted: 'prod', kubeconfig: other })).rejects.toThrow('another API server');
    await expect(find({ wanted: 'prod-eu', kubeconfig: kubeconfig() })).rejects.toThrow('another API server');
  });
  test('the same server with another CA is rejected', async () => {
    await expect(find({ kubeconfig: kubeconfig({ ca: caOf('somebody') }) })).rejects.toThrow(
      'another certificate authority',
    );
  });
  test('the same server with another authority in a file is rejected', async () => {
    for (const [ca, isSame] of [
      ['prod', true],
      ['somebody', false],
    ] as const) {
      writeFileSync(join(folder, 'ca.crt'), `certificate of ${ca}`);
      const found = find({ kubeconfig: kubeconfig({ caFile: 'ca.crt' }) });
      if (isSame) expect((await found).name).toBe('prod');
      else await expect(found).rejects.toThrow('another certificate authority');
    }
    await expect(find({ kubeconfig: kubeconfig({ caFile: 'none.crt' }) })).rejects.toThrow(
      `cannot read ${join(folder, 'none.crt')}, the certificate authority in kubeconfig`,
    );
  });
  test('an ARN with another account, region or partition than that of the credentials is rejected', async () => {
    for (const wanted of [
      arnOf('prod').replace('111122223333', '444455556666'),
      arnOf('prod').replace('eu-west-1', 'us-east-1'),
      arnOf('prod').replace('arn:aws:', 'arn:aws-cn:'),
    ])
      await expect(find({ wanted, region: 'eu-west-1' })).rejects.toThrow(
        `these credentials lead to ${arnOf('prod')}, not to ${wanted}`,
      );
  });
  test('an account that the config requires is checked', async () => {
    expect((await find({ wanted: 'prod', account: '111122223333' })).name).toBe('prod');
    await expect(find({ wanted: 'prod', account: '444455556666' })).rejects.toThrow(
      'cluster "prod" is in account 111122223333, and the config says 444455556666',
    );
  });
  test('a cluster without an API server yet, or without one in EKS, is reported with its status; an audit of AWS alone works', async () => {
    const told = async (wanted: string): Promise<string> => {
      const error: unknown = await find({ wanted }).catch((reason: unknown) => reason);
      return error instanceof UserError ? `${error.message} / ${error.hint}` : String(error);
    };
    expect(await told('new')).toBe(
      'cluster "new" has no API server endpoint (status CREATING) / Try again when the cluster is active, or audit only the AWS side: --no-kube',
    );
    expect(await told('elsewhere')).toMatch(/\(status ACTIVE\) \/ EKS only lists this cluster, .*--no-aws/);
    expect((await find({ wanted: 'new', noKube: true })).described?.arn).toBe(arnOf('new'));
  });
  test('a context that does not identify an EKS cluster needs a name, or --no-aws', async () => {
    const local = kubeconfig({ name: 'kind' });
    await expect(find({ kubeconfig: local })).rejects.toThrow('does not identify an EKS cluster');
    expect(await find({ kubeconfig: local, noAws: true })).toMatchObject({ name: 'kind', described: undefined });
    expect((await find({ kubeconfig: local, wanted: 'prod' })).described?.arn).toBe(arnOf('prod'));
  });
  test('flags that leave no way to find the cluster are rejected', async () => {
    await expect(find({ wanted: 'prod', noAws: true })).rejects.toThrow('--no-aws needs a kubeconfig');
    await expect(find({ wanted: '../prod' })).rejects.toThrow('"../prod" is not the name or ARN');
    await expect(find({ kubeconfig: kubeconfig(), context: 'other' })).rejects.toThrow('has no context "other"');
  });
});

describe('a kubeconfig', () => {
  test('in the working directory is never picked up', async () => {
    writeFileSync(join(folder, 'kubeconfig'), 'x');
    writeFileSync(join(folder, 'config'), 'x');
    process.env['KUBECONFIG'] = join(folder, 'none');
    await expect(find({})).rejects.toThrow(`no kubeconfig at ${join(folder, 'none')}`);
    process.env['KUBECONFIG'] = `${kubeconfig()}:${kubeconfig()}`;
    await expect(find({})).rejects.toThrow('KUBECONFIG contains several files');
  });
  test('starts only programs that create tokens for EKS', async () => {
    const canary = join(folder, 'canary');
    const evil = join(folder, 'evil');
    writeFileSync(evil, `#!/bin/sh\ntouch '${canary}'\n`);
    chmodSync(evil, 0o755);
    const exec = { apiVersion: 'client.authentication.k8s.io/v1beta1', command: evil, args: [] };
    for (const user of [{ exec }, { 'auth-provider': { name: 'gcp', config: { 'cmd-path': evil } } }])
      await expect(find({ kubeconfig: kubeconfig({ user }) })).rejects.toThrow(
        'would start the program evil to log in',
      );
    // A name that only looks like one of those.
    await expect(find({ kubeconfig: kubeconfig({ user: { exec: { ...exec, command: './aws' } } }) })).rejects.toThrow(
      'would start the program aws',
    );
    expect(existsSync(canary)).toBe(false);
    const allowed = await find({ kubeconfig: kubeconfig({ user: { exec } }), allowExec: [evil] });
    expect(existsSync(canary)).toBe(false); // with the first request
    await expect(allowed.access.credentials(false)).rejects.toThrow(`${evil} failed`);
    expect(existsSync(canary)).toBe(true);
  });
  test('starts only the trusted programs: a variable that could choose another program is rejected', async () => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'aws', args: ['eks', 'get-token'] };
    const withVariable = (name: string): string =>
      kubeconfig({ user: { exec: { ...exec, env: [{ name, value: folder }] } } });
    expect((await find({ kubeconfig: withVariable('AWS_PROFILE') })).name).toBe('prod');
    for (const name of ['PATH', 'LD_PRELOAD', 'PYTHONPATH', 'AWS_CONFIG_FILE']) {
      const file = withVariable(name);
      await expect(find({ kubeconfig: file })).rejects.toThrow(`would start the program aws with the variable ${name}`);
      expect((await find({ kubeconfig: file, allowExec: ['aws'] })).name).toBe('prod');
    }
  });
  test('without a check of the certificate is told on every run; without TLS it must say that it is meant', async () => {
    const { warnings } = await find({ kubeconfig: kubeconfig({ insecure: true }) });
    expect(warnings).toEqual(['context "current" disables verification of the server certificate']);
    await expect(find({ kubeconfig: kubeconfig({ server: 'http://x' }), noAws: true })).rejects.toThrow('without TLS');
  });
});
