/*
 * What hides a value until Terraform runs, or in files that are not here: rules get the reason why they cannot judge,
 * and the report says once what hides how much, and what would reveal it. Reasons are composed here, so that they can
 * be recognized.
 */

interface Ending {
  readonly ending: string;
  /** What to do about a name that hides something. */
  readonly cure: (name: string) => string;
}
const endings: Ending[] = [];
/** A reason that starts with a name. */
function naming(ending: string, cure: Ending['cure']): (name: string) => string {
  endings.push({ ending, cure });
  return (name) => name + ending;
}
/** Reasons with the same wording, with the name in them. */
const whole = new Map<string, { readonly name: string; readonly cure: string }>();
function saying(name: string, rest: string, cure: string): string {
  whole.set(name + rest, { name, cure });
  return name + rest;
}

const untilTerraform = naming(' is not known before Terraform runs', (name) =>
  name.startsWith('var.') ? 'give a tfvars file or a plan' : 'give a plan',
);
/** Why the value of a name is unknown. */
export const hiddenBy = (name: string): string => untilTerraform(name.length > 60 ? `${name.slice(0, 57)}...` : name);

/** For `parameter Name`. */
export const mayBeOverridden = naming(' may be overridden', () => 'give a parameter file');
/** For a Terragrunt file. */
export const mayBeSetBy = naming(' may set it, and Terragrunt inputs are not read', () => 'give a plan');
/** For a third-party module. */
export const isUnreadModule = naming(' is not read and may make more', () => 'give a plan');

const lookElsewhere = 'lint its file as well, or audit the cluster';
export const templateElsewhere = saying('the launch template', ' is not defined in these files', lookElsewhere);
export const groupElsewhere = saying('a security group', ' of the nodes is not defined in these files', lookElsewhere);
export const isIgnored = saying('ignore_changes', ' excludes this after creation', 'audit the cluster');
export const chartMayMakeMore = saying('a chart that Terraform installs', ' may make more', 'audit the cluster');

/** Who changes the output of a Composition: `... changes spec.x` (model/resource.ts). */
export const compositionPatch = 'a patch of the Composition';

/** Of what a snapshot does not store. */
export const whyNotStored = 'a snapshot does not store the value: audit the cluster itself';

/** Why a value is not judged that a template engine fills in. */
export const whyTemplate = 'the value is an unrendered template: give the rendered file';

/** The name that a reason blames, and what would reveal its value. */
export function hiderOf(why: string): { readonly name: string; readonly cure: string } | undefined {
  for (const { ending, cure } of endings)
    if (why.endsWith(ending)) {
      const name = why.slice(0, -ending.length);
      return { name, cure: cure(name) };
    }
  if (why.startsWith(`${compositionPatch} changes `)) return { name: compositionPatch, cure: 'lint what it makes' };
  return whole.get(why);
}
