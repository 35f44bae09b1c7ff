import type { Note } from '#model/finding.ts';
import type { Field } from '#spelling/field.ts';
import { below } from './spelling.ts';

/* Lists of an eksctl file whose entries become resources. */

/**
 * Entries of a list that are read, as each becomes several resources. AWS allows fewer: 30 managed node groups per cluster (Amazon EKS User
 * Guide, Service quotas) and 1,000 roles per account (IAM User Guide, IAM and AWS STS quotas), unless it raises a quota.
 */
const mostListed = 1000;
const isCut = (list: Field): boolean => Array.isArray(list.value) && list.value.length > mostListed;

/** The maps of a list, as far as they are read. */
export const maps = (list: Field): Field[] =>
  (isCut(list) ? list.items().slice(0, mostListed) : list.items()).filter((item) => item.map);

/** A list as the collection that its entries make up: what was cut off may be any entry. */
export const collectionOf = (list: Field): Field =>
  isCut(list) ? list.doubted(`only its first ${mostListed.toLocaleString('en-US')} entries are read`) : list;

const listed = [
  'managedNodeGroups',
  'nodeGroups',
  'addons',
  'fargateProfiles',
  'accessConfig.accessEntries',
  'identityProviders',
  'capabilities',
  'iam.serviceAccounts',
  'iam.podIdentityAssociations',
];

/** Names the entries that are not read. */
export function notesOnCuts(top: Field): Note[] {
  const lists = [
    ...listed.map((at) => [at, below(top, at)] as const),
    ...maps(top.get('addons')).map((one) => ['podIdentityAssociations', one.get('podIdentityAssociations')] as const),
  ];
  return lists.flatMap(([at, list]): Note[] => {
    const first = isCut(list) ? list.items()[mostListed] : undefined;
    if (!first) return [];
    const most = mostListed.toLocaleString('en-US');
    return [
      {
        kind: 'incomplete',
        message: `${at} has ${list.items().length.toLocaleString('en-US')} entries, of which only the first ${most} are read`,
        at: first.at(),
      },
    ];
  });
}
