import { type AnyResource, defineRule, type Neighbours, type Resource, type Workspace } from '#rule';
import { isPlatformObject } from '#rule/absence';
import { withAggregates } from '#rule/aggregation';

const kinds = new Set(['ConfigMap', 'Secret', 'ServiceAccount', 'PersistentVolumeClaim', 'Role', 'ClusterRole']);
/** Labels and annotations by which a program finds the object. */
const found =
  /^(?:helm\.sh\/|meta\.helm\.sh\/|grafana_|argocd\.argoproj\.io\/|owner$|kustomize\.toolkit\.fluxcd\.io\/|rbac\.authorization\.k8s\.io\/aggregate-to-)/;

export default defineRule({
  title: 'Object should be referenced',
  severity: 'info',
  preset: 'opt-in',
  kinds: ['ConfigMap', 'Secret', 'ServiceAccount', 'PersistentVolumeClaim', 'Role', 'ClusterRole'],
  reads: ['metadata', 'aggregationRule'],
  scope: 'workspace',
  messages: {
    unused: '{title} is not referenced by any other object in the input, so it may be unused',
  },
  help: 'Remove the object, or ignore this finding if an application reads it by name',
  equivalents: ['popeye:400', 'popeye:401'],
  sources: ['Popeye code list'],
  check(resource, { workspace, report, undetermined }) {
    const { kind, name, namespace, title, object } = resource;
    if (!kinds.has(kind) || name === '' || isPlatformObject(kind, name, namespace)) return;
    const marks = [...Object.keys(resource.labels), ...Object.keys(resource.annotations)];
    if (marks.some((key) => found.test(key)) || resource.labels['app.kubernetes.io/managed-by'] === 'Helm') return;
    const unit = workspace.unit(resource);
    // The same object written twice, or applied in two namespaces, does not count as two that name each other.
    const own = idOf(resource);
    const isNamedIn = (words: Words): boolean =>
      resource.names.some((one) => words.get(one)?.some((by) => by !== own) === true);
    if (isNamedIn(unit.once(wordsOfUnit)) || isNamedIn(wordsOfFlux(workspace))) return;
    if (kind === 'ClusterRole' && withAggregates(unit, resource).length > 1) return;
    const place = { on: object, key: 'metadata' } as const;
    if (unit.closed.why === undefined) report({ message: 'unused', data: { title }, ...place });
    else undetermined(unit.closed.why, place);
  },
});

const idOf = ({ kindName, name }: Pick<Resource, 'kindName' | 'name'>): string => `${kindName} ${name}`;

/** No real object is deeper. */
const deepest = 60;

/** Strings that may be names, and two of the objects that contain each: an object named only by itself is unused. */
type Words = ReadonlyMap<string, readonly string[]>;
function wordsOf(objects: Iterable<AnyResource>): Words {
  const words = new Map<string, string[]>();
  const add = (word: string, by: string): void => {
    const others = words.get(word);
    if (!others) words.set(word, [by]);
    else if (others.length < 2 && !others.includes(by)) others.push(by);
  };
  const visit = (node: unknown, by: string, depth: number): void => {
    if (depth > deepest) return;
    if (typeof node === 'string') {
      if (node.length <= 253) add(node, by);
      // Arguments such as --config=settings, and configuration that names objects.
      if (/[^a-z0-9.-]/i.test(node) && node.length < 20_000)
        for (const word of node.match(/[a-z0-9][a-z0-9.-]*/g) ?? []) add(word, by);
    } else if (Array.isArray(node)) for (const item of node) visit(item, by, depth + 1);
    else if (typeof node === 'object' && node !== null)
      for (const [key, value] of Object.entries(node)) if (depth > 1 || key !== 'labels') visit(value, by, depth + 1);
  };
  for (const one of objects) visit(one.object, idOf(one), 0);
  return words;
}
const wordsOfUnit = (unit: Neighbours): Words => wordsOf([...unit.kinds()].flatMap((kind) => unit.all(kind, '*')));

/** What Flux fills folders and charts with often lies in another folder than they and what applies it. */
const known = new WeakMap<Workspace, Words>();
function wordsOfFlux(workspace: Workspace): Words {
  let words = known.get(workspace);
  if (!words)
    known.set(workspace, (words = wordsOf([...workspace.all('Kustomization'), ...workspace.all('HelmRelease')])));
  return words;
}
