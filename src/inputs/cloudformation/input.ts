import type { Note } from '#model/finding.ts';
import { isRecord } from '#model/shape.ts';
import { type Dialect, Field, type Resolved } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import { type AwsResource, Description, type Reference } from '#spelling/resource.ts';
import { asIs, type Spelling } from '#spelling/spelling.ts';
import { locate, type Tree } from '#syntax/tree.ts';
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

/** What `Ref` and `Fn::GetAtt` name: a logical id, and an attribute. */
function target(value: unknown): Reference | undefined {
  const [name, argument] = intrinsic(value) ?? [];
  if (name === 'Ref') return typeof argument === 'string' ? { id: argument } : undefined;
  if (name !== 'Fn::GetAtt') return undefined;
  const [id, ...attribute]: unknown[] =
    typeof argument === 'string' ? argument.split('.') : Array.isArray(argument) ? argument : [];
  return typeof id === 'string' ? { id, attribute: attribute.join('.') } : undefined;
}

/** The resources of a template. */
function describe(tree: Tree, root: Record<string, unknown>): Description {
  const parameters = isRecord(root['Parameters']) ? root['Parameters'] : {};
  const parameterType = (name: unknown): string | undefined => {
    const parameter = typeof name === 'string' && Object.hasOwn(parameters, name) ? parameters[name] : undefined;
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
    if (name !== 'Ref' || typeof argument !== 'string') return `the outcome of ${name} is not known before deployment`;
    return parameterType(argument) === undefined
      ? `what ${argument} stands for is not known before deployment`
      : `parameter ${argument} may be overridden`;
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
      return [{ type, id, title: id, whole, body: new Property(spelling, whole.get('Properties')) }];
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
      return found && { ...found, type };
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
