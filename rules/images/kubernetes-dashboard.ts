import { defineRule, Workload } from '#rule';
import { baseName, parseImage } from '#rule/image';
import { digRecord, list, text } from '#rule/shape';

const name = 'kubernetes-dashboard';

/** Whether an image is the dashboard, or one of its parts that serves requests. */
function isDashboard(image: string): boolean {
  const reference = parseImage(image.trim());
  const base = baseName(reference);
  return (
    /^kubernetes-dashboard(?:-amd64|-arm64)?$/.test(base) ||
    (/^dashboard(?:-web|-api)?$/.test(base) && /(?:^|\/)kubernetesui\//.test(reference.repository))
  );
}

export default defineRule({
  title: 'Kubernetes Dashboard should not be deployed',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Workload', 'RoleBinding', 'ClusterRoleBinding'],
  scope: 'resource',
  messages: {
    workload:
      '{title} deploys the Kubernetes Dashboard, a common attack target with the permissions of its service account',
    binding: '{title} gives the Kubernetes Dashboard {role}, so anyone who can open the page has these permissions',
  },
  help: {
    workload: 'Remove it, and use kubectl, the EKS console, or a local client such as Headlamp',
    binding:
      'Bind only Role "kubernetes-dashboard" to the ServiceAccount of the dashboard, and let users log in with their own tokens',
  },
  equivalents: ['checkov:CKV_K8S_33', 'kubescape:C-0014', 'kics:Dashboard Is Enabled'],
  sources: ['Threat Matrix for Kubernetes'],
  check(resource, { report }) {
    if (resource instanceof Workload) {
      const data = { title: resource.title };
      const container = resource.containers.find(({ image }) => image !== undefined && isDashboard(image));
      const labels = [resource.object, resource.template]
        .map((holder) => digRecord(holder, 'metadata', 'labels'))
        .flatMap((on) => ['app', 'k8s-app'].flatMap((key) => (on?.[key] === name ? [{ on, key }] : [])));
      const [label] = labels;
      if (container) report({ message: 'workload', data, on: container.object, key: 'image' });
      else if (label) report({ message: 'workload', data, ...label });
      return;
    }
    const { object, title } = resource;
    const role = digRecord(object, 'roleRef');
    const subjects: unknown = digRecord(object)?.['subjects'];
    const bound = list<Record<string, unknown>>(Array.isArray(subjects) ? subjects : []).some(
      (one) => one['kind'] === 'ServiceAccount' && one['name'] === name,
    );
    if (!role || !bound || role['name'] === name) return;
    report({
      message: 'binding',
      data: { title, role: `${text(role['kind']) ?? 'the role'} "${text(role['name']) ?? ''}"` },
      on: role,
      key: 'name',
    });
  },
});
