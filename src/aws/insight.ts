import type { Cluster } from '#model/cluster.ts';
import type { Insight } from '#model/insight.ts';
import type { Ref } from '#model/value.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import { partOf } from './part.ts';

/** The facts of an insight (EKS API reference, ListInsights). */
export function readInsight(resource: AwsResource, { input }: Description, cluster: Ref<Cluster>): Insight {
  const { body } = resource;
  const name = body.path('Name').text();
  return partOf('insight', input, resource, name, {
    cluster,
    name,
    category: body.path('Category').text(),
    version: body.path('KubernetesVersion').text(),
    status: body.path('InsightStatus', 'Status').text(),
    reason: body.path('InsightStatus', 'Reason').text(),
  });
}
