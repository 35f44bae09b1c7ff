import { defineRule, Workload } from '#rule';
import { capabilityName } from '#rule/pod';
import { excessesOf } from '#rule/limits';
import { isVariable } from '#rule/schema';
import { dig, digList, digRecord, isRecord, list } from '#rule/shape';
import { unrendered } from '#rule/unknown';

const isNegative = (value: unknown): boolean => typeof value === 'number' && value < 0;
const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** What a pod with os.name windows must not have (Kubernetes API reference, PodSpec, os). */
const linuxOnly = {
  pod: ['hostPID', 'hostIPC', 'shareProcessNamespace'],
  security: [
    'appArmorProfile',
    'fsGroup',
    'fsGroupChangePolicy',
    'runAsGroup',
    'runAsUser',
    'seLinuxOptions',
    'seccompProfile',
    'supplementalGroups',
    'sysctls',
  ],
  container: [
    'allowPrivilegeEscalation',
    'appArmorProfile',
    'capabilities',
    'privileged',
    'procMount',
    'readOnlyRootFilesystem',
    'runAsGroup',
    'runAsUser',
    'seLinuxOptions',
    'seccompProfile',
  ],
};

export default defineRule({
  title: 'Fields must be compatible with each other',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Resource'],
  scope: 'resource',
  messages: {
    conflict: '{title} sets {field}, which conflicts with {other}, so the API server rejects it',
    needs: '{title} sets {field}, which requires {other}, so the API server rejects it',
    idle: '{title} sets {field} without {other}, so it has no effect',
    negative: '{title} sets {field} to a negative number, so the API server rejects it',
    missing: '{title} sets {field}, which names no entry of {other}, so the API server rejects it',
    beside: 'Field "{field}" of {title} must be {wanted}, so the API server rejects the object',
    range: '{title} sets {field} outside the range of the cluster ({other}), so the API server rejects it',
  },
  help: {
    conflict: 'Remove {field}, or change {other}',
    needs: 'Set {other}, or remove {field}',
    idle: 'Set {other}, or remove {field}',
    negative: 'Set {field} to 0 or more',
    missing: 'Add the entry to {other}, or correct the name',
    beside: 'Make {field} {wanted}',
    range: 'Choose a number between {other}, or remove it so that Kubernetes assigns one',
  },
  equivalents: [],
  sources: ['Kubernetes API reference'],
  check(resource, { report }) {
    const { title } = resource;
    const spec = digRecord(resource.object, 'spec') ?? {};
    const conflict = (on: object, key: string, field: string, other: string): void =>
      report({ message: 'conflict', data: { title, field, other }, on, key });
    const need = (on: object, key: string, field: string, other: string): void =>
      report({ message: 'needs', data: { title, field, other }, on, key });
    for (const { path, on, key, value, wanted, isBeside } of excessesOf(resource))
      if (isBeside && !isVariable(value) && !unrendered(value))
        report({ message: 'beside', data: { field: path, title, wanted }, on, key });
    if (!(resource instanceof Workload)) {
      if (resource.known === 'Service') judgeService();
      return;
    }
    const { pod } = resource;
    if (resource.kind === 'Deployment') {
      const strategy = digRecord(spec, 'strategy');
      if (strategy?.['type'] === 'Recreate' && isRecord(strategy['rollingUpdate']))
        conflict(strategy, 'rollingUpdate', 'strategy.rollingUpdate', 'strategy.type Recreate');
      const [ready, deadline] = [spec['minReadySeconds'] ?? 0, spec['progressDeadlineSeconds'] ?? 600];
      if (typeof ready === 'number' && typeof deadline === 'number' && deadline <= ready)
        conflict(
          spec,
          spec['progressDeadlineSeconds'] === undefined ? 'minReadySeconds' : 'progressDeadlineSeconds',
          `minReadySeconds ${ready}`,
          `progressDeadlineSeconds ${deadline}, which must be more`,
        );
    }
    const update = digRecord(spec, 'updateStrategy');
    const rolling = digRecord(update, 'rollingUpdate');
    if (resource.known === 'DaemonSet' && rolling) {
      // The default of maxUnavailable is 1, even if maxSurge is set.
      const [surge, unavailable] = [rolling['maxSurge'] ?? 0, rolling['maxUnavailable'] ?? 1];
      if ([surge, unavailable].every((one) => typeof one === 'number' && one > 0))
        conflict(rolling, 'maxSurge', `maxSurge ${String(surge)}`, `maxUnavailable ${String(unavailable)}`);
    }
    if (resource.known === 'StatefulSet' && update?.['type'] === 'OnDelete' && rolling)
      conflict(update, 'rollingUpdate', 'updateStrategy.rollingUpdate', 'updateStrategy.type OnDelete');
    const job =
      resource.known === 'Job'
        ? spec
        : resource.known === 'CronJob'
          ? digRecord(spec, 'jobTemplate', 'spec')
          : undefined;
    if (job) {
      for (const key of [
        'completions',
        'parallelism',
        'backoffLimit',
        'activeDeadlineSeconds',
        'ttlSecondsAfterFinished',
      ])
        if (isNegative(job[key])) report({ message: 'negative', data: { title, field: key }, on: job, key });
      // Without parallelism the API server fills in both.
      if (job['completionMode'] === 'Indexed' && !isGiven(job['completions']) && isGiven(job['parallelism']))
        need(job, 'completionMode', 'completionMode Indexed', 'completions');
      for (const key of ['backoffLimitPerIndex', 'successPolicy'])
        if (isGiven(job[key]) && job['completionMode'] !== 'Indexed') need(job, key, key, 'completionMode Indexed');
    }
    const security: unknown = pod.securityContext;
    for (const key of ['runAsUser', 'runAsGroup', 'fsGroup'])
      if (isRecord(security) && isNegative(security[key]))
        report({ message: 'negative', data: { title, field: `securityContext.${key}` }, on: security, key });
    const os = isRecord(pod.os) ? pod.os.name : undefined;
    if (os === 'linux' && isRecord(security) && isRecord(security['windowsOptions']))
      conflict(security, 'windowsOptions', 'securityContext.windowsOptions', 'os.name linux');
    judgePod();
    const claims = new Set(list(pod.resourceClaims).map(({ name }) => name));
    for (const { object, name, role, security: own } of resource.containers) {
      const of = (field: string): string => `${field} of container "${name}"`;
      for (const port of list(object.ports))
        if (
          pod.hostNetwork === true &&
          typeof port.hostPort === 'number' &&
          port.hostPort !== 0 &&
          typeof port.containerPort === 'number' &&
          port.hostPort !== port.containerPort
        )
          conflict(
            port,
            'hostPort',
            of(`hostPort ${port.hostPort}`),
            `hostNetwork and containerPort ${port.containerPort}`,
          );
      if (role === 'init')
        for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'] as const)
          if (isRecord(object[probe])) need(object, probe, of(probe), 'restartPolicy Always (a sidecar)');
      // The operator of a custom resource may take the claims from elsewhere, as Argo does from the workflow.
      for (const claim of list(object.resources?.claims))
        if (!claims.has(claim.name) && !resource.byShape)
          report({
            message: 'missing',
            data: { title, field: of('resources.claims'), other: 'resourceClaims' },
            on: claim,
            key: 'name',
          });
      if (!own) continue;
      judgeProfiles(own, of);
      if (os === 'windows')
        for (const key of linuxOnly.container)
          if (isGiven(digRecord(own)?.[key])) conflict(own, key, of(key), 'os.name windows');
      for (const key of ['runAsUser', 'runAsGroup'] as const)
        if (isNegative(own[key])) report({ message: 'negative', data: { title, field: of(key) }, on: own, key });
      if (own.allowPrivilegeEscalation === false) {
        const added = Array.isArray(own.capabilities?.add) ? own.capabilities.add : [];
        if (own.privileged === true)
          conflict(own, 'allowPrivilegeEscalation', of('allowPrivilegeEscalation: false'), 'privileged: true');
        else if (
          added.some((one) => typeof one === 'string' && one === 'CAP_SYS_ADMIN' && capabilityName(one) === 'SYS_ADMIN')
        )
          conflict(own, 'allowPrivilegeEscalation', of('allowPrivilegeEscalation: false'), 'capability CAP_SYS_ADMIN');
      }
      if (os === 'linux' && isRecord(own.windowsOptions))
        conflict(own, 'windowsOptions', of('windowsOptions'), 'os.name linux');
    }

    function judgePod(): void {
      const { hostNetwork, hostPID, hostIPC, hostUsers, shareProcessNamespace } = pod;
      if (isRecord(security)) judgeProfiles(security, (field) => `securityContext.${field}`);
      for (const toleration of list(pod.tolerations)) {
        const { key = '', operator = 'Equal', value = '', effect, tolerationSeconds } = toleration;
        if (operator === 'Exists' && value !== '')
          conflict(toleration, 'value', 'value of a toleration', 'operator Exists');
        if (operator === 'Equal' && key === '')
          need(toleration, 'operator', 'a toleration without key', 'operator Exists');
        if (isGiven(tolerationSeconds) && effect !== 'NoExecute')
          need(toleration, 'tolerationSeconds', 'tolerationSeconds', 'effect NoExecute');
      }
      const servers = dig(pod, 'dnsConfig', 'nameservers');
      if (pod.dnsPolicy === 'None' && !(Array.isArray(servers) && servers.length > 0))
        need(pod, 'dnsPolicy', 'dnsPolicy None', 'dnsConfig.nameservers');
      const spread = new Set<string>();
      for (const constraint of list(pod.topologySpreadConstraints)) {
        const { topologyKey, whenUnsatisfiable, minDomains, matchLabelKeys, labelSelector } = constraint;
        if (isGiven(minDomains) && whenUnsatisfiable !== 'DoNotSchedule')
          need(constraint, 'minDomains', 'minDomains', 'whenUnsatisfiable DoNotSchedule');
        if (isGiven(matchLabelKeys) && !isGiven(labelSelector))
          need(constraint, 'matchLabelKeys', 'matchLabelKeys', 'labelSelector');
        if (typeof topologyKey !== 'string' || typeof whenUnsatisfiable !== 'string') continue;
        const id = `${topologyKey} ${whenUnsatisfiable}`;
        if (spread.has(id)) conflict(constraint, 'topologyKey', 'topologyKey', 'a constraint with the same key');
        spread.add(id);
      }
      if (hostPID === true && shareProcessNamespace === true)
        conflict(pod, 'shareProcessNamespace', 'shareProcessNamespace', 'hostPID');
      if (hostUsers === false)
        for (const [key, value] of Object.entries({ hostNetwork, hostPID, hostIPC }))
          if (value === true) conflict(pod, key, key, 'hostUsers: false');
      for (const sysctl of digList(security, 'sysctls')) {
        const { name } = sysctl;
        if (hostNetwork === true && typeof name === 'string' && name.startsWith('net.'))
          conflict(sysctl, 'name', `sysctl ${name}`, 'hostNetwork');
      }
      if (os !== 'windows') return;
      for (const key of linuxOnly.pod) if (digRecord(pod)?.[key] === true) conflict(pod, key, key, 'os.name windows');
      for (const key of linuxOnly.security)
        if (isRecord(security) && isGiven(security[key]))
          conflict(security, key, `securityContext.${key}`, 'os.name windows');
    }

    /** A localhost profile needs a path, and only that type has one. */
    function judgeProfiles(of: object, field: (name: string) => string): void {
      for (const key of ['seccompProfile', 'appArmorProfile']) {
        const profile = digRecord(of, key);
        if (!profile) continue;
        const has = isGiven(profile['localhostProfile']) && profile['localhostProfile'] !== '';
        if (profile['type'] === 'Localhost' && !has)
          need(profile, 'type', field(`${key} Localhost`), 'localhostProfile');
        else if (has && typeof profile['type'] === 'string' && profile['type'] !== 'Localhost')
          conflict(profile, 'localhostProfile', field(`${key}.localhostProfile`), `type ${profile['type']}`);
      }
    }

    function judgeService(): void {
      const type = typeof spec['type'] === 'string' && spec['type'] !== '' ? spec['type'] : 'ClusterIP';
      const opens = type === 'NodePort' || type === 'LoadBalancer';
      if (spec['clusterIP'] === 'None' && opens) conflict(spec, 'clusterIP', 'clusterIP None', `type ${type}`);
      const ports: unknown = spec['ports'];
      for (const port of digList(ports)) {
        const { nodePort } = port;
        if (typeof nodePort !== 'number' || nodePort === 0) continue;
        if (!opens) conflict(port, 'nodePort', `nodePort ${nodePort}`, `type ${type}`);
        else if (nodePort < 30_000 || nodePort > 32_767)
          report({
            message: 'range',
            data: { title, field: `nodePort ${nodePort}`, other: '30000 and 32767' },
            on: port,
            key: 'nodePort',
          });
      }
      if (isRecord(spec['sessionAffinityConfig']) && spec['sessionAffinity'] !== 'ClientIP')
        report({
          message: 'idle',
          data: { title, field: 'sessionAffinityConfig', other: 'sessionAffinity ClientIP' },
          on: spec,
          key: 'sessionAffinityConfig',
          severity: 'medium',
        });
      const policy = spec['externalTrafficPolicy'];
      const external = spec['externalIPs'];
      if (
        isGiven(policy) &&
        policy !== '' &&
        !opens &&
        !(type === 'ClusterIP' && Array.isArray(external) && external.length > 0)
      )
        conflict(spec, 'externalTrafficPolicy', 'externalTrafficPolicy', `type ${type}`);
      if (type !== 'LoadBalancer')
        for (const key of ['loadBalancerSourceRanges', 'loadBalancerClass', 'allocateLoadBalancerNodePorts'])
          if (isGiven(spec[key]) && !(Array.isArray(spec[key]) && spec[key].length === 0))
            conflict(spec, key, key, `type ${type}`);
      const health = spec['healthCheckNodePort'];
      if (typeof health === 'number' && health !== 0 && !(type === 'LoadBalancer' && policy === 'Local'))
        need(spec, 'healthCheckNodePort', 'healthCheckNodePort', 'type LoadBalancer and externalTrafficPolicy Local');
    }
  },
});
