import { defineRule } from '#rule';
import { cidrSize } from '#rule/cidr';
import { digRecord, text } from '#rule/shape';

/** Host names that return credentials of the node in some cloud. */
const metadataHosts = new Set(['metadata.google.internal', 'metadata', 'instance-data', 'instance-data.ec2.internal']);

/** What is wrong with a host name that a Service points to; undefined if nothing. */
function faultOf(written: string, namespace: string): string | undefined {
  const name = written.toLowerCase().replace(/\.$/, '');
  if (name.includes('://')) return 'a URL, not a host name';
  if (cidrSize(name.replace(/^\[|\]$/g, '')) === 1) return 'an IP address, not a host name';
  if (name === 'localhost' || name.endsWith('.localhost')) return 'the client itself';
  if (/:\d*$/.test(name)) return 'a host name with a port';
  if (metadataHosts.has(name)) return 'the metadata service of the node';
  const [, other] = /^[^.]+\.([^.]+)\.svc(?:\.cluster\.local)?$/.exec(name) ?? [];
  if (other !== undefined && other !== namespace) return `a Service in namespace "${other}"`;
  return other === undefined && name.endsWith('.cluster.local') ? 'a cluster-internal name' : undefined;
}

export default defineRule({
  title: 'ExternalName should be a public host name',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Service'],
  needs: ['externalName'],
  scope: 'resource',
  messages: {
    unsafe: '{service} has externalName {name}, which is {fault}, so clients fail or reach internal targets',
  },
  help: 'Set externalName to a public host name, e.g. db.example.com',
  equivalents: [],
  sources: ['Kubernetes documentation, Service'],
  check(service, { report }) {
    const spec = digRecord(service.object, 'spec');
    const name = text(spec?.['externalName']);
    if (spec?.['type'] !== 'ExternalName' || name === undefined) return;
    const fault = faultOf(name, service.namespace);
    if (fault !== undefined)
      report({ message: 'unsafe', data: { service: service.title, name, fault }, on: spec, key: 'externalName' });
  },
});
