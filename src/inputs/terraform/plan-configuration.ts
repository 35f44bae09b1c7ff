import { isRecord } from '#model/shape.ts';

/* The configuration inside a plan: what expressions refer to. */

/** The expressions of a block. */
export class Expressions {
  readonly #written: unknown;

  constructor(written: unknown) {
    this.#written = written;
  }
  has(key: string): boolean {
    return isRecord(this.#written) && Object.hasOwn(this.#written, key);
  }
  /** What the expression of an argument refers to. */
  references(key: string): readonly string[] {
    const expression = isRecord(this.#written) ? this.#written[key] : undefined;
    const found = isRecord(expression) ? expression['references'] : undefined;
    return Array.isArray(found) ? (found as unknown[]).filter((one): one is string => typeof one === 'string') : [];
  }
  /**
   * The expressions of nested blocks; the plan does not contain those of dynamic blocks, nor of anything that is not a
   * block.
   */
  below(key: string): Expressions | undefined {
    const inner = isRecord(this.#written) ? this.#written[key] : undefined;
    return Array.isArray(inner) ? new Expressions(inner) : undefined;
  }
  item(index: number): Expressions | undefined {
    const item = Array.isArray(this.#written) ? (this.#written as unknown[])[index] : undefined;
    return item === undefined ? undefined : new Expressions(item);
  }
}

/** A block of a plan: its module with its keys, and its own key as it is written in addresses, `["a"]`, or none. */
export interface Instance {
  readonly module: string;
  readonly key: string;
}

/** A resource that an expression refers to. */
export interface Named {
  /** Its module, with the keys that are known. */
  readonly module: string;
  /** Its type and label. */
  readonly name: string;
  /** Its key if it is written, `''` if it is not. */
  readonly key: string;
  /** The key of the block that refers to it, if the expression contains `each` or `count`. */
  readonly sameAs: string;
  /** What follows it, such as `.arn`. */
  readonly path: string;
  /** Any output of a module may be the one that is meant. */
  readonly isAny: boolean;
}

/** Maximum number of modules that pass a value on. */
const deepest = 20;
const key = /\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/;
const step = new RegExp(`module\\.[\\w-]+(?:${key.source})?`, 'g');
const reference = new RegExp(`^([\\w-]+)(?:\\.([\\w-]+))?(${key.source})?(.*)$`);
const keys = new RegExp(key, 'g');
const lastKey = new RegExp(`${key.source}$`);
const modules = new RegExp(`^(?:${step.source}\\.)*`);

/** `module.a["x"].aws_y.z[0]` without its keys. */
export const withoutKeys = (address: string): string => address.replace(keys, '');
/** The key at the end of an address, `''` without one. */
export const keyOf = (address: string): string => lastKey.exec(address)?.[0] ?? '';
const stepsIn = (module: string): readonly string[] => module.match(step) ?? [];
/** Whether a module is one of those that a name with some of the keys means. */
export function isAmong(module: string, named: string): boolean {
  const [own, wanted] = [stepsIn(module), stepsIn(named)];
  return own.length === wanted.length && own.every((one, at) => one === wanted[at] || withoutKeys(one) === wanted[at]);
}

export class Configuration {
  readonly root: unknown;

  constructor(configuration: unknown) {
    this.root = isRecord(configuration) ? configuration['root_module'] : undefined;
  }

  /** The call of a module, and its contents. */
  #call(module: string): Record<string, unknown> | undefined {
    let inside: unknown = this.root;
    let call: unknown;
    for (const name of stepsIn(module)) {
      const calls = isRecord(inside) ? inside['module_calls'] : undefined;
      call = isRecord(calls) ? calls[withoutKeys(name).slice('module.'.length)] : undefined;
      inside = isRecord(call) ? call['module'] : undefined;
    }
    return isRecord(call) ? call : undefined;
  }
  #module(module: string): Record<string, unknown> | undefined {
    const inside = module === '' ? this.root : this.#call(module)?.['module'];
    return isRecord(inside) ? inside : undefined;
  }
  /** The block of a resource in the configuration. */
  #block(address: string): Record<string, unknown> | undefined {
    const module = moduleOf(address);
    const name = withoutKeys(address.slice(module === '' ? 0 : module.length + 1));
    const resources = this.#module(module)?.['resources'];
    const found = Array.isArray(resources)
      ? (resources as unknown[]).find((one) => isRecord(one) && one['address'] === name)
      : undefined;
    return isRecord(found) ? found : undefined;
  }

  /** The expressions of a resource. */
  expressionsOf(address: string): Expressions | undefined {
    const expressions = this.#block(address)?.['expressions'];
    return isRecord(expressions) ? new Expressions(expressions) : undefined;
  }

  /** The resources behind the names in a block: variables lead to the call of its module, outputs into other modules. */
  resolve(address: string, names: readonly string[]): readonly Named[] {
    const from = { module: moduleOf(address), key: keyOf(address) };
    return this.#resolve(from, this.#block(address), names, false, 0);
  }
  #resolve(
    from: Instance,
    block: Record<string, unknown> | undefined,
    names: readonly string[],
    isAny: boolean,
    depth: number,
  ): readonly Named[] {
    if (depth > deepest) return [];
    const sameAs = names.some((name) => /^(?:each|count)\b/.test(name)) ? from.key : '';
    return mostExact(names).flatMap((name): readonly Named[] => {
      const [, head = '', label = '', index = '', path = ''] = reference.exec(name) ?? [];
      if (head === 'var') {
        const steps = stepsIn(from.module);
        const call = this.#call(from.module);
        const caller = { module: steps.slice(0, -1).join('.'), key: keyOf(steps.at(-1) ?? '') };
        const given = new Expressions(call?.['expressions']).references(label);
        return this.#resolve(caller, call, given, isAny, depth + 1);
      }
      if (head === 'each' && label === 'value') {
        const elements = new Expressions(block).references('for_each_expression');
        return this.#resolve(from, undefined, [...elements, 'each'], isAny, depth + 1);
      }
      if (head === 'module') {
        const module = `${from.module === '' ? '' : `${from.module}.`}module.${label}${index}`;
        const outputs = this.#module(module)?.['outputs'];
        if (!isRecord(outputs)) return [];
        // `[for one in module.a : one.id]` does not show which output it takes.
        const attribute = /^\.([\w-]+)/.exec(path)?.[1];
        const taken = attribute === undefined ? Object.values(outputs) : [outputs[attribute]];
        return taken.flatMap((one) =>
          this.#resolve(
            { module, key: '' },
            undefined,
            new Expressions(one).references('expression'),
            isAny || attribute === undefined,
            depth + 1,
          ),
        );
      }
      return /^(?:local|each|count|data|path|terraform|self)$/.test(head) || label === ''
        ? []
        : [{ module: from.module, name: `${head}.${label}`, key: index, sameAs, path, isAny }];
    });
  }
}

/** The module of an address, with its keys. */
export const moduleOf = (address: string): string => {
  const [found = ''] = modules.exec(address) ?? [];
  return found.slice(0, -1);
};

/** Terraform lists `a.b[0].c` and then each of its beginnings, `a.b[0]` and `a.b`, which say less. */
const mostExact = (names: readonly string[]): readonly string[] =>
  names.filter((name, index) => {
    const before = names[index - 1];
    return before === undefined || !/^[.[]/.test(before.slice(name.length)) || !before.startsWith(name);
  });
