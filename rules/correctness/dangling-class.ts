import { defineRule, Workload } from '#rule';
import { isPlatformObject, whyObjectUnseen } from '#rule/absence';
import { digRecord } from '#rule/shape';
import { isLeftOpen } from '#rule/unknown';

export default defineRule({
  title: 'PriorityClass, RuntimeClass and IngressClass must exist',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload', 'Ingress'],
  needs: ['priorityClassName', 'runtimeClassName', 'ingressClassName'],
  scope: 'workspace',
  options: {
    external: {
      type: 'array',
      items: { type: 'string' },
      default: ['alb', 'nginx'],
      description: 'Classes that exist but are not in the input. Not used when auditing a cluster.',
    },
  },
  messages: {
    missing: '{title} uses {kind} "{name}", which does not exist, so {effect}',
  },
  help: 'Correct the name, add the {kind}, or list it in the option external',
  equivalents: ['popeye:407', 'monokle:LNK001'],
  sources: ['Kubernetes documentation, Pod Priority and Preemption'],
  check(resource, context) {
    const { options, workspace, report, undetermined } = context;
    const unit = workspace.unit(resource);
    const bundle = workspace.bundle(resource);
    const judge = (on: object | undefined, key: string, kind: string, effect: string): void => {
      const name: unknown = on && (on as Record<string, unknown>)[key];
      if (!on || typeof name !== 'string' || name === '') return;
      if (isPlatformObject(kind, name, '') || (kind === 'PriorityClass' && name.startsWith('system-'))) return;
      if (!bundle.live && options.external.includes(name)) return;
      if (unit.find(kind, name, '*').length > 0 || (!bundle.live && bundle.all(kind, '*').length === 0)) return;
      if (isLeftOpen(name, { on, key }, context)) return;
      const why = whyObjectUnseen(unit, kind, name, undefined);
      if (why === undefined)
        report({ message: 'missing', data: { title: resource.title, kind, name, effect }, on, key });
      else undetermined(why, { on, key });
    };
    if (resource instanceof Workload) {
      judge(resource.pod, 'priorityClassName', 'PriorityClass', 'no pod can be created');
      judge(resource.pod, 'runtimeClassName', 'RuntimeClass', 'no pod can be created');
    } else judge(digRecord(resource.object, 'spec'), 'ingressClassName', 'IngressClass', 'no controller serves it');
  },
});
