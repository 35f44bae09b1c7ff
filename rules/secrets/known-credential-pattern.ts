import { defineRule, Workload } from '#rule';
import { credentialReader, formIn } from '#rule/credentials';
import { commandsOf } from '#rule/pod';
import { isRecord, table } from '#rule/shape';

/** No object that people write is deeper. */
const deepest = 60;
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/** Fields whose values the other rules of this category judge, and copies of other fields. */
const coveredKeys: Readonly<Record<string, readonly string[]>> = table({
  Secret: ['data', 'stringData'],
  ConfigMap: ['data', 'binaryData'],
});

/** The environment variables and commands of a workload. */
const coveredParts = (workload: Workload): ReadonlySet<unknown> =>
  new Set(workload.containers.flatMap((container) => [container.object.env, ...commandsOf(container)]));

export default defineRule({
  title: 'Field must not contain a known credential',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Resource'],
  scope: 'resource',
  messages: {
    shape: '{title} contains {what} in the field {field}, so anyone who can read the object or the manifest has it',
  },
  help: 'Move the value to a Secret, refer to it by name, and rotate the credential',
  equivalents: [],
  sources: ['OWASP Kubernetes Top Ten'],
  check(resource, { report }) {
    if (resource.kind === 'CustomResourceDefinition') return;
    const reader = credentialReader();
    const seen = new Set<unknown>(resource instanceof Workload ? coveredParts(resource) : []);
    const top = coveredKeys[resource.known ?? ''] ?? [];
    const visit = (holder: object, depth: number): void => {
      if (depth > deepest || seen.has(holder)) return;
      seen.add(holder);
      for (const [key, value] of Object.entries(holder) as [string, unknown][]) {
        if ((depth === 0 && top.includes(key)) || key === 'managedFields' || key === lastApplied) continue;
        if (typeof value === 'string') {
          const what = value.length < 16 ? undefined : formIn(value, reader);
          if (what === undefined) continue;
          report({
            message: 'shape',
            data: { title: resource.title, what, field: key },
            on: holder,
            key: Array.isArray(holder) ? Number(key) : key,
          });
        } else if (isRecord(value) || Array.isArray(value)) visit(value, depth + 1);
      }
    };
    visit(resource.object, 0);
  },
});
