import type { Detector, DetectorFeature } from '#model/aws.ts';
import { Collection } from '#model/value.ts';
import type { Property } from '#spelling/property.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { beside } from './beside.ts';
import { nameOf, partOf, readList } from './part.ts';

const detectorType = 'AWS::GuardDuty::Detector';

const readFeature = (one: Property): DetectorFeature => ({
  name: one.path('Name').text(),
  status: one.path('Status').text(),
});

/**
 * The facts of a detector, with separately defined features. CloudFormation requires `Enable`, Terraform defaults to
 * true (GuardDuty API, CreateDetector).
 */
function readDetector(resource: AwsResource, description: Description): Detector {
  const { body } = resource;
  const own = readList(body.path('Features'), readFeature);
  const added = beside(resource, description, 'GuardDuty::DetectorFeature', 'DetectorId');
  return partOf('detector', description.input, resource, nameOf(resource), {
    enabled: body.path('Enable').bool(true),
    auditLogs: body.path('DataSources', 'Kubernetes', 'AuditLogs', 'Enable').bool(),
    features: new Collection([...own, ...added.map((one) => readFeature(one.resource.body))], {
      at: () => own.at,
      state: own.state === 'default' && added.length > 0 ? 'set' : own.state,
      why: own.why ?? description.more,
    }),
  });
}

export const readDetectors = (description: Description): Detector[] =>
  description.of(detectorType).map((one) => readDetector(one, description));
