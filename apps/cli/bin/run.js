#!/usr/bin/env node
// Checks the version of Node.js before anything else is loaded: with an older version, better-sqlite3 crashes with a
// segmentation fault. This file must run there too, so it uses no syntax newer than ES2015 except import().
var needed = [22, 18];
var found = process.versions.node.split('.').map(Number);
if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) rejectNode();
void import('./start.js').then((start) => start.start());

/** Prints the error in the usual format; the code for that cannot be loaded here. */
function rejectNode() {
  var message = `candle requires Node.js ${needed.join('.')} or newer, but this is ${process.versions.node} (${process.execPath}). Put a newer version first on PATH, or run the next line`;
  var hint = `npx --yes node@24 ${process.argv[1]}`;
  var error = { code: 'NODE_TOO_OLD', message: message, hint, details: {} };
  if (process.argv.indexOf('--json') === -1) process.stderr.write(`Error: ${message}\n${hint}\n`);
  else process.stdout.write(`${JSON.stringify({ error: error }, null, 2)}\n`);
  process.exit(1);
}
