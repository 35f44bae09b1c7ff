import type { V1Probe } from '@kubernetes/client-node';
import type { PodContainer, Workload } from '#model/resource.ts';
import { list, record, text } from '#model/shape.ts';

/** The probes of a container by their keys, and their names in messages. */
const names = { livenessProbe: 'Liveness probe', readinessProbe: 'Readiness probe', startupProbe: 'Startup probe' };
type ProbeKey = keyof typeof names;

interface ProbeUse {
  readonly key: ProbeKey;
  readonly name: string;
  readonly probe: V1Probe;
}

/**
 * Whether we judge the probes of a workload: tasks end on their own, and operators probe the pods of custom resources
 * themselves.
 */
export const isProbed = ({ kind, byShape }: Workload): boolean => kind !== 'Job' && kind !== 'CronJob' && !byShape;

/** Whether a container has a probe. */
export const hasProbe = ({ object }: PodContainer, key: ProbeKey): boolean => (object[key] ?? undefined) !== undefined;

/** The probes that a container has. */
export const probesOf = ({ object }: Pick<PodContainer, 'object'>): readonly ProbeUse[] =>
  (Object.keys(names) as ProbeKey[]).flatMap((key) => {
    const probe = record(object[key]);
    return probe ? [{ key, name: names[key], probe }] : [];
  });

/** A number of a probe, or its default (Kubernetes API reference, Probe). */
export function settingOf(
  probe: V1Probe,
  key: 'periodSeconds' | 'failureThreshold' | 'timeoutSeconds' | 'successThreshold' | 'initialDelaySeconds',
): number {
  const value: unknown = probe[key];
  const otherwise = {
    periodSeconds: 10,
    failureThreshold: 3,
    timeoutSeconds: 1,
    successThreshold: 1,
    initialDelaySeconds: 0,
  };
  // The API server treats 0 as absent in all of them.
  return typeof value === 'number' && value !== 0 ? value : otherwise[key];
}

/**
 * The port that a probe connects to inside the pod, with the map that names it. None if it goes to another host or runs
 * a command.
 */
export function portOf(probe: V1Probe): { readonly on: object; readonly port: string | number } | undefined {
  const on = record(probe.httpGet) ?? record(probe.tcpSocket) ?? record(probe.grpc);
  const host = text(record(probe.httpGet)?.host) ?? text(record(probe.tcpSocket)?.host) ?? '';
  const port: unknown = on?.port;
  return on && host === '' && (typeof port === 'number' || typeof port === 'string') ? { on, port } : undefined;
}

/** What a probe does, as a string: probes that do the same have the same string. Undefined if it does nothing known. */
export function handlerOf(probe: V1Probe, { object }: PodContainer): string | undefined {
  const numberOf = (port: unknown): unknown =>
    list(object.ports).find((one) => one.name === port && port !== undefined)?.containerPort ?? port;
  const http = record(probe.httpGet);
  if (http) return JSON.stringify(['http', http.host ?? '', http.path ?? '/', numberOf(http.port)]);
  const tcp = record(probe.tcpSocket);
  if (tcp) return JSON.stringify(['tcp', tcp.host ?? '', numberOf(tcp.port)]);
  const grpc = record(probe.grpc);
  if (grpc) return JSON.stringify(['grpc', grpc.service ?? '', grpc.port]);
  const exec = record(probe.exec);
  return exec && Array.isArray(exec.command) ? JSON.stringify(['exec', ...exec.command]) : undefined;
}
