import type { Note } from '#model/finding.ts';
import { otherCluster, otherUses } from '#model/hidden.ts';
import { podTemplates } from '#model/pod-templates.ts';
import { type Belonging, Resource } from '#model/resource.ts';
import type { AnyResource } from '#model/workspace.ts';
import { push } from '#model/selector.ts';
import { type AwsResource, Description } from '#spelling/resource.ts';
import { documentOf } from '../document.ts';
import type { Parts } from '../input.ts';
import { describesAws, isCarrier, isGraph } from '../claims.ts';
import { readAck, readClassic } from './ack.ts';
import { readAuth } from './aws-auth.ts';
import { carriedBy, nameless } from './carried.ts';
import { Composites } from './composite.ts';
import { basesOf, unreadSteps } from './composition.ts';
import { readClusterApi, unreadTemplate } from './cluster-api.ts';
import { makeResources, type PodTemplates } from '../kubernetes/objects.ts';
import { appliedBy, type Made, nodesOf } from './graph.ts';
import { inOrder, Instances } from './graph-instances.ts';
import { readClass } from './karpenter.ts';
import { fieldOf, type Given, Index, type Reader } from './objects.ts';
import { readLattice } from './lattice.ts';
import { isObserved, observedNotes, onlyWatches } from './observed.ts';
import { readUpbound } from './upbound.ts';

/* Kubernetes objects that describe AWS resources. They stay objects, which the rules about objects judge as well. */

const readers: readonly Reader[] = [
  readAuth,
  readClass,
  readAck,
  readClassic,
  readUpbound,
  readClusterApi,
  readLattice,
];

/** Objects that findings call by their own kind, because they are not AWS resources. */
const ownSubjects = new Set(['EKS::NodeClass', 'EKS::AwsAuth', 'AWS::VpcLattice::AuthPolicy']);

/** The resources of objects that are applied together. */
function describe(objects: readonly Named[]): Description | undefined {
  const given = objects.map(({ resource, assuming, node }, index): Given => ({
    resource,
    node,
    whole: fieldOf(resource, assuming),
    id: `object/${index}`,
  }));
  const all = new Index(given);
  const resources = given.flatMap((one, index): AwsResource[] => {
    if (isObserved(one.resource)) return [];
    const described = readers.map((read) => read(one, all)).find((found) => found !== undefined);
    if (!described) return [];
    const { whole, resource, id } = one;
    const { title = '', maybe } = objects[index] ?? {};
    const { object, subject } = resource;
    const { parts = [], ...rest } = described;
    return [
      { id, title, whole, object, maybe, ...(ownSubjects.has(described.type) ? { subject } : {}), ...rest },
      ...parts.map((part) => ({ title, ...(part.whole === whole ? { object } : {}), ...part })),
    ];
  });
  if (resources.length === 0) return undefined;
  return new Description({
    input: 'kubernetes',
    resources,
    refer: () => undefined,
    mentions: () => [],
    document: documentOf,
    expression: () => undefined,
    variant: objects.find(({ resource }) => resource.variant !== undefined)?.resource.variant,
    more: 'other files may add more',
    unread: 'other files may add more',
  });
}

/** An object with a placeholder for its name if that is unknown. */
interface Named {
  readonly resource: AnyResource;
  readonly title: string;
  /** Its ID in a graph of kro. */
  readonly node?: string;
  /** The assumptions that its entries depend on. */
  readonly assuming?: ReadonlyMap<object, ReadonlyMap<string, string>>;
  /** Why it may not be made. */
  readonly maybe?: string | undefined;
}

/**
 * `all`: the objects of the run, some of which may ask for what a Composition or a graph makes. Where the files have
 * the instances of a graph, the objects that it makes for them are judged in its place.
 */
export function read(
  objects: readonly AnyResource[],
  all: () => Iterable<AnyResource> = () => objects,
  templates: PodTemplates = podTemplates,
): Parts & { readonly replaced: ReadonlyMap<AnyResource, readonly AnyResource[]> } {
  const units = new Map<string, Named[]>();
  const notes: Note[] = [];
  let composites: Composites | undefined;
  const add = (...named: readonly Named[]): void => {
    for (const one of named) {
      notes.push(...observedNotes(one.resource));
      push(units, one.resource.belonging.unit, one);
    }
  };
  const graphs = readGraphs(objects.filter(isGraph), all, templates);
  const { gaps, replaced } = graphs;
  const resources: AnyResource[] = [];
  /** Objects that Crossplane makes silence findings about others of the unit; what they lack may be in their cluster. */
  const within = (bundle: string, { belonging: { unit } }: AnyResource): Belonging => {
    const own = `crossplane:${bundle}`;
    gaps.set(own, otherCluster);
    return { unit, bundle: own };
  };
  /** Adds what an Object applies; the Object as rules see it. */
  const carry = (carrier: AnyResource, belonging: Belonging): AnyResource => {
    const carried = carriedBy(carrier, belonging, templates);
    for (const one of carried.filter(describesAws)) add({ resource: one, title: one.name });
    resources.push(...carried);
    return carried.length > 0 || onlyWatches(carrier) ? expanded(carrier) : carrier;
  };
  for (const one of graphs.resources) resources.push(isCarrier(one) ? carry(one, one.belonging) : one);
  for (const object of new Set(objects)) {
    const isComposition = object.kind === 'Composition';
    notes.push(...(isComposition ? unreadSteps(object) : unreadTemplate(object)));
    add({ resource: object, title: object.name });
    if (isCarrier(object)) replaced.set(object, [carry(object, within(object.belonging.bundle, object))]);
    if (!isComposition) continue;
    replaced.set(object, [expanded(object)]);
    const bases = basesOf(object, (composites ??= new Composites(new Set(all()))));
    add(...bases);
    for (const { resource } of bases) {
      const belonging = within(resource.belonging.bundle, object);
      if (isCarrier(resource)) carry(resource, belonging);
      else if (!isProvider.test(resource.group)) {
        const changes = [...resource.changes, ...nameless(resource)];
        resources.push(...makeResources({ ...resource, belonging, changes }, templates));
      }
    }
  }
  add(...graphs.made);
  const descriptions = [...units.values()].map(describe).filter((one) => one !== undefined);
  return { resources, gaps, replaced, clusters: [], notes, descriptions };
}

/** Groups of Crossplane's providers, whose objects stand for resources outside of the cluster. */
const isProvider = /(?:^|\.)(?:crossplane|upbound)\.io$/;

/** The objects that graphs of kro make, and the graphs and instances that are replaced, because they hide no pods. */
function readGraphs(
  graphs: readonly AnyResource[],
  all: () => Iterable<AnyResource>,
  templates: PodTemplates,
): { made: Made[]; resources: AnyResource[]; replaced: Map<AnyResource, AnyResource[]>; gaps: Map<string, string> } {
  const made: Made[] = [];
  const resources: AnyResource[] = [];
  const replaced = new Map<AnyResource, AnyResource[]>();
  const gaps = new Map<string, string>();
  const instances = graphs.length > 0 ? new Instances(new Set(all())) : undefined;
  // A graph with several pod templates is several resources.
  const alike = new Map<object, Map<string, AnyResource[]>>();
  for (const graph of graphs) {
    const ways = alike.get(graph.object) ?? new Map<string, AnyResource[]>();
    alike.set(graph.object, ways);
    push(ways, graph.belonging.unit, graph);
  }
  const resourcesOf = new Map(
    [...alike.values()]
      .flatMap((ways) => [...ways.values()])
      .flatMap((same) => (same[0] ? [[same[0], same] as const] : [])),
  );
  for (const graph of instances ? inOrder([...resourcesOf.keys()]) : []) {
    const own = instances ? nodesOf(graph, instances) : [];
    made.push(...own);
    if (own.length === 0) continue;
    for (const one of resourcesOf.get(graph) ?? []) replaced.set(one, one === graph ? [expanded(graph)] : []);
    for (const one of own) {
      if (one.by) replaced.set(one.by, [expanded(one.by)]);
      else gaps.set(one.resource.belonging.bundle, otherUses);
      const objects = appliedBy(one, graph, templates);
      resources.push(...objects);
      if (objects[0]) instances?.add(objects[0]);
      if (one.by && one.maybe !== undefined) gaps.set(one.by.belonging.unit, one.maybe);
    }
  }
  // An instance may be made by another graph.
  return { made, resources: resources.flatMap((one) => replaced.get(one) ?? [one]), replaced, gaps };
}
const expanded = (one: AnyResource): AnyResource =>
  new Resource({ ...one, alias: one.names.find((name) => name !== one.name), expanded: true });
