/** A third-party module: `terraform-aws-modules/eks`, and the path of its submodule, '' for the module itself. */
export interface Foreign {
  readonly name: string;
  readonly submodule: string;
}

const registry =
  /^(?:(?:tfr:\/\/\/?)?(?:registry\.terraform\.io\/|registry\.opentofu\.org\/)?)([\w-]+)\/([\w-]+)\/aws(?:\/\/([\w/-]+))?(?:\?|$)/;
const git =
  /^(?:git::)?(?:(?:https|ssh|git):\/\/)?(?:git@)?github\.com[/:]([\w-]+)\/terraform-aws-([\w-]+?)(?:\.git)?(?:\/\/([\w/-]+))?(?:\?|$)/;

/** What the source of a module call refers to (Terraform Language, Module Sources). */
export function foreignOf(source: unknown): Foreign | undefined {
  const [, owner, name, submodule = ''] =
    (typeof source === 'string' && (registry.exec(source) ?? git.exec(source))) || [];
  return owner === undefined || name === undefined ? undefined : { name: `${owner}/${name}`, submodule };
}
