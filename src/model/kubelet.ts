import type { Location } from '#syntax/tree.ts';
import type { Collection, Value } from './value.ts';

/** Settings that nodes pass to their kubelet, in flags, in its configuration or in Bottlerocket settings. */
export interface Kubelet {
  readonly flags: Collection<KubeletFlag>;
  /** Names of feature gates that are set. */
  readonly gates: Collection<Value<string>>;
  /**
   * A field of KubeletConfiguration by its path, or the flag that sets it: `authentication.anonymous.enabled`. The
   * items of a list are joined by commas.
   */
  setting(path: string): Value<string>;
}
export interface KubeletFlag {
  /** Without the leading dashes. */
  readonly name: string;
  readonly value: Value<string>;
  readonly at: Location;
}

/**
 * Flags for the same setting as a field, if they have a different name (Kubernetes, kubelet reference;
 * kubelet/config/v1beta1).
 */
const flags: Readonly<Record<string, string>> = {
  'authentication.anonymous.enabled': 'anonymous-auth',
  'authentication.webhook.enabled': 'authentication-token-webhook',
  'authentication.x509.clientCAFile': 'client-ca-file',
  'authorization.mode': 'authorization-mode',
  serverTLSBootstrap: 'rotate-server-certificates',
};
/** Abbreviations that are written as part of another word, and shorter names. */
const words: Readonly<Record<string, string>> = {
  eventRecordQPS: 'event-qps',
  registryPullQPS: 'registry-qps',
  makeIPTablesUtilChains: 'make-iptables-util-chains',
  clusterDNS: 'cluster-dns',
  cpuCFSQuota: 'cpu-cfs-quota',
  kubeAPIQPS: 'kube-api-qps',
};
/** A field as flags and Bottlerocket write it: `maxPods` becomes `max-pods`. */
export const dashed = (field: string): string =>
  words[field] ??
  field.replace(/(?<=[a-z\d])[A-Z]|[A-Z](?=[a-z])/g, (letter) => `-${letter.toLowerCase()}`).toLowerCase();
/** The flag that sets a field. */
export const flagOf = (path: string): string => flags[path] ?? dashed(path);
