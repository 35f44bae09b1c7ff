import { defineRule, type Neighbours } from '#rule';
import { isPlatformObject, selectsUnseenPods, whyObjectUnseen, whyPodsUnseen } from '#rule/absence';
import { inside } from '#rule/cidr';
import { directionsOf, isOpenSelector, rulesOf } from '#rule/network-policy';
import { matches, selectorOf } from '#rule/selector';
import { digList, digRecord, text, texts } from '#rule/shape';
import { unrendered } from '#rule/unknown';

const nameLabel = 'kubernetes.io/metadata.name';

/** Names of the namespaces of the input that a selector, written as JSON, matches. */
function namespacesFor(unit: Neighbours, written: string): readonly string[] {
  const selector = selectorOf(JSON.parse(written) as never);
  return unit
    .all('Namespace', '*')
    .filter((one) => matches(selector, { ...one.labels, [nameLabel]: one.name }))
    .map(({ name }) => name);
}

export default defineRule({
  title: 'Network policy peer should match pods or namespaces',
  severity: 'low',
  preset: 'strict',
  kinds: ['NetworkPolicy'],
  scope: 'workspace',
  options: {
    external: {
      type: 'array',
      items: { type: 'string' },
      default: ['kube-system', 'default'],
      description: 'Names of namespaces that exist but are not in the input.',
    },
  },
  messages: {
    pods: '{policy} selects peer pods that do not exist in {place}, so the entry allows no traffic',
    namespace: '{policy} selects peer namespaces with labels that no namespace has, so the entry allows no traffic',
    except: '{policy} excepts {except} from {cidr}, which does not contain it, so the API server rejects it',
  },
  help: {
    pods: 'Set podSelector to labels of the pod template of the peer, or add namespaceSelector',
    namespace: 'Set namespaceSelector to labels of the namespace, e.g. kubernetes.io/metadata.name: monitoring',
    except: 'Remove the exception, or widen cidr',
  },
  equivalents: [
    'kube-linter:dangling-networkpolicypeer-podselector',
    'popeye:1201',
    'popeye:1202',
    'popeye:1206',
    'popeye:1207',
    'popeye:1208',
    'monokle:LNK002',
  ],
  sources: ['Kubernetes documentation, Network Policies'],
  check(policy, { options, report, undetermined, workspace }) {
    const spec = digRecord(policy.object, 'spec');
    if (!spec) return;
    const unit = workspace.unit(policy);
    const bundle = workspace.bundle(policy);
    const data = { policy: policy.title };

    const judge = (peer: Readonly<Record<string, unknown>>): void => {
      const block = digRecord(peer, 'ipBlock');
      const cidr = text(block?.['cidr']);
      if (block && cidr !== undefined)
        for (const except of texts(block['except'] as readonly string[]))
          if (!unrendered(except) && !unrendered(cidr) && !inside(except, [cidr]))
            report({ message: 'except', data: { ...data, except, cidr }, on: block, key: 'except' });
      if (block || unrendered(peer)) return;

      const chosen = digRecord(peer, 'namespaceSelector');
      const pods = digRecord(peer, 'podSelector');
      let namespaces: readonly string[] = [policy.namespace];
      if (chosen && !isOpenSelector(chosen)) {
        const named = selectorOf(chosen).requirements.filter(
          ({ key, operator }) => key === nameLabel && operator === 'In',
        );
        const isKnown = (name: string) => options.external.includes(name) || isPlatformObject('Namespace', name, '');
        if (named.some(({ values }) => values.some(isKnown))) return;
        namespaces = unit.once(namespacesFor, JSON.stringify(chosen));
        if (namespaces.length === 0) {
          if (!bundle.has('Namespace', '*')) return;
          const why = whyObjectUnseen(unit, 'Namespace', '', undefined);
          const place = { on: peer, key: 'namespaceSelector' } as const;
          if (why !== undefined) undetermined(why, place);
          else report({ message: 'namespace', data, ...place });
          return;
        }
      } else if (chosen) return;
      if (!pods || isOpenSelector(pods)) return;
      const selector = selectorOf(pods);
      if (namespaces.some((one) => selectsUnseenPods(selector, one) || !bundle.hasWorkload(one))) return;
      if (namespaces.some((one) => unit.selected(selector, one, 1).length > 0)) return;
      const why = whyPodsUnseen(workspace, policy);
      const place = { on: peer, key: 'podSelector' } as const;
      const where =
        namespaces.length > 1 ? 'these namespaces' : namespaces[0] ? `namespace "${namespaces[0]}"` : 'its namespace';
      if (why !== undefined) undetermined(why, place);
      else report({ message: 'pods', data: { ...data, place: where }, ...place });
    };

    for (const direction of directionsOf(spec))
      for (const rule of rulesOf(spec, direction))
        for (const peer of digList(rule, direction === 'Ingress' ? 'from' : 'to')) judge(peer);
  },
});
