import type { AwsPart } from '#model/aws.ts';
import { type Cluster, type ClusterPart, membersOf, type NodeTemplate } from '#model/cluster.ts';
import {
  type Crash,
  type Finding,
  type Fold,
  type Holder,
  type Origin,
  qualifiedName,
  rank,
  type Severity,
  type SubjectName,
  type Undetermined,
} from '#model/finding.ts';
import { unknownUntilTerraform, unrenderedTemplate, whyPlaceholder } from '#model/hidden.ts';
import type { InstanceTypes } from '#model/instance-types.ts';
import { type Change, doubtOf, type Variant, Workload } from '#model/resource.ts';
import { isRecord } from '#model/shape.ts';
import { withoutQuotedCredentials } from '#model/url.ts';
import { Unread } from '#model/unread.ts';
import type { AnyResource, Workspace } from '#model/workspace.ts';
import type { Answer } from '#model/value.ts';
import type { AnyRule, Target } from '#rule';
import { unrendered, whyTemplate } from '#rule/unknown';
import { Agenda, type AskedKind } from './agenda.ts';
import { goesBeyond } from './beyond.ts';
import { type Hole, hides, holesOf } from './holes.ts';
import { fingerprints } from './fingerprint.ts';
import { type TargetFinder, whereaboutsOf } from './target.ts';
import { findValues, wantedOf, writeSecrets } from './found.ts';
import { excerpt } from '#syntax/excerpt.ts';
import { originOf } from '#syntax/graft.ts';
import {
  type Edit,
  locate,
  locationAt,
  parentOf,
  type Location,
  type Source,
  type TextEdit,
  type Tree,
} from '#syntax/tree.ts';
import { toTextEdits } from '#syntax/edit.ts';

/** A rule as configured for this run. */
export interface ActiveRule {
  readonly rule: AnyRule;
  /** Severity and options for a subject; undefined if the rule is off for it. */
  settingFor(subject: {
    readonly file: string;
    readonly namespace: string;
  }): { readonly severity: Severity; readonly options: Readonly<Record<string, unknown>> } | undefined;
}

export interface RunInput {
  readonly rules: readonly ActiveRule[];
  readonly workspace: Workspace;
  readonly documents: readonly Tree[];
  readonly targetOf: TargetFinder;
  readonly today: string;
  /** Called from time to time with the progress of the run. */
  readonly progress?: ((words: string) => void) | undefined;
  /** The Terraform module calls that create a part of a cluster. */
  readonly calls?: ReadonlyMap<object, readonly Holder[]>;
  /** The ways in which parts of a cluster are applied, if there are several. */
  readonly variants?: ReadonlyMap<object, Variant>;
  /** All texts of the run; findings in those that are not targets are not reported. */
  readonly sources: readonly Source[];
}

/** A finding for one of the ways in which its object is applied. */
export interface RawFinding extends Finding {
  readonly variant?: Variant;
  /** The text that contains the object, shared by all ways. */
  readonly shared?: string;
}

export interface RunResult {
  readonly findings: RawFinding[];
  readonly undetermined: Undetermined[];
  readonly crashes: Crash[];
  /**
   * Workloads that another workload of the input created: their defects belong to their owner, and are reported once.
   */
  readonly owned: number;
}

type Subject = {
  readonly tree: Tree | undefined;
  readonly name: SubjectName;
  readonly at: () => Location;
  readonly resource?: AnyResource | undefined;
  readonly object?: object | undefined;
  readonly value: object;
  /** Why it is unknown whether the subject is to be judged. */
  readonly unread?: string | undefined;
  /** The name of the subject's cluster: with its region if another cluster has the same name. */
  readonly cluster?: string;
  /** Account and region of its cluster, if known. */
  readonly place?: string;
};

/** The note that a rule reports, with its types erased. */
interface AnyNote {
  readonly message: string;
  readonly data?: Readonly<Record<string, string | number>>;
  readonly on?: object;
  readonly key?: string | number;
  readonly at?: Location;
  readonly when?: Answer;
  readonly related?: readonly Location[];
  readonly severity?: Severity;
  readonly minor?: number;
  readonly excerpt?: boolean;
  readonly fix?: { readonly safe: boolean; readonly edits: readonly Edit[] };
}

/** Runs every rule on the subjects it names; each subject is built once, each rule runs once per subject. */
export function run(input: RunInput): RunResult {
  const result: Collected = {
    findings: [],
    undetermined: new Map(),
    crashes: [],
    valueAt: findValues(input.documents),
    sources: new Map(input.sources.map((source) => [source.id, source])),
    rules: new Map(input.rules.map((active) => [active.rule.id, active])),
  };
  let owned = 0;
  const agenda = new Agenda(input.rules, input.workspace);
  const check = (kinds: readonly AskedKind[], subject: Subject) => {
    // Findings belong to the file in which they are located: for a cluster or a kustomization result that may be
    // another file than that of the subject.
    const elsewhere = subject.resource
      ? subject.resource.embedded || subject.resource.object !== subject.resource.written
      : subject.name.kind !== 'Document';
    if (!elsewhere && !subject.tree?.source.target) return;
    const holes = subject.resource ? holesOf(subject.resource, input.workspace) : [];
    const asked = agenda.rulesFor(kinds, subject.resource, holes.length > 0);
    if (asked.length === 0) return;
    const place = { file: subject.tree?.source.path ?? '', namespace: namespaceOf(subject) };
    const target = input.targetOf(whereaboutsOf(place.file, subject.resource));
    const session: Session = { subject, place, target, input, result, holes };
    for (const active of asked) ask(active, session);
  };

  for (const tree of input.documents)
    check(['document'], {
      tree,
      name: { kind: 'Document', namespace: '', name: tree.source.id },
      at: () => locationAt(tree.source, tree.start, tree.start + 1),
      value: tree,
    });
  const checkObject = (resource: AnyResource, unread?: string): void => {
    const kinds: AskedKind[] = ['Resource'];
    if (resource instanceof Workload) kinds.push('Workload');
    if (resource.known !== undefined) kinds.push(resource.known);
    check(kinds, {
      tree: resource.tree,
      name: resource.subject,
      at: () => resource.at,
      resource,
      value: resource,
      unread,
    });
  };
  const beyond: { readonly resource: AnyResource; readonly owner: Workload }[] = [];
  for (const [index, resource] of input.workspace.resources.entries()) {
    if (index % 100 === 0) input.progress?.(`judged ${index} of ${input.workspace.resources.length} objects`);
    const { owner, unread, isMore } = makerOf(resource, input.workspace);
    if (!owner) checkObject(resource, unread);
    else if (isMore) beyond.push({ resource, owner });
    else if (resource.tree.source.target) owned++;
  }
  // Defects of created workloads that their owner does not have.
  const keyOf = ({ rule, subject }: Pick<Finding, 'rule' | 'subject'>): string => `${rule} ${qualifiedName(subject)}`;
  const told = new Set(beyond.length > 0 ? result.findings.map(keyOf) : []);
  for (const { resource, owner } of beyond) {
    const before = result.findings.length;
    checkObject(resource);
    const own = result.findings.splice(before);
    result.findings.push(...own.filter(({ rule }) => !told.has(keyOf({ rule, subject: owner.subject }))));
  }
  const describing = new Map<object | undefined, AnyResource>(
    input.workspace.resources.map((resource) => [resource.object, resource]),
  );
  const subjectOf = (part: Cluster | ClusterPart | AwsPart, of?: { cluster: string; place: string }): Subject => ({
    tree: part.tree,
    name: part.subject,
    // A Kubernetes object that defines it says what is known about it.
    ...(part.input === 'kubernetes' ? { resource: describing.get(part.object) } : {}),
    at: () => part.at,
    object: part.object,
    value: part,
    ...of,
  });
  const judge = (part: Cluster | ClusterPart | AwsPart, of?: { cluster: string; place: string }): void =>
    check([part.kind], subjectOf(part, of));
  const titles = titlesOf(input.workspace.clusters);
  for (const cluster of input.workspace.clusters) {
    const { account, region } = cluster.identity;
    const place = [account.value, region.value].filter((word) => word !== undefined).join(' ');
    for (const part of partsOf(cluster)) judge(part, { cluster: titles(cluster), place });
  }
  for (const part of [...input.workspace.loose.flatMap(withTemplate), ...input.workspace.aws]) judge(part);
  // Unread parts are invisible: rules that would judge them have not judged the cluster.
  for (const [cluster, kinds] of input.workspace.unreadParts)
    for (const [kind, why] of kinds) check([kind], { ...subjectOf(cluster), unread: why });
  return { findings: result.findings, undetermined: [...result.undetermined.values()], crashes: result.crashes, owned };
}

/**
 * The workload that created and controls a workload, the outermost one; `isMore`: the created workload has more than
 * its owner declares.
 */
function makerOf(
  resource: AnyResource,
  workspace: Workspace,
): { readonly owner?: Workload; readonly unread?: string; readonly isMore?: boolean } {
  if (!(resource instanceof Workload)) return {};
  try {
    let [made, isMore] = [resource, false];
    for (let level = 0; level < mostLevels; level++) {
      const owner = workspace.unit(made).ownerOf(made);
      if (!(owner instanceof Workload)) return made === resource ? {} : { owner: made, isMore };
      isMore ||= goesBeyond(made, owner);
      made = owner;
    }
    // A cycle of owners, in which each would be judged at another.
    return {};
  } catch (error) {
    if (error instanceof Unread) return { unread: error.message };
    throw error;
  }
}
/** Controllers create controllers, which create pods: no real chain is longer. */
const mostLevels = 8;

interface Collected {
  readonly rules: ReadonlyMap<string, ActiveRule>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly valueAt: ReturnType<typeof findValues>;
  readonly findings: RawFinding[];
  /** By content, because an object that is applied in several ways is judged several times. */
  readonly undetermined: Map<string, Undetermined & { readonly origins: Origin[] }>;
  readonly crashes: Crash[];
}

/** The way in which a subject is applied; in the text of an overlay or a values file, the location itself says it. */
function wayOf(
  { resource, value }: Subject,
  at: Location,
  { variants }: RunInput,
): Pick<RawFinding, 'variant' | 'shared'> | undefined {
  const variant = resource?.variant ?? variants?.get(value);
  if (!variant) return undefined;
  const base = variant.with === true ? (at.source === variant.by ? undefined : at.source) : resource?.tree.source.id;
  return { variant, ...(base === undefined ? {} : { shared: base }) };
}

/** The names of clusters: with the region if several have the same name. */
function titlesOf(clusters: readonly Cluster[]): (cluster: Cluster) => string {
  const regions = new Map<string, Set<string | undefined>>();
  for (const { subject, identity } of clusters)
    regions.set(subject.name, (regions.get(subject.name) ?? new Set()).add(identity.region.value));
  return ({ subject: { name }, identity }) => {
    const { value: region } = identity.region;
    return (regions.get(name)?.size ?? 0) > 1 && region !== undefined ? `${name} in ${region}` : name;
  };
}
const partsOf = (cluster: Cluster) => [cluster, ...membersOf(cluster).flatMap(withTemplate)];
const withTemplate = (part: ClusterPart): (ClusterPart | NodeTemplate)[] =>
  part.kind === 'nodegroup' ? [part, part.template] : [part];

/** What all rules share that run on a subject. */
interface Session {
  readonly subject: Subject;
  /** Where the config looks up what applies to it. */
  readonly place: Parameters<ActiveRule['settingFor']>[0];
  readonly target: Target;
  readonly input: RunInput;
  readonly result: Collected;
  /** Places whose content is unknown. */
  readonly holes: readonly Hole[];
}

function ask(active: ActiveRule, session: Session): void {
  const { rule } = active;
  const { subject, result } = session;
  const setting = active.settingFor(session.place);
  if (!setting) return;
  const consultation = new Consultation(active, setting, session);
  // Of two lists that were read one after the other, the second may have gained or lost the counterpart of an object in
  // the first.
  const moving = subject.resource?.moving;
  const open = subject.unread ?? (moving !== undefined && rule.scope === 'workspace' ? moving : undefined);
  if (open !== undefined) {
    consultation.leaveOpen(open, subject.at(), {});
    return;
  }
  try {
    rule.check(subject.value as never, consultation as never);
    const { resource } = subject;
    // One reason is enough, and the reason of the rule is better.
    const hole = resource && !consultation.isOpen && session.holes.find((one) => hides(one, rule, resource));
    if (hole) consultation.leaveOpen(hole.why, resource.place(hole.on, hole.key), hole);
  } catch (error) {
    if (error instanceof Unread) {
      // What it has reported so far follows from what it had read; what else it would have reported is unknown.
      consultation.leaveOpen(error.message, subject.at(), {});
      return;
    }
    // The one place where errors of rules are caught: the other rules continue, and the report lists the crash.
    result.crashes.push({
      rule: rule.id,
      subject: subject.name,
      at: subject.at(),
      error: error instanceof Error ? error : new Error(String(error)),
    });
  }
}

const namespaceOf = ({ resource, name }: Subject): string => resource?.namespace ?? name.namespace;

/**
 * What a rule receives in addition to its subject. There is one for each rule and subject, hundreds for each object,
 * and most rules report nothing: so it creates only what is asked for.
 */
class Consultation {
  readonly #active: ActiveRule;
  readonly #setting: NonNullable<ReturnType<ActiveRule['settingFor']>>;
  readonly #session: Session;
  /** Whether something about the subject is undetermined. */
  isOpen = false;

  constructor(active: ActiveRule, setting: NonNullable<ReturnType<ActiveRule['settingFor']>>, session: Session) {
    this.#active = active;
    this.#setting = setting;
    this.#session = session;
  }

  get target(): Target {
    return this.#session.target;
  }
  get options(): Readonly<Record<string, unknown>> {
    return this.#setting.options;
  }
  get instanceTypes(): InstanceTypes {
    return this.#session.input.workspace.instanceTypes;
  }
  get today(): string {
    return this.#session.input.today;
  }
  get workspace(): Workspace {
    return this.#session.input.workspace;
  }
  get judges(): (id: string) => Readonly<Record<string, unknown>> | undefined {
    return (id) => this.#session.result.rules.get(id)?.settingFor(this.#session.place)?.options;
  }
  get report(): (note: AnyNote) => void {
    return (note) => {
      this.#report(note);
    };
  }
  get undetermined(): (why: string, place: AnyNote) => void {
    return (why, place) => {
      this.leaveOpen(why, this.#placeOf(place), place);
    };
  }

  #report(note: AnyNote): void {
    if (note.when?.state === 'no') return;
    const subject = this.#session.subject;
    const { findings, sources, valueAt } = this.#session.result;
    const at = this.#placeOf(note);
    const source = sources.get(at.source);
    if (!source?.target) return;
    const doubt = note.when?.state === 'unknown' ? (note.when.why ?? 'not known') : doubtAbout(subject, note);
    if (doubt !== undefined) {
      this.leaveOpen(doubt, at, note);
      return;
    }
    // Content of an overlay is judged with the config for the files of the overlay.
    const here =
      at.source === subject.tree?.source.id
        ? this.#setting
        : this.#active.settingFor({ file: source.path, namespace: namespaceOf(subject) });
    if (!here) return;
    const found = finding(this.#active.rule, here.severity, note, subject, at, valueAt);
    found.origins = [this.#originAt(note)];
    const way = wayOf(subject, at, this.#session.input);
    findings.push(way ? Object.assign(found, way) : found);
  }

  #placeOf(note: Pick<AnyNote, 'on' | 'key' | 'at'>): Location {
    if (note.at) return note.at;
    const { tree, at } = this.#session.subject;
    return note.on && tree ? locate(tree, note.on, note.key) : at();
  }

  #originAt(note: Pick<AnyNote, 'on'>): Origin {
    const { resource, tree, object, value } = this.#session.subject;
    return {
      subject: value,
      tree,
      object,
      on: note.on,
      calls: this.#session.input.calls?.get(value) ?? [],
      unread: resource === undefined && unreadParts(value),
    };
  }

  /** Records that it cannot be determined whether the rule is violated. */
  leaveOpen(given: string, at: Location, note: Pick<AnyNote, 'on' | 'key'>): void {
    this.isOpen = true;
    const why = behindMark(given, this.#session.subject, note) ?? given;
    const { sources, undetermined } = this.#session.result;
    if (!sources.get(at.source)?.target) return;
    const { name, cluster } = this.#session.subject;
    const { id } = this.#active.rule;
    const key = [id, at.source, at.start?.line, at.path, name.kind, name.name, why].join('\n');
    const known = undetermined.get(key);
    if (known) known.origins.push(this.#originAt(note));
    else
      undetermined.set(key, {
        rule: id,
        subject: name,
        why,
        at,
        origins: [this.#originAt(note)],
        ...(cluster === undefined ? {} : { cluster }),
      });
  }
}

/** Why a finding is uncertain: the field is a template, or something else changes it before it is applied. */
function doubtAbout({ tree, resource }: Subject, { on, key }: AnyNote): string | undefined {
  if (!on || !tree || !resource) return undefined;
  const value = key === undefined ? undefined : (on as Record<string, unknown>)[key];
  if (typeof value === 'string' && unrendered(value)) return whyTemplate;
  if (resource.changes.length === 0) return undefined;
  const steps =
    stepsInside(resource.object, on, key) ??
    (resource.embedded ? [] : stepsTo(tree, on, key, originOf(tree, resource.written).on));
  const isAbsent = key !== undefined && value === undefined;
  const change = resource.changes.find((one) => (isAbsent || one.absent !== true) && overlaps(one, steps));
  return change && doubtOf(change);
}

/**
 * Why a value is unknown that the reader of Terraform, CloudFormation, Helm values or a graph of kro replaced by a mark,
 * or left as one: there is no template that anyone could render.
 */
function behindMark(
  why: string,
  { tree, resource }: Subject,
  { on, key }: Pick<AnyNote, 'on' | 'key'>,
): string | undefined {
  if (!on || !tree || !resource) return undefined;
  const isTemplate = why.includes(unrenderedTemplate);
  if (!isTemplate && why !== whyPlaceholder) return undefined;
  const steps = stepsInside(resource.object, on, key);
  const change = steps && resource.changes.find((one) => one.why !== undefined && overlaps(one, steps));
  return (
    change?.why ?? (isTemplate && resource.embedded && tree.language === 'hcl' ? unknownUntilTerraform : undefined)
  );
}

const overlaps = ({ path }: Change, steps: readonly (readonly string[])[]): boolean =>
  path.every((step, i) => step === '-' || (steps[i]?.includes(step) ?? true));

/** The names of an item of a list or an entry of a map. */
function namesOf(holder: object, at: string | number): string[] {
  const item = Array.isArray(holder) ? (holder[Number(at)] as unknown) : undefined;
  return isRecord(item) && typeof item['name'] === 'string' ? [item['name'], String(at)] : [String(at)];
}

/** The locations of containers in an object, each with what holds it. */
const holdersIn = new WeakMap<object, ReadonlyMap<object, readonly [holder: object, key: string]>>();
function holdersOf(top: object): ReadonlyMap<object, readonly [holder: object, key: string]> {
  const known = holdersIn.get(top);
  if (known) return known;
  const holders = new Map<object, readonly [object, string]>();
  const visit = (holder: object): void => {
    for (const [key, value] of Object.entries(holder) as [string, unknown][]) {
      if (typeof value !== 'object' || value === null || value === top || holders.has(value)) continue;
      holders.set(value, [holder, key]);
      visit(value);
    }
  };
  visit(top);
  holdersIn.set(top, holders);
  return holders;
}

/**
 * Keys that lead through the data of an object as it is applied, wherever its parts are written: a patch may be a
 * string in a kustomization. Undefined if the object does not contain `on`.
 */
function stepsInside(top: object, on: object, key: string | number | undefined): string[][] | undefined {
  const steps = key === undefined ? [] : [namesOf(on, key)];
  const holders = holdersOf(top);
  for (let at = on; at !== top;) {
    const up = holders.get(at);
    if (!up) return undefined;
    steps.unshift(namesOf(...up));
    at = up[0];
  }
  return steps;
}

/**
 * Keys starting from the object, which may be an item of a list. Items of lists are identified by name, as in merge
 * patches, and by index, as in JSON patches.
 */
function stepsTo(tree: Tree, on: object, key: string | number | undefined, top: object): string[][] {
  const steps = key === undefined ? [] : [namesOf(on, key)];
  for (let at = originOf(tree, on).on; at !== top;) {
    const up = parentOf(tree, at);
    if (!up) break;
    steps.unshift(namesOf(up.parent, up.key));
    at = up.parent;
  }
  return steps;
}

/** Whether a part of a document was not read. */
const unreadParts = (subject: object): boolean =>
  'faults' in subject && Array.isArray(subject.faults) && subject.faults.some(({ code }) => code !== 'duplicate-key');

type Holes = NonNullable<AnyNote['data']>;

/**
 * The line that a finding shares with others of its family. It is computed on demand, because machine-readable formats
 * never need it.
 */
class FamilyLine implements Fold {
  readonly #of: { readonly message: string; readonly help: string };
  readonly #part: string;
  readonly #data: Holes;

  constructor(of: { readonly message: string; readonly help: string }, part: string, data: Holes) {
    this.#of = of;
    this.#part = part;
    this.#data = data;
  }
  get message(): string {
    return fillIn(this.#of.message, this.#data);
  }
  get part(): string {
    return fillIn(this.#part, this.#data);
  }
  get help(): string {
    return fillIn(this.#of.help, this.#data);
  }
}

/** Templates split at their holes: text, name of a hole, text, and so on. There are as many as rules have messages. */
const partsOfTemplates = new Map<string, readonly string[]>();

function fillIn(template: string, data: Holes): string {
  let parts = partsOfTemplates.get(template);
  if (!parts) {
    parts = template.includes('{') ? template.split(/\{(\w+)\}/) : [template];
    // Without holes the text is always the same.
    if (parts.length === 1) parts = [withoutQuotedCredentials(template)];
    partsOfTemplates.set(template, parts);
  }
  let text = parts[0] ?? '';
  if (parts.length === 1) return text;
  for (let i = 1; i < parts.length; i += 2) {
    const name = parts[i] ?? '';
    text += `${data[name] ?? `{${name}}`}${parts[i + 1]}`;
  }
  return withoutQuotedCredentials(text);
}

/**
 * A finding while it is created: there may be a hundred thousand, and assembling one from parts takes as long as
 * judging.
 */
type Draft = { -readonly [Key in keyof RawFinding]: RawFinding[Key] };
const unrelated: RawFinding['related'] = [];
const withoutHoles: Holes = {};

function finding(
  rule: AnyRule,
  severity: Severity,
  note: AnyNote,
  subject: Subject,
  at: Location,
  valueAt: Collected['valueAt'],
): Draft {
  const data = note.data ?? withoutHoles;
  const assuming = note.when?.assuming === undefined ? '' : ` (${note.when.assuming})`;
  const message = fillIn(rule.messages[note.message] ?? note.message, data) + assuming;
  const advice = typeof rule.help === 'object' ? rule.help[note.message] : rule.help;
  const help = advice === undefined ? undefined : fillIn(advice, data);
  // Findings of these rules are about secrets, whatever the value looks like.
  const found = rule.id.startsWith('secrets/') ? undefined : valueAt(at, subject.name);
  const wanted = wantedOf(note.fix?.edits ?? [], subject.tree, subject.name, help);
  const part = rule.family?.as[note.message];
  const edits =
    note.fix &&
    note.fix.edits.length > 0 &&
    subject.tree &&
    subject.tree.language !== 'answer' &&
    subject.resource?.embedded !== true
      ? textEdits(subject.tree, note.fix.edits)
      : undefined;
  const secret = edits && note.fix && subject.tree && writeSecrets(note.fix.edits, subject.tree, subject.name);
  const shown = note.excerpt && subject.tree ? excerpt(subject.tree.source, at) : undefined;
  const draft: Draft = {
    rule: rule.id,
    severity: note.severity ?? severity,
    messageId: note.message,
    message,
    at,
    related: note.related ?? unrelated,
    subject: subject.name,
    fingerprint: '',
  };
  if (help !== undefined) draft.help = help;
  if (found !== undefined) draft.found = found;
  if (wanted !== undefined) draft.wanted = wanted;
  if (note.minor !== undefined) draft.minor = note.minor;
  if (rule.family && part !== undefined) draft.fold = new FamilyLine(rule.family.of, part, data);
  if (subject.place !== undefined && subject.place !== '') draft.place = subject.place;
  if (shown) draft.excerpt = shown;
  if (note.fix && edits) draft.fix = { safe: note.fix.safe, edits, ...(secret ? { secret } : {}) };
  return draft;
}

/** The edits as changes of the one text that contains all of them; undefined if they concern several texts. */
function textEdits(subject: Tree, edits: readonly Edit[]): readonly TextEdit[] | undefined {
  const home = edits[0]?.tree ?? subject;
  const placed = edits.map((edit) => ({ ...edit, ...originOf(edit.tree ?? subject, edit.on, edit.key) }));
  // A value that a patch has removed is still in the text of the base: an edit there would lose it and change nothing.
  // One that an expression gives is not what the text says.
  if (placed.some(({ on, key }, i) => scalarAt(edits[i]?.on, edits[i]?.key) !== scalarAt(on, key))) return undefined;
  // A value that a patch has copied to another field still stands in its own field, where something else may be right.
  if (placed.some(({ key }, i) => typeof key === 'string' && key !== edits[i]?.key)) return undefined;
  return placed.every((edit) => edit.tree === home) ? toTextEdits(home, placed as Edit[]) : undefined;
}

/** The content of an entry, if it is a single value, and otherwise whether there is any. */
function scalarAt(on: object | undefined, key: string | number | undefined): unknown {
  const value = on === undefined || key === undefined ? undefined : (on as Record<string, unknown>)[key];
  return typeof value === 'object' && value !== null ? true : (value ?? false);
}

/** Order of findings: file, line, column, rule, message. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    compare(a.at.source, b.at.source) ||
    (a.at.start?.line ?? 0) - (b.at.start?.line ?? 0) ||
    (a.at.start?.column ?? 0) - (b.at.start?.column ?? 0) ||
    compare(a.rule, b.rule) ||
    compare(a.message, b.message) ||
    compare(a.at.path, b.at.path) ||
    compare(a.subject.kind, b.subject.kind) ||
    compare(a.subject.namespace, b.subject.namespace) ||
    compare(a.subject.name, b.subject.name)
  );
}
/** Order of texts that is the same on every machine. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether two findings have the same content. Objects of one string have one place, also those of two namespaces. */
const same = (a: Finding, b: Finding): boolean => compareFindings(a, b) === 0;

/**
 * One finding for those with the same content: if an object is applied in several ways, it names those that have the
 * defect, unless all have it.
 */
function merge(alike: readonly [RawFinding, ...RawFinding[]]): Finding {
  if (alike.length === 1 && !alike[0].variant) return alike[0];
  const { variant, shared, ...one } = alike[0];
  const first = alike.length === 1 ? one : { ...one, origins: alike.flatMap(({ origins = [] }) => origins) };
  if (!variant) return first;
  const severity = alike
    .map((each) => each.severity)
    .reduce((worst, next) => (rank(next) < rank(worst) ? next : worst));
  const related = [
    ...new Map(
      alike.flatMap((each) => each.related).map((at) => [`${at.source}:${at.start?.line}:${at.path}`, at]),
    ).values(),
  ];
  if (new Set(alike.map((each) => each.variant)).size >= variant.of) return { ...first, severity, related };
  // A fix that some ways need may break others: they share the text.
  if (first.fix?.edits.some(({ source }) => source === shared)) delete first.fix;
  // In the text of an overlay the location itself says which way it is.
  if (first.at.source !== shared) return { ...first, severity, related };
  const by = [...new Set(alike.flatMap((each) => (each.variant ? [each.variant.by] : [])))].sort();
  const more = by.length > 1 ? ` and ${by.length - 1} more` : '';
  const way = variant.with === true ? `(as applied with ${by[0]}${more})` : `(as applied by ${by[0]}${more})`;
  return { ...first, severity, related, message: `${first.message} ${way}` };
}

/** Sorts findings, merges those with the same content and gives each its fingerprint. */
export function settle(findings: readonly RawFinding[]): Finding[] {
  const groups: [RawFinding, ...RawFinding[]][] = [];
  for (const one of [...findings].sort(compareFindings)) {
    const last = groups.at(-1);
    if (last && same(last[0], one)) last.push(one);
    else groups.push([one]);
  }
  const sign = fingerprints();
  // Only this function uses what `run` created, so no copy is needed.
  return groups.map(merge).map((one) =>
    Object.assign(one, {
      fingerprint: sign([
        one.rule,
        one.at.source,
        one.subject.kind,
        one.subject.namespace,
        one.subject.name,
        one.at.path,
        one.messageId,
        ...(one.place === undefined ? [] : [one.place]),
      ]),
    }),
  );
}
