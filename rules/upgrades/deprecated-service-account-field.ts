import { defineRule } from '#rule';
import { text } from '#rule/shape';

export default defineRule({
  title: 'Pod should use serviceAccountName',
  severity: 'low',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['serviceAccount'],
  scope: 'resource',
  fix: 'safe: rename the field, or remove it if serviceAccountName is also set',
  messages: {
    old: '{workload} sets the deprecated field serviceAccount instead of serviceAccountName, which a later release may not read',
    differs:
      '{workload} sets serviceAccount: {account} and serviceAccountName: {name}, and Kubernetes uses only serviceAccountName',
  },
  help: {
    old: 'Rename serviceAccount to serviceAccountName',
    differs: 'Remove serviceAccount, and check that serviceAccountName is right',
  },
  equivalents: ['kube-linter:deprecated-service-account-field', 'kubescape:C-0294'],
  sources: ['Kubernetes API reference'],
  check(workload, { report }) {
    const { pod } = workload;
    // The API server writes both fields.
    if (workload.live) return;
    const account = text(pod.serviceAccount);
    const name = text(pod.serviceAccountName);
    if (account === undefined || account === '' || account === name) return;
    const place = { on: pod, key: 'serviceAccount' };
    if (name === undefined || name === '')
      report({
        message: 'old',
        data: { workload: workload.title },
        ...place,
        ...(pod.serviceAccountName === undefined
          ? { fix: { safe: true, edits: [{ op: 'rename', ...place, value: 'serviceAccountName' }] } }
          : {}),
      });
    else
      report({
        message: 'differs',
        data: { workload: workload.title, account, name },
        ...place,
        severity: 'high',
        fix: { safe: true, edits: [{ op: 'remove', ...place }] },
      });
  },
});
