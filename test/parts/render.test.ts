import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { defaultConfig } from '#config/config.ts';
import type { Report } from '#model/finding.ts';
import { lint } from '#pipeline.ts';
import { rules } from '../../src/rule/registry.ts';

/* Charts and overlays as real programs render them, and as misbehaving programs do. */

/** Where `.ci/renderers` puts helm and kustomize. */
const programs = join(process.env['EKSLINT_PARTS'] ?? '/tmp/ekslint-parts', 'renderers');
const missing = ['helm', 'kustomize'].filter((name) => !existsSync(join(programs, name)));
if (missing.length > 0) console.warn(`skipped: no ${missing.join(' and ')} in ${programs}: run .ci/renderers`);

const made: string[] = [];
const path = process.env['PATH'];
afterEach(() => {
  process.env['PATH'] = path;
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ekslint-render-')));
  made.push(folder);
  for (const [name, text] of Object.entries({ '.git/HEAD': '', ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** A program with this name that runs a shell script. */
function fake(name: string, script: string): string {
  const folder = folderWith({ [name]: `#!/bin/sh\n${script}\n` });
  chmodSync(join(folder, name), 0o755);
  return folder;
}

async function run(
  cwd: string,
  {
    values = [] as string[],
    paths = [] as string[],
    only = ['pod-security/privileged-container', 'images/mutable-tag', 'correctness/dangling-service-account'],
  } = {},
): Promise<Report> {
  return await lint({
    cwd,
    paths,
    only,
    skip: [],
    config: defaultConfig,
    configFolder: undefined,
    rules,
    preset: undefined,
    targetVersion: undefined,
    failOn: 'medium',
    allowIncomplete: false,
    allowEmpty: false,
    inlineIgnores: true,
    strictIgnores: false,
    today: '2026-11-21',
    render: { values },
  });
}
const told = ({ findings }: Report): string[] =>
  findings.map(
    ({ at, rule, message }) => `${at.source}:${at.start?.line ?? '-'}:${at.start?.column ?? '-'} ${rule} ${message}`,
  );

const chartYaml = (name: string, more = ''): string => `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${more}`;
const pod = (body: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: {{ .Values.image }}
      securityContext:
${body}
`;
const chart = {
  'charts/web/Chart.yaml': chartYaml('web'),
  'charts/web/values.yaml': 'image: nginx:1.27.0\nprivileged: false\n',
  'charts/web/templates/pod.yaml': pod('        privileged: {{ .Values.privileged }}'),
};

describe.skipIf(missing.length > 0)('a chart that helm renders', () => {
  test('is judged with its values, at the lines of its templates', async () => {
    process.env['PATH'] = `${programs}:${path}`;
    const cwd = folderWith({ ...chart, 'prod.yaml': 'privileged: true\n', 'latest.yaml': 'image: nginx:latest\n' });
    expect(told(await run(cwd))).toEqual([]);
    const report = await run(cwd, { values: ['charts/web=prod.yaml', 'web=latest.yaml'] });
    expect(told(report)).toEqual([
      'charts/web/templates/pod.yaml:8:7 images/mutable-tag Container "app" of Pod "web" uses the mutable tag "latest" ("nginx:latest"), so nodes may run different versions',
      'charts/web/templates/pod.yaml:10:9 pod-security/privileged-container Container "app" of Pod "web" is privileged, so a compromise of it is a compromise of the node',
    ]);
    expect(report.complete).toBe(true);
    expect(report.notes.filter(({ kind }) => kind === 'unrendered')).toEqual([]);
    expect(report.findings.map(({ fix }) => fix)).toEqual([undefined, undefined]);
  });
  test('is reported with the line of the output if the line in the template is unknown', async () => {
    process.env['PATH'] = `${programs}:${path}`;
    const cwd = folderWith({
      ...chart,
      'charts/web/templates/_h.tpl': '{{- define "ctx" -}}\nprivileged: true\n{{- end }}\n',
      'charts/web/templates/pod.yaml': pod('        {{- include "ctx" . | nindent 8 }}'),
    });
    expect(told(await run(cwd))).toEqual([
      'charts/web/templates/pod.yaml:-:- pod-security/privileged-container Container "app" of Pod "web" is privileged, so a compromise of it is a compromise of the node (line 12 of the output of helm template)',
    ]);
  });
  test('is one unit with its subcharts, and one of several is judged alone if it is named', async () => {
    process.env['PATH'] = `${programs}:${path}`;
    const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: sub}\n';
    const user =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  serviceAccountName: sub\n  containers: [{name: a, image: b:1.0.0}]\n';
    const cwd = folderWith({
      'web/Chart.yaml': chartYaml('web'),
      'web/templates/pod.yaml': user,
      'web/charts/sub/Chart.yaml': chartYaml('sub'),
      'web/charts/sub/templates/account.yaml': account,
      'web/charts/sub/templates/pod.yaml': pod('        privileged: true').replace('{{ .Values.image }}', 'x:1.0.0'),
    });
    expect(told(await run(cwd))).toEqual([
      'web/charts/sub/templates/pod.yaml:10:9 pod-security/privileged-container Container "app" of Pod "web" is privileged, so a compromise of it is a compromise of the node',
    ]);
    expect(told(await run(cwd, { paths: ['web/templates/pod.yaml'] }))).toEqual([]);
  });
  test('obeys the ignores of its templates', async () => {
    process.env['PATH'] = `${programs}:${path}`;
    const body =
      '        # ekslint-ignore-next-line pod-security/privileged-container -- CNI\n        privileged: true';
    const cwd = folderWith({ ...chart, 'charts/web/templates/pod.yaml': pod(body) });
    const { findings } = await run(cwd);
    expect(findings.map(({ hidden }) => hidden?.reason)).toEqual(['CNI']);
  });
  test('leaves the rest of the run unchanged if it cannot be rendered', async () => {
    process.env['PATH'] = `${programs}:${path}`;
    const cwd = folderWith({
      ...chart,
      'broken/Chart.yaml': chartYaml('broken'),
      'broken/templates/a.yaml': '{{ fail "set image" }}\n',
      'lacks/Chart.yaml': chartYaml(
        'lacks',
        'dependencies: [{name: redis, version: 1.0.0, repository: "https://charts.example.com"}]\n',
      ),
      'lacks/templates/a.yaml': 'kind: Pod\n',
      'library/Chart.yaml': chartYaml('library', 'type: library\n'),
      'library/templates/_a.yaml': '\n',
      'plain.yaml': pod('        privileged: true').replace('{{ .Values.image }}', 'x:1.0.0'),
    });
    const report = await run(cwd);
    expect(told(report)).toHaveLength(1);
    const notes = report.notes
      .filter(({ kind }) => kind === 'incomplete')
      .map(({ at, message }) => `${at?.source}: ${message}`);
    expect(notes).toEqual([
      expect.stringMatching(/^broken\/Chart\.yaml: chart not rendered: execution error at .*set image/),
      expect.stringMatching(
        /^lacks\/Chart\.yaml: chart not rendered: .*missing in charts\/ directory: redis \(helm dependency build puts them there\)$/,
      ),
    ]);
    expect(report.complete).toBe(false);
    expect(report.exitCode).toBe(1);
  });
  test('may have any name', async () => {
    process.env['PATH'] = `${programs}:${path}`;
    const canary = join(folderWith({}), 'canary');
    for (const name of ['--post-renderer=sh', `$(touch ${canary.replaceAll('/', '_')})`, 'a b\n;c', '-x']) {
      const cwd = folderWith({
        [`${name}/Chart.yaml`]: chartYaml('web'),
        [`${name}/templates/pod.yaml`]: pod('        privileged: true'),
        'v,1.yaml': 'image: x:latest\n',
      });
      const report = await run(cwd, { values: ['web=v,1.yaml'] });
      expect(report.notes.filter(({ kind }) => kind === 'incomplete')).toEqual([]);
      expect(report.findings.map(({ rule }) => rule)).toEqual([
        'images/mutable-tag',
        'pod-security/privileged-container',
      ]);
    }
    expect(existsSync(canary)).toBe(false);
  });
});

const overlay = {
  'prod/kustomization.yaml': `resources: [pod.yaml, settings.yaml]
replacements:
  - source: {kind: ConfigMap, name: settings, fieldPath: data.image}
    targets: [{select: {kind: Pod}, fieldPaths: [spec.containers.0.image]}]
`,
  'prod/pod.yaml': pod('        privileged: true').replace('{{ .Values.image }}', 'to-be-replaced'),
  'prod/settings.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {image: "nginx:latest"}\n',
};
const only = ['images/mutable-tag'];

describe.skipIf(missing.length > 0)('an overlay with unknown parts', () => {
  const latest = [
    'prod/pod.yaml:8:7 images/mutable-tag Container "app" of Pod "web" uses the mutable tag "latest" ("nginx:latest"), so nodes may run different versions',
  ];
  test('is completed by kustomize, at the lines of its files', async () => {
    process.env['PATH'] = `${programs}:${path}`;
    const report = await run(folderWith(overlay), { only });
    expect(told(report)).toEqual(latest);
    expect(report.undetermined).toEqual([]);
  });
  test('stays undetermined if kustomize fails, and the run is incomplete', async () => {
    process.env['PATH'] = `${programs}:${path}`;
    const broken = overlay['prod/kustomization.yaml'].replace('name: settings', 'name: gone');
    const report = await run(folderWith({ ...overlay, 'prod/kustomization.yaml': broken }), { only });
    expect(report.undetermined).toHaveLength(1);
    expect(report.notes.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^overlay prod not rendered: /),
    );
    expect(report.exitCode).toBe(3);
  });
  test('does not use the network', async () => {
    process.env['PATH'] = `${programs}:${path}`;
    const remote = overlay['prod/kustomization.yaml'].replace(
      'settings.yaml]',
      'settings.yaml, "https://127.0.0.1:1/x.yaml", "git::https://example.com/a//b?ref=v1"]',
    );
    const report = await run(folderWith({ ...overlay, 'prod/kustomization.yaml': remote }), { only });
    expect(report.notes.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^overlay prod not rendered: /),
    );
  });
});

test('kubectl replaces kustomize', async () => {
  const log = join(folderWith({}), 'log');
  process.env['PATH'] = fake('kubectl', `for a; do echo "$a"; done > ${log}; exit 1`);
  const cwd = folderWith(overlay);
  const report = await run(cwd, { only });
  expect(readFileSync(log, 'utf8')).toBe(`kustomize\n--\n${cwd}/prod\n`);
  expect(report.notes.map(({ message }) => message)).toContain('overlay prod not rendered: it ended with code 1');
  process.env['PATH'] = folderWith({});
  expect((await run(cwd, { only })).notes.map(({ message }) => message)).toContain(
    'overlay prod not rendered: --render needs kustomize or kubectl, neither of which is in PATH',
  );
});

describe('the rendering program', () => {
  test('gets fixed arguments, absolute paths and few environment variables', async () => {
    const log = join(folderWith({}), 'log');
    process.env['PATH'] = `${fake('helm', `{ for a; do echo "$a"; done; env; } > ${log}`)}:${path}`;
    process.env['AWS_SECRET_ACCESS_KEY'] = 'canary';
    const cwd = folderWith({ ...chart, 'a,b.yaml': '' });
    await run(cwd, { values: ['web=a,b.yaml'] }).finally(() => delete process.env['AWS_SECRET_ACCESS_KEY']);
    const [args = '', env = ''] = readFileSync(log, 'utf8').split(`${cwd}/charts/web\n`);
    expect(args.split('\n').slice(0, -1)).toEqual([
      'template',
      '--include-crds',
      '--namespace=default',
      `--values="${cwd}/a,b.yaml"`,
      '--',
      'web',
    ]);
    expect(env).not.toContain('canary');
    const names = env.split('\n').map((line) => line.split('=')[0] ?? '');
    expect(names.filter((name) => /^(AWS|KUBE|NODE|npm)/.test(name))).toEqual([]);
  });
  test('is reported as missing', async () => {
    process.env['PATH'] = folderWith({});
    const report = await run(
      folderWith({ ...chart, 'plain.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' }),
    );
    expect(report.notes).toContainEqual({
      kind: 'incomplete',
      message: 'chart not rendered: --render needs helm, which is not in PATH',
      at: { source: 'charts/web/Chart.yaml', path: '' },
    });
    expect(report.exitCode).toBe(3);
  });
  test('is not taken from a folder that depends on the working directory', async () => {
    const cwd = folderWith({ ...chart, helm: '#!/bin/sh\necho "kind: Pod"\n' });
    chmodSync(join(cwd, 'helm'), 0o755);
    process.env['PATH'] = '.:';
    expect((await run(cwd)).notes.map(({ message }) => message)).toContain(
      'chart not rendered: --render needs helm, which is not in PATH',
    );
  });
  test('cannot move a finding out of its chart', async () => {
    const text = pod('        privileged: true').replace('{{ .Values.image }}', 'x:1.0.0');
    process.env['PATH'] =
      `${fake('helm', `printf '%s' '---\n# Source: web/../../secret.yaml\n${text}---\n# Source: /etc/passwd\n${text}'`)}:${path}`;
    const report = await run(folderWith(chart));
    expect(new Set(report.findings.map(({ at }) => at.source))).toEqual(new Set(['charts/web/Chart.yaml']));
  });
  test('is not given a chart with a link that leads outside the workspace', async () => {
    const outside = folderWith({ secret: 'canary' });
    const cwd = folderWith(chart);
    symlinkSync(join(outside, 'secret'), join(cwd, 'charts/web/templates/link.yaml'));
    process.env['PATH'] = `${fake('helm', 'exit 0')}:${path}`;
    const report = await run(cwd);
    expect(report.notes.map(({ message }) => message)).toContain(
      'chart not rendered: the link charts/web/templates/link.yaml leads outside the workspace',
    );
  });
  test('is not given a chart with a link to a folder with such a link', async () => {
    const outside = folderWith({ secret: 'canary' });
    const cwd = folderWith({ ...chart, 'other/a.txt': '' });
    symlinkSync(join(outside, 'secret'), join(cwd, 'other/b'));
    symlinkSync('.', join(cwd, 'other/loop'));
    symlinkSync(join(cwd, 'other'), join(cwd, 'charts/web/templates/link'));
    process.env['PATH'] = `${fake('helm', 'exit 0')}:${path}`;
    const report = await run(cwd);
    expect(report.notes.map(({ message }) => message)).toContain(
      'chart not rendered: the link other/b leads outside the workspace',
    );
  });
  test.each([
    ['execution error at (a.yaml:1:3): password: canary7x', 'execution error at (a.yaml:1:3): password: ***'],
    ['cannot read https://me:canary7x@example.com/a', 'cannot read https://***@example.com/a'],
    ['rejected 9aCanary7xQ2m4Lz0Pw', 'rejected ***'],
    [
      'executing "a" at <atoi .Values.a>: error calling atoi: parsing "canary7x": invalid syntax',
      'executing "a" at <atoi .Values.a>: error calling atoi: parsing ***: invalid syntax',
    ],
    ['template: web/templates/a.yaml:1:10: can not find foo', 'template: web/templates/a.yaml:1:10: can not find foo'],
  ])('is quoted without credentials: %s', async (said, shown) => {
    process.env['PATH'] = `${fake('helm', `cat >&2 <<'END'\nError: ${said}\nEND\nexit 1`)}:${path}`;
    const report = await run(folderWith(chart));
    expect(report.notes.map(({ message }) => message)).toContain(`chart not rendered: ${shown}`);
  });
  test('gets values for existing charts, from existing files', async () => {
    const cwd = folderWith(chart);
    await expect(run(cwd, { values: ['web=none.yaml'] })).rejects.toThrow(
      '--values web=none.yaml: none.yaml does not exist',
    );
    await expect(run(cwd, { values: ['wbe=charts/web/values.yaml'] })).rejects.toThrow('no chart "wbe" is rendered');
    await expect(run(cwd, { values: ['web'] })).rejects.toThrow('does not map a chart to a file');
  });
});
