import { describe, expect, test, vi } from 'vitest';
import { defaultConfig, type Ignore } from '#config/config.ts';
import { collectIgnores } from '#engine/ignores.ts';
import { applyIgnores } from '#engine/suppress.ts';
import type { Finding } from '#model/finding.ts';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts, today } from '../lint-texts.ts';

/** How often any glob matcher was called. */
const asked = vi.hoisted(() => ({ times: 0 }));
vi.mock(import('#model/glob.ts'), async (load) => {
  const real = await load();
  const counting =
    (matches: (text: string) => boolean) =>
    (text: string): boolean => {
      asked.times++;
      return matches(text);
    };
  return {
    ...real,
    globMatcher: (pattern: string, crossing?: boolean) => counting(real.globMatcher(pattern, crossing)),
    nameMatcher: (patterns: readonly string[]) => counting(real.nameMatcher(patterns)),
    pathMatcher: (patterns: readonly string[]) => counting(real.pathMatcher(patterns)),
  };
});

type Files = Readonly<Record<string, string>>;
interface Settings {
  readonly only?: readonly string[];
  readonly inline?: boolean;
  readonly ignores?: readonly Ignore[];
}

const privileged = 'pod-security/privileged-container';

async function settle(
  files: Files,
  { only = [privileged], inline = true, ignores = [] }: Settings = {},
): Promise<Finding[]> {
  const active = rules.filter((rule) => only.includes(rule.id));
  expect(active.map((rule) => rule.id).sort()).toEqual([...only].sort());
  const run = await lintTexts(files, active);
  const collected = collectIgnores(
    run.sources,
    run.trees,
    run.workspace.resources,
    { ...defaultConfig, ignores },
    {
      rules,
      active: only,
    },
  );
  return applyIgnores(run.findings, collected, {
    today,
    inline,
    undetermined: run.undetermined,
    sources: run.sources,
  });
}

/** Each finding as a line: what hides it, and what is reported about ignores, with the advice. */
async function judge(files: Files, settings: Settings = {}): Promise<string[]> {
  const lines = (await settle(files, settings)).map(({ at, rule, hidden, message, help }) =>
    rule.startsWith('ekslint/')
      ? `${at.source}:${at.start?.line} ${message}: ${help}`
      : `${at.source}:${at.start?.line} ${rule.slice(rule.indexOf('/') + 1)}${hidden ? ` hidden by ${hidden.by} (${hidden.reason})` : ''}`,
  );
  return lines.sort();
}

const spec = 'spec: {containers: [{name: c, image: x:1, securityContext: {privileged: true}}]}\n';
const ignoring = `annotations: {ekslint/ignore: "${privileged}", ekslint/ignore-reason: agent}`;
const pod = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop${more === '' ? '' : `, ${more}`}}\n${spec}`;
const hiddenBy = `privileged-container hidden by annotation (agent)`;
const unused = `The ignore of ${privileged} has no effect`;

describe('an annotation acts on the object that carries it', () => {
  test('of two objects with one name in two files, on its own one', async () => {
    expect(await judge({ 'a.yaml': pod('web', ignoring), 'b.yaml': pod('web') })).toEqual([
      `a.yaml:4 ${hiddenBy}`,
      'b.yaml:4 privileged-container',
    ]);
  });
  test('not on a finding about a file that an object of another file claims to be', async () => {
    const files = {
      'broken.yaml': 'apiVersion: [\nkind: Pod\n',
      'hide.yaml':
        'apiVersion: x.io/v1\nkind: Document\nmetadata:\n  name: broken.yaml\n  annotations: {ekslint/ignore: "*", ekslint/ignore-reason: x}\n',
    };
    expect(await judge(files, { only: ['correctness/yaml-syntax'] })).toEqual([
      'broken.yaml:1 yaml-syntax',
      'hide.yaml:5 The ignore of * has no effect: Remove it',
    ]);
  });
  test('in a pod template: on its pods, not on the object around them', async () => {
    const workload = (kind: string, name: string, template: string): string =>
      `apiVersion: ${kind === 'CronJob' ? 'batch' : 'apps'}/v1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\n${template}`;
    const all = 'annotations: {ekslint/ignore: "*", ekslint/ignore-reason: agent}';
    const files = {
      'a.yaml': workload(
        'Deployment',
        'web',
        `spec:\n  replicas: 3\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}, ${all}}\n    ${spec}`,
      ),
      'b.yaml': workload(
        'CronJob',
        'job',
        `spec:\n  jobTemplate:\n    spec:\n      template:\n        metadata: {${all}}\n        ${spec}`,
      ),
      'c.yaml': workload(
        'CronJob',
        'job2',
        `spec:\n  jobTemplate:\n    metadata: {${all}}\n    spec:\n      template:\n        ${spec}`,
      ),
    };
    expect(await judge(files, { only: [privileged, 'reliability/pdb-missing'] })).toEqual([
      'a.yaml:5 pdb-missing',
      `a.yaml:9 ${hiddenBy}`,
      `b.yaml:9 ${hiddenBy}`,
      `c.yaml:9 ${hiddenBy}`,
    ]);
  });
  test("in a list: an item's applies to the item; the list's to nothing", async () => {
    const item = (name: string, more: string): string => `- ${pod(name, more).trimEnd().replaceAll('\n', '\n  ')}\n`;
    const list = `apiVersion: v1\nkind: List\nmetadata: {annotations: {ekslint/ignore: "*", ekslint/ignore-reason: x}}\nitems:\n${item('a', ignoring)}${item('b', '')}`;
    expect(await judge({ 'a.yaml': list })).toEqual([
      'a.yaml:12 privileged-container',
      'a.yaml:3 The ignore of * has no effect: Annotate the items of the list: kubectl drops the metadata of a list',
      `a.yaml:8 ${hiddenBy}`,
    ]);
  });
  test('is reported if nothing reads it', async () => {
    const annotation = 'ekslint/ignore: "*", ekslint/ignore-reason: x';
    const files = {
      'a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {${annotation}}}\ndata: {a: b}\n`,
      'b.yaml': `apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: b}\nspec:\n  deep: {metadata: {annotations: {${annotation}}}}\n`,
    };
    expect(await judge(files)).toEqual([
      'a.yaml:3 The ignore of * has no effect: Write it in metadata.annotations of the object',
      'b.yaml:5 The ignore of * has no effect: Annotate the object or its pod template',
    ]);
  });
  test('of an eksctl file acts on the cluster and its node groups', async () => {
    const config = (annotations: string): string =>
      `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: c, region: eu-west-1${annotations}}\nmanagedNodeGroups: [{name: ng, ssh: {allow: true}}]\n`;
    const all = ', annotations: {ekslint/ignore: "*", ekslint/ignore-reason: lab}';
    const only = ['cluster/control-plane-logging-audit', 'nodes/ssh-open'];
    const files = { 'a/c.yaml': config(all), 'b/c.yaml': config('') };
    expect(await judge(files, { only })).toEqual([
      'a/c.yaml:1 control-plane-logging-audit hidden by annotation (lab)',
      'a/c.yaml:4 ssh-open hidden by annotation (lab)',
      'b/c.yaml:1 control-plane-logging-audit',
      'b/c.yaml:4 ssh-open',
    ]);
  });
});

describe('kustomizations', () => {
  const advice =
    'An annotation from a kustomization covers only the fields that it sets: annotate the object itself, or use ignores in ekslint.yaml';
  const patch = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: shop\n  ${ignoring}\n`;

  test('commonAnnotations and patches do not hide findings in the base', async () => {
    const base = { 'base/kustomization.yaml': 'resources: [pod.yaml]\n', 'base/pod.yaml': pod('web') };
    expect(
      await judge({
        ...base,
        'o/kustomization.yaml': `resources: [../base]\ncommonAnnotations:\n  ekslint/ignore: "${privileged}"\n  ekslint/ignore-reason: x\n`,
      }),
    ).toEqual(['base/pod.yaml:4 privileged-container', `o/kustomization.yaml:3 ${unused}: ${advice}`]);
    expect(
      await judge({
        ...base,
        'o/kustomization.yaml': 'resources: [../base]\npatches: [{path: p.yaml}]\n',
        'o/p.yaml': patch,
      }),
    ).toEqual(['base/pod.yaml:4 privileged-container', `o/p.yaml:6 ${unused}: ${advice}`]);
  });
  test('a patch hides findings in the patch, and the base findings about its object', async () => {
    const harmless = pod('web').replace('privileged: true', 'privileged: false');
    const privileging = 'spec:\n  containers:\n  - name: c\n    securityContext: {privileged: true}\n';
    const overlay = 'resources: [../base]\npatches: [{path: p.yaml}]\n';
    expect(
      await judge({
        'base/kustomization.yaml': 'resources: [pod.yaml]\n',
        'base/pod.yaml': harmless,
        'o/kustomization.yaml': overlay,
        'o/p.yaml': patch + privileging,
      }),
    ).toEqual([`o/p.yaml:10 ${hiddenBy}`]);
    expect(
      await judge({
        'base/kustomization.yaml': 'resources: [pod.yaml]\n',
        'base/pod.yaml': harmless.replace('namespace: shop', `namespace: shop, ${ignoring}`),
        'o/kustomization.yaml': overlay,
        'o/p.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\n${privileging}`,
      }),
    ).toEqual([`o/p.yaml:7 ${hiddenBy}`]);
  });
  test('an overlay that removes the annotation does not hide; what is hidden in only one way is shown', async () => {
    const files = {
      'base/kustomization.yaml': 'resources: [pod.yaml]\n',
      'base/pod.yaml': pod('web', ignoring),
      'a/kustomization.yaml': 'resources: [../base]\n',
      'b/kustomization.yaml': `resources: [../base]\npatches:\n- patch: '[{"op": "remove", "path": "/metadata/annotations/ekslint~1ignore"}]'\n  target: {kind: Pod}\n`,
    };
    expect(await judge(files)).toEqual(['base/pod.yaml:4 privileged-container']);
  });
});

describe('unread text', () => {
  const only = [privileged, 'correctness/yaml-syntax'];
  const fix = 'Nothing in a file can hide that it was not read: fix the file, or exclude it in ekslint.yaml';

  test('is not hidden by anything in the file', async () => {
    const text = `x: [\n# ekslint-ignore-file correctness/*, pod-security/* -- x\n---\n${pod('web')}`;
    expect(await judge({ 'a.yaml': text }, { only })).toEqual(
      [
        `a.yaml:2 The ignore of correctness/* has no effect: ${fix}`,
        'a.yaml:1 yaml-syntax',
        'a.yaml:7 privileged-container hidden by comment (x)',
      ].sort(),
    );
  });
  test('is hidden by the config', async () => {
    expect(
      await judge(
        { 'a.yaml': 'apiVersion: [\nkind: Pod\n' },
        { only, ignores: [{ rule: 'correctness/*', files: ['*.yaml'], reason: 'demo' }] },
      ),
    ).toEqual(['a.yaml:1 yaml-syntax hidden by config (demo)']);
  });
});

describe('Terraform', () => {
  const only = ['cluster/control-plane-logging-audit'];
  const rule = 'cluster/control-plane-logging-audit';
  const cluster =
    'resource "aws_eks_cluster" "this" {\n  name     = var.name\n  role_arn = "arn"\n}\nvariable "name" {}\n';
  const call = (label: string, name: string): string =>
    `module "${label}" {\n  source = "./m"\n  name = "${name}"\n}\n`;
  const comment = `# ekslint-ignore-next-line ${rule} -- lab\n`;

  test('a comment at a module call applies only to that call', async () => {
    const found = await settle(
      { 'main.tf': `${comment}${call('lab', 'lab')}${call('prod', 'prod')}`, 'm/main.tf': cluster },
      { only },
    );
    expect(found.map(({ subject, hidden }) => `${subject.name} ${hidden?.reason}`).sort()).toEqual([
      'lab lab',
      'prod undefined',
    ]);
    // Calls that create the same are one finding: it stays as long as one of them has no ignore.
    const same = { 'main.tf': `${comment}${call('a', 'x')}${call('b', 'x')}`, 'm/main.tf': cluster };
    expect(await judge(same, { only })).toEqual(['m/main.tf:1 control-plane-logging-audit']);
    const both = { ...same, 'main.tf': `${comment}${call('a', 'x')}${comment}${call('b', 'x')}` };
    expect(await judge(both, { only })).toEqual(['m/main.tf:1 control-plane-logging-audit hidden by comment (lab)']);
  });
  test('through two calls, and at the call of the EKS module', async () => {
    const outer = 'module "env" {\n  source = "./env"\n}\n';
    const files = {
      'main.tf': comment + outer,
      'env/main.tf': call('c', 'x').replace('./m', '../m'),
      'm/main.tf': cluster,
    };
    expect(await judge(files, { only })).toEqual(['m/main.tf:1 control-plane-logging-audit hidden by comment (lab)']);
    const eks = `module "eks" {\n  source  = "terraform-aws-modules/eks/aws"\n  version = "20.0.0"\n  cluster_name = "x"\n  cluster_enabled_log_types = []\n}\n`;
    expect(await judge({ 'main.tf': comment + eks }, { only })).toEqual([
      'main.tf:6 control-plane-logging-audit hidden by comment (lab)',
    ]);
  });
  test('an apparent comment in a string or heredoc is text; an unused comment is reported', async () => {
    const text = [
      'locals {',
      `  a = "${'# ekslint-ignore-file * -- no'}"`,
      `  b = "\${"# ekslint-ignore-file * -- no"}"`,
      '  c = <<-EOT',
      '    # ekslint-ignore-file * -- no ${',
      '      "# ekslint-ignore-file * -- no"',
      '    }',
      '  EOT',
      '  d = <<EOT',
      '  EOT # ekslint-ignore-file * -- no',
      'EOT',
      '  /* ekslint-ignore-file * -- no */',
      '}',
      `# ekslint-ignore-next-line ${privileged} -- x`,
      cluster,
    ].join('\n');
    expect(await judge({ 'main.tf': text }, { only: [...only, privileged] })).toEqual([
      `main.tf:14 ${unused}: Remove it`,
      'main.tf:15 control-plane-logging-audit',
    ]);
  });
  test('`//` of the JSON syntax acts on its resource or module call', async () => {
    const block = (label: string, more: object): object => ({ [label]: { name: label, role_arn: 'arn', ...more } });
    const json = {
      resource: {
        aws_eks_cluster: {
          ...block('a', { '//': `ekslint-ignore ${rule} -- lab` }),
          ...block('b', { '//': ['made by a tool', `ekslint-ignore ${rule} -- list`] }),
          ...block('c', { vpc_config: { '//': `ekslint-ignore ${rule} -- nested` } }),
        },
      },
    };
    const found = await settle({ 'main.tf.json': JSON.stringify(json) }, { only });
    expect(
      found
        .map((one) => `${one.subject.name} ${one.hidden?.reason} ${one.help}`)
        .slice(0, 4)
        .sort(),
    ).toEqual(
      ['a lab', 'b list', 'c undefined', 'main.tf.json undefined'].map((start) => expect.stringContaining(start)),
    );
    expect(found.at(-1)?.help).toBe('Write it directly in the block of the resource or module');
    const call = { module: { lab: { '//': `ekslint-ignore ${rule} -- call`, source: './m', name: 'lab' } } };
    expect(await judge({ 'main.tf.json': JSON.stringify(call), 'm/main.tf': cluster }, { only })).toEqual([
      'm/main.tf:1 control-plane-logging-audit hidden by comment (call)',
    ]);
  });
});

describe('CloudFormation', () => {
  const only = ['cluster/control-plane-logging-audit'];
  const [rule = ''] = only;
  const resource = (metadata: unknown): object => ({
    Type: 'AWS::EKS::Cluster',
    ...(metadata === undefined ? {} : { Metadata: { ekslint: metadata } }),
    Properties: { RoleArn: 'arn', ResourcesVpcConfig: { SubnetIds: ['a'] } },
  });
  test('Metadata of a resource acts on it, in JSON and YAML', async () => {
    const template = {
      Metadata: { ekslint: { ignore: '*', reason: 'top' } },
      Resources: {
        A: resource({ ignore: [rule], reason: 'lab' }),
        B: resource(undefined),
        C: resource({ ignore: rule }),
      },
    };
    const found = await settle({ 't.json': JSON.stringify(template) }, { only });
    expect(found.map((one) => `${one.subject.name} ${one.hidden?.reason} ${one.rule} ${one.help}`)).toEqual([
      `A lab ${rule} ${found[0]?.help}`,
      `B undefined ${rule} ${found[1]?.help}`,
      `C  ${rule} ${found[2]?.help}`,
      't.json undefined ekslint/unused-ignore Write it in the Metadata of the resource',
      't.json undefined ekslint/ignore-without-reason Add Metadata.ekslint.reason',
    ]);
    const yaml =
      'Resources:\n  A:\n    Type: AWS::EKS::Cluster\n    Metadata:\n      ekslint: {ignore: [cluster/*], reason: lab}\n    Properties:\n      RoleArn: !Sub "${x}"\n      Description: |\n        # ekslint-ignore-file * -- no\n';
    expect(await judge({ 't.yaml': yaml }, { only })).toEqual([
      't.yaml:6 control-plane-logging-audit hidden by annotation (lab)',
    ]);
  });
  test('without names', async () => {
    const template = { Resources: { A: resource({ reason: 'x' }) } };
    expect(await judge({ 't.json': JSON.stringify(template) }, { only })).toEqual([
      't.json:1 This ignore does not name a rule, so it has no effect: Add the rule, e.g. images/mutable-tag',
      't.json:1 control-plane-logging-audit',
    ]);
  });
});

test('--no-inline-ignores turns all of them off, and does not judge them', async () => {
  const rule = 'cluster/control-plane-logging-audit';
  const files = {
    'a.yaml': `${pod('web', ignoring)}# ekslint-ignore-file * -- x\n`,
    'b.yaml': `apiVersion: v1\nkind: List\nmetadata: {annotations: {ekslint/ignore: "*"}}\nitems: []\n`,
    't.json': JSON.stringify({
      Resources: { A: { Type: 'AWS::EKS::Cluster', Metadata: { ekslint: { ignore: '*' } }, Properties: {} } },
    }),
    'main.tf': `# ekslint-ignore-next-line * -- x\nmodule "m" {\n  source = "./m"\n}\n`,
    'm/main.tf': 'resource "aws_eks_cluster" "c" {\n}\n',
    'x.tf.json': JSON.stringify({ resource: { aws_eks_cluster: { a: { '//': 'ekslint-ignore * -- x' } } } }),
  };
  const shown = await settle(files, { only: [privileged, rule], inline: false });
  expect(shown.filter((one) => one.hidden || one.rule.startsWith('ekslint/'))).toEqual([]);
  expect(shown).toHaveLength(4);
  const hidden = await settle(files, { only: [privileged, rule] });
  expect(hidden.filter((one) => one.hidden)).toHaveLength(4);
});

describe('cost', () => {
  const objects = 10_000;
  const count = 500;
  const named = Array.from({ length: objects }, (_, i) => pod(`app-${i}`));

  test('hundreds of ignores are not compared with each of thousands of objects', async () => {
    const comments = Array.from(
      { length: 2_000 },
      (_, i) => `# ekslint-ignore-next-line images/* -- c${i}\na${i}: 1\n`,
    );
    const files = { 'a.yaml': named.join('---\n'), 'b.yaml': comments.join('') };
    const ignores = Array.from({ length: count }, (_, i): Ignore => {
      if (i % 4 === 0) return { rule: 'pod-security/*', resource: { name: `team-${i}-*` }, reason: 'x' };
      if (i % 4 === 1) return { rule: 'pod-security/*', files: [`team-${i}/**`], reason: 'x' };
      if (i % 4 === 2) return { rule: privileged, resource: { kind: 'Pod', name: `app-${i}` }, reason: 'x' };
      return { rule: 'pod-security/*', resource: { kind: `Kind${i}` }, reason: 'x' };
    });
    asked.times = 0;
    const found = await settle(files, { ignores });
    expect(found.filter((one) => one.hidden)).toHaveLength(125);
    // Reading compares each pattern with each rule; what findings add to that is bounded.
    expect(asked.times).toBeLessThan((count + 2_000) * (rules.length + 1) + 4 * objects);
  });
  test('one annotation on every object is read once, however many rules it names', async () => {
    const rulesNamed = Array.from({ length: 2_000 }, () => 'x').map(
      (_, i) => `pod-security/${'*'.repeat((i % 9) + 1)}{${i},*}`,
    );
    const files = {
      'kustomization.yaml': `resources: [a.yaml]\ncommonAnnotations: {ekslint/ignore: "${rulesNamed.join(' ')}", ekslint/ignore-reason: x}\n`,
      'a.yaml': named.slice(0, 1_000).join('---\n'),
    };
    asked.times = 0;
    const found = await settle(files);
    expect(found.filter((one) => one.rule === privileged && !one.hidden)).toHaveLength(1_000);
    expect(asked.times).toBeLessThan(3 * rulesNamed.length * (rules.length + 1));
  });
});

describe('clusters with the same name', () => {
  const rule = 'cluster/control-plane-logging-audit';
  const config = (region: string): string =>
    `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: prod, region: ${region}, version: "1.35"}\n`;
  const inFiles = { 'eu/cluster.yaml': config('eu-west-1'), 'us/cluster.yaml': config('us-east-1') };
  const inOneFile = { 'clusters.yaml': `${config('eu-west-1')}---\n${config('us-east-1')}` };
  const hiddenBy = async (files: Files, resource: NonNullable<Ignore['resource']>, of?: readonly string[]) => {
    const ignore: Ignore = { rule, resource, reason: 'test', ...(of ? { files: of } : {}) };
    const findings = await settle(files, { only: [rule], ignores: [ignore] });
    return findings.filter((one) => one.rule === rule).map(({ at, hidden }) => [at.source, hidden !== undefined]);
  };

  test('have findings with different fingerprints, in two files or in one', async () => {
    for (const files of [inFiles, inOneFile]) {
      const findings = await settle(files, { only: [rule] });
      expect(findings.length).toBe(2);
      expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(2);
    }
    // The order of the clusters in a file does not decide which is which.
    const turned = { 'clusters.yaml': `${config('us-east-1')}---\n${config('eu-west-1')}` };
    const [first, second] = [await settle(inOneFile, { only: [rule] }), await settle(turned, { only: [rule] })];
    expect(second.map(({ fingerprint }) => fingerprint)).toEqual(
      first.map(({ fingerprint }) => fingerprint).toReversed(),
    );
  });
  test('are ignored together by name, and one of them by its file', async () => {
    const both = [
      ['eu/cluster.yaml', true],
      ['us/cluster.yaml', true],
    ];
    expect(await hiddenBy(inFiles, { kind: 'cluster', name: 'prod' })).toEqual(both);
    expect(await hiddenBy(inFiles, { kind: 'cluster', name: 'prod' }, ['eu/**'])).toEqual([
      ['eu/cluster.yaml', true],
      ['us/cluster.yaml', false],
    ]);
  });
  test('are not objects with that name', async () => {
    expect(await hiddenBy(inFiles, { kind: 'Deployment', name: 'prod' })).toEqual([
      ['eu/cluster.yaml', false],
      ['us/cluster.yaml', false],
    ]);
  });
});
