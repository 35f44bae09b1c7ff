import { expect, test } from 'vitest';
import { Workload } from '#model/resource.ts';
import { lintTexts } from '../lint-texts.ts';

const pod = (name: string) => ({ spec: { containers: [{ name, image: 'r.example.org/app:1.0.0' }] } });
const unnamed = { spec: { containers: [{ image: 'r.example.org/app:1.0.0' }] } };

/** The containers of all workloads in one object. */
async function containersOf(apiVersion: string, kind: string, spec: unknown): Promise<readonly string[]> {
  const text = JSON.stringify({ apiVersion, kind, metadata: { name: 'x', namespace: 'shop' }, spec });
  const { workspace } = await lintTexts({ 'x.json': text }, []);
  return workspace.resources.flatMap((resource) =>
    resource instanceof Workload ? resource.containers.map(({ name }) => name) : [],
  );
}

test.each<[string, string, unknown, readonly string[]]>([
  [
    'ray.io/v1',
    'RayCluster',
    { headGroupSpec: { template: pod('head') }, workerGroupSpecs: [{ template: pod('w') }] },
    ['head', 'w'],
  ],
  ['ray.io/v1', 'RayService', { rayClusterConfig: { headGroupSpec: { template: pod('head') } } }, ['head']],
  [
    'batch.volcano.sh/v1alpha1',
    'Job',
    {
      tasks: [
        { name: 'a', template: pod('a') },
        { name: 'b', template: pod('b') },
      ],
    },
    ['a', 'b'],
  ],
  [
    'kubeflow.org/v2beta1',
    'MPIJob',
    { mpiReplicaSpecs: { Launcher: { template: pod('l') }, Worker: { template: pod('w') } } },
    ['l', 'w'],
  ],
  ['kubeflow.org/v1', 'PyTorchJob', { pytorchReplicaSpecs: { Master: { template: pod('pytorch') } } }, ['pytorch']],
  ['jobset.x-k8s.io/v1alpha2', 'JobSet', { replicatedJobs: [{ template: { spec: { template: pod('j') } } }] }, ['j']],
  [
    'leaderworkerset.x-k8s.io/v1',
    'LeaderWorkerSet',
    { leaderWorkerTemplate: { leaderTemplate: pod('l'), workerTemplate: pod('w') } },
    ['l', 'w'],
  ],
  ['apps.kruise.io/v1alpha1', 'CloneSet', { template: pod('c') }, ['c']],
  ['example.org/v1', 'Server', { podSpec: pod('s').spec, size: 2 }, ['s']],
  ['example.org/v1', 'Server', { parts: [{ serverPodSpec: pod('s').spec }] }, ['s']],
  ['example.org/v1', 'Server', { podSpec: { containers: [{ name: 'added' }] } }, []],
  ['example.org/v1', 'Server', { extra: pod('s').spec }, []],
  ['actions.github.com/v1alpha1', 'AutoscalingRunnerSet', { template: pod('runner') }, ['runner']],
  ['keda.sh/v1alpha1', 'ScaledJob', { jobTargetRef: { template: pod('job') } }, ['job']],
  ['serving.knative.dev/v1', 'Service', { template: unnamed }, ['r.example.org/app:1.0.0']],
  [
    'argoproj.io/v1alpha1',
    'CronWorkflow',
    {
      workflowSpec: {
        templates: [
          { name: 't', script: { name: 's', image: 'a:1' }, sidecars: [{ name: 'side', image: 'b:1' }] },
          { name: 'dag', dag: {} },
        ],
      },
    },
    ['s', 'side'],
  ],
  // Objects that have the shape but create no pods, or not these.
  ['kyverno.io/v1', 'ClusterPolicy', { rules: [{ validate: { pattern: { spec: { template: pod('*') } } } }] }, []],
  ['constraints.gatekeeper.sh/v1beta1', 'K8sPods', { parameters: { example: pod('x') } }, []],
  ['helm.toolkit.fluxcd.io/v2', 'HelmRelease', { values: { web: pod('x') } }, []],
  ['argoproj.io/v1alpha1', 'ApplicationSet', { template: pod('x') }, []],
  ['monitoring.coreos.com/v1', 'Prometheus', pod('prometheus').spec, []],
  [
    'elasticsearch.k8s.elastic.co/v1',
    'Elasticsearch',
    { nodeSets: [{ podTemplate: { spec: { containers: [{ name: 'es' }] } } }] },
    [],
  ],
  ['v1', 'ConfigMap', { template: pod('x') }, []],
])('%s %s', async (apiVersion, kind, spec, expected) => {
  expect(await containersOf(apiVersion, kind, spec)).toEqual(expected);
});

test('a template that an alias repeats, or one inside itself, is one', async () => {
  const { workspace } = await lintTexts(
    {
      'x.yaml':
        'apiVersion: ray.io/v1\nkind: RayCluster\nmetadata: {name: x}\nspec:\n  a: &t {spec: {containers: [{name: c, image: "i:1"}]}}\n  b: *t\n  c: &loop {d: *t}\n',
    },
    [],
  );
  expect(workspace.resources.filter((one) => one instanceof Workload)).toHaveLength(1);
});
