import type { Workspace } from '#model/workspace.ts';
import { isRecord, list, text } from '#model/shape.ts';

/** The parts of an image reference (distribution reference grammar). The default registry is `docker.io`. */
export interface ImageReference {
  readonly registry: string;
  /** Without the registry: `library/nginx` for `nginx`. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Other names of Docker Hub. */
const dockerHosts = new Set(['index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com']);

/**
 * Reads an image reference. Invalid input gives odd parts, never an error; an empty tag or digest (`web:`) counts as
 * missing.
 */
export function parseImage(image: string): ImageReference {
  const [rest = '', digest] = image.split('@', 2);
  const slash = rest.indexOf('/');
  const head = slash < 0 ? '' : rest.slice(0, slash);
  const hasRegistry = head.includes('.') || head.includes(':') || head === 'localhost';
  const name = hasRegistry ? rest.slice(slash + 1) : rest;
  const colon = name.lastIndexOf(':');
  const path = colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
  const registry = !hasRegistry || dockerHosts.has(head) ? 'docker.io' : head;
  return {
    registry,
    repository: registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path,
    tag: (colon > name.lastIndexOf('/') && name.slice(colon + 1)) || undefined,
    digest: digest || undefined,
  };
}

/** The last part of a repository: `controller` for `registry.k8s.io/ingress-nginx/controller:v1.12.1`. */
export const baseName = ({ repository }: ImageReference): string => repository.slice(repository.lastIndexOf('/') + 1);

/** The name of an image without its tag: `docker.io/library/nginx`. */
export const imageName = ({ registry, repository }: ImageReference): string => `${registry}/${repository}`;

/** Tags that change over time: the default of images/mutable-tag. */
export const floatingTags: readonly string[] = [
  'latest',
  'stable',
  'main',
  'master',
  'edge',
  'nightly',
  'dev',
  'canary',
];

/**
 * Images that another tool fills in: templates (they have their own rule), ko, and the name that Istio's webhook
 * replaces.
 */
const filledIn = /\{\{|\{%|\$\{|\$\(|<[^<>]*>|^\{\w+\}$|^(?:REPLACE_?ME|TODO)$|^ko:\/\/|^auto$/;
/** Whether an image is a mark that a known tool replaces. */
export const isFilledIn = (image: string): boolean => filledIn.test(image);

/** Whether the image of a container can change without a change of its manifest: its tag is mutable, or it has none. */
export function isFloating(image: string, floating: readonly string[] = floatingTags): boolean {
  const { tag, digest } = parseImage(image);
  return digest === undefined && (tag === undefined ? !isFilledIn(image) : floating.includes(tag));
}

/** Names of the images that a `build` section of skaffold builds: they are deployed with skaffold's own tag. */
function artifactsOf(build: unknown): readonly string[] {
  const artifacts: unknown = isRecord(build) ? build['artifacts'] : undefined;
  return Array.isArray(artifacts)
    ? list<Record<string, unknown>>(artifacts).flatMap((one) => text(one['image']) ?? [])
    : [];
}

const artifacts = new WeakMap<Workspace, ReadonlySet<string>>();

/** Whether a skaffold.yaml of the input builds an image, and so deploys it with a tag of its own. */
export function isBuiltBySkaffold(image: string, workspace: Workspace): boolean {
  let built = artifacts.get(workspace);
  if (!built) {
    const images = workspace.all('Config').flatMap(({ group, object }) => {
      if (group !== 'skaffold') return [];
      const profiles = object['profiles'];
      const builds = [
        object['build'],
        ...(Array.isArray(profiles) ? list<Record<string, unknown>>(profiles).map((one) => one['build']) : []),
      ];
      return builds.flatMap(artifactsOf).map((one) => imageName(parseImage(one)));
    });
    artifacts.set(workspace, (built = new Set(images)));
  }
  return built.has(imageName(parseImage(image)));
}

/**
 * The version at the start of a tag, as numbers; undefined if it is not a full version. A pre-release counts as the
 * version before.
 */
export function versionOf(tag: string | undefined): readonly number[] | undefined {
  const [, major, minor, patch, rest = ''] = /^v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:[-+.](.*))?$/.exec(tag ?? '') ?? [];
  if (patch === undefined) return undefined;
  const early = /^(?:alpha|beta|rc|pre)/.test(rest) ? -1 : 0;
  return [Number(major), Number(minor), Number(patch), early];
}

/** Negative if the first version is older. */
export function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const nameComponent = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const host = /^(?:\[[0-9A-Fa-f:]{2,60}\]|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?)(?::\d{1,5})?$/;

/**
 * Hexadecimal digits of a digest (OCI image specification, descriptors; sha384 as supported by the Go digest library).
 */
const hashLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/**
 * What makes an image reference invalid, as the end of a sentence; undefined if it is valid (distribution reference
 * grammar).
 */
export function imageFault(image: string): string | undefined {
  if (/\s/.test(image)) return 'contains whitespace';
  if (image.includes('://') && /^[a-z][a-z0-9+.-]*:\/\//i.test(image)) return 'starts with a URL scheme';
  const at = image.indexOf('@');
  const [named, digest] = at < 0 ? [image, undefined] : [image.slice(0, at), image.slice(at + 1)];
  if (digest !== undefined && !/^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/.test(digest))
    return 'has a malformed digest';
  const [algorithm = '', hash = ''] = (digest ?? '').split(':', 2);
  const length = hashLengths[algorithm];
  if (length !== undefined && (hash.length !== length || !/^[0-9a-f]+$/.test(hash))) return 'has a malformed digest';
  const colon = named.lastIndexOf(':');
  const tagged = colon > named.lastIndexOf('/');
  const [name, tag] = tagged ? [named.slice(0, colon), named.slice(colon + 1)] : [named, undefined];
  if (tag === '') return 'has a colon without a tag';
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) return 'has an invalid tag';
  const slash = name.indexOf('/');
  const head = name.slice(0, Math.max(slash, 0));
  const hosted = slash >= 0 && (head.includes('.') || head.includes(':') || head === 'localhost');
  if (hosted && !host.test(head)) return 'has an invalid registry';
  const path = hosted ? name.slice(slash + 1) : name;
  if (/[A-Z]/.test(path)) return 'has capital letters in the repository';
  if (!path.split('/').every((part) => nameComponent.test(part))) return 'has an invalid repository name';
  return undefined;
}

/** Image names that begin so are retired (Kubernetes blog, k8s.gcr.io freeze; Container Registry shutdown; notices of the vendors). */
const retired: readonly (readonly [registry: string, form: RegExp])[] = [
  ['gcr.io', /^(?:\w+\.)?k8s\.gcr\.io(?=\/)/],
  ['gcr.io', /^(?:\w+\.)?gcr\.io\/(?:google[-_]containers|kubernetes-helm)(?=\/)/],
  ['quay.io', /^quay\.io\/(?:kubernetes-ingress-controller(?=\/)|coreos\/kube-state-metrics$)/],
  ['docker.io', /^docker\.io\/(?:bitnamilegacy|weaveworks)(?=\/)/],
];
const bitnami = /^docker\.io\/bitnami(?=\/)/;

/** The retired registry, or the part of a registry, that an image comes from. */
export function retiredSource(reference: ImageReference): string | undefined {
  const name = imageName(reference);
  const { registry: from, tag } = reference;
  const found = retired.flatMap(([registry, form]) => (from.endsWith(registry) ? (form.exec(name)?.[0] ?? []) : []))[0];
  // Since August 2025 Bitnami publishes only latest there.
  return found ?? (from === 'docker.io' && tag !== undefined && tag !== 'latest' ? bitnami.exec(name)?.[0] : undefined);
}

/**
 * Whether an image is in one of some registries or repositories: `registry.example.com`, `registry.example.com/shop`,
 * `nginx`. An entry matches up to the start of a path segment, the tag or the digest; `*` stands for any characters
 * within a segment.
 */
export function isAllowedImage(image: string, allowed: readonly string[]): boolean {
  const reference = parseImage(image);
  const { tag, digest } = reference;
  const name = `${imageName(reference)}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  return allowed.some((entry) => entryForm(entry).test(name));
}

const entryForms = new Map<string, RegExp>();

function entryForm(entry: string): RegExp {
  let form = entryForms.get(entry);
  if (!form) {
    const bare = entry.trim().replace(/\/+$/, '');
    const [head = ''] = bare.split('/', 1);
    const named = /[.:*]/.test(head) || head === 'localhost' ? bare : `docker.io/${bare}`;
    const source = named
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, '[^/]*')
      .replace(/^docker\\.io\//, 'docker\\.io/(?:library/)?');
    entryForms.set(entry, (form = new RegExp(`^${source}(?=[/:@]|$)`)));
  }
  return form;
}
