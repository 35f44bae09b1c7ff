import { policiesOfModule } from '#model/hidden.ts';
import { mixedList } from '#spelling/field.ts';
import { made } from '#spelling/made.ts';
import { none, type Rows } from '#spelling/spelling.ts';
import { statementOf } from '../policies.ts';
import { trust, valuesOf } from './iam.ts';

/** A role for an AWS service, and the arguments that add to it. */
export interface ServiceRole {
  readonly service: string;
  /** Names of AWS managed policies that the module attaches; undefined if none are requested. */
  readonly policies?: readonly string[];
  /** Arguments: policies by ARN, statements of a policy, the permissions boundary, documents that replace the trust. */
  readonly more?: string;
  readonly statements?: string;
  readonly boundary?: string;
  readonly trusted?: readonly string[];
}

/** The properties of such a role, whose name the module generates. */
export const serviceRole = ({
  service,
  policies = [],
  more,
  statements,
  boundary,
  trusted = [],
}: ServiceRole): Rows => ({
  RoleName: none,
  AssumeRolePolicyDocument: (call) =>
    trust(
      call,
      [
        made(call, {
          Effect: 'Allow',
          Action: ['sts:AssumeRole'],
          Principal: [{ Type: 'Service', Values: service }],
        }),
      ],
      trusted
        .map((key) => call.get(key))
        .filter((one) => one.written)
        .map((one) => one.doubted(one.why ?? policiesOfModule)),
    ),
  ManagedPolicyArns(call) {
    const given = more === undefined ? call.nothing() : call.get(more);
    const own = policies.map((name) => call.filled(`arn:aws:iam::aws:policy/${name}`));
    if (own.length === 0) return valuesOf(given);
    const rest = given.absent || (given.why ?? given.rest) === undefined ? [] : [given];
    return call.filled(mixedList([...own, ...valuesOf(given).items()], rest));
  },
  PermissionsBoundary: boundary ?? none,
  Policies(call) {
    if (statements === undefined) return call.nothing();
    const all = call.get(statements);
    if (all.absent) return all;
    const items = valuesOf(all)
      .items()
      .filter((one) => one.map);
    const list = mixedList(items.map(statementOf), all.partial === undefined ? [] : [all]);
    return all.worth(mixedList([made(all, { policy_document: { Statement: all.worth(list) } })]));
  },
});
