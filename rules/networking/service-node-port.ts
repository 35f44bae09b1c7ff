import { defineRule } from '#rule';
import { instanceTargets } from '#rule/ingress';
import { digList, digRecord } from '#rule/shape';

/** Fields that only Services with node ports may have. */
const nodeFields = ['externalTrafficPolicy', 'healthCheckNodePort'];

export default defineRule({
  title: 'Service should not be of type NodePort',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Service'],
  needs: ['type'],
  scope: 'workspace',
  fix: 'suggestion: set type ClusterIP',
  messages: {
    open: '{service} is of type NodePort, so every node accepts traffic that bypasses the load balancer and its TLS',
  },
  help: 'Set type: ClusterIP and expose the Service through an Ingress or a load balancer',
  equivalents: [
    'kube-score:service-type',
    'kube-linter:exposed-services',
    'popeye:1104',
    'monokle:KBP114',
    'kics:Service Type is NodePort',
  ],
  sources: ['NSA/CISA Kubernetes Hardening Guide', 'Kubernetes documentation, Service'],
  check(service, { report, workspace }) {
    const spec = digRecord(service.object, 'spec');
    if (spec?.['type'] !== 'NodePort') return;
    const targets = workspace.unit(service).once(instanceTargets);
    if (service.names.some((name) => targets.has(`${service.namespace}/${name}`))) return;
    const remove = (on: object, key: string) => ({ op: 'remove' as const, on, key });
    report({
      message: 'open',
      data: { service: service.title },
      on: spec,
      key: 'type',
      fix: {
        safe: false,
        edits: [
          { op: 'set', on: spec, key: 'type', value: 'ClusterIP' },
          ...nodeFields.filter((key) => Object.hasOwn(spec, key)).map((key) => remove(spec, key)),
          ...digList(spec, 'ports')
            .filter((port) => Object.hasOwn(port, 'nodePort'))
            .map((port) => remove(port, 'nodePort')),
        ],
      },
    });
  },
});
