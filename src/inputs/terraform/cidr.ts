import { Refused } from './plain.ts';

/* Addresses as Terraform's cidrhost, cidrsubnet and cidrnetmask compute them. */

interface Block {
  readonly bits: 32 | 128;
  readonly address: bigint;
  readonly length: number;
}

function parse(text: string): Block {
  const [, address = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const bits = address.includes(':') ? 128 : 32;
  const parts = bits === 32 ? address.split('.') : groupsOf(address);
  const width = bits === 32 ? 8n : 16n;
  const limit = 1 << Number(width);
  const numbers = parts.map((part) => Number(bits === 32 ? part : `0x${part}`));
  const isWhole = numbers.length === bits / Number(width) && numbers.every((one) => one >= 0 && one < limit);
  if (!isWhole || Number(length) > bits) throw new Refused('this is not a CIDR block');
  return { bits, address: numbers.reduce((sum, one) => (sum << width) | BigInt(one), 0n), length: Number(length) };
}
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  if (tail === undefined) return before;
  const after = tail === '' ? [] : tail.split(':');
  return [...before, ...Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0'), ...after];
}

function show(address: bigint, bits: 32 | 128): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((address >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  const zeros = [...groups.join(':').matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length)[0];
  if (!zeros) return groups.join(':');
  const text = groups.join(':');
  return `${text.slice(0, zeros.index)}::${text.slice(zeros.index + zeros[0].length).replace(/^:/, '')}`;
}

const network = ({ address, bits, length }: Block): bigint => {
  const host = BigInt(bits - length);
  return (address >> host) << host;
};

export function subnet(text: string, more: number, number: number): string {
  const block = parse(text);
  const length = block.length + more;
  if (more < 0 || number < 0 || length > block.bits || BigInt(number) >= 1n << BigInt(more))
    throw new Refused('there is no such subnet');
  return `${show(network(block) | (BigInt(number) << BigInt(block.bits - length)), block.bits)}/${length}`;
}

export function host(text: string, number: number): string {
  const block = parse(text);
  const size = 1n << BigInt(block.bits - block.length);
  const offset = number < 0 ? size + BigInt(number) : BigInt(number);
  if (offset < 0n || offset >= size) throw new Refused('there is no such host');
  return show(network(block) | offset, block.bits);
}

export function netmask(text: string): string {
  const { bits, length } = parse(text);
  const host = BigInt(bits - length);
  return show((((1n << BigInt(bits)) - 1n) >> host) << host, bits);
}
