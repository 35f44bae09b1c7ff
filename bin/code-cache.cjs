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
const { crc32 } = require('node:zlib');

const hashBytes = 8;
const outdatedAfter = 30 * 24 * 60 * 60 * 1000;
const uid = process.getuid === undefined ? undefined : process.getuid();

/** What only this user can change. Windows has no owner to ask for; the folder of a user's local data is private there. */
const isOurs = (stats) => uid === undefined || (stats.uid === uid && (stats.mode & 0o022) === 0);

const isOurFolder = (folder) => {
  const stats = fs.lstatSync(folder, { throwIfNoEntry: false });
  return stats !== undefined && stats.isDirectory() && isOurs(stats);
};

/** The folder for what can be made again, if the environment names one. */
function userFolder() {
  const { HOME, LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  if (uid === undefined) return LOCALAPPDATA;
  if (XDG_CACHE_HOME !== undefined && isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME;
  return HOME !== undefined && isAbsolute(HOME) ? join(HOME, '.cache') : undefined;
}

/** Where a cache may be, the best place first: beside the bundle if that is ours, and where the user keeps caches. */
function cacheFolders(beside) {
  const parent = userFolder();
  return [
    ...(uid !== undefined && isOurFolder(beside) ? [beside] : []),
    ...(parent === undefined ? [] : [join(parent, 'ekslint')]),
  ];
}

/** Tells builds of the same Node version apart: their files differ in size or age. */
function nodeBuild() {
  const { size, mtimeMs } = fs.statSync(process.execPath);
  return [process.version, process.versions.v8, process.platform, process.arch, size, mtimeMs].join(' ');
}

/**
 * What a cache begins with: the checksum of the bundle and of the build of Node that it was made with, and its own. They are there for
 * what damages files; what forges files is kept out by the owner and the mode. A digest would take node:crypto, which loads slowly.
 */
function hash(bundle, data) {
  const sums = Buffer.alloc(hashBytes);
  sums.writeUInt32LE(crc32(bundle, crc32(nodeBuild())), 0);
  sums.writeUInt32LE(crc32(data), 4);
  return sums;
}

/** The cache without its hash, or undefined if no cache can be trusted. */
function read(folder, name, bundle) {
  let descriptor;
  try {
    if (!isOurFolder(folder)) return undefined;
    descriptor = fs.openSync(join(folder, name), fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0));
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

/** The first cache that can be trusted. */
function readAny(folders, name, bundle) {
  for (const folder of folders) {
    const data = read(folder, name, bundle);
    if (data !== undefined) return data;
  }
  return undefined;
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

/** Writes all or nothing, and removes what old versions and killed runs have left. */
function write(folder, name, bundle, data) {
  const draft = join(folder, `${name}.${process.pid}-${Date.now().toString(36)}`);
  try {
    fs.writeFileSync(draft, Buffer.concat([hash(bundle, data), data]), { flag: 'wx', mode: 0o600 });
    fs.renameSync(draft, join(folder, name));
    for (const old of fs.readdirSync(folder).filter((one) => /^cli\..*\.cache/.test(one))) {
      const path = join(folder, old);
      if (Date.now() - fs.lstatSync(path).mtimeMs > outdatedAfter) fs.rmSync(path);
    }
  } catch {
    fs.rmSync(draft, { force: true }); // The disk is full, or another run was faster; the next run tries again.
  }
}

/** The `main` of the bundle, and `keep`, which writes the cache where there was none; it is to be called when all is done. */
exports.load = function load(filename, bundle, cached) {
  const folders = cached ? cacheFolders(dirname(filename)) : [];
  // Versions of ekslint that share a folder do not overwrite each other's cache; which bundle it is of, the hash knows.
  const name = `cli.${bundle.length}.${process.version}-${process.arch}.cache`;
  const cachedData = readAny(folders, name, bundle);
  // The bundle is ASCII, so it needs no decoding, and is the function that CommonJS wraps around a module.
  const script = new Script(bundle.latin1Slice(), { filename, cachedData });
  const module_ = { exports: {} };
  // The bundle asks for builtin modules and for files beside it; node:module, which makes such functions, takes a while to load.
  const require_ = (id) => require(id.startsWith('./') ? join(dirname(filename), id) : id);
  script.runInThisContext()(module_.exports, require_, module_, filename, dirname(filename));
  const { main, warm } = module_.exports;
  const keep = async () => {
    if (cachedData !== undefined && !script.cachedDataRejected) return;
    const folder = folders.find(isWritable);
    if (folder === undefined) return;
    // The cache holds what has run, so it must not depend on what the first run was.
    await warm();
    write(folder, name, bundle, script.createCachedData());
  };
  return { main, keep };
};
