import { defineRule, type Neighbours } from '#rule';
import { classesOf, classOf } from '#rule/ingress';
import { digRecord } from '#rule/shape';

const classNames = (unit: Neighbours): readonly string[] => [
  ...new Set(unit.all('IngressClass', '*').map(({ name }) => name)),
];

export default defineRule({
  title: 'Ingress should set its class',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Ingress'],
  scope: 'workspace',
  fix: 'suggestion: set ingressClassName',
  messages: { missing: '{ingress} sets no class, so no controller serves it unless the cluster has a default class' },
  help: 'Set spec.ingressClassName, e.g. ingressClassName: alb',
  equivalents: [],
  sources: ['Kubernetes documentation, Ingress'],
  check(ingress, { report, workspace }) {
    const spec = digRecord(ingress.object, 'spec');
    const unit = workspace.unit(ingress);
    if (!spec || classOf(ingress) !== undefined || classesOf(ingress, unit).length > 0) return;
    const names = unit.once(classNames);
    const [value] = names;
    report({
      message: 'missing',
      data: { ingress: ingress.title },
      on: spec,
      key: 'ingressClassName',
      // The default class usually comes with the chart of the controller.
      ...(names.length > 0 || unit.live ? {} : { severity: 'low' }),
      ...(names.length === 1
        ? { fix: { safe: false, edits: [{ op: 'set', on: spec, key: 'ingressClassName', value }] } }
        : {}),
    });
  },
});
