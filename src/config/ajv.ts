// `await import('ajv')` has no named exports once it is bundled as ESM, since ajv is CommonJS; `await
// import('./ajv.ts')` has this one.
export { Ajv } from 'ajv';
