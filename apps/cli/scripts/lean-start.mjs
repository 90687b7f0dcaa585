// Rolldown plugins that load less when the CLI starts. They need CommonJS output.

/** Built-in modules that Node.js has not loaded yet when a program starts. Loading them takes longer than most of Candle's own code. */
const slowBuiltIns = [
  'child_process',
  'crypto',
  'fs/promises',
  'net',
  'perf_hooks',
  'readline',
  'stream',
  'string_decoder',
  'timers/promises',
  'tty',
  'worker_threads',
  'zlib',
];

/**
 * Replaces `const NAME = LOADING;` with a function that loads at the first use of NAME. Leaves the code as it is if NAME is
 * used in another way than `NAME.member`. The functions are named after `prefix`.
 */
export function loadAtFirstUse(code, declarations, prefix) {
  return [...code.matchAll(declarations)].reduce((text, [line, name, loading], index) => {
    // Not the member of another object, but also after `...`.
    const use = `(?<![\\w$])(?<!(?<!\\.\\.)\\.)${name}`;
    const uses = text.replace(line, '').match(new RegExp(`${use}(?![\\w$])`, 'g')) ?? [];
    const member = new RegExp(`${use}(?=\\.)`, 'g');
    if (uses.length !== (text.match(member) ?? []).length) return text;
    // A short name, because minifying keeps the names of functions.
    const load = `${prefix}${index}`;
    const lazy = `let ${name}; const ${load} = () => (${name} ??= ${loading});`;
    return text
      .split(line)
      .map((part) => part.replaceAll(member, `(${load}())`))
      .join(lazy);
  }, code);
}

const declared = new RegExp(
  `^(?:let|const) (\\w+) = (require\\("(?:node:(?:${slowBuiltIns.join('|')})|\\.[^"]+)"\\));$`,
  'gm',
);

/** Loads slow built-in modules, and the other files of the bundle, when something of them is first used. */
export const lazyRequire = {
  name: 'lazy-require',
  renderChunk: (code) => loadAtFirstUse(code, declared, 'load'),
};

/**
 * Bundles better-sqlite3, except for its native addon and the file that chooses it. Otherwise, Node.js would look for fourteen
 * small files. The package is usually in a directory that Node.js would search, and looking there directly is quicker.
 */
const findBinding = `
  const { existsSync } = require('node:fs');
  const { dirname, join } = require('node:path');
  const within = (dir) => join(dir, 'node_modules', 'better-sqlite3', 'lib', 'binding.js');
  function find() {
    for (let dir = __dirname; dir !== dirname(dir); dir = dirname(dir)) if (existsSync(within(dir))) return within(dir);
    return join(dirname(require.resolve('better-sqlite3/package.json')), 'lib', 'binding.js');
  }
  exports.getBinding = (...given) => require(find()).getBinding(...given);`;

const bindingId = '\0bundled-sqlite:binding';

export const bundledSqlite = {
  name: 'bundled-sqlite',
  resolveId: (source, importer = '') =>
    source === './binding' && importer.endsWith('/better-sqlite3/lib/index.js') ? bindingId : undefined,
  load: (id) => (id === bindingId ? findBinding : undefined),
};

/** Modules whose exports are data that core derives from its tables and schemas, which take long to load. */
const derivedData = ['/core/src/store/columns.ts', '/core/src/config/plain-service.ts'];

/** Replaces these modules by their data. */
export const builtData = {
  name: 'built-data',
  load: async (id) => {
    if (!derivedData.some((path) => id.endsWith(path))) return undefined;
    const data = await import(id.replace('/core/src/', '/core/dist/').replace(/\.ts$/, '.js'));
    return Object.entries(data)
      .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
      .join('\n');
  },
};
