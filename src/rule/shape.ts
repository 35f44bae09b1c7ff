/* Reads values whose type is unknown: nothing throws, and a value with another shape counts as empty. */
export { dig, digList, digRecord } from '#model/dig.ts';
export { isRecord, list, record, table, text, texts } from '#model/shape.ts';
