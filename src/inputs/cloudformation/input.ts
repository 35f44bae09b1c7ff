import type { Note } from '#model/finding.ts';
import { isRecord } from '#model/shape.ts';
import { type Dialect, Field, type Resolved } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import { type AwsResource, Description, type Reference } from '#spelling/resource.ts';
import { asIs, type Spelling } from '#spelling/spelling.ts';
import { locate, span, type Tree } from '#syntax/tree.ts';
import type { Parts } from '../input.ts';

const isFunction = /^(Ref|Condition|Fn::.+)$/;
/** CloudFormation passes on what is written, under the names that everything here goes by. */
const spelling: Spelling = { name: asIs, blocks: false, rows: {} };

/** Name and argument of an intrinsic function. */
function intrinsic(value: unknown): readonly [string, unknown] | undefined {
  if (!isRecord(value)) return undefined;
  const keys = Object.keys(value);
  const [name] = keys;
  return keys.length === 1 && name !== undefined && isFunction.test(name) ? [name, value[name]] : undefined;
}

/** A name that YAML reads as something else: `N` is false, and `!Ref N` means the same. */
const nameOf = (value: unknown): string | undefined =>
  typeof value === 'object' || value === undefined ? undefined : String(value);

/** A key as it is written. */
function written(tree: Tree, on: object, key: string): string {
  const place = span(tree, on, key);
  const text = place ? tree.source.text.slice(place[0], place[1]) : key;
  return /^[\w:-]+$/.test(text) ? text : key;
}

/** What `Ref` and `Fn::GetAtt` name: a logical id, and an attribute. */
function target(value: unknown): Reference | undefined {
  const [name, argument] = intrinsic(value) ?? [];
  if (name === 'Ref') {
    const id = nameOf(argument);
    return id === undefined ? undefined : { id };
  }
  if (name !== 'Fn::GetAtt') return undefined;
  const [id, ...attribute]: unknown[] =
    typeof argument === 'string' ? argument.split('.') : Array.isArray(argument) ? argument : [];
  const named = nameOf(id);
  return named === undefined ? undefined : { id: named, attribute: attribute.join('.') };
}

/** The resources of a template. */
function describe(tree: Tree, root: Record<string, unknown>): Description {
  const parameters = isRecord(root['Parameters']) ? root['Parameters'] : {};
  /** Keys that are written in another way than they are read. */
  const keys = new Map<string, string>();
  for (const part of [parameters, isRecord(root['Resources']) ? root['Resources'] : {}])
    for (const key of ['true', 'false', 'null']) if (Object.hasOwn(part, key)) keys.set(written(tree, part, key), key);
  const parameterType = (name: string): string | undefined => {
    const key = keys.get(name) ?? name;
    const parameter = Object.hasOwn(parameters, key) ? parameters[key] : undefined;
    return isRecord(parameter) ? String(parameter['Type']) : undefined;
  };
  let mapped = false;
  /** `AWS::NoValue` takes its key away, a Sub without `${` is its text, and an entry of a map with three plain names is known. */
  const resolve = (value: unknown): Resolved | undefined => {
    const [name, argument] = intrinsic(value) ?? [];
    if (name === 'Ref' && argument === 'AWS::NoValue') return { value: undefined };
    if (name === 'Fn::Sub' && typeof argument === 'string' && !argument.includes('${')) return { value: argument };
    if (name !== 'Fn::FindInMap' || !Array.isArray(argument) || argument.length !== 3) return undefined;
    if (mapped || !argument.every((one) => typeof one === 'string')) return undefined; // maps hold no functions
    mapped = true;
    const field = (argument as string[]).reduce((one, key) => one.get(key), top.get('Mappings'));
    mapped = false;
    return field.absent ? undefined : { field, moved: true };
  };
  const unknown = (value: unknown): string | undefined => {
    const [name, argument] = intrinsic(value) ?? [];
    if (name === undefined) return undefined;
    const id = nameOf(argument);
    if (name !== 'Ref' || id === undefined) return `the outcome of ${name} is not known before deployment`;
    return parameterType(id) === undefined
      ? `what ${id} stands for is not known before deployment`
      : `parameter ${keys.has(id) ? id : written(tree, parameters, id)} may be overridden`;
  };
  const dialect: Dialect = {
    converts: true,
    unknown,
    gap: (on) => (Object.hasOwn(on, 'Fn::Transform') ? 'a macro adds to this part of the template' : undefined),
    resolve,
  };
  const top = Field.of(dialect, tree, root);
  const resources = top
    .get('Resources')
    .entries()
    .flatMap(([id, whole]): AwsResource[] => {
      const { value: type } = whole.get('Type');
      if (typeof type !== 'string') return [];
      return [
        { type, id, title: written(tree, whole.on, id), whole, body: new Property(spelling, whole.get('Properties')) },
      ];
    });
  return new Description({
    input: 'cloudformation',
    resources,
    more: 'another template may add more',
    refer({ raw }) {
      const found = target(raw);
      // A parameter whose type is that of a resource's name: `AWS::EC2::KeyPair::KeyName`.
      const type =
        found && /^(?:AWS::SSM::Parameter::Value<)?(AWS::\w+::\w+)::/.exec(parameterType(found.id) ?? '')?.[1];
      return found && { ...found, id: keys.get(found.id) ?? found.id, type };
    },
    expression: ({ raw }) => JSON.stringify(raw),
  });
}

/** CloudFormation templates, in YAML or JSON. */
export function read(trees: readonly Tree[]): Parts {
  const descriptions: Description[] = [];
  const notes: Note[] = [];
  for (const tree of trees) {
    const { root } = tree;
    if (!isRecord(root)) continue;
    descriptions.push(describe(tree, root));
    const resources = isRecord(root['Resources']) ? root['Resources'] : {};
    const loop = Object.keys(resources).find((key) => key.startsWith('Fn::'));
    if (loop !== undefined)
      notes.push({
        kind: 'partial',
        message: `resources made by ${loop} are not judged`,
        at: locate(tree, resources, loop),
      });
  }
  return { resources: [], clusters: [], notes, descriptions };
}
