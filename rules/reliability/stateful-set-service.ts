import { defineRule } from '#rule';
import { lookFor } from '#rule/absence';
import { mostReplicas } from '#rule/replicas';
import { labelsOf, matches, selectorOf } from '#rule/selector';
import { dig, digRecord, text } from '#rule/shape';
import { patched, unclearPodLabels, unrendered } from '#rule/unknown';

export default defineRule({
  title: 'StatefulSet should have a headless Service',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['StatefulSet'],
  scope: 'workspace',
  messages: {
    none: '{workload} has no serviceName, which the schema of Kubernetes 1.{target} ({from}) requires, so its pods have no DNS names',
    missing: '{workload} uses Service "{name}", which does not exist in its namespace, so its pods have no DNS names',
    elsewhere:
      '{workload} uses Service "{name}", which exists only in namespace "{other}", so its pods have no DNS names',
    mismatch: '{workload} uses Service "{name}", which does not select its pods, so they have no DNS names',
    clusterIp: '{workload} uses Service "{name}", which has a cluster IP, so its pods have no individual DNS names',
  },
  help: {
    none: 'Set spec.serviceName to a Service with clusterIP: None that selects the pods',
    missing: 'Add Service {name} with clusterIP: None and the selector of the StatefulSet, or correct serviceName',
    elsewhere: 'Move Service {name} from namespace {other} to the namespace of the StatefulSet',
    mismatch: 'Give Service {name} the selector of the StatefulSet',
    clusterIp: 'Add a second Service with clusterIP: None, and use it as serviceName of a new StatefulSet',
  },
  equivalents: ['kube-score:statefulset-has-servicename', 'kics:StatefulSet Without Service Name', 'monokle:LNK001'],
  sources: ['Kubernetes documentation, StatefulSets'],
  check(workload, { report, target, undetermined, workspace }) {
    const spec = digRecord(workload.object, 'spec');
    if (!spec) return;
    const name = text(spec['serviceName'] ?? '');
    if (name === undefined || unrendered(name)) return;
    const place = { on: spec, key: 'serviceName' };
    const data = { workload: workload.title, name };
    if (name === '') {
      // The schema lists the field as required up to 1.32 (kubernetes/kubernetes pull request 130233).
      if (target.lowest < 33)
        report({
          message: 'none',
          data: { workload: workload.title, target: target.lowest, from: target.lowestFrom },
          ...place,
        });
      return;
    }
    const search = lookFor(workspace, workload, { kind: 'Service', name }, (bundle) => bundle.has('Service'));
    // A single pod has no peers that look it up by name.
    const severity = mostReplicas(workspace, workload) === 1 ? 'low' : 'medium';
    if (search.state === 'unclear') undetermined(search.why, place);
    else if (search.state === 'missing') report({ message: 'missing', data, ...place, severity });
    else if (search.state === 'elsewhere')
      report({
        message: 'elsewhere',
        data: { ...data, other: search.object.namespace },
        ...place,
        related: [search.object.at],
        severity,
      });
    // Only a Service that is certainly applied with the StatefulSet can be the intended one.
    const [service] = workspace.bundle(workload).find('Service', name);
    if (search.state !== 'found' || !service) return;
    const related = [service.at];
    const written = dig(service.object, 'spec', 'selector');
    const selector = selectorOf(labelsOf(written), 'map');
    if (selector.requirements.length > 0 && !matches(selector, workload.podLabels)) {
      if (unrendered(written) || patched(service, 'spec', 'selector') || unclearPodLabels(workload))
        undetermined('the labels of its pods or the selector of the Service are not known', place);
      else report({ message: 'mismatch', data, ...place, related, severity });
      return;
    }
    const clusterIp = dig(service.object, 'spec', 'clusterIP');
    if (clusterIp !== 'None' && !unrendered(clusterIp) && !patched(service, 'spec', 'clusterIP'))
      report({ message: 'clusterIp', data, ...place, related, severity: 'low' });
  },
});
