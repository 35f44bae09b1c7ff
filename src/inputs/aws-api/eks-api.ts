import { table } from '#model/shape.ts';
import { type Field, mixedList } from '#spelling/field.ts';
import { camelCase, type Rows, type Spelling } from '#spelling/spelling.ts';

/* Properties that are written as in the EKS API: arguments of CreateCluster and similar calls, which answers repeat. */

/** Enabled log types: the API groups them by state (EKS API reference, LogSetup). */
function loggedTypes(config: Field): Field {
  const list = config.get('logging').get('clusterLogging');
  if (list.absent || list.why !== undefined) return list;
  const setups = list.items();
  const unclear = setups.find((one) => one.get('enabled').bool().value === undefined);
  if (unclear) return list.doubted(unclear.get('enabled').why ?? 'which logs are enabled is not known');
  const types = setups.filter((one) => one.get('enabled').bool().value === true).map((one) => one.get('types'));
  const unknown = types.filter((one) => one.why !== undefined);
  return list.as(
    mixedList(
      types.flatMap((one) => one.items()),
      unknown,
    ),
  );
}

const rows: Readonly<Record<string, Rows>> = table({
  'AWS::EKS::Cluster': {
    'Logging.ClusterLogging.EnabledTypes': loggedTypes,
    'Logging.ClusterLogging.EnabledTypes[].Type': '',
  },
});

/** The spelling of a resource by its type; `more` are rows for a tool that differs. */
export const spellApi = (type: string, more: Rows = {}): Spelling => ({
  name: camelCase,
  blocks: false,
  rows: { ...rows[type], ...more },
});
