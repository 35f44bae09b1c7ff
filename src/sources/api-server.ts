import {
  Agent as PlainAgent,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
  request as plainRequest,
} from 'node:http';
import { Agent, request } from 'node:https';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { readBytes } from './body.ts';
import { Turns } from './turns.ts';

/** How to connect to an API server. */
export interface Access {
  /** URL of the API server. */
  readonly server: string;
  /** URL of the proxy to use, if it is not that of HTTPS_PROXY. */
  readonly proxy?: string | undefined;
  /** TLS material and headers of the current credentials. `renew`: the server has rejected the previous ones. */
  credentials(renew: boolean): Promise<RequestOptions>;
  /** Milliseconds until a request is aborted. */
  readonly patience: number;
  /** Maximum number of bytes in an answer after decompression; larger ones are aborted. */
  readonly largest: number;
}

/** Limits on the time and size of what an audit reads. */
export const limits = { patience: 30_000, largest: 200_000_000 } as const;

/** What a server answered. `body` is parsed JSON, or undefined if it sent none. */
export interface ServerAnswer {
  readonly status: number;
  readonly body: unknown;
  /** Seconds that the server asks to wait. */
  readonly retryAfter: number | undefined;
  /** The server's clock, in its own format. */
  readonly date: string | undefined;
}

/** Why a server gave no usable answer, as a clause: `connection refused`. */
export class NoAnswer extends Error {}
/** What OpenSSL calls a certificate whose authority is not known (Node documentation, X509 certificate error codes). */
export const untrustedCodes = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];
export const untrusted = 'its certificate is not signed by a trusted authority';
export const loginOver = 'the login to the API server expired during the audit';
/** A login that has expired, which ends all requests. */
export class LoginOver extends NoAnswer {}
export const timedOut = 'the audit timed out';
export class TimedOut extends NoAnswer {}

/** Milliseconds after which credentials are requested again: EKS accepts a token for 15 minutes. */
const fresh = 600_000;

const most = { tries: 6, atOnce: 4, pause: 20_000 };
const wait = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms));

/** A client that can only read: there is no way to give it a method or a body. At most four requests run at once. */
export class ApiServer {
  readonly #access: Access;
  readonly #signal: AbortSignal;
  #agent: Promise<Agent | PlainAgent> | undefined;
  #login: { readonly options: Promise<RequestOptions>; readonly at: number } | undefined;
  /** Whether the server has taken the credentials before. */
  #isIn = false;
  #over: LoginOver | undefined;
  /** Why credentials could not be made anew. */
  #cause: unknown;
  readonly #turns = new Turns(most.atOnce);
  readonly #underWay = new Set<ClientRequest>();

  constructor(access: Access, signal: AbortSignal) {
    this.#access = access;
    this.#signal = signal;
    // Once for all requests: a signal of its own costs a request as much as its headers.
    const end = (): void => this.#underWay.forEach((sent) => sent.destroy(new TimedOut(timedOut)));
    signal.addEventListener('abort', end, { once: true });
  }

  /**
   * GET of a path. Waits and retries if the server is overloaded; renews credentials once.
   * @throws NoAnswer if the server cannot be reached, is too slow, or sends invalid JSON.
   */
  async get(path: string, accept = 'application/json'): Promise<ServerAnswer> {
    await this.#turns.enter();
    try {
      let renewed = false;
      for (let tries = 1; ; tries++) {
        if (this.#over) throw this.#over;
        const login = await this.#logIn();
        const answer = await this.#once(path, accept, login);
        if (answer.status !== 401) this.#isIn = true;
        else if (!renewed) {
          renewed = true;
          await this.#renew(login);
          tries = 0;
          continue;
        } else if (this.#isIn) await this.#checkLogin(login);
        const busy = answer.status === 429 || (answer.status >= 500 && answer.status !== 501);
        if (!busy || tries >= (answer.status === 503 ? 3 : most.tries)) return answer;
        const backoff = 250 * 2 ** (tries - 1) * (0.5 + Math.random());
        await this.#pause(Math.min(answer.retryAfter === undefined ? backoff : answer.retryAfter * 1000, most.pause));
      }
    } finally {
      this.#turns.leave();
    }
  }

  close(): void {
    void this.#agent?.then((agent) => agent.destroy());
  }

  async #pause(ms: number): Promise<void> {
    await Promise.race([wait(ms), new Promise<void>((done) => this.#signal.addEventListener('abort', () => done()))]);
    if (this.#signal.aborted) throw new TimedOut(timedOut);
  }

  /** The current credentials, made anew before they are too old. */
  async #logIn(): Promise<RequestOptions> {
    const last = this.#login;
    if (last && Date.now() - last.at < fresh) return await last.options;
    const next = { options: this.#access.credentials(false), at: Date.now() };
    this.#login = next;
    try {
      return await next.options;
    } catch (error) {
      if (!last) throw error;
      // The old ones may still be valid; if not, the server says so.
      this.#login = { options: last.options, at: next.at };
      return await last.options;
    }
  }
  /** Renews credentials that the server has rejected, once for all requests that were rejected with them. */
  async #renew(refused: RequestOptions): Promise<void> {
    const last = this.#login;
    if (last && (await last.options) !== refused) return;
    const next = { options: this.#access.credentials(true), at: Date.now() };
    this.#login = next;
    try {
      await next.options;
    } catch (error) {
      if (!this.#isIn) throw error;
      this.#login = last;
      this.#cause = error;
    }
  }
  /**
   * The server of one API group may reject credentials that the others accept. @throws LoginOver if the API server
   * itself rejects them.
   */
  async #checkLogin(login: RequestOptions): Promise<void> {
    if ((await this.#once('/version', 'application/json', login)).status !== 401) return;
    const cause = this.#cause;
    throw (this.#over ??= new LoginOver(loginOver, { cause }));
  }

  async #once(path: string, accept: string, credentials: RequestOptions): Promise<ServerAnswer> {
    const agent = await (this.#agent ??= makeAgent(this.#access));
    if (this.#signal.aborted) throw new TimedOut(timedOut);
    const url = new URL(this.#access.server);
    const prefix = url.pathname.replace(/\/$/, '');
    const { patience, largest } = this.#access;
    const options: RequestOptions = {
      ...credentials,
      method: 'GET',
      protocol: url.protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port,
      path: `${prefix}${path}`,
      agent,
      headers: { ...credentials.headers, accept, 'accept-encoding': 'gzip', 'user-agent': 'ekslint' },
    };
    return await new Promise<ServerAnswer>((done, fail) => {
      const late = setTimeout(
        () => sent.destroy(new NoAnswer(`no response within ${patience / 1000} seconds`)),
        patience,
      );
      const end = (error: unknown): void => {
        clearTimeout(late);
        this.#underWay.delete(sent);
        fail(error instanceof NoAnswer ? error : new NoAnswer(reasonOf(error)));
      };
      const sent = (url.protocol === 'http:' ? plainRequest : request)(options, (response) => {
        readBody(response, largest)
          .then((text) => {
            clearTimeout(late);
            this.#underWay.delete(sent);
            done({
              status: response.statusCode ?? 0,
              body: parse(text, response),
              retryAfter: retryAfter(response),
              date: response.headers.date,
            });
          })
          .catch((error: unknown) => {
            sent.destroy();
            end(error);
          });
      });
      this.#underWay.add(sent);
      sent.on('error', end);
      sent.end();
    });
  }
}

/** Connections that are kept open, through the proxy that the kubeconfig or HTTPS_PROXY and NO_PROXY name. */
async function makeAgent({ server, proxy }: Pick<Access, 'server' | 'proxy'>): Promise<Agent | PlainAgent> {
  const options = { keepAlive: true, maxSockets: most.atOnce };
  const isPlain = server.startsWith('http:');
  const isMentioned = Object.keys(process.env).some((name) => /^(?:https?|all)_proxy$/i.test(name));
  if (proxy === undefined && !isMentioned) return isPlain ? new PlainAgent(options) : new Agent(options);
  const { agentThrough, proxyFor } = await import('./proxy.ts');
  const by = proxy ?? (await proxyFor(server));
  if (by === '') return isPlain ? new PlainAgent(options) : new Agent(options);
  const { http, https } = await agentThrough(by, options);
  return isPlain ? http : https;
}

const retryAfter = ({ headers }: IncomingMessage): number | undefined =>
  /^\d{1,4}$/.test(headers['retry-after'] ?? '') ? Number(headers['retry-after']) : undefined;

async function readBody(response: IncomingMessage, largest: number): Promise<string> {
  const isPacked = response.headers['content-encoding'] === 'gzip';
  const body = isPacked ? pipeline(response, createGunzip(), () => {}) : response;
  const tooLong = (): NoAnswer => new NoAnswer(`a response of more than ${Math.round(largest / 1e6)} MB`);
  return (await readBytes(body, largest, tooLong)).toString('utf8');
}

function parse(text: string, response: IncomingMessage): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    if ((response.statusCode ?? 0) >= 400) return undefined; // an error page of a proxy, in HTML
    throw new NoAnswer('a response that is not JSON');
  }
}

/** An error below HTTP, as a clause. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'connection refused',
    ECONNRESET: 'the connection was closed',
    ENOTFOUND: 'the host name is unknown',
    EAI_AGAIN: 'the host name could not be resolved',
    ETIMEDOUT: 'the connection timed out',
    EHOSTUNREACH: 'the host cannot be reached',
    ENETUNREACH: 'the network cannot be reached',
    CERT_HAS_EXPIRED: 'the certificate of the server has expired',
    ...Object.fromEntries(untrustedCodes.map((one) => [one, untrusted])),
  };
  return words[code ?? ''] ?? message;
}
