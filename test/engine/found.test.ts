import { expect, test } from 'vitest';
import type { AnyRule } from '#rule';
import { rules } from '../../src/rule/registry.ts';
import json from '#reporters/json.ts';
import sarif from '#reporters/sarif.ts';
import { options, report } from '../reporters/sample.ts';
import { lintTexts } from '../lint-texts.ts';

/** A rule that reports every scalar of every Kubernetes object, in place of all rules that may ever exist. */
const everywhere: AnyRule = {
  id: 'test/everywhere',
  title: 'Everything must be reported',
  severity: 'low',
  preset: 'opt-in',
  kinds: ['Resource'],
  scope: 'resource',
  messages: { here: 'here' },
  equivalents: [],
  sources: [],
  check: (subject: { object: object }, { report: tell }: { report: (note: object) => void }) => {
    const walk = (node: object): void => {
      for (const [key, value] of Object.entries(node))
        if (typeof value === 'object' && value !== null) walk(value);
        else tell({ message: 'here', on: node, key: Array.isArray(node) ? Number(key) : key });
    };
    walk(subject.object);
  },
};

const manifest = `apiVersion: v1
kind: ConfigMap
metadata: {name: first}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    acme.io/owner: shop
    acme.io/db-password: canary01
    acme.io/repository: https://u:canary15@git.acme.io/web.git
    kubectl.kubernetes.io/last-applied-configuration: canary02
spec:
  replicas: 1
  template:
    spec:
      hostPID: true
      imagePullSecrets: [{name: canary03}]
      containers:
      - name: c
        image: "nginx:1.27.1@sha256:4c0fdaa8b6341bfdeca5f18f7837462c80cff90527ee35ef185571e1c327beac"
        command: [run, canary04]
        args: [--token=canary05]
        env: [{name: A, value: canary06}]
        livenessProbe: {httpGet: {path: "/x?key=canary07", httpHeaders: [{name: Authorization, value: canary08}]}}
      volumes: [{name: v, csi: {volumeAttributes: {url: "https://u:canary09@h", note: "canary10 with words", key: aB3dE5fG7hJ9kL1mN3}}}]
---
apiVersion: v1
kind: Secret
metadata: {name: s}
type: canary11
data: {a: canary12}
stringData: {b: canary13}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: last}
data: {c: canary14}
immutable: true
`;

test('the value at a location is shown if it is short and cannot be a secret', async () => {
  const { findings } = await lintTexts({ 'a.yaml': manifest }, [everywhere]);
  const found = new Map(findings.map((one) => [`${one.subject.name} ${one.at.path}`, one.found]));
  expect(found.get('web spec.replicas')).toBe('1');
  expect(found.get('web spec.template.spec.hostPID')).toBe('true');
  expect(found.get('web metadata.annotations["acme.io/owner"]')).toBe('shop');
  expect(found.get('web spec.template.spec.containers[0].name')).toBe('c');
  expect(found.get('web spec.template.spec.containers[0].image')).toBeUndefined(); // too long to be short
  expect(found.get('last immutable')).toBe('true');
  expect(findings.filter((one) => /canary|aB3dE/.test(one.found ?? ''))).toEqual([]);
  const text = json.format(report({ findings }), options);
  expect(text).toContain('"found":"shop"');
  expect(text).not.toMatch(/canary|aB3dE5fG7/);
});

test('the fix, otherwise the advice, is shown as wanted', async () => {
  const rule = rules.find(({ id }) => id === 'upgrades/removed-api');
  const files = { 'a.yaml': 'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec: {}\n' };
  const { findings } = await lintTexts(files, rule ? [rule] : []);
  expect(findings.map(({ found, wanted }) => ({ found, wanted }))).toEqual([
    { found: 'policy/v1beta1', wanted: 'policy/v1' },
  ]);
  const advised = { ...everywhere, help: 'set it' };
  const [one] = (await lintTexts(files, [advised])).findings;
  expect(one?.wanted).toBe('set it');
});

test('no finding about a credential shows its value', async () => {
  const values = ['AGE-SECRET-KEY-1CANARYCANARYCANARYCANARY', 'https://u:canary@git.acme.io/web.git', 'hunter2canary'];
  const [age, url, password] = values;
  const files = {
    'a.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: a, annotations: {a: ${age}, b: "${url}"}}
data: {DB_PASSWORD: ${password}, key: ${age}, app.yaml: "db:\\n  password: ${password}\\n"}
---
apiVersion: v1
kind: Secret
metadata: {name: a, labels: {a: ${age}}}
stringData: {password: ${password}}
---
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    - name: app
      env: [{name: DB_PASSWORD, value: ${password}}, {name: A, value: ${age}}]
      args: [--password=${password}, --token, ${age}, "${url}"]
`,
  };
  const { findings } = await lintTexts(
    files,
    rules.filter(({ id }) => id.startsWith('secrets/')),
  );
  expect(new Set(findings.map(({ rule }) => rule)).size).toBe(5);
  expect(findings.length).toBeGreaterThanOrEqual(11);
  const text = json.format(report({ findings }), options);
  for (const value of values) expect(text).not.toContain(value);
  expect(text).not.toMatch(/canary/i);
});

test('a possible secret is quoted without showing it', async () => {
  const quoting = rules.filter(({ id }) => id === 'correctness/unquoted-scalar');
  const files = {
    'a.yaml': `apiVersion: v1
kind: Pod
metadata: {name: a, annotations: {acme.io/pin: 7391846}}
spec: {containers: [{name: a, image: a, env: [{name: DB_PASSWORD, value: 7391845}, {name: PORT, value: 8080}]}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {pin: 7391847, debug: true}
---
apiVersion: v1
kind: Secret
metadata: {name: a}
stringData: {pin: 7391848}
`,
  };
  const { findings } = await lintTexts(files, quoting);
  expect(findings.length).toBe(6);
  for (const format of [json, sarif]) {
    const text = format.format(report({ findings }), options);
    expect(text).not.toMatch(/739184[578]/);
  }
  const made = JSON.parse(json.format(report({ findings }), options)) as { findings: { fix: object | null }[] };
  expect(made.findings.filter(({ fix }) => fix === null)).toEqual([]);
});
