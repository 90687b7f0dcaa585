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
void import('../dist/main.js').then((main) => main.runCli(process.argv.slice(2)));
