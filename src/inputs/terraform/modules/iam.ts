import { isMadeByModule, policiesOfModule } from '#model/hidden.ts';
import { type Field, mixedList } from '#spelling/field.ts';
import { made } from '#spelling/made.ts';
import { Property } from '#spelling/property.ts';
import type { AwsResource } from '#spelling/resource.ts';
import { type Row, type Rows } from '#spelling/spelling.ts';
import { statementOf } from '../policies.ts';
import { spell } from '../spelling.ts';

/*
 * Roles that modules of terraform-aws-modules create for pods, and policies for them. Arguments and defaults: variables.tf and main.tf of each
 * module.
 */

/** The values of a map, or the items of a list. */
export const valuesOf = (field: Field): Field =>
  field.map
    ? field.as(
        mixedList(
          field.entries().map(([, one]) => one),
          field.rest === undefined ? [] : [field],
        ),
      )
    : field;
const first = (block: Field, keys: readonly string[]): Field => {
  const fields = keys.map((key) => block.get(key));
  return fields.find((field) => !field.absent) ?? (fields[0] as Field);
};

/** The condition on a claim. An unknown list may be empty, and then the module creates no condition. */
export function claim(name: string, operator: Field | string, values: Field, block: Field): Field[] {
  if (values.absent || (values.why === undefined && values.items().length === 0 && values.rest === undefined))
    return [];
  return [made(block, { Operator: operator, Key: `issuer:${name}`, Values: values })];
}
export const trust = (block: Field, statements: readonly Field[], rest: readonly Field[]): Field =>
  made(block, { Statement: block.filled(mixedList(statements, rest)) });

export const webIdentity = (
  block: Field,
  provider: Field | string,
  conditions: readonly Field[],
  rest: readonly Field[],
): Field =>
  made(block, {
    Effect: 'Allow',
    Action: ['sts:AssumeRoleWithWebIdentity'],
    Principal: [{ Type: 'Federated', Values: provider }],
    Condition: block.filled(mixedList(conditions, rest)),
  });
/** Subjects of service accounts written as `namespace:name`. */
export const subjectsOf = (accounts: Field): Field =>
  accounts.why === undefined
    ? accounts.as(
        mixedList(
          accounts
            .items()
            .map((one) => (typeof one.value === 'string' ? one.as(`system:serviceaccount:${one.value}`) : one)),
          accounts.rest === undefined ? [] : [accounts],
        ),
      )
    : accounts;

/** `oidc_providers`: a provider and its service accounts, one statement for each. */
const byProvider =
  (test: string) =>
  (block: Field): Field => {
    const providers = block.get('oidc_providers');
    const operator = block.get(test);
    const statements = providers.entries().map(([, one]) =>
      webIdentity(
        one,
        one.get('provider_arn'),
        [
          ...claim(
            'sub',
            operator.absent ? 'StringEquals' : operator,
            subjectsOf(one.get('namespace_service_accounts')),
            one,
          ),
          made(one, {
            Operator: operator.absent ? 'StringEquals' : operator,
            Key: 'issuer:aud',
            Values: ['sts.amazonaws.com'],
          }),
        ],
        [],
      ),
    );
    return trust(block, statements, (providers.why ?? providers.rest) === undefined ? [] : [providers]);
  };
/** `cluster_service_accounts`: service accounts by the name of their cluster; the module checks no audience. */
function byCluster(block: Field): Field {
  const clusters = block.get('cluster_service_accounts');
  const operator = block.get('assume_role_condition_test');
  const statements = clusters
    .entries()
    .map(([, accounts]) =>
      webIdentity(
        accounts,
        'oidc-provider/oidc.eks',
        claim('sub', operator.absent ? 'StringEquals' : operator, subjectsOf(accounts), accounts),
        [],
      ),
    );
  return trust(block, statements, (clusters.why ?? clusters.rest) === undefined ? [] : [clusters]);
}
/** Issuers by their URLs, with subjects and audiences that apply to all of them. */
const byUrl =
  (keys: {
    readonly urls: readonly string[];
    readonly exact: string;
    readonly like: string;
    readonly audiences: string;
    readonly more: string;
  }) =>
  (block: Field): Field => {
    const fields = keys.urls.map((key) => block.get(key));
    const urls = fields.flatMap((field) =>
      Array.isArray(field.value) ? field.items() : field.absent || field.value === '' ? [] : [field],
    );
    const given = [
      [keys.exact, 'sub', 'StringEquals'],
      [keys.like, 'sub', 'StringLike'],
      [keys.audiences, 'aud', 'StringLike'],
    ] as const;
    const conditions = given.flatMap(([key, name, operator]) => claim(name, operator, block.get(key), block));
    const more = [block.get(keys.more), ...given.map(([key]) => block.get(key))].filter(
      (field) => field.why !== undefined || (field.rest !== undefined && field.items().length === 0),
    );
    if (!block.get(keys.more).absent)
      more.push(block.get(keys.more).doubted('conditions passed to the module are not read'));
    return trust(
      block,
      urls.map((url) => webIdentity(block, url, conditions, more)),
      fields.filter((field) => Array.isArray(field.value) && field.rest !== undefined),
    );
  };
/** Conditions in the arguments of the modules: `[{ test, variable, values }]`. */
function conditionsOf(list: Field): Field {
  if (list.absent || list.why !== undefined) return list;
  const names = { Operator: 'test', Key: 'variable', Values: 'values' };
  const items = list
    .items()
    .map((one) => made(one, Object.fromEntries(Object.entries(names).map(([name, key]) => [name, one.get(key)]))));
  return list.as(mixedList(items, list.rest === undefined ? [] : [list]));
}
function byService(block: Field): Field {
  const more = block.get('trust_policy_statements');
  const own = made(block, {
    Effect: 'Allow',
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Principal: [{ Type: 'Service', Values: 'pods.eks.amazonaws.com' }],
    Condition: conditionsOf(block.get('trust_policy_conditions')),
  });
  const items = valuesOf(more)
    .items()
    .filter((one) => one.map);
  return trust(block, [own, ...items.map(statementOf)], more.absent || more.partial === undefined ? [] : [more]);
}

/** A name, which newer versions use as a prefix by default. */
const named: Row = (block) => {
  const name = first(block, ['role_name', 'name']);
  const prefixed = block.get('use_name_prefix');
  return name.written && block.get('role_name').absent && prefixed.value !== false
    ? name.doubted(isMadeByModule('the name'))
    : name;
};
/** Statements that newer modules accept as maps, like those of `aws_iam_policy_document`. */
const policies: Row = (block) => {
  const fields = ['permissions', 'inline_policy_permissions', 'policy_statements'].map((key) => block.get(key));
  const statements = fields.flatMap((field) =>
    valuesOf(field)
      .items()
      .filter((one) => one.map)
      .map(statementOf),
  );
  const sources = [
    'source_policy_documents',
    'override_policy_documents',
    'source_inline_policy_documents',
    'override_inline_policy_documents',
  ];
  const rest = [
    ...fields.filter((field) => (field.why ?? field.rest) !== undefined),
    ...sources
      .map((key) => block.get(key))
      .filter((field) => field.written)
      .map((field) => field.doubted(policiesOfModule)),
  ];
  if (statements.length === 0 && rest.length === 0) return block.nothing();
  const document = trust(block, statements, rest);
  return block.as(mixedList([made(block, { policy_document: document })]));
};

const roleRows = (assume: (block: Field) => Field): Rows => ({
  RoleName: named,
  AssumeRolePolicyDocument: assume,
  ManagedPolicyArns: (block) => valuesOf(first(block, ['role_policy_arns', 'policies', 'additional_policy_arns'])),
  PermissionsBoundary: ['role_permissions_boundary_arn', 'permissions_boundary', 'permissions_boundary_arn'],
  Policies: policies,
});

const assumers: Readonly<Record<string, (block: Field) => Field>> = {
  'terraform-aws-modules/iam//modules/iam-role-for-service-accounts-eks': byProvider('assume_role_condition_test'),
  'terraform-aws-modules/iam//modules/iam-role-for-service-accounts': byProvider('trust_condition_test'),
  'terraform-aws-modules/iam//modules/iam-eks-role': byCluster,
  'terraform-aws-modules/iam//modules/iam-assumable-role-with-oidc': byUrl({
    urls: ['provider_url', 'provider_urls'],
    exact: 'oidc_fully_qualified_subjects',
    like: 'oidc_subjects_with_wildcards',
    audiences: 'oidc_fully_qualified_audiences',
    more: 'provider_trust_policy_conditions',
  }),
  'terraform-aws-modules/iam//modules/iam-role': byUrl({
    urls: ['oidc_provider_urls'],
    exact: 'oidc_subjects',
    like: 'oidc_wildcard_subjects',
    audiences: 'oidc_audiences',
    more: 'trust_policy_conditions',
  }),
  'terraform-aws-modules/eks-pod-identity': byService,
};

/** Associations of a role, with what all of them share. */
function associations(label: string, block: Field): AwsResource[] {
  const shared = block.get('association_defaults');
  return block
    .get('associations')
    .entries()
    .filter(([, one]) => one.map)
    .map(([key, one]) => ({
      type: 'AWS::EKS::PodIdentityAssociation',
      id: `module.${label}.associations.${key}`,
      title: key,
      whole: one,
      body: new Property(spell({ RoleArn: () => block.naming(`module.${label}`) }), one.over(shared)),
    }));
}

/** What a call creates. */
function expandRole(name: string, assume: (block: Field) => Field, label: string, block: Field): AwsResource[] {
  const create = block.get('create_role').value;
  // Only this module creates no role by default; the new `iam-role` then trusts no issuer.
  const isOff = name.endsWith('/iam-assumable-role-with-oidc') ? create === undefined : create === false;
  if (isOff || create === false || (name.endsWith('/iam-role') && block.get('enable_oidc').value !== true)) return [];
  const role: AwsResource = {
    type: 'AWS::IAM::Role',
    id: `module.${label}`,
    title: label,
    whole: block,
    body: new Property(spell(roleRows(assume)), block),
  };
  return [role, ...(assume === byService ? associations(label, block) : [])];
}

/** A policy of its own, by whose ARN roles refer to it (main.tf and outputs.tf of the submodule iam-policy). */
function expandPolicy(label: string, block: Field): AwsResource[] {
  if (block.get('create_policy').value === false) return [];
  const body = new Property(spell({ ManagedPolicyName: 'name', PolicyDocument: 'policy' }), block);
  return [{ type: 'AWS::IAM::ManagedPolicy', id: `module.${label}`, title: label, whole: block, body }];
}

/** The functions for the calls of these modules, by name and submodule. */
export const iamModules: Readonly<Record<string, (label: string, block: Field) => AwsResource[]>> = {
  ...Object.fromEntries(
    Object.entries(assumers).map(([name, assume]) => [
      name,
      (label: string, block: Field) => expandRole(name, assume, label, block),
    ]),
  ),
  'terraform-aws-modules/iam//modules/iam-policy': expandPolicy,
};
