/* The fields that eksctl's own schema knows. */
export { type EksctlField, eksctlType } from '#model/eksctl-schema.ts';
