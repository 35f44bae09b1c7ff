// `npm run bench:terraform [files]`: the cost of many Terraform files, in one root and in 50, as ratios of one run to
// `node -e 0` and to a scan of the same files for words, since timings of different runs do not compare. 500 files of
// 200 lines by default.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inTurn, median } from './in-turn.mjs';

const files = Number(process.argv[2] ?? 500);
const lines = 200;
const runs = Number(process.env.BENCH_RUNS ?? 3);
const cli = resolve(process.env.EKSLINT_BIN ?? 'bin/ekslint.cjs');

/* Blocks as they are in real repositories. `n` makes their names differ. */

const variables = (n) => `variable "name_${n}" {
  description = "Name of the stack"
  type        = string
  default     = "shop-${n}"
}

variable "subnets_${n}" {
  type = map(object({
    cidr   = string
    zone   = string
    public = optional(bool, false)
  }))
  default = {
    a = { cidr = "10.${n % 200}.1.0/24", zone = "eu-west-1a" }
    b = { cidr = "10.${n % 200}.2.0/24", zone = "eu-west-1b" }
    c = { cidr = "10.${n % 200}.3.0/24", zone = "eu-west-1c", public = true }
  }
}

locals {
  tags_${n} = merge({ team = "platform", stack = var.name_${n} }, { managed = "terraform" })
  cidrs_${n} = [for one in values(var.subnets_${n}) : one.cidr if !one.public]
  enabled_${n} = length(local.cidrs_${n}) > 1 ? true : false
}
`;
const network = (n) => `resource "aws_vpc" "net_${n}" {
  cidr_block           = "10.${n % 200}.0.0/16"
  enable_dns_hostnames = true
  tags                 = merge(local.tags_${n}, { Name = "\${var.name_${n}}-vpc" })
}

resource "aws_subnet" "net_${n}" {
  for_each          = var.subnets_${n}
  vpc_id            = aws_vpc.net_${n}.id
  cidr_block        = each.value.cidr
  availability_zone = each.value.zone
  tags              = merge(local.tags_${n}, { Name = "\${var.name_${n}}-\${each.key}" })
}

resource "aws_security_group" "nodes_${n}" {
  name   = "\${var.name_${n}}-nodes"
  vpc_id = aws_vpc.net_${n}.id

  dynamic "ingress" {
    for_each = local.cidrs_${n}
    content {
      from_port   = 443
      to_port     = 443
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
`;
const iam = (n) => `data "aws_iam_policy_document" "trust_${n}" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "rights_${n}" {
  source_policy_documents = [data.aws_iam_policy_document.trust_${n}.json]
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = [for one in ["logs", "data"] : "arn:aws:s3:::\${var.name_${n}}-\${one}/*"]
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalTag/team"
      values   = ["platform"]
    }
  }
}

resource "aws_iam_role" "nodes_${n}" {
  name               = "\${var.name_${n}}-nodes"
  assume_role_policy = data.aws_iam_policy_document.trust_${n}.json
  tags               = local.tags_${n}
}

resource "aws_iam_role_policy" "nodes_${n}" {
  role   = aws_iam_role.nodes_${n}.id
  policy = data.aws_iam_policy_document.rights_${n}.json
}
`;
const moduleCall = (n) => `module "eks_${n}" {
  source  = "terraform-aws-modules/eks/aws"
  version = "~> 20.31"

  cluster_name                   = var.name_${n}
  cluster_version                = "1.33"
  cluster_endpoint_public_access = local.enabled_${n}
  vpc_id                         = aws_vpc.net_${n}.id
  subnet_ids                     = [for one in aws_subnet.net_${n} : one.id]

  cluster_addons = {
    coredns    = {}
    kube-proxy = { most_recent = true }
    vpc-cni    = { configuration_values = jsonencode({ env = { ENABLE_PREFIX_DELEGATION = "true" } }) }
  }
  eks_managed_node_groups = {
    for name, size in { web = 3, batch = 6 } : name => {
      instance_types = ["m7i.large"]
      min_size       = 1
      max_size       = size
      desired_size   = 2
      labels         = { pool = name }
    }
  }
  tags = local.tags_${n}
}
`;
const resources = (n) => `resource "aws_eks_cluster" "own_${n}" {
  name     = "\${var.name_${n}}-own"
  role_arn = aws_iam_role.nodes_${n}.arn
  version  = "1.33"

  vpc_config {
    subnet_ids              = values(aws_subnet.net_${n})[*].id
    security_group_ids      = [aws_security_group.nodes_${n}.id]
    endpoint_private_access = true
    public_access_cidrs     = concat(local.cidrs_${n}, ["203.0.113.0/24"])
  }
  enabled_cluster_log_types = ["api", "audit"]
}

resource "aws_launch_template" "own_${n}" {
  name_prefix = var.name_${n}
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
  user_data = base64encode(<<-EOT
    #!/bin/bash
    set -e
    /etc/eks/bootstrap.sh \${var.name_${n}} --kubelet-extra-args '--max-pods=110'
  EOT
  )
}

resource "aws_eks_node_group" "own_${n}" {
  for_each        = { for name in ["a", "b"] : name => name }
  cluster_name    = aws_eks_cluster.own_${n}.name
  node_group_name = "own-\${each.key}"
  node_role_arn   = aws_iam_role.nodes_${n}.arn
  subnet_ids      = [aws_subnet.net_${n}[each.key].id]
  scaling_config {
    min_size     = 1
    max_size     = 3
    desired_size = 2
  }
  launch_template {
    id      = aws_launch_template.own_${n}.id
    version = aws_launch_template.own_${n}.latest_version
  }
}
`;
/** What most files hold: things that no rule is about. */
const others = (n, label) => `resource "aws_s3_bucket" "logs_${label}" {
  bucket = "\${var.name_${n}}-logs"
  tags   = local.tags_${n}
}

resource "aws_cloudwatch_metric_alarm" "cpu_${label}" {
  alarm_name          = "\${var.name_${n}}-cpu"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  threshold           = 80
  dimensions          = { AutoScalingGroupName = "web" }
}

output "bucket_${label}" {
  value = aws_s3_bucket.logs_${label}.id
}
`;
/** One file in four describes a cluster; the rest describe what surrounds it. */
function textOf(n) {
  const cluster = n % 8 === 0 ? [moduleCall(n)] : n % 8 === 4 ? [resources(n)] : [];
  let text = [variables(n), network(n), iam(n), ...cluster, others(n, n)].join('\n');
  for (let i = 0; text.split('\n').length < lines; i++) text += `\n${others(n, `${n}_${i}`)}`;
  return text;
}

const scratch = mkdtempSync(join(tmpdir(), 'ekslint-terraform-'));
const roots = (count) => {
  const folder = join(scratch, `roots-${count}`);
  for (let n = 0; n < files; n++) {
    const root = join(folder, `root-${n % count}`);
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, `file-${n}.tf`), textOf(n));
  }
  return folder;
};
const [one, many] = [roots(1), roots(50)];
const scan = join(scratch, 'scan.mjs');
writeFileSync(
  scan,
  `import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
let words = 0;
for (const name of readdirSync(process.argv[2], { recursive: true }))
  if (name.endsWith('.tf')) words += readFileSync(join(process.argv[2], name), 'utf8').match(/[\\w.-]+/g).length;
if (words === 0) process.exit(2);`,
);
const lint = (folder) => [cli, '--no-config', '--fail-on', 'never', '--allow-incomplete', '--format', 'sarif', folder];
const commands = { 'node -e 0': ['-e', '0'], scan: [scan, one], '1 root': lint(one), '50 roots': lint(many) };
let found;
try {
  found = inTurn(Object.values(commands), runs);
} finally {
  rmSync(scratch, { recursive: true });
}
const rows = Object.keys(commands).map((name, at) => ({
  name,
  cpu: median(found[at].map(({ cpu }) => cpu)),
  memory: median(found[at].map(({ memory }) => memory)),
}));
const [base, text] = rows;
for (const { name, cpu, memory } of rows)
  console.log(
    `${name.padEnd(10)} ${String(Math.round(cpu)).padStart(6)} ms CPU ${String(Math.round(memory)).padStart(4)} MB` +
      `  ${(cpu / base.cpu).toFixed(1)} x node -e 0  ${(cpu / text.cpu).toFixed(1)} x scan`,
  );
