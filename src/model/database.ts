/* Databases of RDS as workloads name them. */

const endpoint = /([a-z][a-z\d-]*)\.(cluster-(?:ro-|custom-)?)?[\w-]+\.([\w-]+)\.rds\.amazonaws\.com/gi;

/** A host name of a database, which begins with the name of the instance or cluster (RDS User Guide, connecting to an instance). */
export interface DatabaseHost {
  readonly host: string;
  readonly name: string;
  readonly region: string;
  readonly isCluster: boolean;
}

/** The hosts that a text names, in lower case. */
export const databasesIn = (text: string): readonly DatabaseHost[] =>
  [...text.toLowerCase().matchAll(endpoint)].map(([host, name = '', cluster, region = '']) => ({
    host,
    name,
    region,
    isCluster: cluster !== undefined,
  }));
