import { type AnyResource, defineRule, type Neighbours } from '#rule';
import { unrendered } from '#rule/unknown';

const idOf = ({ group, kind, namespace, name }: AnyResource): string => [group, kind, namespace, name].join('\n');

export default defineRule({
  title: 'Object must be defined only once',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Resource'],
  scope: 'workspace',
  messages: {
    repeated: '{title} is defined twice in {where}, so the later definition replaces the earlier',
  },
  help: 'Remove one of the definitions, or give it another name or namespace',
  equivalents: [],
  sources: ['Kubernetes documentation, Declarative Management'],
  check(resource, { workspace, report }) {
    const { object, name, title, live, embedded } = resource;
    if (
      live ||
      embedded ||
      name === '' ||
      object.metadata?.name !== name ||
      unrendered(`${name} ${resource.namespace}`)
    )
      return;
    const all = workspace.bundle(resource).once(definitions).get(idOf(resource)) ?? [];
    if (all.length < 2) return;
    const isRoot = resource.belonging.unit.startsWith('kustomization:');
    const at = all.findIndex((one) => one.written === resource.written);
    const earlier = all.slice(0, Math.max(0, at)).find((one) => {
      if (one.written === resource.written) return false;
      // Loose files that define one object are variants of it.
      return isRoot || one.tree.source.id === resource.tree.source.id;
    });
    if (!earlier) return;
    const where = earlier.tree.source.id === resource.tree.source.id ? 'one file' : 'one kustomization';
    report({ message: 'repeated', data: { title, where }, on: object, key: 'metadata', related: [earlier.at] });
  },
});

/** Objects of a bundle by identity, in the order of files and lines. */
function definitions(bundle: Neighbours): ReadonlyMap<string, readonly AnyResource[]> {
  const found = new Map<string, AnyResource[]>();
  for (const kind of bundle.kinds())
    for (const one of bundle.all(kind, '*')) {
      const id = idOf(one);
      const others = found.get(id);
      if (others) others.push(one);
      else found.set(id, [one]);
    }
  for (const [id, all] of found) if (all.length < 2) found.delete(id);
  return found;
}
