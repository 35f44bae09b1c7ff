import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { DeleteClusterCommand } from '@aws-sdk/client-eks';
import { GetUserCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '#errors.ts';
import { awsReads, type AwsType } from '#model/aws-reads.ts';
import { Aws, suffixOf } from '#sources/aws.ts';
import { loginExpired } from '#sources/aws-calls.ts';
import { collectAnswers, type NamedByObjects, namesNothing } from '#sources/aws-cluster.ts';
import { type AwsServer, type Call, refuse, startStub } from './moto.ts';

/* What users see if AWS gives no answer, or a strange one. */

const folder = mkdtempSync(join(tmpdir(), 'ekslint-aws-errors-'));
const before = { ...process.env };
const region = 'eu-west-1';
let stub: AwsServer;
const environment = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: region,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: join(folder, 'config'),
  AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
};

beforeAll(async () => {
  // The SDK reads its files once.
  writeFileSync(
    environment.AWS_CONFIG_FILE,
    '[profile fips]\nregion = us-east-1\nuse_fips_endpoint = true\naws_access_key_id = a\naws_secret_access_key = s\n[profile dual]\nregion = us-east-1\nuse_dualstack_endpoint = true\naws_access_key_id = a\naws_secret_access_key = s\n[profile sso]\nsso_session = one\nsso_account_id = 111122223333\nsso_role_name = auditor\nregion = eu-west-1\n[sso-session one]\nsso_start_url = https://one.awsapps.com/start\nsso_region = eu-west-1\n',
  );
  stub = await startStub();
});
afterAll(async () => {
  await stub.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  Object.assign(process.env, environment, { AWS_ENDPOINT_URL: stub.url });
  stub.calls.length = 0;
});
afterEach(() => {
  process.env = { ...before };
});

const quick = { answer: 500, largest: 100_000, tries: 2 };
const client = (more: Partial<ConstructorParameters<typeof Aws>[0]> = {}): Aws =>
  new Aws({ region: undefined, profile: undefined, patience: quick, ...more });
const json = (response: ServerResponse, body: unknown, headers = {}): true => {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
  return true;
};
const cluster = {
  name: 'prod',
  arn: `arn:aws:eks:${region}:111122223333:cluster/prod`,
  version: '1.35',
  endpoint: 'https://prod.example',
};
/** Message and hint of the error of a call. */
async function told(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw error ?? new Error('it did not fail');
  return `${error.message} / ${error.hint ?? ''}`;
}
/** What is said of the cluster where the service answers with an error. */
const answered = async (code: string, message = '', status = 400, headers = {}): Promise<string> => {
  stub.answer = (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': code, ...headers });
    response.end(JSON.stringify({ message }));
    return true;
  };
  return await told(client().cluster('prod'));
};
/** Reads some types of a cluster. */
async function read(
  types: readonly AwsType[],
  {
    fileSystems = [],
    named = {},
    vpc,
    key,
    ...more
  }: Partial<ConstructorParameters<typeof Aws>[0]> & {
    readonly fileSystems?: readonly string[];
    readonly named?: Partial<NamedByObjects>;
    readonly vpc?: string;
    readonly key?: string;
  } = {},
) {
  const aws = client(more);
  const answer = {
    ...cluster,
    ...(vpc === undefined ? {} : { resourcesVpcConfig: { vpcId: vpc } }),
    ...(key === undefined ? {} : { encryptionConfig: [{ provider: { keyArn: key } }] }),
  };
  const described = { ...cluster, account: '111122223333', region, ca: '', isPublic: true, answer };
  return await collectAnswers(aws, described, {
    types: new Set(types),
    named: { ...namesNothing, fileSystems, ...named },
    progress: undefined,
  });
}
/** What could not be read. */
async function unread(types: readonly AwsType[], more: Partial<ConstructorParameters<typeof Aws>[0]> = {}) {
  const { unanswered } = await read(types, more);
  return unanswered.map(({ why, isDenied }) => `${isDenied ? 'denied: ' : ''}${why}`);
}

describe('a role for reading', () => {
  const roleArn = 'arn:aws:iam::111122223333:role/audit';
  /** Who signed each call: the ID of the key. */
  const signers: string[] = [];
  const serve = (assumed: (response: ServerResponse, call: Call) => true): void => {
    signers.length = 0;
    stub.answer = (call, response) => {
      signers.push(`${call.operation} ${call.key}`);
      return call.operation === 'sts:AssumeRole' ? assumed(response, call) : json(response, { cluster });
    };
  };
  test('is assumed once with the available credentials, and reads everything', async () => {
    serve((response, { body }) => {
      expect(new URLSearchParams(body).get('RoleArn')).toBe(roleArn);
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(
        `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
      );
      return true;
    });
    const aws = client({ roleArn });
    await aws.cluster('prod');
    await aws.cluster('prod');
    const { kms } = await aws.clients;
    await kms.send(new DescribeKeyCommand({ KeyId: 'one' }));
    const reads = ['eks:DescribeCluster', 'eks:DescribeCluster', 'kms:DescribeKey'];
    expect(signers).toEqual(['sts:AssumeRole test', ...reads.map((one) => `${one} ASIAROLE`)]);
    expect(await aws.token({ name: 'prod', region })).toMatch(/^k8s-aws-v1\./);
  });
  test('that may not be assumed is named, with the next step', async () => {
    serve((response, call) => {
      refuse(call, response, 403, 'AccessDenied');
      return true;
    });
    expect(await told(client({ roleArn }).cluster('prod'))).toBe(
      `no permission to assume role ${roleArn} / Allow sts:AssumeRole for the identity that is logged in, and add that identity to the trust policy of the role.`,
    );
    expect(signers).toEqual(['sts:AssumeRole test']);
  });
});

describe('the cluster cannot be read', () => {
  test('no credentials', async () => {
    for (const key of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[key];
    expect(await told(client().cluster('prod'))).toBe(
      'no AWS credentials were found / Log in (aws sso login), set AWS_PROFILE, or pass --profile. Without AWS: --no-aws',
    );
  });
  test('a profile that does not exist', async () => {
    expect(await told(client({ profile: 'nobody' }).cluster('prod'))).toMatch(
      /^no AWS credentials were found \/ .*--profile/,
    );
  });
  test('no region', async () => {
    delete process.env['AWS_REGION'];
    expect(await told(client().cluster('prod'))).toBe('no AWS region is set / Pass --region, or set AWS_REGION.');
  });
  test('an SSO session that has expired', async () => {
    process.env['HOME'] = folder;
    for (const key of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[key];
    expect(await told(client({ profile: 'sso' }).cluster('prod'))).toBe(
      'the AWS login has expired / Log in again, e.g.: aws sso login',
    );
  });
  test('a session that has expired', async () => {
    expect(await answered('ExpiredTokenException', 'The security token included in the request is expired', 403)).toBe(
      'the AWS login has expired / Log in again, e.g.: aws sso login',
    );
  });
  test('credentials that AWS does not know, or a region that is not enabled', async () => {
    expect(
      await answered('UnrecognizedClientException', 'The security token included in the request is invalid.', 403),
    ).toBe(
      'AWS rejects these credentials in eu-west-1 / Check AWS_PROFILE and --region; some regions must be enabled for an account first.',
    );
  });
  test.each([
    [3 * 3_600_000, '180 minutes behind'],
    [-7 * 60_000, '7 minutes ahead'],
  ])('a clock that is wrong, with its size', async (ahead, words) => {
    const date = new Date(Date.now() + ahead).toUTCString();
    const says = 'Signature expired: 20261126T100000Z is now earlier than 20261126T130000Z';
    expect(await answered('InvalidSignatureException', says, 403, { date })).toBe(
      `AWS rejects the time of the request: the clock of this machine is ${words} / Correct the system clock.`,
    );
  });
  test('a missing cluster, as in the wrong region', async () => {
    expect(await answered('ResourceNotFoundException', 'No cluster found for name: prod.', 404)).toBe(
      'cluster "prod" in eu-west-1 does not exist in this account / List clusters with: aws eks list-clusters. Check --region and --profile.',
    );
  });
  test('a region that does not exist', async () => {
    process.env['AWS_ENDPOINT_URL'] = 'http://eks.eu-nowhere-1.invalid';
    expect(await told(client().cluster('prod'))).toMatch(
      /^AWS cannot be reached in eu-west-1: .*(?:ENOTFOUND|EAI_AGAIN).* \/ Check --region, the network, HTTPS_PROXY and NO_PROXY/,
    );
  });
  test('a service that throttles forever', async () => {
    expect(await answered('ThrottlingException', 'Rate exceeded', 429)).toBe(
      'AWS throttles the calls for cluster "prod" in eu-west-1 / Try again later, when fewer tools call AWS in this account.',
    );
    expect(stub.calls).toHaveLength(quick.tries);
  });
  test('no permission', async () => {
    expect(await answered('AccessDeniedException', 'not authorized', 403)).toMatch(
      /^no permission to read cluster "prod" in eu-west-1 \/ Allow eks:DescribeCluster/,
    );
  });
  test('no answer', async () => {
    stub.answer = () => true;
    expect(await told(client().cluster('prod'))).toMatch(/^AWS cannot be reached in eu-west-1: /);
  });
  test('an answer that drips', async () => {
    const drops: NodeJS.Timeout[] = [];
    stub.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      drops.push(setInterval(() => response.write(' '), 50));
      return true;
    };
    expect(await told(client().cluster('prod'))).toMatch(/its response takes longer than 0.5 seconds/);
    for (const one of drops) clearInterval(one);
  });
  test('an endless answer', async () => {
    stub.answer = (_, response) => json(response, { cluster: { ...cluster, name: 'x'.repeat(200_000) } });
    expect(await told(client().cluster('prod'))).toMatch(/its response is longer than 0.1 MB/);
  });
  test('the time is over', async () => {
    stub.answer = () => true;
    expect(await told(client({ stop: AbortSignal.timeout(100) }).cluster('prod'))).toBe(
      'the audit timed out / Raise --timeout.',
    );
  });
});

describe('a part of the cluster cannot be read', () => {
  test('a list that returns to the same page', async () => {
    stub.answer = (_, response) => json(response, { addons: [], nextToken: 'again' });
    expect(await unread(['AWS::EKS::Addon'])).toEqual(['eks:ListAddons failed: AWS returned the same page twice']);
    expect(stub.calls).toHaveLength(2);
  });
  test('each rejection is reported with its reason', async () => {
    stub.answer = (call, response) => {
      const code = call.operation === 'eks:ListAddons' ? 'AccessDeniedException' : 'ThrottlingException';
      refuse(call, response, code.startsWith('A') ? 403 : 429, code);
      return true;
    };
    expect(await unread(['AWS::EKS::Addon', 'AWS::EKS::Nodegroup'])).toEqual([
      'eks:ListNodegroups failed: AWS throttles the calls',
      'denied: no permission for eks:ListAddons',
    ]);
  });
  test('the time is over in the middle of it', async () => {
    stub.answer = () => true;
    expect(await unread(['AWS::EKS::Addon'], { stop: AbortSignal.timeout(100) })).toEqual(['the audit timed out']);
  });
  test('if a service does not return its versions, the calendar of this release is used', async () => {
    stub.answer = (call, response) => (refuse(call, response, 400, 'UnknownOperationException'), true);
    expect(await unread(['EKS::ClusterVersion'])).toEqual([]);
  });
  test('hundreds of node groups and subnets are all read', async () => {
    const names = Array.from({ length: 250 }, (_, index) => `group-${index}`);
    const idsOf = (group: string): string[] => [0, 1, 2, 3, 4].map((index) => `subnet-${group}-${index}`);
    stub.answer = ({ operation, url, body }, response) => {
      if (operation === 'eks:ListNodegroups') {
        const at = Number(url.searchParams.get('nextToken') ?? 0);
        const next = at + 100 < names.length ? { nextToken: String(at + 100) } : {};
        return json(response, { nodegroups: names.slice(at, at + 100), ...next });
      }
      if (operation === 'eks:DescribeNodegroup') {
        const name = url.pathname.split('/').at(-1) ?? '';
        const nodegroupArn = `arn:aws:eks:${region}:111122223333:nodegroup/prod/${name}/1`;
        return json(response, { nodegroup: { nodegroupName: name, nodegroupArn, subnets: idsOf(name) } });
      }
      const ids = [...new URLSearchParams(body)].filter(([key]) => key.startsWith('Filter.1.Value.'));
      expect(ids.length).toBeLessThanOrEqual(200);
      response.writeHead(200, { 'content-type': 'text/xml' });
      const items = ids.map(([, id]) => `<item><subnetId>${id}</subnetId><vpcId>vpc-1</vpcId></item>`).join('');
      response.end(`<DescribeSubnetsResponse><subnetSet>${items}</subnetSet></DescribeSubnetsResponse>`);
      return true;
    };
    const said = await read(['AWS::EKS::Nodegroup', 'AWS::EC2::Subnet']);
    expect(said.unanswered).toEqual([]);
    const count = (key: string): number => said.answers.filter(({ body }) => key in body).length;
    expect({ groups: count('nodegroup'), subnets: count('Subnets') }).toEqual({ groups: 250, subnets: 1250 });
  }, 30_000);
  test('a page that repeats the request is not the same page again', async () => {
    stub.answer = ({ operation, url }, response) => {
      if (operation.endsWith('SecurityGroups')) return json(response, { SecurityGroups: ['sg-1'] });
      const Marker = url.searchParams.get('Marker') ?? undefined;
      const at = Number(Marker ?? 1);
      const MountTargets = [{ MountTargetId: `fsmt-${at}`, FileSystemId: 'fs-1', SubnetId: 'subnet-1' }];
      return json(response, { Marker, MountTargets, ...(at < 3 ? { NextMarker: String(at + 1) } : {}) });
    };
    const said = await read(['AWS::EFS::MountTarget'], { fileSystems: ['fs-1'] });
    expect({ targets: said.answers.filter(({ body }) => 'MountTargets' in body).length, ...said }).toMatchObject({
      targets: 3,
      unanswered: [],
    });
  });
  test('a web page instead of a response is not an empty list', async () => {
    stub.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end('\n<!DOCTYPE html>\n<html><body>Sign in</body></html>');
      return true;
    };
    const said = await read(Object.keys(awsReads) as AwsType[], { vpc: 'vpc-1', fileSystems: ['fs-1'] });
    // That a cluster of the ConfigMap has no access entries is known without a call.
    expect(said.answers.map(({ arn }) => arn)).toEqual([cluster.arn, `${cluster.arn}/access-entries`]);
    const services = new Set(said.unanswered.map(({ operation }) => operation.replace(/:.*/, '')));
    expect([...services]).toEqual(expect.arrayContaining(['autoscaling', 'ec2', 'eks', 'elasticfilesystem', 'logs']));
    expect(said.unanswered.filter(({ why }) => !why.includes('its response is a web page'))).toEqual([]);
  });
  test.each([
    ['eks:ListAddons', { addons: 'text' }],
    ['eks:ListNodegroups', { nodegroups: [''] }],
    ['eks:ListNodegroups', {}],
    ['eks:ListCapabilities', { capabilities: [{}] }],
    ['eks:ListFargateProfiles', { fargateProfileNames: 5 }],
    ['eks:DescribeAddon', {}],
    ['eks:DescribeAddon', { addon: null }],
    ['eks:DescribeAddon', { addon: 'text' }],
    ['eks:DescribeAddonVersions', { addons: 'text' }],
    ['eks:DescribeClusterVersions', { clusterVersions: 5 }],
    ['eks:ListInsights', { insights: 'text' }],
    ['eks:DescribeAddon', { addon: {} }],
    ['kms:DescribeKey', {}],
    ['kms:DescribeKey', { KeyMetadata: {} }],
    ['kms:GetKeyRotationStatus', {}],
  ] as readonly (readonly [string, object])[])(
    '%s with %j is not judged, and stops nothing',
    async (operation, body) => {
      stub.answer = (call, response) => {
        if (call.operation === operation) return json(response, body);
        if (call.operation === 'kms:DescribeKey')
          return json(response, { KeyMetadata: { KeyId: 'k', KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_KMS' } });
        if (call.operation === 'eks:ListAddons') return json(response, { addons: ['one'] });
        if (call.operation === 'eks:DescribeAddon')
          return json(response, { addon: { addonName: 'one', serviceAccountRoleArn: 'web' } });
        return json(response, {});
      };
      const types = (Object.keys(awsReads) as AwsType[]).filter((type) => /EKS|KMS|IAM::Role$/.test(type));
      const { unanswered } = await read(types, { key: 'key-1' });
      expect(unanswered).toContainEqual({
        operation,
        why: `${operation} failed: the response does not contain what was requested`,
        isDenied: false,
      });
    },
  );
  /** A call that answers in XML: what is asked for to make it, the list that it answers with, and an item that holds nothing. */
  const inXml: readonly (readonly [string, AwsType, list: string, item: string])[] = [
    ['ec2:DescribeSubnets', 'AWS::EC2::Subnet', 'subnetSet', 'item'],
    ['ec2:DescribeVpcs', 'AWS::EC2::VPC', 'vpcSet', 'item'],
    ['ec2:DescribeNatGateways', 'AWS::EC2::NatGateway', 'natGatewaySet', 'item'],
    ['ec2:DescribeFlowLogs', 'AWS::EC2::FlowLog', 'flowLogSet', 'item'],
    ['ec2:DescribeVpcEndpoints', 'AWS::EC2::VPCEndpoint', 'vpcEndpointSet', 'item'],
    ['ec2:DescribeSecurityGroups', 'AWS::EC2::SecurityGroup', 'securityGroupInfo', 'item'],
    ['iam:ListRolePolicies', 'AWS::IAM::RolePolicy', 'PolicyNames', 'member'],
    ['iam:ListAttachedRolePolicies', 'IAM::PolicyAttachment', 'AttachedPolicies', 'member'],
    ['rds:DescribeDBInstances', 'AWS::RDS::DBInstance', 'DBInstances', 'DBInstance'],
    ['rds:DescribeDBClusters', 'AWS::RDS::DBCluster', 'DBClusters', 'DBCluster'],
    ['autoscaling:DescribeAutoScalingGroups', 'AWS::AutoScaling::AutoScalingGroup', 'AutoScalingGroups', 'member'],
  ];
  test.each(inXml)(
    'garbage in place of the list of %s is not judged, an empty list is',
    async (operation, type, list, item) => {
      const name = operation.replace(/^.*:/, '');
      const body = (inner: string): string =>
        operation.startsWith('ec2:')
          ? `<?xml version="1.0" encoding="UTF-8"?>\n<${name}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId>${inner}</${name}Response>`
          : `<${name}Response><${name}Result>${inner}</${name}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${name}Response>`;
      const said = async (xml: string): Promise<string[]> => {
        stub.answer = (call, response) => {
          if (call.operation !== operation) return false;
          response.writeHead(200, { 'content-type': 'text/xml' });
          response.end(xml);
          return true;
        };
        const { unanswered } = await read([type, 'AWS::IAM::Role'], {
          vpc: 'vpc-1',
          named: {
            roles: ['web'],
            subnets: ['subnet-1'],
            securityGroups: ['sg-1'],
            databases: [false, true].map((isCluster) => ({ name: 'db', region, isCluster })),
          },
        });
        return unanswered.filter((one) => one.operation === operation).map(({ why }) => why);
      };
      expect(await said(body(`<${list}/>`))).toEqual([]);
      for (const xml of ['', 'OK', '{}', '<x/>', `<Other><${list}/></Other>`])
        expect(await said(xml), xml).toEqual([`${operation} failed: its response is not for ${name}`]);
      for (const inner of ['', `<other/>`, `<${list}><${item}/></${list}>`])
        expect(await said(body(inner)), inner).toEqual([
          `${operation} failed: the response does not contain what was requested`,
        ]);
    },
  );
  test.each([
    ['GetRole', '<Role><RoleName>web</RoleName></Role>'],
    ['GetRole', ''],
    ['GetRolePolicy', '<RoleName>web</RoleName><PolicyName>one</PolicyName>'],
    ['GetRolePolicy', ''],
  ])('%s with "%s" is no role without rights', async (name, inner) => {
    const xml = (of: string, result: string): string =>
      `<${of}Response><${of}Result>${result}</${of}Result></${of}Response>`;
    const results: Readonly<Record<string, string>> = {
      ListRolePolicies: '<PolicyNames><member>one</member></PolicyNames>',
      GetRole:
        '<Role><RoleName>web</RoleName><Arn>arn:web</Arn><AssumeRolePolicyDocument>{}</AssumeRolePolicyDocument></Role>',
      GetRolePolicy: '<PolicyName>one</PolicyName><PolicyDocument>{}</PolicyDocument>',
      [name]: inner,
    };
    stub.answer = ({ operation }, response) => {
      const of = operation.replace('iam:', '');
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(xml(of, results[of] ?? ''));
      return true;
    };
    const said = await read(['AWS::IAM::Role', 'AWS::IAM::RolePolicy'], { named: { roles: ['web'] } });
    expect(said.unanswered.map(({ why }) => why)).toEqual([
      `iam:${name} failed: the response does not contain what was requested`,
    ]);
    expect(JSON.stringify(said.answers)).not.toContain('"RolePolicyList"');
  });
  test('at most a few calls are under way', async () => {
    let [now, most] = [0, 0];
    stub.answer = ({ operation }, response) => {
      if (operation === 'eks:ListAddons')
        return json(response, { addons: Array.from({ length: 30 }, (_, index) => `addon-${index}`) });
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        json(response, { addon: { addonName: 'x', addonArn: 'arn:aws:eks:x' } });
      }, 20);
      return true;
    };
    expect(await unread(['AWS::EKS::Addon'])).toEqual([]);
    expect({ most, calls: stub.calls.length }).toEqual({ most: 6, calls: 31 });
  });
});

test('no client makes a call that is not a read in the table, and nothing is sent', async () => {
  const { eks, ec2, iam, sts } = await client().clients;
  const calls = [
    async () => eks.send(new DeleteClusterCommand({ name: 'prod' })),
    async () => ec2.send(new TerminateInstancesCommand({ InstanceIds: ['i-1'] })),
    // A read, and none that an audit needs.
    async () => iam.send(new GetUserCommand({})),
    async () => sts.send(new GetSessionTokenCommand({})),
  ];
  for (const call of calls) await expect(call()).rejects.toThrow(/^ekslint does not call \w+:\w+$/);
  expect(stub.calls).toEqual([]);
});

describe('a login that ends during an audit', () => {
  const all = Object.keys(awsReads) as AwsType[];
  const names = ['one', 'two'];
  /** Answers with two add-ons until `isOver` holds for a call, then with the error of an expired session. */
  const serve = (isOver: (call: Call) => boolean, code = 'ExpiredTokenException'): void => {
    stub.answer = (call, response) => {
      if (isOver(call)) return (refuse(call, response, 403, code), true);
      if (call.operation === 'eks:DescribeCluster') return json(response, { cluster });
      if (call.operation === 'eks:ListAddons') return json(response, { addons: names });
      const addonName = call.url.pathname.split('/').at(-1) ?? '';
      if (call.operation === 'eks:DescribeAddon')
        return json(response, { addon: { addonName, addonArn: `arn:aws:eks:x:1:addon/prod/${addonName}/1` } });
      return json(response, { fargateProfileNames: [] });
    };
  };

  test('keeps what was read, gives one reason for the rest, and stops calling AWS', async () => {
    let described = 0;
    serve(({ operation }) => operation !== 'eks:ListAddons' && described++ > 0);
    const { answers, unanswered } = await read(['AWS::EKS::Addon']);
    expect(answers.map(({ arn }) => arn).filter((arn) => arn.includes(':addon/'))).toHaveLength(1);
    expect(unanswered).toEqual([{ operation: 'eks:DescribeAddon', why: loginExpired, isDenied: false }]);
    // Of all requests of an audit, only those under way are rejected.
    serve(() => true);
    stub.calls.length = 0;
    const nothing = await read(all);
    expect(new Set(nothing.unanswered.map(({ why }) => why))).toEqual(new Set([loginExpired]));
    expect(nothing.unanswered.length).toBeGreaterThan(10);
    expect(stub.calls.length).toBeLessThanOrEqual(6);
  });
  // EC2 uses the same code for a request with a wrong time.
  test.each(['ExpiredTokenException', 'ExpiredToken', 'RequestExpired'])('is recognized by %s', async (code) => {
    serve(({ operation }) => operation.startsWith('ec2:') || operation.startsWith('autoscaling:'), code);
    const { unanswered } = await read(['AWS::AutoScaling::AutoScalingGroup', 'AWS::EC2::VPC'], { vpc: 'vpc-1' });
    expect(unanswered.map(({ operation, why }) => `${operation}: ${why}`)).toEqual(
      ['autoscaling:DescribeAutoScalingGroups', 'ec2:DescribeVpcs'].map((one) => `${one}: ${loginExpired}`),
    );
  });
  test('rewritten credentials are used, and nothing is missing', async () => {
    const write = (key: string): void =>
      writeFileSync(
        environment.AWS_SHARED_CREDENTIALS_FILE,
        `[rotated]\naws_access_key_id = ${key}\naws_secret_access_key = s\naws_session_token = t\n`,
      );
    for (const key of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[key];
    write('OLD');
    let taken = 3;
    serve(({ key }) => {
      if (taken-- === 0) write('NEW');
      return key === 'OLD' && taken < 0;
    });
    const { unanswered } = await read(['AWS::EKS::Addon', 'AWS::EKS::FargateProfile'], { profile: 'rotated' });
    expect(unanswered).toEqual([]);
    expect(new Set(stub.calls.map(({ key }) => key))).toEqual(new Set(['OLD', 'NEW']));
  });
  test('a role is assumed again; if that is denied, the audit continues without AWS', async () => {
    const roleArn = 'arn:aws:iam::111122223333:role/audit';
    let [assumed, calls] = [0, 0];
    let most = 2;
    const credentials = (): string =>
      `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ROLE${assumed}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${until}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
    let until = '2099-01-01T00:00:00Z';
    const serveRole = (): void => {
      serve(({ key }) => key === 'ROLE1' && ++calls > 1);
      const others = stub.answer;
      stub.answer = (call, response) => {
        if (call.operation !== 'sts:AssumeRole') return others(call, response);
        if (++assumed > most) return (refuse(call, response, 403, 'AccessDenied'), true);
        response.writeHead(200, { 'content-type': 'text/xml' });
        response.end(credentials());
        return true;
      };
    };
    serveRole();
    expect((await read(['AWS::EKS::Addon'], { roleArn })).unanswered).toEqual([]);
    expect(assumed).toBe(2);
    [assumed, calls, most] = [0, 0, 1];
    const { answers, unanswered } = await read(['AWS::EKS::Addon'], { roleArn });
    expect(answers.length).toBeGreaterThan(0);
    expect(unanswered).toEqual([{ operation: 'eks:DescribeAddon', why: loginExpired, isDenied: false }]);
    // Once the credentials have expired, AWS is not called with them.
    [assumed, calls, most, until] = [0, -9, 1, new Date(Date.now() + 1000).toISOString()];
    const late = await read(['AWS::EKS::Addon'], { roleArn });
    expect(late.unanswered.map(({ why }) => why)).toEqual([
      `not all of AWS was read: no permission to assume role ${roleArn}`,
    ]);
  });
  test('an ended SSO session is not reported as missing credentials', async () => {
    for (const key of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[key];
    process.env['HOME'] = folder;
    const cache = join(folder, '.aws', 'sso', 'cache');
    mkdirSync(cache, { recursive: true });
    const file = join(cache, `${createHash('sha1').update('one').digest('hex')}.json`);
    writeFileSync(file, JSON.stringify({ accessToken: 'a', expiresAt: '2099-01-01T00:00:00Z' }));
    let isGone = false;
    serve(() => false);
    const others = stub.answer;
    stub.answer = (call, response) => {
      if (!call.url.pathname.endsWith('/federation/credentials')) return others(call, response);
      if (isGone) {
        response.writeHead(401, { 'content-type': 'application/json', 'x-amzn-errortype': 'UnauthorizedException' });
        response.end(JSON.stringify({ message: 'Session token not found or invalid' }));
        return true;
      }
      isGone = true;
      const roleCredentials = { accessKeyId: 'SSO', secretAccessKey: 's', sessionToken: 't' };
      return json(response, { roleCredentials: { ...roleCredentials, expiration: Date.now() + 1000 } });
    };
    const aws = client({ profile: 'sso' });
    expect((await aws.cluster('prod')).arn).toBe(cluster.arn);
    await new Promise((later) => setTimeout(later, 1100));
    expect(await told(aws.cluster('prod'))).toBe('the AWS login has expired / Log in again, e.g.: aws sso login');
    expect(await told(aws.token({ name: 'prod', region }))).toMatch(/^the AWS login has expired/);
    rmSync(file);
  });
});

describe('the way to AWS', () => {
  let proxy: Server;
  const through: string[] = [];
  beforeAll(async () => {
    proxy = createServer();
    proxy.on('connect', (request, socket) => {
      through.push(request.url ?? '');
      // AWS itself is out of reach of tests.
      if (request.url?.endsWith(':443')) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      const { port } = new URL(stub.url);
      const out = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        out.pipe(socket);
        socket.pipe(out);
      });
      out.on('error', () => socket.destroy());
      socket.on('error', () => out.destroy());
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  });
  afterAll(() => {
    proxy.closeAllConnections();
    proxy.close();
  });

  test('uses the proxy, except if NO_PROXY names the host', async () => {
    const address = proxy.address();
    process.env['AWS_ENDPOINT_URL'] = 'http://eks.eu-west-1.amazonaws.test';
    process.env['HTTP_PROXY'] = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    stub.answer = (_, response) => json(response, { cluster });
    expect((await client().cluster('prod')).arn).toBe(cluster.arn);
    expect(through).toEqual(['eks.eu-west-1.amazonaws.test:80']);
    process.env['NO_PROXY'] = '.amazonaws.test';
    expect(await told(client().cluster('prod'))).toMatch(/^AWS cannot be reached/);
    expect(through).toHaveLength(1);
  });
  const proxyUrl = (): string => {
    const address = proxy.address();
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  };
  /** The hosts that calls lead to. */
  const hostsOf = async (call: Promise<unknown>): Promise<string[]> => {
    through.length = 0;
    await call.catch(() => {});
    return [...new Set(through.map((one) => one.replace(/:443$/, '')))].sort();
  };
  beforeEach(() => {
    through.length = 0;
  });
  test.each([
    ['us-east-1', {}, {}, 'eks.us-east-1.amazonaws.com'],
    ['us-east-1', { AWS_USE_FIPS_ENDPOINT: 'true' }, {}, 'fips.eks.us-east-1.amazonaws.com'],
    ['us-east-1', {}, { profile: 'fips' }, 'fips.eks.us-east-1.amazonaws.com'],
    ['us-east-1', { AWS_USE_DUALSTACK_ENDPOINT: 'true' }, {}, 'eks.us-east-1.api.aws'],
    ['us-east-1', {}, { profile: 'dual' }, 'eks.us-east-1.api.aws'],
    ['cn-north-1', {}, {}, 'eks.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', {}, {}, 'eks.us-gov-west-1.amazonaws.com'],
  ])('leads to the endpoint of %s with %o and %o', async (place, variables, words, host) => {
    delete process.env['AWS_ENDPOINT_URL'];
    Object.assign(process.env, { HTTPS_PROXY: proxyUrl(), AWS_REGION: place }, variables);
    expect(await hostsOf(client(words).cluster('prod'))).toEqual([host]);
    expect(await told(client(words).cluster('prod'))).toMatch(/the proxy rejects the connection \(403\) .*HTTPS_PROXY/);
  });
  test.each([
    ['cn-north-1', 'aws-cn', /\.amazonaws\.com\.cn$/],
    ['us-gov-west-1', 'aws-us-gov', /^iam\.us-gov\.amazonaws\.com$|\.us-gov-west-1\.amazonaws\.com$/],
  ])('of %s no call leaves the partition', async (place, partition, own) => {
    delete process.env['AWS_ENDPOINT_URL'];
    Object.assign(process.env, { HTTPS_PROXY: proxyUrl(), AWS_REGION: place });
    const arn = cluster.arn.replace('arn:aws:', `arn:${partition}:`).replace(region, place);
    const answer = { ...cluster, arn, resourcesVpcConfig: { vpcId: 'vpc-1', subnetIds: ['subnet-1'] } };
    const roles = [`arn:${partition}:iam::111122223333:role/web`];
    const images = [`111122223333.dkr.ecr.${place}.${suffixOf(place)}/web:1`];
    const hosts = await hostsOf(
      collectAnswers(
        client(),
        { ...cluster, arn, account: '111122223333', region: place, ca: '', isPublic: true, answer },
        {
          types: new Set(Object.keys(awsReads) as AwsType[]),
          named: {
            ...namesNothing,
            roles,
            images,
            hosts: ['a.example'],
            fileSystems: ['fs-12345678'],
            parameters: ['/a'],
          },
          progress: undefined,
        },
      ),
    );
    expect(hosts.length).toBeGreaterThan(9);
    expect(hosts.filter((host) => !own.test(host))).toEqual([]);
  });
  test('is direct for addresses in a NO_PROXY block, as in kubectl', async () => {
    stub.answer = (_, response) => json(response, { cluster });
    process.env['HTTP_PROXY'] = proxyUrl();
    for (const [blocks, isDirect] of [
      ['10.0.0.0/8,127.0.0.0/8', true],
      ['::1/128,127.0.0.1/32', true],
      ['10.0.0.0/8', false],
      ['127.0.0.0/99,127.0.0.0/x', false],
    ] as const) {
      process.env['NO_PROXY'] = blocks;
      through.length = 0;
      expect((await client().cluster('prod')).arn).toBe(cluster.arn);
      expect([blocks, through.length]).toEqual([blocks, isDirect ? 0 : 1]);
    }
  });
  test('to SSO also uses the proxy', async () => {
    for (const key of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_ENDPOINT_URL']) delete process.env[key];
    Object.assign(process.env, { HTTPS_PROXY: proxyUrl(), HOME: folder });
    const cache = join(folder, '.aws', 'sso', 'cache');
    mkdirSync(cache, { recursive: true });
    const file = join(cache, `${createHash('sha1').update('one').digest('hex')}.json`);
    writeFileSync(file, JSON.stringify({ accessToken: 'a', expiresAt: '2099-01-01T00:00:00Z' }));
    expect(await hostsOf(client({ profile: 'sso' }).cluster('prod'))).toEqual(['portal.sso.eu-west-1.amazonaws.com']);
    rmSync(file);
  });
  test('a bundle of authorities that cannot be read is named', async () => {
    process.env['AWS_CA_BUNDLE'] = join(folder, 'none.pem');
    expect(await told(client().cluster('prod'))).toMatch(/^cannot read .*none.pem, the file in AWS_CA_BUNDLE/);
  });
});

describe('the token for an API server', () => {
  const urlOf = (token: string): URL =>
    new URL(Buffer.from(token.replace(/^k8s-aws-v1\./, ''), 'base64url').toString());
  test.each([
    ['eu-west-1', 'sts.eu-west-1.amazonaws.com'],
    ['cn-north-1', 'sts.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'sts.us-gov-west-1.amazonaws.com'],
    ['us-iso-east-1', 'sts.us-iso-east-1.c2s.ic.gov'],
    ['us-isob-east-1', 'sts.us-isob-east-1.sc2s.sgov.gov'],
    ['eusc-de-east-1', 'sts.eusc-de-east-1.amazonaws.eu'],
  ])('is signed for the STS of %s', async (place, host) => {
    expect(`sts.${place}.${suffixOf(place)}`).toBe(host);
    const token = await client({ region: place }).token({ name: 'prod', region: place });
    expect(token).toMatch(/^k8s-aws-v1\.[\w-]+$/);
    const url = urlOf(token);
    expect(url.host).toBe(host);
    const asked = Object.fromEntries(url.searchParams);
    expect(asked).toMatchObject({
      Action: 'GetCallerIdentity',
      Version: '2011-06-15',
      'X-Amz-Expires': '60',
      'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
    });
    expect(asked['X-Amz-Credential']).toContain(`/${place}/sts/aws4_request`);
  });
  test('has the time of AWS if our clock is off', async () => {
    const ahead = 3_600_000;
    stub.answer = (_, response) => json(response, { cluster }, { date: new Date(Date.now() + ahead).toUTCString() });
    const aws = client();
    await aws.cluster('prod');
    expect(Math.abs((await aws.clockSkew()) - ahead)).toBeLessThan(5_000);
    const date = urlOf(await aws.token({ name: 'prod', region })).searchParams.get('X-Amz-Date') ?? '';
    const [, year, month, day, hour, minute] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/.exec(date) ?? [];
    const signed = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
    expect(signed - Date.now()).toBeGreaterThan(ahead - 120_000);
  });
});
