import { defineRule } from '#rule';

export default defineRule({
  title: 'GuardDuty should monitor EKS clusters',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['detector'],
  scope: 'model',
  fix: 'suggestion: enable the setting',
  messages: {
    off: 'The GuardDuty detector is off, so attacks on clusters of its account and region go unnoticed',
    audit: 'GuardDuty does not analyze EKS audit logs, so suspicious API calls go unnoticed',
  },
  help: {
    off: 'Set Enable (Terraform enable) of the detector to true',
    audit: 'Set the status of the feature EKS_AUDIT_LOGS to ENABLED',
  },
  equivalents: ['securityhub:GuardDuty.5', 'securityhub:GuardDuty.7'],
  sources: [
    'EKS Best Practices Guide, Security > Auditing and logging',
    'EKS Best Practices Guide, Security > EKS Auto Mode > Amazon GuardDuty Integration',
  ],
  check({ enabled, auditLogs, features }, { report }) {
    report({
      when: enabled.is(false),
      message: 'off',
      at: enabled.at,
      fix: { safe: false, edits: enabled.write(true) },
    });
    const settings = features.items.filter(({ name }) => name.value === 'EKS_AUDIT_LOGS');
    for (const { status } of settings)
      report({
        when: enabled.is(true).and(status.is('DISABLED')),
        message: 'audit',
        at: status.at,
        fix: { safe: false, edits: status.write('ENABLED') },
      });
    // The newer setting applies if both are set.
    if (settings.length === 0)
      report({
        when: enabled.is(true).and(auditLogs.is(false)),
        message: 'audit',
        at: auditLogs.at,
        fix: { safe: false, edits: auditLogs.write(true) },
      });
  },
});
