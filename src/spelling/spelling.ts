import { Field } from './field.ts';

/** Why a default is unknown: it differs between the possible major versions. */
export class Unsure {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

/**
 * How a format spells one property of CloudFormation, if that is irregular: another path, alternatives of which the
 * first written one counts, other values, a default of the tool, or a function if several keys decide. '' is the item
 * itself.
 */
export type Row =
  | string
  | readonly [string, ...string[]]
  | {
      readonly at?: string | readonly [string, ...string[]];
      /** Pairs of the format's value and ours. */
      readonly values?: readonly (readonly [theirs: unknown, ours: unknown])[];
      /** The tool's default if nothing is written, as our value. */
      readonly else?: unknown;
    }
  | ((resource: Field) => Field);
/**
 * By the full path of the property below its resource (`Logging.ClusterLogging.EnabledTypes`), or below an item of a
 * list (`SecurityGroupIngress[].CidrIp`).
 */
export type Rows = Readonly<Record<string, Row>>;

/** How a format writes the properties of a resource. */
export interface Spelling {
  /** The regular spelling of one name. */
  readonly name: (name: string) => string;
  /** A map may be written as a list of one item. */
  readonly blocks: boolean;
  readonly rows: Rows;
}

/** `PublicAccessCidrs` → `public_access_cidrs`. */
export const snakeCase = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
/** `PublicAccessCidrs` → `publicAccessCidrs`. */
export const camelCase = (name: string): string => name.slice(0, 1).toLowerCase() + name.slice(1);
/** CloudFormation's own names. */
export const asIs = (name: string): string => name;

/** What a format cannot express. */
export const none: Row = (resource) => resource.unsayable();

/** An entry below a field, by the format's own key. */
export const step = (spelling: Spelling, field: Field, key: string): Field =>
  (spelling.blocks ? field.single : field).get(key);

/**
 * What a row says about a resource or an item of a list; `regular` is the location of the property by its regular
 * spelling.
 */
export function follow(spelling: Spelling, row: Row, root: Field, regular: () => Field): Field {
  if (typeof row === 'function') return row(root);
  const walk = (path: string): Field =>
    path === '' ? root : path.split('.').reduce((field, key) => step(spelling, field, key), root);
  const find = (at: string | readonly [string, ...string[]] | undefined): Field => {
    if (at === undefined) return regular();
    if (typeof at === 'string') return walk(at);
    return Field.either(at.map(walk) as [Field, ...Field[]]);
  };
  if (typeof row === 'string' || Array.isArray(row)) return find(row as string | readonly [string, ...string[]]);
  const { at, values, else: fallback } = row as Exclude<Row, string | readonly string[] | ((field: Field) => Field)>;
  const field = find(at);
  const encode = values && ((value: unknown) => values.find(([, ours]) => ours === value)?.[0]);
  if (field.absent) {
    if (fallback instanceof Unsure) return field.doubted(fallback.why, true);
    const filled = fallback === undefined ? field : field.filled(fallback);
    return encode && fallback !== undefined ? filled.as(fallback, encode) : filled;
  }
  const pair = values?.find(([theirs]) => theirs === field.value);
  return field.why === undefined && pair && encode ? field.as(pair[1], encode) : field;
}

/** Parameters of the control plane and of its upgrades, for tools that cannot express them. */
export const noParameters: Rows = {
  ControlPlaneScalingConfig: none,
  KubeApiServerConfig: none,
  KubeControllerManagerConfig: none,
  KubeSchedulerConfig: none,
  RollbackConfig: none,
  Force: none,
};
