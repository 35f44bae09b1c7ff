import { Answer, defineRule } from '#rule';
import { dig, digRecord } from '#rule/shape';

export default defineRule({
  title: 'VPC Lattice should write access logs',
  severity: 'low',
  preset: 'strict',
  kinds: ['Gateway'],
  scope: 'workspace',
  needs: ['gatewayClassName'],
  asks: ['lattice'],
  messages: {
    none: '{gateway} is a VPC Lattice network without access logs, so calls to its services cannot be traced',
  },
  help: 'Add an AccessLogPolicy with targetRef to the Gateway and destinationArn of a log group, bucket or delivery stream',
  equivalents: [],
  sources: ['AWS Gateway API Controller documentation, AccessLogPolicy'],
  check(gateway, { report, workspace }) {
    const spec = digRecord(gateway.object, 'spec');
    if (!spec || spec['gatewayClassName'] !== 'amazon-vpc-lattice') return;
    const unit = workspace.unit(gateway);
    const isLogged = unit
      .all('AccessLogPolicy')
      .some(
        ({ object }) =>
          dig(object, 'spec', 'targetRef', 'kind') === 'Gateway' &&
          dig(object, 'spec', 'targetRef', 'name') === gateway.name,
      );
    if (isLogged) return;
    // The controller uses the network with the same name, which other files may define.
    const logged = workspace
      .parts('lattice')
      .filter(({ isNetwork }) => isNetwork)
      .map(({ name, accessLogs }) => name.is(gateway.name).and(Answer.of(accessLogs.items.length > 0)))
      .reduce((all, one) => all.or(one), Answer.no);
    report({
      when: logged.not().and(unit.closed),
      message: 'none',
      data: { gateway: gateway.title },
      on: spec,
      key: 'gatewayClassName',
    });
  },
});
