import type { Field } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import { camelCase } from '#spelling/spelling.ts';
import { isAwsAuth } from '../claims.ts';
import type { Described, Given } from './objects.ts';

/** The ConfigMap aws-auth (EKS User Guide, Grant IAM users access to Kubernetes with a ConfigMap). */
export const bodyOfAuth = (whole: Field): Property =>
  new Property(
    {
      name: camelCase,
      blocks: false,
      rows: { MapRoles: 'data.mapRoles', MapUsers: 'data.mapUsers', MapAccounts: 'data.mapAccounts' },
    },
    whole,
  );

export const readAuth = ({ resource, whole }: Given): Described | undefined =>
  isAwsAuth(resource) ? { type: 'EKS::AwsAuth', body: bodyOfAuth(whole) } : undefined;
