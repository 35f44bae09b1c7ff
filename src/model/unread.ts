/** Thrown by lookups for data that could not be read: the result of a rule without it is unknown. */
export class Unread extends Error {}
