import type { Note } from '#model/finding.ts';
import { isRecord } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import { type Dialect, Field, type Part, type Resolved } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import { type AwsResource, Description, type Reference } from '#spelling/resource.ts';
import { asIs, type Spelling } from '#spelling/spelling.ts';
import { locate, span, type Tree } from '#syntax/tree.ts';
import type { Parts } from '../input.ts';
import { isProvided, placeOf, type PodTemplates } from '../objects.ts';
import { TextWithHoles } from '../text-with-holes.ts';
import { foreign, handled, readManifests } from './cdk.ts';

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

/** The type of a parameter. */
const typeOf = ({ Type: type }: Record<string, unknown>): string => (typeof type === 'string' ? type : '');

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
  return named === undefined
    ? undefined
    : { id: named, attribute: attribute.map((one) => nameOf(one) ?? '').join('.') };
}

/** Everything that a value names. */
function targets(value: unknown): readonly Reference[] {
  if (typeof value !== 'object' || value === null) return [];
  const found = target(value);
  return found ? [found] : Object.values(value).flatMap(targets);
}

const assumingOf = (part: Part): string | undefined => (typeof part === 'string' ? undefined : part.assuming);

/** A document that is written as a map, or as a text that functions may put together. */
function documentOf(field: Field): Field {
  if (field.map || field.absent) return field;
  const text = new TextWithHoles();
  const { parts } = field;
  if (!parts.some((part) => typeof part === 'string')) return field;
  const whole = parts.map((part) => (typeof part === 'string' ? part : text.hole(part, '${value}'))).join('');
  const document = text.read(field.tree.source, whole, { at: placeOf(field) })?.[0];
  return document ?? (field.why === undefined ? field.doubted('it is not valid JSON') : field);
}

/** The outcome of a condition. */
interface Condition {
  readonly yes: boolean;
  readonly assuming: string | undefined;
}

/** The resources of a template. */
function describe(
  tree: Tree,
  root: Record<string, unknown>,
): { readonly description: Description; readonly resources: Field } {
  const parameters = isRecord(root['Parameters']) ? root['Parameters'] : {};
  /** Keys that are written in another way than they are read. */
  const keys = new Map<string, string>();
  for (const part of [parameters, isRecord(root['Resources']) ? root['Resources'] : {}])
    for (const key of ['true', 'false', 'null']) if (Object.hasOwn(part, key)) keys.set(written(tree, part, key), key);
  const parameterType = (name: string): string | undefined => {
    const key = keys.get(name) ?? name;
    const parameter = Object.hasOwn(parameters, key) ? parameters[key] : undefined;
    return isRecord(parameter) ? typeOf(parameter) : undefined;
  };
  const argumentsOf = (list: readonly unknown[]): Field[] =>
    list.map((_, index) => Field.of(dialect, tree, list, index));
  /** The default of a parameter: what a stack gets where nobody says otherwise. A secret has none, and SSM holds that of its types. */
  const defaultOf = (id: string): Resolved | undefined => {
    const parameter = parameters[keys.get(id) ?? id];
    if (!isRecord(parameter) || !Object.hasOwn(parameter, 'Default')) return undefined;
    const { NoEcho: secret } = parameter;
    const type = typeOf(parameter);
    if ((secret !== undefined && secret !== false && secret !== 'false') || type.startsWith('AWS::SSM::'))
      return undefined;
    const { value } = Field.of(dialect, tree, parameter, 'Default').text();
    if (value === undefined) return undefined;
    const isList = type.includes('List');
    const list = value === '' ? [] : value.split(',').map((one) => one.trim());
    return { value: isList ? list : value, assuming: `the default of parameter ${id}` };
  };
  /** What conditions come to; undefined while one is worked out, and where it cannot be told. */
  const settled = new Map<string, Condition | undefined>();
  const decide = (value: unknown): Condition | undefined => {
    if (typeof value === 'string') {
      const conditions = root['Conditions'];
      if (!settled.has(value) && isRecord(conditions) && settled.size < 500) {
        settled.set(value, undefined);
        settled.set(value, decide(conditions[value]));
      }
      return settled.get(value);
    }
    const [name, argument] = intrinsic(value) ?? [];
    if (name === 'Condition') return decide(argument);
    if (!Array.isArray(argument)) return undefined;
    if (name === 'Fn::Equals') {
      const [left, right] = argumentsOf(argument);
      const [a, b] = [left?.text().value, right?.text().value];
      return a === undefined || b === undefined
        ? undefined
        : { yes: a === b, assuming: left?.assuming ?? right?.assuming };
    }
    const parts = argument.map(decide);
    if (name === 'Fn::Not') return parts[0] && { ...parts[0], yes: !parts[0].yes };
    if (name !== 'Fn::And' && name !== 'Fn::Or') return undefined;
    const deciding = parts.find((one) => one?.yes === (name === 'Fn::Or'));
    if (deciding) return deciding;
    return parts.includes(undefined)
      ? undefined
      : { yes: name === 'Fn::And', assuming: parts.find((one) => one?.assuming !== undefined)?.assuming };
  };
  /** What `Fn::Sub` and `Fn::Join` put together. */
  const partsOf = (value: unknown): readonly Part[] | undefined => {
    const [name, argument] = intrinsic(value) ?? [];
    if (name === 'Fn::Join' && Array.isArray(argument) && typeof argument[0] === 'string') {
      const list = Field.of(dialect, tree, argument, 1);
      const [separator] = argument;
      return Array.isArray(list.value)
        ? list.items().flatMap((item, index) => (index === 0 ? [item] : [separator, item]))
        : undefined;
    }
    const [text, given]: unknown[] = Array.isArray(argument) ? argument : [argument];
    if (name !== 'Fn::Sub' || typeof text !== 'string') return undefined;
    return text.split(/\$\{([^}]*)\}/).map((part, index): Part => {
      if (index % 2 === 0) return part;
      if (part.startsWith('!')) return `\${${part.slice(1)}}`;
      if (isRecord(given) && Object.hasOwn(given, part)) return Field.of(dialect, tree, given, part);
      const [id = '', ...attribute] = part.split('.');
      const value = attribute.length === 0 ? { Ref: id } : { 'Fn::GetAtt': [id, attribute.join('.')] };
      return Field.of(dialect, tree, [value], 0);
    });
  };
  /** A text made of others; undefined where one of them is not known. */
  const joined = (parts: readonly Part[]): Resolved | undefined => {
    const texts = parts.map((part) => (typeof part === 'string' ? part : part.text().value));
    return texts.includes(undefined)
      ? undefined
      : { value: texts.join(''), assuming: parts.map(assumingOf).find((assuming) => assuming !== undefined) };
  };
  /** A map whose keys CDK lets a handler put together: the conditions of trust policies (aws-cdk, core/lib/cfn-json.ts). */
  const madeJson = (value: unknown): Resolved | undefined => {
    const made = target(value);
    const resource = made?.attribute === 'Value' ? top.get('Resources').get(made.id) : undefined;
    if (resource?.get('Type').value !== 'Custom::AWSCDKCfnJson') return undefined;
    const field = documentOf(resource.get('Properties').get('Value'));
    return field.map ? { field } : undefined;
  };
  /** Functions whose outcome the template tells. `AWS::NoValue` takes its key away. */
  const resolve = (value: unknown): Resolved | undefined => {
    const [name, argument] = intrinsic(value) ?? [];
    if (name === 'Ref') {
      const id = nameOf(argument);
      return argument === 'AWS::NoValue' ? { value: undefined } : id === undefined ? undefined : defaultOf(id);
    }
    if (name === 'Fn::Sub' || name === 'Fn::Join') {
      const parts = partsOf(value);
      return parts && joined(parts);
    }
    if (name === 'Fn::GetAtt') return madeJson(value);
    if (!Array.isArray(argument)) return undefined;
    const at = (index: number): Field => Field.of(dialect, tree, argument, index);
    switch (name) {
      case 'Fn::If': {
        const answer = decide(argument[0]);
        const field = answer && at(answer.yes ? 1 : 2);
        return answer && field && { field, assuming: answer.assuming ?? field.assuming };
      }
      case 'Fn::Select': {
        const list = at(1);
        const field = Array.isArray(list.value) ? list.items()[Number(at(0).text().value)] : undefined;
        return field && { field, assuming: list.assuming ?? field.assuming };
      }
      case 'Fn::FindInMap': {
        const steps = argumentsOf(argument);
        const path = steps.map((step) => step.text().value);
        if (mapped || steps.length !== 3 || path.includes(undefined)) return undefined; // maps hold no functions
        mapped = true;
        const field = (path as string[]).reduce((one, key) => one.get(key), top.get('Mappings'));
        mapped = false;
        const assuming = steps.find((step) => step.assuming !== undefined)?.assuming;
        return field.absent ? undefined : { field, moved: true, assuming };
      }
      default:
        return undefined;
    }
  };
  let mapped = false;
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
    parts: partsOf,
    resolve,
  };
  const top = Field.of(dialect, tree, root);
  const resources = top
    .get('Resources')
    .entries()
    .flatMap(([id, whole]): AwsResource[] => {
      const { value: type } = whole.get('Type');
      if (typeof type !== 'string') return [];
      const properties = whole.get('Properties');
      const other = foreign[type];
      const body = other ? new Property(other.spelling, other.body(properties)) : new Property(spelling, properties);
      return [{ type: other?.type ?? handled[type] ?? type, id, title: written(tree, whole.on, id), whole, body }];
    });
  const description = new Description({
    input: 'cloudformation',
    resources,
    more: 'another template may add more',
    unread: resources.some(({ type }) =>
      /^AWS::CloudFormation::(Stack|Macro)$|^Custom::|^AWS::Serverless::Application$/.test(type),
    )
      ? 'a nested stack or a custom resource may add more'
      : undefined,
    refer({ raw }) {
      const found = target(raw);
      // A parameter whose type is that of a resource's name: `AWS::EC2::KeyPair::KeyName`.
      const type =
        found && /^(?:AWS::SSM::Parameter::Value<)?(AWS::\w+::\w+)::/.exec(parameterType(found.id) ?? '')?.[1];
      return found && { ...found, id: keys.get(found.id) ?? found.id, type };
    },
    expression: ({ raw }) => JSON.stringify(raw),
    mentions: (field) =>
      field.parts
        .flatMap((part) => (typeof part === 'string' ? [] : targets(part.found)))
        .map((found) => ({
          ...found,
          id: keys.get(found.id) ?? found.id,
        })),
    document: documentOf,
  });
  return { description, resources: top.get('Resources') };
}

/** CloudFormation templates, in YAML or JSON. */
export function read(trees: readonly Tree[], templates?: PodTemplates): Parts {
  const objects: AnyResource[] = [];
  const descriptions: Description[] = [];
  const notes: Note[] = [];
  for (const tree of trees) {
    const { root } = tree;
    if (!isRecord(root)) continue;
    const described = describe(tree, root);
    descriptions.push(described.description);
    const manifests = readManifests(described.resources, templates);
    objects.push(...manifests.resources);
    notes.push(...manifests.notes);
    const resources = isRecord(root['Resources']) ? root['Resources'] : {};
    const loop = Object.keys(resources).find((key) => key.startsWith('Fn::'));
    if (loop !== undefined)
      notes.push({
        kind: 'partial',
        message: `resources made by ${loop} are not judged`,
        at: locate(tree, resources, loop),
      });
  }
  return { resources: objects, clusters: [], notes, provided: objects.filter(isProvided), descriptions };
}
