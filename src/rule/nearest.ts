/* Which known name a misspelled one is near to. */
export { editDistance, nearest } from '#model/nearest.ts';
