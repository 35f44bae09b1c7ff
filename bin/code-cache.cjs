'use strict';
/**
 * Loads bundles through V8's code cache, which saves a third of the startup time.
 *
 * V8 trusts its input: a damaged cache crashes Node, and a forged one runs any code. So a cache is used only if it
 * belongs to this user and no one else can write to it, and only if it is intact and was created from this bundle by
 * this Node.
 */
const fs = require('node:fs');
const { dirname, isAbsolute, join } = require('node:path');
const { Script } = require('node:vm');

/**
 * The second copy of a cache is never in memory as a whole: the first access to each page takes longer than reading it.
 */
const comparedAtOnce = 64 * 1024;
/** V8 copies data that does not start at a multiple of this. */
const alignment = 8;
/** `//` and a SHA-256 in hexadecimal digits. */
const digestLength = 66;
const outdatedAfter = 30 * 24 * 60 * 60 * 1000;
const uid = process.getuid === undefined ? undefined : process.getuid();

/**
 * What only this user can change. Windows has no owner to check; the folder of a user's local data is private there.
 */
const isOurs = (stats) => uid === undefined || (stats.uid === uid && (stats.mode & 0o022) === 0);

const isOurFolder = (folder) => {
  const stats = fs.lstatSync(folder, { throwIfNoEntry: false });
  return stats !== undefined && stats.isDirectory() && isOurs(stats);
};

/** The user's cache folder, if the environment names one. */
function userFolder() {
  const { HOME, LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  if (uid === undefined) return LOCALAPPDATA;
  if (XDG_CACHE_HOME !== undefined && isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME;
  return HOME !== undefined && isAbsolute(HOME) ? join(HOME, '.cache') : undefined;
}

/** Where a cache may be, the best place first: next to the bundle if that is ours, and in the user's cache folder. */
function cacheFolders(beside) {
  const parent = userFolder();
  return [
    ...(uid !== undefined && isOurFolder(beside) ? [beside] : []),
    ...(parent === undefined ? [] : [join(parent, 'ekslint')]),
  ];
}

/** Distinguishes builds of the same Node version: their files differ in size or age. */
function nodeBuild() {
  const { size, mtimeMs } = fs.statSync(process.execPath);
  return [process.version, process.versions.v8, process.platform, process.arch, size, mtimeMs].join(' ');
}

/**
 * Reads a bundle. Its string is a copy, because it is ASCII and needs no decoding, so the buffer it was read into is
 * `room` for its cache: the first access to each page of memory takes longer than reading it. Unused pages cost
 * nothing.
 */
function readBundle(filename) {
  const descriptor = fs.openSync(filename, fs.constants.O_RDONLY);
  try {
    const { size, mtimeMs } = fs.fstatSync(descriptor);
    const room = Buffer.allocUnsafeSlow(3 * size);
    let end = 0;
    for (let count; end < size && (count = fs.readSync(descriptor, room, end, size - end)) > 0;) end += count;
    return { filename, text: room.latin1Slice(0, end), mtimeMs, room };
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * The head of a cache: the build of Node and the bundle from which it was created. The bundle ends with its own digest,
 * which is not computed again: a manual change is visible in its modification time.
 */
function head({ text: bundle, mtimeMs }) {
  const digest = bundle.slice(-digestLength);
  const text = `${nodeBuild()} ${bundle.length} ${mtimeMs} ${digest}`;
  const length = Math.ceil((text.length + 1) / alignment) * alignment;
  return Buffer.from(`${text.padEnd(length - 1)}\n`);
}

/**
 * The data of a cache file, or undefined if it cannot be trusted. The data is stored twice: damage makes the copies
 * differ, and comparing them is faster than any digest that Node could load. It is read into `room` if it fits there.
 */
function read(folder, name, head, room) {
  let descriptor;
  try {
    if (!isOurFolder(folder)) return undefined;
    descriptor = fs.openSync(join(folder, name), fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0));
    const stats = fs.fstatSync(descriptor);
    if (!stats.isFile() || !isOurs(stats)) return undefined;
    const half = (stats.size - head.length) / 2;
    if (!Number.isInteger(half) || half <= 0) return undefined;
    const length = head.length + half;
    const content = room.length < length ? Buffer.allocUnsafeSlow(length) : room.subarray(0, length);
    if (fs.readSync(descriptor, content) !== content.length) return undefined;
    if (content.compare(head, 0, head.length, 0, head.length) !== 0) return undefined;
    const copy = Buffer.allocUnsafeSlow(Math.min(half, comparedAtOnce));
    for (let at = head.length; at < content.length;) {
      const count = fs.readSync(descriptor, copy);
      if (count === 0 || content.compare(copy, 0, count, at, Math.min(at + count, content.length)) !== 0)
        return undefined;
      at += count;
    }
    return content.subarray(head.length);
  } catch {
    return undefined; // Missing or not readable: the bundle starts without it.
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/** The first cache that can be trusted. */
function readAny(folders, name, head, room) {
  for (const folder of folders) {
    const data = read(folder, name, head, room);
    if (data !== undefined) return data;
  }
  return undefined;
}

/** Creates the folder if necessary; false if a cache cannot or must not be written. */
function isWritable(folder) {
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.accessSync(folder, fs.constants.W_OK);
    return isOurFolder(folder);
  } catch {
    return false;
  }
}

/** The bundles that get a cache of their own, by what imports them. */
const bundles = new Map(['cli', 'later', 'clients', 'kube-client', 'yaml'].map((name) => [`./${name}.cjs`, name]));
/** Of these an audit runs other parts than a lint, which must not load them: each has its own cache. */
const differsInAudits = new Set(['cli', 'later']);

/** Writes atomically, and removes what old versions and killed runs have left behind. */
function write(folder, name, head, data) {
  const draft = join(folder, `${name}.${process.pid}-${Date.now().toString(36)}`);
  try {
    fs.writeFileSync(draft, Buffer.concat([head, data, data]), { flag: 'wx', mode: 0o600 });
    fs.renameSync(draft, join(folder, name));
    const anyCache = new RegExp(`^(?:audit-)?(?:${[...bundles.values()].join('|')})\\..*\\.cache`);
    for (const old of fs.readdirSync(folder).filter((one) => anyCache.test(one))) {
      const path = join(folder, old);
      if (Date.now() - fs.lstatSync(path).mtimeMs > outdatedAfter) fs.rmSync(path);
    }
  } catch {
    fs.rmSync(draft, { force: true }); // The disk is full, or another run was faster; the next run tries again.
  }
}

/** The exports of bundles, by what imports them. */
const loaded = new Map();

/** The exports of a bundle. `made` receives a function that writes its cache, if there is no usable one. */
function run(id, bundle, asked) {
  const { folders, made, isAudit } = asked;
  const { filename, text, room } = bundle;
  const kind = `${isAudit && differsInAudits.has(bundles.get(id)) ? 'audit-' : ''}${bundles.get(id)}`;
  // Versions of ekslint that share a folder do not overwrite each other's cache; its head says which bundle it belongs
  // to.
  const name = `${kind}.${text.length}.${process.version}-${process.arch}.cache`;
  const own = head(bundle);
  const cachedData = readAny(folders, name, own, room);
  // A bundle is the function that CommonJS wraps around a module.
  const script = new Script(text, { filename, cachedData });
  const module_ = { exports: {} };
  loaded.set(id, module_); // Bundles require each other.
  const folder = dirname(filename);
  // The bundle requires builtin modules and files next to it; node:module, which creates such functions, takes a while
  // to load.
  const require_ = (id) => {
    if (!bundles.has(id)) return require(id.startsWith('./') ? join(folder, id) : id);
    if (loaded.has(id)) return loaded.get(id).exports;
    let part;
    try {
      part = readBundle(join(folder, id));
    } catch (error) {
      throw new Error(`cannot read ${error.path ?? id} (${error.code}): install ekslint again`, { cause: error });
    }
    return run(id, part, asked);
  };
  script.runInThisContext()(module_.exports, require_, module_, filename, folder);
  if (cachedData === undefined || script.cachedDataRejected)
    made((folder) => write(folder, name, own, script.createCachedData()));
  return module_.exports;
}

/**
 * The `main` of the bundle of the command line, and `keep`, which writes the missing caches; call it when everything is
 * done.
 */
exports.load = function load(bundle, cached, isAudit = false) {
  const folders = cached ? cacheFolders(dirname(bundle.filename)) : [];
  const unwritten = [];
  const { main, warm } = run('./cli.cjs', bundle, { folders, isAudit, made: (write) => unwritten.push(write) });
  const keep = async () => {
    // A cache contains what has run, so it must not depend on what the first run was: an audit that fails early leaves
    // none.
    if (unwritten.length === 0 || (isAudit && process.exitCode === 2)) return;
    const folder = folders.find(isWritable);
    if (folder === undefined) return;
    if (!isAudit) await warm();
    for (const write of unwritten) write(folder);
  };
  return { main, keep };
};

exports.readBundle = readBundle;
