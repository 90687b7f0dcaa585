// oclif as cli-kit bundles it: a command, its arguments and flags, and their parser. Loading configurations and plugins,
// and showing help, are the CLI's business, and with what they need they are four fifths of oclif.

/** Modules that something else stands in for, by what they are called in oclif and, where it matters, by whom. */
const standIns = [
  // Only Command.run would load a configuration, and CandleCommand has its own.
  { source: './config', importer: 'lib/command.js', code: 'exports.Config = undefined;' },
  // For Flags.help, which cli-kit does not pass on.
  { source: './help', importer: 'lib/flags.js', code: 'exports.loadHelpClass = undefined;' },
  // For templates in texts of help.
  { source: 'ejs', code: 'export default undefined;' },
  // Spinners and coloured JSON, which commands of candle do not have.
  {
    source: './ux',
    importer: 'lib/command.js',
    code: `
      const { stderr, stdout } = require('./ux/write');
      const { colorize } = require('./ux/theme');
      exports.ux = { colorize, stderr, stdout };`,
  },
  { source: '../ux', importer: 'lib/parser/help.js', code: `exports.colorize = require('../ux/theme').colorize;` },
  // Ends the process after an error that nobody caught; the CLI does that.
  { source: './handle', importer: 'lib/errors/index.js', code: '' },
  // Frames of errors as oclif prints them; candle presents them itself.
  { source: 'wrap-ansi', code: 'export default (text) => text;' },
  { source: 'indent-string', code: 'export default (text) => text;' },
  { source: 'clean-stack', code: 'export default (text) => text;' },
  // Asks the browser's way too.
  { source: 'debug', code: `export { debuglog as default } from 'node:util';` },
];

const mark = '?lean';

/** It would throw at everything but EPIPE that goes wrong with stdout, past the CLI, which looks after that. */
const streamListener = /process\.stdout\.on\('error'/;

/** A plugin for rolldown. */
export const leanOclif = {
  name: 'lean-oclif',
  resolveId(source, importer = '') {
    const isOclif = importer.includes('/@oclif/core/lib/');
    const at = standIns.findIndex((standIn) => standIn.source === source && importer.endsWith(standIn.importer ?? ''));
    // In the directory of the importer, so that what it requires is found.
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
