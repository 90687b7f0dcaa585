// docs/reference/files-and-environment.md: the meanings are written by hand, the names are those that the code has.
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
 * @param root the repository @param runDir of @candle/core @param serviceEnvironment of the supervisor's package
 * @throws when the code has a name that is not described here, or one is described that it has not
 */
export function filesAndEnvironmentPage({ root, runDir, serviceEnvironment }) {
  const source = readSource(root);
  const run = Object.entries(runDir('', 'r')).filter(([key]) => key !== 'path');
  const runKeys = run.map(([key]) => key);
  holdAgainst('files of a run', Object.keys(runFiles), runKeys);
  holdAgainst('files of the state directory', Object.keys(stateFiles), stateFilesOf(source));
  const own = Object.keys(serviceVariables).filter((name) => !name.startsWith('<'));
  const known = [...Object.keys(readVariables), ...own, ...innerVariables];
  const mentioned = source.match(/\b(?:CANDLE|XDG)_[A-Z_]+[A-Z]\b|\b(?:NO|FORCE)_COLOR\b/g) ?? [];
  holdAgainst('variables', known, [...mentioned, 'HOME', 'PORT', 'PYTHONUNBUFFERED', 'CANDLE_NPM_REGISTRY']);
  holdAgainst('variables of a service', Object.keys(serviceVariables), everySet(serviceEnvironment));

  const runRows = run.map(([key, path]) => [`runs/<run>/${basename(path)}`, runFiles[key]]);
  return `
# Files and environment

## The state directory

\`CANDLE_STATE_DIR\`, else \`$XDG_STATE_HOME/candle\`, else \`~/.local/state/candle\`. It is made with the mode 0700 and its files
with 0600: what services print, and what environment they run with, is nobody else's business. It has to be on a local disk.
\`candle erase-database\` removes all of it. Its forms are Candle's own and change between versions; scripts read \`--json\`.

${table(
  ['File', 'Is'],
  [...Object.entries(stateFiles), ...runRows].map(([name, is]) => [`\`${name}\``, is]),
)}

## Elsewhere

${table(['File', 'Is'], Object.entries(otherFiles))}

## Variables that Candle reads

${table(
  ['Variable', 'Says'],
  Object.entries(readVariables).map(([name, says]) => [`\`${name}\``, says]),
)}

npm's own variables and settings hold for \`candle plugins\`.

## Variables that a service finds

${table(
  ['Variable', 'Is'],
  Object.entries(serviceVariables).map(([name, is]) => [`\`${name}\``, is]),
)}

A service has the environment of the \`candle\` that started it, then the ports of its project's services, then what \`envFile\`
says, then \`env\`, then \`PORT\` (or what \`portEnv\` names instead) and the rest of this. \`candle env api --explain\` shows it all
with where it comes from, and \`candle exec api -- COMMAND\` runs a command with it. It does not inherit what speaks of that caller: \`npm_*\` and \`INIT_CWD\`, other \`CANDLE_*\`, and the marks that coding agents put into their
shells (\`CLAUDECODE\`, \`CURSOR_AGENT\`, …). A service that is restarted by its policy has the environment of its start.
`.trimStart();
}

/** The sources that run at users', without tests and without comments. */
function readSource(root) {
  const files = globSync('{packages/{core,supervisor,mcp},apps/cli}/{src,bin}/**/*.{ts,js}', { cwd: root });
  return files
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(root, file), 'utf8').replace(/^\s*(?:\/\/|\/?\*).*$/gm, ''))
    .join('\n');
}

/** What is joined to the path of the state directory, with `*` for what is put in at run time. */
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

/** The names of all that a service can be given. */
function everySet(serviceEnvironment) {
  const run = { serviceName: 's', projectDir: '/p', runId: 'r', port: 4000, stateDir: '/state' };
  const ports = ['PORT', 'URL'].map((what) => ({ name: `<SERVICE>_${what}`, value: '', serviceName: 's' }));
  const given = { color: true, ports, files: [], env: {}, portEnv: ['PORT'] };
  return serviceEnvironment({ CANDLE_STATE_DIR: '/state' }, given, run).map(({ name }) => name);
}

function holdAgainst(what, described, found) {
  const missing = [...new Set(found)].filter((name) => !described.includes(name));
  const gone = described.filter((name) => !found.includes(name));
  if (missing.length + gone.length === 0) return;
  throw new Error(
    `scripts/pages/described-files.mjs, ${what}: not described: ${missing.join(', ') || 'none'}; not in the code: ${gone.join(', ') || 'none'}`,
  );
}

function table([left, right], rows) {
  return [`| ${left} | ${right} |`, '|---|---|', ...rows.map(([name, is]) => `| ${name} | ${is} |`)].join('\n');
}
