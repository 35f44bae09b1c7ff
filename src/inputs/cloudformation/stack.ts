import {
  hasNoValue,
  lookedUpLater,
  macroAddsHere,
  macroDecides,
  mayBeOverridden,
  untilDeployed,
} from '#model/hidden.ts';
import { isRecord } from '#model/shape.ts';
import { type Dialect, Field, mixedList, type Part, type Resolved } from '#spelling/field.ts';
import type { Reference } from '#spelling/resource.ts';
import type { Tree } from '#syntax/tree.ts';
import { cutBlock } from './cidr.ts';
import { documentOf } from '../document.ts';
import { unroll } from './loops.ts';
import { intrinsic, nameOf, target, targets, written } from './names.ts';

/** The type of a parameter. */
const typeOf = ({ Type: type }: Record<string, unknown>): string => (typeof type === 'string' ? type : '');
const firstAssumption = (fields: readonly (Field | undefined)[]): string | undefined =>
  fields.find((field) => field?.assuming !== undefined)?.assuming;

/** The outcome of a condition. */
interface Condition {
  readonly yes: boolean;
  readonly assuming: string | undefined;
}

/** What comes from outside a template. */
interface Surroundings {
  /** The value of a parameter from a values file or the enclosing template. */
  readonly given?: (parameter: string) => Field | undefined;
  /** What another stack exports under a name. */
  readonly imported?: (name: Field) => Field | undefined;
}

/** A placeholder that no macro mistakes for its own. */
const plainText = /^[\w.:/*@+, -]*$/;
/** Strings that templates compose must not grow without bounds. */
const longest = 100_000;

/** One use of a template: its functions are evaluated with the parameters that it is given. */
export class Stack {
  readonly tree: Tree;
  readonly dialect: Dialect;
  readonly resources: Field;
  readonly parameters: Record<string, unknown>;
  /** The stacks that this one creates, by the logical id of the resource. */
  readonly nested = new Map<string, Stack>();
  readonly #root: Record<string, unknown>;
  readonly #top: Field;
  readonly #given: NonNullable<Surroundings['given']>;
  readonly #imported: NonNullable<Surroundings['imported']>;
  /** Keys whose written form differs from the one that is read. */
  readonly #keys = new Map<string, string>();
  /** The values of conditions; undefined during evaluation, and if they cannot be determined. */
  readonly #settled = new Map<string, Condition | undefined>();
  /** The values of outputs, likewise. */
  readonly #outputs = new Map<string, Field | undefined>();
  #inMap = false;
  /** Whether macros other than those of AWS see the whole template. */
  readonly isRewritten: boolean;
  /** Whether its loops make more than is read. */
  readonly isCut: boolean;

  constructor(
    tree: Tree,
    root: Record<string, unknown>,
    { given = () => undefined, imported = () => undefined }: Surroundings = {},
  ) {
    this.tree = tree;
    this.#given = given;
    this.#imported = imported;
    this.parameters = isRecord(root['Parameters']) ? root['Parameters'] : {};
    for (const part of [this.parameters, isRecord(root['Resources']) ? root['Resources'] : {}])
      for (const key of ['true', 'false']) if (Object.hasOwn(part, key)) this.#keys.set(written(tree, part, key), key);
    this.dialect = {
      converts: true,
      unknown: (value) => this.#unknown(value),
      gap: (on) => (Object.hasOwn(on, 'Fn::Transform') ? macroAddsHere : undefined),
      resolve: (value) => this.#resolve(value),
      parts: (value) => this.#parts(value),
    };
    this.isRewritten = [root['Transform']]
      .flat()
      .some((macro) => typeof macro === 'string' && !macro.startsWith('AWS::'));
    this.#root = root;
    this.#top = Field.of(this.dialect, tree, root);
    let isCut = false;
    const itemsOf = (list: readonly unknown[], index: number): string[] | undefined => {
      const { items, complete } = Field.of(this.dialect, tree, list, index).texts();
      const texts = items.map(({ value }) => value);
      return complete && !texts.includes(undefined) ? (texts as string[]) : undefined;
    };
    const whole = unroll(tree, root, itemsOf, () => (isCut = true));
    this.isCut = isCut;
    if (whole !== root) {
      this.#root = whole;
      this.#top = Field.of(this.dialect, tree, whole);
    }
    this.resources = this.#top.get('Resources');
  }

  /** A logical id as it is read. */
  idOf(id: string): string {
    return this.#keys.get(id) ?? id;
  }
  /** Everything that a value refers to, at any depth. */
  mentions(value: unknown): readonly Reference[] {
    return targets(value).map((found) => ({ ...found, id: this.idOf(found.id) }));
  }
  #parameter(id: string): Record<string, unknown> | undefined {
    const key = this.idOf(id);
    const parameter = Object.hasOwn(this.parameters, key) ? this.parameters[key] : undefined;
    return isRecord(parameter) ? parameter : undefined;
  }
  /**
   * What a value refers to. `type`: the type of a parameter that holds the name of a resource:
   * `AWS::EC2::KeyPair::KeyName`.
   */
  refer(value: unknown): Reference | undefined {
    const found = target(value);
    const parameter = found && this.#parameter(found.id);
    const type = parameter && /^(?:AWS::SSM::Parameter::Value<)?(AWS::\w+::\w+)::/.exec(typeOf(parameter))?.[1];
    const isParameter = parameter !== undefined && type === undefined;
    return found && { ...found, id: this.idOf(found.id), type, isParameter };
  }
  /** The name of the SSM parameter that a value is read from when the stack is deployed. */
  ssmParameter(value: unknown): string | undefined {
    if (typeof value === 'string') return /^\{\{resolve:ssm:([^:}]+)/.exec(value)?.[1];
    const id = target(value)?.id;
    const parameter = id === undefined ? undefined : this.#parameter(id);
    if (!parameter || !typeOf(parameter).startsWith('AWS::SSM::')) return undefined;
    const field = this.#given(this.idOf(id ?? '')) ?? Field.of(this.dialect, this.tree, parameter, 'Default');
    return field.text().value;
  }
  /** Whether a resource is certainly left out. */
  omits(resource: Field): boolean {
    return this.#conditionOf(resource)?.yes === false;
  }
  /** Whether a resource is left out only because of a parameter default. */
  omitsByDefault(resource: Field): boolean {
    const condition = this.#conditionOf(resource);
    return condition?.yes === false && condition.assuming !== undefined;
  }
  #conditionOf(resource: Field): Condition | undefined {
    const { value } = resource.get('Condition');
    return typeof value === 'string' ? this.#decide(value) : undefined;
  }

  #fields(list: readonly unknown[]): Field[] {
    return list.map((_, index) => Field.of(this.dialect, this.tree, list, index));
  }
  /**
   * The given value, otherwise the default: what a stack gets if no one sets it. A secret has none, and SSM holds the
   * values of its types.
   */
  #valueOf(id: string): Resolved | undefined {
    const parameter = this.#parameter(id);
    if (!parameter) return undefined;
    const type = typeOf(parameter);
    const { NoEcho: secret } = parameter;
    if ((secret !== undefined && secret !== false && secret !== 'false') || type.startsWith('AWS::SSM::'))
      return undefined;
    const given = this.#given(this.idOf(id));
    if (!given && !Object.hasOwn(parameter, 'Default')) return undefined;
    const field = given ?? Field.of(this.dialect, this.tree, parameter, 'Default');
    const assuming = given ? given.assuming : `the default of parameter ${id}`;
    const { value } = field.text();
    const isList = type.includes('List');
    if (value === undefined || (given && !isList)) return given && { field: given, moved: true, assuming };
    const list = value === '' ? [] : value.split(',').map((one) => one.trim());
    return { value: isList ? list : value, assuming };
  }

  #decide(value: unknown): Condition | undefined {
    if (typeof value === 'string') {
      const conditions = this.#root['Conditions'];
      if (!this.#settled.has(value) && isRecord(conditions) && this.#settled.size < 500) {
        this.#settled.set(value, undefined);
        this.#settled.set(value, this.#decide(conditions[value]));
      }
      return this.#settled.get(value);
    }
    const [name, argument] = intrinsic(value) ?? [];
    if (name === 'Condition') return this.#decide(argument);
    if (!Array.isArray(argument)) return undefined;
    if (name === 'Fn::Equals') {
      const [left, right] = this.#fields(argument);
      const [a, b] = [left?.text().value, right?.text().value];
      return a === undefined || b === undefined
        ? undefined
        : { yes: a === b, assuming: firstAssumption([left, right]) };
    }
    const parts = argument.map((part) => this.#decide(part));
    if (name === 'Fn::Not') return parts[0] && { ...parts[0], yes: !parts[0].yes };
    if (name !== 'Fn::And' && name !== 'Fn::Or') return undefined;
    const deciding = parts.find((one) => one?.yes === (name === 'Fn::Or'));
    if (deciding) return deciding;
    return parts.includes(undefined)
      ? undefined
      : { yes: name === 'Fn::And', assuming: parts.find((one) => one?.assuming !== undefined)?.assuming };
  }

  /** A string composed of others; undefined if one of them is unknown. */
  #join(parts: readonly Field[], separator: string): Resolved | undefined {
    const texts = parts.map((part) => part.text().value);
    if (texts.includes(undefined)) return undefined;
    const value = texts.join(separator);
    return value.length > longest ? undefined : { value, assuming: firstAssumption(parts) };
  }

  /** Functions whose result follows from the template. `AWS::NoValue` removes its key. */
  #resolve(value: unknown): Resolved | undefined {
    if (Array.isArray(value)) return this.#kept(value);
    const [name, argument] = intrinsic(value) ?? [];
    if (name === undefined) return undefined;
    const only = (): Field => Field.of(this.dialect, this.tree, value as object, name);
    switch (name) {
      case 'Ref': {
        const id = nameOf(argument);
        return argument === 'AWS::NoValue' ? { value: undefined } : id === undefined ? undefined : this.#valueOf(id);
      }
      case 'Fn::GetAtt': {
        const { id = '', attribute = '' } = target(value) ?? {};
        const output = /^Outputs\.(\w+)$/.exec(attribute)?.[1];
        if (output === undefined) return attribute === 'Value' ? this.#madeJson(id) : undefined;
        const field = this.nested.get(this.idOf(id))?.output(output);
        return field && { field, assuming: field.assuming };
      }
      case 'Fn::ImportValue': {
        const field = this.#imported(only());
        return field && { field, assuming: only().assuming ?? field.assuming };
      }
      case 'Fn::Sub':
        return this.#substitute(argument);
      case 'Fn::Base64': {
        const { value: text } = only().text();
        return text === undefined
          ? undefined
          : { value: Buffer.from(text).toString('base64'), assuming: only().assuming };
      }
      case 'Fn::Length': {
        const list = only();
        return Array.isArray(list.value) && list.rest === undefined
          ? { value: list.items().length, assuming: list.assuming }
          : undefined;
      }
      case 'Fn::ToJsonString': {
        const plain = this.#plain(only());
        return plain && { value: JSON.stringify(plain.value), assuming: only().assuming };
      }
      default:
        return Array.isArray(argument) ? this.#withList(name, argument) : undefined;
    }
  }
  #withList(name: string, argument: readonly unknown[]): Resolved | undefined {
    const at = (index: number): Field => Field.of(this.dialect, this.tree, argument, index);
    switch (name) {
      case 'Fn::If': {
        const answer = this.#decide(argument[0]);
        if (answer) {
          const field = at(answer.yes ? 1 : 2);
          return { field, assuming: answer.assuming ?? field.assuming };
        }
        // Both branches have the same value.
        const [yes, no] = [at(1), at(2)];
        const agree = yes.why === undefined && no.why === undefined && typeof yes.value !== 'object';
        return agree && yes.value === no.value ? { field: yes, assuming: firstAssumption([yes, no]) } : undefined;
      }
      case 'Fn::Join': {
        const list = at(1);
        return typeof argument[0] === 'string' && Array.isArray(list.value) && list.rest === undefined
          ? this.#join(list.items(), argument[0])
          : undefined;
      }
      case 'Fn::Split': {
        const [mark, text] = [at(0).text().value, at(1).text().value];
        return mark === undefined || mark === '' || text === undefined
          ? undefined
          : { value: text.split(mark), assuming: at(1).assuming };
      }
      case 'Fn::Select': {
        const list = at(1);
        const field = Array.isArray(list.value) ? list.items()[Number(at(0).text().value)] : undefined;
        return field && { field, assuming: list.assuming ?? field.assuming };
      }
      case 'Fn::Cidr': {
        const [block, count, bits] = [at(0).text().value, at(1).text().value, at(2).text('8').value];
        const list = block === undefined ? undefined : cutBlock(block, Number(count), Number(bits));
        return list && { value: list, assuming: firstAssumption([at(0), at(1), at(2)]) };
      }
      case 'Fn::FindInMap':
        return this.#mapped(argument);
      default:
        return undefined;
    }
  }

  /** A list without the items that `AWS::NoValue` removes. */
  #kept(list: readonly unknown[]): Resolved | undefined {
    if (!list.some((item) => ['Fn::If', 'Ref'].includes(intrinsic(item)?.[0] ?? ''))) return undefined;
    const fields = this.#fields(list);
    const kept = fields.filter((field) => field.why !== undefined || field.value !== undefined);
    return kept.length === fields.length ? undefined : { value: mixedList(kept), assuming: firstAssumption(fields) };
  }
  /** A map whose keys CDK has a handler compose: the conditions of trust policies (aws-cdk, core/lib/cfn-json.ts). */
  #madeJson(id: string): Resolved | undefined {
    const resource = this.#top.get('Resources').get(this.idOf(id));
    if (resource.get('Type').value !== 'Custom::AWSCDKCfnJson') return undefined;
    const field = documentOf(resource.get('Properties').get('Value'));
    return field.map ? { field, assuming: field.assuming } : undefined;
  }
  /** The string that `Fn::Sub` or `Fn::Join` composes, if it is not fully known. */
  #parts(value: unknown): readonly Part[] | undefined {
    const [name, argument] = intrinsic(value) ?? [];
    if (name === 'Fn::Sub') return this.#pieces(argument);
    if (name !== 'Fn::Join' || !Array.isArray(argument) || typeof argument[0] !== 'string') return undefined;
    const [separator] = argument;
    const list = Field.of(this.dialect, this.tree, argument, 1);
    return Array.isArray(list.value) && list.rest === undefined
      ? list.items().flatMap((item, index) => (index === 0 ? [item] : [separator, item]))
      : undefined;
  }
  #substitute(argument: unknown): Resolved | undefined {
    const pieces = this.#pieces(argument);
    return pieces && this.#join(pieces, '');
  }
  /** The literal parts and the names of a `Fn::Sub`. */
  #pieces(argument: unknown): readonly Field[] | undefined {
    const [text, names] = Array.isArray(argument) ? (argument as unknown[]) : [argument];
    if (typeof text !== 'string' || text.length > longest) return undefined;
    const own = Array.isArray(argument) ? Field.of(this.dialect, this.tree, argument, 1) : undefined;
    return text.split(/\$\{([^}]*)\}/).map((part, index): Field => {
      const name = part.trim();
      const isName = index % 2 === 1 && !part.startsWith('!');
      if (isName && isRecord(names) && Object.hasOwn(names, name) && own) return own.get(name);
      const literal = index % 2 === 1 ? `\${${part.slice(1)}}` : part;
      const reference = name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name };
      return Field.of(this.dialect, this.tree, [isName ? reference : literal], 0);
    });
  }
  /** Maps contain no functions, but the keys that lead through them, and the default at the end, may be functions. */
  #mapped(argument: readonly unknown[]): Resolved | undefined {
    const steps = this.#fields(argument);
    const path = steps.slice(0, 3).map((step) => step.text().value);
    if (this.#inMap || path.length !== 3 || path.includes(undefined)) return undefined;
    this.#inMap = true;
    const field = (path as string[]).reduce((one, key) => one.get(key), this.#top.get('Mappings'));
    this.#inMap = false;
    const assuming = firstAssumption(steps);
    const fallback = steps[3]?.get('DefaultValue');
    if (field.absent) return fallback && !fallback.absent ? { field: fallback, assuming } : undefined;
    return { field, moved: true, assuming };
  }
  /** Plain data, as far as all of it is known. */
  #plain(field: Field, depth = 0): { readonly value: unknown } | undefined {
    if (field.why !== undefined || field.rest !== undefined || depth > 50) return undefined;
    if (Array.isArray(field.value)) {
      const items = field.items().map((item) => this.#plain(item, depth + 1));
      return items.includes(undefined) ? undefined : { value: items.map((item) => item?.value) };
    }
    if (!field.map) return { value: field.value };
    const entries = field.entries().map(([key, entry]) => [key, this.#plain(entry, depth + 1)] as const);
    return entries.some(([, entry]) => entry === undefined)
      ? undefined
      : { value: Object.fromEntries(entries.map(([key, entry]) => [key, entry?.value])) };
  }

  /** The outputs that other stacks may import, and the names under which they do. */
  exports(): readonly (readonly [output: string, name: Field])[] {
    return this.#top
      .get('Outputs')
      .entries()
      .filter(([, output]) => !this.omits(output))
      .map(([id, output]) => [id, output.get('Export').get('Name')]);
  }
  /** The value of an output. */
  output(name: string): Field | undefined {
    if (!this.#outputs.has(name)) {
      this.#outputs.set(name, undefined);
      const field = this.#top.get('Outputs').get(name).get('Value');
      this.#outputs.set(name, field.absent ? undefined : field);
    }
    return this.#outputs.get(name);
  }

  #unknown(value: unknown): string | undefined {
    if (typeof value === 'string' && this.isRewritten && !plainText.test(value)) return macroDecides;
    if (typeof value === 'string')
      // CloudFormation User Guide, Get values stored in other services using dynamic references
      return value.includes('{{resolve:') ? lookedUpLater : undefined;
    const [name, argument] = intrinsic(value) ?? [];
    if (name === undefined) return undefined;
    const id = nameOf(argument);
    if (name !== 'Ref' || id === undefined) {
      const [condition] = name === 'Fn::If' && Array.isArray(argument) ? (argument as unknown[]) : [];
      return untilDeployed(typeof condition === 'string' ? `condition ${condition}` : `the outcome of ${name}`);
    }
    const parameter = this.#parameter(id);
    if (parameter === undefined) return untilDeployed(`the value of ${id}`);
    const title = `parameter ${this.#keys.has(id) ? id : written(this.tree, this.parameters, id)}`;
    return parameter['Default'] === undefined ? hasNoValue(title) : mayBeOverridden(title);
  }
}
