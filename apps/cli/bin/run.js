#!/usr/bin/env node
// Plain JavaScript that the oldest Node can parse, and no static import: on a Node that is too old better-sqlite3 dies
// with a segmentation fault before anything could be said.
var needed = [22, 18];
var found = process.versions.node.split('.').map(Number);
if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
  process.stderr.write(
    'Error: candle needs Node.js ' +
      needed.join('.') +
      ' or newer, and this is ' +
      process.versions.node +
      ' (' +
      process.execPath +
      '): install one, for example with `npx --yes node@24 ' +
      process.argv[1] +
      '`\n',
  );
  process.exit(1);
}
var currentDirectory;
try {
  currentDirectory = process.cwd();
} catch {
  currentDirectory = deletedDirectory();
  // Node and oclif stumble over a directory that is gone.
  process.chdir('/');
}
// What Node has compiled is kept, in the user's own cache: Node's default lies below /tmp, where another user could put
// code of his for this one. A third of what the ledger's commands take besides Node itself.
var cacheHome = process.env.XDG_CACHE_HOME || `${process.env.HOME}/.cache`;
if (cacheHome[0] === '/') process.getBuiltinModule('node:module').enableCompileCache(`${cacheHome}/candle/compiled`);

/** The path that the current directory had before it was deleted: Linux knows it, elsewhere the shell may. */
function deletedDirectory() {
  try {
    return process
      .getBuiltinModule('fs')
      .readlinkSync('/proc/self/cwd')
      .replace(/ \(deleted\)$/, '');
  } catch {
    return process.env.PWD || '/';
  }
}

void import('../dist/main.js').then((main) => main.runCli(process.argv.slice(2), currentDirectory));
