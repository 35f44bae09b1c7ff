import { defineRule } from '#rule';
import { definedByUser, outdatedApis, replacementOf, targetOf, targetVersion } from '#rule/api';

export default defineRule({
  title: 'API version must exist in the target Kubernetes version',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['Resource'],
  scope: 'workspace',
  fix: 'suggestion: use the new apiVersion; safe if nothing else in the object has to change',
  options: {
    targetVersion,
  },
  messages: {
    removed:
      '{resource} uses {apiVersion}, removed in Kubernetes 1.{removed}, so 1.{target} ({from}) rejects it; {replacement}',
  },
  help: 'Change apiVersion ({replacement}); the Deprecated API Migration Guide lists the fields that change with it',
  equivalents: [
    'kube-linter:no-extensions-v1beta',
    'kube-score:stable-version',
    'trivy:KSV-0107',
    'popeye:403',
    'monokle:K8S003',
    'kics:Object Is Using A Deprecated API Version',
    'eksup:K8S009',
    'pluto:removed-in',
  ],
  sources: ['Kubernetes documentation, Deprecated API migration guide'],
  check(resource, { options, target: ofTheRun, workspace, report }) {
    const target = targetOf(options.targetVersion, ofTheRun);
    for (const { row, on, key } of outdatedApis(resource)) {
      const { apiVersion, removed, replacement, sameSchema } = row;
      if (removed === undefined || removed > target.highest || definedByUser(workspace, row)) continue;
      const movable =
        replacement && on === resource.object && replacement.kind === row.kind && replacement.since <= target.lowest;
      report({
        message: 'removed',
        on,
        key,
        minor: removed,
        data: {
          resource: resource.title,
          apiVersion,
          removed,
          target: target.highest,
          from: target.highestFrom,
          replacement: replacementOf(row, target.highest),
        },
        ...(movable
          ? { fix: { safe: sameSchema, edits: [{ op: 'set', on, key, value: replacement.apiVersion }] } }
          : {}),
      });
    }
  },
});
