import { defineRule } from '#rule';
import { list } from '#rule/shape';

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export default defineRule({
  title: 'Environment variable should be set only once',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['env'],
  scope: 'resource',
  fix: 'safe: remove the earlier entry if both are equal',
  messages: {
    equal: 'Container "{container}" of {workload} sets variable "{name}" twice, so an update may drop one entry',
    differs:
      'Container "{container}" of {workload} sets variable "{name}" to two values, so only the last takes effect',
  },
  help: 'Keep only one entry for {name}',
  equivalents: ['kube-linter:duplicate-env-var', 'kube-score:environment-variable-key-duplication', 'kubescape:C-0295'],
  sources: ['Kubernetes API reference'],
  check(workload, { report }) {
    for (const { object, name: container } of workload.containers) {
      const env: unknown = object.env;
      if (!Array.isArray(env)) continue;
      const last = new Map<string, object>();
      for (const variable of list(env as { name?: unknown }[])) {
        const { name } = variable;
        if (typeof name !== 'string' || name === '') continue;
        const earlier = last.get(name);
        last.set(name, variable);
        if (!earlier) continue;
        const data = { container, workload: workload.title, name };
        const related = [workload.place(earlier, 'name')];
        // A variable between the two may be built from the earlier entry.
        if (isSame(earlier, variable))
          report({
            message: 'equal',
            data,
            on: variable,
            key: 'name',
            related,
            ...(env.some((one) => typeof one === 'object' && JSON.stringify(one).includes(`$(${name})`))
              ? {}
              : { fix: { safe: true, edits: [{ op: 'remove', on: env, key: env.indexOf(earlier) }] } }),
          });
        else report({ message: 'differs', data, on: variable, key: 'name', related, severity: 'high' });
      }
    }
  },
});
