#!/usr/bin/env node
'use strict';
/*
 * What users start. It stays readable by old versions of Node, so that they get a message instead of a syntax error. It is one file, as
 * Node takes half a millisecond to find and compile another one.
 */
const fs = require('node:fs');
const { dirname, isAbsolute, join } = require('node:path');

/*
 * Bundles are loaded through V8's code cache, which saves a third of the start-up time. V8 trusts its cache: a damaged
 * one crashes Node, and a forged one can run any code. So a cache is used only if it belongs to this user, no one else
 * can write to it, it is complete, and this Node made it from this bundle.
 */

/** The second copy of a cache is never whole in memory: the first touch of each page takes longer than to read it. */
const comparedAtOnce = 64 * 1024;
/** V8 copies data that does not start at a multiple of this. */
const alignment = 8;
/** `//` and a SHA-256 in hexadecimal digits. */
const digestLength = 66;
const outdatedAfter = 30 * 24 * 60 * 60 * 1000;
const uid = process.getuid === undefined ? undefined : process.getuid();

/**
 * Whether only this user can change a file or folder. Windows has no owner to check; a user's local data folder is
 * private there.
 */
const isOurs = (stats) => uid === undefined || (stats.uid === uid && (stats.mode & 0o022) === 0);

const isOurFolder = (folder) => {
  const stats = fs.lstatSync(folder, { throwIfNoEntry: false });
  return stats !== undefined && stats.isDirectory() && isOurs(stats);
};

/** The folder for data that can be recreated, if the environment names one. */
function userFolder() {
  const { HOME, LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  if (uid === undefined) return LOCALAPPDATA;
  if (XDG_CACHE_HOME !== undefined && isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME;
  return HOME !== undefined && isAbsolute(HOME) ? join(HOME, '.cache') : undefined;
}

/** Folders for a cache, best first: the bundle's folder if it is ours, then the user's cache folder. */
function cacheFolders(beside) {
  const parent = userFolder();
  return [
    ...(uid !== undefined && isOurFolder(beside) ? [beside] : []),
    ...(parent === undefined ? [] : [join(parent, 'ekslint')]),
  ];
}

/** Identifies a build of Node: builds of the same version differ in file size or age. */
function nodeBuild() {
  const { size, mtimeMs } = fs.statSync(process.execPath);
  return [process.version, process.versions.v8, process.platform, process.arch, size, mtimeMs].join(' ');
}

/**
 * Reads a bundle. It is ASCII, so its text is a copy and needs no decoding, and the buffer that it was read into
 * becomes `room` for its cache: the first touch of each memory page takes longer than reading it. Untouched pages cost
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
 * The header of a cache: the build of Node and the bundle that it was made with. The bundle ends with its own digest,
 * which is not computed again, because an edit by hand changes the file's time.
 */
function head({ text: bundle, mtimeMs }) {
  const digest = bundle.slice(-digestLength);
  const text = `${nodeBuild()} ${bundle.length} ${mtimeMs} ${digest}`;
  const length = Math.ceil((text.length + 1) / alignment) * alignment;
  return Buffer.from(`${text.padEnd(length - 1)}\n`);
}

/**
 * The data of a cache file, or undefined if it cannot be trusted. The data is there twice: damage makes the copies differ, and to compare
 * them is faster than any digest that Node could load. It is read into `room` if it fits there.
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
    return undefined; // Not there or not readable: the bundle starts without it.
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

/** The bundles that are worth a cache of their own, by what asks for them. */
const bundles = new Map(['cli', 'later', 'clients', 'kube-client', 'yaml'].map((name) => [`./${name}.cjs`, name]));
/** Of these an audit runs other parts than a lint, which must not read them: there is a cache for each. */
const differsInAudits = new Set(['cli', 'later']);

/** Writes all or nothing, and removes what old versions and killed runs have left. */
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

/**
 * A function that V8 has made machine code of is marked, the mark goes into the cache, and a run that reads it makes machine code of the
 * function at its first call, which a short run does not pay back. So a run that writes a cache makes none with the quick compiler. The
 * flag is part of what V8 compares a cache with, so it is set back before that is made; on a processor that lacks this compiler the next
 * run finds that the cache does not fit, and writes one without this.
 */
const markNothing = () => require('node:v8').setFlagsFromString('--no-sparkplug');
const markAgain = () => require('node:v8').setFlagsFromString('--sparkplug');

/** The exports of bundles, by what asks for them. */
const loaded = new Map();

/** The exports of a bundle. If there is no usable cache, `made` receives a function that writes one. */
function run(id, bundle, asked) {
  const { folders, made, isAudit } = asked;
  const { filename, text, room } = bundle;
  const kind = `${isAudit && differsInAudits.has(bundles.get(id)) ? 'audit-' : ''}${bundles.get(id)}`;
  // Versions of ekslint that share a folder do not overwrite each other's cache; the header identifies the bundle.
  const name = `${kind}.${text.length}.${process.version}-${process.arch}.cache`;
  const own = head(bundle);
  const cachedData = readAny(folders, name, own, room);
  if (cachedData === undefined && folders.length > 0) markNothing();
  // A bundle is the function that CommonJS wraps around a module.
  const { Script } = require('node:vm');
  const script = new Script(text, { filename, cachedData });
  const module_ = { exports: {} };
  loaded.set(id, module_); // Bundles ask for each other.
  const folder = dirname(filename);
  // The bundle requires builtin modules and files next to it. node:module could make this function, but is slow to
  // load.
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
    made((folder) => {
      if (cachedData === undefined) markAgain();
      write(folder, name, own, script.createCachedData());
    });
  return module_.exports;
}

/**
 * The `main` of the bundle of the command line, and `keep`, which writes the caches that were not there; it is to be called when all is
 * done.
 */
function load(bundle, cached, isAudit = false) {
  const folders = cached ? cacheFolders(dirname(bundle.filename)) : [];
  const unwritten = [];
  const { main, warm } = run('./cli.cjs', bundle, { folders, isAudit, made: (write) => unwritten.push(write) });
  const keep = async () => {
    // A cache holds what has run, so it must not depend on what the first run was: an audit that got nowhere leaves none.
    if (unwritten.length === 0 || (isAudit && process.exitCode === 2)) return;
    const folder = folders.find(isWritable);
    if (folder === undefined) return;
    if (!isAudit) await warm();
    for (const write of unwritten) write(folder);
  };
  return { main, keep };
}

const args = process.argv.slice(2);
const [major, minor] = process.versions.node.split('.').map(Number);

/** An error of the installation: nothing was linted. */
const fail = (message) => {
  process.stderr.write(`error: ${message}\n`);
  process.exitCode = 2;
};

if (major < 20 || (major === 20 && minor < 19)) {
  fail(`ekslint needs Node 20.19 or newer, and this is Node ${process.versions.node}`);
} else if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.on('error', ({ code }) => {
    if (code !== 'EPIPE') process.exitCode = 2;
  });
  process.stdout.write(`${JSON.parse(fs.readFileSync(join(__dirname, '../package.json'), 'utf8')).version}\n`);
} else {
  const filename = join(__dirname, '../dist/cli.cjs');
  let bundle;
  try {
    bundle = readBundle(filename);
  } catch (error) {
    fail(`cannot read ${filename} (${error.code})\n       In a clone, run: npm ci && npm run build`);
  }
  if (bundle !== undefined) {
    const end = args.indexOf('--');
    const cached = !(end === -1 ? args : args.slice(0, end)).includes('--no-cache');
    const { main, keep } = load(bundle, cached, args[0] === 'audit');
    // The report is already printed: a problem with the cache does not change the result.
    main(args)
      .then(keep)
      // Everything is written by now, and exiting is faster than freeing the heap.
      .then(() => process.exit())
      .catch((error) => process.stderr.write(`error: no code cache was written: ${error.message}\n`));
  }
}
