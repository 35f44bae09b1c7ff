import { groupOf } from '#model/kinds.ts';
import { type ApiVersion, deprecatedApi } from '#model/api-versions.ts';
import { knownMinors, minorOf } from '#model/calendar.ts';
import { dig } from '#model/dig.ts';
import { isRecord, list, text } from '#model/shape.ts';
import type { AnyResource, Workspace } from '#model/workspace.ts';
import type { Target } from './define.ts';

export { gateRemovedIn } from '#model/feature-gates.ts';
export { groupOf } from '#model/kinds.ts';

/** An outdated API version of an object, and where it is written. */
export interface ApiUse {
  readonly row: ApiVersion;
  readonly on: object;
  readonly key: string;
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** The apiVersion of the last `kubectl apply`. Nothing else in that annotation is read, as it may contain secrets. */
function appliedVersion(annotation: unknown): string | undefined {
  if (typeof annotation !== 'string') return undefined;
  try {
    return text(dig(JSON.parse(annotation) as unknown, 'apiVersion'));
  } catch {
    return undefined; // cut off or edited by hand
  }
}

/**
 * The outdated API versions that an object uses. The API server returns live objects in a version that it chooses, so
 * they are judged by the input of the last `kubectl apply` and by the managers of their fields.
 */
export function outdatedApis(resource: AnyResource): ApiUse[] {
  const { object, kind, live } = resource;
  const uses = new Map<string, ApiUse>();
  const add = (apiVersion: string | undefined, on: object, key: string) => {
    const row = apiVersion === undefined ? undefined : deprecatedApi(apiVersion, kind);
    if (row && !uses.has(row.apiVersion)) uses.set(row.apiVersion, { row, on, key });
  };
  if (!live) add(resource.apiVersion, object, 'apiVersion');
  else {
    const annotations = dig(object, 'metadata', 'annotations');
    if (isRecord(annotations)) add(appliedVersion(annotations[lastApplied]), annotations, lastApplied);
    // The control plane chooses its own version, so its entries say nothing about the users.
    for (const entry of list(object.metadata?.managedFields))
      if (!/^kube-(?:apiserver|controller-manager|scheduler)$/.test(text(entry.manager) ?? ''))
        add(text(entry.apiVersion), entry, 'apiVersion');
  }
  return [...uses.values()];
}

/** Whether any release of Kubernetes has or had a kind, if it is deprecated or removed. */
export const knownApi = (apiVersion: string, kind: string): boolean => deprecatedApi(apiVersion, kind) !== undefined;

/** Whether a release serves an API version of a kind, as far as known. Other rules report what it does not serve. */
export function isServedBy(
  apiVersion: string,
  kind: string,
  { lowest, highest }: Pick<Target, 'lowest' | 'highest'>,
): boolean {
  const row = deprecatedApi(apiVersion, kind);
  return (
    !row ||
    ((row.removed === undefined || row.removed > highest) && (row.introduced ?? 0) <= lowest && row.servedByDefault)
  );
}

/**
 * Whether a custom resource definition of the input defines the group and kind of a row, e.g. for a group that left the
 * API server.
 */
export function definedByUser(workspace: Workspace, { apiVersion, kind }: ApiVersion): boolean {
  const group = groupOf(apiVersion);
  return group !== '' && workspace.definitions.has(group, kind);
}

/** `use policy/v1`: what to move to, as far as a release has it. */
export function replacementOf({ kind, replacement }: ApiVersion, minor: number): string {
  if (!replacement) return 'it has no replacement';
  const name = replacement.kind === kind ? replacement.apiVersion : `${replacement.kind} of ${replacement.apiVersion}`;
  return replacement.since <= minor ? `use ${name}` : `use ${name} from 1.${replacement.since} on`;
}

/** The minor versions to judge by: that of the option if it names a version, otherwise those of the run. */
export function targetOf(option: string, ofTheRun: Target): Target {
  const minor = minorOf(option);
  if (minor === undefined) return ofTheRun;
  const from = 'the option targetVersion';
  return { lowest: minor, highest: minor, lowestFrom: from, highestFrom: from };
}

/** Values of the option that names a version; empty = none. */
const targetVersions: readonly string[] = [
  '',
  ...Array.from(
    { length: knownMinors.newest - knownMinors.oldest + 1 },
    (_, index) => `1.${knownMinors.oldest + index}`,
  ),
];

/** The option of rules that judge by a version: it takes precedence over the usual target version. */
export const targetVersion = {
  type: 'string',
  default: '',
  enum: targetVersions,
  description: 'The Kubernetes version to check against, e.g. "1.36". Empty: that of the manifest.',
} as const;

export { type ApiVersion, deprecatedApi } from '#model/api-versions.ts';
export { retiredApi } from '#model/component-apis.ts';
