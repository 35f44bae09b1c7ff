import type { Family } from './define.ts';

/** What a container may lack of its `resources`. */
export const containerResources: Family = {
  message:
    'Container "{container}" of {workload} has no {parts}, so nothing protects it and its neighbors when the node runs short',
  help: 'Set what is missing in resources of the container, e.g. requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 128Mi}',
};

/** Probes that a container may lack. */
export const containerProbes: Family = {
  message:
    'Container "{container}" of {workload} has no {parts}, so Kubernetes cannot tell when it fails or is not ready',
  help: 'Add the probes to the container, e.g. readinessProbe: {httpGet: {path: /ready, port: 8080}}',
};
