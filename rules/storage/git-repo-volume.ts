import { defineRule } from '#rule';
import { isRecord, list, text } from '#rule/shape';

export default defineRule({
  title: 'Pod must not use gitRepo volumes',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['gitRepo'],
  scope: 'resource',
  messages: {
    refused:
      '{workload} uses a gitRepo volume ("{volume}"), which the kubelet of Kubernetes 1.36 and later rejects, so the pod never starts',
    open: '{workload} uses a gitRepo volume ("{volume}"), so a repository can run commands as root on the node (CVE-2024-10220)',
  },
  help: 'Clone the repository into an emptyDir from an init container, or copy its files into the image',
  equivalents: ['trivy:KSV-0028'],
  sources: [
    'CVE-2024-10220 advisory',
    'Kubernetes documentation, Volumes',
    'Kubernetes changelog, 1.36',
    'Amazon EKS User Guide, Release notes for Kubernetes 1.36',
  ],
  check(workload, { report, target }) {
    for (const volume of list(workload.pod.volumes)) {
      if (!isRecord(volume.gitRepo)) continue;
      report({
        message: target.highest >= 36 ? 'refused' : 'open',
        data: { workload: workload.title, volume: text(volume.name) ?? '' },
        on: volume,
        key: 'gitRepo',
      });
    }
  },
});
