import { type Field, mixedList, mixedMap } from './field.ts';
import { Property } from './property.ts';
import { asIs, type Spelling } from './spelling.ts';

/* Resources that a tool creates automatically, with the names of CloudFormation. */

export type Content = Field | string | number | boolean | { readonly [name: string]: Content } | readonly Content[];

/**
 * What a tool writes at a location: Fields are located where the user wrote them, everything else comes from the tool.
 */
export function made(place: Field, content: Content): Field {
  if (isField(content)) return content;
  if (Array.isArray(content)) return place.filled(mixedList((content as Content[]).map((one) => made(place, one))));
  if (typeof content === 'object')
    return place.filled(mixedMap(new Map(Object.entries(content).map(([name, one]) => [name, made(place, one)]))));
  return place.filled(content);
}
const isField = (content: Content): content is Field => typeof content === 'object' && 'doubted' in content;

const plain: Spelling = { name: asIs, blocks: false, rows: {} };

/** The body of a resource that a tool creates. */
export const madeBody = (place: Field, content: Content): Property => new Property(plain, made(place, content));
