import { defineRule, type Neighbours } from '#rule';
import { albPrefix } from '#rule/ingress';
import { digList, digRecord, text } from '#rule/shape';

const isFull = (rule: Readonly<Record<string, unknown>>): boolean => /^[^*]/.test(text(rule['host']) ?? '');

/** Groups of ALB Ingresses in which at least one Ingress has a host. */
const groupsWithHost = (unit: Neighbours): ReadonlySet<string | undefined> =>
  new Set(
    unit
      .all('Ingress', '*')
      .filter(({ object }) => digList(object, 'spec', 'rules').some(isFull))
      .map(({ annotations }) => annotations[`${albPrefix}group.name`]),
  );

export default defineRule({
  title: 'Ingress should list its hosts',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Ingress'],
  needs: ['spec'],
  scope: 'workspace',
  messages: {
    any: '{ingress} has a rule without a host, so it accepts requests for every name that reaches the controller',
    wildcard: '{ingress} has the host {host}, so it accepts requests for names that other teams may use',
    default: '{ingress} has only a default backend, so it accepts requests for every name that no other Ingress has',
  },
  help: {
    any: 'Set the host, e.g. host: shop.example.com',
    wildcard: 'List the hosts, e.g. host: shop.example.com',
    default: 'Add rules with a host, e.g. host: shop.example.com',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Ingress'],
  check(ingress, { report, workspace }) {
    const spec = digRecord(ingress.object, 'spec');
    if (!spec) return;
    const group = ingress.annotations[`${albPrefix}group.name`];
    if (group !== undefined && workspace.unit(ingress).once(groupsWithHost).has(group)) return;
    const data = { ingress: ingress.title };
    const rules = digList(spec, 'rules');
    const key = ['defaultBackend', 'backend'].find((one) => Object.hasOwn(spec, one));
    if (rules.length === 0 && key !== undefined) report({ message: 'default', data, on: spec, key });
    for (const rule of rules) {
      const host = text(rule['host']) ?? '';
      if (host === '') report({ message: 'any', data, on: rule, key: 'host' });
      else if (host.startsWith('*.')) report({ message: 'wildcard', data: { ...data, host }, on: rule, key: 'host' });
    }
  },
});
