// The part of oclif that cli-kit bundles: commands, arguments, flags and their parser. The CLI itself loads
// configurations and plugins and shows help. Those parts and their dependencies make up four fifths of oclif.

/** Replacements for modules, matched by the specifier in oclif's source and, if necessary, by the importing file. */
const standIns = [
  // Only Command.run loads a configuration, and CandleCommand overrides it.
  { source: './config', importer: 'lib/command.js', code: 'exports.Config = undefined;' },
  // Needed by Flags.help, which cli-kit does not export.
  { source: './help', importer: 'lib/flags.js', code: 'exports.loadHelpClass = undefined;' },
  // Renders templates in help texts.
  { source: 'ejs', code: 'export default undefined;' },
  // Spinners and coloured JSON, which Candle's commands do not use.
  {
    source: './ux',
    importer: 'lib/command.js',
    code: `
      const { stderr, stdout } = require('./ux/write');
      const { colorize } = require('./ux/theme');
      exports.ux = { colorize, stderr, stdout };`,
  },
  { source: '../ux', importer: 'lib/parser/help.js', code: `exports.colorize = require('../ux/theme').colorize;` },
  // Exits the process after an uncaught error; the CLI does that.
  { source: './handle', importer: 'lib/errors/index.js', code: '' },
  // Used to format oclif's error output; Candle has its own.
  { source: 'wrap-ansi', code: 'export default (text) => text;' },
  { source: 'indent-string', code: 'export default (text) => text;' },
  { source: 'clean-stack', code: 'export default (text) => text;' },
  // The package also has a browser build; Node's debuglog is enough.
  { source: 'debug', code: `export { debuglog as default } from 'node:util';` },
];

const mark = '?lean';

/** oclif's listener throws on every stdout error except EPIPE, which would bypass the error handling of the CLI. */
const streamListener = /process\.stdout\.on\('error'/;

/** A plugin for rolldown. */
export const leanOclif = {
  name: 'lean-oclif',
  resolveId(source, importer = '') {
    const isOclif = importer.includes('/@oclif/core/lib/');
    const at = standIns.findIndex((standIn) => standIn.source === source && importer.endsWith(standIn.importer ?? ''));
    // Use the importer's directory, so that the replacement's own imports are found.
    return isOclif && at !== -1
      ? `${importer}${mark}${at}.${standIns[at].code.startsWith('export ') ? 'mjs' : 'cjs'}`
      : undefined;
  },
  load(id) {
    const at = id.split(mark)[1];
    return at === undefined ? undefined : standIns[Number.parseInt(at, 10)].code;
  },
  transform(code, id) {
    if (!id.endsWith('/@oclif/core/lib/command.js')) return undefined;
    if (!streamListener.test(code)) throw new Error(`${streamListener} is no longer in ${id}`);
    return code.replace(streamListener, "((...ignored) => undefined)('error'");
  },
};
