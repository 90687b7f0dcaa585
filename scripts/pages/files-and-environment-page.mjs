// docs/reference/files-and-environment.md: the descriptions are written by hand, the names come from the code.
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  innerVariables,
  otherFiles,
  readVariables,
  runFiles,
  serviceVariables,
  stateFiles,
} from './described-files.mjs';

/**
 * @param root directory of the repository
 * @param runDir from @candle/core
 * @param serviceEnvironment from @candle/supervisor
 * @throws if a name in the code is not described, or a described name is not in the code
 */
export function filesAndEnvironmentPage({ root, runDir, serviceEnvironment }) {
  const source = readSource(root);
  const run = Object.entries(runDir('', 'r')).filter(([key]) => key !== 'path');
  const runKeys = run.map(([key]) => key);
  checkDescribed('files of a run', Object.keys(runFiles), runKeys);
  checkDescribed('files of the state directory', Object.keys(stateFiles), stateFilesOf(source));
  const own = Object.keys(serviceVariables).filter((name) => !name.startsWith('<'));
  const known = [...Object.keys(readVariables), ...own, ...innerVariables];
  const mentioned =
    source.match(
      /\b(?:CANDLE|XDG)_[A-Z_]+[A-Z]\b|\b(?:NO|FORCE)_COLOR\b|\bSUDO_UID\b|\bZDOTDIR\b|\bBASH_COMPLETION_USER_DIR\b/g,
    ) ?? [];
  const unmentioned = ['HOME', 'SHELL', 'PORT', 'PYTHONUNBUFFERED', 'TERM', 'CANDLE_NPM_REGISTRY'];
  const ofFrameworks = ['RAILS_DEVELOPMENT_HOSTS', 'NG_ALLOWED_HOSTS'];
  checkDescribed('variables', known, [...mentioned, ...unmentioned, ...ofFrameworks]);
  checkDescribed('variables of a service', Object.keys(serviceVariables), everySet(serviceEnvironment));

  const runRows = run.map(([key, path]) => [`runs/<run>/${basename(path)}`, runFiles[key]]);
  return `
# Files and environment

## The state directory

The state directory is \`CANDLE_STATE_DIR\`, else \`$XDG_STATE_HOME/candle\`, else \`~/.local/state/candle\`. It has the mode 0700
and its files have 0600, because other users must not read the output and the environment of services. It must be on a
local disk. \`candle erase-database\` removes all of it. The file formats are internal and change between versions; scripts
should use \`--json\`.

${table(
  ['File', 'Content'],
  [...Object.entries(stateFiles), ...runRows].map(([name, content]) => [`\`${name}\``, content]),
)}

## Other files

${table(['File', 'Content'], Object.entries(otherFiles))}

## Variables that Candle reads

${table(
  ['Variable', 'Meaning'],
  Object.entries(readVariables).map(([name, meaning]) => [`\`${name}\``, meaning]),
)}

\`candle plugins\` also uses npm's own variables and settings.

## Variables that a service gets

${table(
  ['Variable', 'Value'],
  Object.entries(serviceVariables).map(([name, value]) => [`\`${name}\``, value]),
)}

The environment of a service is made of these parts, later ones overriding earlier ones: the environment of the \`candle\`
that started it, the ports of its project's services, \`envFile\`, \`env\`, and \`PORT\` (or the variables in \`portEnv\`) with the
rest of this table. \`candle env api --explain\` shows all variables and where they come from, and
\`candle exec api -- COMMAND\` runs a command with them. A service does not inherit what a package manager, git or a coding
agent has set for the command that started it, or other \`CANDLE_*\`: \`candle env api --explain\` lists these variables. Of
\`NODE_PATH\` and \`NODE_OPTIONS\`, it does not inherit what pnpm or Yarn has added. A service that its restart policy restarts keeps the environment of its original start.
`.trimStart();
}

/** The sources that are shipped to users, without tests and comments. */
function readSource(root) {
  const files = globSync('{packages/{core,supervisor,mcp},apps/cli}/{src,bin}/**/*.{ts,js}', { cwd: root });
  return files
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(root, file), 'utf8').replace(/^\s*(?:\/\/|\/?\*).*$/gm, ''))
    .join('\n');
}

/** Paths that the code joins to the state directory, with `*` for parts that are inserted at run time. */
function stateFilesOf(source) {
  const joined = (directory, prefix) =>
    [...source.matchAll(new RegExp(`join\\(${directory}, (?:'([^']+)'|\`([^\`]+)\`)\\)`, 'g'))].map(
      ([, plain, template]) => prefix + (plain ?? template.replace(/\$\{.*/, '*')),
    );
  return [
    ...joined('stateDir', ''),
    ...joined('eventsDir\\(stateDir\\)', 'events/'),
    ...joined('runsDir\\(stateDir\\)', 'runs/').filter((path) => !path.includes('*')),
    'events/*.event',
    'state.db.damaged-*',
  ];
}

/** Names of all variables that a service can get. */
function everySet(serviceEnvironment) {
  const run = { serviceName: 's', projectDir: '/p', runId: 'r', port: 4000, stateDir: '/state' };
  const given = {
    color: true,
    tty: true,
    files: [],
    env: {},
    portEnv: ['PORT'],
    furtherPorts: { '<VARIABLE>': 4001 },
    browserHost: 'h',
  };
  const ofService = ['PORT', 'URL', 'BROWSER_URL', '<VARIABLE>'].map((name) => `<SERVICE>_${name}`);
  const ofEntry = ['PORT', 'URL', 'BROWSER_URL'].map((name) => `<ENTRY>_${name}`);
  given.ports = [...ofService, ...ofEntry].map((name) => ({ name, value: '', serviceName: 's' }));
  return serviceEnvironment({ CANDLE_STATE_DIR: '/state', CANDLE_TRUST: '/srv' }, given, run).variables.map(
    ({ name }) => name,
  );
}

function checkDescribed(what, described, found) {
  const missing = [...new Set(found)].filter((name) => !described.includes(name));
  const gone = described.filter((name) => !found.includes(name));
  if (missing.length + gone.length === 0) return;
  throw new Error(
    `scripts/pages/described-files.mjs, ${what}: not described: ${missing.join(', ') || 'none'}; not in the code: ${gone.join(', ') || 'none'}`,
  );
}

function table([left, right], rows) {
  return [`| ${left} | ${right} |`, '|---|---|', ...rows.map(([name, text]) => `| ${name} | ${text} |`)].join('\n');
}
