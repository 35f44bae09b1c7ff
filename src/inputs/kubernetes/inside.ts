import type { Note } from '#model/finding.ts';
import { dig } from '#model/dig.ts';
import { encryptedKind, isEncryptedValue } from '#model/sops.ts';
import { isRecord } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import { locate } from '#syntax/tree.ts';

/*
 * Objects whose content decides what is applied elsewhere, and is not judged: manifests as strings, and patches that a
 * GitOps controller applies to what it deploys. The files do not show if a manifest in a ConfigMap is ever applied, so
 * it is reported and not judged.
 */

/** Kinds that hold the configuration of a program. */
const settings = /^["']?(?:Config|.*Configuration|.*Config)["']?$/;
const apiVersionLine =
  /^[ \t]*["']?apiVersion["']?[ \t]*:[ \t]*["']?(?:v\d\w*|[\w.-]+\/v\d\w*)["']?[ \t]*,?[ \t]*\r?$/m;
const kindLine = /^[ \t]*["']?kind["']?[ \t]*:[ \t]*("?[A-Z]\w*"?)[ \t]*,?[ \t]*\r?$/m;

/** Whether a string looks like a manifest of Kubernetes objects. */
function isManifest(value: unknown): boolean {
  if (typeof value !== 'string' || !value.includes('apiVersion')) return false;
  const kind = apiVersionLine.test(value) ? kindLine.exec(value)?.[1] : undefined;
  return kind !== undefined && !settings.test(kind);
}
/** A base64-encoded text; undefined if it is too long to decode, or not a text. */
const decoded = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length < 1_400_000 ? Buffer.from(value, 'base64').toString('utf8') : undefined;

/** Where a value is: the entry of a map or list. */
interface Place {
  readonly on: object;
  readonly key: string | number;
}

const holdsFiles = ({ kind, group }: AnyResource): boolean =>
  group === '' && (kind === 'ConfigMap' || kind === 'Secret');
/** The entry of a ConfigMap or Secret that contains a manifest. */
function manifestIn({ kind, object }: AnyResource): Place | undefined {
  const fields = kind === 'Secret' ? { stringData: false, data: true } : { data: false, binaryData: true };
  for (const [field, isEncoded] of Object.entries(fields)) {
    const on: unknown = dig(object, field);
    if (!isRecord(on)) continue;
    const key = Object.keys(on).find((name) => isManifest(isEncoded ? decoded(on[name]) : on[name]));
    if (key !== undefined) return { on, key };
  }
  return undefined;
}

/** The first text of a custom resource that contains a manifest, such as that of a workflow which creates an object. */
function textIn(object: object): Place | undefined {
  // An alias stands for one map in many places.
  const seen = new Set<object>();
  const search = (on: object): Place | undefined => {
    if (seen.has(on)) return undefined;
    seen.add(on);
    const entries = Array.isArray(on) ? [...(on as unknown[]).entries()] : Object.entries(on);
    for (const [key, value] of entries) {
      if (isManifest(value)) return { on, key };
      const found = typeof value === 'object' && value !== null ? search(value as object) : undefined;
      if (found) return found;
    }
    return undefined;
  };
  return search(object);
}

/** What one source of Argo CD changes (Argo CD documentation, Kustomize). */
const ofArgo = (source: string): string[] =>
  ['patches', 'components', 'images', 'replicas'].map((field) => `${source}.kustomize.${field}`);

/**
 * Fields in which controllers of GitOps keep what they change in a folder, by group and kind (Flux: Kustomization; Argo
 * CD: Application). `*` is each item of a list.
 */
const changes: Readonly<Record<string, readonly string[]>> = {
  'kustomize.toolkit.fluxcd.io/Kustomization': ['spec.patches', 'spec.components', 'spec.images'],
  'argoproj.io/Application': [...ofArgo('spec.source'), ...ofArgo('spec.sources.*')],
  'argoproj.io/ApplicationSet': [...ofArgo('spec.template.spec.source'), ...ofArgo('spec.template.spec.sources.*')],
};
/** Such fields that are never applied here: of old versions, of charts, and templates (Flux: Kustomization v1beta1, HelmRelease). */
const unread: Readonly<Record<string, readonly string[]>> = {
  'kustomize.toolkit.fluxcd.io/Kustomization': ['spec.patchesStrategicMerge', 'spec.patchesJson6902'],
  'helm.toolkit.fluxcd.io/HelmRelease': ['spec.postRenderers'],
  'argoproj.io/ApplicationSet': ['spec.templatePatch'],
};
function changeIn({ kind, group, object, written }: AnyResource, applied: ReadonlySet<unknown>): Place | undefined {
  const id = `${group}/${kind}`;
  for (const path of [...(applied.has(written) ? [] : (changes[id] ?? [])), ...(unread[id] ?? [])]) {
    const [first = '', rest] = path.split('.*.');
    const within: unknown = rest === undefined ? undefined : dig(object, ...first.split('.'));
    const holders = rest === undefined ? [object] : Array.isArray(within) ? (within as unknown[]) : [];
    const steps = (rest ?? first).split('.');
    const key = steps.pop() ?? '';
    for (const holder of holders) {
      const on: unknown = dig(holder, ...steps);
      const value = isRecord(on) ? on[key] : undefined;
      if (isRecord(on) && (Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null))
        return { on, key };
    }
  }
  return undefined;
}

/** A kind or group that is filled in before the object is applied: no rule about a kind judges it. */
function unknownKind({ kind, apiVersion, object }: AnyResource): Place | undefined {
  const key = isMarked(kind) ? 'kind' : isMarked(apiVersion) ? 'apiVersion' : undefined;
  return key === undefined ? undefined : { on: object, key };
}
const mark = /\$\{\w|\{\{|\{%/;
const isMarked = (text: string): boolean => text.includes('{') && mark.test(text);

/**
 * The content of these objects is reported once for each of them. `applied` are those whose changes are applied to their
 * folders.
 */
export function notesOnContents(resources: readonly AnyResource[], applied: ReadonlySet<unknown>): Note[] {
  const seen = new Set<unknown>();
  return resources.flatMap((resource): Note[] => {
    if (!resource.tree.source.target || seen.has(resource.written)) return [];
    seen.add(resource.written);
    const tell = (message: string, place: Place | undefined): Note[] =>
      place ? [{ kind: 'skipped', message, at: locate(resource.tree, place.on, place.key) }] : [];
    return [
      ...(holdsFiles(resource)
        ? tell('manifests inside ConfigMaps and Secrets are not judged', manifestIn(resource))
        : resource.known === undefined
          ? tell('manifests inside strings of custom resources are not judged', textIn(resource.object))
          : []),
      ...tell(encryptedKind, isEncryptedValue(resource.kind) ? { on: resource.object, key: 'kind' } : undefined),
      ...tell('objects whose kind is an unrendered template are not judged', unknownKind(resource)),
      ...tell(
        'what Flux or Argo CD changes (patches, images) is not applied to what is judged here',
        changeIn(resource, applied),
      ),
    ];
  });
}
