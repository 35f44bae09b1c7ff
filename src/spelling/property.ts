import type { Collection, Slot, Value } from '#model/value.ts';
import type { Edit, Location } from '#syntax/tree.ts';
import type { Field } from './field.ts';
import { follow, type Spelling, step } from './spelling.ts';

/** A property of an AWS resource, looked up by CloudFormation's name whatever the format writes. */
export class Property implements Slot {
  readonly spelling: Spelling;
  /** The resource, or the item of a list, that rows start from, and the prefix of their paths. */
  readonly #root: Field;
  readonly #prefix: string;
  readonly #parent: Property | undefined;
  readonly #name: string;
  #field: Field | undefined;

  constructor(spelling: Spelling, root: Field, prefix = '', parent?: Property, name = '') {
    this.spelling = spelling;
    this.#root = root;
    this.#prefix = prefix;
    this.#parent = parent;
    this.#name = name;
  }

  /** The path below the root: `Logging.ClusterLogging`. */
  get #path(): string {
    const above = this.#parent ? this.#parent.#path : '';
    return above === '' ? this.#name : `${above}.${this.#name}`;
  }
  /** Its location in the file. */
  get field(): Field {
    this.#field ??= this.#find();
    return this.#field;
  }
  #find(): Field {
    const parent = this.#parent;
    const row = this.spelling.rows[this.#prefix + this.#path];
    const regular = (): Field =>
      parent ? step(this.spelling, parent.field, this.spelling.name(this.#name)) : this.#root;
    return row === undefined ? regular() : follow(this.spelling, row, this.#root, regular);
  }

  path(...names: readonly string[]): Property {
    return names.reduce<Property>(
      (property, name) => new Property(this.spelling, this.#root, this.#prefix, property, name),
      this,
    );
  }
  /** The items of a list, each a new root for rows; a map stands for a list of one. */
  items(): Property[] {
    const { field } = this;
    const items = field.map ? [field] : field.items();
    const prefix = `${this.#prefix}${this.#path}[]`;
    return items.map((item) => new Property(this.spelling, item, `${prefix}.`));
  }

  get why(): string | undefined {
    return this.field.why;
  }
  /** Why a list may contain more than is known. */
  get rest(): string | undefined {
    return this.field.why ?? this.field.rest;
  }
  get absent(): boolean {
    return this.field.absent;
  }
  get written(): boolean {
    return this.field.written;
  }
  get at(): () => Location {
    return this.field.at;
  }
  /** The items of a list; of a single value, the value itself. */
  each(): readonly Property[] {
    return Array.isArray(this.field.value) ? this.items() : [this];
  }
  text(fallback?: string): Value<string> {
    return this.field.text(fallback);
  }
  bool(fallback?: boolean): Value<boolean> {
    return this.field.bool(fallback);
  }
  number(fallback?: number): Value<number> {
    return this.field.number(fallback);
  }
  given(): Value<string> {
    return this.field.given();
  }
  exists(): Value<boolean> {
    return this.field.exists();
  }
  /** The strings of a list. `of`: the strings are a property of its items. */
  texts(fallback: readonly string[] = [], of?: string): Collection<Value<string>> {
    if (of === undefined) return this.field.texts(fallback);
    const root = (item: Field): Property => new Property(this.spelling, item, `${this.#prefix}${this.#path}[].`);
    const plain = this.spelling.rows[`${this.#prefix}${this.#path}[].${of}`] === '';
    return this.field.texts(
      fallback,
      (item) => root(item).path(of).field,
      (text) => (plain ? text : { [this.spelling.name(of)]: text }),
    );
  }
  /** Like `texts`, if the tool also uses its default in place of an empty list. */
  textsOr(fallback: readonly string[]): Collection<Value<string>> {
    return this.field.textsOr(fallback);
  }
  write(value: unknown): readonly Edit[] {
    return this.field.write(value);
  }
  clear(): readonly Edit[] {
    return this.field.clear();
  }
}
