/* What hides a value until Terraform runs: rules are told why they cannot judge, the report says once what hides how much. */

const ending = ' is not known before Terraform runs';

/** Why nothing can be told of what a name stands for. */
export const hiddenBy = (name: string): string => (name.length > 60 ? `${name.slice(0, 57)}...` : name) + ending;

/** The name that a reason blames, and what would tell its value. */
export function hiderOf(why: string): { readonly name: string; readonly cure: string } | undefined {
  if (!why.endsWith(ending)) return undefined;
  const name = why.slice(0, -ending.length);
  return { name, cure: name.startsWith('var.') ? 'give a tfvars file or a plan' : 'give a plan' };
}
