import type { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ECRClient } from '@aws-sdk/client-ecr';
import type { EFSClient } from '@aws-sdk/client-efs';
import type { Cluster, EKSClient } from '@aws-sdk/client-eks';
import type { GuardDutyClient } from '@aws-sdk/client-guardduty';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { RDSClient } from '@aws-sdk/client-rds';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { STSClient } from '@aws-sdk/client-sts';
import type { VPCLatticeClient } from '@aws-sdk/client-vpc-lattice';
import { UserError } from '#errors.ts';
import { allActions } from '#model/aws-reads.ts';
import { dig } from '#model/dig.ts';
import { timedOut, untrusted, untrustedCodes } from './api-server.ts';
import { makeHandler, type Patience, patience } from './aws-http.ts';

/** The AWS options of the command line. */
export interface AwsWords {
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** ARN of a role that is assumed for reading. */
  readonly roleArn?: string | undefined;
  /** Aborts all calls. */
  readonly stop?: AbortSignal;
  readonly patience?: Patience;
}

/** What EKS says about a cluster. */
export interface DescribedCluster {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
  /** PEM of the authority that signs the certificate of the API server. */
  readonly ca: string;
  /** Whether the endpoint is reachable from outside the VPC. */
  readonly isPublic: boolean;
  /** The raw answer. */
  readonly answer: Cluster;
}

/** The calls that an audit may make. A client rejects all others. */
const allowed: ReadonlySet<string> = new Set<string>(['sts:AssumeRole', 'sts:GetCallerIdentity', ...allActions]);

/** Seconds that EKS accepts a token (aws-iam-authenticator: presigned for 60 seconds, accepted for 15 minutes). */
const tokenSeconds = 60;
const clusterHeader = 'x-k8s-aws-id';

/** By the service prefix in IAM. */
export interface AwsClients {
  readonly apigateway: ApiGatewayV2Client;
  readonly autoscaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly ecr: ECRClient;
  readonly eks: EKSClient;
  readonly elasticfilesystem: EFSClient;
  readonly guardduty: GuardDutyClient;
  readonly iam: IAMClient;
  readonly kms: KMSClient;
  readonly logs: CloudWatchLogsClient;
  readonly rds: RDSClient;
  readonly ssm: SSMClient;
  readonly sts: STSClient;
  readonly 'vpc-lattice': VPCLatticeClient;
}

/** The common settings of the clients of all services. */
interface AnyClient {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: never) => Promise<never>,
        context: { readonly commandName?: string },
      ) => (args: never) => Promise<never>,
      options: { readonly step: 'initialize'; readonly name: string; readonly priority: 'high' },
    ): void;
  };
}

/** Makes a client reject everything that is not a read in the table. */
function guard(service: string, client: AnyClient): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) => {
      const action = `${service}:${commandName.replace(/Command$/, '')}`;
      if (!allowed.has(action)) throw new Error(`ekslint does not call ${action}`);
      return next;
    },
    { step: 'initialize', name: 'readOnly', priority: 'high' },
  );
}

type Credentials = EKSClient['config']['credentials'];

/**
 * Makes clients repeat a call once if AWS says that the credentials have expired and their provider has newer ones. If
 * it has none, all further calls of the audit fail with the same error.
 */
function renewing(credentials: Credentials): (client: AnyClient) => void {
  let over: unknown;
  const keyOf = ({ accessKeyId, sessionToken = '' }: Awaited<ReturnType<Credentials>>): string =>
    `${accessKeyId} ${sessionToken}`;
  /** The credentials that replace expired ones; undefined if there are no newer ones. */
  const newer = async (used: string): Promise<string | undefined> => {
    const now = keyOf(await credentials());
    const found = now === used ? keyOf(await credentials({ forceRefresh: true })) : now;
    return found === used ? undefined : found;
  };
  return (client) =>
    client.middlewareStack.add(
      (next) => async (args) => {
        if (over !== undefined) throw over;
        const used = keyOf(await credentials());
        try {
          return await next(args);
        } catch (error) {
          if (!isExpiry(error)) throw error;
          if ((await newer(used).catch(() => undefined)) === undefined) throw (over = error);
          return await next(args);
        }
      },
      { step: 'initialize', name: 'renewing', priority: 'high' },
    );
}

function guardAll(clients: object, credentials: Credentials): void {
  const renew = renewing(credentials);
  for (const [service, client] of Object.entries(clients)) {
    guard(service, client as AnyClient);
    renew(client as AnyClient);
  }
}

/** Reads what AWS knows about clusters. It can only call reads: the clients reject every other operation. */
export class Aws {
  readonly #words: AwsWords;
  #clients: Promise<AwsClients> | undefined;

  constructor(words: AwsWords) {
    this.#words = words;
  }

  async #make(): Promise<AwsClients> {
    // The SDK would warn every user about the Node version, which is our concern.
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
    const sdk = await import('#sources/clients.ts');
    const { region, profile, roleArn, patience: limits = patience } = this.#words;
    const requestHandler = await makeHandler(limits);
    const base = {
      ...(region === undefined ? {} : { region }),
      ...(profile === undefined ? {} : { profile }),
      retryMode: 'adaptive',
      maxAttempts: limits.tries,
      customUserAgent: 'ekslint',
      requestHandler,
      // For credential providers: files may be rewritten while an audit runs, and SSO is reached the same way as
      // everything else.
      ignoreCache: true,
      clientConfig: { requestHandler },
    };
    const assumed = roleArn === undefined ? {} : { credentials: this.#assume(roleArn, new sdk.STSClient(base)) };
    // The caller is determined once: each client would otherwise look for credentials, log in and assume the role.
    const { credentials } = new sdk.STSClient({ ...base, ...assumed }).config;
    const settings = { ...base, credentials };
    const clients: AwsClients = {
      apigateway: new sdk.ApiGatewayV2Client(settings),
      autoscaling: new sdk.AutoScalingClient(settings),
      ec2: new sdk.EC2Client(settings),
      ecr: new sdk.ECRClient(settings),
      eks: new sdk.EKSClient(settings),
      elasticfilesystem: new sdk.EFSClient(settings),
      guardduty: new sdk.GuardDutyClient(settings),
      iam: new sdk.IAMClient(settings),
      kms: new sdk.KMSClient(settings),
      logs: new sdk.CloudWatchLogsClient(settings),
      rds: new sdk.RDSClient(settings),
      ssm: new sdk.SSMClient(settings),
      sts: new sdk.STSClient(settings),
      'vpc-lattice': new sdk.VPCLatticeClient(settings),
    };
    guardAll(clients, credentials);
    return clients;
  }
  /** Provides the credentials of a role; the clients request new ones before they expire. */
  #assume(RoleArn: string, sts: STSClient) {
    guardAll({ sts }, sts.config.credentials);
    return async () => {
      const { AssumeRoleCommand } = await import('#sources/clients.ts');
      try {
        const { Credentials: got } = await sts.send(
          new AssumeRoleCommand({ RoleArn, RoleSessionName: 'ekslint' }),
          this.until,
        );
        return {
          accessKeyId: got?.AccessKeyId ?? '',
          secretAccessKey: got?.SecretAccessKey ?? '',
          ...(got?.SessionToken === undefined ? {} : { sessionToken: got.SessionToken }),
          ...(got?.Expiration ? { expiration: got.Expiration } : {}),
        };
      } catch (error) {
        const failure = failureOf(error);
        if (failure?.kind !== 'denied') throw explained(error, `role ${RoleArn}`, await sts.config.region());
        throw new UserError(`no permission to assume role ${RoleArn}`, {
          hint: 'Allow sts:AssumeRole for the identity that is logged in, and add that identity to the trust policy of the role.',
          cause: error,
        });
      }
    };
  }
  /** Aborts calls when the time of the audit is over. */
  get until(): { readonly abortSignal?: AbortSignal } {
    const { stop } = this.#words;
    return stop === undefined ? {} : { abortSignal: stop };
  }
  /** The clients, which are created with the first call. */
  get clients(): Promise<AwsClients> {
    return (this.#clients ??= this.#make());
  }
  get #shared(): Promise<EKSClient> {
    return this.clients.then(({ eks }) => eks);
  }

  /** The region that calls go to. @throws UserError if none is set. */
  async region(): Promise<string> {
    try {
      return await (await this.#shared).config.region();
    } catch (cause) {
      // The SDK has no name for this error (@smithy/core, resolveRegionConfig).
      if (!(cause instanceof Error) || cause.message !== 'Region is missing') throw cause;
      throw new UserError('no AWS region is set', { cause, hint: 'Pass --region, or set AWS_REGION.' });
    }
  }

  /** @throws UserError if AWS gives no answer. */
  async cluster(name: string): Promise<DescribedCluster> {
    const { DescribeClusterCommand } = await import('#sources/clients.ts');
    const region = await this.region();
    try {
      const { cluster = {} } = await (await this.#shared).send(new DescribeClusterCommand({ name }), this.until);
      const arn = cluster.arn ?? '';
      return {
        name: cluster.name ?? name,
        arn,
        account: arn.split(':')[4] ?? '',
        region: arn.split(':')[3] ?? region,
        endpoint: cluster.endpoint ?? '',
        ca: Buffer.from(cluster.certificateAuthority?.data ?? '', 'base64').toString('utf8'),
        isPublic: cluster.resourcesVpcConfig?.endpointPublicAccess !== false,
        answer: cluster,
      };
    } catch (error) {
      throw explained(error, `cluster "${name}" in ${region}`, region);
    }
  }

  /** The names of all clusters of the region. @throws UserError if AWS gives no answer. */
  async clusters(): Promise<string[]> {
    const { paginateListClusters } = await import('#sources/clients.ts');
    const region = await this.region();
    const names: string[] = [];
    try {
      const pages = await readPages(paginateListClusters({ client: await this.#shared }, {}, this.until));
      names.push(...pages.flatMap(({ clusters = [] }) => clusters));
    } catch (error) {
      throw explained(error, `the clusters in ${region}`, region);
    }
    return names;
  }

  /**
   * The ARN of the caller; undefined if AWS gives no answer. This needs no permission (STS API reference,
   * GetCallerIdentity).
   */
  async caller(): Promise<string | undefined> {
    const { GetCallerIdentityCommand } = await import('#sources/clients.ts');
    const { sts } = await this.clients;
    try {
      return (await sts.send(new GetCallerIdentityCommand({}), this.until)).Arn;
    } catch (error) {
      if (failureOf(error)) return undefined;
      throw error;
    }
  }

  /** By how many milliseconds the AWS clock is ahead of ours, if the two differ by minutes. */
  async clockSkew(): Promise<number> {
    return (await this.#shared).config.systemClockOffset;
  }

  /**
   * A token that the API server of a cluster accepts: a signed call to STS that identifies the caller. It is created
   * here, without another program, and by the AWS clock if a response has shown how far ours is off. `renew`: with new
   * credentials, because the previous ones were rejected.
   */
  async token({ name, region }: Pick<DescribedCluster, 'name' | 'region'>, renew = false): Promise<string> {
    const { SignatureV4 } = await import('#sources/clients.ts');
    const client = await this.#shared;
    try {
      await client.config.credentials(renew ? { forceRefresh: true } : {});
    } catch (error) {
      throw explained(error, `a token for cluster "${name}"`, region);
    }
    const host = `sts.${region}.${suffixOf(region)}`;
    const signer = new SignatureV4({
      service: 'sts',
      region,
      credentials: client.config.credentials,
      sha256: client.config.sha256,
    });
    const signed = await signer.presign(
      {
        method: 'GET',
        protocol: 'https:',
        hostname: host,
        path: '/',
        query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
        headers: { host, [clusterHeader]: name },
      },
      {
        expiresIn: tokenSeconds,
        unhoistableHeaders: new Set([clusterHeader]),
        signingDate: new Date(Date.now() + client.config.systemClockOffset),
      },
    );
    const query = Object.entries(signed.query ?? {})
      .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`)
      .join('&');
    return `k8s-aws-v1.${Buffer.from(`https://${host}/?${query}`).toString('base64url')}`;
  }
}

/** Name and region of a cluster, from its ARN; undefined for any other string. */
export function parseArn(text: string): { readonly name: string; readonly region: string | undefined } | undefined {
  const [, region, name] = /^arn:[\w-]+:eks:([\w-]+):\d{12}:cluster\/([\w-]+)$/.exec(text) ?? [];
  return name === undefined ? undefined : { name, region };
}

/**
 * The domain of a partition, by region (AWS documentation, "Amazon Resource Names", partitions and their endpoints).
 */
export function suffixOf(region: string): string {
  if (region.startsWith('cn-')) return 'amazonaws.com.cn';
  if (region.startsWith('us-iso-')) return 'c2s.ic.gov';
  if (region.startsWith('us-isob-')) return 'sc2s.sgov.gov';
  if (region.startsWith('us-isof-')) return 'csp.hci.ic.gov';
  if (region.startsWith('eu-isoe-')) return 'cloud.adc-e.uk';
  if (region.startsWith('eusc-')) return 'amazonaws.eu';
  return 'amazonaws.com';
}

/** Pages of a list. @throws Error if the list returns to an earlier page. */
export async function readPages<T extends object>(paginator: AsyncIterable<T>): Promise<T[]> {
  const pages: T[] = [];
  const seen = new Set<string>();
  for await (const page of paginator) {
    pages.push(page);
    for (const [key, token] of Object.entries(page)) {
      if (!/^(?:next)?(?:token|marker)$/i.test(key) || typeof token !== 'string') continue;
      // EFS repeats the requested page under another key.
      if (seen.has(`${key} ${token}`)) throw new EndlessList('AWS returned the same page twice');
      seen.add(`${key} ${token}`);
    }
  }
  return pages;
}
class EndlessList extends Error {}

/** Why a call to AWS failed. */
export interface Failure {
  readonly kind:
    | 'denied'
    | 'missing'
    | 'expired'
    | 'credentials'
    | 'clock'
    | 'identity'
    | 'throttled'
    | 'network'
    | 'untrusted'
    | 'over'
    | 'unsupported'
    | 'other';
  /** A clause: `AWS returned the same page twice`. */
  readonly says: string;
}

/** By how many milliseconds the AWS clock is ahead of ours, according to the response of an error. */
function skewOf(error: Error): number | undefined {
  const date = '$response' in error ? dig(error.$response, 'headers', 'date') : undefined;
  const at = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isNaN(at) ? undefined : at - Date.now();
}
/** Milliseconds that clocks may differ before AWS rejects a request (IAM User Guide, Signing AWS API requests). */
export const mostSkew = 300_000;
/** `the clock of this machine is 7 minutes behind`. */
export function tellSkew(ahead: number): string {
  const minutes = Math.round(Math.abs(ahead) / 60_000);
  return `the clock of this machine is ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ${ahead > 0 ? 'behind' : 'ahead'}`;
}
/**
 * Whether credentials have expired. EC2 uses the same code for a request with a wrong time (EC2 API reference, Common
 * client errors).
 */
function isExpiry(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name !== 'RequestExpired') return error.name.startsWith('ExpiredToken');
  return Math.abs(skewOf(error) ?? 0) < mostSkew;
}

/** The meaning of an SDK error; undefined if the error is ours and not from AWS. */
export function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  // A role could not be assumed again: the cause of our error shows what kind of failure it is.
  if (error instanceof UserError) {
    const failure = failureOf(error.cause);
    return (
      failure && { ...failure, kind: failure.kind === 'denied' ? 'credentials' : failure.kind, says: error.message }
    );
  }
  const { name } = error;
  const [message = ''] = error.message.split('\n');
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const all = `${name} ${code}`;
  if (name === 'AbortError') return { kind: 'over', says: timedOut };
  if (error instanceof EndlessList || message.startsWith('its response ')) return { kind: 'other', says: message };
  if (/CredentialsProviderError|CredentialsError|TokenProviderError/.test(name))
    return { kind: /expired|sso|session token/i.test(message) ? 'expired' : 'credentials', says: message };
  if (isExpiry(error)) return { kind: 'expired', says: message };
  if (
    /InvalidSignature|SignatureDoesNotMatch|RequestExpired|RequestTimeTooSkewed/.test(name) &&
    /time|clock|expired/i.test(message)
  ) {
    const skew = skewOf(error);
    return { kind: 'clock', says: skew === undefined ? message : tellSkew(skew) };
  }
  if (
    /UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|AuthFailure|OptInRequired/.test(
      name,
    )
  )
    return { kind: 'identity', says: message };
  // EC2 calls it UnauthorizedOperation (EC2 API reference, Common client errors).
  if (/AccessDenied|UnauthorizedOperation|NotAuthorized/.test(name)) return { kind: 'denied', says: message };
  if (/Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/.test(all))
    return { kind: 'throttled', says: 'AWS throttles the calls' };
  if (
    /ResourceNotFound|NoSuchEntity|NotFoundException|\.NotFound$|^(?:FileSystem|MountTarget)NotFound$|^DB(?:Instance|Cluster)NotFound(?:Fault)?$/.test(
      name,
    )
  )
    return { kind: 'missing', says: message };
  if (/UnknownOperation|InvalidAction|UnsupportedOperation|NotImplemented/.test(all))
    return { kind: 'unsupported', says: 'AWS does not support this call here' };
  if (untrustedCodes.includes(code)) return { kind: 'untrusted', says: `${untrusted} (${message})` };
  if (
    /TimeoutError|ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|EHOST|ENETUNREACH|EPROXY|CERT|SELF_SIGNED|UNABLE_TO|EPROTO/.test(
      all,
    )
  )
    return { kind: 'network', says: message || code };
  return '$metadata' in error || code !== '' ? { kind: 'other', says: message || name } : undefined;
}

/** An error of AWS as one sentence with the next step. */
function explained(error: unknown, what: string, region: string): unknown {
  if (error instanceof UserError) return error;
  const failure = failureOf(error);
  if (!failure) return error;
  const { kind, says } = failure;
  const [sentence, hint] = (
    {
      expired: ['the AWS login has expired', 'Log in again, e.g.: aws sso login'],
      credentials: [
        'no AWS credentials were found',
        'Log in (aws sso login), set AWS_PROFILE, or pass --profile. Without AWS: --no-aws',
      ],
      clock: [`AWS rejects the time of the request: ${says}`, 'Correct the system clock.'],
      identity: [
        `AWS rejects these credentials in ${region}`,
        'Check AWS_PROFILE and --region; some regions must be enabled for an account first.',
      ],
      denied: [
        `no permission to read ${what}`,
        'Allow eks:DescribeCluster and eks:ListClusters, e.g. with the policy that ekslint init --iam prints.',
      ],
      missing: [
        `${what} does not exist in this account`,
        'List clusters with: aws eks list-clusters. Check --region and --profile.',
      ],
      throttled: [`AWS throttles the calls for ${what}`, 'Try again later, when fewer tools call AWS in this account.'],
      network: [
        `AWS cannot be reached in ${region}: ${says}`,
        'Check --region, the network, HTTPS_PROXY and NO_PROXY. Without AWS: --no-aws',
      ],
      untrusted: [
        `AWS cannot be reached in ${region}: ${says}`,
        'Set AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS to the file of the authority, e.g. that of a proxy that inspects TLS.',
      ],
      over: [timedOut, 'Raise --timeout.'],
      unsupported: undefined,
      other: undefined,
    } satisfies Record<Failure['kind'], readonly [string, string] | undefined>
  )[kind] ?? [`AWS cannot read ${what}: ${says}`, 'Try again, or pass --no-aws to audit only the Kubernetes objects.'];
  return new UserError(sentence, { hint, cause: error });
}
