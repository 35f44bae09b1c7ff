import { oneOfMany } from '#model/hidden.ts';
import { Field } from '#spelling/field.ts';
import { type Frame, named } from './evaluate.ts';
import { elementsOf, textOf } from './plain.ts';

/* Blocks that `count` and `for_each` repeat. */

/** A block with more instances is read once; values that differ between them are unknown. */
const mostInstances = 200;

/** What turns a block off: `count = 0` or an empty `for_each`. */
export function switchOf(block: Field): Field | undefined {
  const [count, each] = [block.get('count'), block.get('for_each')];
  const { value } = each;
  if (count.number().value === 0) return count;
  const isEmpty =
    typeof value === 'object' && value !== null && each.rest === undefined && Object.keys(value).length === 0;
  return isEmpty ? each : undefined;
}

/** One for each element, by its name; a block that is not repeated, or an unknown number of times, is one. */
export function instancesOf(label: string, block: Field, frame: Frame): [string, Field][] {
  const inFrame = (names: ReadonlyMap<string, Field>): Field =>
    Field.of(frame.with(names).dialect, block.tree, block.on, block.key);
  const count = block.get('count');
  const each = block.get('for_each');
  if (!count.absent) {
    const number = count.number().value;
    const unknown = count.why ?? oneOfMany;
    const isFew = number !== undefined && number > 0 && number <= mostInstances;
    const index = (at: Field): ReadonlyMap<string, Field> => new Map([['count', named(count, { index: at })]]);
    if (!isFew) return [[label, inFrame(index(count.doubted(unknown)))]];
    return Array.from({ length: number }, (_, at) => [
      number === 1 ? label : `${label}[${at}]`,
      inFrame(index(count.worth(at))),
    ]);
  }
  if (each.absent) return [[label, block]];
  const isList = Array.isArray(each.value);
  const elements = elementsOf(each)?.map(({ key, value }) => ({ key: isList ? value : key, value })) ?? [];
  const each1 = (parts: Readonly<Record<string, Field>>): ReadonlyMap<string, Field> =>
    new Map([['each', named(each, parts)]]);
  const isWhole =
    elements.length > 0 && elements.length <= mostInstances && elements.every(({ key }) => key.why === undefined);
  if (!isWhole) {
    const hidden = each.doubted(each.why ?? each.rest ?? elements.find(({ key }) => key.why)?.key.why ?? oneOfMany);
    return [[label, inFrame(each1({ key: hidden, value: hidden }))]];
  }
  return elements.map(({ key, value }) => [
    `${label}[${JSON.stringify(textOf(key.value) ?? '')}]`,
    inFrame(each1({ key, value })),
  ]);
}
