import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditedCluster, Finding, Report } from '#model/finding.ts';
import html from '#reporters/html.ts';
import { finding, options, report } from '../reporters/sample.ts';

/* The HTML report as a browser shows it. */

const program = ['chromium', 'chromium-browser', 'google-chrome']
  .map((name) => spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim())
  .find((path) => path !== '');
if (program === undefined) console.warn('skipped: no chromium');

const clusterOf = (name: string): AuditedCluster => ({
  name,
  arn: `arn:aws:eks:eu-west-1:111122223333:cluster/${name}`,
  account: '111122223333',
  region: 'eu-west-1',
  endpoint: `https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com`,
  version: 'v1.34.1',
  uid: '7f1c2a3e-4d5b-6789-abcd-ef0123456789',
  from: '2026-01-01T00:00:00Z',
  to: '2026-01-01T00:00:09Z',
});
const clusters = [clusterOf('prod'), clusterOf('test')];
const severities = ['critical', 'high', 'medium', 'low'] as const;
/** One of each combination: 4 severities × 3 namespaces × 2 clusters. */
const findings = severities.flatMap((severity) =>
  ['shop', 'payments', ''].flatMap((namespace) =>
    clusters.map((cluster, i): Finding =>
      finding({
        severity,
        rule: i === 0 ? 'pod-security/host-pid' : 'rbac/wildcard-verb',
        cluster,
        subject: { kind: 'Deployment', apiVersion: 'apps/v1', namespace, name: 'web' },
        at: { source: `${cluster.name}: Deployment ${namespace}/web`, path: 'spec.template.spec.hostPID' },
        ...(severity === 'low' ? { since: '2025-12-01T00:00:00Z' } : {}),
      }),
    ),
  ),
);
const hostile = [
  '</script><script>globalThis.hacked=1</script>',
  '"><img src=x onerror="globalThis.hacked=1">',
  "'><svg onload='globalThis.hacked=1'>",
  '<a href="javascript:globalThis.hacked=1">x</a>',
  '</article></body><h1 id=evil>',
  '\u202egnp.exe\u001b[2J',
  'x'.repeat(300),
];
const audited = (more: Partial<Report> = {}): Report =>
  report({
    command: 'audit',
    audited: clusters,
    findings,
    compared: { file: 'last.json', at: '2025-12-01T00:00:00Z', gone: [], unclear: [] },
    ...more,
  });

describe.skipIf(program === undefined)('the HTML report in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ekslint-page-'));
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      ...(program === undefined ? {} : { executablePath: program }),
      args: ['--no-sandbox'],
    });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  let count = 0;
  const open = async (of: Report, width = 1280): Promise<{ readonly page: Page; readonly said: string[] }> => {
    const file = join(folder, `${count++}.html`);
    writeFileSync(file, html.format(of, options));
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) said.push(`request: ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href);
    return { page, said };
  };
  const visible = (page: Page): Promise<number> => page.locator('article:visible').count();

  test('filters show what is chosen, alone and together, and all again', async () => {
    const { page, said } = await open(audited());
    expect(await visible(page)).toBe(24);
    for (const [name, value, expected] of [
      ['severity', 'critical', 6],
      ['namespace', 'shop', 8],
      ['cluster', 'test', 12],
      ['rule', 'pod-security/host-pid', 12],
      ['state', 'new', 18],
    ] as const) {
      await page.selectOption(`select[name=${name}]`, value);
      expect({ name, shown: await visible(page) }).toEqual({ name, shown: expected });
      expect(await page.textContent('#shown')).toBe(`${expected} of 24`);
      await page.selectOption(`select[name=${name}]`, '');
    }
    await page.selectOption('select[name=severity]', 'high');
    await page.selectOption('select[name=namespace]', 'payments');
    await page.selectOption('select[name=cluster]', 'prod');
    expect(await visible(page)).toBe(1);
    await page.fill('input[name=text]', 'nothing says this');
    expect(await visible(page)).toBe(0);
    await page.click('button[type=reset]');
    await page.waitForFunction("document.querySelector('#shown').textContent === '24 of 24'");
    expect(await visible(page)).toBe(24);
    expect(said).toEqual([]);
    await page.close();
  }, 60_000);

  test('untrusted names are shown and have no effect', async () => {
    const evil = hostile.map((text) =>
      finding({
        message: text,
        help: text,
        rule: text,
        at: { source: text, path: text },
        subject: { kind: text, namespace: text, name: text },
        cluster: { ...clusterOf(text), arn: text, endpoint: text, version: text },
      }),
    );
    const { page, said } = await open(
      audited({
        findings: evil,
        audited: evil.map(({ cluster }) => cluster ?? clusterOf('x')),
        notes: hostile.map((message) => ({ kind: 'incomplete' as const, message })),
      }),
      375,
    );
    expect(await visible(page)).toBe(hostile.length);
    for (const text of hostile) await page.selectOption('select[name=namespace]', { index: hostile.indexOf(text) + 1 });
    await page.selectOption('select[name=namespace]', '');
    expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
    expect(await page.locator('#evil, img, svg, a[href^=javascript]').count()).toBe(0);
    expect(await page.locator('article').first().textContent()).toContain(hostile[0]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
    expect(said).toEqual([]);
    await page.close();
  }, 60_000);

  test.each([320, 375, 768, 1280])('nothing is wider than a screen of %i pixels', async (width) => {
    const { page } = await open(audited(), width);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    await page.close();
  });

  test('in print the filters are gone and everything selected is there', async () => {
    const { page } = await open(audited());
    await page.selectOption('select[name=severity]', 'critical');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('form').isVisible()).toBe(false);
    expect(await visible(page)).toBe(6);
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
    await page.close();
  }, 60_000);

  test('without a script every finding is there, and no filter without effect', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.setContent(html.format(audited(), options));
    expect(await visible(page)).toBe(24);
    expect(await page.locator('form').isVisible()).toBe(false);
    await context.close();
  });
});
