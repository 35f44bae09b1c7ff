import { defineRule, Workload } from '#rule';
import { baseName, parseImage } from '#rule/image';
import { type Labels } from '#rule/selector';

const hasLabels = (labels: Labels): boolean => labels['app'] === 'helm' && labels['name'] === 'tiller';

export default defineRule({
  title: 'Helm 2 Tiller must not be deployed',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['Workload', 'Service'],
  scope: 'resource',
  messages: {
    tiller: '{title} deploys Helm 2 Tiller, so anyone who can reach its port can install anything in the cluster',
  },
  help: 'Remove Tiller, and move its releases to Helm 3, e.g. with the plugin helm-2to3',
  equivalents: [
    'checkov:CKV_K8S_34',
    'checkov:CKV_K8S_44',
    'checkov:CKV_K8S_45',
    'trivy:KSV-0102',
    'kics:Tiller (Helm v2) Is Deployed',
    'kics:Tiller Service Is Not Deleted',
  ],
  sources: ['Helm 2 end of life'],
  check(resource, { report }) {
    const data = { title: resource.title };
    if (resource instanceof Workload) {
      const container = resource.containers.find(({ image }) => baseName(parseImage(image?.trim() ?? '')) === 'tiller');
      if (container) {
        report({ message: 'tiller', data, on: container.object, key: 'image' });
        return;
      }
    }
    const named = (resource.kind === 'Deployment' || resource.kind === 'Service') && resource.name === 'tiller-deploy';
    if (named || hasLabels(resource.labels) || (resource instanceof Workload && hasLabels(resource.podLabels)))
      report({ message: 'tiller', data, on: resource.object.metadata ?? resource.object, key: 'name' });
  },
});
