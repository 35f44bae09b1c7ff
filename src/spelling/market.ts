import type { Field } from './field.ts';

/**
 * What an Auto Scaling group of several instance types buys. Without a percentage, or with 100, all of its instances are
 * On-Demand Instances (EC2 Auto Scaling API reference, InstancesDistribution).
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstancesDistribution.html
 */
export function marketOf(distribution: Field, floor: Field, share: Field): Field {
  const unknown = [distribution, share, floor].find(({ why }) => why !== undefined);
  if (unknown) return unknown;
  if (share.absent) return distribution.filled('ON_DEMAND');
  return share.as(share.number().value === 0 && floor.number(0).value === 0 ? 'SPOT' : 'ON_DEMAND');
}
