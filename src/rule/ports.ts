export type { AclEntry } from '#model/network.ts';

/** Port numbers from the first to the last. */
export type Ports = readonly [from: number, to: number];

/** The ports that remain after removing others. */
export const without = (ports: readonly Ports[], [from, to]: Ports): readonly Ports[] =>
  ports.flatMap(([low, high]): Ports[] => {
    if (to < low || from > high) return [[low, high]];
    return [...(low < from ? [[low, from - 1] as const] : []), ...(high > to ? [[to + 1, high] as const] : [])];
  });

/** `443`, `53 and 1025-65535`. */
export const portWords = (ports: readonly Ports[]): string =>
  ports.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(' and ');
