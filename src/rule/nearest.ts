/* Finds the known name that is nearest to a misspelled one. */
export { editDistance, nearest } from '#model/nearest.ts';
