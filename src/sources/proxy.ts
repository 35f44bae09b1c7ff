import type { Agent as PlainAgent, AgentOptions } from 'node:http';
import type { Agent } from 'node:https';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';

/*
 * The way to a server according to HTTPS_PROXY, NO_PROXY and similar variables. As in kubectl, NO_PROXY may contain address blocks and IPv6
 * addresses (Go, httpproxy.Config).
 */

const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '');
const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv6(address) ? 'ipv6' : 'ipv4');

/** Whether NO_PROXY contains an address, by itself or in a block. */
function isExcepted(host: string): boolean {
  const address = withoutBrackets(host);
  if (isIP(address) === 0) return false;
  const blocks = new BlockList();
  for (const word of (process.env['no_proxy'] || process.env['NO_PROXY'] || '').split(/[,\s]/)) {
    const [start = '', length = ''] = word.split('/');
    const net = withoutBrackets(start);
    if (isIP(net) === 0) continue;
    if (length === '') blocks.addAddress(net, familyOf(net));
    else if (/^\d{1,3}$/.test(length) && Number(length) <= (isIPv6(net) ? 128 : 32))
      blocks.addSubnet(net, Number(length), familyOf(net));
  }
  return blocks.check(address, familyOf(address));
}

/** URL of the proxy for a server; empty if the connection is direct. */
export async function proxyFor(url: string): Promise<string> {
  const { getProxyForUrl } = await import('#sources/clients.ts');
  return isExcepted(new URL(url).hostname) ? '' : getProxyForUrl(url);
}

/** The error of a proxy that does not connect, distinct from errors of the server behind it. */
function refusalOf(error: Error): Error {
  const [, status] = /^Bad response: (\d{3})$/.exec(error.message) ?? [];
  if (status === undefined) return error;
  return Object.assign(new Error(`the proxy rejects the connection (${status})`), { code: 'EPROXY', cause: error });
}

/** Makes an agent write an IPv6 address in brackets, as CONNECT requires, and check the certificate for the bare address. */
function completed<T extends PlainAgent>(agent: T): T {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, done) => {
    const { host } = options;
    const checked = {
      checkServerIdentity: (_: string, certificate: PeerCertificate) => checkServerIdentity(host ?? '', certificate),
    };
    const bracketed =
      typeof host === 'string' && isIPv6(host) ? { ...options, ...checked, host: `[${host}]` } : options;
    return connect(bracketed, (error, stream) => done?.(error ? refusalOf(error) : error, stream));
  };
  return agent;
}

/** Connections through a proxy that are kept open. */
export async function agentThrough(
  proxy: string,
  options: AgentOptions & { readonly ca?: Buffer },
): Promise<{ readonly http: PlainAgent; readonly https: Agent }> {
  const { HttpProxyAgent, HttpsProxyAgent } = await import('#sources/clients.ts');
  return {
    http: completed(new HttpProxyAgent({ ...options, proxy })),
    https: completed(new HttpsProxyAgent({ ...options, proxy })),
  };
}
