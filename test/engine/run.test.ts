import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { run, settle } from '#engine/run.ts';
import { readInputs } from '#inputs/index.ts';
import { podTemplates } from '#model/pod-templates.ts';
import { Workspace } from '#model/workspace.ts';
import type { AnyRule } from '#rule';
import { Expression } from '#syntax/hcl.ts';
import { parseAll } from '#syntax/parse.ts';
import type { Tree } from '#syntax/tree.ts';
import { readPage } from '../../src/rule/page.ts';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts, today, withDefaults } from '../lint-texts.ts';

const endings: Readonly<Record<string, string>> = {
  yaml: 'yaml',
  yml: 'yaml',
  json: 'json',
  hcl: 'tf',
  terraform: 'tf',
  tf: 'tf',
};

/** Every example of every rule page, as files. */
const examples = rules.flatMap((rule) =>
  readPage(readFileSync(`rules/${rule.id}.md`, 'utf8')).examples.map(({ title, blocks }) => ({
    rule,
    title,
    files: Object.fromEntries(
      blocks
        .filter((block) => block.title !== 'ekslint.yaml' && block.title !== 'fixed')
        .map((block, i) => [block.title ?? `example-${i + 1}.${endings[block.language]}`, block.text]),
    ),
  })),
);

describe('what a workload of the input created', () => {
  const privileged = { containers: [{ name: 'app', image: 'app:1', securityContext: { privileged: true } }] };
  const meta = (name: string, kind?: string, owner?: string) => ({
    name,
    namespace: 'shop',
    ...(kind === undefined
      ? {}
      : { ownerReferences: [{ apiVersion: 'apps/v1', kind, name: owner, uid: '1', controller: true }] }),
  });
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta('web'),
    spec: { template: { spec: privileged } },
  };
  const set = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: meta('web-1', 'Deployment', 'web'),
    spec: { template: { spec: privileged } },
  };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: meta('web-1-a', 'ReplicaSet', 'web-1'), spec: privileged };
  const judge = async (...items: unknown[]) => {
    const { findings, owned } = await lintTexts(
      { 'dump.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) },
      rules.filter((rule) => rule.id === 'pod-security/privileged-container'),
    );
    return { subjects: findings.map(({ subject }) => `${subject.kind}/${subject.name}`), owned };
  };
  test('is judged once, at its outermost owner', async () => {
    expect(await judge(deployment, set, pod)).toEqual({ subjects: ['Deployment/web'], owned: 2 });
    expect(await judge(set, pod)).toEqual({ subjects: ['ReplicaSet/web-1'], owned: 1 });
    expect(await judge(pod)).toEqual({ subjects: ['Pod/web-1-a'], owned: 0 });
  });
  test('is judged itself if it has more than its owner declares', async () => {
    const [container] = privileged.containers;
    const plain = { containers: [{ name: 'app', image: 'app:1' }] };
    const safe = { ...set, spec: { template: { spec: plain } } };
    expect(await judge(safe, pod)).toEqual({ subjects: ['Pod/web-1-a'], owned: 0 });
    expect(await judge({ ...safe, kind: 'DaemonSet' }, { ...pod, metadata: meta('a', 'DaemonSet', 'web-1') })).toEqual({
      subjects: ['Pod/a'],
      owned: 0,
    });
    // A defect of both belongs to the owner.
    const more = { ...pod, spec: { containers: [container, { ...container, name: 'more' }] } };
    expect(await judge(set, more)).toEqual({ subjects: ['ReplicaSet/web-1'], owned: 0 });
    // What a Deployment created before a change runs nothing.
    const old = { ...set, spec: { replicas: 0, template: { spec: privileged } } };
    expect(await judge({ ...deployment, spec: { template: { spec: plain } } }, old)).toEqual({
      subjects: [],
      owned: 1,
    });
  });
  test('is judged if owners form a cycle: a ReplicaSet does not create a Deployment', async () => {
    const circle = [
      { ...deployment, metadata: meta('web', 'ReplicaSet', 'web-1') },
      { ...set, metadata: meta('web-1', 'Deployment', 'web') },
    ];
    expect(await judge(...circle)).toEqual({ subjects: ['Deployment/web'], owned: 1 });
  });
});

describe('the same facts, written in other ways', () => {
  const facts = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
    spec: {
      replicas: 1,
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          hostPID: true,
          hostNetwork: true,
          initContainers: [
            {
              name: 'tune',
              image: 'app:latest',
              securityContext: { privileged: true, capabilities: { add: ['SYS_ADMIN'] } },
            },
          ],
          containers: [
            {
              name: 'one',
              image: 'app',
              env: [{ name: 'PASSWORD', value: 'x' }],
              securityContext: { privileged: true, capabilities: { add: ['SYS_ADMIN'] } },
              ports: [{ containerPort: 80, hostPort: 80 }],
            },
            { name: 'two', image: 'app', securityContext: { runAsUser: 0 } },
          ],
          volumes: [{ name: 'root', hostPath: { path: '/' } }],
        },
      },
    },
  };
  const block = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels:
    app: web
spec:
  replicas: 1
  template:
    metadata:
      labels:
        app: web
    spec:
      hostPID: true
      hostNetwork: true
      initContainers:
        - name: tune
          image: app:latest
          securityContext:
            privileged: true
            capabilities:
              add:
                - SYS_ADMIN
      containers:
      - name: one
        image: app
        env: 
        - name: PASSWORD
          value: x
        securityContext:
          privileged: true
          capabilities:
            add: [SYS_ADMIN]
        ports:
        - containerPort: 80
          hostPort: 80
      - name: two
        image: app
        securityContext:
          runAsUser: 0
      volumes:
      - name: root
        hostPath:
          path: /
`;
  const anchored = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: &labels {app: web}}
spec:
  replicas: 1
  template:
    metadata: {labels: *labels}
    spec:
      hostPID: true
      hostNetwork: true
      initContainers:
        - &tune
          name: tune
          image: app:latest
          securityContext: &bad {privileged: true, capabilities: {add: [SYS_ADMIN]}}
      containers:
        - <<: *tune
          name: one
          image: app
          env: [{name: PASSWORD, value: x}]
          ports: [{containerPort: 80, hostPort: 80}]
        - {name: two, image: app, securityContext: {runAsUser: 0}}
      volumes: [{name: root, hostPath: {path: /}}]
`;
  const pretty = JSON.stringify(facts, null, 2);
  const forms: Record<string, string> = {
    'YAML in blocks': block,
    'YAML with anchors and merge keys': anchored,
    'YAML in one line': JSON.stringify(facts).replaceAll('"', "'"),
    JSON: pretty,
    'JSON in one line': JSON.stringify(facts),
    'CRLF and a byte order mark': `\ufeff${block.replaceAll('\n', '\r\n')}`,
  };
  const judge = async (text: string) => {
    const { findings, crashes } = await lintTexts({ 'web.yaml': text }, rules);
    expect(crashes).toEqual([]);
    return findings
      .map(({ rule, message, subject, severity }) => ({ rule, message, subject, severity }))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  };
  const pathsOf = async (text: string) =>
    (await lintTexts({ 'web.yaml': text }, rules)).findings.map(({ rule, at }) => `${rule} ${at.path}`).sort();

  test('the forms contain the same facts', () => {
    for (const [name, text] of Object.entries(forms))
      expect(parse(text.replace(/^\ufeff/, ''), { merge: true }), name).toEqual(facts);
  });
  for (const [name, text] of Object.entries(forms)) {
    test(`${name}: same findings`, async () => {
      const expected = await judge(pretty);
      expect(expected.length).toBeGreaterThan(5);
      expect(await judge(text)).toEqual(expected);
      // An alias is located at its anchor, so its path is that of the anchor; all other paths are equal.
      if (!name.includes('anchors')) expect(await pathsOf(text)).toEqual(await pathsOf(pretty));
    });
  }
});

describe('rules accept data of any shape', () => {
  /** Pseudo-random numbers (mulberry32). */
  const random = (seed: number) => () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const odd = (): unknown[] => [
    null,
    '',
    'text',
    0,
    -1.5,
    true,
    [],
    ['text'],
    [null],
    [[]],
    Object.create(null) as object,
    Object.assign(Object.create(null) as object, { name: 4, a: null }),
  ];
  /** Every entry of every container, with its value. */
  function entries(
    node: unknown,
    found: { holder: Record<string, unknown>; key: string }[] = [],
    seen = new Set<object>(),
  ) {
    if (typeof node !== 'object' || node === null || seen.has(node)) return found;
    seen.add(node);
    for (const [key, value] of Object.entries(node)) {
      found.push({ holder: node as Record<string, unknown>, key });
      entries(value, found, seen);
    }
    return found;
  }
  const judge = async (trees: readonly Tree[], asked: readonly AnyRule[]) => {
    const layout = { charts: new Set<string>(), kustomizations: new Set(['']) };
    const { parts } = await readInputs(trees, podTemplates, layout);
    const workspace = new Workspace(parts, trees);
    return run({
      rules: asked.map((rule) => ({
        rule,
        settingFor: () => ({ severity: rule.severity, options: withDefaults(rule) }),
      })),
      workspace,
      documents: trees,
      today,
      targetOf: () => ({ lowest: 30, highest: 33, lowestFrom: 'a test', highestFrom: 'a test' }),
      sources: trees.map((tree) => tree.source),
    });
  };
  for (const rule of rules) {
    test(rule.id, async () => {
      const next = random(rule.id.length);
      const crashed = new Set<string>();
      let changes = 0;
      for (const { title, files } of examples.filter((example) => example.rule === rule)) {
        const { trees } = await parseAll(
          Object.entries(files).map(([id, text]) => ({ id, path: id, text, target: true })),
          () => true,
        );
        for (const { holder, key } of trees.flatMap((tree) => entries(tree.root))) {
          if (holder instanceof Expression) continue; // only from our reader
          const before = holder[key];
          const values = odd();
          for (let i = 0; i < 3; i++) {
            const value = values[Math.floor(next() * values.length)];
            holder[key] = value;
            changes++;
            try {
              for (const { error } of (await judge(trees, [rule])).crashes)
                crashed.add(
                  `"${title}": ${key}: ${JSON.stringify(value)} instead of ${JSON.stringify(before)?.slice(0, 80)}: ${error.stack?.split('\n').slice(0, 3).join(' ')}`,
                );
            } catch (error) {
              crashed.add(
                `an input, "${title}": ${key}: ${JSON.stringify(value)}: ${(error as Error).stack?.split('\n').slice(0, 3).join(' ')}`,
              );
            }
          }
          holder[key] = before;
        }
      }
      expect(changes, 'a page has data to change').toBeGreaterThan(
        rule.kinds.every((kind) => kind === 'document') ? -1 : 20,
      );
      expect([...crashed].slice(0, 5)).toEqual([]);
    });
  }
});

describe('run', () => {
  type Check = (
    subject: { readonly title: string; readonly object: { readonly spec: object } },
    context: { report(note: object): void },
  ) => void;
  const rule = (check: Check, kinds: readonly string[] = ['Pod']): AnyRule =>
    ({
      id: 'test/rule',
      title: 'Test',
      severity: 'low',
      preset: 'opt-in',
      kinds,
      scope: 'resource',
      messages: { bad: '{title} has {hole}' },
      equivalents: [],
      sources: [],
      check,
    }) as unknown as AnyRule;
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {a: 1}\n';

  test('a rule that throws is a crash, and the others continue', async () => {
    const bad = rule(() => {
      throw new Error('boom');
    });
    const good = rule((subject, { report }) => report({ message: 'bad', data: { title: subject.title } }));
    const { crashes, findings } = await lintTexts({ 'a.yaml': pod }, [bad, good]);
    expect(crashes.map(({ rule: id, error, subject }) => [id, error.message, subject.name])).toEqual([
      ['test/rule', 'boom', 'web'],
    ]);
    expect(
      findings.map(({ message }) => message),
      'a hole without data stays',
    ).toEqual(['Pod "web" has {hole}']);
  });
  test('what a rule throws need not be an error', async () => {
    const { crashes } = await lintTexts({ 'a.yaml': pod }, [
      rule(() => {
        // oxlint-disable-next-line no-throw-literal
        throw 'text';
      }),
    ]);
    expect(crashes[0]?.error).toBeInstanceOf(Error);
  });
  test('a rule that names two kinds of one subject runs once', async () => {
    let asked = 0;
    await lintTexts({ 'a.yaml': pod }, [rule(() => void asked++, ['Pod', 'Workload', 'Resource'])]);
    expect(asked).toBe(1);
  });
  test('a template in the value is undetermined', async () => {
    const { findings, undetermined } = await lintTexts({ 'a.yaml': pod.replace('a: 1', 'a: "{{ .Values.a }}"') }, [
      rule((subject, { report }) => report({ message: 'bad', on: subject.object.spec, key: 'a' })),
    ]);
    expect(findings).toEqual([]);
    expect(undetermined.map(({ at }) => at.path)).toEqual(['spec.a']);
  });
});

test('clusters with one name in two regions have separate findings', async () => {
  const cluster = (region: string): string =>
    `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: prod, region: ${region}, version: "1.35"}\n`;
  const logging = rules.filter(({ id }) => id === 'cluster/control-plane-logging-audit');
  const signed = async (...regions: readonly string[]): Promise<readonly string[]> => {
    const { findings } = await lintTexts({ 'c.yaml': regions.map(cluster).join('---\n') }, logging);
    return settle(findings).map(({ fingerprint }) => fingerprint);
  };
  const [both, second] = [await signed('eu-west-1', 'us-east-1'), await signed('us-east-1')];
  expect(new Set(both).size).toBe(2);
  // The removal of the other cluster changes nothing here.
  expect(both).toContain(second[0]);
});

test('a value that a patch copies to another field has no fix, because its text is right in its own field', async () => {
  const typed = rules.filter(({ id }) => id === 'correctness/wrong-type');
  const fixes = async (op: string): Promise<readonly unknown[]> => {
    const { findings } = await lintTexts(
      {
        'kustomization.yaml': `resources: [web.yaml]\npatches:\n- {path: p.yaml, target: {kind: Deployment}}\n`,
        'p.yaml': `- {op: ${op}, from: /metadata/labels, path: /spec/template/spec/initContainers}\n`,
        'web.yaml':
          'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {app: web}}\nspec: {template: {spec: {containers: [{name: web}]}}}\n',
      },
      typed,
    );
    return findings.map(({ at, fix }) => [at.source, fix]);
  };
  expect([await fixes('copy'), await fixes('move')]).toEqual([[['web.yaml', undefined]], [['web.yaml', undefined]]]);
});
