import { defineRule } from '#rule';
import {
  builtInNames,
  type Grant,
  grantsOf,
  heldIn,
  impersonatedIn,
  isCustomOnly,
  isMaintained,
  rights,
  shortList,
} from '#rule/rbac';

const targets = ['view', 'edit', 'admin'];
const strong = [...rights.escalate, ...rights.manageRbac, ...rights.webhookWrite];
/** Permissions that the roles edit and admin already have. */
const strongForView = [...strong, ...rights.exec, ...rights.readSecrets];

/**
 * Whether an entry has a star that matters. All verbs on the kinds of an operator are what aggregation to edit and
 * admin is for.
 */
const hasStar = (grant: Grant, view: boolean): boolean =>
  (grant.verbs.includes('*') || grant.resources.includes('*')) &&
  grant.resources.length > 0 &&
  (view || !isCustomOnly(grant));

/** What is too powerful in an entry for viewers or for editors; undefined if nothing. */
function excessOf(grant: Grant, view: boolean): { verbs: readonly string[]; resources: readonly string[] } | undefined {
  if (!hasStar(grant, view)) return heldIn(grant, view ? strongForView : strong) ?? impersonatedIn(grant);
  const reads = grant.verbs.every((verb) => verb === 'get' || verb === 'list' || verb === 'watch');
  return reads && isCustomOnly(grant) ? undefined : grant;
}

export default defineRule({
  title: 'Aggregation must not add powerful permissions to view, edit or admin',
  severity: 'high',
  preset: 'strict',
  kinds: ['ClusterRole'],
  scope: 'resource',
  messages: {
    widens: '{role} adds {verbs} on {resources} to role "{target}", so everyone with that role gets it too',
  },
  help: 'Remove the label aggregate-to-{target}, or move the entry to a separate role, and bind it only to those who need it',
  equivalents: [],
  sources: ['Kubernetes documentation, RBAC good practices'],
  check(role, { report }) {
    if (isMaintained(role, builtInNames)) return;
    const target = targets.find((one) => role.labels[`rbac.authorization.k8s.io/aggregate-to-${one}`] === 'true');
    if (target === undefined) return;
    for (const grant of grantsOf(role)) {
      const excess = excessOf(grant, target === 'view');
      if (excess)
        report({
          message: 'widens',
          data: { role: role.title, verbs: shortList(excess.verbs), resources: shortList(excess.resources), target },
          on: grant.entry,
          key: 'resources',
        });
    }
  },
});
