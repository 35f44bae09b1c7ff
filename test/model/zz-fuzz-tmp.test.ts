import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rules } from '../../src/rule/registry.ts';
import { readPage } from '../../src/rule/page.ts';
import { parseAllDocuments, stringify } from 'yaml';
import { lintTexts } from '../lint-texts.ts';
const mine = rules.filter((r) => /^(reliability\/(readiness|liveness|cpu-request|memory|pdb)|scaling\/hpa-(dang|fixed)|networking\/d(efault|angling-s)|correctness\/(dangling-service-a|selector-m)|observability\/rec|cost\/req)/.test(r.id));
let seed = 7; const rnd = (n: number) => { seed = (seed * 1103515245 + 12345) & 0x7fffffff; return seed % n; };
const odd: unknown[] = [null, 0, -1, 1e99, true, '', 'x', '${A}', [], [null], ['x'], [[1]], {}, { a: null }, { toString: 'x', constructor: 1, length: 5 }, '0%', '100%'];
const mutate = (node: any): any => {
  if (rnd(25) === 0) return odd[rnd(odd.length)];
  if (Array.isArray(node)) return node.map(mutate);
  if (node && typeof node === 'object') return Object.fromEntries(Object.entries(node).map(([k, v]) => [k, ['apiVersion', 'kind'].includes(k) && rnd(10) ? v : mutate(v)]));
  return node;
};
test('fuzz', async () => {
  console.log(mine.map((r) => r.id).join(' '));
  let docs: unknown[] = [];
  for (const rule of mine) for (const ex of readPage(readFileSync(`rules/${rule.id}.md`, 'utf8')).examples) for (const b of ex.blocks) if (b.language === 'yaml' && b.title !== 'ekslint.yaml') docs.push(...parseAllDocuments(b.text).map((d) => d.toJS()));
  for (let i = 0; i < 15; i++) {
    const text = docs.map((d) => stringify(mutate(d))).join('---\n');
    const r = await lintTexts({ 'a.yaml': text }, mine, { options: { always: true, sidecars: true, initContainers: true, assumeComplete: true, range: ['cpu=1..2', 'memory=1..2'] } });
    expect(r.crashes.map((c) => `${c.rule} ${c.error.stack}`)).toEqual([]);
  }
  const t0 = performance.now();
  const big = Array.from({ length: 3000 }, (_, i) => docs.slice(0, 1) && `apiVersion: v1\nkind: Service\nmetadata: {name: s${i}, namespace: shop}\nspec: {selector: {app: a${i + 5000}}, ports: [{port: 80}]}\n---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: p${i}, namespace: shop}\nspec: {minAvailable: 1, selector: {matchLabels: {app: q${i}}}}\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p${i}, namespace: shop}\nspec: {podSelector: {matchLabels: {app: q${i}}}}\n---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: p${i}, namespace: shop}\nspec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: zz${i}}}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: p${i}, namespace: shop}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: s${i}, namespace: shop}\nspec: {replicas: 2, selector: {matchLabels: {app: a${i}}}, template: {metadata: {labels: {app: a${i}}}, spec: {serviceAccountName: x, containers: [{name: a}]}}}\n`).join('---\n');
  await lintTexts({ 'a.yaml': big }, []);
  const t1 = performance.now();
  const r = await lintTexts({ 'a.yaml': big }, mine);
  console.log('parse', t1 - t0, 'with rules', performance.now() - t1, r.findings.length);
  for (const rule of mine) { const s = performance.now(); await lintTexts({ 'a.yaml': big }, [rule]); console.log(rule.id, Math.round(performance.now() - s)); }
}, 300_000);
