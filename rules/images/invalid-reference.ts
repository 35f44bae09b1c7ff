import { defineRule, type Workload } from '#rule';
import { imageFault, isFilledIn } from '#rule/image';
import { isSparkContainer } from '#rule/pod';
import { digRecord } from '#rule/shape';

/** Containers whose image a webhook adds: Istio and Linkerd proxies. */
const injected = new Set(['istio-proxy', 'linkerd-proxy']);
/** Groups whose pods must be complete: an operator may add the image to the pods of its own kinds. */
const builtIn = new Set(['', 'apps', 'batch', 'extensions']);
/**
 * Placeholders of tools that we do not know: `$IMAGE`, `__IMAGE__`, `#{Image}`, `{IMAGE}`, `%IMAGE%`, `IMAGE_NAME`,
 * `GOOD_REGISTRY/web`.
 */
const mark = /[$#%@{}]|__|^[A-Z][A-Z0-9_]*$|(?:^|\/)[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?=[/:]|$)/;
const selecting = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']);
/** Whether an object is only partial, because another object completes it, or the pods of an operator. */
const isPartial = ({ group, kind, object }: Workload): boolean =>
  !builtIn.has(group) || (selecting.has(kind) && !digRecord(object, 'spec', 'selector'));

export default defineRule({
  title: 'Image reference must be valid',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'resource',
  messages: {
    missing: 'Container "{container}" of {workload} has no image, so the API server rejects it',
    invalid: '{puller} of {workload} has the image "{image}", which {fault}, so its pods cannot start',
  },
  help: {
    missing: 'Set image, e.g. registry.example.com/shop/web:1.4.2',
    invalid: 'Write the image as registry/repository:tag in lowercase, e.g. registry.example.com/shop/web:1.4.2',
  },
  equivalents: [],
  sources: ['Distribution reference grammar'],
  check(workload, { report, undetermined }) {
    for (const { object, name, image } of workload.containers) {
      const written: unknown = object.image;
      // A value that is neither a string nor absent has the wrong type.
      if (
        (image === undefined || image.trim() === '') &&
        !workload.live &&
        !isPartial(workload) &&
        !injected.has(name) &&
        !isSparkContainer({ name }) &&
        (image !== undefined || written === undefined || written === null)
      )
        report({ message: 'missing', data: { container: name, workload: workload.title }, on: object, key: 'image' });
    }
    for (const { puller, image, on, key } of workload.images) {
      if (image === undefined || image.trim() === '') continue;
      const place = { on, key };
      const fault = isFilledIn(image) ? undefined : imageFault(image);
      if (fault === undefined) continue;
      if (mark.test(image) && !/@sha\d+:/.test(image))
        undetermined('another tool sets the image: lint the rendered file', place);
      else
        report({
          message: 'invalid',
          data: { puller, workload: workload.title, image: image.slice(0, 200), fault },
          ...place,
        });
    }
  },
});
