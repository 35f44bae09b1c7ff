import { looksLikeAnswer } from './answer.ts';
import { unifyBreaks } from './breaks.ts';
import type { Source, Tree } from './document.ts';
import { isKustomizationName, isSamConfigName, isTerraformJsonName } from './file-names.ts';

/*
 * Which texts are ours to read: a quick check of the text, before any tree is built. Repositories are full of YAML and
 * JSON that describes neither Kubernetes objects nor a cluster, and ekslint does not check if those are well-formed.
 */

/**
 * The first bytes of files that CDK writes next to its templates, which are full of resource names (AWS CDK, cloud
 * assembly schema).
 */
const ofCdk = /^\s*\{\s*"version"\s*:\s*"[\w.-]{1,20}"\s*,\s*"(?:tree|artifacts|files|minimumCliVersion)"\s*:/;
/** A file with values for the parameters of a template, in the format of CodePipeline. */
const givesParameters = /^\s*\{\s*"(?:Parameters|Tags|StackPolicy)"\s*:/;

/** A plan or state of Terraform or OpenTofu, perhaps cut off. */
const looksLikePlan = (text: string): boolean =>
  text.includes('"format_version"') && (text.includes('"planned_values"') || text.includes('"root_module"'));

/** Keys written with escapes, in base64, with custom tags or with URL escapes: only the parser can decode them. */
const disguised = /\\(?:u00|x|U000000)(?:[4-7]|3[aA])|!\S{0,80}(?:bin|%)|^%TAG/m;
/** A key that may continue after an escaped line end. */
const explicitKey = /\?\s/;
const escapedEnd = /\\\r?\n/;
/** A key of YAML whose value is a map, as a schema describes it (`apiVersion: {type: string}`), not an object's own. */
const described = /["']?\s*:\s*(?:\{|["']?[\w-]+["']?\s*:)/y;

/** Whether a word occurs in a text other than as the name of a property in a schema. */
function holdsKey(text: string, word: string, isJson: boolean): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    described.lastIndex = at + word.length;
    if (described.test(text)) continue;
    // In JSON a key is followed by a colon; elsewhere an alias may turn any string into a key.
    colon.lastIndex = at + word.length;
    if (!isJson || colon.test(text)) return true;
  }
  return false;
}

const colon = /["']?\s*:/y;

/** Whether a text contains a key of a patch, a replacement, or an object without an apiVersion. */
function holdsOtherKey(text: string): boolean {
  for (const { index, 0: match } of text.matchAll(/(?<![\w.-])(?:kind|op|targets)(?=["']?[ \t]*:)/g)) {
    described.lastIndex = index + match.length;
    if (!described.test(text)) return true;
  }
  return false;
}

/**
 * Whether a text cannot contain anything that is read here: no Kubernetes object, kustomization, patch, CloudFormation
 * or Terraform.
 */
export function isForeign({ path, text: written }: Source): boolean {
  if (isKustomizationName(path) || isTerraformJsonName(path) || isSamConfigName(path)) return false;
  const text = unifyBreaks(written);
  const first = /[^\s\ufeff]/.exec(text)?.[0];
  // kubectl reads what begins like JSON as YAML if it is not JSON, and there an alias may be a key.
  const isJson = (first === '{' || first === '[') && !/[{,]\s*\*/.test(text);
  // Most texts are YAML with objects: all other checks would have the same result.
  if (!isJson && holdsKey(text, 'apiVersion', false)) return false;
  if (ofCdk.test(text) && !/"(?:apiVersion|Resources|items)"\s*:/.test(text) && !disguised.test(text)) return true;
  if (looksLikePlan(text) || looksLikeAnswer(text)) return false;
  if (/AWSTemplateFormatVersion|AWS::|Custom::AWSCDK-EKS-|AWSQS::/.test(text)) return false;
  if (text.includes('ParameterKey') || givesParameters.test(text)) return false;
  if (disguised.test(text)) return false;
  if (isJson && holdsKey(text, 'apiVersion', true)) return false;
  if (isJson ? text.includes('"op"') && text.includes('"path"') : holdsOtherKey(text)) return false;
  return !(escapedEnd.test(text) && explicitKey.test(text));
}

/** Keys at the start of a line or in brackets, and those in double quotes, as in JSON, anywhere. */
const manifestKey = /(?:(?:^|[{,])[ \t{-]{0,40}["']?|")(apiVersion|kind|metadata)["']?[ \t]*:/gm;
/**
 * Programs and MIME messages, which may contain whole manifests: scripts with heredocs, and multipart user data. The
 * first line alone proves nothing, because it is valid YAML too.
 */
const program = /^\ufeff?(?:#![^]*<<|(?:MIME-Version|Content-Type):[^]*\n--[^-\s])/i;

/**
 * Whether a file with a document that cannot be read was meant for us, so that it must be reported: kubectl stops
 * there.
 */
export function looksLikeOurs({ path, text }: Source): boolean {
  if (isKustomizationName(path) || isTerraformJsonName(path) || looksLikePlan(text) || looksLikeAnswer(text))
    return true;
  if (/AWSTemplateFormatVersion|["']?Type["']?[ \t]*:[ \t]*["']?(?:AWS::|Custom::AWSCDK-EKS-|AWSQS::)/.test(text))
    return true;
  if (path.endsWith('.template') || program.test(text)) return false;
  // In a YAML file one key of an object at the start of a line is enough.
  if (/\.ya?ml$/i.test(path) && /^\ufeff?["']?(?:apiVersion|kind)["']?[ \t]*:/m.test(text)) return true;
  return looksLikeManifest(text) || namesBoth(text);
}

/**
 * Whether a text has both keys of an object as words, however they become keys: after `?`, a tag or far to the right,
 * as the value of an anchor, with escapes, in base64. kubectl may read what our parser rejects.
 */
function namesBoth(text: string): boolean {
  const decoded = text
    .replace(/\\\r?\n[ \t]*/g, '')
    .replace(/\\(?:x|u00|U000000)([\da-f]{2})/gi, (_, digits: string) =>
      String.fromCodePoint(Number.parseInt(digits, 16)),
    );
  if (bothWords.every((word) => word.test(decoded))) return true;
  return text.includes('!') && bothEncoded.every((word) => text.replace(/\s/g, '').includes(word));
}
const bothWords = [/(?<![\w.-])apiVersion(?![\w.-])/, /(?<![\w.-])kind(?![\w.-])/];
/** The same in base64. */
const bothEncoded = ['YXBpVmVyc2lvbg', 'a2luZA'];

/** Whether a file with the name of another tool may hold an object; a config names kinds itself. */
export const holdsObject = (source: Source, isConfig: boolean): boolean =>
  isConfig ? looksLikeManifest(source.text) : !isForeign(source);

/** Whether a text that cannot be read appears to contain Kubernetes objects. */
export function looksLikeManifest(text: string): boolean {
  if (program.test(text)) return false;
  const found = new Set<string>();
  for (const [, key = ''] of text.matchAll(manifestKey)) {
    found.add(key);
    if (found.size === 2) return true;
  }
  return false;
}

/** A document that we do not judge; it is counted as skipped. */
export const passedBy = (source: Source, index: number, start: number): Tree => ({
  source,
  root: null,
  offsets: new Uint32Array(),
  faults: [],
  language: 'yaml',
  index,
  start,
});
