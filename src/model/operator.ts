import type { Selector } from './selector.ts';

/**
 * Labels that operators put on the pods they create: Strimzi, CloudNativePG, ECK, Crunchy and Zalando Postgres,
 * Knative, Spark, Prometheus Operator, MinIO, OpenSearch, Ray, JobSet, LeaderWorkerSet, Kubeflow, KubeVirt, and the
 * proxies of Gateway API controllers.
 */
const domains = [
  'strimzi.io/',
  'cnpg.io/',
  'k8s.elastic.co/',
  'postgres-operator.crunchydata.com/',
  'serving.knative.dev/',
  'sparkoperator.k8s.io/',
  'operator.prometheus.io/',
  'v1.min.io/',
  'opster.io/',
  'opensearch.org/',
  'ray.io/',
  'jobset.sigs.k8s.io/',
  'leaderworkerset.sigs.k8s.io/',
  'training.kubeflow.org/',
  'kubevirt.io/',
  'gateway.networking.k8s.io/',
  'gateway.envoyproxy.io/',
];
const managers = /operator|controller|cloudnative-pg|strimzi|cnpg/i;

/** Whether a selector is for pods that an operator creates, so that no workload of the input can match it. */
export function selectsOperatorPods(selector: Selector): boolean {
  return selector.requirements.some(({ key, values }) => {
    if (key === 'spilo-role') return true;
    if (key === 'app.kubernetes.io/managed-by' || key === 'managed-by')
      return values.some((value) => managers.test(value));
    const slash = key.indexOf('/');
    const prefix = key.slice(0, slash + 1);
    return domains.some((domain) => prefix === domain || prefix.endsWith(`.${domain}`));
  });
}
