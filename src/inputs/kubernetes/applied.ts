import { dig } from '#model/dig.ts';
import { groupOf } from '#model/kinds.ts';
import { isRecord, list, text } from '#model/shape.ts';
import { graft, type Origin } from '#syntax/graft.ts';
import type { Tree } from '#syntax/tree.ts';
import type { Built, Part } from '../kustomize/build.ts';
import { type Deployment, join, type Kustomizations } from '../kustomize/input.ts';

/* Folders that Flux and Argo CD apply, and how they change what is in them. */

type Data = Record<string, unknown>;

/** Fields that change more than names and labels. */
const changing = ['patches', 'components', 'images', 'replicas'];

/** The fields of a kustomization that a controller adds, with their places; undefined if nothing is changed. */
function bodyOf(tree: Tree, on: Data, made: Data, names: Readonly<Record<string, string>> = {}): Data | undefined {
  const isChange = changing.some((field) => Array.isArray(made[field]) && made[field].length > 0);
  const origins = Object.keys(made).map((key): [string, Origin] => [key, { tree, on, key: names[key] ?? key }]);
  return isChange ? graft(made, { tree, on }, new Map(origins)) : undefined;
}

/**
 * What the controller adds to the kustomization of a folder. It merges patches and images into it, which is the same as
 * an overlay but for a name or tag that both set (Flux documentation, Kustomization).
 */
const ofFlux = (tree: Tree, spec: Data): Data | undefined => {
  const labels: unknown = dig(spec, 'commonMetadata', 'labels');
  return bodyOf(
    tree,
    spec,
    {
      patches: spec['patches'],
      components: spec['components'],
      ignoreMissingComponents: spec['ignoreMissingComponents'],
      images: spec['images'],
      namePrefix: spec['namePrefix'],
      nameSuffix: spec['nameSuffix'],
      namespace: spec['targetNamespace'],
      labels: isRecord(labels) ? [{ pairs: labels }] : undefined,
    },
    { namespace: 'targetNamespace' },
  );
};

/** The same for the `kustomize` options of one source (Argo CD documentation, Kustomize). */
const ofArgo = (tree: Tree, options: Data): Data | undefined => {
  const { commonLabels } = options;
  const labels =
    options['labelWithoutSelector'] === true && isRecord(commonLabels)
      ? {
          labels: [{ pairs: commonLabels, includeTemplates: options['labelIncludeTemplates'] }],
        }
      : { commonLabels };
  return bodyOf(tree, options, {
    patches: options['patches'],
    components: options['components'],
    ignoreMissingComponents: options['ignoreMissingComponents'],
    images: imagesOf(tree, options['images']),
    replicas: countsOf(tree, options['replicas']),
    namePrefix: options['namePrefix'],
    nameSuffix: options['nameSuffix'],
    namespace: options['namespace'],
    commonAnnotations: options['commonAnnotations'],
    ...labels,
  });
};

/** Images as `kustomize edit set image` takes them: `name=new:tag`, `name:tag` or with a digest. */
const imagesOf = (tree: Tree, written: unknown): Data[] =>
  entriesOf(written).flatMap(([key, image]) => {
    if (typeof image !== 'string') return [];
    const [, name, renamed = '', newTag, digest] =
      /^(?:([^=]*)=)?([^@]*?)(?::([^/:@]*))?(?:@(.*))?$/s.exec(image) ?? [];
    const entry = { name: name ?? renamed, newName: name === undefined ? undefined : renamed, newTag, digest };
    return [graft(entry, { tree, on: written as object, key })];
  });
/** Argo CD takes a count as a number or as a text. */
const countsOf = (tree: Tree, written: unknown): Data[] =>
  entriesOf(written).flatMap(([, one]) => {
    const count = isRecord(one) ? Number(one['count'] ?? NaN) : NaN;
    return isRecord(one) && Number.isInteger(count) ? [graft({ ...one, count }, { tree, on: one })] : [];
  });
const entriesOf = (written: unknown): [number, unknown][] =>
  Array.isArray(written) ? [...(written as unknown[]).entries()] : [];

/** The sources of an Argo CD application (Argo CD documentation, Application specification). */
const sourcesOf = (spec: unknown): unknown[] => [dig(spec, 'source'), ...list(dig(spec, 'sources') as object[])];

/**
 * The folders that an object makes a tool apply. If an overlay also includes the folder, it is applied twice: as the
 * overlay changes it, and unchanged.
 */
function deploymentsOf(object: Data, { object: written, tree }: Part): Deployment[] {
  const group = groupOf(object['apiVersion']);
  const kind = text(object['kind']);
  const spec: unknown = object['spec'];
  const deploy = (path: unknown, body: Data | undefined, generates: boolean): Deployment[] => {
    const folder = typeof path === 'string' ? join('', path) : undefined;
    return folder === undefined ? [] : [{ object: written, tree, path: folder, body, generates }];
  };
  if (group === 'kustomize.toolkit.fluxcd.io' && kind === 'Kustomization' && isRecord(spec)) {
    const isGit = dig(spec, 'sourceRef', 'kind') === 'GitRepository';
    return deploy(spec['path'], isGit ? ofFlux(tree, spec) : undefined, true);
  }
  if (group !== 'argoproj.io' || (kind !== 'Application' && kind !== 'ApplicationSet')) return [];
  const owner = kind === 'Application' ? spec : dig(spec, 'template', 'spec');
  return sourcesOf(owner).flatMap((source) => {
    const options: unknown = dig(source, 'kustomize');
    return deploy(dig(source, 'path'), isRecord(options) ? ofArgo(tree, options) : undefined, false);
  });
}

/** The kustomizations of a run with the changes of controllers, and their result. */
interface Pass {
  readonly kustomizations: Kustomizations;
  readonly built: Built;
}

/** How often kustomizations are built at most: controllers may change one another. */
const mostPasses = 4;

/**
 * Builds until the controllers are those that the result applies: an overlay, or another controller, may change or delete
 * what a controller changes. If there is no end, no changes are applied.
 */
export function applied(
  parts: readonly Part[],
  pass: (deployments: readonly Deployment[]) => Pass,
): Pass & { readonly deployments: readonly Deployment[] } {
  let deployments = parts.flatMap((part) => deploymentsOf(part.object, part));
  for (let count = 1; ; count++) {
    const made = pass(deployments);
    if (deployments.length === 0 || count > mostPasses) return { ...made, deployments };
    const next = parts.flatMap((part) => deploymentsIn(part, made));
    if (next.map(keyOf).join('\n') === deployments.map(keyOf).join('\n')) return { ...made, deployments };
    deployments = count < mostPasses ? next : next.map((one) => ({ ...one, body: undefined }));
  }
}

/** The deployments of an object in all ways in which it is applied; none if it is a patch or an overlay deletes it. */
function deploymentsIn(part: Part, { kustomizations: { listed, laid }, built }: Pass): Deployment[] {
  const { path } = part.tree.source;
  const ways = built.of(part);
  if (ways.length === 0) return listed.has(path) || laid.has(path) ? [] : deploymentsOf(part.object, part);
  const all = ways.flatMap(({ made }) => deploymentsOf(made.object, part));
  return [...new Map(all.map((one) => [keyOf(one), one])).values()];
}
const keyOf = ({ tree, path, body }: Deployment): string => JSON.stringify([tree.source.id, path, body]);
