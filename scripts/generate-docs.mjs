// Writes docs/reference from what is built: the commands' own help, the catalogues of errors, the MCP tools, the schemas of
// JSON, the table of use cases, and that of a run's status.
// With --check it only tells whether the pages are up to date.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configPage } from './pages/config-page.mjs';
import { filesAndEnvironmentPage } from './pages/files-and-environment-page.mjs';
import { jsonPage, jsonSchemas } from './pages/json-page.mjs';
import { mcpPage } from './pages/mcp-page.mjs';
import { useCasesPage } from './pages/use-cases-page.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { commands } = JSON.parse(readFileSync(`${root}apps/cli/oclif.manifest.json`, 'utf8'));
const fromCli = createRequire(`${root}apps/cli/package.json`);
const core = await import(fromCli.resolve('@candle/core'));
const { coreErrors, eventMeanings, isOver, nextStatus, runEvents, runStatuses, statusMeanings } = core;
const { supervisorErrors } = await import(fromCli.resolve('@candle/supervisor'));
const { describeTools, mcpErrors } = await import(fromCli.resolve('@candle/mcp'));
const { kitErrors } = await import('../packages/cli-kit/src/catalogue.ts');
const { pluginErrors } = await import('../apps/cli/src/plugins/catalogue.ts');
const { docErrors } = await import('../apps/cli/src/docs/catalogue.ts');

const { serviceEnvironment } = await import('../packages/supervisor/src/launch/service-environment.ts');
const documents = (await import('../apps/cli/src/documents/describe-documents.ts')).describeDocuments();

const generated = '<!-- Written by `pnpm run docs`; do not edit. -->\n';

/** Of its own, and empty: what is installed for the person who runs this must not show. */
const home = mkdtempSync(join(tmpdir(), 'candle-docs-'));

function help(id) {
  const env = { PATH: process.env.PATH, HOME: home, NO_COLOR: '1', COLUMNS: '100' };
  return execFileSync(process.execPath, ['apps/cli/bin/run.js', id, '--help'], {
    cwd: root,
    env,
    encoding: 'utf8',
  }).trim();
}

const commandPages = Object.keys(commands)
  .sort()
  .map((id) => `## candle ${id.replaceAll(':', ' ')}\n\n\`\`\`text\n${help(id)}\n\`\`\`\n`);

const errorPages = [...coreErrors, ...supervisorErrors, ...mcpErrors, ...pluginErrors, ...docErrors, ...kitErrors]
  .sort((a, b) => (a.code < b.code ? -1 : 1))
  .map(({ code, message, hint }) => `## ${code}\n\n\`\`\`text\nError: ${message}\n${hint ?? ''}\n\`\`\`\n`);

/** Empty: the event changes nothing. */
const statusRows = runStatuses.map((status) => {
  const cells = runEvents.map((event) => (nextStatus(status, event) === status ? '' : nextStatus(status, event)));
  return `| **${status}** | ${cells.join(' | ')} |`;
});

const pages = {
  'docs/reference/commands.md': `${generated}
# Commands

\`candle COMMAND --help\` prints the same. Exit codes: 0 done, 1 any error, 130 interrupted. Data goes to stdout, everything
else to stderr; with \`--json\` a command prints one object, and an error is \`{"error": {code, message, hint, details}}\`.

${commandPages.join('\n')}`,
  'docs/reference/errors.md': `${generated}
# Errors

Each by its code, which never changes, and as a user meets it. All of them exit with 1. \`USAGE\` is a command line that
candle does not understand, \`NODE_TOO_OLD\` a Node.js it cannot run on, \`STATE_HOME_UNKNOWN\` a user without a home;
\`INTERNAL\` is a bug.

${errorPages.join('\n')}`,
  'docs/reference/config.md': `${generated}\n${configPage(JSON.parse(readFileSync(`${root}apps/cli/config.schema.json`, 'utf8')))}`,
  'docs/reference/files-and-environment.md': `${generated}\n${filesAndEnvironmentPage({ root, runDir: core.runDir, serviceEnvironment })}`,
  ...jsonSchemas(documents),
  'docs/reference/json/config.json': readFileSync(`${root}apps/cli/config.schema.json`, 'utf8'),
  'docs/reference/json.md': `${generated}\n${jsonPage(documents)}`,
  'docs/reference/mcp.md': `${generated}\n${mcpPage(describeTools())}`,
  'docs/reference/use-cases.md': `${generated}\n${useCasesPage(core)}`,
  'docs/reference/run-status.md': `${generated}
# The status of a run

A run is one execution of a service. Its status changes by events, and by nothing else. In the table a row is the status
that a run has, a column what happens, and the cell the status that it has then; where the cell is empty nothing changes.

| | ${runEvents.join(' | ')} |
|---|${runEvents.map(() => '---|').join('')}
${statusRows.join('\n')}

## Status

${runStatuses.map((status) => `- **${status}**${isOver(status) ? ' (over)' : ''}: ${statusMeanings[status]}`).join('\n')}

## Events

${runEvents.map((event) => `- **${event}**: ${eventMeanings[event]}`).join('\n')}
`,
};

mkdirSync(`${root}docs/reference/json`, { recursive: true });
for (const [path, text] of Object.entries(pages)) {
  if (!process.argv.includes('--check')) writeFileSync(root + path, text);
  else if (!existsSync(root + path) || readFileSync(root + path, 'utf8') !== text) {
    console.error(`${path} is not up to date: pnpm run docs`);
    process.exitCode = 1;
  }
}
rmSync(home, { recursive: true });
