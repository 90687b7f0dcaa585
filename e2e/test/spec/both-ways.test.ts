import { readFileSync } from 'node:fs';
import type { ProgramResult, Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { testInFull } from '../bounded.ts';
import { sandbox } from '../sandbox.ts';

// Candle's own commands usually run without oclif's configuration. These tests compare them with oclif's own way.

/** Lets oclif run the command, and has no other effect: it is not one of the values that print debug messages. */
const throughOclif = { CANDLE_DEBUG: 'no' };

const config = {
  services: [
    { name: 'api', shell: 'exec sleep 60' },
    { name: 'web', shell: 'exec sleep 60', port: 4100 },
  ],
};

interface Lines {
  readonly [title: string]: readonly (readonly string[])[];
}

/** Successive lines of a fresh project, which has the port of `api` reserved. */
const usual: Lines = {
  'reads of a project': [
    ['get-reserved-port', 'api'],
    ['list'],
    ['ls', 'api', '--json'],
    ['logs', 'api', '-n', '5'],
    ['url', '--', 'api'],
  ],
  'wrong usage': [
    ['get-reserved-port'],
    ['get-reserved-port', 'api', 'web'],
    ['ps', '--wat'],
    ['ps-all', 'api'],
    ['logs', '-n', '5', '--regex'],
    ['list', '--all=no', '--json'],
    ['lists'],
  ],
  'changes of a project': [
    ['reserve-port', 'web', '--json'],
    ['reserve-port', 'web'],
    ['release-ports', 'web'],
  ],
};

const rest: Lines = {
  'ends and values of flags': [
    ['list', '--', '--json'],
    ['list', '--json', '--', '-x'],
    ['logs', '-n5', 'api'],
    ['logs', '--count=5', 'api'],
    ['logs', '--count', '5', '--count', '6', 'api'],
    ['logs', 'api', '--grep', '-h'],
    ['logs', 'api', '--grep', '--help'],
    ['logs', 'api', '-f=1'],
    ['list', ''],
    ['list', '', 'api'],
    ['list', 'a=b'],
    ['list-all', 'a=b'],
    ['list-all', ''],
    ['list', '--project'],
    ['list', '--project', '.'],
    ['list', '--project='],
    ['list', '--help', '--', 'x'],
    ['list', '--', '--help'],
    ['list', '-h', '--json'],
  ],
  'words that are not names of commands': [
    [],
    ['agents'],
    ['agents', 'guide'],
    ['agents:guide'],
    ['agents-guide'],
    ['plugins'],
    ['plugins', 'inspect', 'x'],
    ['list:x'],
    ['constructor'],
    ['__proto__'],
    ['--wat'],
    ['--version'],
    ['-v'],
    ['-v', 'list'],
    ['help', 'list'],
    ['help', 'lists'],
    ['--mcp', '--help'],
    ['--debug', 'get-reserved-port', 'nothing'],
    ['get-reserved-port', 'nothing', '--debug', '--json'],
    ['list-docs'],
    ['get-doc', 'ports'],
    ['config-schema'],
    ['who-has', '4000'],
    ['who-has', 'x'],
    ['env', 'api'],
    ['trust', '--list'],
  ],
};

const manifest = new URL('../../../apps/cli/oclif.manifest.json', import.meta.url);
const ids = Object.keys(JSON.parse(readFileSync(manifest, 'utf8')).commands).map((id) => id.replaceAll(':', ' '));

/** Mistakes that each command rejects before it has any effect. */
const mistakes: Lines = Object.fromEntries(
  ids.map((id) => {
    const words = id.split(' ');
    return [
      `mistakes with ${id}`,
      [
        [...words, '--wat'],
        [...words, '--json', '--wat'],
        [...words, '--json=1'],
        [...words, '--help'],
      ],
    ];
  }),
);

/** Process IDs, times, and the path of the sandbox differ between two runs. */
function withoutDifferences({ stdout, stderr, exitCode }: ProgramResult, box: Sandbox) {
  const plain = (text: string) =>
    text
      .replaceAll(box.root, 'ROOT')
      .replace(/^ {4}at .*\n/gm, '')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z|\d{13}/g, 'TIME');
  return { stdout: plain(stdout), stderr: plain(stderr), exitCode };
}

async function runAll(lines: readonly (readonly string[])[], env: Readonly<Record<string, string>>) {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  const results = [];
  for (const line of lines) results.push({ line, ...withoutDifferences(await box.candle(line, { env }), box) });
  expect(results.filter(({ stdout, stderr }) => stdout + stderr === '')).toEqual([]);
  return results;
}

async function compare(lines: readonly (readonly string[])[]) {
  expect(await runAll(lines, {})).toEqual(await runAll(lines, throughOclif));
}

test.each(Object.entries(usual))('prints the same through oclif: %s', (_, lines) => compare(lines));
testInFull.each(Object.entries({ ...rest, ...mistakes }))('prints the same through oclif: %s', (_, lines) =>
  compare(lines),
);
