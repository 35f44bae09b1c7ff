import { setMaxListeners } from 'node:events';
import { resolve } from 'node:path';
import { throwAll, UserError } from '#errors.ts';
import { dig } from '#model/dig.ts';
import { text } from '#model/shape.ts';
import { kindName } from '#model/kinds.ts';
import { lint, type LintOptions } from '#pipeline.ts';
import { plain } from '#reporters/escape.ts';
import { type ActiveRule, resolveRules } from '#config/resolve.ts';
import type { Note, Severity } from '#model/finding.ts';
import type { AuditTarget, Preset } from '#config/config.ts';
import {
  type Access,
  ApiServer,
  loginOver,
  NoAnswer,
  type ServerAnswer,
  timedOut,
  untrusted,
} from '#sources/api-server.ts';
import { Aws, mostSkew, tellSkew } from '#sources/aws.ts';
import { type Answered, loginExpired } from '#sources/aws-calls.ts';
import { collect, discover, resourceName } from '#sources/cluster.ts';
import { readEarlier } from '#sources/earlier.ts';
import { findCluster, type Target } from '#sources/which-cluster.ts';
import {
  type ApiKind,
  type ClusterIdentity,
  type Snapshot,
  snapshotFormat,
  type UnreadKind,
} from '#sources/snapshot.ts';
import { version } from '#version.ts';
import {
  askedKinds,
  askedTypes,
  clusterRole,
  listedKinds,
  missingPolicy,
  resourceNames,
  unreadByCustom,
} from './access.ts';
import {
  chooseFormats,
  findAndLoadConfig,
  findToday,
  loadBaseline,
  printAll,
  saveBaseline,
  tellRun,
  wantsColor,
  writeWhole,
} from './lint.ts';
import { describeAccess, mostToTry, type ReadCluster } from './check-access.ts';
import { print, say } from './output.ts';
import { namedBy } from './named.ts';
import { startProgress } from './progress.ts';
import { storeSnapshot } from './stored.ts';

/** The flags of `ekslint audit`, as the command line gives them. */
export interface Flags {
  readonly region?: string;
  readonly profile?: string;
  readonly roleArn?: string;
  readonly aws?: boolean;
  readonly kube?: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly allowExec?: readonly string[];
  readonly namespace?: readonly string[];
  readonly excludeNamespace?: readonly string[];
  readonly allClusters?: boolean;
  readonly save?: string;
  readonly checkAccess?: boolean;
  readonly compare?: string;
  readonly source?: string;
  readonly lint?: boolean;
  readonly timeout?: string;
  readonly config?: string | boolean;
  readonly preset?: Preset;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly targetVersion?: string;
  /** The flag that sets it, for messages. */
  readonly targetFlag?: string;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly strictIgnores?: boolean;
  readonly allowPlugins?: boolean;
  readonly verbose?: boolean;
  readonly failOn?: Severity | 'never';
  readonly allowIncomplete?: boolean;
  readonly progress?: boolean;
  readonly format?: readonly string[];
  readonly showIgnored?: boolean;
  readonly quiet?: boolean;
  readonly summary?: boolean;
  readonly all?: boolean;
  readonly maxFindings?: string;
  readonly color?: boolean;
}

/** A cluster to audit; if it has no name, the one of the current context. */
type Wanted = Partial<AuditTarget>;

const oneByOne = new UserError('--save stores one cluster', { hint: 'Audit the clusters one by one.' });

/** The clusters that are named, with their settings from the config; all clusters of the config if none is named. */
function chooseClusters(names: readonly string[], known: readonly AuditTarget[], flags: Flags): readonly Wanted[] {
  const usesContext = flags.kubeconfig !== undefined || flags.context !== undefined || flags.aws === false;
  if (names.length === 0) return known.length > 0 && !usesContext ? known : [{}];
  return names.flatMap((name): readonly Wanted[] => {
    const entries = known.filter(
      (one) =>
        one.name === name && (flags.region === undefined || one.region === undefined || one.region === flags.region),
    );
    return entries.length > 0 ? entries : [{ name }];
  });
}

/** All clusters of the region, with what the config says of them. */
async function listClusters(known: readonly AuditTarget[], flags: Flags, stop: AbortSignal): Promise<Wanted[]> {
  const aws = new Aws({ region: flags.region, profile: flags.profile, roleArn: flags.roleArn, stop });
  const region = await aws.region();
  return (await aws.clusters()).map(
    (name) => known.find((one) => one.name === name && (one.region ?? region) === region) ?? { name },
  );
}

const units: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 36e5 };

/** Milliseconds of `90s`, `15m`, `1h`. */
function durationOf(word: string): number {
  const [, n = '', unit = ''] = /^(\d{1,6})([smh])$/.exec(word) ?? [];
  const ms = Number(n) * (units[unit] ?? 0);
  if (!(ms > 0)) throw new UserError(`--timeout: "${word}" is not a duration`, { hint: 'For example: --timeout 15m' });
  return ms;
}

/** Audits a running cluster and prints the report. Returns the exit code. */
export async function run(wanted: readonly string[], flags: Flags): Promise<number> {
  const cwd = process.cwd();
  const faults: UserError[] = [];
  const fault = (message: string, hint?: string): void => {
    faults.push(new UserError(message, hint === undefined ? {} : { hint }));
  };
  if (flags.maxFindings !== undefined && !/^\d{1,9}$/.test(flags.maxFindings))
    fault(`--max-findings: "${flags.maxFindings}" is not a number`, 'For example: --max-findings 50');
  if (flags.lint === false && flags.save === undefined)
    fault('--no-lint needs --save', 'For example: --no-lint --save prod.json.gz');
  const isSeveral = flags.allClusters === true || wanted.length > 1;
  const formats = await chooseFormats(cwd, flags.format, isSeveral ? 2 : 1, fault);
  if (flags.allClusters && wanted.length > 0)
    fault('--all-clusters cannot be combined with names', 'Pass one or the other.');
  if (flags.allClusters && flags.aws === false)
    fault('--all-clusters asks AWS for the clusters, which --no-aws disables', 'Pass one or the other.');
  if (flags.checkAccess && flags.save !== undefined)
    fault('--check-access reads too little to save', 'Remove --save or --check-access.');
  if (isSeveral && flags.save !== undefined) faults.push(oneByOne);
  if (isSeveral && (flags.kubeconfig !== undefined || flags.context !== undefined))
    fault('--kubeconfig and --context refer to a single cluster', 'Remove them, or pass one cluster.');
  // IAM User Guide, IAM identifiers.
  if (flags.roleArn !== undefined && !/^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(flags.roleArn))
    fault(
      `--role-arn: "${flags.roleArn}" is not the ARN of a role`,
      'For example: --role-arn arn:aws:iam::111122223333:role/audit',
    );
  if (flags.roleArn !== undefined && flags.aws === false)
    fault('--role-arn is for AWS, which --no-aws disables', 'Pass one or the other.');
  if (flags.aws === false && flags.kube === false)
    fault('--no-aws and --no-kube leave nothing to audit', 'Pass one of them.');
  if (flags.lint === false && (flags.compare ?? flags.source) !== undefined)
    fault('--compare and --source need findings, which --no-lint disables', 'Remove --no-lint.');
  throwAll(faults);
  const earlier = flags.compare === undefined ? undefined : readEarlier(resolve(cwd, flags.compare), flags.compare);
  const limit = durationOf(flags.timeout ?? '15m');
  const found = await findAndLoadConfig(cwd, flags.config, undefined, flags.allowPlugins);
  const { config, configFolder } = found;
  const baseline = loadBaseline(cwd, found, flags);
  const today = findToday();
  const asked: Flags = {
    ...flags,
    excludeNamespace: [...new Set([...config.audit.excludeNamespaces, ...(flags.excludeNamespace ?? [])])],
  };
  const choice = { preset: flags.preset, only: flags.only ?? [], skip: flags.skip ?? [] };
  const { active } = resolveRules(found.rules, config, choice);
  const stop = AbortSignal.timeout(limit);
  const names = flags.allClusters
    ? await listClusters(config.audit.clusters, flags, stop)
    : chooseClusters(wanted, config.audit.clusters, flags);
  if (flags.allClusters && names.length === 0)
    throw new UserError('the region has no clusters', { hint: 'Check --region and --profile.' });
  if (names.length > 1 && flags.save !== undefined) throw oneByOne;
  for (const { reporter } of formats) {
    const refused = reporter.refuse?.(names.length);
    if (refused) throw refused;
  }
  const read: ReadCluster[] = [];
  const lost: UserError[] = [];
  for (const one of names)
    try {
      read.push(await readCluster(one, active, asked, stop));
    } catch (error) {
      // A cluster that cannot be reached must not hide the others.
      if (!(error instanceof UserError) || names.length < 2) throw error;
      lost.push(
        new UserError(`${one.name ?? ''}: ${error.message}`, error.hint === undefined ? {} : { hint: error.hint }),
      );
    }
  if (read.length === 0) throwAll(lost);
  const snapshots = read.map(({ snapshot }) => snapshot);
  if (flags.checkAccess) {
    for (const one of read) print(describeAccess(one, active));
    for (const { message } of lost) say(`note: not reached: ${plain(message)}\n`);
    tellMissing(snapshots);
    const isWhole =
      lost.length === 0 && snapshots.every(({ unread, unanswered }) => unread.length + unanswered.length === 0);
    return isWhole || flags.allowIncomplete === true ? 0 : 3;
  }
  const [first] = snapshots;
  if (flags.save !== undefined && first) writeWhole(cwd, flags.save, storeSnapshot(first));
  if (flags.lint === false) {
    for (const why of reasonsOf(snapshots)) say(`note: ${plain(why)}\n`);
    tellMissing(snapshots);
    const isWhole = snapshots.every(({ unread, unanswered }) => unread.length + unanswered.length === 0);
    return isWhole || flags.allowIncomplete === true ? 0 : 3;
  }
  const failOn = flags.failOn ?? config.failOn ?? 'medium';
  const report = await lint({
    cwd,
    paths: [],
    config,
    configFolder,
    rules: found.rules,
    ...choice,
    targetVersion: flags.targetVersion,
    targetFlag: flags.targetFlag,
    baseline,
    failOn,
    allowIncomplete: flags.allowIncomplete === true,
    // A cluster that has no objects of the judged kinds still counts as judged.
    allowEmpty: true,
    // Anyone who can write an object must not be able to hide it.
    inlineIgnores: false,
    strictIgnores: flags.strictIgnores === true,
    today,
    snapshots,
    source: flags.source,
    earlier: earlier && agreeing(earlier, flags.compare ?? '', snapshots),
    configNotes: [
      ...lost.map(({ message }): Note => ({ kind: 'incomplete', message: `not audited: ${message}` })),
      ...unreadByCustom(active.map(({ rule }) => rule)).map((kind): Note => ({
        kind: 'incomplete',
        message: `custom rules about ${kind}: audits do not read this kind`,
      })),
    ],
    filesToo: false,
  });
  if (flags.verbose) tellRun(report, today);
  if (baseline) saveBaseline(cwd, baseline.file, report);
  printAll(
    report,
    formats,
    {
      color: wantsColor(flags.color) && new (await import('chalk')).Chalk({ level: 1 }),
      showIgnored: flags.showIgnored === true,
      summary: flags.summary === true,
      all: flags.all === true,
      quiet: flags.quiet === true,
      failOn,
      maxFindings: flags.maxFindings === undefined ? undefined : Number(flags.maxFindings),
    },
    cwd,
  );
  tellMissing(snapshots);
  return report.exitCode;
}

/** @throws UserError if an earlier audit is of other clusters. */
function agreeing(
  earlier: ReturnType<typeof readEarlier>,
  file: string,
  snapshots: readonly Snapshot[],
): LintOptions['earlier'] {
  const isSnapshot = 'objects' in earlier;
  const before = isSnapshot ? [earlier.cluster] : earlier.clusters;
  const isSame = (one: { readonly arn: string; readonly uid: string }, { cluster }: Snapshot): boolean =>
    one.uid !== '' && cluster.uid !== '' ? one.uid === cluster.uid : one.arn !== '' && one.arn === cluster.arn;
  const other = snapshots.find((one) => !before.some((old) => isSame(old, one)));
  if (other || before.length !== snapshots.length)
    throw new UserError(
      `--compare: ${file} is of ${before.map(({ arn, uid }) => arn || uid || 'a cluster that it does not name').join(', ') || 'no cluster'}, not of ${snapshots.map(({ cluster }) => cluster.arn || cluster.uid || cluster.name).join(', ')}`,
      { hint: 'Pass an earlier audit of the same clusters.' },
    );
  return isSnapshot ? { file, snapshot: earlier } : earlier;
}

/** Why something was not read, each reason once. */
const reasonsOf = (snapshots: readonly Snapshot[]): ReadonlySet<string> =>
  new Set(snapshots.flatMap(({ unread, unanswered }) => [...unread, ...unanswered]).map(({ why }) => why));

/** Prints what would let an audit read what it could not: permissions, or a new login. */
function tellMissing(snapshots: readonly Snapshot[]): void {
  const reasons = reasonsOf(snapshots);
  if (reasons.has(loginExpired) || reasons.has(loginOver))
    say('\nThe login expired while the cluster was read. Log in again, e.g.: aws sso login, and repeat the audit.\n');
  if (reasons.has(timedOut))
    say('\nThe audit timed out before everything was read. Allow more time, e.g.: --timeout 30m\n');
  const denied = snapshots.flatMap(({ unread }) => unread).filter(({ isDenied }) => isDenied);
  if (denied.length > 0)
    say(`\nThis ClusterRole grants the missing permissions (${resourceNames(denied)}):\n\n${clusterRole(denied)}`);
  if (snapshots.some(({ unanswered }) => unanswered.some(({ isDenied }) => isDenied)))
    say(`\nThis IAM policy grants the missing permissions:\n\n${missingPolicy(snapshots)}`);
}

/** Finds a cluster and reads what the active rules need of it. */
async function readCluster(
  wanted: Wanted,
  active: readonly ActiveRule[],
  flags: Flags,
  stop: AbortSignal,
): Promise<ReadCluster> {
  // If one side fails, the other is not waited for.
  const over = new AbortController();
  const until = AbortSignal.any([stop, over.signal]);
  setMaxListeners(0, until); // Each request in flight listens to it; Node reports more than ten listeners as a leak.
  const ask = (access: Access): Kube => {
    const server = new ApiServer(access, until);
    const greeting = greet(server);
    greeting.catch(() => {}); // Waiting requests get the error.
    return { server, greeting };
  };
  let kube: Kube | undefined;
  try {
    const words = {
      wanted: wanted.name,
      account: wanted.account,
      kubeconfig: flags.kubeconfig,
      context: flags.context,
      allowExec: flags.allowExec ?? [],
      region: flags.region ?? wanted.region,
      profile: flags.profile,
      roleArn: flags.roleArn,
      stop: until,
      noAws: flags.aws === false,
      noKube: flags.kube === false,
    };
    const target = await findCluster(words, (access) => {
      if (flags.kube !== false) kube = ask(access);
    });
    return await readTarget(target, flags.kube === false ? undefined : (kube ??= ask(target.access)), active, flags);
  } finally {
    over.abort();
    kube?.server.close();
  }
}

/** An API server and its own description. */
interface Kube {
  readonly server: ApiServer;
  readonly greeting: Promise<Greeting>;
}

async function readTarget(
  target: Target,
  kube: Kube | undefined,
  active: readonly ActiveRule[],
  flags: Flags,
): Promise<ReadCluster> {
  for (const warning of target.warnings) say(`warning: ${plain(warning)}\n`);
  // The network may be slow from the start: show at once which cluster we wait for.
  const progress = startProgress(flags.progress !== false, 0);
  progress.show?.(`auditing ${target.described?.arn ?? target.name} at ${target.access.server}`);
  try {
    return await read(target, kube, active, flags, progress.show);
  } finally {
    progress.clear();
  }
}

/** Everything that the active rules need of a cluster. */
async function read(
  target: Target,
  kube: Kube | undefined,
  active: readonly ActiveRule[],
  flags: Flags,
  progress: Progress,
): Promise<ReadCluster> {
  const from = new Date().toISOString();
  const objects = kube ? askKube(target, kube, active, flags, progress) : Promise.resolve(unasked(target));
  const [{ listed, ...part }, { tried, ...answered }] = await Promise.all([
    objects,
    askAws(target, active, objects, flags, progress),
  ]);
  const snapshot: Snapshot = {
    format: snapshotFormat,
    ekslint: version,
    from,
    to: new Date().toISOString(),
    namespaces: flags.namespace ?? [],
    except: flags.excludeNamespace ?? [],
    ...(flags.roleArn === undefined ? {} : { role: flags.roleArn }),
    notAsked: [...(flags.aws === false ? ['aws' as const] : []), ...(flags.kube === false ? ['kube' as const] : [])],
    ...part,
    ...answered,
  };
  const who = flags.checkAccess ? await target.aws?.caller() : undefined;
  return { snapshot, listed, tried, who };
}

type Progress = ((words: string) => void) | undefined;
type KubePart = Pick<Snapshot, 'cluster' | 'objects' | 'unread' | 'resourceVersions' | 'unlisted'> &
  Pick<ReadCluster, 'listed'>;

/** The data of AWS about a cluster whose API server is not asked. */
const unasked = ({ name, described }: Target): KubePart => ({
  cluster: {
    name,
    arn: described?.arn ?? '',
    account: described?.account ?? '',
    region: described?.region ?? '',
    endpoint: described?.endpoint ?? '',
    version: described?.answer.version ?? '',
    uid: '',
  },
  objects: [],
  unread: [],
  listed: [],
  unlisted: [],
});

async function askKube(
  target: Target,
  { server, greeting }: Kube,
  active: readonly ActiveRule[],
  flags: Flags,
  progress: Progress,
): Promise<KubePart> {
  try {
    const said = await greeting;
    const cluster = identify(said, target);
    const { kinds, unread } = await said.discovered;
    const asked = askedKinds(active.map(({ rule }) => rule));
    const collected = await collect(server, kinds, {
      needs: ({ kind, group }: ApiKind) => asked.has(kindName(kind, group)),
      namespaces: flags.namespace ?? [],
      most: flags.checkAccess ? mostToTry : undefined,
      since: startOf(said.said),
      progress,
    });
    const dead = unread.map(({ group, why }) => ({ group, why: `API group ${group} could not be read: ${why}` }));
    for (const { why } of dead) say(`note: ${why}\n`);
    // What such a group holds is not known, and may be what a rule looks for.
    const known = new Set(kinds.map(resourceName));
    const lost = listedKinds.flatMap((kind): UnreadKind[] => {
      const why = known.has(resourceName(kind)) ? undefined : dead.find(({ group }) => group === kind.group)?.why;
      const isAsked = why !== undefined && asked.has(kindName(kind.kind, kind.group));
      return isAsked ? [{ ...kind, version: '', namespaced: false, why, isDenied: false }] : [];
    });
    return { cluster, ...collected, unread: [...collected.unread, ...lost] };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    throw unreachable(target, error);
  }
}

/** The data of AWS about the cluster, if it may be asked and a rule needs it. */
async function askAws(
  { aws, described }: Target,
  active: readonly ActiveRule[],
  objects: Promise<Pick<KubePart, 'objects'>>,
  flags: Flags,
  progress: Progress,
): Promise<Answered & Pick<ReadCluster, 'tried'>> {
  const asking = active.map(({ rule }) => rule);
  const types = askedTypes(asking);
  if (!aws || !described || types.size === 0) return { asked: [], answers: [], unanswered: [], tried: new Set() };
  const { collectAnswers } = await import('#sources/aws-cluster.ts');
  return await collectAnswers(aws, described, {
    types,
    named: objects.then((part) => namedBy(part.objects)),
    progress,
    isProbe: flags.checkAccess === true,
  });
}

/** A private endpoint only answers inside its VPC. */
function unreachable({ access, described }: Target, error: NoAnswer): UserError {
  const isPrivate = described?.isPublic === false;
  if (error.message === untrusted)
    return new UserError(`${access.server}: ${error.message}`, {
      cause: error,
      hint: 'Set certificate-authority in the kubeconfig, or NODE_EXTRA_CA_CERTS if it has none. If a proxy inspects TLS, add the host to NO_PROXY.',
    });
  return new UserError(`${access.server}: ${error.message}`, {
    cause: error,
    hint:
      error.message === timedOut
        ? 'Raise --timeout.'
        : isPrivate
          ? 'The endpoint of this cluster is private: run ekslint inside the VPC.'
          : 'Check the network, the proxy and the context.',
  });
}

/** A server that takes no credentials: a wrong clock looks the same as an expired login. */
function refused(server: string, date: string | undefined, name: string | undefined): UserError {
  const ahead = Date.parse(date ?? '') - Date.now();
  if (Math.abs(ahead) >= mostSkew)
    return new UserError(`the API server ${server} rejects these credentials: ${tellSkew(ahead)}`, {
      hint: 'Correct the system clock.',
    });
  return new UserError(`the API server ${server} rejects these credentials`, {
    hint: name
      ? `Give the identity an access entry (aws eks list-access-entries --cluster-name ${name}), or log in again, e.g.: aws sso login`
      : 'Log in again, e.g.: aws sso login',
  });
}

/** What an API server says about itself before its objects are listed. */
interface Greeting {
  readonly said: ServerAnswer;
  readonly space: ServerAnswer;
  readonly discovered: ReturnType<typeof discover>;
}

/** @throws NoAnswer if the server cannot be reached. */
async function greet(server: ApiServer): Promise<Greeting> {
  const discovered = discover(server);
  discovered.catch(() => {}); // A server that rejects the credentials rejects this too, and was already reported.
  const [said, space] = await Promise.all([server.get('/version'), server.get('/api/v1/namespaces/kube-system')]);
  return { said, space, discovered };
}

/** When an API server answered, by its own clock, because the clock of this machine may be wrong. */
const startOf = ({ date }: ServerAnswer): string => {
  const at = Date.parse(date ?? '');
  return new Date(Number.isNaN(at) ? Date.now() : at).toISOString();
};

function identify({ said, space }: Greeting, { name, described, access }: Target): ClusterIdentity {
  if (said.status === 401) throw refused(access.server, said.date, described && name);
  const read = (value: unknown, ...keys: readonly string[]): string => text(dig(value, ...keys)) ?? '';
  return {
    name,
    arn: described?.arn ?? '',
    account: described?.account ?? '',
    region: described?.region ?? '',
    endpoint: access.server,
    version: read(said.body, 'gitVersion'),
    uid: space.status === 200 ? read(space.body, 'metadata', 'uid') : '',
  };
}
