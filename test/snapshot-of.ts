import { groupOf, isNamespaced } from '#model/kinds.ts';
import type { Snapshot } from '#sources/snapshot.ts';
import type { Json } from './sample-objects.ts';

/** What an audit stores of a cluster with some objects; objects of denied kinds could not be read. */
export function snapshotOf(objects: readonly Json[], denied: readonly string[] = []): Snapshot {
  const lists = new Map<string, Json[]>();
  for (const object of objects) {
    const key = `${String(object['apiVersion'])} ${String(object['kind'])}`;
    lists.set(key, [...(lists.get(key) ?? []), object]);
  }
  const kinds = [...lists].map(([key, items]) => {
    const [apiVersion = '', kind = ''] = key.split(' ');
    const group = groupOf(apiVersion);
    const version = apiVersion.slice(apiVersion.lastIndexOf('/') + 1);
    return { group, version, kind, resource: `${kind.toLowerCase()}s`, namespaced: isNamespaced(kind, group), items };
  });
  return {
    format: 1,
    ekslint: 'test',
    cluster: { name: 'prod', arn: '', account: '', region: '', endpoint: 'https://prod', version: 'v1.34.0', uid: 'u' },
    from: '2026-01-01T00:00:00Z',
    to: '2026-01-01T00:00:01Z',
    unlisted: [],
    namespaces: [],
    except: [],
    notAsked: [],
    asked: [],
    answers: [],
    unanswered: [],
    objects: kinds.filter(({ kind }) => !denied.includes(kind)),
    unread: kinds
      .filter(({ kind }) => denied.includes(kind))
      .map((kind) => ({ ...kind, why: `no permission to list ${kind.resource}`, isDenied: true })),
  };
}
