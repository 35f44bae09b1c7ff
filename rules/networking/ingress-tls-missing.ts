import { defineRule } from '#rule';
import { classesOf, classOf, isAlb } from '#rule/ingress';
import { digList, digRecord, text } from '#rule/shape';
import { unrendered } from '#rule/unknown';

/** Whether a certificate host covers the host of a rule: the same, or a wildcard for one label. */
const covers = (certified: string, host: string): boolean =>
  certified === host || (certified.startsWith('*.') && host.slice(host.indexOf('.')) === certified.slice(1));

/**
 * Whether the controller passes encrypted connections through to the pods, which have the certificate (ingress-nginx
 * and HAProxy, ssl-passthrough).
 */
const passesTls = ({ annotations }: { readonly annotations: Readonly<Record<string, string>> }): boolean =>
  Object.entries(annotations).some(([key, value]) => key.endsWith('/ssl-passthrough') && value === 'true');

export default defineRule({
  title: 'Ingress should use TLS',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Ingress'],
  scope: 'workspace',
  options: {
    externalTls: {
      type: 'array',
      items: { type: 'string' },
      default: ['alb'],
      description: 'Ingress classes whose controllers get certificates from elsewhere.',
    },
  },
  messages: {
    none: '{ingress} has no tls section, so the controller serves its hosts without encryption',
    host: '{ingress} serves host {host} without a tls entry, so its traffic is not encrypted',
  },
  help: {
    none: 'Add a tls section, e.g. tls: [{hosts: [shop.example.com], secretName: shop-tls}]',
    host: 'Add {host} to the hosts of a tls entry',
  },
  equivalents: ['polaris:tlsSettingsMissing', 'kubescape:C-0263'],
  sources: ['Kubernetes documentation, Ingress'],
  check(ingress, { options, report, undetermined, workspace }) {
    const spec = digRecord(ingress.object, 'spec');
    if (!spec) return;
    const unit = workspace.unit(ingress);
    const names = [classOf(ingress), ...classesOf(ingress, unit).map(({ name }) => name)];
    if (names.some((name) => name !== undefined && options.externalTls.includes(name)) || isAlb(ingress, unit)) return;
    if (passesTls(ingress)) return;
    const entries = digList(spec, 'tls');
    const place = { on: spec, key: 'tls' } as const;
    const data = { ingress: ingress.title };
    if (names.some(unrendered)) {
      if (entries.length === 0) undetermined('its class is an unrendered template', place);
    } else if (entries.length === 0) {
      if (!unrendered(spec['tls'])) report({ message: 'none', data, ...place });
    } else {
      const hosts = entries.flatMap((entry) => {
        const all = entry['hosts'];
        return Array.isArray(all) ? all.flatMap((one) => text(one) ?? []) : [];
      });
      // An entry without hosts is for all of them.
      if (hosts.length === 0 || entries.some((entry) => !Array.isArray(entry['hosts']) || entry['hosts'].length === 0))
        return;
      for (const rule of digList(spec, 'rules')) {
        const host = text(rule['host']) ?? '';
        if (host !== '' && !hosts.some((one) => covers(one, host)))
          report({ message: 'host', data: { ...data, host }, on: rule, key: 'host' });
      }
    }
  },
});
