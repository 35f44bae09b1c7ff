import { defineRule } from '#rule';
import { isRecord } from '#rule/shape';

/** Limits of the API server (ConfigMap and Secret) and of the annotation that client-side apply writes. */
const largest = 1_048_576;
const largestAnnotation = 262_144;

export default defineRule({
  title: 'ConfigMap and Secret must fit the size limit',
  severity: 'high',
  preset: 'recommended',
  kinds: ['ConfigMap', 'Secret'],
  scope: 'resource',
  options: {
    warnBytes: {
      type: 'integer',
      default: 900_000,
      minimum: 1,
      description: 'Size in bytes above which an object is reported as near the limit.',
    },
  },
  messages: {
    large: '{title} holds {size} KiB, more than the limit of 1024 KiB, so the API server rejects it',
    near: '{title} holds {size} KiB, near the limit of 1024 KiB, so it may soon be rejected',
    apply:
      '{title} takes {size} KiB, too much for the last-applied annotation, so kubectl apply fails without --server-side',
  },
  help: {
    large: 'Split the content, or put it into the image or a volume',
    near: 'Split the content before it grows, or set the option warnBytes',
    apply: 'Use kubectl apply --server-side or kubectl replace, or split the content',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, ConfigMaps'],
  check(resource, { options, report }) {
    const { object, title, live } = resource;
    const sizeOf = (key: string, isEncoded: boolean): number => {
      const map: unknown = (object as Record<string, unknown>)[key];
      if (!isRecord(map)) return 0;
      return Object.entries(map).reduce((sum, [name, value]) => {
        if (typeof value !== 'string') return sum;
        return (
          sum +
          name.length +
          (isEncoded ? Math.floor((value.replace(/[\s=]/g, '').length * 3) / 4) : Buffer.byteLength(value))
        );
      }, 0);
    };
    const size = sizeOf('data', resource.kind === 'Secret') + sizeOf('binaryData', true) + sizeOf('stringData', false);
    const key = ['data', 'binaryData', 'stringData'].find((one) => one in object) ?? 'metadata';
    const data = { title, size: Math.ceil(size / 1024) };
    if (size > largest) report({ message: 'large', data, on: object, key });
    else if (size > options.warnBytes) report({ message: 'near', data, on: object, key, severity: 'medium' });
    else if (!live && size > largestAnnotation / 2) {
      const whole = Buffer.byteLength(JSON.stringify(object));
      if (whole > largestAnnotation)
        report({ message: 'apply', data: { title, size: Math.ceil(whole / 1024) }, on: object, key, severity: 'low' });
    }
  },
});
