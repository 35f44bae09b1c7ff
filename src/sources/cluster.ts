import { digList } from '#model/dig.ts';
import { isRecord } from '#model/shape.ts';
import type { ApiServer, ServerAnswer } from './api-server.ts';
import { LoginOver, NoAnswer, TimedOut } from './api-server.ts';
import { project, sharing, withoutCopies } from './project.ts';
import type { ApiKind, ObjectList, UnreadKind } from './snapshot.ts';

/** Which objects to read. */
export interface Wanted {
  /** Whether a rule needs objects of a kind. Secrets are never requested. */
  needs(kind: ApiKind): boolean;
  /** Empty = all namespaces. */
  readonly namespaces: readonly string[];
  /** Read only this many objects of each kind, to find out what may be read. */
  readonly most?: ((kind: ApiKind) => number) | undefined;
  /** When reading started, by the server's clock, ISO 8601: later changes may be in one list and not in another. */
  readonly since?: string | undefined;
  /** Called from time to time with what is being read. */
  readonly progress?: ((words: string) => void) | undefined;
}

export interface Collected {
  readonly objects: ObjectList[];
  readonly unread: UnreadKind[];
  readonly resourceVersions: Readonly<Record<string, string>>;
  /** Kinds that were requested. */
  readonly listed: readonly ApiKind[];
  /** Kinds that were not requested. */
  readonly unlisted: readonly ApiKind[];
}

type Json = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const pageSize = 500;
/** Restarts of a list whose continue token has expired (410). */
const restarts = 2;

const discovery = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',');

/** `deployments.apps`, as RBAC and kubectl name it. */
export const resourceName = ({ resource, group }: Pick<ApiKind, 'resource' | 'group'>): string =>
  group === '' ? resource : `${resource}.${group}`;

/**
 * The kinds that an API server can list, each in the version that it prefers, and the groups that could not be listed.
 * @throws NoAnswer if the server gives no answer.
 */
export async function discover(
  server: ApiServer,
): Promise<{ readonly kinds: ApiKind[]; readonly unread: { readonly group: string; readonly why: string }[] }> {
  const found = new Map<string, ApiKind>();
  const unread = new Map<string, string>();
  // The versions of a group are in order of preference, and some kinds exist only in later ones.
  const add = (kind: ApiKind): void => {
    if (!found.has(keyOf(kind))) found.set(keyOf(kind), kind);
  };
  const paths = ['/api', '/apis'];
  const answers = await Promise.all(paths.map((path) => server.get(path, discovery)));
  for (const [index, answer] of answers.entries()) {
    const path = paths[index] ?? '';
    if (answer.status !== 200) throw new NoAnswer(`${path}: ${saysOf(answer)}`);
    const body = isRecord(answer.body) ? answer.body : {};
    if (body['kind'] === 'APIGroupDiscoveryList') {
      for (const item of digList(body['items'])) {
        const group = text(isRecord(item['metadata']) ? item['metadata']['name'] : '');
        const isStale = ({ freshness }: Json): boolean => freshness === 'Stale';
        const versions = digList(item['versions']);
        if (versions.some(isStale)) unread.set(group, 'its server does not respond');
        const inOrder = [...versions.filter((one) => !isStale(one)), ...versions.filter(isStale)];
        for (const { version, resources } of inOrder)
          for (const { verbs, responseKind, resource, scope } of digList(resources))
            if (isListed(verbs))
              add({
                group,
                version: text(version),
                kind: text(isRecord(responseKind) ? responseKind['kind'] : ''),
                resource: text(resource),
                namespaced: scope === 'Namespaced',
              });
      }
      continue;
    }
    // For servers before 1.26, and proxies that know only the old form.
    const groups = path === '/api' ? [{ group: '', version: 'v1' }] : digList(body['groups']).flatMap(versionsOf);
    for (const { group, version } of groups) {
      const listed = await server.get(group === '' ? `/api/${version}` : `/apis/${group}/${version}`);
      if (listed.status !== 200 || !isRecord(listed.body)) {
        unread.set(group, saysOf(listed));
        continue;
      }
      for (const { name, kind, verbs, namespaced } of digList(listed.body['resources']))
        if (!text(name).includes('/') && isListed(verbs))
          add({ group, version, kind: text(kind), resource: text(name), namespaced: namespaced === true });
    }
  }
  return { kinds: [...found.values()], unread: [...unread].map(([group, why]) => ({ group, why })) };
}

const isListed = (verbs: unknown): boolean => Array.isArray(verbs) && verbs.includes('list');
/** The versions of a group in the old form, the one that the server prefers first. */
function versionsOf(group: Json): { readonly group: string; readonly version: string }[] {
  const preferred = isRecord(group['preferredVersion']) ? text(group['preferredVersion']['version']) : '';
  const all = [preferred, ...digList(group['versions']).map(({ version }) => text(version))];
  return [...new Set(all)]
    .filter((version) => version !== '')
    .map((version) => ({ group: text(group['name']), version }));
}

/**
 * Reads all objects of the requested kinds. Kinds that cannot be read are listed with the reason; this does not throw.
 */
export async function collect(server: ApiServer, kinds: readonly ApiKind[], wanted: Wanted): Promise<Collected> {
  const objects: ObjectList[] = [];
  const unread: UnreadKind[] = [];
  const chosen = kinds.filter((kind) => !(kind.group === '' && kind.resource === 'secrets') && wanted.needs(kind));
  let read = 0;
  const resourceVersions: Record<string, string> = {};
  const readOne = async (kind: ApiKind, namespace: string | undefined): Promise<Arrived> => {
    // Objects that arrived before a list failed are kept and judged.
    const arrived: Arrived = { items: [], moving: [] };
    const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
    const lacks = (why: string, isDenied = false): void =>
      void unread.push({ ...kind, ...(namespace === undefined ? {} : { namespace }), why, isDenied });
    try {
      const { resourceVersion, isMixed } = await list(server, kind, namespace, arrived, {
        most: wanted.most?.(kind),
        since: wanted.since,
        arrived: (n) => {
          read += n;
          wanted.progress?.(`reading ${resourceName(kind)} (${read} objects so far)`);
        },
      });
      if (resourceVersion !== '') resourceVersions[resourceName(kind)] = resourceVersion;
      if (isMixed) lacks(`${resourceName(kind)}${where} changed while they were listed`);
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof NoAnswer)) throw error;
      const isDenied = error instanceof Refused && error.status === 403;
      // One reason for all kinds that are left.
      if (error instanceof LoginOver || error instanceof TimedOut) lacks(error.message);
      else
        lacks(
          isDenied
            ? `no permission to list ${resourceName(kind)}${where}`
            : `${resourceName(kind)}${where} could not be listed: ${error.message}`,
          isDenied,
        );
    }
    return arrived;
  };
  await Promise.all(
    chosen.map(async (kind) => {
      const places = kind.namespaced && wanted.namespaces.length > 0 ? wanted.namespaces : [undefined];
      const arrived = await Promise.all(places.map((namespace) => readOne(kind, namespace)));
      const items = arrived.flatMap((one) => one.items);
      const moving = arrived.flatMap((one) => one.moving);
      if (items.length > 0) objects.push({ ...kind, items, ...(moving.length === 0 ? {} : { moving }) });
    }),
  );
  const order = (one: ApiKind, other: ApiKind): number => (keyOf(one) < keyOf(other) ? -1 : 1);
  const unlisted = kinds.filter((kind) => !chosen.includes(kind));
  const listed = [...chosen].sort(order);
  return {
    objects: withoutCopies(objects).sort(order),
    unread: unread.sort(order),
    resourceVersions,
    listed,
    unlisted,
  };
}

/** The part of a list that has arrived. */
interface Arrived {
  readonly items: Json[];
  /** Objects that have changed since reading started, by namespace and name. */
  readonly moving: string[];
}

/**
 * Whether an object was created, changed or deleted since a time. Its status, and the replicas that a scaler sets,
 * change all the time.
 */
function isMoving({ metadata }: Json, since: string): boolean {
  if (!isRecord(metadata)) return false;
  const times = [
    metadata['creationTimestamp'],
    metadata['deletionTimestamp'],
    ...digList(metadata['managedFields'])
      .filter(({ subresource }) => subresource === undefined || subresource === '')
      .map(({ time }) => time),
  ];
  return times.some((time) => text(time) >= since);
}
const placeOf = ({ metadata }: Json): string =>
  isRecord(metadata) ? `${text(metadata['namespace'])}/${text(metadata['name'])}` : '/';

const keyOf = (kind: ApiKind): string => `${kind.group} ${kind.resource}`;

class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Reads all pages of a list into `to`. `isMixed`: the last ones are from another state of the server than the first.
 * @throws `Refused`, `NoAnswer`
 */
async function list(
  server: ApiServer,
  { group, version, resource }: ApiKind,
  namespace: string | undefined,
  { items, moving }: Arrived,
  { most, since, arrived }: Pick<Wanted, 'since'> & { readonly most: number | undefined; arrived(n: number): void },
): Promise<{ readonly resourceVersion: string; readonly isMixed: boolean }> {
  const base = `${group === '' ? `/api/${version}` : `/apis/${group}/${version}`}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${resource}?limit=${Math.min(most ?? pageSize, pageSize)}`;
  let token = '';
  let left = restarts;
  let isMixed = false;
  const seen = new Set<string>();
  const share = sharing();
  for (;;) {
    const answer = await server.get(token === '' ? base : `${base}&continue=${encodeURIComponent(token)}`);
    const body = isRecord(answer.body) ? answer.body : {};
    const metadata = isRecord(body['metadata']) ? body['metadata'] : {};
    if (answer.status === 410) {
      // The rest of the list in its current state; the server gives a token for it (Kubernetes API concepts, "410 Gone
      // responses").
      const rest = text(metadata['continue']);
      if (left > 0) {
        left--;
        token = '';
        items.length = 0;
        moving.length = 0;
        seen.clear();
        continue;
      }
      if (rest === '' || seen.has(rest)) throw new NoAnswer('the list changes faster than it can be read');
      token = rest;
      isMixed = true;
      seen.add(token);
      continue;
    }
    if (answer.status !== 200) throw new Refused(answer.status, saysOf(answer));
    if (body['kind'] === 'Status') throw new NoAnswer(text(body['message']) || 'an error instead of a list');
    if (!Array.isArray(body['items'])) throw new NoAnswer('a response without items');
    const page = digList(body['items']);
    for (const item of page) {
      if (since !== undefined && isMoving(item, since)) moving.push(placeOf(item));
      items.push(share(project(item)));
    }
    arrived(page.length);
    token = text(metadata['continue']);
    if (token === '' || (most !== undefined && items.length >= most))
      return { resourceVersion: text(metadata['resourceVersion']), isMixed };
    if (seen.has(token)) throw new NoAnswer('the server returned the same page twice');
    seen.add(token);
  }
}

/** The message of an error answer, as a clause. */
function saysOf({ status, body }: ServerAnswer): string {
  const message = isRecord(body) ? text(body['message']) : '';
  return message === '' ? `the server answered ${status}` : `${message.replace(/\.$/, '')} (${status})`;
}
