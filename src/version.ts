declare const EKSLINT_VERSION: string | undefined;

/** The version of the package, which the build inserts. */
export const version: string = typeof EKSLINT_VERSION === 'string' ? EKSLINT_VERSION : '0.0.0-dev';
