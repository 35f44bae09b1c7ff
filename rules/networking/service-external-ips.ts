import { defineRule } from '#rule';
import { digRecord } from '#rule/shape';

export default defineRule({
  title: 'Service must not use externalIPs',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Service'],
  needs: ['externalIPs'],
  scope: 'resource',
  fix: 'suggestion: remove externalIPs',
  messages: {
    external: '{service} sets externalIPs, so it can intercept traffic from other pods to these addresses',
  },
  help: 'Remove externalIPs and use type: LoadBalancer',
  equivalents: ['trivy:KSV-0108'],
  sources: ['CVE-2020-8554 advisory', 'Kubernetes blog, deprecation of Service externalIPs'],
  check(service, { report }) {
    const spec = digRecord(service.object, 'spec');
    const addresses = spec?.['externalIPs'];
    if (!spec || !Array.isArray(addresses) || addresses.length === 0) return;
    report({
      message: 'external',
      data: { service: service.title },
      on: spec,
      key: 'externalIPs',
      fix: { safe: false, edits: [{ op: 'remove', on: spec, key: 'externalIPs' }] },
    });
  },
});
