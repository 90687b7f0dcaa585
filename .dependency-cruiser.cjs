// Import rules: the table in ARCHITECTURE.md, enforced by `pnpm run check:imports`.
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.ts$' },
  to: { dependencyTypesNot: ['core'], pathNot: [from, ...allowed] },
});
const never = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.ts$' },
  to: { path: to },
});
/** The files of a package that others may import: those that its `exports` name, in the sources or the build. */
const entriesOf = (name) => {
  const { exports } = require(`./packages/${name}/package.json`);
  const sources = Object.values(exports).flatMap((entry) => entry['@candle/source'] ?? []);
  const names = sources.map((source) => source.slice('./src/'.length, -'.ts'.length));
  return `^packages/${name}/(src|dist)/(${names.join('|')})\\.`;
};
const documents = entriesOf('documents');
const core = entriesOf('core');
const supervisor = entriesOf('supervisor');
const init = entriesOf('init');
const mcp = entriesOf('mcp');
const cliKit = entriesOf('cli-kit');
const modules = (...names) => names.map((name) => `node_modules/${name}/`);
const builtins = (...names) => `^(node:)?(${names.join('|')})$`;

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'also counts imports of types and dynamic imports',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    only(
      'documents-imports',
      '^packages/documents/src',
      modules('valibot', '@valibot/to-json-schema'),
      'all other packages import the documents',
    ),
    {
      name: 'documents-are-types',
      comment: 'schemas of documents are for MCP, documentation and tests: no other command may load them',
      severity: 'error',
      from: { path: '^(packages/(core|supervisor)|apps/cli)/src/(?!documents/)', pathNot: '\\.test\\.ts$' },
      to: { path: documents, dependencyTypesNot: ['type-only'] },
    },
    only(
      'core-imports',
      '^packages/core/src',
      [
        documents,
        ...modules(
          'drizzle-orm',
          'better-sqlite3',
          '@types/better-sqlite3',
          'valibot',
          'jsonc-parser',
          'dotenv',
          'fastest-levenshtein',
          're2js',
        ),
      ],
      'core must not depend on the CLI or on starting processes',
    ),
    never(
      'core-starts-nothing',
      '^packages/core/src',
      builtins('child_process', 'cluster', 'worker_threads'),
      'only the supervisor package starts or signals processes',
    ),
    only(
      'supervisor-imports',
      '^packages/supervisor/src',
      [documents, core, ...modules('execa', 'birpc', 'open')],
      'the supervisor must not use SQL or oclif',
    ),
    never(
      'supervisor-starts-by-execa',
      '^packages/supervisor/src',
      builtins('child_process', 'cluster'),
      'processes are started with execa',
    ),
    only(
      'init-imports',
      '^packages/init/src',
      [documents, core, ...modules('yaml', 'smol-toml', 'jsonc-parser', 'package-manager-detector')],
      'init only reads the files of a project and writes its configuration',
    ),
    never(
      'init-starts-nothing',
      '^packages/init/src',
      builtins('child_process', 'cluster', 'worker_threads'),
      'only the supervisor package starts or signals processes',
    ),
    only(
      'mcp-imports',
      '^packages/mcp/src',
      [documents, core, supervisor, ...modules('@modelcontextprotocol/server', 'valibot')],
      'tools call use cases',
    ),
    only(
      'cli-kit-imports',
      '^packages/cli-kit/src',
      modules('@oclif/core'),
      'plugins must not include a second copy of core',
    ),
    never(
      'schemas-stay-outside',
      '^apps/cli/src/(?!documents/)',
      '^apps/cli/src/documents/',
      'the list of schemas is for documentation and tests: no command may load it',
    ),
    only(
      'cli-imports',
      '^apps/cli/src',
      [documents, core, supervisor, init, mcp, cliKit, ...modules('@oclif/core', 'semver', '@types/semver')],
      'other packages are imported only through their public entry points',
    ),
    never(
      'cli-is-a-front-end',
      '^apps/cli/src',
      `${builtins('child_process', 'net')}|node_modules/(execa|drizzle-orm|better-sqlite3)`,
      'no SQL, no processes, no sockets',
    ),
    {
      name: 'no-imports-of-internals',
      comment: 'other packages are imported only through their public entry points',
      severity: 'error',
      from: { path: '^(packages|apps)/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(packages|apps)/[^/]+/src/',
        pathNot: ['^$1/$2/', documents, core, supervisor, init, mcp, cliKit, entriesOf('test-kit')],
      },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', 'dist'] },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@candle/source', 'import', 'node', 'default'],
    },
  },
};
