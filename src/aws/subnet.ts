import type { SubnetUse } from '#model/cluster.ts';
import { subnetElsewhere } from '#model/hidden.ts';
import { Answer, Collection } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { Description } from '#spelling/resource.ts';
import { readSubnet } from './network.ts';
import { refOf } from './part.ts';
import { isPublic } from './routes.ts';

const subnetType = 'AWS::EC2::Subnet';

/**
 * An expression that picks some of several subnets, all of which are alike: `slice(module.vpc.private_subnets, 0, 2)`.
 */
function pickedFrom({ field }: Property, description: Description): Answer {
  const unknown = Answer.unknown(field.why ?? description.whyUnread(subnetType) ?? subnetElsewhere);
  if (field.why === undefined) return unknown;
  const answers = description
    .mentions(field)
    .flatMap(({ resource, home }) => (resource?.type === subnetType ? [isPublic(resource, home)] : []));
  const [first] = answers;
  return first && answers.every(({ state }) => state === first.state) ? first : unknown;
}

/** The subnets that a property lists or refers to as a whole. */
export function readSubnets(list: Property, description: Description): Collection<SubnetUse> {
  const items = list.why === undefined ? list.items() : [list];
  const uses = items.map((item): SubnetUse => {
    const link = description.linked(item, subnetType);
    const answer = link.state === 'here' ? isPublic(link.resource, link.home) : pickedFrom(item, description);
    return {
      isPublic: answer,
      subnet: refOf(link, 'no subnet is set', readSubnet),
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
