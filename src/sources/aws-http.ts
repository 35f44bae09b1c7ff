import { readFileSync } from 'node:fs';
import { Agent as PlainAgent } from 'node:http';
import { Agent } from 'node:https';
import type { Readable } from 'node:stream';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { UserError } from '#errors.ts';
import { timedOut } from './api-server.ts';
import { readBytes } from './body.ts';
import { agentThrough, proxyFor } from './proxy.ts';

/** Limits on the time and size of what an audit reads from AWS. */
export interface Patience {
  /** Milliseconds until an answer must start, and again until it must be complete. */
  readonly answer: number;
  /** Maximum number of bytes in an answer. */
  readonly largest: number;
  /** Maximum number of attempts of a call. */
  readonly tries: number;
}
export const patience: Patience = { answer: 30_000, largest: 50_000_000, tries: 8 };

/** Maximum number of connections to one host. */
const sockets = 8;

/** The CA certificates for AWS, if a company has its own (AWS CLI, AWS_CA_BUNDLE). */
function readBundle(): Buffer | undefined {
  const file = process.env['AWS_CA_BUNDLE'];
  if (file === undefined || file === '') return undefined;
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UserError(`cannot read ${file}, the file in AWS_CA_BUNDLE`, { cause, hint: 'Check AWS_CA_BUNDLE.' });
  }
}

/**
 * The HTTP handler of all AWS clients: it uses the proxy that HTTPS_PROXY and NO_PROXY name for a host, and applies
 * `limits`.
 */
export async function makeHandler(limits: Patience): Promise<NodeHttpHandler> {
  const { NodeHttpHandler } = await import('#sources/clients.ts');
  const ca = readBundle();
  const tls = ca ? { ca } : {};
  const options = { keepAlive: true, maxSockets: sockets };
  const made = new Map<string, Promise<NodeHttpHandler>>();
  const make = async (proxy: string): Promise<NodeHttpHandler> => {
    const agents =
      proxy === ''
        ? { http: new PlainAgent(options), https: new Agent({ ...options, ...tls }) }
        : await agentThrough(proxy, { ...options, ...tls });
    return new NodeHttpHandler({
      connectionTimeout: limits.answer,
      requestTimeout: limits.answer,
      throwOnRequestTimeout: true,
      httpAgent: agents.http,
      httpsAgent: agents.https,
    });
  };
  const handlerFor = (proxy: string): Promise<NodeHttpHandler> => {
    const handler = made.get(proxy) ?? make(proxy);
    made.set(proxy, handler);
    return handler;
  };
  class Handler extends NodeHttpHandler {
    override async handle(...[request, how]: Parameters<NodeHttpHandler['handle']>) {
      const { protocol, hostname, port } = request;
      const proxy = await proxyFor(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`);
      const { response } = await (await handlerFor(proxy)).handle(request, how);
      const bytes = await bytesOf(response.body as Readable, limits, how?.abortSignal);
      if (response.statusCode < 300) checkRoot(request.body, bytes);
      response.body = bytes;
      return { response };
    }
    override destroy(): void {
      for (const handler of made.values()) void handler.then((one) => one.destroy());
    }
  }
  return new Handler();
}

/**
 * Services with the query protocol (EC2, IAM, RDS, Auto Scaling, STS) answer in XML whose root element names the action. The SDK would read
 * any other XML as an empty list.
 * @throws Error for any other answer.
 */
function checkRoot(asked: unknown, bytes: Buffer): void {
  const [, action] = typeof asked === 'string' ? (/^(?:.*&)?Action=(\w+)(?:&|$)/.exec(asked) ?? []) : [];
  if (action === undefined) return;
  const start = bytes.subarray(0, 1000).toString('latin1');
  const [, root] = /^\s*(?:<\?[^>]*>\s*)?<([\w:.-]+)/.exec(start) ?? [];
  if (root?.replace(/^.*:/, '') !== `${action}Response`) throw new Error(`its response is not for ${action}`);
}

const page = /^\s*<(?:!doctype\s+html|html)\b/i;

/**
 * The body of an answer: no call of an audit streams, so nothing is needed between the connection and the parser.
 * @throws Error if it is too long, takes too long, or the time of the audit is over.
 */
async function bytesOf(
  body: Readable,
  { answer, largest }: Patience,
  stop: { readonly aborted: boolean } | undefined,
): Promise<Buffer> {
  const late = setTimeout(
    () => body.destroy(new Error(`its response takes longer than ${answer / 1000} seconds`)),
    answer,
  );
  try {
    const bytes = await readBytes(body, largest, () => new Error(`its response is longer than ${largest / 1e6} MB`));
    // The SDK would read a page in XHTML as an empty list.
    if (page.test(bytes.subarray(0, 200).toString('latin1')))
      throw new Error('its response is a web page, e.g. from a proxy that asks for a login');
    return bytes;
  } catch (error) {
    // At the end of the audit the client closes the connection, which looks like a network failure.
    throw stop?.aborted === true ? Object.assign(new Error(timedOut, { cause: error }), { name: 'AbortError' }) : error;
  } finally {
    clearTimeout(late);
  }
}
