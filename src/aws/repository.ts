import type { Repository } from '#model/aws.ts';
import { Collection } from '#model/value.ts';
import type { Description } from '#spelling/resource.ts';
import { partOf } from './part.ts';

/** The repositories of a description. Fallbacks are the defaults of the ECR API (CreateRepository). */
export function readRepositories(description: Description): Repository[] {
  const rules = description.of('AWS::ECR::PullThroughCacheRule');
  return description.of('AWS::ECR::Repository').map((resource) => {
    const { body, whole } = resource;
    const name = body.path('RepositoryName').text();
    return partOf('repository', description.input, resource, name, {
      name,
      tagMutability: body.path('ImageTagMutability').text('MUTABLE'),
      cachePrefixes: new Collection(
        rules.map((rule) => rule.body.path('EcrRepositoryPrefix').text()),
        { at: whole.at },
      ),
    });
  });
}
