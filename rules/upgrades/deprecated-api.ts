import { defineRule } from '#rule';
import { definedByUser, outdatedApis, replacementOf, targetOf, targetVersion } from '#rule/api';

export default defineRule({
  title: 'API version should not be deprecated',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Resource'],
  scope: 'workspace',
  fix: 'suggestion: use the new apiVersion',
  options: {
    targetVersion,
  },
  messages: {
    leaving: '{resource} uses {apiVersion}, removed in Kubernetes 1.{removed}; {replacement}',
    next: '{resource} uses {apiVersion}, removed in Kubernetes 1.{removed}, the next upgrade from 1.{target} ({from}); {replacement}',
    deprecated:
      '{resource} uses {apiVersion}, deprecated since Kubernetes 1.{deprecated} with no removal planned yet; {replacement}',
  },
  help: 'Change apiVersion ({replacement}); the Deprecated API Migration Guide lists the fields that change with it',
  equivalents: [
    'kube-linter:no-extensions-v1beta',
    'kube-score:stable-version',
    'trivy:KSV-0107',
    'popeye:403',
    'monokle:K8S002',
    'kics:Object Is Using A Deprecated API Version',
    'pluto:deprecated-in',
  ],
  sources: ['Kubernetes documentation, Deprecated API migration guide'],
  check(resource, { options, target: ofTheRun, workspace, report }) {
    const target = targetOf(options.targetVersion, ofTheRun);
    for (const { row, on, key } of outdatedApis(resource)) {
      const { apiVersion, deprecated, removed, replacement } = row;
      if (
        deprecated > target.highest ||
        (removed !== undefined && removed <= target.highest) ||
        definedByUser(workspace, row)
      )
        continue;
      const movable =
        replacement && on === resource.object && replacement.kind === row.kind && replacement.since <= target.lowest;
      const facts = { resource: resource.title, apiVersion, replacement: replacementOf(row, target.highest) };
      const where = {
        on,
        key,
        ...(movable
          ? { fix: { safe: false, edits: [{ op: 'set', on, key, value: replacement.apiVersion }] as const } }
          : {}),
      };
      if (removed === undefined) report({ ...where, message: 'deprecated', data: { ...facts, deprecated } });
      else if (removed === target.highest + 1)
        report({
          ...where,
          message: 'next',
          data: { ...facts, removed, target: target.highest, from: target.highestFrom },
          severity: 'high',
          minor: removed,
        });
      else report({ ...where, message: 'leaving', data: { ...facts, removed }, minor: removed });
    }
  },
});
