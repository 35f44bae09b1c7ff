import { type AnyResource, defineRule, type Neighbours, Workload } from '#rule';
import { foundElsewhere, isPlatformObject, whyObjectUnseen } from '#rule/absence';
import { editDistance } from '#rule/nearest';
import { isGenerated, isMadeByOther, type Reference, referencesOf, tlsReferencesOf } from '#rule/references';
import { isLeftOpen } from '#rule/unknown';

export default defineRule({
  title: 'Referenced ConfigMap or Secret must exist',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload', 'Ingress'],
  needs: [
    'configMap',
    'secret',
    'nodePublishSecretRef',
    'configMapRef',
    'secretRef',
    'configMapKeyRef',
    'secretKeyRef',
    'imagePullSecrets',
    'tls',
  ],
  scope: 'workspace',
  options: {
    external: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'ConfigMaps and Secrets that exist but are not in the input, as name or namespace/name.',
    },
    assumeComplete: {
      type: 'boolean',
      default: false,
      description: 'Report every missing object, even if the input has no other object of its kind.',
    },
  },
  messages: {
    missing: '{title} refers to {kind} "{name}", which does not exist in its namespace, so {effect}',
    elsewhere: '{title} refers to ConfigMap "{name}", which exists only in namespace "{other}", so {effect}',
    near: '{title} refers to Secret "{name}", which is not in the input (did you mean "{near}"?), so {effect}',
  },
  help: {
    missing: 'Correct the name, add the {kind}, or list it in the option external',
    elsewhere: 'Set metadata.namespace of the ConfigMap to the namespace of the pod, or add a copy there',
    near: 'Correct the name to {near}, or list {name} in the option external',
  },
  equivalents: [
    'kube-linter:env-value-from',
    'popeye:304',
    'popeye:305',
    'popeye:407',
    'monokle:LNK001',
    'monokle:LNK002',
  ],
  sources: ['Kubernetes documentation, ConfigMaps'],
  check(resource, context) {
    const { options, workspace, report, undetermined } = context;
    const { title, namespace } = resource;
    const unit = workspace.unit(resource);
    const bundle = workspace.bundle(resource);
    const references = resource instanceof Workload ? referencesOf(resource) : tlsReferencesOf(resource);
    const effect = resource instanceof Workload ? 'its pods cannot start' : 'it cannot serve its own certificate';
    const told = new Set<string>();
    for (const { kind, name, on, key } of references) {
      const id = `${kind}/${name}`;
      if (told.has(id) || isPlatformObject(kind, name, namespace)) continue;
      if (options.external.includes(name) || options.external.includes(`${namespace}/${name}`)) continue;
      if (unit.find(kind, name).length > 0 || isMadeByOther(unit, name, namespace)) continue;
      if (isGenerated(workspace, kind, name)) continue;
      const isSure = options.assumeComplete || bundle.live;
      const near = kind === 'Secret' && !isSure ? nearSecret(name, bundle, unit) : undefined;
      const place = { on, key };
      if (kind === 'Secret' && !isSure && near === undefined) continue;
      const other =
        kind === 'ConfigMap'
          ? foundElsewhere(bundle.find('ConfigMap', name, '*').filter(isAlone), namespace)
          : undefined;
      if (kind === 'ConfigMap' && !isSure && !other && bundle.all('ConfigMap').length === 0) continue;
      told.add(id);
      if (isLeftOpen(name, place, context)) continue;
      const why = whyObjectUnseen(unit, kind, name, namespace);
      if (why !== undefined) undetermined(why, place);
      else if (near !== undefined)
        report({ message: 'near', data: { title, name, near: near.name, effect }, ...place, related: [near.at] });
      else if (other)
        report({
          message: 'elsewhere',
          data: { title, name, other: other.namespace, effect },
          ...place,
          related: [other.at],
        });
      else report({ message: 'missing', data: { title, kind, name, effect }, ...place });
    }
  },
});

/** Whether no controller copies an object to other namespaces (Reflector, kubernetes-replicator, kubed). */
const isAlone = ({ annotations }: AnyResource): boolean =>
  !Object.keys(annotations).some((key) => /reflector|replicator|kubed/.test(key));

/** A Secret that nothing refers to and whose name is so similar that it must be the intended one. */
function nearSecret(name: string, bundle: Neighbours, unit: Neighbours): AnyResource | undefined {
  const most = name.length < 8 ? 1 : 2;
  return bundle
    .all('Secret')
    .find(
      (one) =>
        one.name !== name && editDistance(one.name, name, most + 1) <= most && !unit.once(usedNames).has(one.name),
    );
}

/** Names that workloads and Ingresses refer to. */
function usedNames(unit: Neighbours): ReadonlySet<string> {
  const all: Reference[] = [
    ...unit.workloads('').flatMap(referencesOf),
    ...unit.all('Ingress', '*').flatMap((one) => tlsReferencesOf(one)),
  ];
  return new Set(all.map(({ name }) => name));
}
