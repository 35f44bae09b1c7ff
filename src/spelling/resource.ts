import { table } from '#model/shape.ts';
import type { ClusterInput } from '#model/cluster.ts';
import type { Holder, SubjectName } from '#model/finding.ts';
import type { Variant } from '#model/resource.ts';
import type { Location } from '#syntax/tree.ts';
import type { Field } from './field.ts';
import type { Property } from './property.ts';

/** One AWS resource as a format describes it, or as a tool makes it. Types and properties have CloudFormation's names. */
export interface AwsResource {
  readonly type: string;
  /** Its id within its Description. */
  readonly id: string;
  /** What messages call it where it has no name that is known. */
  readonly title: string;
  /** What findings about it are about, where it is no part of a cluster. */
  readonly subject?: SubjectName;
  /** What describes it in the file. */
  readonly whole: Field;
  readonly body: Property;
  /** The map that stands for it, where that is not its body. */
  readonly object?: object | undefined;
  /** The lists of the file that hold its parts, by their type. */
  readonly lists?: Readonly<Record<string, readonly Field[]>>;
}

/** What an expression refers to. */
export interface Reference {
  readonly id: string;
  /** The type of what it refers to, where that is known though it is not described. */
  readonly type?: string | undefined;
  /** In the words of the format. */
  readonly attribute?: string | undefined;
  /** What it is described with, where that is not the description that asks. */
  readonly home?: Description | undefined;
}

/** What an expression names, and the resource where that is described. */
export interface Mention {
  readonly reference: Reference;
  readonly resource: AwsResource | undefined;
  readonly home: Description;
}

/** What stands in a field, of a property or of one of its outcomes. */
type InField = Pick<Property, 'field'>;

/** What a property leads to. */
export type Link =
  | { readonly state: 'none' }
  | { readonly state: 'here'; readonly resource: AwsResource; readonly home: Description }
  /** `elsewhere`: it is named and not described; `unknown`: nothing tells which one it is. */
  | {
      readonly state: 'elsewhere' | 'unknown';
      readonly why: string;
      readonly at: () => Location;
      /** An audit could not read it. */
      readonly isUnread?: boolean;
    };

/** Which property names a resource of a type. */
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

/** How an ARN ends, and the name in it. A path before the name is no part of it. */
const arnNames: Readonly<Record<string, RegExp>> = {
  'AWS::EKS::Cluster': /:cluster\/([^/]+)$/,
  'AWS::ECR::Repository': /:repository\/(.+)$/,
  'AWS::IAM::InstanceProfile': /:instance-profile\/(?:.*\/)?([^/]+)$/,
  'AWS::IAM::ManagedPolicy': /:policy\/(?:.*\/)?([^/]+)$/,
  'AWS::IAM::Role': /:role\/(?:.*\/)?([^/]+)$/,
  'AWS::KMS::Alias': /:(alias\/.+)$/,
};

interface Content {
  readonly input: ClusterInput;
  readonly resources: readonly AwsResource[];
  /** What a field refers to, as the format writes references. */
  refer(field: Field): Reference | undefined;
  /** Everything that an expression names, wherever in it. */
  mentions(field: Field): readonly Reference[];
  /** The document that a field holds as a map or a text, or refers to, by the names of the document's own grammar. */
  document(field: Field): Field;
  /** The text of an expression that is not known: the same text in one description is the same value. */
  expression(field: Field): string | undefined;
  /** The SSM parameter or the name, with wildcards, by which an image is looked up. */
  image?(field: Field): string | undefined;
  /** The region of what names none. */
  readonly region?: Field | undefined;
  /** The module calls that make them, outermost first. */
  readonly calls?: readonly Holder[];
  /** The file of values with which they are applied, where there are several. */
  readonly variant?: Variant | undefined;
  /** Why there may be more resources than these; undefined where all are here. */
  readonly more: string | undefined;
  /** What these files use and is not among them, so that it may make more. */
  readonly unread?: string | undefined;
  /** Types of which an audit could not read all resources, and why. */
  readonly unreadTypes?: ReadonlyMap<string, string> | undefined;
}

/** The resources that are described together: a template, a Terraform folder as one call uses it, an eksctl file. */
export class Description {
  readonly input: ClusterInput;
  readonly more: string | undefined;
  readonly unread: string | undefined;
  readonly region: Field | undefined;
  readonly calls: readonly Holder[];
  readonly variant: Variant | undefined;
  readonly #content: Content;
  readonly #byType = new Map<string, AwsResource[]>();
  readonly #byId = new Map<string, AwsResource>();
  /** Resources by their name, and by the expression that makes it. */
  readonly #byName = new Map<string, AwsResource>();
  readonly #naming = new Map<string, Map<AwsResource | undefined, AwsResource[]>>();
  readonly #made = new Map<string, Map<AwsResource, unknown>>();

  constructor(content: Content) {
    this.input = content.input;
    this.more = content.more;
    this.unread = content.unread;
    this.region = content.region;
    this.calls = content.calls ?? [];
    this.variant = content.variant;
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

  of(type: string): readonly AwsResource[] {
    return this.#byType.get(type) ?? [];
  }
  /** Why an audit could not read all resources of a type: what is not among them is not known to be missing. */
  whyUnread(type: string): string | undefined {
    return this.#content.unreadTypes?.get(type);
  }
  refer({ field }: InField): Reference | undefined {
    return field.names === undefined ? this.#content.refer(field) : { id: field.names, type: field.namesType };
  }
  /** The resources that an expression names, wherever in it; those that are not described here by their type alone. */
  mentions(field: Field): readonly Mention[] {
    const references =
      field.names === undefined ? this.#content.mentions(field) : [{ id: field.names, type: field.namesType }];
    return references.map((reference) => ({ reference, ...this.#find(reference, () => true) }));
  }
  /** A module has one id, and makes several resources: each goes by the attribute that holds it. */
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
  /** Whether a property refers to a resource of a type, described here or not. */
  refersTo(property: Property, type: string): boolean {
    const reference = this.refer(property);
    return reference !== undefined && (this.#find(reference, () => true).resource?.type ?? reference.type) === type;
  }
  /** The resource of a type that a property leads to, by reference or by name. */
  linked(property: InField, type: string): Link {
    const { field } = property;
    if (field.absent) return { state: 'none' };
    const reference = this.refer(property);
    const target = reference && this.#find(reference, (one) => one.type === type);
    if (target?.resource) return { state: 'here', resource: target.resource, home: target.home };
    const name = this.#nameIn(property);
    const arnName = arnNames[type]?.exec(
      field.parts.map((part) => (typeof part === 'string' ? part : '?')).join(''),
    )?.[1];
    const named = [name, arnName === undefined || arnName.includes('?') ? undefined : `=${arnName}`]
      .map((key) => (key === undefined ? undefined : this.#byName.get(`${type} ${key}`)))
      .find((one) => one !== undefined);
    if (named) return { state: 'here', resource: named, home: this };
    const unread = this.whyUnread(type);
    if (unread !== undefined) return { state: 'elsewhere', why: unread, at: field.at, isUnread: true };
    return field.why === undefined
      ? { state: 'elsewhere', why: 'it is not defined in these files', at: field.at }
      : { state: reference ? 'elsewhere' : 'unknown', why: field.why, at: field.at };
  }
  /** The resources of a type by the one that their property leads to; undefined holds those that lead to none of these files. */
  naming(
    type: string,
    property: string,
    targetType: string,
    find: (one: AwsResource) => readonly (AwsResource | undefined)[] = (one) => {
      const named = one.body.path(property);
      const items = Array.isArray(named.field.value) ? named.items() : [named];
      return items.map((item) => {
        const link = this.linked(item, targetType);
        return link.state === 'here' && link.home === this ? link.resource : undefined;
      });
    },
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
  /** What a reading makes of a resource that many share; worked out once. */
  once<T>(reading: string, resource: AwsResource, make: () => T): T {
    const made = this.#made.get(reading) ?? new Map<AwsResource, unknown>();
    this.#made.set(reading, made);
    if (!made.has(resource)) made.set(resource, make());
    return made.get(resource) as T;
  }
}
