import { defineRule } from '#rule';
import { holdsRoom, isReplicated, leastReplicas } from '#rule/replicas';
import { antiAffinityTerms, meetsOwnPods, ownLabels, spreadConstraints } from '#rule/spread';
import { patched, unclearPodLabels, unrendered } from '#rule/unknown';

export default defineRule({
  title: 'Replicas should be spread across nodes or zones',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'workspace',
  fix: 'suggestion: add topologySpreadConstraints by zone and by host with whenUnsatisfiable ScheduleAnyway',
  options: {
    topologyKeys: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Topology keys that replicas must be spread across; separate alternatives with |.',
    },
  },
  messages: {
    missing:
      '{workload} runs several replicas without spread constraints or pod anti-affinity, so all of them may fail with one node',
    keys: '{workload} runs several replicas that are not spread by {key}, so all of them may fail together',
  },
  help: {
    missing:
      'Add topologySpreadConstraints for topology.kubernetes.io/zone and kubernetes.io/hostname with whenUnsatisfiable: ScheduleAnyway',
    keys: 'Add an entry to topologySpreadConstraints with topologyKey: {key}',
  },
  equivalents: [
    'kube-linter:no-anti-affinity',
    'kube-score:deployment-has-host-podantiaffinity',
    'kube-score:statefulset-has-host-podantiaffinity',
    'kube-score:pod-topology-spread-constraints',
    'polaris:topologySpreadConstraint',
    'hardeneks:schedule_replicas_across_nodes',
    'kics:Deployment Has No PodAntiAffinity',
    'kics:StatefulSet Has No PodAntiAffinity',
    'eksup:K8S005',
  ],
  sources: ['EKS Best Practices Guide, Reliability'],
  check(workload, { options, report, undetermined, workspace }) {
    if (!isReplicated(workload) || holdsRoom(workload)) return;
    const constraints = spreadConstraints(workload);
    const terms = antiAffinityTerms(workload);
    const spreading = [
      ...constraints,
      ...terms.filter((term) => term.here && ['own', 'all'].includes(meetsOwnPods(term, workload))),
    ];
    // Each group has a key by which something spreads; without groups, any key is enough.
    const unmet = options.topologyKeys.find(
      (group) => !spreading.some(({ topologyKey }) => group.split('|').some((key) => key === topologyKey)),
    );
    if (spreading.length > 0 && unmet === undefined) return;
    const replicas = leastReplicas(workspace, workload);
    if (replicas === undefined || (replicas !== 'unknown' && replicas < 2)) return;
    const place = { on: workload.pod, key: 'topologySpreadConstraints' };
    const unclear =
      patched(workload, 'spec', 'template', 'spec', 'affinity') ||
      unrendered(workload.pod.affinity) ||
      (terms.length > 0 && unclearPodLabels(workload));
    const data = { workload: workload.title };
    const labels = ownLabels(workload);
    const constraint = (topologyKey: string) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: { ...labels } },
    });
    const value = ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map(constraint);
    if (unclear) undetermined('its affinity or the labels of its pods are not known', place);
    else if (replicas === 'unknown') undetermined('its number of replicas is not known', place);
    else if (unmet !== undefined)
      report({ message: 'keys', data: { ...data, key: unmet.replaceAll('|', ' or ') }, ...place });
    else
      report({
        message: 'missing',
        data,
        ...place,
        // The labels after a kustomization are not those in this text.
        ...(workload.object === workload.written &&
        Object.keys(labels).length > 0 &&
        workload.template.spec === workload.pod
          ? { fix: { safe: false, edits: [{ op: 'set' as const, ...place, value }] } }
          : {}),
      });
  },
});
