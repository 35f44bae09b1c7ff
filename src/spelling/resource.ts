import { manyHave } from '#model/hidden.ts';
import { table } from '#model/shape.ts';
import type { ClusterInput } from '#model/cluster.ts';
import type { Holder, SubjectName } from '#model/finding.ts';
import type { Variant } from '#model/resource.ts';
import type { Location } from '#syntax/tree.ts';
import type { Field } from './field.ts';
import type { Property } from './property.ts';

/**
 * One AWS resource as a format describes it, or as a tool creates it. Types and properties have CloudFormation's names.
 */
export interface AwsResource {
  readonly type: string;
  /** Its ID within its Description. */
  readonly id: string;
  /** Its name in messages if its real name is unknown. */
  readonly title: string;
  /** The subject of findings about it, if it does not belong to a cluster. */
  readonly subject?: SubjectName;
  /** What defines it in the file. */
  readonly whole: Field;
  readonly body: Property;
  /** Why it may not be created. */
  readonly maybe?: string | undefined;
  /** The map that stands for it, if that is not its body. */
  readonly object?: object | undefined;
  /** The lists of the file that contain its parts, by type. */
  readonly lists?: Readonly<Record<string, readonly Field[]>>;
}

/** What an expression refers to. */
export interface Reference {
  readonly id: string;
  /** The type of the target, if that is known although the target is not defined here. */
  readonly type?: string | undefined;
  /** In the syntax of the format. */
  readonly attribute?: string | undefined;
  /** The Description that contains it, if that is not the one that asks. */
  readonly home?: Description | undefined;
  /**
   * A parameter of a template, as text. It cannot be the ID of a resource that the same stack creates, but the user may
   * choose the names of IAM.
   */
  readonly isParameter?: boolean | undefined;
}

/** The target of an expression, and the resource if it is defined here. */
export interface Mention {
  readonly reference: Reference;
  readonly resource: AwsResource | undefined;
  readonly home: Description;
}

/** The value of a field, of a property or of one of its outcomes. */
type InField = Pick<Property, 'field'>;

/** What a property refers to. */
export type Link =
  | { readonly state: 'none' }
  | { readonly state: 'here'; readonly resource: AwsResource; readonly home: Description }
  /** `elsewhere`: it is named and not defined here; `unknown`: it is unknown which one it is. */
  | {
      readonly state: 'elsewhere' | 'unknown';
      readonly why: string;
      readonly at: () => Location;
      /** An audit could not read it. */
      readonly isUnread?: boolean;
    };

/** The property that names a resource of a type. */
const nameOf: Readonly<Record<string, string>> = table({
  'AWS::EKS::Cluster': 'Name',
  'AWS::EKS::AccessEntry': 'PrincipalArn',
  'AWS::EC2::LaunchTemplate': 'LaunchTemplateName',
  'AWS::EC2::SecurityGroup': 'GroupName',
  'AWS::AutoScaling::LaunchConfiguration': 'LaunchConfigurationName',
  'AWS::ECR::Repository': 'RepositoryName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::KMS::Alias': 'AliasName',
});

/** The end of an ARN, and the name in it. A path before the name is not part of it. */
const arnNames: Readonly<Record<string, RegExp>> = {
  'AWS::EKS::Cluster': /:cluster\/([^/]+)$/,
  'AWS::IAM::InstanceProfile': /:instance-profile\/(?:.*\/)?([^/]+)$/,
  'AWS::IAM::ManagedPolicy': /:policy\/(?:.*\/)?([^/]+)$/,
  'AWS::IAM::Role': /:role\/(?:.*\/)?([^/]+)$/,
  'AWS::KMS::Alias': /:(alias\/.+)$/,
};

/** A resource, and the description that contains it. */
export interface Described {
  readonly resource: AwsResource;
  readonly home: Description;
}

/** Types whose names are unique in an account, so that one description can name what another one defines. */
const ofAccount = ['AWS::IAM::Role', 'AWS::IAM::InstanceProfile', 'AWS::IAM::ManagedPolicy'];

/** A resource that may belong to any other, and why. */
export interface Loose {
  readonly resource: AwsResource;
  readonly why: string;
}

interface Content {
  readonly input: ClusterInput;
  readonly resources: readonly AwsResource[];
  /** What a field refers to, as the format writes references. */
  refer(field: Field): Reference | undefined;
  /** Everything that an expression refers to, at any depth. */
  mentions(field: Field): readonly Reference[];
  /**
   * The document that a field contains as a map or a string, or refers to, by the names of the document's own grammar.
   */
  document(field: Field): Field;
  /** The text of an unknown expression: the same text in one description is the same value. */
  expression(field: Field): string | undefined;
  /** The SSM parameter or the name, with wildcards, by which an image is looked up. */
  image?(field: Field): string | undefined;
  /** The region of resources that set none. */
  readonly region?: Field | undefined;
  /** The module calls that create them, outermost first. */
  readonly calls?: readonly Holder[];
  /** The same object for what is applied together: the modules that one root module calls. */
  readonly root?: object | undefined;
  /** The same text for those of a root that are in the same account and region. */
  readonly provider?: string | undefined;
  /** The values file with which they are applied, if there are several. */
  readonly variant?: Variant | undefined;
  /** Why there may be more resources than these; undefined if all are here. */
  readonly more: string | undefined;
  /** What these files use and is not among them, so that it may create more. */
  readonly unread?: string | undefined;
  /** Types whose resources an audit could not all read, and why. */
  readonly unreadTypes?: ReadonlyMap<string, string> | undefined;
  /** Types of which these files define more resources than are known, and why. */
  readonly partlyKnown?: ReadonlyMap<string, string> | undefined;
}

/** Names of these are the same in all regions. */
const isGlobal = /^AWS::IAM::/;
const placed = (key: string, { provider }: Description): string => `${provider}\n${key}`;

/** The descriptions of one root module and of what it calls. Names that a module returns may be known texts. */
export class Modules {
  readonly #all: readonly Description[];
  readonly #byType = new Map<string, readonly Described[]>();
  #byName: Map<string, Described | undefined> | undefined;

  constructor(all: readonly Description[]) {
    this.#all = all;
  }
  of(type: string): readonly Described[] {
    const known = this.#byType.get(type);
    if (known) return known;
    const found = this.#all.flatMap((home) => home.of(type).map((resource) => ({ resource, home })));
    this.#byType.set(type, found);
    return found;
  }
  /** The only resource with a type and name, where the asking one is. */
  named(key: string, asking: Description): Described | undefined {
    if (this.#all.length < 2) return undefined;
    if (!this.#byName) {
      this.#byName = new Map();
      for (const home of this.#all)
        for (const [name, resource] of home.names())
          for (const key of [name, placed(name, home)])
            this.#byName.set(key, this.#byName.has(key) ? undefined : { resource, home });
    }
    return this.#byName.get(isGlobal.test(key) ? key : placed(key, asking));
  }
}

/** The resources that are defined together: a template, a Terraform folder as one call uses it, an eksctl file. */
export class Description {
  readonly input: ClusterInput;
  readonly more: string | undefined;
  readonly unread: string | undefined;
  readonly region: Field | undefined;
  readonly calls: readonly Holder[];
  readonly variant: Variant | undefined;
  readonly root: object;
  readonly provider: string;
  readonly #content: Content;
  readonly #byType = new Map<string, AwsResource[]>();
  readonly #byId = new Map<string, AwsResource>();
  /** Resources by their name, and by the expression that produces it. */
  readonly #byName = new Map<string, AwsResource>();
  readonly #naming = new Map<string, Map<AwsResource | undefined, AwsResource[]>>();
  readonly #loose = new Map<string, readonly Loose[]>();
  readonly #made = new Map<string, Map<AwsResource, unknown>>();
  #modules = new Modules([this]);
  /** The resources of the run by type and name. */
  #others: ((key: string) => readonly Described[]) | undefined;

  constructor(content: Content) {
    this.input = content.input;
    this.more = content.more;
    this.unread = content.unread;
    this.region = content.region;
    this.calls = content.calls ?? [];
    this.variant = content.variant;
    this.root = content.root ?? this;
    this.provider = content.provider ?? '';
    this.#content = content;
    for (const resource of content.resources) {
      const { id, type, body } = resource;
      if (!this.#byId.has(id)) this.#byId.set(id, resource);
      const alike = this.#byType.get(type) ?? [];
      this.#byType.set(type, alike);
      alike.push(resource);
      const property = nameOf[type];
      const name = property === undefined ? undefined : this.#nameIn(body.path(property));
      const key = name === undefined ? undefined : `${type} ${name}`;
      if (key !== undefined && !this.#byName.has(key)) this.#byName.set(key, resource);
    }
  }

  #nameIn({ field }: InField): string | undefined {
    if (field.why === undefined) return typeof field.value === 'string' ? `=${field.value}` : undefined;
    const expression = this.#content.expression(field);
    return expression === undefined ? undefined : `?${expression}`;
  }

  /** The resources whose names are unique in an account, by type and name. */
  namesOfAccount(): readonly (readonly [key: string, resource: AwsResource])[] {
    return ofAccount.flatMap((type) =>
      this.of(type).flatMap((one) => {
        const name = this.#nameIn(one.body.path(nameOf[type] ?? ''));
        return name?.startsWith('=') === true ? [[`${type} ${name}`, one] as const] : [];
      }),
    );
  }
  /** All names that are known and unique in an account and region, by type. */
  *names(): Iterable<readonly [key: string, resource: AwsResource]> {
    for (const [key, resource] of this.#byName)
      if (key.includes(' =') && resource.type !== 'AWS::EKS::AccessEntry') yield [key, resource];
  }
  /** Makes the other modules of the root known. */
  joinModules(modules: Modules): void {
    this.#modules = modules;
  }
  /**
   * The resources of a type in all modules of the root that have the same provider, of which one may be about the whole
   * account and region.
   */
  ofRoot(type: string): readonly AwsResource[] {
    return this.#modules.of(type).flatMap(({ resource, home }) => (home.provider === this.provider ? [resource] : []));
  }
  /** Makes the resources of other descriptions known, by type and name. */
  meet(others: (key: string) => readonly Described[]): void {
    this.#others = others;
  }
  /**
   * The resources of the run that have the name which a property gives; `why`: it is not known which of them it means.
   * One definition may be applied in several ways.
   */
  namesakes(property: InField, type: string): { readonly all: readonly Described[]; readonly why: string | undefined } {
    const keys = this.#others && ofAccount.includes(type) ? this.#keysOf(property, type) : [];
    const all = keys.flatMap((key) => this.#others?.(`${type} ${key}`) ?? []);
    const definitionOf = ({ resource }: Described): object => resource.whole.map ?? resource;
    const isOne = all.every((one) => all[0] && definitionOf(one) === definitionOf(all[0]));
    return { all, why: isOne ? undefined : manyHave(keys[0]?.slice(1) ?? '') };
  }
  /** What a property may be called in an index of names. */
  #keysOf(property: InField, type: string): string[] {
    const { field } = property;
    const arnName = arnNames[type]?.exec(
      field.parts.map((part) => (typeof part === 'string' ? part : '?')).join(''),
    )?.[1];
    const keys = [this.#nameIn(property), arnName === undefined || arnName.includes('?') ? undefined : `=${arnName}`];
    return keys.filter((key) => key !== undefined);
  }

  of(type: string): readonly AwsResource[] {
    return this.#byType.get(type) ?? [];
  }
  /**
   * Why an audit could not read all resources of a type: a resource that is not among them is not known to be missing.
   */
  whyUnread(type: string): string | undefined {
    return this.#content.unreadTypes?.get(type);
  }
  /** Why these files may define more resources of a type. Each may belong to what has none. */
  whyPartlyKnown(type: string): string | undefined {
    return this.#content.partlyKnown?.get(type);
  }
  refer({ field }: InField): Reference | undefined {
    return field.names === undefined ? this.#content.refer(field) : { id: field.names, type: field.namesType };
  }
  /** The resources that an expression refers to, at any depth; those that are not defined here only by their type. */
  mentions(field: Field): readonly Mention[] {
    const passed = field.names === undefined ? undefined : this.refer({ field });
    return (passed ? [passed] : this.#content.mentions(field)).map((reference) => ({
      reference,
      ...this.#find(reference, () => true),
    }));
  }
  /** A module has one ID, and creates several resources: each is identified by the attribute that exposes it. */
  #find(
    { id, attribute, home = this }: Reference,
    fits: (one: AwsResource) => boolean,
  ): { readonly resource: AwsResource | undefined; readonly home: Description } {
    const found = [`${id}.${attribute}`, id].map((key) => home.#byId.get(key)).find((one) => one && fits(one));
    return { resource: found, home };
  }
  /** A document inside a property: a policy. */
  document({ field }: Property): Field {
    return this.#content.document(field);
  }
  /** The SSM parameter or the name, with wildcards, by which an image is looked up. */
  image({ field }: Property): string | undefined {
    return this.#content.image?.(field);
  }
  /** Whether a property refers to a resource of a type, defined here or not. */
  refersTo(property: Property, type: string): boolean {
    const reference = this.refer(property);
    return reference !== undefined && (this.#find(reference, () => true).resource?.type ?? reference.type) === type;
  }
  /** The resource of a type that a property refers to, by reference or by name. */
  linked(property: InField, type: string): Link {
    const { field } = property;
    if (field.absent) return { state: 'none' };
    const reference = this.refer(property);
    const target = reference && this.#find(reference, (one) => one.type === type);
    if (target?.resource) return { state: 'here', resource: target.resource, home: target.home };
    const named = this.#keysOf(property, type)
      .map((key) => this.#byName.get(`${type} ${key}`))
      .find((one) => one !== undefined);
    if (named) return { state: 'here', resource: named, home: this };
    const far = this.#keysOf(property, type)
      .map((key) => this.#modules.named(`${type} ${key}`, this))
      .find((one) => one !== undefined);
    if (far) return { state: 'here', ...far };
    const unread = this.whyUnread(type);
    if (unread !== undefined) return { state: 'elsewhere', why: unread, at: field.at, isUnread: true };
    const { all, why } = this.namesakes(property, type);
    if (why !== undefined) return { state: 'elsewhere', why, at: field.at };
    if (all[0]) return { state: 'here', ...all[0] };
    if (field.why === undefined) return { state: 'elsewhere', why: 'it is not defined in these files', at: field.at };
    const mayBeHere = !reference || (reference.isParameter === true && ofAccount.includes(type));
    return { state: mayBeHere ? 'unknown' : 'elsewhere', why: field.why, at: field.at };
  }
  /**
   * The resources of a type by the resource that their property refers to; undefined is the key for those that refer to
   * none in these files.
   */
  naming(
    type: string,
    property: string,
    targetType: string,
    find: (one: AwsResource) => readonly (AwsResource | undefined)[] = (one) =>
      this.#linksOf(one, property, targetType).map((link) =>
        link.state === 'here' && link.home === this ? link.resource : undefined,
      ),
  ): ReadonlyMap<AwsResource | undefined, readonly AwsResource[]> {
    const key = `${type} ${property} ${targetType}`;
    let index = this.#naming.get(key);
    if (!index) {
      this.#naming.set(key, (index = new Map()));
      for (const one of this.of(type)) {
        for (const found of new Set(find(one))) {
          const alike = index.get(found);
          if (alike) alike.push(one);
          else index.set(found, [one]);
        }
      }
    }
    return index;
  }
  /** Why a resource of a type may belong to any resource of another: nothing is known of what it names. */
  unclear(type: string, property: string, targetType: string): string | undefined {
    return this.loose(type, property, targetType)[0]?.why;
  }
  /** The resources of a type that may belong to any resource of another. Computed once. */
  loose(type: string, property: string, targetType: string): readonly Loose[] {
    const key = `${type} ${property} ${targetType}`;
    let loose = this.#loose.get(key);
    if (!loose) {
      loose = this.of(type).flatMap((resource) => {
        const links = this.#linksOf(resource, property, targetType);
        const hidden = links.find(({ state }) => state === 'unknown') as { readonly why: string } | undefined;
        // Of a list, only some items may be known.
        const named = resource.body.path(property);
        const why = hidden?.why ?? (Array.isArray(named.field.value) ? named.rest : undefined);
        return why === undefined ? [] : [{ resource, why }];
      });
      this.#loose.set(key, loose);
    }
    return loose;
  }
  #linksOf({ body }: AwsResource, property: string, type: string): Link[] {
    return body
      .path(property)
      .each()
      .map((item) => this.linked(item, type));
  }
  /** The result of reading a resource that many share; computed once. */
  once<T>(reading: string, resource: AwsResource, make: () => T): T {
    const made = this.#made.get(reading) ?? new Map<AwsResource, unknown>();
    this.#made.set(reading, made);
    if (!made.has(resource)) made.set(resource, make());
    return made.get(resource) as T;
  }
}
