import { isRecord } from '#model/shape.ts';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { UserError } from '#errors.ts';
import { notStored } from '#syntax/tree.ts';

/** What the API of a running cluster returned, in the form that is judged and stored. */
export interface Snapshot {
  /** Increased when older versions could misread what is stored. */
  readonly format: typeof snapshotFormat;
  /** The version of ekslint that created it. */
  readonly ekslint: string;
  readonly cluster: ClusterIdentity;
  /** When reading started and ended, ISO 8601 in UTC. */
  readonly from: string;
  readonly to: string;
  readonly objects: readonly ObjectList[];
  readonly unread: readonly UnreadKind[];
  /** The state of the server at each list, by the name of its kind: `deployments.apps`. */
  readonly resourceVersions?: Readonly<Record<string, string>>;
  /** Kinds that the server has and that were not requested, as Secrets never are. */
  readonly unlisted: readonly ApiKind[];
  /** The namespaces that were read; none = all of them. */
  readonly namespaces: readonly string[];
  /** Namespaces whose objects are read but not judged. */
  readonly except: readonly string[];
  /** ARN of the role that was assumed for reading. */
  readonly role?: string;
  /** Which side the command line excluded. */
  readonly notAsked: readonly ('aws' | 'kube')[];
  /** The types of resources that were requested from AWS, as `awsReads` names them. */
  readonly asked: readonly string[];
  /** What AWS returned about the cluster; none if it was not asked. */
  readonly answers: readonly AwsAnswer[];
  readonly unanswered: readonly UnreadAnswer[];
  /** Whether it was read from a file, which lacks what may be secret. */
  readonly isStored?: true;
}

/** An answer of the AWS API, in its shape. */
export interface AwsAnswer {
  /** ARN of its subject. */
  readonly arn: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A call to AWS that failed. */
export interface UnreadAnswer {
  /** The IAM action: `eks:ListAddons`. */
  readonly operation: string;
  /** A clause for messages: `no permission for eks:ListAddons`. */
  readonly why: string;
  readonly isDenied: boolean;
}

export const snapshotFormat = 1;

/** The cluster that was asked. Empty strings mean unknown. */
export interface ClusterIdentity {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** URL of the API server. */
  readonly endpoint: string;
  /** The version that the API server reports: `v1.33.4-eks-1234567`. */
  readonly version: string;
  /** The UID of the namespace kube-system, which is unique to each cluster. */
  readonly uid: string;
}

/** A kind as the API server names it. */
export interface ApiKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The name in URLs: `deployments`. */
  readonly resource: string;
  readonly namespaced: boolean;
}

/** All objects of a kind. */
export interface ObjectList extends ApiKind {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  /** Objects that were created, changed or deleted while the cluster was read, by namespace and name: `shop/web`. */
  readonly moving?: readonly string[];
  /** Pods that are like one of the items and are left out. */
  readonly alike?: number;
}

/** A kind whose objects could not all be read. */
export interface UnreadKind extends ApiKind {
  /** The namespace that could not be read; undefined for all of them. */
  readonly namespace?: string;
  /** A clause for messages: `no permission to list deployments.apps`. */
  readonly why: string;
  /** Whether a permission would help. */
  readonly isDenied: boolean;
}

/** A snapshot unpacks to no more than this. */
const largest = 2_000_000_000;

type Json = Readonly<Record<string, unknown>>;

/** The head of a snapshot file: with the digest of the rest, which reveals manual changes or damage. */
const seal = /^\{"digest":"([0-9a-f]{64})",/;
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * The bytes of a snapshot file. Values of environment variables and of ConfigMaps are left out: they may be secrets.
 */
export function writeSnapshot(snapshot: Snapshot): Buffer {
  const text = JSON.stringify({
    ...snapshot,
    answers: snapshot.answers.map(({ arn, body }) => ({ arn, body: withoutSettings(body) })),
    objects: snapshot.objects.map((list) => ({
      ...list,
      items: list.items.map((item) => withoutValues(item, list)),
    })),
  }).slice(1);
  return gzipSync(`{"digest":"${digestOf(text)}",${text}`);
}

/** Settings of EKS itself that rules read. */
const publicMaps = new Set([
  'kube-system/aws-auth',
  'kube-system/coredns',
  'kube-system/amazon-vpc-cni',
  'kube-system/kube-proxy-config',
]);

function withoutValues(item: Json, { kind, group }: ApiKind): unknown {
  if (kind === 'ConfigMap' && group === '') {
    const { namespace, name } = isRecord(item['metadata']) ? item['metadata'] : {};
    if (publicMaps.has(`${String(namespace)}/${String(name)}`)) return item;
    const blank = (map: unknown): unknown =>
      isRecord(map) ? Object.fromEntries(Object.keys(map).map((key) => [key, notStored])) : map;
    return { ...item, data: blank(item['data']), binaryData: blank(item['binaryData']) };
  }
  return withoutEnv(item);
}

/** The values of an add-on's settings may be secrets. */
function withoutSettings(body: Json): Json {
  const addon = body['addon'];
  return isRecord(addon) && 'configurationValues' in addon
    ? { ...body, addon: { ...addon, configurationValues: notStored } }
    : body;
}

/** Where objects keep variables, as a list of names and values or as a map (custom resources of operators). */
const variables = /^(?:env|envvars|extraenv|extraenvvars|environment|environmentvariables)$/i;

/** The same data; values of variables are left out. */
function withoutEnv(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutEnv);
  if (!isRecord(node)) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      variables.test(key) ? withoutVariables(value) : withoutEnv(value),
    ]),
  );
}
function withoutVariables(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map((one: unknown) =>
      isRecord(one) && 'value' in one ? { ...one, value: notStored } : withoutEnv(one),
    );
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, typeof one === 'object' ? withoutEnv(one) : notStored]),
  );
}

/**
 * Reads a snapshot file, whose text is not trusted.
 * @throws UserError if it is not a snapshot, or has another version.
 */
export function readSnapshotFile(file: string, shown: string): Snapshot {
  const fail = (why: string, cause?: unknown): never => {
    throw new UserError(`${shown} ${why}`, { cause, hint: 'Write a snapshot with: ekslint audit --save <file>' });
  };
  let data: unknown;
  let content: string;
  try {
    content = gunzipSync(readFileSync(file), { maxOutputLength: largest }).toString('utf8');
    data = JSON.parse(content);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return fail(code === 'ENOENT' ? 'does not exist' : 'is not a snapshot', error);
  }
  if (!isRecord(data) || !isRecord(data['cluster']) || typeof data['ekslint'] !== 'string')
    return fail('is not a snapshot');
  if (data['format'] !== snapshotFormat)
    return fail(`is a snapshot of ekslint ${data['ekslint'].slice(0, 40)}, which this version cannot read`);
  const isText = (value: unknown): boolean => typeof value === 'string';
  const isKind = (one: unknown): one is Json =>
    isRecord(one) &&
    ['group', 'version', 'kind', 'resource'].every((key) => isText(one[key])) &&
    typeof one['namespaced'] === 'boolean';
  const {
    cluster,
    objects,
    unread,
    unlisted,
    namespaces,
    except,
    notAsked,
    asked,
    answers,
    unanswered,
    from,
    to,
    role,
    resourceVersions,
  } = data;
  const isWhole =
    Array.isArray(objects) &&
    objects.every(
      (one) =>
        isKind(one) &&
        Array.isArray(one['items']) &&
        one['items'].every(isRecord) &&
        (one['alike'] === undefined || typeof one['alike'] === 'number') &&
        (one['moving'] === undefined || (Array.isArray(one['moving']) && one['moving'].every(isText))),
    ) &&
    Array.isArray(unread) &&
    unread.every((one) => isKind(one) && isText(one['why']) && typeof one['isDenied'] === 'boolean') &&
    Array.isArray(unlisted) &&
    unlisted.every(isKind) &&
    [namespaces, except, notAsked, asked].every((list) => Array.isArray(list) && list.every(isText)) &&
    Array.isArray(answers) &&
    answers.every((one) => isRecord(one) && isText(one['arn']) && isRecord(one['body'])) &&
    Array.isArray(unanswered) &&
    unanswered.every(
      (one) => isRecord(one) && isText(one['operation']) && isText(one['why']) && typeof one['isDenied'] === 'boolean',
    ) &&
    ['name', 'arn', 'account', 'region', 'endpoint', 'version', 'uid'].every((key) => isText(cluster[key])) &&
    (role === undefined || isText(role)) &&
    (resourceVersions === undefined || (isRecord(resourceVersions) && Object.values(resourceVersions).every(isText))) &&
    isText(from) &&
    isText(to);
  if (!isWhole) return fail('is a damaged snapshot');
  const [head = '', digest] = seal.exec(content) ?? [];
  if (digestOf(content.slice(head.length)) !== digest) return fail('was changed after it was saved');
  return { ...(data as unknown as Snapshot), isStored: true };
}
