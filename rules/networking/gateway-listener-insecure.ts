import { defineRule } from '#rule';
import { dig, digList, digRecord, text } from '#rule/shape';

export default defineRule({
  title: 'Gateway listener should use TLS',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Gateway'],
  needs: ['spec'],
  scope: 'resource',
  options: {
    redirectPorts: {
      type: 'array',
      items: { type: 'integer', minimum: 1, maximum: 65535 },
      default: [80],
      description: 'Ports that may use HTTP, for redirects to HTTPS.',
    },
  },
  messages: {
    plain: '{gateway} has listener "{listener}" with {protocol} on port {port}, so its traffic is not encrypted',
    certificate:
      '{gateway} has listener "{listener}" that terminates TLS without a certificate, so it serves no requests',
    namespaces:
      '{gateway} accepts routes from all namespaces at listener "{listener}", so any team can take over its hosts',
  },
  help: {
    plain: 'Set protocol: HTTPS with tls.certificateRefs, or add the port to the option redirectPorts',
    certificate: 'Set tls.certificateRefs, e.g. [{name: shop-tls}]',
    namespaces: 'Set allowedRoutes.namespaces.from: Selector, and select the intended namespaces by label',
  },
  equivalents: ['kubescape:C-0266'],
  sources: ['Gateway API documentation'],
  check(gateway, { options, report }) {
    const spec = digRecord(gateway.object, 'spec');
    const lattice = spec?.['gatewayClassName'] === 'amazon-vpc-lattice';
    for (const listener of digList(spec, 'listeners')) {
      const protocol = text(listener['protocol']) ?? '';
      const { port: written } = listener;
      const port = typeof written === 'number' ? String(written) : (text(written) ?? '');
      const data = { gateway: gateway.title, listener: text(listener['name']) ?? '' };
      if ((protocol === 'HTTP' || protocol === 'TCP') && !options.redirectPorts.includes(Number(port)))
        report({ message: 'plain', data: { ...data, protocol, port }, on: listener, key: 'protocol' });
      const ends =
        (protocol === 'HTTPS' || protocol === 'TLS') && (dig(listener, 'tls', 'mode') ?? 'Terminate') === 'Terminate';
      // VPC Lattice gets its certificate from a ServiceExport or a TargetGroupPolicy.
      if (ends && !lattice && digList(listener, 'tls', 'certificateRefs').length === 0) {
        const tls = digRecord(listener, 'tls');
        report({
          message: 'certificate',
          data,
          ...(tls ? { on: tls, key: 'certificateRefs' } : { on: listener, key: 'tls' }),
        });
      }
      const namespaces = digRecord(listener, 'allowedRoutes', 'namespaces');
      if (namespaces?.['from'] === 'All') report({ message: 'namespaces', data, on: namespaces, key: 'from' });
    }
  },
});
