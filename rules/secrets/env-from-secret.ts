import { defineRule } from '#rule';
import { listNames } from '#rule/credentials';
import { digRecord, list, text } from '#rule/shape';

export default defineRule({
  title: 'Secrets should be mounted as files',
  severity: 'low',
  preset: 'strict',
  kinds: ['Workload'],
  needs: ['secretKeyRef', 'secretRef'],
  scope: 'resource',
  messages: {
    env: 'Container "{container}" of {workload} reads Secrets into its environment ({names}), so child processes and crash reports get them',
  },
  help: 'Mount the Secret as a volume, and let the program read the file, e.g. /run/secrets/db/password',
  equivalents: [
    'kube-linter:read-secret-from-env-var',
    'checkov:CKV_K8S_35',
    'kubescape:C-0207',
    'cis-eks-1.7:4.4.1',
    'hardeneks:disallow_secrets_from_env_vars',
    'prowler:core_no_secrets_envs',
    'monokle:KBP112',
    'kics:Secrets As Environment Variables',
  ],
  sources: ['CIS Amazon EKS Benchmark 1.7', 'EKS Best Practices Guide, Security'],
  check(workload, { report }) {
    for (const container of workload.containers) {
      if (container.role === 'ephemeral') continue;
      const variables = list(container.object.env).flatMap((env) => {
        const on = digRecord(env, 'valueFrom');
        return on && digRecord(on, 'secretKeyRef') ? [{ name: text(env.name) ?? '', on, key: 'secretKeyRef' }] : [];
      });
      const sources = list(container.object.envFrom).flatMap((on) =>
        digRecord(on, 'secretRef')
          ? [{ name: text(digRecord(on, 'secretRef')?.['name']) ?? '', on, key: 'secretRef' }]
          : [],
      );
      const found = [...variables, ...sources];
      const [first] = found;
      if (!first) continue;
      report({
        message: 'env',
        data: {
          container: container.name,
          workload: workload.title,
          names: listNames([...new Set(found.map(({ name }) => name))]),
        },
        on: first.on,
        key: first.key,
        related: found.slice(1, 20).map(({ on, key }) => workload.place(on, key)),
      });
    }
  },
});
