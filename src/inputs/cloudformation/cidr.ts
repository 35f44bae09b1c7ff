/** The blocks that `Fn::Cidr` creates from an IPv4 block: `count` blocks, each with `bits` host bits. */
export function cutBlock(block: string, count: number, bits: number): string[] | undefined {
  const [, address = '', prefix] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(block) ?? [];
  const parts = address.split('.').map(Number);
  const size = 2 ** bits;
  if (prefix === undefined || parts.some((part) => part > 255) || bits < 0 || bits > 32) return undefined;
  if (count < 1 || count > 256 || size * count > 2 ** (32 - Number(prefix))) return undefined;
  const whole = parts.reduce((sum, part) => sum * 256 + part, 0);
  const base = whole - (whole % 2 ** (32 - Number(prefix)));
  return Array.from({ length: count }, (_, index) => {
    const start = base + index * size;
    return `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join('.')}/${32 - bits}`;
  });
}
