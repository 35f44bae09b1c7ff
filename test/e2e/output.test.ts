import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ekslint, folderWith, only, pod, shell } from './ekslint.ts';

const formats = ['text', 'compact', 'json', 'sarif', 'github', 'gitlab', 'junit', 'markdown', 'html', 'csv'] as const;

describe('stdout and files', () => {
  const files = { 'pod.yaml': pod('web'), 'broken.yaml': 'a: [\n' };
  test.each(['json', 'sarif'])('%s is the only output on stdout', (format) => {
    const { stdout, stderr, code } = ekslint(folderWith(files), ['--format', format, '--verbose', ...only]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toHaveProperty(format === 'json' ? 'findings' : 'runs');
    expect(stderr).toContain('config: none');
  });
  test('a format with a file writes only the file', () => {
    const folder = folderWith(files);
    const { stdout, code } = ekslint(folder, ['--format', 'sarif=out.sarif', ...only]);
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    const report = JSON.parse(readFileSync(join(folder, 'out.sarif'), 'utf8')) as { runs: { results: unknown[] }[] };
    expect(report.runs[0]?.results).toHaveLength(1);
    expect(readdirSync(folder).sort()).toEqual(['broken.yaml', 'out.sarif', 'pod.yaml']);
  });
  test('text on stdout and reports in files', () => {
    const folder = folderWith(files);
    const { stdout } = ekslint(folder, [
      '--format',
      'text',
      '--format',
      'json=out.json',
      '--format',
      'sarif=out.sarif',
      ...only,
    ]);
    expect(stdout).toMatch(/^pod\.yaml\n/);
    expect(readdirSync(folder)).toHaveLength(4);
  });
  test('a full disk leaves the old file intact', () => {
    const folder = folderWith({ ...files, 'old.sarif': 'old' });
    // A file of more than one block, and a limit of one block for writes.
    writeFileSync(join(folder, 'many.yaml'), Array.from({ length: 50 }, (_, i) => pod(`web-${i}`)).join('---\n'));
    const { code, stderr } = shell(
      folder,
      `trap '' XFSZ; ulimit -f 1; "$EKSLINT" --format sarif=old.sarif ${only.join(' ')} 2>&1 >/dev/null | cat >&2; exit \${PIPESTATUS[0]}`,
    );
    expect(stderr).toMatch(/^error: cannot write old\.sarif: file too large\n$/);
    expect(code).toBe(2);
    expect(readFileSync(join(folder, 'old.sarif'), 'utf8')).toBe('old');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
  test('stdout that cannot be written is exit 2', () => {
    const { code, stderr } = shell(folderWith(files), `"$EKSLINT" ${only.join(' ')} > /dev/full`);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'error: cannot write to standard output: no space left on device\n',
    });
  });
  test('a reader that closes early ends it quietly', () => {
    const folder = folderWith({ 'many.yaml': Array.from({ length: 3000 }, (_, i) => pod(`web-${i}`)).join('---\n') });
    const { stdout, stderr } = shell(folder, `"$EKSLINT" --format compact ${only.join(' ')} | head -1`);
    expect(stdout).toMatch(/^many\.yaml:8:25: critical .*\n$/);
    expect(stderr).toBe('');
  });
});

test('SARIF that leaves findings out says so on stderr', () => {
  const containers = Array.from({ length: 26_000 }, (_, i) => `    - {name: c${i}, image: latest}\n`).join('');
  const folder = folderWith({
    'pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n${containers}`,
  });
  const { stdout, stderr } = ekslint(folder, ['--format', 'sarif', '--only', 'images/mutable-tag']);
  expect(stderr).toBe('21000 less severe findings are not in the SARIF output: code scanning accepts no more\n');
  expect((JSON.parse(stdout) as { runs: { results: unknown[] }[] }).runs[0]?.results).toHaveLength(5_000);
});

describe('same input, same bytes', () => {
  const files = {
    'a/pod.yaml': pod('one'),
    'b/pod.yaml': pod('two'),
    'c.yaml': `${pod('three')}---\n${pod('four')}`,
    'broken.yaml': 'a: [\n',
    'main.tf': 'resource "aws_eks_cluster" "prod" {\n  name = var.name\n}\n',
  };
  const names = Object.keys(files);
  for (const format of formats) {
    test(format, () => {
      const folder = folderWith(files);
      const first = ekslint(folder, ['--format', format, '--preset', 'all', ...names]);
      expect(first.code).toBe(1);
      expect(first.stdout.length).toBeGreaterThan(200);
      for (const order of [
        names,
        names.toReversed(),
        ['c.yaml', 'main.tf', 'b', 'broken.yaml', 'a/pod.yaml'],
        ['.'],
        [],
      ])
        expect(ekslint(folder, ['--format', format, '--preset', 'all', ...order])).toEqual(first);
      // It is the same elsewhere on the disk: nothing contains a path of this machine.
      expect(ekslint(folderWith(files), ['--format', format, '--preset', 'all'])).toEqual(first);
      expect(first.stdout + first.stderr).not.toContain(folder);
    });
  }
  test('absolute paths on the command line are not shown', () => {
    const folder = folderWith(files);
    for (const format of formats)
      expect(ekslint(folder, ['--format', format, join(folder, 'a'), join(folder, 'c.yaml')]).stdout).not.toContain(
        folder,
      );
  });
});

describe('untrusted text does not reach the terminal or the runner', () => {
  const escape = '\u001b';
  const hostile = [
    `${escape}[2J${escape}[31m`,
    `${escape}]8;;https://example.com${escape}\\link${escape}]8;;${escape}\\`,
    '\u009b31m',
    'a\rb',
    '\u202egnp',
    '\u2066x',
    '\u200bzero',
    '\n::error::owned',
    '\n  ::stop-commands::x',
    '##[error]owned',
    '::add-mask::x',
    '\u2028::error::y',
  ];
  const files = Object.fromEntries(
    hostile.map((text, i) => [
      `pod-${i}.json`,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: text, namespace: text, labels: { app: text }, annotations: { 'ekslint/ignore': text } },
        spec: {
          containers: [
            {
              name: text,
              image: text,
              command: [text],
              securityContext: { privileged: true, capabilities: { add: [text] } },
            },
          ],
          volumes: [{ name: text, hostPath: { path: text } }],
        },
      }),
    ]),
  );
  const folder = folderWith({
    ...files,
    'kustomization.yaml': `resources: ["https://example.com/x${escape.replace(escape, '\\e')}[31m?ref=1"]\n`,
  });
  mkdirSync(join(folder, 'names'));
  for (const text of ['::error::file\n::error::owned.yaml', `${escape}[31m.yaml`])
    writeFileSync(join(folder, 'names', text), `${pod('web')}---\nkind: [\n`);
  // oxlint-disable-next-line no-control-regex -- these are what must not come out
  const raw = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
  // The commands of `github` are its purpose; action.test.ts reads them as a runner does.
  for (const format of formats.filter((one) => one !== 'github')) {
    test(format, () => {
      const { stdout, stderr, code } = ekslint(
        folder,
        ['--format', format, '--preset', 'all', '--show-ignored', '--debug', '--max-findings', '9999'],
        { env: { GITHUB_ACTIONS: 'true' } },
      );
      expect(code).toBe(1);
      expect(stdout.length).toBeGreaterThan(1000);
      for (const output of [stdout, stderr]) {
        expect(raw.exec(output)?.[0]).toBeUndefined();
        expect(output.split('\n').filter((line) => /^\s*::/.test(line) || line.includes('##['))).toEqual([]);
      }
    });
  }
  test('nor do errors', () => {
    for (const text of [...hostile, '--x##[error]y\n::error::z']) {
      const { code, stderr } = ekslint(folder, [text, '--debug'], { env: { GITHUB_ACTIONS: 'true' } });
      expect(code).toBe(2);
      expect(raw.exec(stderr)?.[0]).toBeUndefined();
      expect(stderr.split('\n').filter((line) => /^\s*::/.test(line) || line.includes('##['))).toEqual([]);
    }
  });
});

describe('secrets are not shown', () => {
  const canary = 'kAnaRy7F3b9XqZ2mV8tL5wR1';
  const base64 = Buffer.from(canary).toString('base64');
  const folder = folderWith({
    'secret.yaml': `apiVersion: v1
kind: Secret
metadata:
  name: db
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"data":{"password":"${base64}"}}'
data: {password: ${base64}, broken: ["${canary}"]}
stringData: {token: ${canary}}
`,
    'pod.yaml': `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: app
      image: app
      args: ["--password=${canary}", "--token", "${canary}"]
      command: [sh, -c, "curl -u admin:${canary} https://example.com"]
      env:
        - {name: DB_PASSWORD, value: ${canary}}
        - {name: AWS_SECRET_ACCESS_KEY, value: ${canary}}
        - {name: DB_PASSWORD, value: ${canary}}
        - {name: DATABASE_URL, value: "postgres://admin:${canary}@db/x"}
      securityContext: {privileged: true}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {password: ${canary}, application.yaml: "password: ${canary}"}
---
apiVersion: v1
kind: Secret
metadata: {name: broken}
stringData: {token: ${canary}, token: ${canary}
`,
    'main.tf': `resource "aws_eks_cluster" "prod" {\n  name = "prod"\n  tags = { token = "${canary}" }\n}\nprovider "aws" {\n  secret_key = "${canary}"\n}\n`,
  });
  for (const format of formats) {
    test(format, () => {
      const { stdout, stderr, code } = ekslint(folder, [
        '--format',
        format,
        '--preset',
        'all',
        '--show-ignored',
        '--verbose',
        '--debug',
      ]);
      expect(code).toBe(1);
      for (const output of [stdout, stderr])
        for (const form of [canary, base64, encodeURIComponent(base64)]) expect(output).not.toContain(form);
    });
  }
});
