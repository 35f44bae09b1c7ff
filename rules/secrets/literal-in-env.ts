import { defineRule, type Workload } from '#rule';
import { credentialOptions, credentialReader, isLoneKeyId } from '#rule/credentials';
import { digRecord, isRecord, list, text } from '#rule/shape';

/** Values are checked up to this length; no credential starts later. */
const longestValue = 65_536;

/** The names of the Secrets that a pod uses. */
function secretsOf(workload: Workload): ReadonlySet<unknown> {
  const { pod, containers } = workload;
  return new Set([
    ...list(pod.imagePullSecrets).map((one) => one.name),
    ...list(pod.volumes).map((volume) => digRecord(volume, 'secret')?.['secretName']),
    ...containers.flatMap(({ object }) => [
      ...list(object.env).map((env) => digRecord(env, 'valueFrom', 'secretKeyRef')?.['name']),
      ...list(object.envFrom).map((source) => (isRecord(source.secretRef) ? source.secretRef['name'] : undefined)),
    ]),
  ]);
}

export default defineRule({
  title: 'Environment variable must not contain a credential',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['env'],
  scope: 'resource',
  options: credentialOptions,
  messages: {
    shape:
      'Container "{container}" of {workload} sets {env} to {what} in plain text, so anyone who can read the manifest has it',
    name: 'Container "{container}" of {workload} sets {env} in plain text, so anyone who can read the manifest has this credential',
  },
  help: 'Store the value in a Secret, use valueFrom.secretKeyRef, e.g. {name: db, key: password}, and rotate the credential',
  equivalents: [
    'kube-linter:env-var-secret',
    'polaris:sensitiveContainerEnvVar',
    'kubescape:C-0012',
    'kubescape:C-0259',
    'monokle:KBP111',
    'kics:Passwords And Secrets - Generic API Key',
  ],
  sources: ['NSA/CISA Kubernetes Hardening Guide', 'OWASP Kubernetes Top Ten'],
  check(workload, { options, report }) {
    const reader = credentialReader(options);
    const secrets = secretsOf(workload);
    for (const container of workload.containers) {
      for (const env of list(container.object.env)) {
        const name = text(env.name);
        const value = text(env.value)?.slice(0, longestValue);
        if (name === undefined || value === undefined || isLoneKeyId(name, value)) continue;
        const data = { container: container.name, workload: workload.title, env: name };
        const what = reader.shapeOf(value);
        if (what !== undefined) report({ message: 'shape', data: { ...data, what }, on: env, key: 'value' });
        else if (reader.isNamed(name, value, secrets)) report({ message: 'name', data, on: env, key: 'value' });
      }
    }
  },
});
