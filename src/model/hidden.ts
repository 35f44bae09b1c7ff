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
  name.startsWith('var.') ? 'add a tfvars file or lint a plan' : 'lint a plan',
);
/** Of a value in an object of Kubernetes. */
export const unknownUntilTerraform = untilTerraform('the value');
/** Why the value of a name is unknown. */
export const hiddenBy = (name: string): string => untilTerraform(name.length > 60 ? `${name.slice(0, 57)}...` : name);

/** For `parameter Name`. */
export const mayBeOverridden = naming(' may be overridden', () => 'add a parameter file');
/** Of `parameter Name`. */
export const hasNoValue = naming(' has no default', () => 'add a parameter file');
/** Of `condition Name`, and of what a function makes. */
export const untilDeployed = naming(' is not known before deployment', (name) =>
  name.startsWith('condition ') ? 'add a parameter file' : 'audit the cluster',
);
/** Of a file of Terragrunt. */
export const mayBeSetBy = naming(' may set it, and Terragrunt inputs are not read', () => 'lint a plan');
/** Of a file of Terraform Stacks. */
export const mayBeSetByStack = naming(' may set it, and Terraform Stacks are not read', () => 'lint a plan');
/** Of a variable of a template. */
export const hasNoDefault = naming(' is a template variable without a default', () => 'lint the rendered file');
/** Of a parameter of a Composition of Crossplane or a graph of kro. */
export const isNotSet = naming(' is not set in these files', () => 'lint the object that sets it');
/** Of an expression of CEL. */
export const isNotEvaluated = naming(' is an expression that is not evaluated', () => 'audit the cluster');
/** Of a name of IAM. */
export const manyHave = naming(
  ' is defined more than once, so it is not known which is meant',
  () => 'lint the files of one account at a time',
);
/** Of a module of others. */
export const isUnreadModule = naming(' is not read and may make more', () => 'lint a plan');

/** Of what a module makes and its call does not show. */
export const isMadeByModule = naming(' is made by the module', () => 'lint a plan');
/** Of what is only known in part. */
export const isKnownInPart = naming(' is known only in part', () => 'lint a plan, or audit the cluster');
/** Of a part of stored answers of AWS. */
export const isNotAnswered = naming(
  ' is not in the AWS responses',
  () => 'add the response of the call, or audit the cluster',
);
/** Of a value of a plan. */
export const isSensitive = naming(' is sensitive, so the plan does not show it', () => 'audit the cluster');
/** Of a value of a plan. */
export const isAfterApply = naming(' is known after apply', () => 'audit the cluster after the apply');

const lookElsewhere = 'lint its file as well, or audit the cluster';
export const templateElsewhere = saying('the launch template', ' is not defined in these files', lookElsewhere);
export const groupElsewhere = saying('a security group', ' of the nodes is not defined in these files', lookElsewhere);
export const isIgnored = saying('ignore_changes', ' excludes this after creation', 'audit the cluster');
export const setAtCreation = saying('initProvider', ' sets this only at creation', 'audit the cluster');
export const chartMayMakeMore = saying('a chart that Terraform installs', ' may make more', 'audit the cluster');

export const macroDecides = saying(
  'a macro',
  ' of the template may stand for another value',
  'lint the processed template',
);
export const subnetElsewhere = saying('a subnet', ' is not defined in these files', lookElsewhere);
export const tableElsewhere = saying('the route table of a subnet', ' is not defined in these files', lookElsewhere);
export const entryElsewhere = saying('the access entry', ' is not defined in these files', lookElsewhere);
export const templateSetsImage = saying('the launch template', ' may set an AMI', lookElsewhere);
export const templateSetsType = saying('the launch template', ' may set the instance type', lookElsewhere);
export const selectorDecides = saying(
  'instanceSelector',
  ' selects the instance types when eksctl runs',
  'list the instance types instead',
);
export const otherCluster = saying('Crossplane', ' may apply it to a cluster with other objects', 'audit the cluster');
export const otherUses = saying(
  'the graph',
  ' may be used together with other objects',
  'lint its instances as well, or audit the cluster',
);
export const policiesOfModule = saying('policy documents passed to the module', ' are not read', 'lint a plan');
export const partOfUserData = saying('a part of the user data', ' is not known', 'lint a plan, or audit the cluster');
/** Of a module that is not among the files. */
export const mayCreateMore = naming(', which is not in these files, may create more', () => 'lint a plan');
export const attributesDecide = saying(
  'instance requirements',
  ' select the instance types when nodes start',
  'list the instance types instead',
);
export const noInstanceType = saying(
  'no instance type',
  ' is set for the self-managed group',
  'set it in the launch template',
);
export const noImage = saying('no AMI', ' is set for the self-managed group', 'set it in the launch template');
export const boundaryMayLimit = saying(
  'the permissions boundary',
  ' of the role may limit it',
  'check what the boundary allows',
);
export const clusterHasNoName = saying('the name of the cluster', ' is not known', 'set it');
export const labelsSelect = saying(
  'a selector',
  ' selects the object by its labels',
  'name the object instead, or audit the cluster',
);
export const apiOmits = saying('the API', ' does not return it', 'lint the files that create the resource');
export const isNoJson = saying('a document', ' is not valid JSON', 'correct it, or lint the rendered file');
export const imageDecides = saying('the AMI', ' decides the metadata options', 'set the metadata options of the nodes');
export const rangeOfVpc = saying('the CIDR of the existing VPC', ' is not set', 'set vpc.cidr');
export const moduleDecides = saying(
  'a default of the module',
  ' depends on its version',
  'set the version of the module',
);
export const lookedUpLater = saying(
  'a dynamic reference',
  ' is looked up when the stack is deployed',
  'audit the cluster',
);
export const keepsValue = saying('the stack', ' keeps its previous value', 'set the value in the parameter file');
export const macroAddsHere = saying('a macro', ' adds to this part of the template', 'lint the processed template');
export const macroAdds = saying('a macro', ' may add more', 'lint the processed template');
export const nestedAdds = saying(
  'a nested stack or a custom resource',
  ' may add more',
  'lint its template as well, or audit the cluster',
);
export const valuesInFiles = saying('a values file', ' is not read', 'lint the output of helm template');
export const valuesElsewhere = saying(
  'a ConfigMap or Secret with values',
  ' is not read',
  'lint the output of helm template',
);
export const poolElsewhere = saying('the MachinePool', ' of the machines is not in these files', lookElsewhere);
export const planeElsewhere = saying('the control plane', ' is not in these files', lookElsewhere);
export const imageByName = saying('the image', ' is looked up by name', 'set the AMI ID, or audit the cluster');
export const groupHasNoId = saying('the security group of the cluster', ' has no ID yet', 'audit the cluster');
export const imageBySelector = saying(
  'the AMI',
  ' is selected by its tags or id',
  'select it by an alias, or audit the cluster',
);
export const severalSelected = saying('a selector', ' matches several objects', 'name the object instead');
export const oneOfMany = saying('a block with many instances', ' is read once', 'lint a plan');
export const appliesOthers = saying(
  'a kustomization',
  ' applies other files in the same folder',
  'list the file in the kustomization',
);
export const poolDecides = saying('a pool of addresses', ' decides', 'lint a plan');
export const flowLogUnknown = saying('the flow log of the module', ' may be off', 'lint a plan');
export const gatewaysUnknown = saying('the gateway of the module', ' may be off', 'lint a plan');
export const templateUnknown = saying('the launch template of the module', ' may be off', 'lint a plan');
export const otherTemplate = saying('the launch template', ' is not that of the module', lookElsewhere);
export const otherProfile = saying('the role', ' is that of another instance profile', lookElsewhere);
export const unmarked = saying(
  'the plan',
  ' does not show what is known after apply',
  'audit the cluster after the apply',
);
export const syntaxError = saying('this block', ' has a syntax error', 'correct it');
export const tagUnknown = saying('the cluster tag', ' is not known', 'lint a plan');
export const userDataDecides = saying(
  'the user data',
  ' sets the cluster',
  'tag the group with kubernetes.io/cluster/<name>',
);

/** Of what a kustomization lists: `patch "a.yaml"`. */
export const isMissing = naming(
  ' does not exist or cannot be read',
  () => 'add it, or lint the output of kustomize build',
);
/** Of `a document of a.yaml`, and of parts of AWS resources. */
export const isUnreadable = naming(' cannot be read', () => 'correct it');
/** Of a patch without the object that it changes. */
export const mayChange = naming(' may change the object', () => 'lint the output of kustomize build');

/** Who changes what a Composition makes: `... changes spec.x` (model/resource.ts). */
export const compositionPatch = 'a patch of the Composition';

/** Of what a snapshot does not store. */
export const whyNotStored = 'a snapshot does not store the value: audit the cluster itself';

/** What reasons of rules call a value that a template engine fills in. */
export const unrenderedTemplate = 'an unrendered template';
/** Why the value is not judged. */
export const whyTemplate = `the value is ${unrenderedTemplate}: lint the rendered file`;
/** Why a wrong value is not judged that a script or a person may replace. */
export const whyPlaceholder = 'the value looks like a placeholder: lint the rendered file';

/** The name that a reason blames, and what would reveal its value. */
export function hiderOf(why: string): { readonly name: string; readonly cure: string } | undefined {
  const said = whole.get(why);
  if (said) return said;
  for (const { ending, cure } of endings)
    if (why.endsWith(ending)) {
      const name = why.slice(0, -ending.length);
      return { name, cure: cure(name) };
    }
  if (why.startsWith(`${compositionPatch} changes `)) return { name: compositionPatch, cure: 'lint what it makes' };
  return undefined;
}
