/* Reads values whose type is not known yet: nothing throws, what has another shape is empty. */
export { dig, digList, digRecord } from '#model/dig.ts';
export { isRecord, list, record, table, text, texts } from '#model/shape.ts';
