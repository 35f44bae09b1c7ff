import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { Cluster, EKSClient } from '@aws-sdk/client-eks';
import { UserError } from '#errors.ts';

/** How the words of the command line select AWS. */
export interface AwsWords {
  readonly region: string | undefined;
  readonly profile: string | undefined;
}

/** What EKS says of a cluster. */
export interface DescribedCluster {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
  /** PEM of the authority that signs the certificate of the API server. */
  readonly ca: string;
  /** Whether the endpoint answers outside of the VPC. */
  readonly isPublic: boolean;
  /** The answer itself. */
  readonly answer: Cluster;
}

/** The operations that an audit may call, as IAM names them. A client refuses every other one, and this is the policy that is printed. */
export const readOperations = [
  'autoscaling:DescribeAutoScalingGroups',
  'autoscaling:DescribeLaunchConfigurations',
  'ec2:DescribeLaunchTemplateVersions',
  'ec2:DescribeSecurityGroups',
  'eks:DescribeAddon',
  'eks:DescribeCluster',
  'eks:DescribeNodegroup',
  'eks:ListAddons',
  'eks:ListClusters',
  'eks:ListNodegroups',
] as const;
export type ReadOperation = (typeof readOperations)[number];

/** Seconds that EKS takes a token for (aws-iam-authenticator: presigned for 60 seconds, taken for 15 minutes). */
const tokenSeconds = 60;
const clusterHeader = 'x-k8s-aws-id';

export interface AwsClients {
  readonly eks: EKSClient;
  readonly ec2: EC2Client;
  readonly autoscaling: AutoScalingClient;
}

/** Reads what AWS knows of clusters. It cannot call anything but reads: the client refuses every other operation. */
export class Aws {
  readonly #words: AwsWords;
  #clients: Promise<AwsClients> | undefined;

  constructor(words: AwsWords) {
    this.#words = words;
  }

  async #make(): Promise<AwsClients> {
    // Which Node it runs on is our business, and the SDK would say it to every user.
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
    const { AutoScalingClient, EC2Client, EKSClient } = await import('#sources/clients.ts');
    const { region, profile } = this.#words;
    const settings = {
      ...(region === undefined ? {} : { region }),
      ...(profile === undefined ? {} : { profile }),
      retryMode: 'adaptive',
      maxAttempts: 8,
      customUserAgent: 'ekslint',
    };
    const clients = {
      eks: new EKSClient(settings),
      ec2: new EC2Client(settings),
      autoscaling: new AutoScalingClient(settings),
    };
    const refuse = (service: string, commandName: string): void => {
      const operation = `${service}:${commandName.replace(/Command$/, '')}`;
      if (!(readOperations as readonly string[]).includes(operation))
        throw new Error(`ekslint does not call ${operation}`);
    };
    const when = { step: 'initialize', name: 'readOnly', priority: 'high' } as const;
    clients.eks.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) => (refuse('eks', commandName), next(args)),
      when,
    );
    clients.ec2.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) => (refuse('ec2', commandName), next(args)),
      when,
    );
    clients.autoscaling.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) => (refuse('autoscaling', commandName), next(args)),
      when,
    );
    return clients;
  }
  /** The clients, which are made with the first call. */
  get clients(): Promise<AwsClients> {
    return (this.#clients ??= this.#make());
  }
  get #shared(): Promise<EKSClient> {
    return this.clients.then(({ eks }) => eks);
  }

  /** The region that calls go to. @throws UserError where none is set. */
  async region(): Promise<string> {
    try {
      return await (await this.#shared).config.region();
    } catch (cause) {
      throw new UserError('no AWS region is set', { cause, hint: 'Pass --region, or set AWS_REGION.' });
    }
  }

  /** @throws UserError where AWS does not tell. */
  async cluster(name: string): Promise<DescribedCluster> {
    const { DescribeClusterCommand } = await import('#sources/clients.ts');
    const region = await this.region();
    try {
      const { cluster = {} } = await (await this.#shared).send(new DescribeClusterCommand({ name }));
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
      throw explained(error, `cluster "${name}" in ${region}`);
    }
  }

  /** The names of all clusters of the region. @throws UserError where AWS does not tell. */
  async clusters(): Promise<string[]> {
    const { paginateListClusters } = await import('#sources/clients.ts');
    const region = await this.region();
    const names: string[] = [];
    try {
      for await (const page of paginateListClusters({ client: await this.#shared }, {}))
        names.push(...(page.clusters ?? []));
    } catch (error) {
      throw explained(error, `the clusters in ${region}`);
    }
    return names;
  }

  /**
   * A token that the API server of a cluster takes: a signed call to STS that says who asks. It is made here, without another program,
   * and is used once within the minute.
   */
  async token({ name, region }: Pick<DescribedCluster, 'name' | 'region'>): Promise<string> {
    const { SignatureV4 } = await import('#sources/clients.ts');
    const client = await this.#shared;
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
      { expiresIn: tokenSeconds, unhoistableHeaders: new Set([clusterHeader]) },
    );
    const query = Object.entries(signed.query ?? {})
      .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`)
      .join('&');
    return `k8s-aws-v1.${Buffer.from(`https://${host}/?${query}`).toString('base64url')}`;
  }
}

/** Name and region of a cluster, out of its ARN; undefined for any other text. */
export function parseArn(text: string): { readonly name: string; readonly region: string | undefined } | undefined {
  const [, region, name] = /^arn:[\w-]+:eks:([\w-]+):\d{12}:cluster\/([\w-]+)$/.exec(text) ?? [];
  return name === undefined ? undefined : { name, region };
}

/** The domain of a partition, by region (AWS documentation, "Amazon Resource Names", partitions and their endpoints). */
export function suffixOf(region: string): string {
  if (region.startsWith('cn-')) return 'amazonaws.com.cn';
  if (region.startsWith('us-iso-')) return 'c2s.ic.gov';
  if (region.startsWith('us-isob-')) return 'sc2s.sgov.gov';
  if (region.startsWith('eusc-')) return 'amazonaws.eu';
  return 'amazonaws.com';
}

/** An error of AWS as one sentence with the next step. */
function explained(error: unknown, what: string): UserError {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const says = (sentence: string, hint: string): UserError => new UserError(sentence, { hint, cause: error });
  if (/CredentialsProviderError|CredentialsError/.test(name))
    return /expired|sso/i.test(message)
      ? says('the AWS login has expired', 'Log in again: aws sso login')
      : says('no AWS credentials were found', 'Log in (aws sso login), set AWS_PROFILE, or pass --profile.');
  if (/ExpiredToken/.test(name)) return says('the AWS credentials have expired', 'Log in again, e.g.: aws sso login');
  if (/InvalidSignature|RequestExpired|RequestTimeTooSkewed/.test(name) && /time|clock|expired/i.test(message))
    return says('AWS refuses the time of the request', 'Set the clock of this machine.');
  if (/UnrecognizedClient|InvalidClientTokenId|InvalidSignature/.test(name))
    return says('AWS does not know these credentials', 'Check AWS_PROFILE and --region.');
  if (/AccessDenied/.test(name))
    return says(
      `no permission to read ${what}`,
      'Allow eks:DescribeCluster and eks:ListClusters, e.g. as ekslint init --iam prints.',
    );
  if (/ResourceNotFound/.test(name))
    return says(
      `${what} does not exist in this account`,
      'List clusters with: aws eks list-clusters. Check --region and --profile.',
    );
  return says(
    `AWS cannot tell ${what}: ${message.split('\n')[0] ?? ''}`,
    'Try again, or pass --no-aws to audit the Kubernetes objects alone.',
  );
}
