import { describe, expect, it } from 'vitest';
import { rules } from '../../src/rule/registry.ts';
import { chartFacts } from '#inputs/helm/chart.ts';
import { lintTexts } from '../lint-texts.ts';
import { source } from './read.ts';

/** What the charts that these files release install. */
async function installs(files: Readonly<Record<string, string>>) {
  const { workspace } = await lintTexts(files, []);
  return {
    components: workspace.components.map((one) => [
      one.name,
      one.namespace.value,
      one.version.value,
      one.setting('clusterName').value ?? one.setting('clusterName').why,
    ]),
    accounts: workspace.resources
      .filter(({ kind }) => kind === 'ServiceAccount')
      .map((one) => [one.namespace, one.name, (one.object.metadata?.annotations ?? {})['eks.amazonaws.com/role-arn']]),
  };
}
const role = 'arn:aws:iam::111122223333:role/lbc';
const release = (more: string, chart = 'aws-load-balancer-controller') => `resource "helm_release" "lbc" {
  name       = "aws-load-balancer-controller"
  repository = "https://aws.github.io/eks-charts"
  chart      = "${chart}"
  namespace  = "kube-system"
  version    = "1.14.0"
${more}
}
`;
const name = 'aws-load-balancer-controller';

describe('helm_release', () => {
  it.each<[string, string]>([
    [
      'blocks',
      `  set {\n    name  = "clusterName"\n    value = "prod"\n  }\n  set {\n    name  = "serviceAccount.annotations.eks\\\\.amazonaws\\\\.com/role-arn"\n    value = "${role}"\n  }`,
    ],
    [
      'a list',
      `  set = [{ name = "clusterName", value = "prod" }, { name = "serviceAccount.annotations.eks\\\\.amazonaws\\\\.com/role-arn", value = "${role}" }]`,
    ],
    [
      'yamlencode',
      `  values = [yamlencode({ clusterName = "prod", serviceAccount = { annotations = { "eks.amazonaws.com/role-arn" = "${role}" } } })]`,
    ],
    [
      'a heredoc',
      `  values = [<<-EOT\n    clusterName: prod\n    serviceAccount:\n      annotations:\n        eks.amazonaws.com/role-arn: ${role}\n  EOT\n  ]`,
    ],
    [
      'documents over one another',
      `  values = [yamlencode({ clusterName = "dev", serviceAccount = { annotations = { "eks.amazonaws.com/role-arn" = "${role}" } } }), yamlencode({ clusterName = "prod", serviceAccount = { create = true } })]`,
    ],
  ])('has its values in %s', async (_, values) => {
    expect(await installs({ 'main.tf': release(values) })).toEqual({
      components: [[name, 'kube-system', '1.14.0', 'prod']],
      accounts: [['kube-system', name, role]],
    });
  });
  it('knows nothing that an unknown document may change', async () => {
    const values = `  values = [yamlencode({ clusterName = "dev" }), var.more]`;
    expect((await installs({ 'main.tf': release(values) })).components[0]?.[3]).toBe(
      'var.more is not known before Terraform runs',
    );
  });
  it('treats a reference to a role as its ARN', async () => {
    const values = `  set {\n    name  = "serviceAccount.annotations.eks\\\\.amazonaws\\\\.com/role-arn"\n    value = aws_iam_role.lbc.arn\n  }`;
    const heredoc = `  values = [<<-EOT\n    serviceAccount:\n      annotations:\n        eks.amazonaws.com/role-arn: \${module.irsa.iam_role_arn}\n  EOT\n  ]`;
    const malformed = rules.filter(({ id }) => id === 'iam/irsa-role-arn-malformed');
    for (const [text, mark] of [
      [values, '${aws_iam_role.lbc.arn}'],
      [heredoc, '${module.irsa.iam_role_arn}'],
    ] as const) {
      expect((await installs({ 'main.tf': release(text) })).accounts).toEqual([['kube-system', name, mark]]);
      const { findings, undetermined } = await lintTexts({ 'main.tf': release(text) }, malformed);
      expect([findings, undetermined]).toEqual([[], []]);
    }
    const hidden = await lintTexts(
      { 'main.tf': release(values.replace('aws_iam_role.lbc.arn', 'var.role')) },
      malformed,
    );
    expect(hidden.undetermined).toHaveLength(1);
  });
  it('creates no account if it is turned off, and none for other charts', async () => {
    const off = `  set {\n    name  = "serviceAccount.create"\n    value = "false"\n  }`;
    expect((await installs({ 'main.tf': release(off) })).accounts).toEqual([]);
    expect(await installs({ 'main.tf': release('', 'grafana') })).toEqual({ components: [], accounts: [] });
  });
  it('names accounts as the charts do', async () => {
    const named = async (chart: string, own: string, more: string) => {
      const text = release(more, chart).replace('name       = "aws-load-balancer-controller"', `name = "${own}"`);
      return (await installs({ 'main.tf': text })).accounts.map(([, one]) => one);
    };
    const notes = (at: string) => `  values = [yamlencode({ ${at} = { annotations = { a = "b" } } })]`;
    expect(await named('external-dns', 'dns', notes('serviceAccount'))).toEqual(['dns-external-dns']);
    expect(await named('external-dns', 'my-external-dns', notes('serviceAccount'))).toEqual(['my-external-dns']);
    expect(
      await named(
        'cluster-autoscaler',
        'ca',
        '  values = [yamlencode({ rbac = { serviceAccount = { annotations = { a = "b" } } } })]',
      ),
    ).toEqual(['ca-aws-cluster-autoscaler']);
    expect(
      await named(
        'aws-ebs-csi-driver',
        'ebs',
        '  values = [yamlencode({ controller = { serviceAccount = { annotations = { a = "b" } } } })]',
      ),
    ).toEqual(['ebs-csi-controller-sa']);
  });
});

describe('add-ons of EKS Blueprints', () => {
  it('are components if they are turned on', async () => {
    const text = `module "addons" {
  source = "aws-ia/eks-blueprints-addons/aws"
  cluster_name = "prod"
  enable_cluster_autoscaler = true
  enable_metrics_server = var.metrics
  enable_karpenter = true
  karpenter = { namespace = "kube-system", chart_version = "1.8.0" }
}
`;
    expect(
      (await installs({ 'main.tf': text })).components.map(([one, where, version]) => [one, where, version]),
    ).toEqual([
      ['cluster-autoscaler', 'kube-system', undefined],
      ['karpenter', 'kube-system', '1.8.0'],
    ]);
  });
});

describe('Flux and Argo CD', () => {
  const flux = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: lbc, namespace: flux-system}
spec:
  targetNamespace: kube-system
  chart: {spec: {chart: aws-load-balancer-controller, version: 1.14.0}}
  values:
    clusterName: prod
    serviceAccount: {annotations: {eks.amazonaws.com/role-arn: "${role}"}}
`;
  const argo = (helm: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: lbc, namespace: argocd}
spec:
  destination: {namespace: kube-system}
  source:
    chart: aws-load-balancer-controller
    repoURL: https://aws.github.io/eks-charts
    targetRevision: 1.14.0
    helm:
${helm}`;

  it('install the same charts', async () => {
    const own = 'kube-system-lbc-aws-load-balancer-controller';
    const expected = (account: string) => ({
      components: [[name, 'kube-system', '1.14.0', 'prod']],
      accounts: [['kube-system', account, role]],
    });
    expect(await installs({ 'lbc.yaml': flux })).toEqual(expected(own));
    const text = `      values: |\n        clusterName: prod\n        serviceAccount:\n          annotations: {eks.amazonaws.com/role-arn: "${role}"}\n`;
    const object = `      valuesObject:\n        clusterName: prod\n        serviceAccount:\n          annotations: {eks.amazonaws.com/role-arn: "${role}"}\n`;
    const parameters = `      parameters:\n        - {name: clusterName, value: prod}\n        - {name: 'serviceAccount.annotations.eks\\.amazonaws\\.com/role-arn', value: "${role}"}\n`;
    for (const helm of [text, object, parameters])
      expect(await installs({ 'lbc.yaml': argo(helm) })).toEqual(expected('lbc-aws-load-balancer-controller'));
  });
});

describe('findings about accounts of charts', () => {
  it('are located where the values are written', async () => {
    const malformed = rules.filter(({ id }) => id === 'iam/irsa-role-arn-malformed');
    const values = `  set {\n    name  = "serviceAccount.annotations.eks\\\\.amazonaws\\\\.com/role-arn"\n    value = "arn:aws:iam::111122223333:policy/x"\n  }`;
    const { findings } = await lintTexts({ 'main.tf': release(values) }, malformed);
    expect(findings.map(({ at, message }) => [at.start?.line, message])).toEqual([
      [9, expect.stringContaining('is the ARN of a policy')],
    ]);
  });
  it('mention a trust policy that names another account', async () => {
    const mismatch = rules.filter(({ id }) => id === 'iam/irsa-trust-subject-mismatch');
    const trust = `resource "aws_iam_role" "lbc" {
  name = "lbc"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A" }
      Condition = { StringEquals = { "oidc.eks.eu-west-1.amazonaws.com/id/A:sub" = "system:serviceaccount:kube-system:lbc" } }
    }]
  })
}
`;
    const values = `  values = [yamlencode({ serviceAccount = { annotations = { "eks.amazonaws.com/role-arn" = "${role}" } } })]`;
    const { findings } = await lintTexts({ 'main.tf': release(values) + trust }, mismatch);
    expect(findings).toHaveLength(1);
  });
});

it('a library chart cannot be installed by itself', () => {
  const chart = (more: string) =>
    chartFacts(source('Chart.yaml', `apiVersion: v2\nname: parts\nversion: 1.0.0\n${more}`));
  expect(chart('type: library\n')).toEqual({ name: 'parts', isLibrary: true });
  expect(chart('type: application\n')).toEqual({ name: 'parts', isLibrary: false });
  expect(chart('')).toEqual({ name: 'parts', isLibrary: false });
});
