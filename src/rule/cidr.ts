import type * as Net from 'node:net';

// Loaded on first use: `node:net` loads all of Node's streams, which a run over plain manifests never needs.
const net = (): typeof Net => process.getBuiltinModule('node:net');
const isIP = (address: string): number => net().isIP(address);

/** Whether a CIDR block is the whole address space of its family. */
export const coversInternet = (cidr: string): boolean => /\/0+$/.test(cidr.trim());

/** Number of addresses of a CIDR block: 1 for a single address, 0 for an invalid block. */
export function cidrSize(cidr: string): number {
  const [address = '', prefix] = cidr.trim().split('/', 2);
  const family = isIP(address);
  if (family === 0) return 0;
  const bits = family === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : Number(prefix);
  return Number.isInteger(length) && length >= 0 && length <= bits ? 2 ** (bits - length) : 0;
}

/** Whether an address or the first address of a block is in one of the blocks. */
export function within(cidr: string, blocks: readonly string[]): boolean {
  const [address = ''] = cidr.split('/', 1);
  const listed = new (net().BlockList)();
  for (const block of blocks) {
    const [base = '', prefix = isIP(block) === 6 ? '128' : '32'] = block.split('/', 2);
    if (isIP(base) !== 0) listed.addSubnet(base, Number(prefix), isIP(base) === 6 ? 'ipv6' : 'ipv4');
  }
  return isIP(address) !== 0 && listed.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Ranges that are not used on the internet (RFC 1918, RFC 6598, RFC 4193). */
const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];
const privateRanges6 = ['fc00::/7'];

/** Whether a block is in one of the blocks. */
export const inside = (cidr: string, blocks: readonly string[]): boolean =>
  blocks.some((block) => cidrSize(block) > 0 && cidrSize(block) >= cidrSize(cidr) && within(cidr, [block]));

/** Whether a block contains only private addresses. */
export const isPrivate = (cidr: string): boolean =>
  // An IPv6 address may stand for an IPv4 one. Node compiles a large regular expression to check the first one.
  inside(cidr, privateRanges) || (cidr.includes(':') && inside(cidr, privateRanges6));
