import { isAfterApply, isSensitive, unmarked } from '#model/hidden.ts';
import type { Variant } from '#model/resource.ts';
import { push } from '#model/selector.ts';
import { isRecord } from '#model/shape.ts';
import { type Dialect, Field } from '#spelling/field.ts';
import { type AwsResource, Description, type Reference } from '#spelling/resource.ts';
import { graft, type Origin } from '#syntax/graft.ts';
import { Expression } from '#syntax/hcl.ts';
import type { Tree } from '#syntax/tree.ts';
import { isState } from '../claims.ts';
import { Configuration, type Expressions, isAmong, keyOf, type Named, withoutKeys } from './plan-configuration.ts';
import { provider } from './spelling.ts';

/*
 * A plan as `terraform show -json` writes it (Terraform, JSON Output Format): everything that Terraform has computed,
 * and what only the provider will know; or a state, in which everything is known.
 */

/** A value that the plan does not contain: it is known after apply, or must not be shown. */
class Untold extends Expression {
  readonly #why: string;
  readonly #of: Planned;
  readonly #references: readonly string[];

  constructor(text: string, why: string, of: Planned, references: readonly string[] = []) {
    super(text);
    this.#why = why;
    this.#of = of;
    this.#references = references;
  }
  /** The resource with the unknown value. */
  get of(): Planned {
    return this.#of;
  }
  get why(): string {
    return this.#why;
  }
  /** What the expression behind it refers to. */
  get references(): readonly string[] {
    return this.#references;
  }
}

/** A resource of a plan. */
interface Planned {
  readonly address: string;
  readonly type: string;
  /** The address of its module, '' for the root. */
  readonly module: string;
  readonly key: string | number | undefined;
  readonly values: object;
  readonly sensitive: unknown;
  readonly unknown: unknown;
}

/** A value, and which parts of it the plan does not contain. */
interface Told {
  readonly value: unknown;
  readonly unknown: unknown;
  readonly sensitive: unknown;
}

/** What an expression refers to, and the resources that it may mean. */
interface Target extends Pick<Named, 'path' | 'isAny'> {
  readonly all: readonly Planned[];
}

/** Maximum depth of nested modules. */
const deepest = 50;
/** Maximum depth of nested maps and lists. */
const mostLevels = 100;

const listOf = (value: unknown): readonly Record<string, unknown>[] =>
  Array.isArray(value) ? (value as unknown[]).filter(isRecord) : [];
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A plan by its resources, used in place of the files that it was created from. */
export class Plan {
  readonly tree: Tree;
  readonly resources: readonly Planned[];
  readonly dialect: Dialect;
  /** A plan has already expanded all calls. */
  readonly calls: readonly Field[] = [];
  /** How many more values may be read. */
  #left = 2_000_000;
  readonly #configuration: Configuration;
  /** Blocks for which the plan does not say what is known after apply. */
  readonly #unmarked = new WeakSet<object>();
  readonly #blocks = new Map<string, [string, Field][]>();
  /** Launch templates by their module. */
  readonly #templates = new Map<string, Planned[]>();
  readonly #byAddress = new Map<string, Planned>();
  /** Resources by their addresses without keys. */
  readonly #bases = new Map<string, Planned[]>();
  /** Resources of one name, by the name. */
  readonly #named = new Map<string, readonly Planned[]>();
  readonly #found = new WeakMap<Untold, readonly Target[]>();
  /** What exists already, by the IDs and ARNs that AWS gave it. */
  readonly #byId = new Map<string, Reference>();
  /** Parts that the plan itself lacks: it says less than what Terraform will create. */
  readonly lacks: readonly string[];

  constructor(tree: Tree) {
    this.tree = tree;
    const root = isRecord(tree.root) ? tree.root : {};
    const unknown = new Map<string, unknown>();
    const changed = new Set<string>();
    const after = new Map<string, unknown>();
    for (const change of listOf(root['resource_changes'])) {
      if (!isRecord(change['change'])) continue;
      const address = textOf(change['address']);
      if (leavesOne(change)) changed.add(address);
      // An object that is yet to be deleted has the address of its replacement.
      if (change['deposed'] !== undefined) continue;
      unknown.set(address, change['change']['after_unknown']);
      if (leavesOne(change)) after.set(address, change['change']['after']);
    }
    const resources: Planned[] = [];
    let malformed = 0;
    const disputed: string[] = [];
    const visit = (module: unknown, address: string, depth: number): void => {
      if (!isRecord(module) || depth > deepest) return void malformed++;
      for (const part of ['resources', 'child_modules']) malformed += malformedIn(module[part]);
      for (const one of listOf(module['resources'])) {
        const name = textOf(one['address']);
        changed.delete(name);
        if (!isWhole(one)) malformed++;
        if (one['mode'] !== 'managed' || !isRecord(one['values'])) continue;
        if (isRecord(after.get(name)) && !isEqual(one['values'], after.get(name), 0)) disputed.push(name);
        resources.push({
          address: name,
          type: textOf(one['type']),
          module: address,
          key: typeof one['index'] === 'number' || typeof one['index'] === 'string' ? one['index'] : undefined,
          values: one['values'],
          sensitive: one['sensitive_values'],
          unknown: isState(tree) ? {} : unknown.get(name),
        });
      }
      for (const child of listOf(module['child_modules'])) visit(child, textOf(child['address']), depth + 1);
    };
    const planned = root[isState(tree) ? 'values' : 'planned_values'];
    // A plan that removes everything has no root module.
    if (isRecord(planned) && planned['root_module'] !== undefined) visit(planned['root_module'], '', 0);
    this.resources = resources;
    this.lacks = lacksOf(root, [...changed], malformed, disputed);
    this.#configuration = new Configuration(root['configuration']);
    this.dialect = {
      converts: true,
      files: this,
      unknown: (value) => (value instanceof Untold ? value.why : undefined),
      gap: (on) => (this.#unmarked.has(on) ? unmarked : undefined),
    };
    for (const resource of resources) {
      const { address, type, module, values } = resource;
      if (type === 'aws_launch_template') push(this.#templates, module, resource);
      push(this.#bases, withoutKeys(address), resource);
      this.#byAddress.set(address, resource);
      if (provider[type] === undefined) continue;
      for (const id of ['id', 'arn'].map((name) => textOf(entryOf(values, name))))
        if (givenId.test(id) && !this.#byId.has(id)) this.#byId.set(id, referenceTo(resource));
    }
  }

  /** The root module as it was when the plan was created. */
  get configuration(): unknown {
    return this.#configuration.root;
  }
  /**
   * Whether the configuration lacks blocks of arguments that may also be written as attributes (Terraform pull request
   * 29522, in 1.1).
   */
  get lacksBlocks(): boolean {
    return /^(?:0\.|1\.0\.)/.test(textOf(entryOf(this.tree.root, 'terraform_version')));
  }
  /** Takes the locations of resources from the files; resources that are in none get one in the plan. */
  settle(placeOf: (address: string) => Origin | undefined): void {
    for (const resource of this.resources) {
      const { address, type, values } = resource;
      const place = placeOf(address);
      const data = this.#data(resource, place ?? { tree: this.tree, on: values }, place === undefined);
      const block = Field.of(this.dialect, this.tree, data);
      this.#blocks.set(type, [...(this.#blocks.get(type) ?? []), [address, block]]);
    }
  }
  /** Resources of a type by their addresses. */
  blocks(kind: 'resource' | 'module', type?: string): readonly [string, Field][] {
    return kind === 'resource' && type !== undefined ? (this.#blocks.get(type) ?? []) : [];
  }

  /** The values of a resource, including those that the plan does not contain. */
  #data(resource: Planned, place: Origin, inPlan: boolean): object {
    let depth = 0;
    const isKubernetes = !resource.type.startsWith('aws_');
    const told = { value: resource.values, unknown: resource.unknown, sensitive: resource.sensitive };
    const step = ({ value, unknown, sensitive }: Told, key: string | number): Told => ({
      value: entryOf(value, key),
      unknown: unknown === true || entryOf(unknown, key),
      sensitive: sensitive === true || entryOf(sensitive, key),
    });
    /** `within` are the expressions of the block that contains an argument. */
    const fill = (one: Told, within: Expressions | undefined, key: string, at: Origin, path: string): unknown => {
      // No plan is this large or deep; expanded YAML aliases may be.
      if (--this.#left < 0 || depth >= mostLevels)
        return new Untold('', 'the plan is too large to read in full', resource);
      depth++;
      const filled = fillIn(one, within, key, at, path);
      depth--;
      return filled;
    };
    const fillIn = (one: Told, within: Expressions | undefined, key: string, at: Origin, path: string): unknown => {
      const { value, unknown } = one;
      if (one.sensitive === true) return new Untold(path, isSensitive(path), resource);
      if (unknown === true) {
        // An unset value is chosen by the provider: the API's default.
        if (within && !within.has(key)) return undefined;
        return new Untold(path, isAfterApply(path), resource, within?.references(key));
      }
      if (!Array.isArray(value) && !Array.isArray(unknown))
        return isRecord(value) || isRecord(unknown)
          ? block(one, within?.below(key), at, path)
          : isKubernetes && value === ''
            ? undefined
            : value;
      const items = (Array.isArray(value) ? value : unknown) as unknown[];
      // The plan writes an empty list for absent blocks.
      if (items.length === 0) return undefined;
      const entries = new Map<string, Origin>();
      const made = items.map((_, index) => {
        const inside = index === 0 ? insideOf(at) : undefined;
        const origin = inPlan && Array.isArray(value) ? { tree: at.tree, on: value, key: index } : (inside ?? at);
        entries.set(String(index), origin);
        const item = step(one, index);
        const isBlock = isRecord(item.value) || isRecord(item.unknown);
        return isBlock
          ? block(item, within?.below(key)?.item(index), origin, path)
          : fill(item, within, key, origin, path);
      });
      return graft(made, at, entries);
    };
    const block = (one: Told, expressions: Expressions | undefined, at: Origin, path: string): object => {
      const made = Object.create(null) as Record<string, unknown>;
      const entries = new Map<string, Origin>();
      for (const key of new Set([...keysOf(one.value), ...keysOf(one.unknown)])) {
        const origin = originAt(at, inPlan && isRecord(one.value) ? one.value : undefined, key);
        const filled = fill(step(one, key), expressions, key, origin, `${path}.${key}`);
        if (filled === undefined || filled === null) continue;
        made[key] = filled;
        entries.set(key, origin);
      }
      if (typeof resource.unknown !== 'object' || resource.unknown === null) this.#unmarked.add(made);
      return graft(made, at, entries);
    };
    return block(told, this.#configuration.expressionsOf(resource.address), place, resource.address);
  }

  /** Everything that the expressions of the configuration refer to for an unknown value. */
  #mentions(field: Field): readonly Reference[] {
    return field.parts.flatMap((part) => {
      if (typeof part === 'string') return [];
      const only = this.refer(part);
      if (only || !(part.found instanceof Untold)) return only ? [only] : [];
      return this.#targets(part.found).flatMap(({ all, path }) => all.map((one) => referenceTo(one, path)));
    });
  }
  /** The resource that an expression of the configuration refers to, or that has the ID which a value contains. */
  refer(field: Field): Reference | undefined {
    const { found, value } = field;
    if (typeof value === 'string') return this.#byId.get(value);
    if (!(found instanceof Untold)) return undefined;
    const targets = this.#targets(found);
    const ofCluster = targets.find(({ path }) => /\bcluster_(primary_)?security_group_id$/.test(path));
    if (ofCluster) return { id: ofCluster.path, type: 'AWS::EKS::Cluster' };
    const certain = targets.filter(({ isAny }) => !isAny);
    const all = new Set(certain.flatMap((one) => one.all));
    const [first] = all;
    if (first) return all.size === 1 ? referenceTo(first, certain[0]?.path) : undefined;
    // A dynamic block leaves no trace in the configuration: the only template of a module is that of its groups.
    if (!found.text.endsWith('.launch_template.id')) return undefined;
    const templates = this.#templates.get(found.of.module) ?? [];
    const [only] = templates;
    return only && templates.length === 1 ? referenceTo(only) : undefined;
  }
  /** What the expression behind an unknown value refers to, and the resources that it may mean. Computed once. */
  #targets(found: Untold): readonly Target[] {
    let targets = this.#found.get(found);
    if (!targets) {
      const named = this.#configuration.resolve(found.of.address, found.references);
      targets = named.map((one) => ({ path: one.path, isAny: one.isAny, all: this.#instances(one) }));
      this.#found.set(found, targets);
    }
    return targets;
  }
  /** The resources that a name means: that with its key, otherwise that with the key of the block that names it. */
  #instances({ module, name, key, sameAs }: Named): readonly Planned[] {
    const address = `${module === '' ? '' : `${module}.`}${name}`;
    const exact = [key, key === '' ? sameAs : key].map((end) => this.#byAddress.get(`${address}${end}`)).find(Boolean);
    if (exact) return [exact];
    const known = `${address} ${key}`;
    let all = this.#named.get(known);
    if (!all) {
      all = (this.#bases.get(withoutKeys(address)) ?? []).filter(
        (one) => (key === '' || keyOf(one.address) === key) && isAmong(one.module, module),
      );
      this.#named.set(known, all);
    }
    const alike = sameAs === '' || all.length < 2 ? [] : all.filter((one) => keyOf(one.module) === sameAs);
    return alike.length === 1 ? alike : all;
  }

  /** The plan with the names of CloudFormation. */
  describe(
    awsResource: (kind: string, id: string, block: Field) => readonly AwsResource[],
    more: {
      readonly variant: Variant | undefined;
      readonly document: (field: Field) => Field;
      readonly unread: string | undefined;
    },
  ): Description {
    const resources = Object.keys(provider).flatMap((kind) =>
      this.blocks('resource', kind).flatMap(([address, block]) => awsResource(kind, address, block)),
    );
    return new Description({
      input: 'terraform',
      resources,
      refer: (field) => this.refer(field),
      mentions: (field) => this.#mentions(field),
      expression: () => undefined,
      ...more,
      more: 'another plan may add more',
    });
  }
}

const referenceTo = ({ address, type }: Planned, path = ''): Reference => ({
  id: address,
  type: provider[type]?.type,
  attribute: /^\.(\w+)/.exec(path)?.[1],
});
/** An ID that AWS gives, `subnet-0a1b2c3d`, or an ARN; names are found by what has them. */
const givenId = /^(?:arn:|[a-z]+-[0-9a-f]{8,}$)/;

/** Whether a resource of a plan is plausible: its address must match its mode and type. */
const isWhole = ({ mode, type, address, values }: Record<string, unknown>): boolean => {
  const parts = withoutKeys(textOf(address)).split('.');
  return parts.at(-2) === type && (parts.at(-3) === 'data' ? mode === 'data' : mode === 'managed' && isRecord(values));
};

/** Whether two values are the same, regardless of the order of keys; values deeper than any plan are not. */
function isEqual(a: unknown, b: unknown, depth: number): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (depth > mostLevels || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(entryOf(a, key), entryOf(b, key), depth + 1))
  );
}

/** Whether a change leaves a managed resource behind. */
const leavesOne = ({ mode, change }: Record<string, unknown>): boolean =>
  mode === 'managed' &&
  isRecord(change) &&
  Array.isArray(change['actions']) &&
  !['["delete"]', '["forget"]'].includes(JSON.stringify(change['actions']));

/** Entries that are not maps, or one entry in place of a list. */
const malformedIn = (value: unknown): number =>
  Array.isArray(value) ? value.length - listOf(value).length : value === undefined ? 0 : 1;

/**
 * Why a plan does not contain all resources (Terraform, JSON Output Format: `errored`, `complete`, `deferred_changes`).
 */
function lacksOf(
  root: Record<string, unknown>,
  missing: readonly string[],
  malformed: number,
  disputed: readonly string[],
): string[] {
  const deferred = listOf(root['deferred_changes']).length;
  const [first] = missing;
  const and = ({ length }: readonly string[]): string => (length > 1 ? ` and ${length - 1} more` : '');
  return [
    ...(root['errored'] === true ? ['Terraform failed while creating the plan'] : []),
    ...(root['complete'] === false || deferred > 0 ? ['changes are deferred to a later plan'] : []),
    ...(first === undefined ? [] : [`planned_values lacks ${first}${and(missing)}, which the plan changes`]),
    // Terraform writes both from one value (Terraform, JSON Output Format), so a difference means that one of them was
    // edited.
    ...(disputed.length === 0
      ? []
      : [`resource_changes and planned_values disagree about ${disputed[0]}${and(disputed)}`]),
    ...(malformed > 0
      ? [`${malformed} ${malformed === 1 ? 'entry' : 'entries'} of planned_values cannot be read`]
      : []),
  ];
}

const entryOf = (value: unknown, key: string | number): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string | number, unknown>)[key]
    : undefined;
const keysOf = (value: unknown): string[] => (isRecord(value) ? Object.keys(value) : []);

/** Where an entry at a location is written. */
function originAt(at: Origin, own: object | undefined, key: string): Origin {
  if (own) return { tree: at.tree, on: own, key };
  const inside = insideOf(at);
  return inside && Object.hasOwn(inside.on, key) ? { tree: at.tree, on: inside.on, key } : at;
}
/** The map or block at a location. */
function insideOf(at: Origin): Origin | undefined {
  const value = at.key === undefined ? at.on : entryOf(at.on, at.key);
  const first = Array.isArray(value) ? (value as unknown[])[0] : value;
  return isRecord(first) && !(first instanceof Expression) ? { tree: at.tree, on: first } : undefined;
}
