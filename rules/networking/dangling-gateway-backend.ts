import { type AnyResource, defineRule, type Neighbours } from '#rule';
import { isSomewhere, lookFor, whyObjectUnseen } from '#rule/absence';
import { dig, digList, digRecord, text } from '#rule/shape';
import { patched, unrendered } from '#rule/unknown';

const gatewayGroup = 'gateway.networking.k8s.io';

/** The references that ReferenceGrants of a namespace allow: from what, to what; a star if a grant names no object. */
function grantsOf(unit: Neighbours, namespace: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const grant of unit.all('ReferenceGrant', namespace))
    for (const from of digList(grant.object, 'spec', 'from'))
      for (const to of digList(grant.object, 'spec', 'to'))
        if (from['group'] === gatewayGroup && to['kind'] === 'Service' && (to['group'] ?? '') === '')
          found.add(JSON.stringify([from['kind'], from['namespace'], to['name'] ?? '*']));
  return found;
}

/**
 * The controller of VPC Lattice sends requests to other namespaces without a grant: the EKS Workshop of AWS,
 * vpc-lattice, relies on it.
 */
const isLattice = ({ object }: AnyResource): boolean =>
  dig(object, 'spec', 'gatewayClassName') === 'amazon-vpc-lattice';

const anyone = (): boolean => true;
const isHere = (unit: Neighbours, namespace: string): boolean =>
  unit.has('Service', namespace) ||
  unit.someWorkload(anyone, namespace) ||
  unit.find('Namespace', namespace, '*').length > 0;

/**
 * Where a rule of a route, or one of its backends, mirrors requests (Gateway API reference, HTTPRequestMirrorFilter).
 */
const mirrorsOf = (rule: object): readonly Readonly<Record<string, unknown>>[] =>
  [rule, ...digList(rule, 'backendRefs')]
    .flatMap((one) => digList(one, 'filters'))
    .flatMap((filter) => {
      const ref = digRecord(filter, 'requestMirror', 'backendRef');
      return ref ? [ref] : [];
    });

export default defineRule({
  title: 'Route backend and parent must exist',
  severity: 'high',
  preset: 'recommended',
  kinds: ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'UDPRoute'],
  scope: 'workspace',
  messages: {
    missing: '{route} refers to {kind} "{name}", which does not exist in {place}, so it serves no requests there',
    elsewhere:
      '{route} refers to {kind} "{name}", which exists only in namespace "{other}", so it serves no requests there',
    listener: '{route} refers to listener "{name}", which {gateway} does not have, so the route is not attached',
    grant: '{route} refers to Service "{name}" in {place} without a ReferenceGrant there, so requests fail',
  },
  help: {
    missing: 'Correct the name or namespace of the reference, or add the object',
    elsewhere: 'Set namespace: {other} on the reference',
    listener: 'Set sectionName to the name of a listener, or remove it',
    grant: 'Add a ReferenceGrant to {place}, with the route in from and the Service in to',
  },
  equivalents: ['kubescape:C-0302', 'monokle:LNK001'],
  sources: ['Gateway API documentation'],
  check(route, { report, undetermined, workspace }) {
    const unit = workspace.unit(route);
    const spec = dig(route.object, 'spec');
    const title = route.title;
    const placeOf = (namespace: string) => (namespace === '' ? 'its namespace' : `namespace "${namespace}"`);

    /** The objects that a reference finds; if there are none, that is reported. */
    const follow = (ref: Readonly<Record<string, unknown>>, kind: string) => {
      const name = text(ref['name']) ?? '';
      const namespace = text(ref['namespace']) ?? route.namespace;
      const search = lookFor(
        workspace,
        route,
        { kind, name, namespace },
        (bundle, where) => bundle.has(kind, where) && !isSomewhere(workspace, kind, name, where),
      );
      const place = { on: ref, key: 'name' } as const;
      const data = { route: title, kind, name };
      if (search.state === 'unclear') undetermined(search.why, place);
      else if (search.state === 'missing')
        report({ message: 'missing', data: { ...data, place: placeOf(namespace) }, ...place });
      else if (search.state === 'elsewhere')
        report({
          message: 'elsewhere',
          data: { ...data, other: search.object.namespace },
          ...place,
          related: [search.object.at],
        });
      return { name, namespace, objects: search.state === 'found' ? search.objects : [] };
    };

    const parents: AnyResource[] = [];
    for (const ref of digList(spec, 'parentRefs')) {
      if ((text(ref['group']) ?? gatewayGroup) !== gatewayGroup || (ref['kind'] ?? 'Gateway') !== 'Gateway') continue;
      const { objects } = follow(ref, 'Gateway');
      parents.push(...objects);
      const name = text(ref['sectionName']);
      const [gateway] = objects;
      if (name === undefined || !gateway) continue;
      const hasListener = objects.some((one) =>
        digList(one.object, 'spec', 'listeners').some((listener) => listener['name'] === name),
      );
      if (hasListener) continue;
      const place = { on: ref, key: 'sectionName' } as const;
      if (objects.some((one) => patched(one, 'spec', 'listeners') || unrendered(dig(one.object, 'spec', 'listeners'))))
        undetermined('the listeners of the Gateway are not known', place);
      else
        report({
          message: 'listener',
          data: { route: title, name, gateway: gateway.title },
          ...place,
          related: [gateway.at],
        });
    }

    // If the Gateway is not in the unit, a VPC Lattice Gateway elsewhere in the repository may be the intended one.
    const gateways = parents.length > 0 ? parents : workspace.all('Gateway');
    const needsGrant = parents.length > 0 ? !gateways.every(isLattice) : !gateways.some(isLattice);
    for (const rule of digList(spec, 'rules'))
      for (const ref of [...digList(rule, 'backendRefs'), ...mirrorsOf(rule)]) {
        if ((text(ref['group']) ?? '') !== '' || (ref['kind'] ?? 'Service') !== 'Service') continue;
        const { name, namespace } = follow(ref, 'Service');
        if (!needsGrant || namespace === route.namespace || route.namespace === '' || unrendered(namespace)) continue;
        const granted = unit.once(grantsOf, namespace);
        if (['*', name].some((one) => granted.has(JSON.stringify([route.kind, route.namespace, one])))) continue;
        if (!isHere(unit, namespace)) continue;
        const place = { on: ref, key: 'namespace' } as const;
        const why = whyObjectUnseen(unit, 'ReferenceGrant', '', namespace);
        if (why !== undefined) undetermined(why, place);
        else
          report({
            message: 'grant',
            data: { route: title, name, place: placeOf(namespace) },
            ...place,
          });
      }
  },
});
