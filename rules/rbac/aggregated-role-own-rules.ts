import { defineRule } from '#rule';
import { isRbac } from '#rule/rbac';
import { dig } from '#rule/shape';

export default defineRule({
  title: 'Aggregated role should not set its own rules',
  severity: 'low',
  preset: 'recommended',
  kinds: ['ClusterRole'],
  scope: 'resource',
  fix: 'safe: remove rules',
  messages: {
    lost: '{role} aggregates other roles and also sets rules, which the controller overwrites, so these rules are lost',
  },
  help: 'Remove rules, or move them to a ClusterRole with a label that the aggregation selects',
  equivalents: [],
  sources: ['Kubernetes documentation, RBAC'],
  check(role, { report }) {
    const selectors = dig(role.object, 'aggregationRule', 'clusterRoleSelectors');
    const rules: unknown = role.object.rules;
    if (!isRbac(role) || role.live || !Array.isArray(selectors) || selectors.length === 0) return;
    if (Array.isArray(rules) && rules.length > 0)
      report({
        message: 'lost',
        data: { role: role.title },
        on: role.object,
        key: 'rules',
        fix: { safe: true, edits: [{ op: 'remove', on: role.object, key: 'rules' }] },
      });
  },
});
