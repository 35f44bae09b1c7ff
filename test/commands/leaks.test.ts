import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/*
 * Secrets in every place where repositories keep them, next to every defect that is reported: none is in any output.
 * Each contains its location in its name, so that a failure shows where it leaks from.
 */

/** A secret that looks like a word, one that looks like a token, and their base64 forms. Lowercase, like host names. */
const word = (place: string): string => `kanary-${place}`;
const token = (place: string): string => `Kanary9Qz7XwVb2Lm4${place}`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const workload = (name: string, body: string, spec = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  annotations:
    example.com/dsn: "postgres://app:${word('annotation-url')}@db.example.com/x"
    example.com/token: ${token('annotation')}
    kubectl.kubernetes.io/last-applied-configuration: |
      {"apiVersion":"apps/v1","kind":"Deployment","spec":{"env":[{"name":"A","value":"${word('last-applied')}"}]}}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
${spec}      containers:
        - name: app
          image: example.com/app
${body}`;

const files: Readonly<Record<string, string>> = {
  'env.yaml': workload(
    'env',
    `          securityContext: {privileged: true}
          env:
            - {name: DB_PASSWORD, value: ${word('env-password')}}
            - {name: API_TOKEN, value: "${token('env-token')}"}
            - {name: DATABASE_URL, value: "postgres://app:${word('env-url')}@db.example.com:5432/x"}
            - {name: QUERY, value: "https://example.com/?password=${encodeURIComponent(`${word('env-query')}/+&`)}"}
            - {name: CERT, value: "${base64(word('env-base64'))}"}
            - {name: AUTH, value: "Basic ${base64(`app:${word('env-basic')}`)}"}
            - {name: AWS_SECRET_ACCESS_KEY, value: wJalrXUtnFEMIK7MDENGbPxRfiCYKanaryAwsKey}
            - {name: AWS_ACCESS_KEY_ID, value: AKIAKANARYACCESSKEY7}
            - {name: KEY, value: "-----BEGIN PRIVATE KEY-----\\n${token('env-pem')}\\n-----END PRIVATE KEY-----"}
          args: ["--password=${word('args-flag')}", --token, ${token('args-item')}, "-p${word('args-short')}"]
          command: [sh, -c, "export PASS=${word('command')}; exec app"]
          livenessProbe:
            httpGet:
              path: /?token=${word('probe-path')}
              host: "user:${word('probe-host')}@example.com"
              port: 80
              httpHeaders: [{name: Authorization, value: "Bearer ${word('probe-header')}"}]
`,
    '      hostNetwork: true\n      hostAliases: [{ip: 10.0.0.1, hostnames: ["a"]}]\n      securityContext: {sysctls: [{name: kernel.msgmax, value: "1"}]}\n',
  ),
  'image.yaml': `apiVersion: v1
kind: Pod
metadata: {name: image}
spec:
  containers:
    - {name: url, image: "https://user:${word('image-url')}@registry.example.com/app"}
    - {name: user, image: "user:${word('image-user')}@registry.example.com/app:latest"}
`,
  'secret.yaml': `apiVersion: v1
kind: Secret
metadata: {name: secret}
data: {password: ${base64(word('secret-data'))}, password: ${base64(word('secret-twice'))}}
stringData:
  url: "https://app:${word('secret-string')}@example.com"
  {{ .Values.password | default "${word('secret-template')}" }}
`,
  'marks.yaml': `apiVersion: v1
kind: ServiceAccount
metadata:
  name: "\${NAME:-${word('mark-default')}}"
  annotations:
    eks.amazonaws.com/role-arn: "{{ .Values.arn | default "${word('mark-go')}" }}"
    iam.amazonaws.com/role: "<${word('mark-placeholder')}>"
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: arn
  annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::user:${word('arn')}@x:role/y"}
`,
  'broken/alias.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  password: *${word('broken-alias')}\n`,
  'broken/quote.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  password: "${word('broken-quote')}\n  x: y\n`,
  'broken/at.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  password: @${word('broken-at')}\n`,
  'broken/percent.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  password: %${word('broken-percent')}\n`,
  'tag.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  password: !${word('broken-tag')} x\n`,
  'broken/anchor.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  password: &${word('broken-anchor')} &b c\n`,
  'broken/colon.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  password: ${word('broken-colon')}: x: y\n`,
  'broken/bracket.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {password: ${word('broken-bracket')}]\n`,
  'broken/tab.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n\tpassword: ${word('broken-tab')}\n`,
  'broken/escape.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  password: "\\q${word('broken-escape')}"\n`,
  'broken/binary.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  password: !!binary "%%${word('broken-binary')}"\n`,
  'broken/int.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  password: !!int ${word('broken-int')}\n`,
  'broken/block.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  password: |${word('broken-block')}\n  x\n`,
  'broken/conflict.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n<<<<<<< ${word('broken-conflict')}\n  password: ${word('broken-ours')}\n=======\n  password: ${word('broken-theirs')}\n>>>>>>> main\n`,
  'broken/object.json': `{"apiVersion": "v1", "kind": "Secret", "stringData": {"password": "${word('broken-json')}" "x": 1}}`,
  'broken/template.json': `{"AWSTemplateFormatVersion": "2010-09-09", "Parameters": {"Password": {"Default": "${word('broken-cfn')}" "NoEcho": true}}}`,
  'broken/main.tf': `resource "aws_eks_cluster" "a" {\n  name = "x"\n  password = "${word('broken-hcl')}\n}\nvariable "p" { default = ${word('broken-hcl-word')} ]\n`,
  'broken/heredoc.tf': `resource "aws_launch_template" "a" {\n  user_data = <<EOT\nexport PASSWORD=${word('broken-heredoc')}\n`,
  'kustomize/kustomization.yaml': `resources:
  - "https://user:${word('kustomize-url')}@git.example.com/base?ref=v1"
  - "git::ssh://git:${word('kustomize-ssh')}@example.com/base"
  - web.yaml
components: ["https://example.com/part?token=${word('kustomize-query')}"]
secretGenerator:
  - name: generated
    literals: ["password=${word('generator-literal')}"]
    envs: [secret.env, "missing-${word('generator-missing')}.env"]
configMapGenerator:
  - {name: config, literals: ["url=postgres://app:${word('generator-url')}@db"]}
patches:
  - patch: |
      - {op: replace, path: /spec/template/spec/containers/0/env/0/value, value: ${word('patch-inline')}}
    target: {kind: Deployment}
  - path: "https://user:${word('patch-url')}@example.com/p.yaml"
  - path: broken-patch.yaml
replacements: [{path: "https://user:${word('replacement-url')}@example.com/r.yaml"}]
helmCharts:
  - {name: x, repo: "https://user:${word('helm-repo')}@charts.example.com", valuesInline: {password: ${word('helm-inline')}}}
`,
  'kustomize/web.yaml': workload('web', `          env: [{name: PASSWORD, value: ${word('kustomize-env')}}]\n`),
  'kustomize/secret.env': `PASSWORD=${word('generator-env')}\n`,
  'kustomize/broken-patch.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {password: "${word('patch-broken')}}\n`,
  'flux.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: release}
spec:
  chart: {spec: {chart: x, sourceRef: {kind: HelmRepository, name: x}}}
  values: {password: ${word('helm-values')}, db: {url: "postgres://a:${word('helm-values-url')}@b"}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: x}
spec: {url: "https://user:${word('helm-repository')}@charts.example.com"}
`,
  'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
  'chart/values.yaml': `password: ${word('chart-values')}\n`,
  'chart/templates/secret.yaml': `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData: {password: {{ .Values.password | default "${word('chart-template')}" }}}\n`,
  'terraform/main.tf': `variable "password" {
  type      = string
  sensitive = true
  default   = "${word('tf-sensitive')}"
}
variable "plain_password" {
  default = "${word('tf-default')}"
}
variable "from_file" {}
locals {
  token = "${token('tf-local')}"
}
module "remote" {
  source             = "git::https://user:${word('module-url')}@git.example.com/eks.git?ref=v1"
  kubernetes_version = "1.30"
  db_password        = "${word('module-argument')}"
}
module "archive" {
  source       = "https://example.com/eks.zip?token=${word('module-query')}"
  node_groups  = {}
}
resource "aws_eks_cluster" "main" {
  name     = var.password
  version  = var.password
  role_arn = local.token
  vpc_config {
    endpoint_public_access = true
    public_access_cidrs    = [var.plain_password, var.from_file]
  }
  enabled_cluster_log_types = ["\${var.password}"]
}
resource "aws_launch_template" "nodes" {
  user_data = base64encode(<<-EOT
    #!/bin/bash
    export DB_PASSWORD=${word('tf-user-data')}
    curl https://user:${word('tf-user-data-url')}@example.com
  EOT
  )
  key_name = var.plain_password
  metadata_options {
    http_tokens = var.password
  }
}
resource "aws_eks_node_group" "nodes" {
  cluster_name = aws_eks_cluster.main.name
  ami_type     = var.plain_password
  launch_template {
    id = aws_launch_template.nodes.id
  }
}
resource "kubernetes_deployment" "app" {
  metadata {
    name = "app"
  }
  spec {
    template {
      metadata {}
      spec {
        container {
          name    = "app"
          image   = "example.com/app:\${var.plain_password}"
          command = ["sh", "-c", "PASS=${word('tf-command')} app"]
          env {
            name  = "PASSWORD"
            value = "${word('tf-env')}"
          }
          env {
            name  = "TOKEN"
            value = local.token
          }
        }
      }
    }
  }
}
resource "kubernetes_secret" "s" {
  metadata {
    name = "s"
  }
  data = {
    password = "${word('tf-secret')}"
    other    = var.password
  }
}
resource "helm_release" "r" {
  name       = "r"
  repository = "https://user:${word('tf-helm-repo')}@charts.example.com"
  chart      = "x"
  values     = ["password: ${word('tf-helm-values')}"]
  set_sensitive {
    name  = "password"
    value = "${word('tf-helm-set')}"
  }
}
resource "kubectl_manifest" "m" {
  yaml_body = <<-EOT
    apiVersion: v1
    kind: Pod
    metadata: {name: m}
    spec: {containers: [{name: a, image: a, env: [{name: PASSWORD, value: ${word('tf-manifest')}}]}]}
  EOT
}
`,
  'terraform/terraform.tfvars': `from_file = "${word('tfvars')}"\nplain_password = "${word('tfvars-password')}"\n`,
  'terraform/prod.tfvars.json': `{"password": "${word('tfvars-json')}"}`,
  'template.yaml': `AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Password: {Type: String, NoEcho: true, Default: ${word('cfn-noecho')}}
  Open: {Type: String, Default: ${word('cfn-default')}}
Resources:
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      Name: !Ref Password
      Version: !Ref Password
      RoleArn: !Sub "arn:aws:iam::user:${word('cfn-sub')}@x"
      ResourcesVpcConfig: {PublicAccessCidrs: [!Ref Open, !Ref Password], EndpointPublicAccess: !Ref Password}
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        KeyName: !Ref Open
        MetadataOptions: {HttpTokens: !Ref Password}
        UserData:
          Fn::Base64: !Sub |
            #!/bin/bash
            export PASSWORD=${word('cfn-user-data')}
  Group:
    Type: AWS::EKS::Nodegroup
    Properties:
      ClusterName: !Ref Cluster
      AmiType: !Ref Open
      LaunchTemplate: {Id: !Ref Template}
`,
  'cluster.yaml': `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: eksctl, region: eu-west-1, version: "1.30"}
nodeGroups:
  - name: own
    instanceType: m5.large
    ssh: {allow: true, publicKey: "ssh-rsa ${token('eksctl-key')}"}
    preBootstrapCommands: ["export PASSWORD=${word('eksctl-pre')}"]
    overrideBootstrapCommand: |
      export TOKEN=${word('eksctl-override')}
gitops:
  flux: {gitProvider: github, flags: {token: ${word('eksctl-flux')}}}
password: ${word('eksctl-unknown')}
`,
  'ignored.yaml': `# ekslint-ignore-file no-such/rule
${workload('ignored', `          env: [{name: PASSWORD, value: ${word('ignored')}}] # ekslint-ignore secrets/literal-in-env -- fine\n`)}`,
};

const root = mkdtempSync(join(tmpdir(), 'ekslint-leaks-'));
afterAll(() => rmSync(root, { recursive: true }));

function written(more: Readonly<Record<string, string>> = {}): string {
  const cwd = mkdtempSync(join(root, 'x-'));
  mkdirSync(join(cwd, '.git'));
  for (const [name, text] of Object.entries({ ...files, ...more })) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return cwd;
}

const cli = pathToFileURL('src/cli.ts').href;
function ekslint(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      '--import',
      import.meta.resolve('tsx'),
      '--input-type=module',
      '-e',
      `const { main } = await import(${JSON.stringify(cli)}); await main(process.argv.slice(1));`,
      '--',
      ...args,
    ],
    { cwd, encoding: 'utf8', env: { ...process.env, GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '', ...env } },
  );
  expect([0, 1, 2, 3], stderr).toContain(status);
  return stdout + stderr;
}

/** A canary in other encodings: base64 at each of the three offsets, and URL encoding. */
const forms = [
  /kanary/i,
  ...['kanary', 'Kanary'].flatMap((text) =>
    [0, 1, 2].map((shift) => {
      const encoded = base64(`${'x'.repeat(shift)}${text}`).replace(/=+$/, '');
      // The first and the last letters depend on the adjacent characters.
      return new RegExp(encoded.slice(shift === 0 ? 0 : shift + 1, -1));
    }),
  ),
];
/** Leaks, with the text around each. */
const leaksIn = (text: string): string[] =>
  forms.flatMap((form) =>
    [...text.matchAll(new RegExp(form.source, `${form.flags}g`))].map(({ index }) =>
      text.slice(Math.max(0, index - 60), index + 50),
    ),
  );

const formats = ['compact', 'json', 'sarif', 'github', 'gitlab', 'junit', 'markdown', 'csv'];
const outputs = formats.flatMap((format) => ['--format', `${format}=out/${format}`]);

describe('no output shows a secret', () => {
  let cwd = '';
  const seen = new Map<string, string>();
  beforeAll(() => {
    cwd = written({ 'out/.keep': '' });
    seen.set(
      'text',
      ekslint(cwd, [
        '--preset',
        'all',
        '--all',
        '--show-ignored',
        '--verbose',
        '--debug',
        '--format',
        'text',
        ...outputs,
      ]),
    );
    for (const format of formats) seen.set(format, readFileSync(join(cwd, 'out', format), 'utf8'));
    rmSync(join(cwd, 'out'), { recursive: true });
    seen.set('the summary', ekslint(cwd, ['--preset', 'all', '--summary', '--strict-ignores']));
    seen.set('on a runner', ekslint(cwd, ['--preset', 'all'], { GITHUB_ACTIONS: 'true' }));
    seen.set('a baseline', ekslint(cwd, ['--preset', 'all', '--update-baseline', '--baseline', 'known.json']));
    seen.set('the file of a baseline', readFileSync(join(cwd, 'known.json'), 'utf8'));
    seen.set('the diff', ekslint(cwd, ['--preset', 'all', '--fix=suggestions', '--fix-dry-run']));
    seen.set('fixing', ekslint(cwd, ['--preset', 'all', '--fix=suggestions']));
    seen.set('an upgrade', ekslint(cwd, ['upgrade', '--to', '1.36']));
  }, 120_000);

  test('the texts are read: they have findings, and files that are not read', () => {
    const { findings, notes } = JSON.parse(seen.get('json') ?? '') as {
      findings: { rule: string; location: { file: string } }[];
      notes: unknown[];
    };
    expect(findings.length).toBeGreaterThan(80);
    expect(notes.length).toBeGreaterThan(5);
    const silent = readdirSync(join(cwd, 'broken')).filter(
      (name) => !findings.some(({ location }) => location.file === `broken/${name}`),
    );
    expect(silent).toEqual([]);
    expect(seen.get('the diff')).toContain('diff --git');
  });

  test.each([
    'text',
    ...formats,
    'the summary',
    'on a runner',
    'a baseline',
    'the file of a baseline',
    'the diff',
    'fixing',
    'an upgrade',
  ])('%s', (name) => {
    expect(seen.get(name)?.length).toBeGreaterThan(0);
    expect(leaksIn(seen.get(name) ?? '')).toEqual([]);
  });

  test('errors about the config and the command line', () => {
    const config = `version: 1\npassword: ${word('config-key')}\nextends: ["https://user:${word('config-extends')}@example.com/x.yaml"]\nrules: {x: "${word('config-rule')}"}\nignores: [{rule: x, resource: {kind: "${word('config-kind')}"`;
    const folder = written({ 'ekslint.yaml': config });
    expect(leaksIn(ekslint(folder, ['--debug']))).toEqual([]);
  });
});
