/** Thrown by look-ups for what could not be read: what a rule would say without it is not known. */
export class Unread extends Error {}
