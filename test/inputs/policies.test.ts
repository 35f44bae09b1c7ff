import { describe, expect, it } from 'vitest';
import type { IamRole } from '#model/iam.ts';
import type { Policy } from '#model/policy.ts';
import { read } from './read.ts';

const roles = (files: Readonly<Record<string, string>>): readonly IamRole[] =>
  read(files).aws.filter((part) => part.kind === 'iamRole');
const roleOf = (files: Readonly<Record<string, string>>, name?: string): IamRole => {
  const found = roles(files).filter((role) => name === undefined || role.subject.name === name);
  expect(found.length).toBe(1);
  return found[0] as IamRole;
};
const text = ({ pieces }: { readonly pieces: readonly (string | undefined)[] }): string =>
  pieces.map((piece) => piece ?? '?').join('');
/** A policy in one line for each statement. An unknown part is a question mark. */
const lines = ({ statements }: Policy): string[] => [
  ...statements.items.map(({ effect, actions, resources, principals, conditions }) =>
    [
      text(effect),
      (actions.negated ? 'not ' : '') + actions.values.items.map(text).join(','),
      resources.values.items.map(text).join(','),
      principals.values.items
        .map(({ type, id, isEksIssuer }) => `${text(type)}=${text(id)}:${isEksIssuer.state}`)
        .join(','),
      conditions.items
        .map(({ operator, key, values }) => `${text(operator)}(${text(key)}:${values.items.map(text).join('|')})`)
        .join(','),
    ].join(' '),
  ),
  ...(statements.complete ? [] : ['...']),
];

const eks =
  'resource "aws_eks_cluster" "c" {\n  name = "c"\n}\nresource "aws_iam_openid_connect_provider" "p" {\n  url = aws_eks_cluster.c.identity[0].oidc[0].issuer\n}\n';
const webIdentity = (provider: string, key: string): string => `jsonencode({
  Statement = [{
    Effect = "Allow"
    Action = "sts:AssumeRoleWithWebIdentity"
    Principal = { Federated = ${provider} }
    Condition = { StringEquals = { ${key} = "system:serviceaccount:a:b" } }
  }]
})`;
const expected = (provider: string, key: string, state = 'yes') => [
  `Allow sts:AssumeRoleWithWebIdentity  Federated=${provider}:${state} StringEquals(${key}:system:serviceaccount:a:b)`,
];

describe('documents in Terraform', () => {
  it('source documents come first, and statements with the same Sid are replaced', () => {
    const main = `
data "aws_iam_policy_document" "base" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
  statement {
    sid       = "List"
    effect    = "Allow"
    actions   = ["s3:ListBucket"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "over" {
  statement {
    sid         = "Read"
    effect      = "Deny"
    not_actions = ["s3:Get*"]
    resources   = ["*"]
  }
}
data "aws_iam_policy_document" "all" {
  source_policy_documents   = [data.aws_iam_policy_document.base.json]
  override_policy_documents = [data.aws_iam_policy_document.over.json]
  statement {
    actions   = ["ec2:Describe*"]
    resources = ["&{aws:username}"]
  }
}
resource "aws_iam_role" "r" {
  name = "r"
}
resource "aws_iam_role_policy" "r" {
  role   = aws_iam_role.r.name
  policy = data.aws_iam_policy_document.all.json
}
`;
    const [policy] = roleOf({ 'main.tf': main }).inline;
    expect(policy && lines(policy)).toEqual([
      'Deny not s3:Get* *  ',
      'Allow s3:ListBucket *  ',
      'Allow ec2:Describe* &{aws:username}  ',
    ]);
  });
  it('unknown documents leave the rest undetermined', () => {
    const main = `
data "aws_iam_policy_document" "all" {
  source_policy_documents = [var.more]
  statement {
    actions   = ["ec2:Describe*"]
    resources = ["*"]
  }
}
resource "aws_iam_role" "r" {
  inline_policy {
    policy = data.aws_iam_policy_document.all.json
  }
}
`;
    const [policy] = roleOf({ 'main.tf': main }).inline;
    expect(policy && lines(policy)).toEqual(['Allow ec2:Describe* *  ', '...']);
  });
  it.each([
    ['aws_iam_openid_connect_provider.p.arn', '"${aws_iam_openid_connect_provider.p.url}:sub"', '?', '?:sub', 'yes'],
    [
      '"arn:aws:iam::${var.account}:oidc-provider/${local.issuer}"',
      '"${local.issuer}:sub"',
      'arn:aws:iam::?:oidc-provider/?',
      '?:sub',
      'yes',
    ],
    [
      'format("arn:aws:iam::%s:oidc-provider/%s", var.account, local.issuer)',
      'format("%s:sub", local.issuer)',
      'arn:aws:iam::?:oidc-provider/?',
      '?:sub',
      'yes',
    ],
    [
      '"arn:aws:iam::1:oidc-provider/gitlab.com"',
      '"gitlab.com:sub"',
      'arn:aws:iam::1:oidc-provider/gitlab.com',
      'gitlab.com:sub',
      'no',
    ],
    ['var.provider', '"${var.issuer}:sub"', '?', '?:sub', 'unknown'],
  ])('%s', (provider, key, providerText, keyText, state) => {
    const locals = 'locals {\n  issuer = replace(aws_eks_cluster.c.identity[0].oidc[0].issuer, "https://", "")\n}\n';
    const inKey = key.startsWith('"') ? key : `(${key})`;
    const main = `${eks}${locals}resource "aws_iam_role" "r" {\n  assume_role_policy = ${webIdentity(provider, inKey)}\n}\n`;
    expect(lines(roleOf({ 'main.tf': main }).trust)).toEqual(expected(providerText, keyText, state));
  });
  it('the heredoc of a document keeps its lines', () => {
    const main = `${eks}resource "aws_iam_role" "r" {
  assume_role_policy = <<-JSON
    {
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": {"Federated": "\${aws_iam_openid_connect_provider.p.arn}"},
          "Action": "sts:AssumeRoleWithWebIdentity",
          "Condition": {"StringEquals": {"\${aws_iam_openid_connect_provider.p.url}:sub": "system:serviceaccount:a:b"}}
        }
      ]
    }
  JSON
}
`;
    const { trust } = roleOf({ 'main.tf': main });
    expect(lines(trust)).toEqual(expected('?', '?:sub'));
    const [statement] = trust.statements;
    expect(statement?.at.start?.line).toBe(11);
    const [condition] = statement?.conditions ?? [];
    expect(condition?.at.start?.line).toBe(15);
  });
  it('arguments of a call refer to the resources of the caller, and outputs to those of the module', () => {
    const files = {
      'main.tf': `${eks}
module "role" {
  source   = "./role"
  provider_arn = aws_iam_openid_connect_provider.p.arn
}
module "cluster" {
  source = "./cluster"
}
module "other" {
  source       = "./role"
  provider_arn = module.cluster.provider
}
resource "aws_iam_role_policy_attachment" "a" {
  role       = "made-by-the-call"
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
resource "aws_eks_pod_identity_association" "a" {
  cluster_name    = aws_eks_cluster.c.name
  namespace       = "n"
  service_account = "s"
  role_arn        = module.role.arn
}
`,
      'role/main.tf': `variable "provider_arn" {}
resource "aws_iam_role" "r" {
  assume_role_policy = ${webIdentity('var.provider_arn', '"x:sub"')}
}
output "arn" {
  value = aws_iam_role.r.arn
}
`,
      'cluster/main.tf': `resource "aws_eks_cluster" "inner" {
}
resource "aws_iam_openid_connect_provider" "inner" {
  url = aws_eks_cluster.inner.identity[0].oidc[0].issuer
}
output "provider" {
  value = aws_iam_openid_connect_provider.inner.arn
}
`,
    };
    const found = roles(files);
    expect(found.map(({ trust }) => lines(trust))).toEqual([expected('?', 'x:sub'), expected('?', 'x:sub')]);
    const [cluster] = read(files).clusters.filter(({ name }) => name.value === 'c');
    const [identity] = cluster?.podIdentities ?? [];
    expect(identity?.role.part?.subject.name).toBe('aws_iam_role.r');
  });
  it('roles with instances of one name are not confused', () => {
    const main = `
resource "aws_iam_role" "a" {
  for_each = var.a
  name     = each.key
}
resource "aws_iam_role" "b" {
  for_each = var.b
  name     = each.key
}
resource "aws_iam_role_policy_attachment" "x" {
  for_each   = var.b
  role       = each.key
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
`;
    const answers = roles({ 'main.tf': main }).map(({ managed }) =>
      managed.items.map(({ attached }) => attached.state),
    );
    expect(answers).toEqual([['unknown'], ['unknown']]);
  });
  it('attachments by name, by id, and of several roles', () => {
    const main = `
resource "aws_iam_role" "a" {
  name = "a"
}
resource "aws_iam_role" "b" {
  name_prefix = "b-"
}
resource "aws_iam_role_policy_attachment" "one" {
  role       = "a"
  policy_arn = "arn:aws:iam::aws:policy/One"
}
resource "aws_iam_policy_attachment" "two" {
  roles      = [aws_iam_role.a.name, aws_iam_role.b.id]
  policy_arn = "arn:aws:iam::aws:policy/Two"
}
resource "aws_iam_role_policy_attachments_exclusive" "three" {
  role_name   = aws_iam_role.b.name
  policy_arns = ["arn:aws:iam::aws:policy/Three", "arn:aws:iam::aws:policy/Four"]
}
`;
    const names = roles({ 'main.tf': main }).map(({ managed }) =>
      managed.items.map(({ arn }) => arn.value?.split('/')[1]),
    );
    expect(names).toEqual([
      ['One', 'Two'],
      ['Two', 'Three', 'Four'],
    ]);
  });
});

describe('documents in CloudFormation', () => {
  it('a string that Fn::Sub composes', () => {
    const template = `Parameters: {Issuer: {Type: String}}
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: !Sub
        - |
          {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": {"Federated": "arn:aws:iam::\${AWS::AccountId}:oidc-provider/\${Issuer}"},
            "Condition": {"StringEquals": {"\${Issuer}:sub": "system:serviceaccount:\${Namespace}:b"}}}}
        - Namespace: a
`;
    expect(lines(roleOf({ 't.yaml': template }).trust)).toEqual(
      expected('arn:aws:iam::?:oidc-provider/?', '?:sub', 'unknown'),
    );
  });
  it('the conditions that CDK has a handler compose', () => {
    const template = {
      Resources: {
        Cluster: { Type: 'AWS::EKS::Cluster', Properties: {} },
        Provider: {
          Type: 'Custom::AWSCDKOpenIdConnectProvider',
          Properties: { Url: { 'Fn::GetAtt': ['Cluster', 'OpenIdConnectIssuerUrl'] } },
        },
        Json: {
          Type: 'Custom::AWSCDKCfnJson',
          Properties: {
            Value: {
              'Fn::Join': [
                '',
                [
                  '{"',
                  { 'Fn::Select': [1, { 'Fn::Split': [':oidc-provider/', { Ref: 'Provider' }] }] },
                  ':sub":"system:serviceaccount:a:b"}',
                ],
              ],
            },
          },
        },
        R: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: {
              Statement: [
                {
                  Effect: 'Allow',
                  Action: 'sts:AssumeRoleWithWebIdentity',
                  Principal: { Federated: { Ref: 'Provider' } },
                  Condition: { StringEquals: { 'Fn::GetAtt': ['Json', 'Value'] } },
                },
              ],
            },
          },
        },
      },
    };
    expect(lines(roleOf({ 't.json': JSON.stringify(template) }).trust)).toEqual(expected('?', '?:sub'));
  });
  it('policies that name their roles', () => {
    const template = `Resources:
  R: {Type: AWS::IAM::Role, Properties: {RoleName: app}}
  One:
    Type: AWS::IAM::Policy
    Properties: {Roles: [!Ref R], PolicyDocument: {Statement: [{Effect: Allow, Action: "a:b", Resource: "*"}]}}
  Two:
    Type: AWS::IAM::RolePolicy
    Properties: {RoleName: app, PolicyDocument: {Statement: [{Effect: Allow, Action: "c:d", Resource: "*"}]}}
  Three:
    Type: AWS::IAM::ManagedPolicy
    Properties: {Roles: [app], ManagedPolicyName: three, PolicyDocument: {Statement: [{Effect: Allow, Action: "e:f", Resource: "*"}]}}
  Four:
    Type: AWS::IAM::ManagedPolicy
    Properties: {ManagedPolicyName: four, PolicyDocument: {Statement: [{Effect: Allow, Action: "g:h", Resource: "*"}]}}
  Other:
    Type: AWS::IAM::Role
    Properties: {RoleName: other, ManagedPolicyArns: [!Sub "arn:\${AWS::Partition}:iam::\${AWS::AccountId}:policy/path/four"]}
`;
    const app = roleOf({ 't.yaml': template }, 'app');
    expect(app.inline.items.map(lines)).toEqual([['Allow c:d *  '], ['Allow a:b *  ']]);
    expect(app.managed.items.map(({ document }) => document.part && lines(document.part))).toEqual([['Allow e:f *  ']]);
    const other = roleOf({ 't.yaml': template }, 'other');
    expect(other.managed.items.map(({ document }) => document.part && lines(document.part))).toEqual([
      ['Allow g:h *  '],
    ]);
  });
  it('references of any shape do not end the run', () => {
    const odd = ['[]', '[R, {}]', '[R, [x, {}]]', '{}', '7'];
    for (const value of odd) {
      const template = `Resources:\n  R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Fn::GetAtt: ${value}}}}\n`;
      expect(lines(roleOf({ 't.yaml': template }).trust)).toEqual(['...']);
    }
  });
  it('a document that is not JSON, and statements that are not maps, are unknown', () => {
    const template = `Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: "{]"
      Policies: [{PolicyDocument: {Statement: [7, {Effect: Allow, Action: "a:b", Resource: "*"}]}}]
`;
    const role = roleOf({ 't.yaml': template });
    expect(lines(role.trust)).toEqual(['...']);
    expect(role.inline.items.map(lines)).toEqual([['Allow a:b *  ', '...']]);
  });
});

describe('the Karpenter module', () => {
  const call = (version: string, body = ''): string =>
    `module "karpenter" {\n  source = "terraform-aws-modules/eks/aws//modules/karpenter"\n  version = "${version}"\n  cluster_name = "shop"\n${body}}\n`;
  const pods = 'Allow sts:AssumeRole,sts:TagSession  Service=pods.eks.amazonaws.com:no ';
  const oidc = (accounts: string): string =>
    `Allow sts:AssumeRoleWithWebIdentity  Federated=arn:p:no StringEquals(issuer:sub:${accounts}),StringEquals(issuer:aud:sts.amazonaws.com)`;
  const irsa = '  irsa_oidc_provider_arn = "arn:p"\n';
  it.each([
    ['~> 21.0', '', [pods]],
    ['~> 20.0', '', [pods]],
    ['~> 20.0', `  enable_irsa = true\n${irsa}`, [pods, oidc('system:serviceaccount:karpenter:karpenter')]],
    [
      '~> 20.0',
      `  enable_irsa = true\n  enable_pod_identity = false\n${irsa}  irsa_namespace_service_accounts = ["a:b", "c:d"]\n`,
      [oidc('system:serviceaccount:a:b|system:serviceaccount:c:d')],
    ],
    ['~> 19.0', irsa, [oidc('system:serviceaccount:karpenter:karpenter')]],
    ['~> 20.0', '  enable_irsa = var.irsa\n', [pods, '...']],
    ['>= 18', '', ['...']],
    ['~> 21.0', '  iam_role_source_assume_policy_documents = [data.x.y.json]\n', [pods, '...']],
  ])('of version %s trusts %#', (version, body, expected) => {
    expect(lines(roles({ 'main.tf': call(version, body) })[0]?.trust as Policy)).toEqual(expected);
  });
  it('associates the role since version 21, and names the policies of its nodes', () => {
    const made = (version: string, body = '') => {
      const { loose, aws } = read({ 'main.tf': call(version, body) });
      const nodes = aws.filter((part) => part.kind === 'iamRole').at(-1);
      return [
        loose.map((one) => one.kind === 'podIdentity' && [one.namespace.value, one.serviceAccount.value]),
        nodes?.managed.items.map(({ arn }) => arn.value?.split('/').at(-1)),
      ];
    };
    const own = ['AmazonEKSWorkerNodePolicy', 'AmazonEC2ContainerRegistryPullOnly', 'AmazonEKS_CNI_Policy'];
    expect(made('~> 21.0')).toEqual([[['kube-system', 'karpenter']], own]);
    expect(made('~> 21.0', '  namespace = "karpenter"\n  create_node_iam_role = false\n')[0]).toEqual([
      ['karpenter', 'karpenter'],
    ]);
    expect(made('~> 20.0')[0]).toEqual([]);
    expect(made('~> 20.0', '  create_pod_identity_association = true\n')[0]).toEqual([['kube-system', 'karpenter']]);
    expect(
      made(
        '~> 21.0',
        '  node_iam_role_additional_policies = { ssm = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore" }\n',
      ),
    ).toEqual([[['kube-system', 'karpenter']], [...own, 'AmazonSSMManagedInstanceCore']]);
  });
});

describe('what a splat of counted blocks contains', () => {
  const trust = (role: string, more = ''): string => `${more}
data "aws_iam_policy_document" "trust" {
  count = 2
  statement {
    sid     = "S${'$'}{count.index}"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}
data "aws_iam_policy_document" "all" {
  override_policy_documents = data.aws_iam_policy_document.trust[*].json
}
resource "aws_iam_role" "r" {
  count              = 1
  name               = "r"
  assume_role_policy = join("", data.aws_iam_policy_document.all[*].json)
}
resource "aws_iam_policy" "p" {
  count  = 1
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
resource "aws_iam_role_policy_attachment" "a" {
  role       = ${role}
  policy_arn = join("", aws_iam_policy.p.*.arn)
}
`;
  it.each(['join("", aws_iam_role.r.*.name)', 'aws_iam_role.r.*.name[0]', 'one(aws_iam_role.r[*].name)'])(
    'links and documents: %s',
    (role) => {
      const one = roleOf({ 'a.tf': trust(role) });
      expect(lines(one.trust)).toHaveLength(2);
      expect(one.managed.items.map(({ document }) => document.part && lines(document.part))).toEqual([['Allow * *  ']]);
    },
  );
});

it('each instance of a data source is a separate document', () => {
  const main = `data "aws_iam_policy_document" "d" {
  for_each = toset(["s3:GetObject", "s3:*"])
  statement {
    actions   = [each.value]
    resources = ["*"]
  }
}
resource "aws_iam_role" "r" {
  for_each = toset(["s3:GetObject", "s3:*"])
  name     = each.value
  inline_policy {
    policy = data.aws_iam_policy_document.d[each.value].json
  }
}
`;
  const found = roles({ 'a.tf': main }).map(({ name, inline }) => [name.value, inline.items.flatMap(lines)]);
  expect(Object.fromEntries(found)).toEqual({
    's3:GetObject': ['Allow s3:GetObject *  '],
    's3:*': ['Allow s3:* *  '],
  });
});
