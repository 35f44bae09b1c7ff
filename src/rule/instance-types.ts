export { addressedPods, recommendedPods } from '#model/instance-types.ts';
