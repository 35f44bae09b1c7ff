import { existsSync, readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { UserError } from '#errors.ts';
import { dig, digList } from '#model/dig.ts';
import { type Access, limits } from './api-server.ts';
import { parseArn } from './aws.ts';

/** Programs that create tokens for EKS; any other has to be allowed by name. */
const trusted = ['aws', 'aws-iam-authenticator'];

/** How the command line selects a cluster. */
export interface Named {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly allowExec: readonly string[];
}

/** A cluster of a kubeconfig. */
export interface Entry {
  readonly file: string;
  readonly context: string;
  readonly cluster: string;
  readonly server: string;
  /** PEM of the CA certificate of the server; undefined if the system's are used. */
  readonly ca: string | undefined;
  readonly skipsTls: boolean;
  /** The EKS cluster that the names in the file refer to, which AWS has to confirm. */
  readonly eks: { readonly name: string; readonly region: string | undefined } | undefined;
  readonly access: Access;
}

/** The file that kubectl would use. A kubeconfig in the working directory is never picked up. */
function fileOf({ kubeconfig }: Named): string {
  if (kubeconfig !== undefined) return resolve(kubeconfig);
  const listed = (process.env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  const [first, ...more] = listed.filter((path) => existsSync(path));
  if (more.length > 0)
    throw new UserError('KUBECONFIG contains several files', { hint: 'Choose one with --kubeconfig <file>.' });
  return first ?? listed[0] ?? join(homedir(), '.kube', 'config');
}

/**
 * Reads how to connect to a cluster. Starts no program; the one that creates tokens starts with the first request, and
 * only if it is allowed.
 * @throws UserError if there is no such file or context, or its program is not allowed.
 */
export async function readKubeconfig(named: Named): Promise<Entry> {
  const file = fileOf(named);
  if (!existsSync(file))
    throw new UserError(`no kubeconfig at ${file}`, {
      hint: 'Write one with: aws eks update-kubeconfig --name <cluster> --region <region>',
    });
  const { KubeConfig } = await import('#sources/kube-client.ts');
  const config = new KubeConfig();
  try {
    config.loadFromFile(file);
  } catch (cause) {
    throw new UserError(`cannot read kubeconfig ${file}`, { cause, hint: 'Check it with: kubectl config view' });
  }
  const contexts = config.contexts.map(({ name }) => name);
  const context = named.context ?? config.currentContext;
  if (!contexts.includes(context))
    throw new UserError(
      context ? `kubeconfig ${file} has no context "${context}"` : `kubeconfig ${file} has no current context`,
      { hint: `Choose one with --context. Contexts are: ${contexts.join(', ') || 'none'}` },
    );
  config.setCurrentContext(context);
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new UserError(`context "${context}" of ${file} refers to a cluster that does not exist`);
  if (cluster.server.startsWith('http:') && cluster.skipTLSVerify !== true)
    throw new UserError(`context "${context}" reaches its server without TLS (${cluster.server})`, {
      hint: 'If that is intended, set insecure-skip-tls-verify: true in the kubeconfig.',
    });
  if (cluster.proxyUrl !== undefined && !/^https?:\/\//.test(cluster.proxyUrl))
    throw new UserError(`context "${context}" uses an unsupported proxy type`, {
      hint: 'Use an HTTP proxy (proxy-url: http://...), or run ekslint where it can reach the server.',
    });
  const command = commandOf(config.getCurrentUser());
  if (command !== undefined && !trusted.includes(command) && !named.allowExec.includes(command))
    throw new UserError(`context "${context}" would start the program ${basename(command)} to log in`, {
      hint: `Allow it with --allow-exec ${command}, or choose another context.`,
    });
  const foreign = foreignVariable(config.getCurrentUser());
  if (command !== undefined && foreign !== undefined && !named.allowExec.includes(command))
    throw new UserError(`context "${context}" would start the program ${command} with the variable ${foreign}`, {
      hint: `Allow it with --allow-exec ${command}, or choose another context.`,
    });
  const credentials = async (): Promise<RequestOptions> => {
    const options: RequestOptions = {};
    try {
      await config.applyToHTTPSOptions(options);
    } catch (cause) {
      throw new UserError(
        `cannot log in with context "${context}"${command === undefined ? '' : `: ${command} failed`}`,
        {
          cause,
          hint: 'Try: kubectl get namespaces',
        },
      );
    }
    return options;
  };
  return {
    file,
    context,
    cluster: cluster.name,
    server: cluster.server,
    ca: authorityOf(cluster, file),
    skipsTls: cluster.skipTLSVerify === true,
    eks: eksOf(cluster.name, config.getCurrentUser()?.exec),
    access: { ...limits, server: cluster.server, credentials, proxy: cluster.proxyUrl },
  };
}

/** The certificate authority that a cluster entry names, in its data or in a file relative to the kubeconfig. */
function authorityOf({ caData, caFile }: { readonly caData?: string; readonly caFile?: string }, file: string) {
  if (caData !== undefined) return Buffer.from(caData, 'base64').toString('utf8');
  if (caFile === undefined || caFile === '') return undefined;
  const named = resolve(dirname(file), caFile);
  try {
    return readFileSync(named, 'utf8');
  } catch (cause) {
    throw new UserError(`cannot read ${named}, the certificate authority in kubeconfig ${file}`, {
      cause,
      hint: 'Check it with: kubectl config view',
    });
  }
}

/** The program that a user entry starts, by exec plugin or by the older auth provider. */
function commandOf(user: { readonly exec?: unknown; readonly authProvider?: unknown } | null): string | undefined {
  const command = (value: unknown, ...keys: readonly string[]): string | undefined => {
    const found = dig(value, ...keys);
    return typeof found === 'string' && found !== '' ? found : undefined;
  };
  return (
    command(user, 'exec', 'command') ??
    command(user, 'authProvider', 'config', 'cmd-path') ??
    command(user, 'authProvider', 'config', 'exec', 'command')
  );
}

/** Variables that choose an identity (AWS CLI User Guide, Environment variables; aws-iam-authenticator). Any other, such as PATH, may choose the program. */
const ofIdentity =
  /^(?:AWS_(?:PROFILE|REGION|DEFAULT_REGION|STS_REGIONAL_ENDPOINTS|USE_FIPS_ENDPOINT|USE_DUALSTACK_ENDPOINT)|KUBERNETES_EXEC_INFO)$/;
/** A variable that a user entry sets for its program, and that could choose a different program. */
const foreignVariable = (user: unknown): string | undefined =>
  digList(user, 'exec', 'env')
    .map(({ name }) => String(name))
    .find((name) => !ofIdentity.test(name));

/**
 * `aws eks update-kubeconfig` names the cluster by its ARN; the programs that fetch tokens (`aws`,
 * `aws-iam-authenticator`) get its name as an argument.
 */
function eksOf(cluster: string, exec: unknown): Entry['eks'] {
  const named = parseArn(cluster);
  if (named) return named;
  const args = dig(exec, 'args');
  if (!Array.isArray(args)) return undefined;
  const behind = (...flags: readonly string[]): string | undefined => {
    const at = args.findIndex((arg) => flags.includes(String(arg)));
    const value: unknown = at < 0 ? undefined : args[at + 1];
    return typeof value === 'string' ? value : undefined;
  };
  const told = behind('--cluster-name', '--cluster-id', '-i');
  return told === undefined ? undefined : { name: told, region: behind('--region') };
}
