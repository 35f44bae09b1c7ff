import type { Cluster } from '#model/cluster.ts';
import { Ref } from '#model/value.ts';
import type { AwsResource, Description } from '#spelling/resource.ts';
import type { Owner } from './nodegroup.ts';

const clusterType = 'AWS::EKS::Cluster';

/**
 * All clusters of a run by what identifies them: account, region and name. Files seldom tell the first two, so clusters of one name are
 * the same only where nothing speaks against it and there is no other of that name.
 */
export class ClusterIdentities {
  readonly #byName = new Map<string, AwsResource[]>();
  readonly #made = new Map<AwsResource, Cluster>();

  constructor(descriptions: readonly Description[]) {
    for (const description of descriptions)
      for (const resource of description.of(clusterType)) {
        const name = resource.body.path('Name').text().value;
        if (name !== undefined) this.#byName.set(name, [...(this.#byName.get(name) ?? []), resource]);
      }
  }

  /** What was read of a cluster. */
  made(resource: AwsResource, cluster: Cluster): void {
    this.#made.set(resource, cluster);
  }
  /** The cluster of a part that is described with others, or in a module that is called: undefined where it is not certain. */
  ownerOf({ body }: AwsResource, description: Description): Owner | undefined {
    const named = body.path('ClusterName');
    const link = description.linked(named, clusterType);
    const found =
      link.state === 'here' ? link.resource : this.#named(named.text().value, body.path('Region').text().value);
    if (!found) return undefined;
    return {
      cluster: Ref.here(() => this.#made.get(found)),
      version: found.body.path('Version').text(),
    };
  }
  #named(text: string | undefined, region: string | undefined): AwsResource | undefined {
    if (text === undefined) return undefined;
    const [, arnRegion, name = text] = /^arn:[^:]*:eks:([^:]*):[^:]*:cluster\/(.+)$/.exec(text) ?? [];
    const where = arnRegion ?? region;
    const alike = (this.#byName.get(name) ?? []).filter((one) => {
      const own = one.body.path('Region').text().value;
      return own === undefined || where === undefined || own === where;
    });
    return alike.length === 1 ? alike[0] : undefined;
  }
}
