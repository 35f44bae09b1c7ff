import { isRecord } from '#model/shape.ts';
import { credentialReader } from '#rule/credentials';
import { type Snapshot, writeSnapshot } from '#sources/snapshot.ts';
import { notStored } from '#syntax/tree.ts';

/*
 * What a snapshot stores of a cluster: people who may not read the cluster may receive the snapshot. Everything that a
 * rule about credentials would report is left out, in any place; rules treat it as an unknown value.
 */

/**
 * A flag and its literal value, also inside a shell command. A value that the shell or Kubernetes fills in does not
 * match.
 */
const flag = String.raw`--?(?:[a-z-]{0,40}-)?(?:password|passwd|token|secret|api-?key|secret-key)`;
const flagged = new RegExp(
  String.raw`(?<![\w-])(${flag}(?:=|\s+))("[^"]*"|'[^']*'|[^\s"'$\x60@/;&|-][^\s"';&|]*)`,
  'gi',
);
const lastFlag = new RegExp(`^${flag}$`, 'i');
const filledIn = /^[$`@/-]/;
/** The same with a password in a URL. */
const inUrl = /([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/?#]{0,200}:)[^\s@/]{1,500}@/gi;

/** A header that logs in, in a text, and the names of such headers. */
const inHeader =
  /((?:authorization|cookie|x-[a-z-]{0,40}(?:key|token))["']?\s*:\s*["']?(?:(?:basic|bearer|token)\s+)?)[^\s"'$`][^"'\n]*/gi;
const headers = /^(?:(?:proxy-)?authorization|(?:set-)?cookie|x-[a-z-]{0,40}(?:key|token))$/i;
/** What signs a URL or logs in by it (IAM User Guide, Elements of an AWS API request signature). */
const inQuery =
  /([?&](?:x-amz-(?:signature|security-token|credential)|sig|signature|[a-z_-]{0,20}(?:token|api_?key|password|secret))=)[^&#\s"']+/gi;

const reader = credentialReader();
/** Names of variables have underscores where those of fields and annotations have other signs. */
const isNamed = (name: string, value: string): boolean => reader.isNamed(name.replace(/[-./]/g, '_'), value);

/** The text without the credentials in it. */
function withoutLiterals(text: string): string {
  const bare = text
    .replace(flagged, (_, start: string) => `${start}${notStored}`)
    .replace(inUrl, (_, start: string) => `${start}${notStored}@`)
    .replace(inHeader, (_, start: string) => `${start}${notStored}`)
    .replace(inQuery, (_, start: string) => `${start}${notStored}`);
  return reader.shapeOf(bare) === undefined ? bare : notStored;
}

function hide(node: unknown, key: string): unknown {
  if (typeof node === 'string') return isNamed(key, node) ? notStored : withoutLiterals(node);
  if (Array.isArray(node)) {
    const list: readonly unknown[] = node;
    return list.map((one, index) => {
      const before = list[index - 1];
      const isGiven = typeof before === 'string' && lastFlag.test(before) && typeof one === 'string';
      return isGiven && !filledIn.test(one) ? notStored : hide(one, '');
    });
  }
  if (!isRecord(node)) return node;
  const { name, value } = node;
  const isPair = typeof name === 'string' && typeof value === 'string' && (isNamed(name, value) || headers.test(name));
  return Object.fromEntries(
    Object.entries(node).map(([inner, one]) => [inner, isPair && inner === 'value' ? notStored : hide(one, inner)]),
  );
}

/** The bytes of a file that stores what was read of a cluster. */
export const storeSnapshot = (snapshot: Snapshot): Buffer =>
  writeSnapshot({
    ...snapshot,
    objects: snapshot.objects.map((list) => ({
      ...list,
      items: list.items.map((item) =>
        Object.fromEntries(Object.entries(item).map(([key, one]) => [key, hide(one, key)])),
      ),
    })),
  });
