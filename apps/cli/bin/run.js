#!/usr/bin/env node
// The one file that a Node that is too old comes to see; there better-sqlite3 would die with a segmentation fault before
// anything could be said. So it has no syntax newer than 2015 but import(), and loads nothing before it has looked.
var needed = [22, 18];
var found = process.versions.node.split('.').map(Number);
if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) refuse();
void import('./start.js').then((start) => start.start());

/** As the presenters of errors do it, which cannot be loaded here. */
function refuse() {
  var message = `candle needs Node.js ${needed.join('.')} or newer, and this is ${process.versions.node} (${process.execPath}): put a newer one first on PATH, or type the next line`;
  var hint = `npx --yes node@24 ${process.argv[1]}`;
  var error = { code: 'NODE_TOO_OLD', message: message, hint, details: {} };
  if (process.argv.indexOf('--json') === -1) process.stderr.write(`Error: ${message}\n${hint}\n`);
  else process.stdout.write(`${JSON.stringify({ error: error }, null, 2)}\n`);
  process.exit(1);
}
