import type { AuthMapping } from '#model/aws.ts';

/** Who a mapping of aws-auth is for, at the start of a message. */
export const mappingStart = ({ arn, list }: AuthMapping): string =>
  arn.value ?? (list === 'mapUsers' ? 'A user' : 'A role');
