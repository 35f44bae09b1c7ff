/* The fields in eksctl's own schema. */
export { type EksctlField, eksctlType } from '#model/eksctl-schema.ts';
