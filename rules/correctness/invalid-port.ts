import { defineRule, Workload } from '#rule';
import { dig, digList, digRecord, isRecord, list } from '#rule/shape';
import { keyFault } from '#rule/names';
import { isLeftOpen, unrendered } from '#rule/unknown';

const protocols = ['TCP', 'UDP', 'SCTP'];
const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;

/** Why a string is not an IANA service name, as the end of a sentence. */
function nameFault(name: string): string | undefined {
  if (name.length > 15) return 'is longer than 15 characters';
  if (!/^[a-z0-9-]+$/.test(name)) return 'must be lowercase letters, digits and "-"';
  if (!/[a-z]/.test(name)) return 'must have a letter';
  return name.startsWith('-') || name.endsWith('-') || name.includes('--')
    ? 'must not have "-" twice in a row or at an end'
    : undefined;
}
/** Why a string is not a DNS label, as the end of a sentence. */
function labelFault(name: string): string | undefined {
  if (name.length > 63) return 'is longer than 63 characters';
  return /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(name) ? undefined : 'must be lowercase letters, digits and "-"';
}
/** Names that are too long, and their usual abbreviations with at most 15 characters. */
const shorten = (name: string): string | undefined => {
  const made = name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/-{2,}/g, '-')
    .slice(0, 15)
    .replace(/^-|-$/g, '');
  return nameFault(made) === undefined ? made : undefined;
};

export default defineRule({
  title: 'Port name and number must be valid',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload', 'Service', 'NetworkPolicy', 'Ingress'],
  scope: 'resource',
  fix: 'suggestion: shorten the name, or write the protocol in capitals',
  messages: {
    number: '{field} of {holder} is outside 1 to 65535, so the API server rejects it',
    name: '{field} "{name}" of {holder} {fault}, so the API server rejects it',
    protocol: 'Protocol "{protocol}" of {holder} must be TCP, UDP or SCTP, so the API server rejects it',
    unnamed: 'A port of {title} has no name, but the Service has several ports, so the API server rejects it',
    appProtocol: 'appProtocol of {title} is not a valid name, so the API server rejects it',
    range: 'endPort of {title} is below its port, so the API server rejects it',
  },
  help: {
    number: 'Write a number from 1 to 65535, e.g. 8080',
    name: 'Use at most 15 lowercase letters, digits and hyphens, e.g. http-metrics',
    protocol: 'Write TCP, UDP or SCTP in capitals',
    unnamed: 'Name every port of the Service, e.g. http',
    appProtocol: 'Write a name such as http or kubernetes.io/h2c',
    range: 'Set endPort to the value of port or higher',
  },
  equivalents: [
    'kube-linter:invalid-target-ports',
    'kube-linter:schema-validation',
    'kube-score:container-ports-check',
  ],
  sources: ['Kubernetes documentation, Service'],
  check(resource, context) {
    const { report } = context;
    const { title, object } = resource;
    const judgeNumber = (on: object, key: string, field: string, holder: string, isOptional = false): void => {
      const value = dig(on, key);
      if (typeof value === 'number' && Number.isInteger(value) && (value < (isOptional ? 0 : 1) || value > 65_535))
        report({ message: 'number', data: { field, holder }, on, key });
    };
    const judgeName = (
      on: object,
      key: string,
      field: string,
      holder: string,
      { rename = false, faultOf = nameFault } = {},
    ): void => {
      const value = dig(on, key);
      if (typeof value !== 'string' || value === '') return;
      const fault = faultOf(value);
      if (fault === undefined || isLeftOpen(value, { on, key }, context)) return;
      const better = rename ? shorten(value) : undefined;
      report({
        message: 'name',
        data: { field, name: value, holder, fault },
        on,
        key,
        ...(better === undefined ? {} : { fix: { safe: false, edits: [{ op: 'set', on, key, value: better }] } }),
      });
    };
    /** A port that is a number, or the name of one. */
    const judgeEither = (on: object, key: string, field: string, holder: string): void => {
      const value = dig(on, key);
      if (typeof value === 'number') judgeNumber(on, key, field, holder);
      // A quoted number is a name without a letter.
      else judgeName(on, key, field, holder);
    };
    const judgeProtocol = (on: object, holder: string): void => {
      const value = dig(on, 'protocol');
      if (typeof value !== 'string' || value === '' || protocols.includes(value)) return;
      if (isLeftOpen(value, { on, key: 'protocol' }, context)) return;
      const better = value.toUpperCase();
      report({
        message: 'protocol',
        data: { protocol: value, holder },
        on,
        key: 'protocol',
        ...(protocols.includes(better)
          ? { fix: { safe: false, edits: [{ op: 'set', on, key: 'protocol', value: better }] } }
          : {}),
      });
    };
    const itemsAt = (holder: unknown, ...path: readonly string[]): readonly object[] => {
      return digList(holder, ...path);
    };

    if (resource instanceof Workload) {
      for (const { object: container, name } of resource.containers) {
        const holder = `container "${name}" in ${title}`;
        for (const port of list(container.ports)) {
          judgeNumber(port, 'containerPort', 'containerPort', holder);
          judgeNumber(port, 'hostPort', 'hostPort', holder, true);
          judgeName(port, 'name', 'Port name', holder, { rename: true });
          judgeProtocol(port, holder);
        }
        for (const probe of probes)
          for (const [handler, key] of [
            ['httpGet', 'port'],
            ['tcpSocket', 'port'],
            ['grpc', 'port'],
          ] as const) {
            const on = digRecord(container, probe, handler);
            if (on) judgeEither(on, key, `${probe} port`, holder);
          }
      }
      return;
    }
    switch (resource.known) {
      case 'Service': {
        const ports = itemsAt(object, 'spec', 'ports');
        for (const port of ports) {
          judgeNumber(port, 'port', 'port', title);
          // The API server reads 0 as the port itself.
          if (dig(port, 'targetPort') !== 0) judgeEither(port, 'targetPort', 'targetPort', title);
          judgeProtocol(port, title);
          const name = dig(port, 'name');
          if (ports.length > 1 && (name === undefined || name === null || name === ''))
            report({ message: 'unnamed', data: { title }, on: port });
          // Names of Service ports are DNS labels, which may be longer and start with digits.
          judgeName(port, 'name', 'Port name', title, { faultOf: labelFault });
          const protocol = dig(port, 'appProtocol');
          if (
            typeof protocol === 'string' &&
            protocol !== '' &&
            !unrendered(protocol) &&
            keyFault(protocol) !== undefined
          )
            report({ message: 'appProtocol', data: { title }, on: port, key: 'appProtocol' });
        }
        break;
      }
      case 'NetworkPolicy':
        for (const direction of ['ingress', 'egress'])
          for (const rule of itemsAt(object, 'spec', direction))
            for (const port of itemsAt(rule, 'ports')) {
              judgeEither(port, 'port', 'port', title);
              judgeNumber(port, 'endPort', 'endPort', title);
              judgeProtocol(port, title);
              const [from, to] = [dig(port, 'port'), dig(port, 'endPort')];
              if (typeof from === 'number' && typeof to === 'number' && to < from)
                report({ message: 'range', data: { title }, on: port, key: 'endPort' });
            }
        break;
      case 'Ingress': {
        const backends = [
          dig(object, 'spec', 'defaultBackend'),
          ...itemsAt(object, 'spec', 'rules').flatMap((rule) =>
            itemsAt(rule, 'http', 'paths').map((path) => dig(path, 'backend')),
          ),
        ];
        for (const backend of backends) {
          const port = digRecord(backend, 'service', 'port');
          if (!port || !isRecord(port)) continue;
          judgeNumber(port, 'number', 'Backend port', title, true);
          judgeName(port, 'name', 'Backend port name', title);
        }
        break;
      }
    }
  },
});
