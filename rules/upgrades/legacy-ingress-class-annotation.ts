import { defineRule } from '#rule';
import { annotationsOf } from '#rule/annotation';
import { digRecord } from '#rule/shape';

const annotation = 'kubernetes.io/ingress.class';

export default defineRule({
  title: 'Ingress should use ingressClassName',
  severity: 'low',
  preset: 'recommended',
  kinds: ['Ingress'],
  scope: 'workspace',
  // The field refers to an IngressClass, the annotation to any name that a controller recognizes (Kubernetes
  // documentation, Ingress, Deprecated annotation).
  fix: 'safe: move to spec.ingressClassName; a suggestion if the IngressClass is not in the input',
  messages: {
    old: '{ingress} uses the deprecated annotation kubernetes.io/ingress.class, which a later controller may ignore',
    both: '{ingress} sets annotation kubernetes.io/ingress.class and the same ingressClassName, so the deprecated annotation is redundant',
    differs:
      '{ingress} sets annotation kubernetes.io/ingress.class and another ingressClassName, so the API server rejects it when it is created',
  },
  help: {
    old: 'Set spec.ingressClassName, e.g. alb, and remove the annotation',
    both: 'Remove the annotation',
    differs: 'Remove the annotation, and check that ingressClassName is right',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Ingress'],
  check(ingress, { report, workspace }) {
    const found = annotationsOf(ingress.object).find(({ key }) => key === annotation);
    const spec = digRecord(ingress.object, 'spec');
    if (!found) return;
    const { on, key, value } = found;
    const data = { ingress: ingress.title };
    const removal = { op: 'remove' as const, on, key };
    const written = spec?.['ingressClassName'] ?? undefined;
    // The API server only accepts both if they are equal (Kubernetes, validation of Ingress).
    if (written === value) report({ message: 'both', data, on, key, fix: { safe: true, edits: [removal] } });
    else if (written !== undefined)
      report({ message: 'differs', data, on, key, severity: 'high', fix: { safe: false, edits: [removal] } });
    else
      report({
        message: 'old',
        data,
        on,
        key,
        ...(spec && value !== ''
          ? {
              fix: {
                safe: workspace.unit(ingress).find('IngressClass', value).length > 0,
                edits: [removal, { op: 'set' as const, on: spec, key: 'ingressClassName', value }],
              },
            }
          : {}),
      });
  },
});
