import { describe, expect, test } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';
import { samplesOf } from '../samples.ts';

const pod = (spec: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n${spec}`;
const withContext = (context: string): string =>
  pod(`  containers:\n  - name: web\n    image: web:1.0.0\n    securityContext: ${context}\n`);
const withVolumes = (volumes: string): string =>
  pod(`  volumes: ${volumes}\n  containers: [{name: web, image: web:1.0.0}]\n`);

/** The rules that could not judge. */
async function openRules(files: string | Record<string, string>): Promise<string[]> {
  const { undetermined, crashes } = await lintTexts(typeof files === 'string' ? { 'a.yaml': files } : files, rules);
  expect(crashes).toEqual([]);
  return undetermined.map(({ rule }) => rule);
}

describe('a mark in place of a value or a whole map leaves undetermined what rules look for there', () => {
  test.each([
    ['pod-security/host-network', pod('  hostNetwork: ${X}\n  containers: [{name: web, image: web:1.0.0}]\n')],
    ['pod-security/host-pid', pod('  hostPID: "{{ x }}"\n  containers: [{name: web, image: web:1.0.0}]\n')],
    ['pod-security/privileged-container', withContext('{privileged: "${X}"}')],
    ['pod-security/privileged-container', withContext('"${X}"')],
    ['pod-security/privileged-container', withContext('{"${KEY}": true}')],
    ['pod-security/privileged-container', pod('  containers: "${X}"\n')],
    ['pod-security/privileged-container', pod('  containers: ["${X}"]\n')],
    ['pod-security/privileged-container', 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: ${X}\n'],
    [
      'reliability/memory-limit-missing',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {selector: {matchLabels: {a: b}}, template: "${X}"}\n',
    ],
    ['pod-security/privilege-escalation-enabled', withContext('{allowPrivilegeEscalation: "${X}"}')],
    ['pod-security/capability-dangerous-added', withContext('{capabilities: {add: ["${X}"]}}')],
    ['pod-security/seccomp-unconfined', withContext('{seccompProfile: {type: "${X}"}}')],
    ['pod-security/host-path-volume', withVolumes('["${X}"]')],
    ['pod-security/host-path-sensitive', withVolumes('[{name: a, hostPath: {path: "${X}"}}]')],
    ['pod-security/host-path-volume', withVolumes('[{name: a, "${KIND}": {path: /etc}}]')],
    [
      'rbac/wildcard-everything',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\nrules: ${X}\n',
    ],
    [
      'rbac/wildcard-verb',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\nrules: [{apiGroups: [""], resources: [pods], verbs: ["${X}"]}]\n',
    ],
    [
      'rbac/cluster-admin-binding',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "${X}"}\nsubjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: dev}]\n',
    ],
    [
      'networking/network-policy-allows-all',
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}, ingress: "${X}"}\n',
    ],
  ])('%s of %j', async (rule, text) => {
    expect(await openRules(text)).toContain(rule);
  });
});

test('a text in the pod of a custom resource without a schema leaves open nothing else', async () => {
  const workflow = (container: string): string =>
    `apiVersion: shop.example/v1\nkind: Thing\nmetadata: {name: a}\nspec:\n  template:\n    metadata: {name: "\${X}", labels: {a: "{{x}}"}}\n    spec:\n      containers: [{name: web, image: web:1.0.0, ${container}}]\n`;
  const texts = await openRules(workflow('args: ["{{x}}"], env: [{name: A, value: "{{x}}"}]'));
  expect(texts).not.toContain('pod-security/host-network');
  expect(texts).not.toContain('pod-security/privileged-container');
  expect(await openRules(workflow('securityContext: "{{x}}"'))).toContain('pod-security/privileged-container');
});

test('a mark in the pod of a custom resource without a schema leaves open only what looks at that field', async () => {
  const job = (container: string, pod = ''): string =>
    `apiVersion: kubeflow.org/v1\nkind: PyTorchJob\nmetadata: {name: a}\nspec:\n  pytorchReplicaSpecs:\n    Worker:\n      template:\n        spec: {${pod}containers: [{name: web, ${container}}]}\n`;
  const podRules = (open: readonly string[]): string[] => open.filter((rule) => rule.startsWith('pod-security/'));
  expect(podRules(await openRules(job('image: "${IMAGE}"')))).toEqual([]);
  expect(podRules(await openRules(job('image: web:1.0.0', 'priorityClassName: "${CLASS}", ')))).toEqual([]);
  expect(podRules(await openRules(job('image: web:1.0.0', 'hostPID: "${ON}", ')))).toEqual(['pod-security/host-pid']);
  expect(podRules(await openRules(job('image: web:1.0.0', 'volumes: ["${X}"], ')))).toContain(
    'pod-security/host-path-volume',
  );
});

/** The reasons for which a rule could not judge. */
const reasons = async (files: Record<string, string>, rule: string): Promise<string[]> =>
  (await lintTexts(files, rules)).undetermined.filter((one) => one.rule === rule).map(({ why }) => why);

test('what Terraform or CloudFormation computes is no template that anyone could render', async () => {
  const scaler = `resource "kubernetes_horizontal_pod_autoscaler_v2" "a" {
  metadata {
    name = "a"
  }
  spec {
    min_replicas = var.least
    max_replicas = 3
    scale_target_ref {
      kind = "Deployment"
      name = "a"
    }
  }
}
variable "least" { type = number }
`;
  expect(await reasons({ 'main.tf': scaler }, 'scaling/hpa-min-replicas')).toEqual([
    'var.least is not known before Terraform runs',
  ]);
  const release = `resource "helm_release" "a" {
  name       = "a"
  namespace  = "kube-system"
  repository = "https://aws.github.io/eks-charts"
  chart      = "aws-load-balancer-controller"
  set {
    name  = "serviceAccount.annotations.eks\\\\.amazonaws\\\\.com/role-arn"
    value = "role:\${var.role}"
  }
}
variable "role" { type = string }
`;
  expect(await reasons({ 'main.tf': release }, 'iam/irsa-role-arn-malformed')).toEqual([
    'var.role is not known before Terraform runs',
  ]);
  const deployment = `resource "kubernetes_deployment" "a" {
  metadata {
    name      = "a"
    namespace = var.namespace
  }
  spec {
    selector {
      match_labels = { app = "a" }
    }
    template {
      metadata {
        labels = { app = "a" }
      }
      spec {
        priority_class_name = "system-node-critical"
        container {
          name  = "a"
          image = "a:1.0.0"
        }
      }
    }
  }
}
variable "namespace" { type = string }
`;
  expect(await reasons({ 'main.tf': deployment }, 'reliability/system-priority-misused')).toEqual([
    'the value is not known before Terraform runs',
  ]);
  const namespace =
    'resource "kubernetes_namespace" "a" {\n  metadata {\n    name = var.names[0].name\n  }\n}\nvariable "names" { type = list(any) }\n';
  expect(await reasons({ 'main.tf': namespace }, 'correctness/invalid-name')).toEqual([
    'var.names is not known before Terraform runs',
  ]);
  const template = JSON.stringify({
    Resources: {
      Manifest: {
        Type: 'Custom::AWSCDK-EKS-KubernetesResource',
        Properties: {
          Manifest: {
            'Fn::Join': [
              '',
              [
                '[{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"},"data":"',
                { 'Fn::GetAtt': ['Other', 'Data'] },
                '"}]',
              ],
            ],
          },
        },
      },
    },
  });
  expect(await reasons({ 'a.template.json': template }, 'secrets/plaintext-secret-manifest')).toEqual([
    'the outcome of Fn::GetAtt is not known before deployment',
  ]);
});

test('an unknown namespace of a subject leaves open only the rule that looks for the account there', async () => {
  const binding = (subject: string): string =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects: [{kind: ServiceAccount, ${subject}}]\n`;
  const rbacRules = async (subject: string) =>
    (await openRules(binding(subject))).filter((id) => id.startsWith('rbac/'));
  expect(await rbacRules('name: web, namespace: "${NS}"')).toEqual(['rbac/dangling-subject']);
  expect(await rbacRules('name: "${NAME}", namespace: web')).toContain('rbac/default-service-account-bound');
});

test('an expression of kro has the reason that leaves it unknown, also within a text', async () => {
  const files = (name: string): Record<string, string> => ({
    'graph.yaml': `apiVersion: kro.run/v1alpha1
kind: ResourceGraphDefinition
metadata: {name: sites}
spec:
  schema: {apiVersion: v1alpha1, kind: Site, spec: {tier: string}}
  resources:
  - id: bucket
    template: {apiVersion: s3.services.k8s.aws/v1alpha1, kind: Bucket, metadata: {name: b}, spec: {name: b}}
  - id: config
    template: {apiVersion: v1, kind: ConfigMap, metadata: {name: ${JSON.stringify(name)}}, data: {}}
`,
    'site.yaml': 'apiVersion: kro.run/v1alpha1\nkind: Site\nmetadata: {name: shop, namespace: shop}\nspec: {}\n',
  });
  for (const name of ['${schema.spec.tier}', '${schema.spec.tier}-web', '${"a-" + schema.spec.tier + "-web"}'])
    expect(await reasons(files(name), 'correctness/invalid-name')).toEqual([
      'spec.tier of Site is not set in these files',
    ]);
  for (const name of ['${bucket.status.name}', '${bucket.status.name}-web'])
    expect(await reasons(files(name), 'correctness/invalid-name')).toEqual([
      'bucket.status.name is not known before deployment',
    ]);
});

test('an argument of an Argo workflow is a text', async () => {
  const workflow =
    'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: a}\nspec:\n  templates:\n  - name: all\n    steps: [[{name: one, template: one, arguments: {parameters: [{name: a, value: "{{steps.a.outputs.result}}"}]}}]]\n  - name: one\n    container: {image: web:1.0.0}\n';
  expect(await openRules(workflow)).not.toContain('pod-security/host-pid');
});

test('a mark in another object inside a custom resource says nothing of its pods', async () => {
  const graph = (data: string, container: string): string =>
    `apiVersion: kro.run/v1alpha1\nkind: ResourceGraphDefinition\nmetadata: {name: a}\nspec:\n  resources:\n  - id: settings\n    template: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: ${data}}\n  - id: web\n    template:\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: {name: web}\n      spec: {template: {spec: {containers: [{name: web, image: web:1.0.0${container}}]}}}\n`;
  expect(await openRules(graph('"${schema.spec.env}"', ''))).not.toContain('pod-security/privileged-container');
  expect(await openRules(graph('{}', ', securityContext: "${schema.spec.context}"'))).toContain(
    'pod-security/privileged-container',
  );
});

test('a mark outside the object with the pods says nothing of them, and one inside is in a field of that object', async () => {
  const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: resourcegraphdefinitions.kro.run}
spec:
  group: kro.run
  names: {kind: ResourceGraphDefinition, plural: resourcegraphdefinitions}
  scope: Cluster
  versions:
  - name: v1alpha1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, x-kubernetes-preserve-unknown-fields: true}}}}
`;
  const graph = (when: string, spec: string): Record<string, string> => ({
    'crd.yaml': definition,
    'graph.yaml': `apiVersion: kro.run/v1alpha1\nkind: ResourceGraphDefinition\nmetadata: {name: a}\nspec:\n  resources:\n  - id: web\n    includeWhen: ${when}\n    template:\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: {name: "\${schema.spec.name}", namespace: "\${schema.spec.namespace}"}\n      spec: {${spec}template: {spec: {containers: [{name: web, image: web:1.0.0}]}}}\n`,
  });
  const open = await openRules(graph('["${schema.spec.on}"]', 'replicas: "${schema.spec.replicas}", '));
  expect(open.filter((rule) => rule.startsWith('pod-security/'))).toEqual([]);
  const whole = graph('[]', '');
  const templated = whole['graph.yaml']?.replace(
    '[{name: web, image: web:1.0.0}]',
    '[{name: web, image: web:1.0.0}], hostNetwork: "${schema.spec.host}"',
  );
  expect(await openRules({ ...whole, 'graph.yaml': templated ?? '' })).toContain('pod-security/host-network');
});

test('a mark in the metadata of any kind leaves open nothing else', async () => {
  const graph = (metadata: string): string =>
    `apiVersion: kro.run/v1alpha1\nkind: ResourceGraphDefinition\nmetadata: {name: a}\nspec:\n  resources:\n  - id: web\n    template:\n      apiVersion: shop.example/v1\n      kind: Shop\n      metadata: ${metadata}\n      spec: {template: {spec: {containers: [{name: web, image: web:1.0.0}]}}}\n`;
  const open = await openRules(
    graph('{name: a, ownerReferences: [{apiVersion: v1, kind: "${schema.kind}", name: a}]}'),
  );
  expect(open.filter((rule) => rule.startsWith('pod-security/'))).toEqual([]);
});

test('the value of an annotation leaves open only what looks at it', async () => {
  const account = (annotation: string): string =>
    `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, annotations: {${annotation}: "\${ARN}"}}\n`;
  expect(await openRules(account('eks.amazonaws.com/role-arn'))).not.toContain('iam/irsa-annotation-misspelled');
  expect(await openRules(account('team'))).not.toContain('iam/irsa-annotation-misspelled');
  expect(await openRules(account('eks.amazonaws.com/role'))).toContain('iam/irsa-annotation-misspelled');
  const ingress = (annotation: string): string =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a, annotations: {${annotation}: "\${ARN}"}}\nspec: {defaultBackend: {service: {name: a, port: {number: 80}}}}\n`;
  expect(await openRules(ingress('alb.ingress.kubernetes.io/certificate-arn'))).not.toContain(
    'load-balancing/unknown-annotation',
  );
  expect(await openRules(ingress('nginx.ingress.kubernetes.io/auth-url'))).toContain(
    'networking/ingress-annotation-injection',
  );
});

test('a subject that is not known leaves the role judged', async () => {
  const binding = (role: string, subject: string): string =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: a, namespace: shop}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: ${role}}\nsubjects: [{kind: ServiceAccount, name: ${subject}, namespace: shop}]\n`;
  const ofSubject = await openRules(binding('reader', '"${X}"'));
  expect(ofSubject).not.toContain('rbac/dangling-role-ref');
  expect(ofSubject).toContain('rbac/dangling-subject');
  const ofRole = await openRules(binding('"${X}"', 'web'));
  expect(ofRole).toContain('rbac/dangling-role-ref');
  expect(ofRole).not.toContain('rbac/dangling-subject');
});

test('a mark leaves nothing else open', async () => {
  const open = await openRules(withContext('{privileged: "${X}"}'));
  expect(open.filter((rule) => rule.startsWith('pod-security/'))).toEqual(['pod-security/privileged-container']);
  const named = await openRules(
    'apiVersion: v1\nkind: Pod\nmetadata: {name: "${NAME}", namespace: "${NAMESPACE}"}\nspec: {containers: [{name: web, image: "web:${TAG}", env: [{name: A, value: "${A}"}]}]}\n',
  );
  expect(named.filter((rule) => /^(?:pod-security|rbac|secrets)\//.test(rule))).toEqual([]);
});

test('what a replacement of kustomize sets is undetermined too', async () => {
  const open = await openRules({
    'kustomization.yaml': `resources: [pod.yaml, settings.yaml]
replacements:
- source: {kind: ConfigMap, name: settings, fieldPath: data.host}
  targets: [{select: {kind: Pod}, fieldPaths: [spec.hostNetwork], options: {create: true}}]
`,
    'pod.yaml': pod('  containers: [{name: web, image: web:1.0.0}]\n'),
    'settings.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {host: "true"}\n',
  });
  expect(open).toContain('pod-security/host-network');
});

test('an image that a kustomize replacement sets leaves the rules about images undetermined', async () => {
  const files = (fieldPath: string) => ({
    'kustomization.yaml': `resources: [a.yaml]\nreplacements:\n- source: {kind: ConfigMap, name: images, fieldPath: data.web}\n  targets: [{select: {kind: Pod}, fieldPaths: [${fieldPath}]}]\n`,
    'a.yaml': pod('  containers: [{name: web, image: web:1.0.0}]\n'),
  });
  const open = (await openRules(files('spec.containers.0.image'))).filter((id) => id.startsWith('images/'));
  expect(open).toEqual(
    expect.arrayContaining(['images/mutable-tag', 'images/known-vulnerable-component', 'images/retired-registry']),
  );
  expect((await openRules(files('spec.containers.0.name'))).filter((id) => id.startsWith('images/'))).toEqual([]);
});

test('content that a mark hides leaves open what reads content, not what reads names', async () => {
  const hidden = (kind: string): string =>
    `apiVersion: v1\nkind: ${kind}\nmetadata: {name: settings, namespace: shop}\ndata: \${SETTINGS}\n`;
  const ofMap = await openRules(hidden('ConfigMap'));
  expect(ofMap).toEqual(expect.arrayContaining(['secrets/literal-in-configmap', 'upgrades/removed-feature-gate']));
  for (const rule of [
    'correctness/default-namespace',
    'correctness/system-namespace',
    'correctness/unreferenced-object',
    'secrets/not-immutable',
  ])
    expect(ofMap).not.toContain(rule);
  expect(await openRules(hidden('Secret'))).not.toContain('correctness/default-namespace');
  const immutable = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings-v2}\nimmutable: ${X}\n';
  expect(await openRules(immutable)).toContain('secrets/not-immutable');
});

describe('a rule that names the keys it reads says the same if a mark hides the others', () => {
  test.each(rules.filter(({ reads }) => reads).map((rule) => [rule.id, rule] as const))('%s', async (id, rule) => {
    const kept = new Set([...(rule.reads ?? []), 'apiVersion', 'kind']);
    const asked: readonly string[] = rule.kinds;
    let said = 0;
    for (const sample of samplesOf(id)) {
      const says = async (files: Record<string, string>): Promise<string[]> => {
        const { findings, undetermined } = await lintTexts(files, [rule], sample);
        return [...findings.map(({ message }) => message), ...undetermined.map(({ why }) => why)].sort();
      };
      const withMarks = Object.entries(sample.files).map(([name, text]) => {
        if (!/\.ya?ml$/.test(name)) return [name, text];
        const documents = parseAllDocuments(text).map((document) => document.toJS() as Record<string, unknown> | null);
        const marked = documents.map((object) =>
          object && (asked.includes(String(object['kind'])) || asked.includes('Workload'))
            ? Object.fromEntries(Object.entries(object).map(([key, value]) => [key, kept.has(key) ? value : '${X}']))
            : object,
        );
        return [name, marked.map((object) => stringify(object)).join('---\n')];
      });
      const before = await says(sample.files);
      expect(await says(Object.fromEntries(withMarks) as Record<string, string>), sample.title).toEqual(before);
      said += before.length;
    }
    expect(said, 'examples about which the rule says something').toBeGreaterThan(0);
  });
});
