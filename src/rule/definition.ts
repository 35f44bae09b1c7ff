/* What is wrong with CustomResourceDefinitions. */
export { consistencyFaults, definitionVersion, schemaFaults } from '#model/definitions.ts';
