import { defineRule } from '#rule';
import { hostPaths, isRuntimeSocket } from '#rule/pod';

export default defineRule({
  title: 'Pod must not mount a container runtime socket',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['hostPath'],
  scope: 'resource',
  messages: {
    socket:
      '{workload} mounts the container runtime socket {path} (volume "{volume}"), which gives full control of the node',
  },
  help: 'Remove the volume; build images with a rootless builder such as BuildKit or Buildah',
  equivalents: [
    'kube-linter:docker-sock',
    'checkov:CKV_K8S_27',
    'trivy:KSV-0006',
    'kubescape:C-0074',
    'hardeneks:disallow_container_socket_mount',
    'monokle:KBP101',
    'kics:Docker Daemon Socket is Exposed to Containers',
    'eksup:K8S008',
  ],
  sources: ['EKS Best Practices Guide, Security', 'NSA/CISA Kubernetes Hardening Guide'],
  check(workload, { report }) {
    for (const { volume, path, on } of hostPaths(workload)) {
      if (isRuntimeSocket(path))
        report({ message: 'socket', data: { volume, workload: workload.title, path }, on, key: 'path' });
    }
  },
});
