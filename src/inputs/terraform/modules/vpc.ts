import type { Field } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import type { AwsResource } from '#spelling/resource.ts';
import { spell } from '../spelling.ts';

/** What the `vpc` module makes of subnets: those of each kind together, which have one way out (its main.tf). */
export function expandNetwork(label: string, block: Field): AwsResource[] {
  const kinds = { public_subnets: true, private_subnets: false, intra_subnets: false };
  return Object.entries(kinds).map(([output, isPublic]) => ({
    type: 'AWS::EC2::Subnet',
    id: `module.${label}.${output}`,
    title: `module.${label}.${output}`,
    whole: block,
    body: new Property(
      spell({
        IsPublic(call) {
          const gateway = call.get('create_igw');
          if (!isPublic) return call.filled(false);
          return gateway.absent ? call.filled(true) : gateway;
        },
      }),
      block,
    ),
  }));
}
