import { describe, expect, it } from 'vitest';
import type { AnyResource } from '#model/workspace.ts';
import { Workload } from '#model/resource.ts';
import { read } from './read.ts';

const objects = (text: string): AnyResource[] => read({ 'a/main.tf': text }).resources;
const only = (text: string): AnyResource => {
  const [one, ...others] = objects(text);
  if (!one || others.length > 0) throw new Error(`${others.length + 1} objects`);
  return one;
};
const plain = (one: AnyResource): unknown => JSON.parse(JSON.stringify(one.object));
const open = (one: AnyResource): string[] =>
  one.changes.map(({ path, absent }) => path.join('.') + (absent ? '?' : ''));
const line = (one: AnyResource, on: object, key?: string): number | undefined => one.place(on, key).start?.line;

it('a namespace that the resource overrides is not that of the manifest', () => {
  const manifest = (more: string) =>
    only(`resource "kubectl_manifest" "a" {
  yaml_body = <<-YAML
    apiVersion: v1
    kind: Pod
    metadata: {name: a, namespace: b}
  YAML
${more}}`);
  expect(open(manifest(''))).toEqual([]);
  expect(open(manifest('  override_namespace = "c"\n'))).toEqual(['metadata.namespace']);
});

it('JSON that fills an unquoted hole is parsed, and is a string in a quoted one', () => {
  const one = only(`locals {
  tags = { a = "b" }
}
resource "kubectl_manifest" "a" {
  yaml_body = <<-YAML
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: a
      labels: \${jsonencode(local.tags)}
      annotations:
        \${jsonencode(local.tags)}
    data:
      quoted: '\${jsonencode(local.tags)}'
      block: |-
        \${jsonencode(local.tags)}
  YAML
}`);
  const json = '{"a":"b"}';
  expect(plain(one)).toMatchObject({
    metadata: { labels: { a: 'b' }, annotations: { a: 'b' } },
    data: { quoted: json, block: json },
  });
});

it('what Terraform ignores after creation is unknown, except a name and a namespace', () => {
  const found = (ignored: string) => {
    const one = only(`resource "kubernetes_service_account_v1" "a" {
  metadata {
    name = "a"
    namespace = "shop"
    labels = { a = "b" }
    annotations = { a = "b" }
  }
  lifecycle {
    ignore_changes = ${ignored}
  }
}
`);
    return [one.name, one.namespace, ...open(one)];
  };
  expect([found('all'), found('[metadata[0].labels]')]).toEqual([
    ['a', 'shop', 'metadata.labels', 'metadata.annotations'],
    ['a', 'shop', 'metadata.labels'],
  ]);
});

describe('resources of the Kubernetes provider', () => {
  const deployment = `resource "kubernetes_deployment" "web" {
  wait_for_rollout = false
  metadata {
    name = "web"
  }
  spec {
    replicas = "3"
    selector {
      match_labels = { app = "web" }
    }
    template {
      metadata {
        labels = { app = "web", level = 1 }
      }
      spec {
        host_pid = "true"
        container {
          name    = "a"
          image   = "a:\${var.tag}"
          command = []
          port {
            container_port = 80
          }
          port {
            container_port = 81
          }
          env {
            name  = "ON"
            value = true
          }
          liveness_probe {
            http_get {
              port = "8080"
            }
          }
          security_context {
            run_as_user = "0"
            privileged  = var.privileged
          }
        }
        volume {
          name = "d"
          host_path {
            path = "/var"
          }
        }
        dynamic "toleration" {
          for_each = var.tolerations
          content {
            key = "a"
          }
        }
      }
    }
  }
}
`;
  const one = only(deployment);
  it('are objects with the names of Kubernetes', () => {
    expect(plain(one)).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web', level: '1' } },
          spec: {
            hostPID: true,
            containers: [
              {
                name: 'a',
                image: 'a:${var.tag}',
                command: [],
                ports: [{ containerPort: 80 }, { containerPort: 81 }],
                env: [{ name: 'ON', value: 'true' }],
                livenessProbe: { httpGet: { port: 8080 } },
                securityContext: { runAsUser: 0, privileged: '${var.privileged}' },
              },
            ],
            volumes: [{ name: 'd', hostPath: { path: '/var' } }],
            tolerations: '${an expression}',
          },
        },
      },
    });
  });
  it('know the location of each entry, and what is unknown', () => {
    expect(one).toBeInstanceOf(Workload);
    const { pod } = one as Workload;
    const [container] = pod.containers;
    expect([
      one.at.start?.line,
      line(one, pod, 'hostPID'),
      line(one, container ?? pod),
      line(one, container ?? pod, 'resources'),
      line(one, container?.ports?.[1] ?? pod, 'containerPort'),
      line(one, pod.volumes?.[0]?.hostPath ?? pod, 'path'),
    ]).toEqual([1, 16, 17, 17, 25, 44]);
    expect(open(one)).toEqual([
      'spec.template.spec.containers.0.image',
      'spec.template.spec.containers.0.securityContext.privileged',
      'spec.template.spec.tolerations',
    ]);
  });
  it('of irregular kinds', () => {
    const found = objects(`
resource "kubernetes_ingress_v1" "i" {
  metadata { name = "i" }
  spec {
    rule {
      http {
        path {
          path = "/"
          backend {
            service {
              name = "s"
              port { number = 80 }
            }
          }
        }
      }
    }
  }
}
resource "kubernetes_network_policy" "n" {
  metadata { name = "n" }
  spec {
    pod_selector {}
    policy_types = ["Ingress"]
    ingress {
      from { ip_block { cidr = "10.0.0.0/8" } }
      ports { port = "80" }
    }
  }
}
resource "kubernetes_role_binding" "b" {
  metadata { name = "b" }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "Role"
    name      = "r"
  }
  subject {
    kind = "ServiceAccount"
    name = "s"
  }
}
resource "kubernetes_service" "s" {
  metadata { name = "s" }
  spec {
    cluster_ip = "None"
    selector   = { match_labels = "x" }
    port { port = 80 }
  }
}
resource "kubernetes_persistent_volume" "v" {
  metadata { name = "v" }
  spec {
    access_modes = ["ReadWriteOnce"]
    persistent_volume_source {
      aws_elastic_block_store { volume_id = "vol-1" }
    }
  }
}
resource "kubernetes_storage_class" "g" {
  metadata { name = "g" }
  storage_provisioner = "ebs.csi.aws.com"
  parameters          = { type = "gp3" }
}
resource "kubernetes_secret" "t" {
  metadata { name = "t" }
  data = { some_key = "v" }
}`);
    const bodies = new Map(found.map((object) => [object.kind, plain(object) as Record<string, unknown>]));
    const part = (kind: string, key: string): unknown => bodies.get(kind)?.[key];
    expect([
      part('Ingress', 'spec'),
      part('NetworkPolicy', 'spec'),
      part('RoleBinding', 'subjects'),
      part('Service', 'spec'),
      part('PersistentVolume', 'spec'),
      part('PersistentVolume', 'metadata'),
      part('StorageClass', 'provisioner'),
      part('Secret', 'stringData'),
    ]).toEqual([
      { rules: [{ http: { paths: [{ path: '/', backend: { service: { name: 's', port: { number: 80 } } } }] } }] },
      {
        podSelector: {},
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [{ port: 80 }] }],
      },
      [{ kind: 'ServiceAccount', name: 's', namespace: 'default' }],
      { clusterIP: 'None', selector: { match_labels: 'x' }, ports: [{ port: 80 }] },
      { accessModes: ['ReadWriteOnce'], awsElasticBlockStore: { volumeID: 'vol-1' } },
      { name: 'v' },
      'ebs.csi.aws.com',
      { some_key: 'v' },
    ]);
  });
  it('refer to one another', () => {
    const found = objects(`${deployment}
resource "kubernetes_service" "web" {
  metadata { name = kubernetes_deployment.web.metadata[0].name }
  spec { selector = kubernetes_deployment.web.spec.0.template.0.metadata.0.labels }
}`);
    expect(plain(found.find(({ kind }) => kind === 'Service') as AnyResource)).toMatchObject({
      metadata: { name: 'web' },
      spec: { selector: { app: 'web', level: '1' } },
    });
  });
});

describe('manifests', () => {
  it('in HCL, in YAML in a heredoc, and from yamlencode', () => {
    const found = objects(`variable "ns" { default = "shop" }
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "v1"
    kind       = "Pod"
    metadata   = merge({ name = "a" }, { namespace = var.ns })
    spec       = { host_network = true, hostNetwork = true }
  }
}
resource "kubectl_manifest" "b" {
  yaml_body = <<-YAML
    apiVersion: v1
    kind: Pod
    metadata:
      name: b
      namespace: \${var.ns}
    spec:
      hostPID: \${var.pid}
      hostIPC: true
  YAML
}
resource "kubectl_manifest" "c" {
  yaml_body = yamlencode({ apiVersion = "v1", kind = "Pod", metadata = { name = "c" } })
}
resource "kubernetes_manifest" "d" {
  manifest = yamldecode(<<EOT
apiVersion: v1
kind: Pod
metadata: {name: d}
EOT
  )
}`);
    const named = new Map(found.map((one) => [one.name, one]));
    const [b, d] = [named.get('b'), named.get('d')];
    expect([...named.keys()].sort()).toEqual(['a', 'b', 'c', 'd']);
    expect([named.get('a')?.namespace, b?.namespace, b && open(b)]).toEqual(['shop', 'shop', ['spec.hostPID']]);
    const { pod } = b as Workload;
    expect([line(b as Workload, pod, 'hostPID'), line(b as Workload, pod, 'hostIPC')]).toEqual([18, 19]);
    expect(d && line(d, d.object, 'metadata')).toBe(29);
  });
  it('that are unknown are reported; a file is judged separately', () => {
    const { resources, notes } = read({
      'main.tf': `resource "kubernetes_manifest" "a" {
  manifest = var.manifest
}
resource "kubectl_manifest" "b" {
  yaml_body = <<-YAML
    %{ for x in var.list }
    kind: Pod
    %{ endfor }
  YAML
}
resource "kubernetes_manifest" "c" {
  manifest = yamldecode(file("\${path.module}/pod.yaml"))
}`,
    });
    expect([resources, notes.map(({ message, at }) => [message, at?.start?.line])]).toEqual([
      [],
      [
        ['kubernetes_manifest whose object is not known before Terraform runs, not judged', 2],
        ['kubectl_manifest whose object is not known before Terraform runs, not judged', 5],
      ],
    ]);
  });
});
