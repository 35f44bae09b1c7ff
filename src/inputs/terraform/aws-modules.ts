/** The name of a module of terraform-aws-modules, and the path of a submodule ('' for the module itself). */
export interface AwsModule {
  readonly name: string;
  readonly submodule: string;
}

const registry =
  /^(?:(?:registry\.terraform\.io|registry\.opentofu\.org)\/)?terraform-aws-modules\/([\w-]+)\/aws(?:\/\/([\w/.-]+))?(?:\?|$)/;
const github =
  /^(?:git::)?(?:(?:https|ssh|git):\/\/)?(?:git@)?github\.com[/:]terraform-aws-modules\/terraform-aws-([\w-]+?)(?:\.git)?(?:\/\/([\w/.-]+))?(?:\?|$)/;

/** What the source of a module call means. */
export function awsModuleOf(source: unknown): AwsModule | undefined {
  const match = typeof source === 'string' ? (registry.exec(source) ?? github.exec(source)) : null;
  return match ? { name: match[1] ?? '', submodule: match[2] ?? '' } : undefined;
}
