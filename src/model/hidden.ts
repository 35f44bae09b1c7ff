/* What hides a value until Terraform runs: rules are told why they cannot judge, the report says once what hides how much. */

const ending = ' is not known before Terraform runs';

/** Why nothing can be told of what a name stands for. */
export const hiddenBy = (name: string): string => (name.length > 60 ? `${name.slice(0, 57)}...` : name) + ending;

/** Reasons that say otherwise what hides a value, and what would tell it. */
const others: readonly (readonly [RegExp, string])[] = [
  [/^(parameter \S+) may be overridden$/, 'give a parameter file'],
  [/^(\S+terragrunt\.hcl) may set it, and inputs of Terragrunt are not read$/, 'give a plan'],
  [/^(module\.\S+), which is not among these files, may make more$/, 'give a plan'],
  [/^(the launch template) is not described in these files$/, 'lint its file as well, or audit the cluster'],
  [/^(a security group) of the nodes is not described in these files$/, 'lint its file as well, or audit the cluster'],
  [/^(a patch of the Composition) changes /, 'lint what it makes'],
  [/^(ignore_changes) leaves this to others once it is there$/, 'audit the cluster'],
  [/^(a chart that Terraform installs) may make more$/, 'audit the cluster'],
];

/** The name that a reason blames, and what would tell its value. */
export function hiderOf(why: string): { readonly name: string; readonly cure: string } | undefined {
  if (why.endsWith(ending)) {
    const name = why.slice(0, -ending.length);
    return { name, cure: name.startsWith('var.') ? 'give a tfvars file or a plan' : 'give a plan' };
  }
  for (const [form, cure] of others) {
    const name = form.exec(why)?.[1];
    if (name !== undefined) return { name, cure };
  }
  return undefined;
}
