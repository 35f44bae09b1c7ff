import { Property } from '#spelling/property.ts';
import { camelCase } from '#spelling/spelling.ts';
import type { Described, Given } from './objects.ts';

/** IAMAuthPolicy of the AWS Gateway API Controller, whose policy is a JSON string (its API reference). */
export const readLattice = ({ resource, whole }: Given): Described | undefined =>
  resource.group === 'application-networking.k8s.aws' && resource.kind === 'IAMAuthPolicy'
    ? {
        type: 'AWS::VpcLattice::AuthPolicy',
        body: new Property({ name: camelCase, blocks: false, rows: { Policy: 'spec.policy' } }, whole),
      }
    : undefined;
