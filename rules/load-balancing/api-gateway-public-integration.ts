import { Answer, defineRule } from '#rule';

/**
 * Host names of load balancers of the AWS Load Balancer Controller, and of the controller built into Kubernetes (its
 * documentation, naming).
 */
const madeForCluster =
  /^https?:\/\/(?:internal-)?(?:k8s-|a[\da-f]{31}-)[\w-]+\.(?:elb\.)?[\w.-]*elb[\w.-]*\.amazonaws\.com/;
/** A Service or an Ingress in these files. */
const ofObject = /\bkubernetes_(?:service|ingress)(?:_v1)?\b/;

export default defineRule({
  title: 'API Gateway should reach the cluster through a VPC link',
  severity: 'low',
  preset: 'opt-in',
  kinds: ['apiIntegration'],
  scope: 'model',
  messages: {
    internet:
      'The integration calls the load balancer of a cluster over the internet, so callers can bypass API Gateway',
  },
  help: 'Make the load balancer internal, and set the connection type to VPC_LINK',
  equivalents: [],
  sources: ['Amazon API Gateway Developer Guide, Private integrations for HTTP APIs'],
  check({ type, connectionType, uri, expression }, { report }) {
    report({
      when: (ofObject.test(expression.value ?? '') ? Answer.yes : uri.where((text) => madeForCluster.test(text)))
        .and(type.is('HTTP_PROXY'))
        .and(connectionType.is('INTERNET')),
      message: 'internet',
      at: uri.at,
    });
  },
});
