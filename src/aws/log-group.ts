import type { LogGroup } from '#model/aws.ts';
import type { Description } from '#spelling/resource.ts';
import { partOf } from './part.ts';

/** The log groups of a description (CloudWatch Logs API reference, CreateLogGroup and PutRetentionPolicy). */
export const readLogGroups = (description: Description): LogGroup[] =>
  description.of('AWS::Logs::LogGroup').map((resource) => {
    const { body } = resource;
    const name = body.path('LogGroupName').text();
    return partOf('logGroup', description.input, resource, name, {
      name,
      retention: body.path('RetentionInDays').number(),
      key: body.path('KmsKeyId').given(),
    });
  });
