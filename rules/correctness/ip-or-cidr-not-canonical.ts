import { defineRule, Workload } from '#rule';
import { dig, digList, isRecord, list } from '#rule/shape';

/** Since this version the API server rejects new values in these forms (KEP-4858, gate StrictIPCIDRValidation). */
const strict = 36;
const octets = /^\d{1,5}\.\d{1,5}\.\d{1,5}\.\d{1,5}$/;

interface Verdict {
  readonly fault: string;
  readonly better: string | undefined;
}

/** An IPv4 address without leading zeros; undefined if invalid. */
const plainAddress = (text: string): string | undefined => {
  if (!octets.test(text)) return undefined;
  const numbers = text.split('.').map(Number);
  return numbers.every((one) => one <= 255) ? numbers.join('.') : undefined;
};

function judgeAddress(text: string): Verdict | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text)?.[1];
  if (mapped !== undefined) return { fault: 'is an IPv4 address written as IPv6', better: plainAddress(mapped) };
  const plain = plainAddress(text);
  return plain !== undefined && plain !== text ? { fault: 'has leading zeros', better: plain } : undefined;
}

/** Bits of an IPv6 address; undefined if invalid. */
function bitsOfV6(text: string): bigint | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const words = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [before, behind] = [words(head), words(tail ?? '')];
  const missing = 8 - before.length - behind.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...before, ...Array.from({ length: tail === undefined ? 0 : missing }, () => '0'), ...behind];
  if (!all.every((one) => /^[0-9a-f]{1,4}$/i.test(one))) return undefined;
  return all.reduce((sum, one) => (sum << 16n) | BigInt(Number.parseInt(one, 16)), 0n);
}

function judgeRange(text: string): Verdict | undefined {
  const [address = '', size, ...more] = text.split('/');
  if (size === undefined || more.length > 0 || !/^\d{1,3}$/.test(size)) return undefined;
  const plain = plainAddress(address);
  if (plain !== undefined) {
    const width = Number(size);
    if (width > 32) return undefined;
    const bits = plain.split('.').reduce((sum, one) => sum * 256 + Number(one), 0);
    const block = 2 ** (32 - width);
    const start = Math.floor(bits / block) * block;
    const network = `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join('.')}/${width}`;
    if (start !== bits) return { fault: 'has bits set beyond its prefix', better: network };
    return plain !== address || size !== String(width) ? { fault: 'has leading zeros', better: network } : undefined;
  }
  const address6 = judgeAddress(address);
  if (address6) return { fault: address6.fault, better: undefined };
  const bits = bitsOfV6(address);
  const width = Number(size);
  if (bits === undefined || width > 128) return undefined;
  const rest = bits & ((1n << BigInt(128 - width)) - 1n);
  return rest === 0n ? undefined : { fault: 'has bits set beyond its prefix', better: undefined };
}

export default defineRule({
  title: 'IP addresses and CIDR ranges must be in canonical form',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload', 'Service', 'NetworkPolicy', 'Endpoints', 'EndpointSlice'],
  needs: [
    'hostAliases',
    'dnsConfig',
    'clusterIP',
    'clusterIPs',
    'externalIPs',
    'loadBalancerIP',
    'loadBalancerSourceRanges',
    'ipBlock',
    'subsets',
    'endpoints',
  ],
  scope: 'resource',
  fix: 'suggestion: remove leading zeros, and use the network address of the range',
  messages: {
    refused: '{field} of {title} {fault}, so Kubernetes 1.{target} ({from}) rejects new objects with it',
    unclear: '{field} of {title} {fault}, which programs parse differently and Kubernetes 1.36 and later reject',
  },
  help: 'Write addresses without leading zeros, and ranges with their network address, e.g. 10.0.0.0/24',
  equivalents: [],
  sources: ['KEP-4858, IP/CIDR validation improvements', 'Kubernetes changelog, 1.36'],
  check(resource, { target, report }) {
    const { title, object } = resource;
    const isRefused = target.highest >= strict;
    const judge = (
      on: unknown,
      key: string | number,
      field: string,
      find: (text: string) => Verdict | undefined,
    ): void => {
      if (typeof on !== 'object' || on === null) return;
      const value: unknown = (on as Record<string | number, unknown>)[key];
      const verdict = typeof value === 'string' ? find(value.trim()) : undefined;
      if (!verdict) return;
      const { fault, better } = verdict;
      const more = {
        on,
        key,
        ...(better === undefined
          ? {}
          : { fix: { safe: false, edits: [{ op: 'set' as const, on, key, value: better }] } }),
      };
      if (isRefused)
        report({
          message: 'refused',
          data: { field, title, fault, target: target.highest, from: target.highestFrom },
          ...more,
        });
      else report({ message: 'unclear', data: { field, title, fault }, severity: 'low', ...more });
    };
    const judgeAll = (items: unknown, field: string, find: (text: string) => Verdict | undefined): void => {
      if (Array.isArray(items)) for (const index of items.keys()) judge(items, index, field, find);
    };
    const itemsAt = (holder: unknown, ...path: readonly string[]): readonly object[] => {
      const items = dig(holder, ...path);
      return digList(items);
    };
    if (resource instanceof Workload) {
      for (const alias of list(resource.pod.hostAliases)) judge(alias, 'ip', 'hostAliases[].ip', judgeAddress);
      judgeAll(dig(resource.pod, 'dnsConfig', 'nameservers'), 'dnsConfig.nameservers', judgeAddress);
      return;
    }
    const spec = dig(object, 'spec');
    switch (resource.known) {
      case 'Service':
        if (!isRecord(spec)) return;
        for (const key of ['clusterIP', 'loadBalancerIP']) judge(spec, key, key, judgeAddress);
        for (const key of ['clusterIPs', 'externalIPs']) judgeAll(spec[key], key, judgeAddress);
        judgeAll(spec['loadBalancerSourceRanges'], 'loadBalancerSourceRanges', judgeRange);
        break;
      case 'NetworkPolicy':
        for (const [direction, peers] of [
          ['ingress', 'from'],
          ['egress', 'to'],
        ] as const)
          for (const rule of itemsAt(spec, direction))
            for (const peer of itemsAt(rule, peers)) {
              const block = dig(peer, 'ipBlock');
              judge(block, 'cidr', 'ipBlock.cidr', judgeRange);
              judgeAll(dig(block, 'except'), 'ipBlock.except', judgeRange);
            }
        break;
      case 'Endpoints':
        for (const subset of itemsAt(object, 'subsets'))
          for (const key of ['addresses', 'notReadyAddresses'])
            for (const address of itemsAt(subset, key)) judge(address, 'ip', `${key}[].ip`, judgeAddress);
        break;
      case 'EndpointSlice':
        for (const endpoint of itemsAt(object, 'endpoints'))
          judgeAll(dig(endpoint, 'addresses'), 'addresses', judgeAddress);
        break;
    }
  },
});
