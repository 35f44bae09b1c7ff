import { isRecord } from './shape.ts';
import type { ReadSchema } from './schema.ts';
import { Answer, type Value } from './value.ts';

/** What is known about an EC2 instance type; undefined for a fact that is not known yet. */
export interface InstanceType {
  /** x86_64 or arm64. */
  readonly arch: string | undefined;
  readonly vcpus: number | undefined;
  readonly memoryMiB: number | undefined;
  /** Its accelerators: nvidia, neuron, amd, gaudi, fpga, qualcomm, '' for none. */
  readonly device: string | undefined;
  /** For the default network card: the VPC CNI only uses addresses from this one. */
  readonly maxEnis: number | undefined;
  readonly ipv4PerEni: number | undefined;
  /** Branch interfaces for pods with their own security groups; 0 without a trunk interface. */
  readonly branchEnis: number | undefined;
  /** On the Nitro System, which includes bare metal. */
  readonly nitro: boolean | undefined;
  readonly bareMetal: boolean | undefined;
}

/** The columns of the file, in the order of its rows. */
export const instanceColumns = [
  'arch',
  'vcpus',
  'memoryMiB',
  'device',
  'maxEnis',
  'ipv4PerEni',
  'branchEnis',
  'nitro',
  'bareMetal',
] as const satisfies readonly (keyof InstanceType)[];
type Column = (typeof instanceColumns)[number];

/** The EC2 instance types, read when the first one is looked up. A type that is newer than the data is unknown. */
export class InstanceTypes {
  readonly #read: ReadSchema;
  #rows: Readonly<Record<string, unknown>> | undefined;

  constructor(read: ReadSchema) {
    this.#read = read;
  }

  find(name: string): InstanceType | undefined {
    this.#rows ??= this.#load();
    const row = Object.hasOwn(this.#rows, name) ? this.#rows[name] : undefined;
    if (!Array.isArray(row)) return undefined;
    const text = (column: Column): string | undefined => {
      const fact: unknown = row[instanceColumns.indexOf(column)];
      return typeof fact === 'string' ? fact : undefined;
    };
    const number = (column: Column): number | undefined => {
      const fact: unknown = row[instanceColumns.indexOf(column)];
      return typeof fact === 'number' ? fact : undefined;
    };
    const bool = (column: Column): boolean | undefined => {
      const fact: unknown = row[instanceColumns.indexOf(column)];
      return typeof fact === 'boolean' ? fact : undefined;
    };
    return {
      arch: text('arch'),
      vcpus: number('vcpus'),
      memoryMiB: number('memoryMiB'),
      device: text('device'),
      maxEnis: number('maxEnis'),
      ipv4PerEni: number('ipv4PerEni'),
      branchEnis: number('branchEnis'),
      nitro: bool('nitro'),
      bareMetal: bool('bareMetal'),
    };
  }
  #load(): Readonly<Record<string, unknown>> {
    const data: unknown = JSON.parse(this.#read('aws/instance-types') ?? '{}');
    return isRecord(data) && isRecord(data['types']) ? data['types'] : {};
  }

  /** Whether a fact of a type passes a test. */
  ask<K extends keyof InstanceType>(
    { value, why }: Value<string>,
    key: K,
    test: (fact: NonNullable<InstanceType[K]>) => boolean,
  ): Answer {
    if (value === undefined) return Answer.unknown(why ?? 'an instance type is not known');
    const fact = this.find(value)?.[key];
    return fact === undefined || fact === null
      ? Answer.unknown(`${value} is an instance type that this release does not fully know`)
      : Answer.of(test(fact));
  }
}

/**
 * The maximum number of pods whose addresses fit on an instance: each interface keeps one address for itself, and two
 * pods of the node use its network (EKS Best Practices Guide, Amazon VPC CNI). With custom networking, the first
 * interface has no pods.
 */
export function addressedPods({ maxEnis, ipv4PerEni }: InstanceType, customNetworking: boolean): number | undefined {
  if (maxEnis === undefined || ipv4PerEni === undefined) return undefined;
  return (customNetworking ? maxEnis - 1 : maxEnis) * (ipv4PerEni - 1) + 2;
}
/**
 * The maximum number of pods that EKS recommends, however many addresses there are (EKS Best Practices Guide, Prefix
 * Mode for Linux).
 */
export const recommendedPods = ({ vcpus }: InstanceType): number | undefined =>
  vcpus === undefined ? undefined : vcpus < 30 ? 110 : 250;
