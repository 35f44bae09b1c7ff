import { UserError } from '#errors.ts';
import { type Access, limits } from './api-server.ts';
import { Aws, parseArn, tellSkew, type AwsWords, type DescribedCluster } from './aws.ts';
import { type Entry, type Named, readKubeconfig } from './kubeconfig.ts';

/** What the command line says about the cluster to audit. */
export interface Words extends Named, AwsWords {
  /** Name or ARN. */
  readonly wanted: string | undefined;
  /** The account that the config requires. */
  readonly account?: string | undefined;
  readonly noAws: boolean;
  readonly noKube: boolean;
}

/** The cluster to audit, and how to connect to it. `described` is undefined if AWS is not to be asked. */
export interface Target {
  readonly name: string;
  readonly access: Access;
  readonly described: DescribedCluster | undefined;
  readonly aws?: Aws;
  /** Notes to print before anything is read. */
  readonly warnings: readonly string[];
}

/**
 * Finds the cluster: the one that is named, otherwise that of the current context, which AWS has to confirm. AWS and
 * kubeconfig must refer to the same cluster. `reached` receives the connection of a kubeconfig while AWS is still being
 * asked: the API server may be asked for its version, but nothing may be read from it before AWS has confirmed it.
 * @throws UserError if they differ, or if one of them gives no answer.
 */
export async function findCluster(words: Words, reached: (access: Access) => void = () => {}): Promise<Target> {
  const usesKubeconfig = words.wanted === undefined || words.kubeconfig !== undefined || words.context !== undefined;
  const entry = usesKubeconfig ? await readKubeconfig(words) : undefined;
  if (words.noAws) {
    if (!entry)
      throw new UserError('--no-aws needs a kubeconfig, because it cannot look up the cluster by name', {
        hint: 'Pass --context instead of the name.',
      });
    reached(entry.access);
    const unchecked =
      words.account === undefined ? [] : [`the account of ${entry.cluster} is not checked, because AWS is not queried`];
    return {
      name: entry.cluster,
      access: entry.access,
      described: undefined,
      warnings: [...unchecked, ...warningsOf(entry)],
    };
  }
  const asked = words.wanted === undefined ? entry?.eks : parse(words.wanted);
  if (!asked)
    throw new UserError(`context "${entry?.context ?? ''}" does not identify an EKS cluster`, {
      hint: 'Pass the cluster: ekslint audit <name> --region <region>. Or audit only the Kubernetes objects: --no-aws',
    });
  const aws = new Aws({ ...words, region: words.region ?? asked.region });
  if (entry) {
    reached(entry.access);
    // Loading the AWS clients takes a while: the API server is called before that.
    await new Promise((done) => void setImmediate(done));
  }
  const described = await aws.cluster(asked.name);
  if (words.wanted?.startsWith('arn:') === true && words.wanted !== described.arn)
    throw new UserError(`these credentials lead to ${described.arn}, not to ${words.wanted}`, {
      hint: 'Check --profile, --region and the credentials.',
    });
  if (words.account !== undefined && words.account !== described.account)
    throw new UserError(
      `cluster "${described.name}" is in account ${described.account}, and the config says ${words.account}`,
      { hint: 'Check --profile, --region and the credentials; the account is set in audit.clusters of the config.' },
    );
  if (described.endpoint === '' && !words.noKube)
    throw new UserError(
      `cluster "${described.name}" has no API server endpoint (status ${described.answer.status ?? 'unknown'})`,
      {
        hint: described.answer.connectorConfig
          ? 'EKS only lists this cluster, which runs elsewhere: audit it with --no-aws and its kubeconfig.'
          : 'Try again when the cluster is active, or audit only the AWS side: --no-kube',
      },
    );
  const skew = await aws.clockSkew();
  const ofClock = Math.abs(skew) < 60_000 ? [] : [tellSkew(skew)];
  if (entry) {
    agree(entry, described);
    return { name: described.name, access: entry.access, described, aws, warnings: [...ofClock, ...warningsOf(entry)] };
  }
  const access: Access = {
    ...limits,
    server: described.endpoint,
    credentials: async (renew) => ({
      ca: described.ca,
      headers: { authorization: `Bearer ${await aws.token(described, renew)}` },
    }),
  };
  return { name: described.name, access, described, aws, warnings: ofClock };
}

function parse(word: string): { readonly name: string; readonly region: string | undefined } {
  const named = parseArn(word);
  if (named) return named;
  if (!/^[0-9A-Za-z][\w-]{0,99}$/.test(word)) throw new UserError(`"${word}" is not the name or ARN of an EKS cluster`);
  return { name: word, region: undefined };
}

const warningsOf = (entry: Entry): string[] =>
  entry.skipsTls ? [`context "${entry.context}" disables verification of the server certificate`] : [];

/** @throws UserError if a kubeconfig names another API server than AWS. */
function agree(entry: Entry, described: DescribedCluster): void {
  const url = (text: string): string => text.trim().toLowerCase().replace(/\/+$/, '').replace(/:443$/, '');
  const pem = (text: string): string => text.replace(/\s+/g, '');
  const isSame =
    url(entry.server) === url(described.endpoint) &&
    (entry.ca === undefined || described.ca === '' || pem(entry.ca) === pem(described.ca));
  if (isSame) return;
  const what = url(entry.server) === url(described.endpoint) ? 'another certificate authority' : 'another API server';
  throw new UserError(
    `kubeconfig and AWS name ${what}: context "${entry.context}" leads to ${entry.server}, ${described.arn} is at ${described.endpoint}`,
    {
      hint: `Write the context again: aws eks update-kubeconfig --name ${described.name} --region ${described.region}`,
    },
  );
}
