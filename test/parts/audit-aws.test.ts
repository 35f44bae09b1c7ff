import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { iamPolicy } from '#commands/access.ts';
import { type Flags, run } from '#commands/audit.ts';
import { eksVersions } from '#model/calendar.ts';
import type { Report } from '#model/finding.ts';
import type * as Pipeline from '#pipeline.ts';
import { lint } from '#pipeline.ts';
import type { Snapshot } from '#sources/snapshot.ts';
import { rules } from '../../src/rule/registry.ts';
import { type AwsServer, type Call, refuse, startAws, whyNoMoto } from './moto.ts';
import { allRules } from '../all-rules.ts';
import {
  account,
  addons,
  addonVersion,
  associations,
  makeAccount,
  objects,
  region,
  roleArn,
  templateOfAccount,
} from './aws-account.ts';
import { type KubeStub, startKubeStub } from './kube-stub.ts';

/* What AWS says of a cluster, against moto, and a server in the shape of the API for what moto lacks. */

const why = whyNoMoto();
if (why !== undefined) console.warn(`skipped: ${why}`);

const heard = vi.hoisted(() => ({ err: '', report: undefined as unknown, snapshots: [] as readonly Snapshot[] }));
vi.mock('#commands/output.ts', async (original) => ({
  ...(await original<object>()),
  print: () => {},
  say: (text: string) => void (heard.err += text),
}));
vi.mock('#pipeline.ts', async (original) => {
  const { lint: real, ...others } = await original<typeof Pipeline>();
  return {
    ...others,
    lint: async (options: Parameters<typeof real>[0]) => {
      if (options.snapshots) heard.snapshots = options.snapshots;
      return (heard.report = await real(options));
    },
  };
});

const environment = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: region,
  AWS_EC2_METADATA_DISABLED: 'true',
};
const keyOf = ({ rule, subject }: { rule: string; subject: { kind: string; name: string } }): string =>
  [rule, subject.kind, subject.name].join('\t');
const verdictsOf = ({ findings }: Report): Set<string> =>
  new Set(findings.map((one) => `${keyOf(one)}\t${one.message}`));
const json = (response: Parameters<AwsServer['answer']>[1], body: unknown): true => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
  return true;
};

/** What moto lacks; the list of add-ons has a page for each. */
const answerEks: AwsServer['answer'] = ({ operation, url }, response) => {
  const name = url.pathname.split('/').at(-1) ?? '';
  const arnOf = (rest: string): string => `arn:aws:eks:${region}:${account}:${rest}`;
  switch (operation) {
    case 'eks:ListAddons': {
      const at = Number(url.searchParams.get('nextToken') ?? 0);
      return json(response, { addons: [addons[at]], ...(addons[at + 1] ? { nextToken: String(at + 1) } : {}) });
    }
    case 'eks:DescribeAddon': {
      const addon = { addonName: name, clusterName: 'prod', addonArn: arnOf(`addon/prod/${name}/1`), addonVersion };
      return json(response, { addon: { ...addon, configurationValues: 'canary-3' } });
    }
    case 'eks:ListPodIdentityAssociations':
    case 'eks:DescribePodIdentityAssociation': {
      const all = associations.map(({ id, namespace, serviceAccount, role }) => ({
        associationArn: arnOf(`podidentityassociation/prod/${id}`),
        associationId: id,
        clusterName: 'prod',
        namespace,
        serviceAccount,
        roleArn: roleArn(role),
      }));
      const [association] = all.filter(({ associationId }) => associationId === name);
      const listed = all.map(({ roleArn: _, ...one }) => one);
      return json(response, association ? { association } : { associations: listed });
    }
    case 'eks:DescribeClusterVersions':
      return json(response, {
        clusterVersions: eksVersions.map(({ version, released, endStandard, endExtended }) => ({
          clusterVersion: version,
          releaseDate: Date.parse(released) / 1000,
          endOfStandardSupportDate: Date.parse(endStandard) / 1000,
          endOfExtendedSupportDate: Date.parse(endExtended) / 1000,
        })),
      });
    case 'ecr:DescribePullThroughCacheRules':
      return json(response, { pullThroughCacheRules: [] });
    case 'eks:DescribeCluster':
      return described === undefined || name !== 'prod' ? false : json(response, described);
    default:
      return false;
  }
};
/** What moto says of the cluster, and where its API server really is. */
let described: { readonly cluster: Record<string, unknown> } | undefined;

describe.skipIf(why !== undefined)('what AWS says of a cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ekslint-aws-'));
  const before = { ...process.env };
  let aws: AwsServer;

  let kube: KubeStub;

  const audit = async (flags: Flags = {}, names: readonly string[] = ['prod']) => {
    Object.assign(heard, { err: '', report: undefined });
    aws.calls.length = 0;
    const code = await run(names, {
      config: false,
      preset: 'all',
      progress: false,
      failOn: 'never',
      format: ['json'],
      ...flags,
    });
    return { code, err: heard.err, report: heard.report as Report };
  };
  const called = (): string[] => [...new Set(aws.calls.map(({ operation }) => operation))].sort();

  beforeAll(async () => {
    aws = await startAws();
    Object.assign(process.env, environment, { AWS_ENDPOINT_URL: aws.url });
    await makeAccount();
    kube = await startKubeStub(objects);
    const said = await new EKSClient({}).send(new DescribeClusterCommand({ name: 'prod' }));
    described = { cluster: { ...said.cluster, createdAt: 1_700_000_000, endpoint: kube.url } };
  }, 90_000);
  afterAll(async () => {
    process.env = before;
    kube?.stop();
    await aws?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    aws.answer = answerEks;
    kube.denied = new Set();
  });

  /** Findings about what AWS tells. */
  const ofAws = (report: Report): Set<string> =>
    new Set(report.findings.filter(({ at }) => at.source.startsWith('arn:')).map(keyOf));

  test('is judged as the same answers in files are', async () => {
    const { code, err, report } = await audit();
    expect({ code, err, crashes: report.crashes }).toEqual({ code: 0, err: '', crashes: [] });
    const found = ofAws(report);
    expect(new Set(report.findings.map(({ subject }) => subject.kind)).size).toBeGreaterThan(5);
    const root = mkdtempSync(join(folder, 'files-'));
    for (const [index, { body }] of (heard.snapshots[0]?.answers ?? []).entries())
      writeFileSync(join(root, `${index}.json`), JSON.stringify(body));
    for (const [index, object] of objects.entries())
      writeFileSync(join(root, `object-${index}.json`), JSON.stringify(object));
    const files = await lint({ ...allRules, cwd: root, today: new Date().toISOString().slice(0, 10) });
    expect(new Set(files.findings.filter(({ at }) => !at.source.startsWith('object-')).map(keyOf))).toEqual(found);
  });

  test('finds what lint finds in the template of the same account, rule by rule', async () => {
    const { report } = await audit();
    const root = mkdtempSync(join(folder, 'template-'));
    writeFileSync(join(root, 'template.json'), JSON.stringify(templateOfAccount()));
    for (const [index, object] of objects.entries())
      writeFileSync(join(root, `object-${index}.json`), JSON.stringify(object));
    const files = await lint({ ...allRules, cwd: root, today: new Date().toISOString().slice(0, 10) });
    const about = new Set(['cluster', 'nodegroup', 'addon', 'podIdentity', 'iamRole', 'kmsKey', 'repository']);
    const of = ({ findings }: Report): string[] =>
      [...new Set(findings.filter(({ subject }) => about.has(subject.kind)).map(keyOf))].sort();
    console.log(of(report), of(files));
    expect(of(files)).toEqual(of(report));
  });

  test('all pages are read, and every operation of the printed policy is called, and no other', async () => {
    await audit();
    const names = heard.snapshots[0]?.answers.map(({ arn }) => arn).filter((arn) => arn.includes(':addon/'));
    expect(names).toHaveLength(addons.length);
    const asked = new Set(called());
    const { Statement } = JSON.parse(iamPolicy(rules)) as { Statement: { Action: string[] }[] };
    const { Aws } = await import('#sources/aws.ts');
    await new Aws({ region, profile: undefined }).clusters();
    for (const one of called()) asked.add(one);
    expect([...asked].sort()).toEqual(Statement[0]?.Action);
  });

  test('each action that is denied flips no verdict, is named, and its policy is printed', async () => {
    const full = verdictsOf((await audit()).report);
    for (const denied of called().filter((one) => one !== 'eks:DescribeCluster')) {
      aws.answer = (call, response) => {
        if (call.operation !== denied) return answerEks(call, response);
        refuse(call, response, 403, denied.startsWith('ec2:') ? 'UnauthorizedOperation' : 'AccessDeniedException');
        return true;
      };
      const { code, err, report } = await audit();
      expect({ denied, code, complete: report.complete }).toEqual({ denied, code: 3, complete: false });
      expect(
        [...verdictsOf(report)].filter((one) => !full.has(one)),
        denied,
      ).toEqual([]);
      expect(report.notes.map(({ message }) => message)).toContain(
        `no permission for ${denied}: rules that need its answer have not judged`,
      );
      const { Statement } = JSON.parse(err.slice(err.indexOf('{'))) as { Statement: { Action: string[] }[] };
      expect(Statement[0]?.Action).toEqual([denied]);
    }
  }, 120_000);

  test('a denied cluster ends the audit', async () => {
    aws.answer = (call: Call, response) => (refuse(call, response, 403, 'AccessDeniedException'), true);
    await expect(audit()).rejects.toThrow('no permission to read cluster "prod" in eu-west-1');
  });

  test('a call that is throttled is tried again', async () => {
    let busy = 3;
    aws.answer = (call, response) => {
      if (call.operation !== 'eks:ListNodegroups' || busy-- <= 0) return answerEks(call, response);
      refuse(call, response, 429, 'ThrottlingException');
      return true;
    };
    const { code, report } = await audit();
    expect({ code, complete: report.complete }).toEqual({ code: 0, complete: true });
    expect(aws.calls.filter(({ operation }) => operation === 'eks:ListNodegroups')).toHaveLength(4);
  }, 60_000);

  test('rules about objects alone ask AWS for nothing but the cluster', async () => {
    await audit({ only: ['pod-security/*'] });
    expect(called()).toEqual(['eks:DescribeCluster']);
  });

  test('all clusters of a region come in one report, and one that cannot be read is told', async () => {
    aws.answer = (call, response) => {
      if (call.operation === 'eks:ListClusters') return json(response, { clusters: ['prod', 'gone'] });
      return answerEks(call, response);
    };
    const { code, report } = await audit({ allClusters: true }, []);
    expect({ code, clusters: report.checked.clusters }).toEqual({ code: 3, clusters: 1 });
    expect(report.notes.map(({ message }) => message)).toContain(
      'not audited: gone: cluster "gone" in eu-west-1 does not exist in this account',
    );
    await expect(audit({ allClusters: true })).rejects.toThrow('--all-clusters takes no names');
    await expect(audit({ save: join(folder, 'two.json.gz') }, ['prod', 'gone'])).rejects.toThrow('--save stores one');
  });

  test('a snapshot holds no user data, no settings of add-ons and no certificate', async () => {
    const file = join(folder, 'prod.json.gz');
    await audit({ save: file });
    const stored = gunzipSync(readFileSync(file)).toString();
    expect(stored).toContain('launch-template/');
    expect(stored).not.toMatch(/canary|Y2FuYXJ5|certificateAuthority/);
  });
});
