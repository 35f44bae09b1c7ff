/* RDS databases that workloads name. */

const endpoint = /([a-z][a-z\d-]*)\.(cluster-(?:ro-|custom-)?)?[\w-]+\.([\w-]+)\.rds\.amazonaws\.com/gi;

/**
 * The host name of a database, which starts with the name of the instance or cluster (RDS User Guide, connecting to an
 * instance).
 */
export interface DatabaseHost {
  readonly host: string;
  readonly name: string;
  readonly region: string;
  readonly isCluster: boolean;
}

/** The host names in a string, in lowercase. */
export const databasesIn = (text: string): readonly DatabaseHost[] =>
  [...text.toLowerCase().matchAll(endpoint)].map(([host, name = '', cluster, region = '']) => ({
    host,
    name,
    region,
    isCluster: cluster !== undefined,
  }));
