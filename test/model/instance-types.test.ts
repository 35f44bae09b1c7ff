import { describe, expect, it } from 'vitest';
import { addressedPods, instanceColumns, InstanceTypes, recommendedPods } from '#model/instance-types.ts';
import { readSchema } from '#sources/schemas.ts';
import { today } from '../lint-texts.ts';

interface Data {
  readonly asOf: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, readonly unknown[]>>;
}
const data = JSON.parse(readSchema('aws/instance-types') ?? '') as Data;
const types = new InstanceTypes(readSchema);
const of = (name: string) => {
  const type = types.find(name);
  if (!type) throw new Error(`${name} is not known`);
  return type;
};

describe('the data of instance types', () => {
  it('has a date, and a source for each fact', () => {
    expect(data.asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(data.asOf <= today).toBe(true);
    expect(Object.keys(data.columns)).toEqual([...instanceColumns]);
    for (const source of Object.values(data.columns)) expect(source.length).toBeGreaterThan(10);
  });
  it('has rows with one shape', () => {
    const shapes: Readonly<Record<(typeof instanceColumns)[number], (fact: unknown) => boolean>> = {
      arch: (fact) => fact === 'x86_64' || fact === 'arm64',
      vcpus: (fact) => Number.isInteger(fact) && Number(fact) >= 1 && Number(fact) <= 1920,
      memoryMiB: (fact) => Number.isInteger(fact) && Number(fact) >= 512,
      device: (fact) => ['', 'nvidia', 'neuron', 'amd', 'gaudi', 'fpga', 'qualcomm'].includes(String(fact)),
      maxEnis: (fact) => Number.isInteger(fact) && Number(fact) >= 1 && Number(fact) <= 24,
      ipv4PerEni: (fact) => Number.isInteger(fact) && Number(fact) >= 2,
      branchEnis: (fact) => Number.isInteger(fact) && Number(fact) >= 0,
      nitro: (fact) => typeof fact === 'boolean',
      bareMetal: (fact) => typeof fact === 'boolean',
    };
    const names = Object.keys(data.types);
    expect(names.length).toBeGreaterThan(1000);
    expect(names).toEqual(names.toSorted());
    for (const [name, row] of Object.entries(data.types)) {
      expect(name).toMatch(/^[a-z][a-z\d-]*\.[a-z\d-]+$/);
      expect(row).toHaveLength(instanceColumns.length);
      for (const [index, column] of instanceColumns.entries())
        expect([name, column, row[index] === null || shapes[column](row[index])]).toEqual([name, column, true]);
    }
  });
});

describe('what is known of a type', () => {
  it('is what EC2 reports', () => {
    expect(of('m5.large')).toMatchObject({
      arch: 'x86_64',
      vcpus: 2,
      memoryMiB: 8192,
      device: '',
      nitro: true,
      branchEnis: 9,
    });
    expect(of('m7g.xlarge').arch).toBe('arm64');
    expect(of('g6.xlarge').device).toBe('nvidia');
    expect(of('inf2.xlarge').device).toBe('neuron');
    expect([of('m4.large').nitro, of('i3.metal').nitro, of('i3.large').nitro]).toEqual([false, true, false]);
    expect([of('t3.large').branchEnis, of('i3.metal').bareMetal]).toEqual([0, true]);
  });
  it('is not guessed for a newer type', () => {
    expect(types.find('m99.large')).toBeUndefined();
    expect(types.find('constructor')).toBeUndefined();
    expect(new InstanceTypes(() => undefined).find('m5.large')).toBeUndefined();
  });
  it('gives the number of pods', () => {
    // eni-max-pods.txt of amazon-vpc-cni-k8s
    expect([addressedPods(of('m5.large'), false), addressedPods(of('t3.medium'), false)]).toEqual([29, 17]);
    // With several network cards, only the default one has addresses for pods.
    expect(['dl1.24xlarge', 'p5.48xlarge', 'g6e.24xlarge'].map((name) => addressedPods(of(name), false))).toEqual([
      737, 100, 492,
    ]);
    expect(addressedPods(of('m5.large'), true)).toBe(20);
    expect([recommendedPods(of('m5.large')), recommendedPods(of('m5.8xlarge'))]).toEqual([110, 250]);
  });
});
