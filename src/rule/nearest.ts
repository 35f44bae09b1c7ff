/* Which known name a misspelled one is near to. */
export { editDistance } from '#model/nearest.ts';
