import type { Sample } from './key-samples.ts';

/* Terraform files that are reviewed as a whole: what blocks, plans and values lead to. */

const json = (data: unknown): string => JSON.stringify(data, null, 1);
const terraform = (text: string): Sample['files'] => ({ 'main.tf': text });

export const terraformSamples: readonly Sample[] = [
  {
    name: 'Terraform: what each account and network has',
    files: {
      'main.tf': `resource "aws_ebs_encryption_by_default" "a" {
  enabled = var.encrypts
}
resource "aws_launch_template" "t" {
  block_device_mappings {
    ebs {
      volume_size = 20
    }
  }
}
resource "aws_eks_node_group" "g" {
  node_group_name = "g"
  subnet_ids      = [aws_subnet.s.id, aws_default_subnet.d.id]
  launch_template {
    id = aws_launch_template.t.id
  }
}
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_default_vpc" "v" {
  enable_dns_support = false
}
resource "aws_default_route_table" "r" {
  default_route_table_id = aws_vpc.v.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = "igw-1"
  }
}
resource "aws_subnet" "s" {
  vpc_id = aws_vpc.v.id
}
resource "aws_default_subnet" "d" {
  availability_zone = "eu-west-1a"
}
resource "aws_default_security_group" "g" {
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/8"]
  }
}
`,
    },
  },
  {
    name: 'Terraform: blocks of Kubernetes',
    files: terraform(`resource "kubernetes_namespace_v1" "n" {
  metadata {
    name = "apps"
  }
}
resource "kubernetes_service_account_v1" "s" {
  metadata {
    name      = "web"
    namespace = kubernetes_namespace_v1.n.id
  }
  automount_service_account_token = "false"
  secret {
    name = "token"
  }
  image_pull_secret {
    name = "registry"
  }
}
resource "kubernetes_deployment_v1" "d" {
  metadata {
    name      = "web"
    namespace = kubernetes_namespace_v1.n.metadata[0].name
  }
  spec {
    replicas = "2"
    selector {
      match_labels = { app = "web" }
      match_expressions {
        key      = "tier"
        operator = "Exists"
      }
    }
    template {
      metadata {
        labels = { app = "web", tier = 1 }
      }
      spec {
        host_pid     = "true"
        host_ipc     = false
        host_network = var.hidden
        init_container {
          name  = "init"
          image = "init:1"
        }
        container {
          name  = "web"
          image = "web:1"
          port {
            container_port = "8080"
            host_port      = 80
            host_ip        = "127.0.0.1"
          }
          env {
            name  = "DEBUG"
            value = true
          }
          env_from {
            config_map_ref {
              name = "settings"
            }
          }
          volume_mount {
            name       = "data"
            mount_path = "/data"
            read_only  = "true"
          }
          volume_device {
            name        = "block"
            device_path = "/dev/x"
          }
          liveness_probe {
            http_get {
              path = "/"
              port = "8080"
              http_header {
                name  = "Host"
                value = "web"
              }
            }
          }
          security_context {
            run_as_user = "1000"
            capabilities {
              drop = ["ALL"]
            }
          }
          resources {
            limits = { cpu = 1 }
          }
        }
        volume {
          name = "data"
          projected {
            sources {
              config_map {
                name = "settings"
                items {
                  key  = "a"
                  path = "a"
                }
              }
            }
          }
        }
        host_aliases {
          ip        = "10.0.0.1"
          hostnames = ["db"]
        }
        toleration {
          key = "spot"
        }
        topology_spread_constraint {
          max_skew     = 1
          topology_key = "topology.kubernetes.io/zone"
        }
        readiness_gate {
          condition_type = "ready"
        }
        image_pull_secrets {
          name = "registry"
        }
        dns_config {
          option {
            name = "ndots"
          }
        }
        security_context {
          sysctl {
            name  = "net.core.somaxconn"
            value = "1024"
          }
          windows_options {
            run_as_username = "web"
          }
        }
        affinity {
          node_affinity {
            required_during_scheduling_ignored_during_execution {
              node_selector_term {
                match_expressions {
                  key      = "a"
                  operator = "Exists"
                }
                match_fields {
                  key      = "metadata.name"
                  operator = "In"
                  values   = ["n"]
                }
              }
            }
            preferred_during_scheduling_ignored_during_execution {
              weight = 1
            }
          }
          pod_affinity {
            required_during_scheduling_ignored_during_execution {
              topology_key = "a"
            }
          }
          pod_anti_affinity {
            required_during_scheduling_ignored_during_execution {
              topology_key = "b"
            }
          }
        }
      }
    }
  }
}
resource "kubernetes_persistent_volume_v1" "v" {
  metadata {
    name = "v"
  }
  spec {
    capacity     = { storage = "1Gi" }
    access_modes = ["ReadWriteOnce"]
    persistent_volume_source {
      aws_elastic_block_store {
        volume_id = "vol-1"
      }
    }
    node_affinity {
      required {
        node_selector_term {
          match_expressions {
            key      = "a"
            operator = "Exists"
          }
        }
      }
    }
  }
}
resource "kubernetes_service_v1" "s" {
  metadata {
    name = "web"
  }
  spec {
    selector         = { app = "web" }
    cluster_ip       = "None"
    cluster_ips      = ["None"]
    external_ips     = ["203.0.113.1"]
    load_balancer_ip = "203.0.113.2"
    port {
      port        = "80"
      target_port = "http"
      node_port   = 30080
    }
  }
}
resource "kubernetes_secret_v1" "s" {
  metadata {
    name = "s"
  }
  data        = { a = "b" }
  binary_data = { c = "ZA==" }
  immutable   = "true"
}
resource "kubernetes_daemon_set_v1" "d" {
  metadata {
    name = "d"
  }
  spec {
    strategy {
      type = "OnDelete"
    }
  }
}
resource "kubernetes_stateful_set_v1" "s" {
  metadata {
    name = "s"
  }
  spec {
    service_name = "s"
    volume_claim_template {
      metadata {
        name = "data"
      }
    }
  }
}
resource "kubernetes_cluster_role_v1" "r" {
  metadata {
    name = "r"
  }
  rule {
    non_resource_urls = ["/metrics"]
    verbs             = ["get"]
  }
  aggregation_rule {
    cluster_role_selectors {
      match_labels = { a = "b" }
    }
  }
}
resource "kubernetes_role_binding_v1" "b" {
  metadata {
    name = "b"
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = "r"
  }
  subject {
    kind = "ServiceAccount"
    name = "web"
  }
  subject {
    kind = "Group"
    name = "g"
  }
}
resource "kubernetes_ingress_v1" "i" {
  metadata {
    name = "i"
  }
  spec {
    rule {
      host = "example.com"
      http {
        path {
          path = "/"
          backend {
            service {
              name = "web"
              port {
                number = "80"
              }
            }
          }
        }
      }
    }
    tls {
      hosts = ["example.com"]
    }
  }
}
resource "kubernetes_network_policy_v1" "p" {
  metadata {
    name = "p"
  }
  spec {
    pod_selector {}
    policy_types = ["Ingress", "Egress"]
    ingress {
      from {
        pod_selector {}
      }
      ports {
        port = "80"
      }
    }
    egress {
      to {
        ip_block {
          cidr = "10.0.0.0/8"
        }
      }
    }
  }
}
resource "kubernetes_pod_disruption_budget_v1" "b" {
  metadata {
    name = "b"
  }
  spec {
    max_unavailable = "1"
    selector {
      match_labels = { app = "web" }
    }
  }
}
resource "kubernetes_horizontal_pod_autoscaler_v2" "h" {
  metadata {
    name = "h"
  }
  spec {
    min_replicas = "1"
    max_replicas = 3
    metric {
      type = "Resource"
    }
    behavior {
      scale_down {
        policy {
          type = "Pods"
        }
      }
    }
  }
}
resource "kubernetes_horizontal_pod_autoscaler_v1" "h" {
  metadata {
    name = "one"
  }
  spec {
    target_cpu_utilization_percentage = 80
  }
}
resource "kubernetes_storage_class_v1" "c" {
  metadata {
    name = "c"
  }
  storage_provisioner = "ebs.csi.aws.com"
  parameters          = { encrypted = true }
  allowed_topologies {
    match_label_expressions {
      key    = "topology.kubernetes.io/zone"
      values = ["eu-west-1a"]
    }
  }
}
resource "kubernetes_cron_job_v1" "c" {
  metadata {
    name = "c"
  }
  spec {
    schedule = "@daily"
    suspend  = "true"
  }
}
`),
  },
  {
    name: 'Terraform: what user data is made of',
    files: terraform(`data "cloudinit_config" "c" {
  part {
    content_type = "text/x-shellscript"
    content      = "/etc/eks/bootstrap.sh c --kubelet-extra-args '--max-pods=7'"
  }
  part {
    content = var.hidden
  }
}
data "template_file" "t" {
  template = "/etc/eks/bootstrap.sh $\${name}"
  vars     = { name = "c" }
}
data "aws_ssm_parameter" "image" {
  name = "/aws/service/eks/optimized-ami/1.31/amazon-linux-2/recommended/image_id"
}
data "aws_ami" "image" {
  filter {
    name   = "name"
    values = ["amazon-eks-node-1.30-v*"]
  }
  filter {
    name   = "architecture"
    values = ["x86_64"]
  }
}
resource "aws_launch_template" "parts" {
  image_id  = data.aws_ssm_parameter.image.value
  user_data = data.cloudinit_config.c.rendered
}
resource "aws_eks_node_group" "parts" {
  cluster_name    = "c"
  node_group_name = "parts"
  launch_template {
    id      = aws_launch_template.parts.id
    version = "1"
  }
}
resource "aws_launch_template" "file" {
  image_id  = data.aws_ami.image.id
  user_data = base64encode(data.template_file.t.rendered)
}
resource "aws_eks_node_group" "file" {
  cluster_name    = "c"
  node_group_name = "file"
  launch_template {
    id      = aws_launch_template.file.id
    version = "1"
  }
}
resource "awscc_ec2_launch_template" "parts" {
  launch_template_data = { user_data = data.cloudinit_config.c.rendered }
}
resource "awscc_eks_nodegroup" "parts" {
  cluster_name    = "c"
  nodegroup_name  = "cloud-control"
  launch_template = { id = awscc_ec2_launch_template.parts.id }
}
resource "awscc_ec2_launch_template" "hole" {
  launch_template_data = { user_data = base64encode("/etc/eks/bootstrap.sh c --kubelet-extra-args '--max-pods=9' \${var.hidden}") }
}
resource "awscc_eks_nodegroup" "hole" {
  cluster_name    = "c"
  nodegroup_name  = "hole"
  launch_template = { id = awscc_ec2_launch_template.hole.id }
}
resource "aws_launch_configuration" "old" {
  image_id  = data.aws_ssm_parameter.image.value
  user_data = data.cloudinit_config.c.rendered
}
resource "aws_autoscaling_group" "old" {
  name                 = "old"
  launch_configuration = aws_launch_configuration.old.name
  tag {
    key                 = "kubernetes.io/cluster/c"
    value               = "owned"
    propagate_at_launch = true
  }
}
`),
  },
  {
    name: 'Terraform: what a plan leads to',
    files: {
      'plan.json': json({
        format_version: '1.2',
        errored: true,
        complete: false,
        planned_values: {
          root_module: {
            resources: [
              {
                address: 'aws_eks_cluster.c',
                mode: 'managed',
                type: 'aws_eks_cluster',
                values: { name: 'c', vpc_config: [{ subnet_ids: null }] },
                sensitive_values: { version: true },
              },
              {
                address: 'aws_eks_node_group.g',
                mode: 'managed',
                type: 'aws_eks_node_group',
                values: { node_group_name: 'g', launch_template: [{}] },
              },
              {
                address: 'aws_security_group_rule.r',
                mode: 'managed',
                type: 'aws_security_group_rule',
                values: { type: 'ingress', from_port: 22, to_port: 22, protocol: 'tcp' },
              },
              {
                address: 'aws_security_group.g',
                mode: 'managed',
                type: 'aws_security_group',
                values: { name: 'g' },
              },
              {
                address: 'aws_eks_access_entry.e["a"]',
                mode: 'managed',
                type: 'aws_eks_access_entry',
                index: 'a',
                values: { cluster_name: 'c', user_name: '' },
              },
              { address: 'data.aws_ami.whole', mode: 'data', type: 'aws_ami', values: {} },
              {
                address: 'kubernetes_namespace_v1.n',
                mode: 'managed',
                type: 'kubernetes_namespace_v1',
                values: { metadata: [{ name: 'n', generate_name: '' }] },
              },
              {
                address: 'aws_iam_role.r["a"]',
                mode: 'managed',
                type: 'aws_iam_role',
                index: 'a',
                values: { name: 'first' },
              },
              {
                address: 'aws_iam_role.r["b"]',
                mode: 'managed',
                type: 'aws_iam_role',
                index: 'b',
                values: { name: 'second' },
              },
              { address: 'aws_iam_role.one', mode: 'managed', type: 'aws_iam_role', values: { name: 'one' } },
              { address: 'aws_iam_role.bad', mode: 'managed', type: 'aws_iam_role' },
              'bad',
            ],
            child_modules: [
              {
                address: 'module.outer',
                child_modules: [
                  {
                    address: 'module.outer.module.inner',
                    resources: [
                      {
                        address: 'module.outer.module.inner.aws_eks_node_group.deep',
                        mode: 'managed',
                        type: 'aws_eks_node_group',
                        values: { node_group_name: 'deep' },
                      },
                    ],
                  },
                ],
              },
              {
                address: 'module.keys',
                resources: [
                  {
                    address: 'module.keys.aws_kms_key.k',
                    mode: 'managed',
                    type: 'aws_kms_key',
                    values: { enable_key_rotation: true },
                  },
                ],
              },
              {
                address: 'module.nodes',
                resources: [
                  {
                    address: 'module.nodes.aws_launch_template.t',
                    mode: 'managed',
                    type: 'aws_launch_template',
                    values: { metadata_options: [{ http_tokens: 'optional' }] },
                  },
                  {
                    address: 'module.nodes.aws_eks_node_group.own',
                    mode: 'managed',
                    type: 'aws_eks_node_group',
                    values: { node_group_name: 'own', launch_template: [{}] },
                  },
                ],
              },
            ],
          },
        },
        resource_changes: [
          {
            address: 'aws_eks_cluster.c',
            mode: 'managed',
            change: {
              actions: ['create'],
              after: { name: 'other' },
              after_unknown: {
                vpc_config: [{ subnet_ids: true }],
                encryption_config: [{ provider: [{ key_arn: true }] }],
              },
            },
          },
          {
            address: 'aws_eks_node_group.g',
            change: { after_unknown: { cluster_name: true, launch_template: [{ id: true }] } },
          },
          {
            address: 'aws_security_group_rule.r',
            change: { after_unknown: { security_group_id: true, source_security_group_id: true } },
          },
          { address: 'aws_security_group.g', change: { after_unknown: { id: true } } },
          { address: 'kubernetes_namespace_v1.n', change: { after_unknown: {} } },
          { address: 'aws_eks_access_entry.e["a"]', change: { after_unknown: { principal_arn: true } } },
          { address: 'aws_iam_role.r["a"]', change: { after_unknown: {} } },
          { address: 'aws_iam_role.r["b"]', change: { after_unknown: {} } },
          {
            address: 'module.outer.module.inner.aws_eks_node_group.deep',
            change: { after_unknown: { cluster_name: true, node_role_arn: true } },
          },
          { address: 'aws_iam_role.one', change: { after_unknown: { arn: true } } },
          { address: 'module.keys.aws_kms_key.k', change: { after_unknown: { arn: true } } },
          { address: 'module.nodes.aws_launch_template.t', change: { after_unknown: { id: true } } },
          {
            address: 'module.nodes.aws_eks_node_group.own',
            change: { after_unknown: { cluster_name: true, launch_template: [{ id: true }] } },
          },
          { address: 'aws_eks_addon.lost', mode: 'managed', change: { actions: ['create'], after_unknown: {} } },
          { address: 'aws_eks_addon.gone', mode: 'managed', change: { actions: ['delete'], after_unknown: {} } },
          { address: 'aws_eks_addon.left', mode: 'managed', change: { actions: ['forget'], after_unknown: {} } },
          { address: 'data.aws_x.y', mode: 'data', change: { actions: ['read'], after_unknown: {} } },
          {
            address: 'aws_eks_node_group.g',
            mode: 'managed',
            deposed: 'x',
            change: { actions: ['create'], after: { node_group_name: 'before' }, after_unknown: {} },
          },
        ],
        configuration: {
          root_module: {
            resources: [
              {
                address: 'aws_eks_cluster.c',
                expressions: {
                  name: {},
                  vpc_config: [{ subnet_ids: { references: ['var.subnets'] } }],
                  encryption_config: [{ provider: [{ key_arn: { references: ['module.keys.arn', 'module.keys'] } }] }],
                },
              },
              {
                address: 'aws_eks_node_group.g',
                expressions: {
                  cluster_name: { references: ['aws_eks_cluster.c.name', 'aws_eks_cluster.c'] },
                  launch_template: [{ id: { references: ['aws_launch_template.none.id'] } }],
                },
              },
              {
                address: 'aws_security_group_rule.r',
                expressions: {
                  security_group_id: { references: ['aws_security_group.g.id', 'aws_security_group.g'] },
                  source_security_group_id: {
                    references: [
                      'aws_eks_cluster.c.vpc_config[0].cluster_security_group_id',
                      'aws_eks_cluster.c.vpc_config[0]',
                      'aws_eks_cluster.c.vpc_config',
                      'aws_eks_cluster.c',
                    ],
                  },
                },
              },
              {
                address: 'aws_eks_access_entry.e',
                expressions: { principal_arn: { references: ['aws_iam_role.r', 'each.key'] } },
              },
            ],
            module_calls: {
              outer: {
                expressions: {
                  cluster: { references: ['aws_eks_cluster.c.name', 'aws_eks_cluster.c'] },
                  role: { references: ['aws_iam_role.one.arn', 'aws_iam_role.one'] },
                },
                module: {
                  module_calls: {
                    inner: {
                      expressions: { name: { references: ['var.cluster'] }, role: { references: ['var.role'] } },
                      module: {
                        resources: [
                          {
                            address: 'aws_eks_node_group.deep',
                            expressions: {
                              cluster_name: { references: ['var.name'] },
                              node_role_arn: { references: ['var.role'] },
                            },
                          },
                        ],
                      },
                    },
                  },
                },
              },
              keys: {
                module: {
                  outputs: { arn: { expression: { references: ['aws_kms_key.k.arn', 'aws_kms_key.k'] } } },
                  resources: [{ address: 'aws_kms_key.k', expressions: { enable_key_rotation: {} } }],
                },
              },
              nodes: {
                expressions: { name: { references: ['aws_eks_cluster.c.name', 'aws_eks_cluster.c'] } },
                module: {
                  resources: [
                    { address: 'aws_eks_node_group.own', expressions: { cluster_name: { references: ['var.name'] } } },
                  ],
                },
              },
            },
          },
        },
      }),
    },
  },
  {
    name: 'Terraform: plans and the files that they are made of',
    files: {
      'infra/main.tf': `module "m" {
  source = "./m"
}
module "eks" {
  source = "terraform-aws-modules/eks/aws"
}
resource "aws_eks_cluster" "own" {
  name = var.hidden
}
`,
      'infra/m/main.tf': 'resource "aws_eks_cluster" "inner" {\n  name = var.hidden\n}\n',
      'infra/outputs.tf': 'output "a" {\n  value = 1\n}\n',
      'other/main.tf': 'resource "aws_eks_cluster" "own" {\n}\n',
      ...Object.fromEntries(
        ['first', 'second'].map((name) => [
          `infra/${name}.json`,
          json({
            format_version: '1.2',
            planned_values: {
              root_module: {
                resources: [
                  { address: 'aws_eks_cluster.own', mode: 'managed', type: 'aws_eks_cluster', values: { name } },
                ],
                child_modules: [
                  {
                    address: 'module.m',
                    resources: [
                      {
                        address: 'module.m.aws_eks_cluster.inner',
                        mode: 'managed',
                        type: 'aws_eks_cluster',
                        values: { name: `${name}-inner` },
                      },
                    ],
                  },
                  {
                    address: 'module.eks',
                    resources: [
                      {
                        address: 'module.eks.aws_eks_cluster.this[0]',
                        mode: 'managed',
                        type: 'aws_eks_cluster',
                        index: 0,
                        values: { name: `${name}-module` },
                      },
                    ],
                  },
                ],
              },
            },
            resource_changes: [
              'aws_eks_cluster.own',
              'module.m.aws_eks_cluster.inner',
              'module.eks.aws_eks_cluster.this[0]',
            ].map((address) => ({ address, change: { after_unknown: {} } })),
            configuration: { root_module: {} },
          }),
        ]),
      ),
    },
  },
  {
    name: 'Terraform: variables and their types',
    files: {
      'main.tf': `variable "set" {
  type    = set(object({ name = string, version = optional(string, "1.31") }))
  default = [{ name = "in-a-set" }]
}
variable "list" {
  type    = list(object({ name = string, version = optional(string, "1.32") }))
  default = [{ name = "in-a-list" }]
}
variable "map" {
  type    = map(object({ version = optional(string, "1.33"), inner = optional(object({ on = optional(bool, true) }), {}) }))
  default = { in-a-map = {} }
}
variable "chart" {}
resource "helm_release" "any" {
  name  = "any"
  chart = var.chart
}
variable "again" {}
variable "never" {
  default  = "written"
  nullable = false
}
resource "aws_eks_cluster" "set" {
  for_each = { for one in var.set : one.name => one }
  name     = each.key
  version  = each.value.version
}
resource "aws_eks_cluster" "list" {
  count   = length(var.list)
  name    = var.list[count.index].name
  version = var.list[count.index].version
}
resource "aws_eks_cluster" "map" {
  for_each = var.map
  name     = each.key
  version  = each.value.version
  vpc_config {
    endpoint_private_access = each.value.inner.on
  }
}
resource "aws_eks_cluster" "again" {
  name    = var.again
  version = var.never
}
`,
      'variables.tf': 'variable "again" {\n  default = "declared again"\n}\n',
      'terraform.tfvars': 'never = null\n',
    },
  },
  {
    name: 'Terraform: JSON with lists, and paths of modules',
    files: {
      'infra/main.tf.json': json({
        variable: [{ name: [{ default: 'c' }] }],
        output: [{ name: [{ value: '${var.name}' }] }],
        data: [{ aws_iam_policy_document: [{ d: [{ statement: [{ actions: ['s3:*'], resources: ['*'] }] }] }] }],
        module: [{ m: [{ source: './m' }] }],
        resource: [
          { aws_eks_cluster: [{ c: [{ name: '${module.m.name}', version: '1.33' }] }] },
          { aws_iam_role: { r: { name: 'r', assume_role_policy: '${data.aws_iam_policy_document.d.json}' } } },
        ],
      }),
      'infra/m/main.tf.json': json([
        {
          output: [{ name: [{ value: '${basename(path.module)}-${basename(path.root)}' }] }],
          locals: [{ a: 1 }],
        },
      ]),
    },
  },
  {
    name: 'Terraform: what Terragrunt runs',
    files: {
      'live/terragrunt.hcl': 'terraform {\n  source = "../modules//eks"\n}\ninputs = {\n  version = "1.33"\n}\n',
      'modules/eks/main.tf':
        'variable "version" {\n  default = "1.30"\n}\nresource "aws_eks_cluster" "c" {\n  name    = "c"\n  version = var.version\n}\n',
    },
  },
  {
    name: 'Terraform: flow logs and add-ons',
    files: terraform(`resource "aws_subnet" "s" {
  cidr_block = "10.0.1.0/24"
  vpc_id     = aws_vpc.v.id
}
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_flow_log" "subnet" {
  subnet_id    = aws_subnet.s.id
  traffic_type = "ALL"
}
resource "aws_flow_log" "interface" {
  eni_id       = "eni-1"
  traffic_type = "ALL"
}
resource "aws_flow_log" "gateway" {
  transit_gateway_id = "tgw-1"
  traffic_type       = "ALL"
}
resource "aws_eks_cluster" "c" {
  name = "c"
  vpc_config {
    subnet_ids = [aws_subnet.s.id]
  }
}
resource "aws_eks_addon" "old" {
  cluster_name      = aws_eks_cluster.c.name
  addon_name        = "coredns"
  resolve_conflicts = "PRESERVE"
  preserve          = true
}
module "posse" {
  source  = "cloudposse/eks-cluster/aws"
  version = "4.6.0"
  addons = [
    { addon_name = "coredns", resolve_conflicts = "PRESERVE", preserve = true },
    { addon_name = "vpc-cni", resolve_conflicts_on_update = "NONE", resolve_conflicts = "PRESERVE" },
  ]
}
module "addons" {
  source       = "aws-ia/eks-blueprints-addons/aws"
  version      = "1.20.0"
  cluster_name = "c"
  eks_addons   = { coredns = { resolve_conflicts = "PRESERVE", preserve = false } }
}
module "charts" {
  source           = "aws-ia/eks-blueprints-addons/aws"
  version          = "1.20.0"
  cluster_name     = "c"
  enable_karpenter = true
}
module "older" {
  source                    = "github.com/aws-ia/terraform-aws-eks-blueprints//modules/kubernetes-addons?ref=v4.32.1"
  eks_cluster_id            = "c"
  enable_amazon_eks_coredns = true
  amazon_eks_coredns_config = { resolve_conflicts = "NONE", preserve = false, service_account_role_arn = "arn:aws:iam::111122223333:role/r" }
}
`),
  },
  {
    name: 'Terraform: switches of networks',
    files: terraform(`module "egress" {
  source                       = "terraform-aws-modules/vpc/aws"
  version                      = "6.6.0"
  azs                          = var.hidden
  public_subnets               = ["10.0.1.0/24"]
  private_subnets              = ["10.0.2.0/24"]
  public_dedicated_network_acl = true
  default_network_acl_egress   = [{ rule_no = 90, action = "deny", protocol = "tcp", from_port = 22, to_port = 22, cidr_block = "0.0.0.0/0" }]
}
module "ingress" {
  source                      = "terraform-aws-modules/vpc/aws"
  version                     = "6.6.0"
  private_subnets             = ["10.0.2.0/24"]
  intra_subnets               = ["10.0.3.0/24"]
  default_network_acl_ingress = [{ rule_no = 90, action = "deny", protocol = "tcp", from_port = 22, to_port = 22, cidr_block = "0.0.0.0/0" }]
}
module "unmanaged" {
  source                      = "terraform-aws-modules/vpc/aws"
  version                     = "6.6.0"
  private_subnets             = ["10.0.2.0/24"]
  manage_default_network_acl  = false
  default_network_acl_ingress = [{ rule_no = 90, action = "deny", protocol = "tcp", from_port = 22, to_port = 22, cidr_block = "0.0.0.0/0" }]
}
module "old" {
  source                      = "terraform-aws-modules/vpc/aws"
  version                     = "3.19.0"
  private_subnets             = ["10.0.2.0/24"]
  default_network_acl_ingress = [{ rule_no = 90, action = "deny", protocol = "tcp", from_port = 22, to_port = 22, cidr_block = "0.0.0.0/0" }]
}
resource "aws_eks_node_group" "egress" {
  cluster_name    = "c"
  node_group_name = "egress"
  subnet_ids      = [module.egress.public_subnets[0], module.egress.private_subnets[0]]
}
resource "aws_eks_node_group" "ingress" {
  cluster_name    = "c"
  node_group_name = "ingress"
  subnet_ids      = concat(module.ingress.private_subnets, module.ingress.intra_subnets)
}
resource "aws_eks_node_group" "others" {
  cluster_name    = "c"
  node_group_name = "others"
  subnet_ids      = [module.unmanaged.private_subnets[0], module.old.private_subnets[0]]
}
`),
  },
  {
    name: 'Terraform: switches of roles',
    files: terraform(`module "pods" {
  source              = "terraform-aws-modules/eks/aws//modules/karpenter"
  version             = "20.31.0"
  enable_pod_identity = var.pods
}
module "tokens" {
  source              = "terraform-aws-modules/eks/aws//modules/karpenter"
  version             = "20.31.0"
  enable_pod_identity = false
  enable_irsa         = var.tokens
}
module "neither" {
  source      = "terraform-aws-modules/eks/aws//modules/karpenter"
  version     = "19.21.0"
  create_irsa = false
}
module "documents" {
  source                                  = "terraform-aws-modules/eks/aws//modules/karpenter"
  version                                 = "20.31.0"
  iam_role_source_assume_policy_documents = ["{}"]
}
resource "aws_eks_access_entry" "nodes" {
  cluster_name  = "c"
  principal_arn = module.documents.node_iam_role_arn
}
module "kept" {
  source      = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks"
  version     = "5.39.0"
  create_role = true
  role_name   = "kept"
}
`),
  },
  {
    name: 'Terraform: switches of clusters',
    files: terraform(`module "git" {
  source                  = "git::https://github.com/terraform-aws-modules/terraform-aws-eks.git?ref=v19.21.0"
  cluster_name            = "git"
  eks_managed_node_groups = { a = {} }
}
module "eks" {
  source         = "terraform-aws-modules/eks/aws"
  version        = "20.31.0"
  cluster_name   = "eks"
  outpost_config = {}
  self_managed_node_groups = {
    spot   = { instance_market_options = { market_type = "spot" } }
    demand = { instance_market_options = { market_type = "on-demand" } }
    efa    = { enable_efa_support = true, network_interfaces = [{ associate_public_ip_address = true }] }
    hidden = { enable_efa_support = var.efa, network_interfaces = [{ associate_public_ip_address = true }] }
    public = { network_interfaces = [{ associate_public_ip_address = true, security_groups = ["sg-1"] }] }
  }
}
module "group" {
  source       = "terraform-aws-modules/eks/aws//modules/eks-managed-node-group"
  version      = "20.31.0"
  cluster_name = "eks"
  name         = "group"
  tags         = { a = "b" }
}
module "seventeen" {
  source           = "terraform-aws-modules/eks/aws"
  version          = "17.24.0"
  cluster_name     = "seventeen"
  subnets          = [aws_subnet.s.id]
  fargate_profiles = {
    a = { selectors = [{ namespace = "a" }] }
    b = { selectors = [{ namespace = "b" }], subnets = [aws_subnet.t.id] }
  }
  node_groups = { key = { key_name = "ops", launch_template_id = aws_launch_template.t.id } }
}
resource "aws_launch_template" "t" {
  name = "t"
}
resource "aws_subnet" "s" {
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
resource "aws_subnet" "t" {
  cidr_block = "10.0.2.0/24"
}
module "repository" {
  source                      = "terraform-aws-modules/ecr/aws"
  repository_name             = "kept"
  create_lifecycle_policy     = false
  repository_lifecycle_policy = "{}"
}
module "unsure" {
  source                      = "terraform-aws-modules/ecr/aws"
  repository_name             = "unsure"
  create_lifecycle_policy     = var.expire
  repository_lifecycle_policy = "{}"
}
module "empty" {
  source                      = "terraform-aws-modules/ecr/aws"
  repository_name             = "empty"
  repository_lifecycle_policy = ""
}
module "posse" {
  source                      = "cloudposse/eks-node-group/aws"
  version                     = "3.4.0"
  cluster_name                = "eks"
  ami_release_version         = ["1.33.0-20250704"]
  node_role_arn               = ["arn:aws:iam::111122223333:role/n"]
  min_size                    = 1
  desired_size                = 2
  max_size                    = 3
  capacity_type               = "SPOT"
  kubernetes_labels           = { a = "b" }
  kubernetes_taints           = [{ key = "a", value = "b", effect = "NO_SCHEDULE" }]
  launch_template_id          = ["lt-1"]
  launch_template_version     = ["2"]
  update_config               = [{ max_unavailable = 2 }]
}
module "blueprint" {
  source             = "github.com/aws-ia/terraform-aws-eks-blueprints?ref=v4.32.1"
  cluster_name       = "blueprint"
  private_subnet_ids = [aws_subnet.t.id]
  public_subnet_ids  = [aws_subnet.s.id]
  managed_node_groups = {
    plain  = { create_launch_template = true }
    set    = {
      create_launch_template = true
      create_iam_role        = false
      iam_role_arn           = "arn:aws:iam::111122223333:role/n"
      min_size               = 2
      desired_size           = 4
      max_size               = 5
      force_update_version   = true
      k8s_labels             = { a = "b" }
      k8s_taints             = [{ key = "a", value = "b", effect = "NO_SCHEDULE" }]
      subnet_type            = "public"
      public_ip              = true
      enable_monitoring      = false
    }
    subnet = { subnet_ids = [aws_subnet.s.id] }
    hidden = { subnet_type = var.subnets, create_iam_role = var.roles }
    before = { create_launch_template = true, pre_userdata = "echo a" }
    flags  = { create_launch_template = true, kubelet_extra_args = "--a" }
    script = { create_launch_template = true, bootstrap_extra_args = "--a" }
    after  = { create_launch_template = true, post_userdata = "echo b" }
  }
}
module "monitored" {
  source                      = "cloudposse/eks-node-group/aws"
  version                     = "3.4.0"
  cluster_name                = "eks"
  detailed_monitoring_enabled = true
  userdata_override_base64    = [base64encode("/etc/eks/bootstrap.sh eks --kubelet-extra-args '--max-pods=7'")]
}
${[
  'before_cluster_joining_userdata',
  'bootstrap_additional_options',
  'kubelet_additional_options',
  'after_cluster_joining_userdata',
]
  .map(
    (key) =>
      `module "${key}" {\n  source       = "cloudposse/eks-node-group/aws"\n  version      = "3.4.0"\n  cluster_name = "eks"\n  ${key} = ["--a"]\n}\n`,
  )
  .join('')}`),
  },
  {
    name: 'Terraform: rarer arguments',
    files: terraform(`resource "aws_eks_cluster" "c" {
  name    = "c"
  version = ""
}
resource "aws_eks_node_group" "empty" {
  cluster_name    = aws_eks_cluster.c.name
  node_group_name = "empty"
  version         = ""
  release_version = ""
  ami_type        = ""
  capacity_type   = ""
  subnet_ids      = [aws_subnet.s.id]
}
resource "aws_eks_node_group" "set" {
  cluster_name         = aws_eks_cluster.c.name
  node_group_name      = "set"
  version              = "1.33"
  release_version      = "1.33.0-20250704"
  ami_type             = "AL2023_ARM_64_STANDARD"
  capacity_type        = "SPOT"
  force_update_version = true
  node_role_arn        = aws_iam_role.r.arn
  remote_access {
    ec2_ssh_key               = aws_key_pair.k.key_name
    source_security_group_ids = [aws_security_group.g.id]
  }
  warm_pool_config {
    min_size = 1
  }
  taint {
    key    = "a"
    effect = "NO_SCHEDULE"
  }
}
resource "aws_key_pair" "k" {
  key_name_prefix = "ops"
}
resource "aws_eks_addon" "empty" {
  cluster_name                = aws_eks_cluster.c.name
  addon_name                  = "coredns"
  addon_version               = ""
  resolve_conflicts_on_update = "NONE"
}
resource "aws_eks_fargate_profile" "f" {
  cluster_name           = aws_eks_cluster.c.name
  fargate_profile_name   = "f"
  pod_execution_role_arn = aws_iam_role.r.arn
  subnet_ids             = [aws_subnet.s.id]
  selector {
    namespace = "f"
  }
}
resource "aws_subnet" "s" {
  cidr_block              = "10.0.1.0/24"
  vpc_id                  = aws_vpc.v.id
  map_public_ip_on_launch = true
}
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_vpc_ipv4_cidr_block_association" "v" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "100.64.0.0/16"
}
resource "aws_vpc_endpoint" "e" {
  vpc_id            = aws_vpc.v.id
  service_name      = "com.amazonaws.eu-west-1.s3"
  vpc_endpoint_type = "Gateway"
}
resource "aws_network_acl" "n" {
  vpc_id     = aws_vpc.v.id
  subnet_ids = [aws_subnet.s.id]
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 1
    to_port    = 2
    cidr_block = "0.0.0.0/0"
  }
  egress {
    rule_no    = 200
    action     = "deny"
    protocol   = "udp"
    from_port  = 3
    to_port    = 4
    cidr_block = "10.0.0.0/8"
  }
}
resource "aws_network_acl_rule" "n" {
  network_acl_id = aws_network_acl.n.id
  rule_number    = 300
  egress         = true
  rule_action    = "allow"
  protocol       = "tcp"
  from_port      = 5
  to_port        = 6
  cidr_block     = "10.0.0.0/8"
}
resource "aws_network_acl" "other" {
  vpc_id = aws_vpc.v.id
}
resource "aws_network_acl_association" "n" {
  network_acl_id = aws_network_acl.other.id
  subnet_id      = aws_subnet.s.id
}
resource "aws_default_network_acl" "d" {
  default_network_acl_id = aws_vpc.v.default_network_acl_id
  egress {
    rule_no    = 1
    action     = "allow"
    protocol   = "tcp"
    from_port  = 7
    to_port    = 8
    cidr_block = "10.0.0.0/8"
  }
}
resource "aws_security_group" "g" {
  name   = "g"
  vpc_id = aws_vpc.v.id
}
resource "aws_launch_template" "t" {
  name                 = "t"
  user_data            = base64encode("/etc/eks/bootstrap.sh c --kubelet-extra-args '--max-pods=7' \${var.hidden}")
  security_group_names = ["default"]
}
resource "aws_launch_template" "groups" {
  name                   = "groups"
  vpc_security_group_ids = [aws_security_group.g.id]
  user_data              = base64encode("/etc/eks/bootstrap.sh c")
}
resource "aws_autoscaling_group" "named" {
  name                = "named"
  vpc_zone_identifier = [aws_subnet.s.id]
  desired_capacity    = 2
  launch_template {
    id = aws_launch_template.t.id
  }
  lifecycle {
    ignore_changes = [desired_capacity]
  }
  tags = [{ key = "kubernetes.io/cluster/c", value = "owned", propagate_at_launch = true }]
}
resource "aws_autoscaling_group" "mixed" {
  name = "mixed"
  mixed_instances_policy {
    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.groups.id
        version            = "3"
      }
      override {
        instance_type = "m5.large"
      }
    }
    instances_distribution {
      on_demand_percentage_above_base_capacity = 0
    }
  }
}
data "cloudinit_config" "c" {
  part {
    content = "/etc/eks/bootstrap.sh c --kubelet-extra-args '--max-pods=8'"
  }
}
resource "aws_launch_configuration" "encoded" {
  name             = "encoded"
  user_data_base64 = data.cloudinit_config.c.rendered
  spot_price       = "0.1"
  root_block_device {
    encrypted   = true
    volume_size = 30
  }
  ebs_block_device {
    device_name = "/dev/xvdb"
    encrypted   = false
  }
}
resource "aws_autoscaling_group" "encoded" {
  name                 = "encoded"
  launch_configuration = aws_launch_configuration.encoded.name
  tag {
    key                 = "kubernetes.io/cluster/c"
    value               = "owned"
    propagate_at_launch = true
  }
}
resource "awscc_autoscaling_launch_configuration" "a" {
  launch_configuration_name = "a"
  user_data                 = base64encode("/etc/eks/bootstrap.sh c \${var.hidden}")
}
resource "awscc_autoscaling_auto_scaling_group" "a" {
  auto_scaling_group_name   = "cloud-control"
  launch_configuration_name = awscc_autoscaling_launch_configuration.a.launch_configuration_name
  tags                      = [{ key = "kubernetes.io/cluster/c", value = "owned", propagate_at_launch = true }]
}
resource "kubernetes_config_map" "a" {
  metadata {
    name      = "aws-auth"
    namespace = "kube-system"
  }
  data = { mapRoles = "- rolearn: arn:aws:iam::111122223333:role/a\\n  username: a\\n  groups: [g]\\n" }
}
resource "kubernetes_config_map_v1" "b" {
  metadata {
    name      = "aws-auth"
    namespace = "kube-system"
  }
  data = { mapUsers = "- userarn: arn:aws:iam::111122223333:user/b\\n  username: b\\n  groups: [g]\\n" }
}
resource "kubernetes_config_map_v1_data" "c" {
  metadata {
    name      = "aws-auth"
    namespace = "kube-system"
  }
  data = { mapAccounts = "- '111122223333'\\n" }
}
resource "kubernetes_config_map_v1" "other" {
  metadata {
    name      = "aws-auth"
    namespace = "apps"
  }
  data = { mapAccounts = "- '444455556666'\\n" }
}
resource "kubernetes_config_map_v1" "another" {
  metadata {
    name      = "settings"
    namespace = "kube-system"
  }
  data = { mapAccounts = "- '444455556666'\\n" }
}
resource "helm_release" "agent" {
  name  = "agent"
  chart = "eks-pod-identity-agent"
}
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = "{}"
  inline_policy {
    name   = "i"
    policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
  }
}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "ec2:*", Resource = "*" }] })
}
resource "aws_iam_policy" "p" {
  name   = "p"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:*", Resource = "*" }] })
}
resource "aws_iam_role_policy_attachment" "p" {
  role       = aws_iam_role.r.name
  policy_arn = aws_iam_policy.p.arn
}
resource "aws_iam_policy_attachment" "p" {
  name       = "a"
  roles      = [aws_iam_role.r.name]
  policy_arn = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
}
resource "aws_iam_role_policy_attachments_exclusive" "p" {
  role_name   = aws_iam_role.r.name
  policy_arns = ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]
}
resource "aws_iam_instance_profile" "p" {
  name = "p"
  role = aws_iam_role.r.name
}
resource "aws_launch_template" "profile" {
  name      = "profile"
  user_data = base64encode("/etc/eks/bootstrap.sh c")
  iam_instance_profile {
    name = aws_iam_instance_profile.p.name
  }
}
resource "aws_autoscaling_group" "profile" {
  name = "profile"
  launch_template {
    name = aws_launch_template.profile.name
  }
}
resource "aws_iam_role_policy_attachment" "named" {
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::111122223333:policy/p"
}
data "aws_iam_roles" "sso" {
  name_regex = "AWSReservedSSO_.*"
}
resource "aws_eks_access_entry" "sso" {
  cluster_name  = aws_eks_cluster.c.name
  principal_arn = tolist(data.aws_iam_roles.sso.arns)[0]
}
resource "aws_db_instance" "d" {
  identifier             = "d"
  vpc_security_group_ids = ["sg-1"]
}
resource "aws_rds_cluster" "d" {
  cluster_identifier     = "d"
  vpc_security_group_ids = [aws_security_group.g.id]
}
resource "aws_vpc_security_group_ingress_rule" "six" {
  security_group_id = aws_security_group.g.id
  cidr_ipv6         = "::/0"
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
}
resource "helm_release" "hidden" {
  name  = "hidden"
  chart = var.hidden
}
resource "kubectl_manifest" "text" {
  yaml_body = <<-EOT
    apiVersion: v1
    kind: Namespace
    metadata:
      name: a-\${var.hidden}
  EOT
}
resource "aws_eks_node_group" "dynamic" {
  cluster_name    = aws_eks_cluster.c.name
  node_group_name = "dynamic"
  dynamic "remote_access" {
    for_each = var.hidden
    content {
      ec2_ssh_key = "ops"
    }
  }
}
resource "aws_eks_node_group" "many" {
  cluster_name    = aws_eks_cluster.c.name
  node_group_name = "many"
  subnet_ids      = aws_subnet.many[*].id
  dynamic "taint" {
    for_each = { a = "NO_SCHEDULE" }
    iterator = one
    content {
      key    = one.key
      effect = one.value
    }
  }
}
resource "aws_eks_cluster" "counted" {
  name = "counted-\${length(aws_subnet.many[*].id)}"
}
resource "aws_eks_cluster" "keyed" {
  name = "keyed-\${length(aws_subnet.keyed[*].id)}"
}
resource "aws_subnet" "keyed" {
  for_each   = toset(["a"])
  cidr_block = "10.0.8.0/24"
}
resource "aws_eks_cluster" "joined" {
  name = join("-", ["joined", var.hidden])
}
resource "aws_eks_node_group" "joined" {
  cluster_name    = join("-", ["joined", var.hidden])
  node_group_name = "joined"
}
resource "aws_subnet" "many" {
  count                   = var.hidden
  cidr_block              = "10.0.9.0/24"
  map_public_ip_on_launch = true
}
variable "all" {
  default = []
}
resource "aws_eks_cluster" "none" {
  for_each = toset(var.all)
  name     = each.key
}
variable "on" {
  default = false
}
data "aws_iam_policy_document" "off" {
  count = var.on ? 1 : 0
}
resource "aws_eks_addon" "later" {
  count        = length(data.aws_iam_policy_document.off[*].json)
  cluster_name = aws_eks_cluster.c.name
  addon_name   = "vpc-cni"
}
resource "aws_iam_role" "off" {
  name               = "off"
  assume_role_policy = one(data.aws_iam_policy_document.off[*].json)
}
resource "aws_iam_openid_connect_provider" "o" {
  url            = "https://oidc.eks.eu-west-1.amazonaws.com/id/X"
  client_id_list = ["sts.amazonaws.com"]
}
`),
  },
];
