'use strict';
/**
 * Loads the bundle through V8's code cache, which saves a third of the start-up time.
 *
 * V8 trusts what it is given: a damaged cache crashes Node, and a forged one runs any code. So a cache is used only where it belongs to
 * this user and nobody else can write to it, and only after its hash proves that it is whole and was made of this bundle by this Node.
 */
const fs = require('node:fs');
const { dirname, isAbsolute, join } = require('node:path');
const { Script } = require('node:vm');

const hashBytes = 32;
const outdatedAfter = 30 * 24 * 60 * 60 * 1000;
const uid = process.getuid === undefined ? undefined : process.getuid();

/** What only this user can change. Windows has no owner to ask for; the folder of a user's local data is private there. */
const isOurs = (stats) => uid === undefined || (stats.uid === uid && (stats.mode & 0o022) === 0);

const isOurFolder = (folder) => {
  const stats = fs.lstatSync(folder, { throwIfNoEntry: false });
  return stats !== undefined && stats.isDirectory() && isOurs(stats);
};

/** The folder for what can be made again, if the environment names one. */
function userCache() {
  const { HOME, LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  if (uid === undefined) return LOCALAPPDATA;
  if (XDG_CACHE_HOME !== undefined && isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME;
  return HOME !== undefined && isAbsolute(HOME) ? join(HOME, '.cache') : undefined;
}

/** Beside the bundle where that is ours, else the user's cache. */
function cacheFolder(beside) {
  if (uid !== undefined && isOurFolder(beside)) return beside;
  const parent = userCache();
  return parent === undefined ? undefined : join(parent, 'ekslint');
}

/** Another build of the same Node has a file of another size or age. */
function nodeBuild() {
  const { size, mtimeMs } = fs.statSync(process.execPath);
  return [process.version, process.versions.v8, process.platform, process.arch, size, mtimeMs].join(' ');
}

const hash = (bundle, data) =>
  require('node:crypto').createHash('sha256').update(nodeBuild()).update(bundle).update(data).digest();

/** The cache without its hash, or undefined where there is none that can be trusted. */
function read(file, bundle) {
  let descriptor;
  try {
    if (!isOurFolder(dirname(file))) return undefined;
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0));
    const stats = fs.fstatSync(descriptor);
    if (!stats.isFile() || !isOurs(stats)) return undefined;
    const content = fs.readFileSync(descriptor);
    const data = content.subarray(hashBytes);
    return hash(bundle, data).equals(content.subarray(0, hashBytes)) ? data : undefined;
  } catch {
    return undefined; // Not there or not readable: the bundle starts without it.
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/** Makes the folder if need be; false where a cache cannot or must not be written. */
function isWritable(folder) {
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.accessSync(folder, fs.constants.W_OK);
    return isOurFolder(folder);
  } catch {
    return false;
  }
}

/** Writes all or nothing, and removes what old versions and runs that were killed have left. */
function write(file, bundle, data) {
  const folder = dirname(file);
  const draft = `${file}.${process.pid}-${Date.now().toString(36)}`;
  try {
    fs.writeFileSync(draft, Buffer.concat([hash(bundle, data), data]), { flag: 'wx', mode: 0o600 });
    fs.renameSync(draft, file);
    for (const name of fs.readdirSync(folder)) {
      if (!name.startsWith('cli.') || !name.includes('.cache')) continue;
      const other = join(folder, name);
      if (Date.now() - fs.lstatSync(other).mtimeMs > outdatedAfter) fs.rmSync(other);
    }
  } catch {
    fs.rmSync(draft, { force: true }); // The disk is full; the next run tries again.
  }
}

/** The `main` of the bundle, and `keep`, which writes the cache if there was none and is to be called when all is done. */
exports.load = function load(filename, bundle, cached) {
  const folder = cached ? cacheFolder(dirname(filename)) : undefined;
  const file =
    folder === undefined ? undefined : join(folder, `cli.${bundle.length}.${process.version}-${process.arch}.cache`);
  const cachedData = file === undefined ? undefined : read(file, bundle);
  // The bundle is ASCII, so it needs no decoding.
  const source = `(function (exports, require, module, __filename, __dirname) {${bundle.latin1Slice()}\n})`;
  const script = new Script(source, { filename, cachedData });
  const module_ = { exports: {} };
  const require_ = require('node:module').createRequire(filename);
  script.runInThisContext()(module_.exports, require_, module_, filename, dirname(filename));
  const { main, warm } = module_.exports;
  const keep = async () => {
    if (file === undefined || (cachedData !== undefined && !script.cachedDataRejected) || !isWritable(folder)) return;
    // The cache holds what has run, so it must not depend on what the first run was.
    await warm();
    write(file, bundle, script.createCachedData());
  };
  return { main, keep };
};
