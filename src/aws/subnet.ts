import type { SubnetUse } from '#model/cluster.ts';
import { Answer, Collection, Ref } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { Description } from '#spelling/resource.ts';
import { readSubnet } from './network.ts';
import { isPublic } from './routes.ts';

const subnetType = 'AWS::EC2::Subnet';

/** An expression that picks some of several subnets, all of which are alike: `slice(module.vpc.private_subnets, 0, 2)`. */
function pickedFrom({ field }: Property, description: Description): Answer {
  const unknown = Answer.unknown(field.why ?? 'a subnet is not described in these files');
  if (field.why === undefined) return unknown;
  const answers = description
    .mentions(field)
    .flatMap(({ resource, home }) => (resource?.type === subnetType ? [isPublic(resource, home)] : []));
  const [first] = answers;
  return first && answers.every(({ state }) => state === first.state) ? first : unknown;
}

/** The subnets that a property lists, or leads to together. */
export function readSubnets(list: Property, description: Description): Collection<SubnetUse> {
  const items = list.why === undefined ? list.items() : [list];
  const uses = items.map((item): SubnetUse => {
    const link = description.linked(item, subnetType);
    const answer = link.state === 'here' ? isPublic(link.resource, link.home) : pickedFrom(item, description);
    return {
      isPublic: answer,
      subnet:
        link.state === 'here'
          ? Ref.here(() => readSubnet(link.resource, link.home))
          : Ref.elsewhere(link.state === 'none' ? 'no subnet is named' : link.why),
      get at() {
        return item.at();
      },
    };
  });
  return new Collection(uses, {
    at: list.at,
    state: list.absent ? 'default' : 'set',
    why: list.why === undefined ? list.rest : undefined,
  });
}
