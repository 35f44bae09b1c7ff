import { push } from '#model/selector.ts';
import { Answer } from '#model/value.ts';
import type { AwsResource, Described, Description } from '#spelling/resource.ts';
import { selfManaged } from './autoscaling.ts';
import { profilesOf, templateOf } from './node-template.ts';

/*
 * The names of IAM are unique in an account (IAM User Guide, IAM identifiers), and files that are applied separately
 * use them for one another's roles and policies. A name that one resource of the run has refers to it. If several have
 * it, they are in different accounts, and it is not known which is meant.
 */

export const roleType = 'AWS::IAM::Role';
export const profileType = 'AWS::IAM::InstanceProfile';
const selfManagedType = 'EKS::SelfManagedNodegroup';

/** The properties with which resources name a role. */
const naming: readonly (readonly [type: string, property: string])[] = [
  ['AWS::IAM::RolePolicy', 'RoleName'],
  ['AWS::IAM::Policy', 'Roles'],
  ['AWS::IAM::ManagedPolicy', 'Roles'],
  ['IAM::PolicyAttachment', 'Roles'],
  [profileType, 'Roles'],
  ['AWS::EKS::Nodegroup', 'NodeRole'],
  [selfManagedType, 'NodeRole'],
];

/** A resource of another description that names this one; `is`: unknown if several have the name. */
export interface Foreign extends Described {
  readonly is: Answer;
}
const foreign = new WeakMap<AwsResource, Map<string, Foreign[]>>();
/**
 * The resources of a kind that may name a role and are listed for it: in a run of many accounts, each of a thousand
 * roles with one name may be meant by each of a thousand policies. A role has at most 20 (IAM quotas).
 */
export const mostPolicies = 20;
const unlisted = new WeakMap<AwsResource, Map<string, string>>();

/** What separates descriptions by account is not in files, so only descriptions of files share names. */
const isOfFiles = ({ input }: Description): boolean => input !== 'aws';

/** Makes the names of a run known to all its descriptions, and records who names roles of other descriptions. */
export function indexNames(descriptions: readonly Description[]): void {
  shareNames(descriptions);
  for (const home of descriptions) noteProfiles(home);
}

function shareNames(descriptions: readonly Description[]): void {
  const files = descriptions.filter(isOfFiles);
  if (files.length < 2) return;
  const byName = new Map<string, Described[]>();
  for (const home of files) for (const [key, resource] of home.namesOfAccount()) push(byName, key, { resource, home });
  if (byName.size > 0) for (const one of files) one.meet((key) => byName.get(key) ?? []);
  for (const home of files)
    for (const [type, property] of naming)
      for (const resource of home.of(type)) {
        for (const item of resource.body.path(property).each()) {
          const link = home.linked(item, roleType);
          if (link.state === 'here' && link.home === home) continue;
          const { all, why } = home.namesakes(item, roleType);
          const targets = link.state === 'here' && !all.some((one) => one.resource === link.resource) ? [link] : all;
          const is = why === undefined ? Answer.yes : Answer.unknown(why);
          for (const { resource: role } of targets) note(role, `${type} ${property}`, { resource, home, is });
        }
      }
}

function note(target: AwsResource, key: string, one: Foreign): void {
  const known = foreign.get(target) ?? new Map<string, Foreign[]>();
  foreign.set(target, known);
  const { why } = one.is;
  if (why === undefined || (known.get(key)?.length ?? 0) < mostPolicies) return push(known, key, one);
  const cut = unlisted.get(target) ?? new Map<string, string>();
  unlisted.set(target, cut.set(key, why));
}

/** Auto Scaling groups, also those that Cluster API makes, name their instance profile in a launch template. */
function noteProfiles(home: Description): void {
  for (const resource of [...selfManaged(home), ...home.of(selfManagedType)]) {
    const links = profilesOf(templateOf(resource.body, home)).map((one) => home.linked(one, profileType));
    const link = links.find(({ state }) => state === 'here');
    if (link?.state === 'here') note(link.resource, profileType, { resource, home, is: Answer.yes });
  }
}

/** Self-managed node groups that run with an instance profile. */
export const groupsWith = (profile: AwsResource): readonly Foreign[] => foreign.get(profile)?.get(profileType) ?? [];

/** Resources of a type in other descriptions whose property names a resource. */
export const foreignTo = (resource: AwsResource, type: string, property: string): readonly Foreign[] =>
  foreign.get(resource)?.get(`${type} ${property}`) ?? [];

/** Why more resources of a type may name a resource than `foreignTo` lists. */
export const whyMore = (resource: AwsResource, type: string, property: string): string | undefined =>
  unlisted.get(resource)?.get(`${type} ${property}`);
