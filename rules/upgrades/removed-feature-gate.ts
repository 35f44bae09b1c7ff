import { defineRule, type PodContainer, Workload } from '#rule';
import { gateRemovedIn, targetOf, targetVersion } from '#rule/api';
import { parseImage } from '#rule/image';
import { digRecord, text } from '#rule/shape';

/** Programs that accept the Kubernetes feature gates; sidecars of CSI drivers have gates of their own. */
const components =
  /^(?:hyperkube|kubelet|kube-proxy|kube-scheduler|kube-controller-manager|kube-apiserver|cloud-controller-manager)(?:-(?:amd64|arm64))?$/;

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/**
 * Whether a container runs a component of Kubernetes, by its image or its command. EKS calls the image of kube-proxy
 * `eks/kube-proxy`.
 */
function isComponent({ image, object }: PodContainer): boolean {
  const [program] = Array.isArray(object.command) ? object.command : [];
  return (
    components.test(lastPart(parseImage(image ?? '').repository)) ||
    (typeof program === 'string' && components.test(lastPart(program)))
  );
}

/** A gate that is set, and the item of the command or arguments that sets it. */
interface GateUse {
  readonly gate: string;
  readonly on: readonly unknown[];
  readonly key: number;
  /** The item without the gate; undefined if nothing is left of it. */
  readonly rest: string | undefined;
}

const flag = '--feature-gates';

function gatesOf(container: PodContainer): GateUse[] {
  return [container.object.command, container.object.args].flatMap((on) =>
    Array.isArray(on)
      ? on.flatMap((item: unknown, key) => {
          const word = text(item) ?? '';
          const isNext = on[key - 1] === flag;
          if (!isNext && !word.startsWith(`${flag}=`)) return [];
          const pairs = (isNext ? word : word.slice(flag.length + 1)).split(',');
          return pairs.map((pair) => {
            const others = pairs.filter((other) => other !== pair).join(',');
            return {
              gate: pair.split('=')[0]?.trim() ?? '',
              on,
              key,
              rest: others === '' ? undefined : isNext ? others : `${flag}=${others}`,
            };
          });
        })
      : [],
  );
}

const configuration = /^[ \t]*["']?kind["']?[ \t]*:[ \t]*["']?(?:Kubelet|KubeProxy|KubeScheduler)Configuration\b/m;

/**
 * The gates in component configurations in a text: the more indented lines below `featureGates:`, or a map in one line.
 */
function gatesIn(written: string): string[] {
  if (!configuration.test(written)) return [];
  const lines = written.split('\n');
  const depthOf = (line: string): number => line.search(/\S/);
  return lines.flatMap((line, i) => {
    const inline = /^[ \t]*["']?featureGates["']?[ \t]*:(.*)$/.exec(line)?.[1];
    if (inline === undefined) return [];
    const end = lines.findIndex((other, j) => j > i && other.trim() !== '' && depthOf(other) <= depthOf(line));
    return [inline, ...lines.slice(i + 1, end < 0 ? undefined : end)].flatMap((part) =>
      [...part.matchAll(/["']?(\w+)["']?[ \t]*:[ \t]*(?:true|false)/g)].map(([, name = '']) => name),
    );
  });
}

export default defineRule({
  title: 'Feature gate should exist in the target version',
  severity: 'medium',
  preset: 'strict',
  kinds: ['Workload', 'ConfigMap'],
  scope: 'resource',
  fix: 'safe: remove the gate from the arguments',
  options: {
    targetVersion,
  },
  messages: {
    removed:
      '{subject} sets feature gate {gate}, which Kubernetes 1.{removed} and later do not support, so the component does not start',
  },
  help: 'Remove {gate} from the feature gates; the feature is now always on, or was removed',
  equivalents: [],
  sources: ['Kubernetes documentation, Feature Gates (removed)'],
  check(subject, { options, target: ofTheRun, report }) {
    const target = targetOf(options.targetVersion, ofTheRun);
    const removedIn = (gate: string): number | undefined => {
      const minor = gateRemovedIn(gate);
      return minor !== undefined && minor <= target.highest ? minor : undefined;
    };
    if (subject instanceof Workload)
      for (const { gate, on, key, rest } of subject.containers.filter(isComponent).flatMap(gatesOf)) {
        const removed = removedIn(gate);
        if (removed === undefined) continue;
        const isFlag = (text(on[key]) ?? '').startsWith(flag);
        report({
          message: 'removed',
          data: { subject: subject.title, gate, removed },
          minor: removed,
          on,
          key,
          ...(rest !== undefined
            ? { fix: { safe: true, edits: [{ op: 'set' as const, on, key, value: rest }] } }
            : isFlag
              ? { fix: { safe: true, edits: [{ op: 'remove' as const, on, key }] } }
              : {}),
        });
      }
    const data = subject instanceof Workload ? undefined : digRecord(subject.object, 'data');
    for (const [key, written] of Object.entries(data ?? {}))
      for (const gate of new Set(gatesIn(text(written) ?? ''))) {
        const removed = removedIn(gate);
        if (data && removed !== undefined)
          report({
            message: 'removed',
            data: { subject: subject.title, gate, removed },
            minor: removed,
            on: data,
            key,
          });
      }
  },
});
