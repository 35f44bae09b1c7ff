import { defineRule, type Neighbours } from '#rule';
import { dig } from '#rule/shape';

/** Whether a PriorityClass is the default for pods that set none. */
const hasDefault = (unit: Neighbours): boolean =>
  unit.all('PriorityClass', '*').some(({ object }) => dig(object, 'globalDefault') === true);

export default defineRule({
  title: 'Pod should have a priority class',
  severity: 'low',
  preset: 'opt-in',
  kinds: ['Workload'],
  scope: 'workspace',
  options: {
    allowed: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Priority classes that pods may use; empty allows all.',
    },
  },
  messages: {
    missing: '{workload} has no priorityClassName, so on a full node it may be evicted before less important pods',
    other: '{workload} has priority class "{name}", which is not among the allowed classes',
  },
  help: {
    missing: 'Set priorityClassName to a PriorityClass, or define one with globalDefault: true',
    other: 'Set priorityClassName to one of the classes in the option allowed',
  },
  equivalents: ['polaris:priorityClassNotSet', 'kube-linter:priority-class-name'],
  sources: ['Kubernetes documentation, Pod Priority and Preemption'],
  check(workload, { options, report, workspace }) {
    const name: unknown = workload.pod.priorityClassName ?? '';
    const place = { on: workload.pod, key: 'priorityClassName' };
    const unit = workspace.unit(workload);
    if (name === '') {
      if (!unit.once(hasDefault))
        report({ message: 'missing', data: { workload: workload.title }, when: unit.closed, ...place });
    } else if (typeof name === 'string' && options.allowed.length > 0 && !options.allowed.includes(name))
      report({ message: 'other', data: { workload: workload.title, name }, ...place });
  },
});
