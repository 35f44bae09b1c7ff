import { defineRule } from '#rule';
import { definedByUser, deprecatedApi, targetOf, targetVersion } from '#rule/api';

/** Beta versions that EKS enables (Amazon EKS User Guide, release notes of Kubernetes 1.31 and 1.33). */
const servedByEks: readonly { readonly apiVersion: string; readonly kind?: string; readonly since: number }[] = [
  { apiVersion: 'resource.k8s.io/v1beta1', since: 33 },
  { apiVersion: 'resource.k8s.io/v1beta2', since: 33 },
  { apiVersion: 'storage.k8s.io/v1beta1', kind: 'VolumeAttributesClass', since: 31 },
];

export default defineRule({
  title: 'API version must be served by EKS',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Resource'],
  scope: 'workspace',
  options: {
    targetVersion,
  },
  messages: {
    off: '{resource} uses {apiVersion}, which is disabled by default, so EKS rejects it',
    early: '{resource} uses {apiVersion}, first served in Kubernetes 1.{introduced}, so 1.{target} ({from}) rejects it',
  },
  help: {
    off: 'Use a version that is enabled by default; EKS does not let you enable alpha and new beta versions',
    early: 'Upgrade the cluster to 1.{introduced}, or use the version that it serves',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, API overview', 'Amazon EKS User Guide, Release notes for Kubernetes 1.33'],
  check(resource, { options, target: ofTheRun, workspace, report }) {
    const { object, apiVersion, kind, title, live } = resource;
    const row = live ? undefined : deprecatedApi(apiVersion, kind);
    if (!row) return;
    const target = targetOf(options.targetVersion, ofTheRun);
    const { removed, deprecated, introduced } = row;
    // upgrades/removed-api and upgrades/deprecated-api report these.
    if ((removed !== undefined && removed <= target.highest) || deprecated <= target.highest) return;
    if (definedByUser(workspace, row)) return;
    const place = { on: object, key: 'apiVersion' } as const;
    if (introduced !== undefined && introduced > target.lowest)
      report({
        message: 'early',
        data: { resource: title, apiVersion, introduced, target: target.lowest, from: target.lowestFrom },
        ...place,
      });
    else if (
      !row.servedByDefault &&
      !servedByEks.some(
        (one) =>
          one.apiVersion === apiVersion && (one.kind === undefined || one.kind === kind) && one.since <= target.lowest,
      )
    )
      report({ message: 'off', data: { resource: title, apiVersion }, ...place });
  },
});
