import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import html from '#reporters/html.ts';
import { finding, hostileReport, options, report, unseenIn } from './sample.ts';

const bodyOf = (page: string): string => page.slice(page.indexOf('<body>'), page.indexOf('<script>'));

test('untrusted text is text', () => {
  const page = html.format(hostileReport(), options);
  // The only tags are ours, and the only attributes that contain text are quoted.
  const tags = new Set([...bodyOf(page).matchAll(/<\/?([^\s>/]+)/g)].map(([, name]) => name));
  for (const tag of tags)
    expect([
      'body',
      'h1',
      'h2',
      'dl',
      'dt',
      'dd',
      'ul',
      'ol',
      'li',
      'b',
      'p',
      'span',
      'code',
      'a',
      'article',
      'form',
      'select',
      'option',
      'input',
      'button',
      'output',
    ]).toContain(tag);
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).not.toMatch(/\son\w+=/);
  expect(unseenIn(page.replaceAll('\n', ''))).toEqual([]);
});

test('no styles or scripts other than those in the page can run', () => {
  const page = html.format(report({ findings: [finding()] }), options);
  for (const tag of ['style', 'script']) {
    const [, text = ''] = new RegExp(`<${tag}>([^]*)</${tag}>`).exec(page) ?? [];
    expect(page).toContain(`${tag}-src 'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  }
  expect(page).toContain("default-src 'none'");
});

test('clusters, what to do first, findings, and what was not judged', () => {
  const findings = [
    finding({ severity: 'low' }),
    finding({ rule: 'rbac/worse', help: 'Do this' }),
    finding({ rule: 'rbac/worse' }),
  ];
  const page = html.format(
    report({
      command: 'audit',
      findings,
      audited: [
        {
          name: 'prod',
          account: '111122223333',
          region: 'eu-west-1',
          arn: 'arn:aws:eks:eu-west-1:1:cluster/prod',
          endpoint: 'https://x',
          version: 'v1.34.1',
          uid: '',
          from: 'a',
          to: 'b',
        },
      ],
      notes: [
        { kind: 'skipped', message: 'not ours', at: { source: 'a.yaml', path: '' } },
        { kind: 'skipped', message: 'not ours', at: { source: 'b.yaml', path: '' } },
        { kind: 'skipped', message: 'alone', at: { source: 'c.yaml', path: '' } },
        { kind: 'incomplete', message: 'no permission to list pods' },
      ],
      complete: false,
    }),
    options,
  );
  const body = bodyOf(page)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
  expect(body).toContain('Cluster arn:aws:eks:eu-west-1:1:cluster/prod');
  expect(body).toContain('Do first high rbac/worse (2 findings): Do this low iam/irsa-and-pod-identity (1 finding)');
  expect(body).toContain('The result is incomplete:');
  expect(body).toContain('Not read no permission to list pods');
  expect(body).toContain('Notes not ours (2): a.yaml, b.yaml c.yaml: alone');
  expect(page.match(/<article/g)).toHaveLength(3);
  expect(page).toContain(
    '<article class="high" data-severity="high" data-rule="rbac/worse" data-namespace="shop" data-cluster="" data-state="">',
  );
});
