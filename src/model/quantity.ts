/**
 * Powers of the suffixes of a Kubernetes quantity; values are divided for those below one, which keeps 300m equal to
 * 0.3.
 */
const multiples: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};
const fractions: Readonly<Record<string, number>> = { m: 1e3, u: 1e6, n: 1e9 };

const grammar = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;

/** Whether the API server reads a value as a quantity. */
export const isQuantity = (value: unknown): boolean =>
  typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string' && grammar.test(value);

/**
 * A resource quantity as a number of cores, bytes or units (Kubernetes API reference, Quantity): `100m`, `1Gi`, `1e3`,
 * 0.5. Undefined if invalid.
 */
export function parseQuantity(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const match = grammar.exec(value);
  if (!match) return undefined;
  const [, digits = '', exponent = '', suffix = ''] = match;
  const number = Number(digits + exponent);
  const fraction = fractions[suffix];
  const result = fraction === undefined ? number * (multiples[suffix] ?? 1) : number / fraction;
  return Number.isFinite(result) ? result : undefined;
}
