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

/** A name in the configuration and the module to which it belongs, without keys. */
interface Named {
  readonly module: string;
  readonly name: string;
}

/** Maximum number of modules that pass a value on. */
const deepest = 20;

export class Configuration {
  readonly #root: unknown;

  constructor(configuration: unknown) {
    this.#root = isRecord(configuration) ? configuration['root_module'] : undefined;
  }

  /** The call of a module, and its contents. */
  #call(module: string): Record<string, unknown> | undefined {
    let inside: unknown = this.#root;
    let call: unknown;
    for (const name of module.split('.').filter((step, index) => index % 2 === 1 && step !== '')) {
      const calls = isRecord(inside) ? inside['module_calls'] : undefined;
      call = isRecord(calls) ? calls[name] : undefined;
      inside = isRecord(call) ? call['module'] : undefined;
    }
    return isRecord(call) ? call : undefined;
  }
  #module(module: string): Record<string, unknown> | undefined {
    const inside = module === '' ? this.#root : this.#call(module)?.['module'];
    return isRecord(inside) ? inside : undefined;
  }

  /** The expressions of a resource, whose address has no keys. */
  expressionsOf(address: string): Expressions | undefined {
    const [, module = '', name = ''] =
      /^((?:module\.[^.[]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?\.)*)([^[]+)/.exec(address) ?? [];
    const keyless = module.replace(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, '').replace(/\.$/, '');
    const resources = this.#module(keyless)?.['resources'];
    const found = Array.isArray(resources)
      ? (resources as unknown[]).find((one) => isRecord(one) && one['address'] === name)
      : undefined;
    return isRecord(found) && isRecord(found['expressions']) ? new Expressions(found['expressions']) : undefined;
  }

  /** The resources behind the names of a module: variables lead to its call, outputs to the modules that it calls. */
  resolve(module: string, names: readonly string[], depth = 0): readonly Named[] {
    if (depth > deepest) return [];
    return names.flatMap((name): readonly Named[] => {
      const [head = '', label = '', output] = name.replace(/\[[^\]]*\]/g, '').split('.');
      if (head === 'var') {
        const expressions = new Expressions(this.#call(module)?.['expressions']);
        return this.resolve(module.split('.').slice(0, -2).join('.'), expressions.references(label), depth + 1);
      }
      if (head === 'module' && output !== undefined) {
        const inner = module === '' ? `module.${label}` : `${module}.module.${label}`;
        const outputs = this.#module(inner)?.['outputs'];
        const one = isRecord(outputs) ? outputs[output] : undefined;
        return this.resolve(
          inner,
          new Expressions({ one: isRecord(one) ? one['expression'] : undefined }).references('one'),
          depth + 1,
        );
      }
      return /^(?:local|each|count|data|path|terraform|self|module)$/.test(head)
        ? []
        : [{ module, name: name.replace(/\[[^\]]*\]/g, '') }];
    });
  }
}
