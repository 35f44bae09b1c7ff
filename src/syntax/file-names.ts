/*
 * File names that identify a format. They are compared as strings: a run with one file checks most of these, and
 * compiling a pattern takes longer than using it.
 */

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const endsWithAny = (path: string, ends: readonly string[]): boolean => ends.some((end) => path.endsWith(end));

/** Names that kustomize accepts for a kustomization, whatever the file contains. */
const kustomizations: ReadonlySet<string> = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization']);
export const isKustomizationName = (path: string): boolean => kustomizations.has(baseName(path));

/** Folders that are never looked into: installed packages, version control, Terraform's downloads. */
const skippedFolders: ReadonlySet<string> = new Set(['node_modules', '.git', '.terraform']);
export const isSkippedFolder = (name: string): boolean => skippedFolders.has(name);

/** Terraform and OpenTofu in HCL. */
const hcl = ['.tf', '.tofu', '.tfvars'];
export const isHclName = (path: string): boolean =>
  endsWithAny(path, hcl) || isTerragruntName(path) || isStackName(path);
const terragrunt: ReadonlySet<string> = new Set(['terragrunt.hcl', 'terragrunt.stack.hcl']);
export const isTerragruntName = (path: string): boolean => terragrunt.has(baseName(path));
/** Terraform Stacks; the second was its name in the beta. */
const stacks = ['.tfcomponent.hcl', '.tfstack.hcl', '.tfdeploy.hcl'];
export const isStackName = (path: string): boolean => endsWithAny(path, stacks);

/** The same in JSON; `.tfvars.json` sets variables. */
const terraformJson = ['.tf.json', '.tofu.json', '.tfvars.json'];
export const isTerraformJsonName = (path: string): boolean => endsWithAny(path, terraformJson);
export const isTerraformName = (path: string): boolean => endsWithAny(path, hcl) || isTerraformJsonName(path);

/** Configuration of the AWS SAM CLI, which sets parameters of templates. */
const samConfigs: ReadonlySet<string> = new Set(['samconfig.toml', 'samconfig.yaml', 'samconfig.yml']);
export const isSamConfigName = (path: string): boolean => samConfigs.has(baseName(path));

/** What tools make other files of, by the ends of their names. */
const templates = ['.j2', '.jinja', '.jinja2', '.tpl', '.tmpl', '.gotmpl', '.tftpl', '.erb', '.jsonnet', '.libsonnet'];
/** Files whose content decides nothing by itself: a template, or settings of Terragrunt, Packer and other tools. */
export const isMaterialName = (path: string): boolean => endsWithAny(path, templates) || path.endsWith('.hcl');
/** The name of what a template makes: `web.yaml` for `web.yaml.j2`; undefined if the name does not say. */
export function madeFrom(path: string): string | undefined {
  const end = templates.find((one) => path.endsWith(one));
  return end === undefined ? undefined : path.slice(0, -end.length);
}
