import type { Note } from '#model/finding.ts';
import type { AnyResource } from '#model/workspace.ts';
import { push } from '#model/selector.ts';
import { type AwsResource, Description } from '#spelling/resource.ts';
import { documentOf } from '../document.ts';
import type { Parts } from '../input.ts';
import { isGraph } from '../claims.ts';
import { readAck, readClassic } from './ack.ts';
import { readAuth } from './aws-auth.ts';
import { Composites } from './composite.ts';
import { basesOf, unreadSteps } from './composition.ts';
import { readClusterApi, unreadTemplate } from './cluster-api.ts';
import { Instances, nodesOf } from './graph.ts';
import { readClass } from './karpenter.ts';
import { fieldOf, type Given, Index, type Reader } from './objects.ts';
import { readLattice } from './lattice.ts';
import { isObserved, observedNotes } from './observed.ts';
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
    const title = objects[index]?.title ?? '';
    const { object, subject } = resource;
    const { parts = [], ...rest } = described;
    return [
      { id, title, whole, object, ...(ownSubjects.has(described.type) ? { subject } : {}), ...rest },
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
}

/** `all`: the objects of the run, some of which may ask for what a Composition or a graph makes. */
export function read(objects: readonly AnyResource[], all: () => Iterable<AnyResource> = () => objects): Parts {
  const units = new Map<string, Named[]>();
  const notes: Note[] = [];
  let composites: Composites | undefined;
  let instances: Instances | undefined;
  for (const object of new Set(objects)) {
    const isComposition = object.kind === 'Composition';
    notes.push(...(isComposition ? unreadSteps(object) : unreadTemplate(object)));
    const bases = isComposition
      ? basesOf(object, (composites ??= new Composites(new Set(all()))))
      : isGraph(object)
        ? nodesOf(object, (instances ??= new Instances(new Set(all()))))
        : [];
    for (const named of [{ resource: object, title: object.name }, ...bases]) {
      notes.push(...observedNotes(named.resource));
      push(units, named.resource.belonging.unit, named);
    }
  }
  const descriptions = [...units.values()].map(describe).filter((one) => one !== undefined);
  return { resources: [], clusters: [], notes, descriptions };
}
