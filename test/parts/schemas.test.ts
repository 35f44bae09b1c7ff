import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isNamespaced } from '#model/kinds.ts';
import { isRecord } from '#model/shape.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';
import { readSchemas, schemaFlags } from '../../bin/kubernetes-schemas.mts';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';
import { type ApiServer, startApiServer, whyNoApiServer } from './kube-apiserver.ts';
import { mutationsOf } from './mutations.ts';
import { bases, changed, faults, unsaid } from './semantic-faults.ts';

/*
 * The rules against a real API server: its verdict on thousands of changed objects, in a dry run with
 * fieldValidation=Strict, is that of the rules.
 */

const why = whyNoApiServer();
if (why !== undefined) console.warn(`skipped: ${why}`);
const correctness = rules.filter(({ id }) => id.startsWith('correctness/'));

/**
 * Findings that do not mean that the API server rejects the object: it accepts the object, which then does not work.
 */
const accepted = new Set(['correctness/implausible-quantity']);
const acceptedMessages = new Set(['crd-inconsistent/unserved', 'invalid-cron/schedule', 'invalid-secret-data/content']);

/** What only the API server knows about a value, by its message. The rules claim nothing about these. */
const unclaimed = [
  /selector` does not match|Not found:|must be one of the container/, // reported by other rules, or with less certainty
];

/** Valid objects of all kinds. */
const valid = splitDocuments({
  id: '',
  path: '',
  text: readFileSync('fixtures/kubernetes/valid.yaml', 'utf8'),
  target: true,
}).map((segment) => JSON.parse(JSON.stringify(parseYaml(segment)[0]?.root)) as Record<string, unknown>);

describe.skipIf(why !== undefined)('a real API server', () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer(schemaFlags);
  }, 90_000);
  afterAll(async () => {
    await server?.stop();
  });

  const resources = new Map<string, { name: string; namespaced: boolean }>();
  const resourceOf = async ({
    apiVersion,
    kind,
  }: Record<string, unknown>): Promise<{ path: string; namespaced: boolean }> => {
    const base = String(apiVersion).includes('/') ? `/apis/${String(apiVersion)}` : `/api/${String(apiVersion)}`;
    const id = `${base} ${String(kind)}`;
    if (!resources.has(id)) {
      const { body } = await server.call('GET', base);
      const all = (body as { resources: { kind: string; name: string; namespaced: boolean }[] }).resources;
      for (const one of all) if (!one.name.includes('/')) resources.set(`${base} ${one.kind}`, one);
    }
    const found = resources.get(id);
    if (!found) throw new Error(`the API server has no ${id}`);
    return {
      path: `${base}${found.namespaced ? '/namespaces/default' : ''}/${found.name}`,
      namespaced: found.namespaced,
    };
  };
  /** Why the API server rejects an object; undefined if it accepts it. */
  const rejectionOf = async (path: string, object: unknown): Promise<string | undefined> => {
    const { status, body } = await server.call('POST', `${path}?dryRun=All&fieldValidation=Strict`, object);
    return status < 300 ? undefined : `${status} ${isRecord(body) ? String(body['message']) : ''}`;
  };
  /** What the rules say: the findings that mean a rejection, and whether they left something undetermined. */
  const verdictOf = async (object: unknown): Promise<{ findings: string[]; isOpen: boolean }> => {
    const { findings, undetermined, crashes } = await lintTexts({ 'a.json': JSON.stringify(object) }, correctness);
    expect(crashes.map(({ rule, error }) => `${rule} ${error.stack ?? ''}`)).toEqual([]);
    const rejecting = findings.filter(
      ({ rule, messageId, severity }) =>
        (severity === 'high' || severity === 'critical') &&
        !accepted.has(rule) &&
        !acceptedMessages.has(`${rule.slice('correctness/'.length)}/${messageId}`),
    );
    return { findings: rejecting.map(({ rule, message }) => `${rule}: ${message}`), isOpen: undetermined.length > 0 };
  };

  /** Whether any rule says that the API server rejects an object. */
  const saysRejected = async (object: unknown): Promise<boolean> => {
    const { findings } = await lintTexts({ 'a.json': JSON.stringify(object) }, rules);
    return findings.some(({ message }) => /\brejects?\b|\brejected\b|cannot start/.test(message));
  };

  test('schemas/kubernetes is what this API server returns (npm run gen:kubernetes)', async () => {
    const files = await readSchemas(server);
    expect([...files.keys()].sort()).toEqual(readdirSync('schemas/kubernetes').sort());
    for (const [name, text] of files) expect(readFileSync(`schemas/kubernetes/${name}`, 'utf8'), name).toBe(text);
  }, 60_000);

  test('valid objects are valid to both', async () => {
    for (const object of valid) {
      const { path, namespaced } = await resourceOf(object);
      expect(await rejectionOf(path, object), JSON.stringify(object).slice(0, 80)).toBeUndefined();
      expect((await verdictOf(object)).findings).toEqual([]);
      const group = String(object['apiVersion']).split('/').slice(0, -1).join('/');
      expect(isNamespaced(String(object['kind']), group), `${String(object['kind'])} in a namespace`).toBe(namespaced);
    }
  }, 60_000);

  test('errors that no schema contains: the same verdict', async () => {
    for (const [kind, object] of Object.entries(bases)) {
      const { path } = await resourceOf(object as Record<string, unknown>);
      expect(await rejectionOf(path, object), kind).toBeUndefined();
      expect((await verdictOf(object)).findings, kind).toEqual([]);
    }
    const [falseAlarms, missed]: [string[], string[]] = [[], []];
    let rejected = 0;
    for (const [kind, change] of faults) {
      const object = changed(bases[kind], change);
      const { path } = await resourceOf(object);
      const rejection = await rejectionOf(path, object);
      const { findings } = await verdictOf(object);
      const said = findings.length > 0 || (await saysRejected(object));
      const label = `${kind} ${JSON.stringify(change, (_, value: unknown) => value ?? null)}`;
      if (rejection !== undefined) rejected++;
      if (rejection === undefined && findings.length > 0) falseAlarms.push(`${label}: ${findings.join('; ')}`);
      if (rejection !== undefined && !said) missed.push(`${label}: ${rejection}`);
    }
    expect(falseAlarms, 'objects that the API server takes').toEqual([]);
    expect(missed, 'objects that the API server rejects').toEqual([]);
    expect(rejected).toBeGreaterThan(500);
    for (const [kind, change] of unsaid) {
      const object = changed(bases[kind], change);
      const { path } = await resourceOf(object);
      expect(await rejectionOf(path, object), JSON.stringify(change)).toBeDefined();
    }
  }, 60_000);

  test('changed objects: the same verdict', async () => {
    const jobs = valid.flatMap((object) =>
      // Every third change: all of them take three times as long, with the same result.
      [...mutationsOf(object)]
        .filter(({ name }, index) => index % 3 === 0 && !/^(?:apiVersion|kind)\b/.test(name))
        .map(({ name, object: changed }) => ({ object, name, changed })),
    );
    expect(jobs.length).toBeGreaterThan(4000);
    const falseAlarms: string[] = [];
    const missedByDecoding: string[] = [];
    const missed: string[] = [];
    let [rejected, open] = [0, 0];
    const queue = jobs.values();
    const work = async (): Promise<void> => {
      for (const { object, name, changed } of queue) {
        const { path } = await resourceOf(object);
        const rejection = await rejectionOf(path, changed);
        const { findings, isOpen } = await verdictOf(changed);
        const label = `${String(object['kind'])} ${name}`;
        if (rejection === undefined) {
          if (findings.length > 0) falseAlarms.push(`${label}: ${findings.join('; ')}`);
          continue;
        }
        if (unclaimed.some((pattern) => pattern.test(rejection))) continue;
        rejected++;
        if (findings.length > 0) continue;
        if (isOpen) open++;
        // Objects that cannot be read at all: unknown fields, wrong types.
        else if (/strict decoding error|cannot be handled as/.test(rejection))
          missedByDecoding.push(`${label}: ${rejection.slice(0, 200)}`);
        else missed.push(`${label}: ${rejection.slice(0, 200)}`);
      }
    };
    await Promise.all(Array.from({ length: 6 }, work));
    expect(falseAlarms, 'objects that the API server takes').toEqual([]);
    expect(missedByDecoding, 'fields and types that the API server rejects').toEqual([]);
    // The rest are conditions on values, most of which the rules know.
    expect(missed.length / rejected, missed.slice(0, 50).join('\n')).toBeLessThan(0.04);
    expect(open / rejected).toBeLessThan(0.02);
  }, 115_000);

  test('names of kinds and versions', async () => {
    const kindExists = async (apiVersion: string, kind: string): Promise<boolean> => {
      const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
      const { status, body } = await server.call('GET', base);
      return status === 200 && (body as { resources: { kind: string }[] }).resources.some((one) => one.kind === kind);
    };
    const rule = correctness.filter(({ id }) => id === 'correctness/unknown-kind');
    for (const [apiVersion, kind] of [
      ['v1', 'pod'],
      ['v1', 'Deployment'],
      ['app/v1', 'Deployment'],
      ['apps/v2', 'Deployment'],
      ['batch/v1', 'Deployment'],
      ['apps/v1', 'Deployments'],
      ['apps/v1', 'Deployment'],
      ['networking.k8s.io/v1', 'Ingress'],
      ['rbac.authorization.k8s.io/v1', 'Role'],
    ] as const) {
      const { findings } = await lintTexts(
        { 'a.json': JSON.stringify({ apiVersion, kind, metadata: { name: 'a' } }) },
        rule,
      );
      expect(findings.length === 0, `${apiVersion} ${kind}`).toBe(await kindExists(apiVersion, kind));
    }
  });
});
