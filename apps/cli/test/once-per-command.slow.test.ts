import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openSandbox, type Sandbox, until } from '@candle/test-kit';
import { expect, onTestFinished, test } from 'vitest';

const repository = join(import.meta.dirname, '../../..');

/** Steps that a command should not repeat: a name for the expectation, and the function that does the step. */
const steps = {
  reads: ['config/read-config.ts', 'readConfigFile'],
  checks: ['config/parse-config.ts', 'parseConfig'],
  resolves: ['services/templates/resolve-templates.ts', 'resolveTemplates'],
  lists: ['store/reservation-store.ts', 'list'],
} as const;
type Counts = Readonly<Record<keyof typeof steps, number>>;

const config = {
  services: [
    { name: 'api', shell: 'exec sleep 600', port: 'auto', ready: false, env: { SELF: '${services.api.url}' } },
  ],
};

function openProject(): Sandbox {
  const box = openSandbox({ bin: join(repository, 'apps/cli/bin/dev.js'), config });
  onTestFinished(() => box.close());
  return box;
}

interface ScriptCoverage {
  readonly url: string;
  readonly functions: readonly {
    readonly functionName: string;
    readonly ranges: readonly { readonly count: number }[];
  }[];
}

/** Runs a command from the sources, and returns how often V8 counted each step. */
async function countSteps(box: Sandbox, args: readonly string[]): Promise<Counts> {
  const directory = join(box.root, 'coverage');
  rmSync(directory, { recursive: true, force: true });
  const { exitCode, stderr } = await box.candle(args, { env: { NODE_V8_COVERAGE: directory } });
  expect(exitCode, stderr).toBe(0);
  const processes = readdirSync(directory).map((file): readonly ScriptCoverage[] => {
    return JSON.parse(readFileSync(join(directory, file), 'utf8')).result;
  });
  // The supervisor inherits the variable. Only a command loads main.ts.
  const scripts = processes.find((loaded) => loaded.some(({ url }) => url.endsWith('/apps/cli/src/main.ts'))) ?? [];
  const count = ([path, name]: (typeof steps)[keyof typeof steps]): number => {
    const script = scripts.find(({ url }) => url.endsWith(`/packages/core/src/${path}`));
    return script?.functions.find(({ functionName }) => functionName === name)?.ranges[0]?.count ?? 0;
  };
  const { reads, checks, resolves, lists } = steps;
  return { reads: count(reads), checks: count(checks), resolves: count(resolves), lists: count(lists) };
}

test.each([
  ['list'],
  ['list-ports'],
  ['env api'],
  ['logs api'],
  ['kill api'],
  ['reserve-port api'],
  ['get-or-reserve-port api'],
  ['list-reserved-ports'],
])('candle %s reads and checks the configuration once', async (line) => {
  const box = openProject();
  expect(await countSteps(box, line.split(' '))).toMatchObject({ reads: 1, checks: 1 });
});

test('an edit checks the old and the new configuration once, and reads the file again only before it replaces it', async () => {
  const box = openProject();
  const edit = { reads: 2, checks: 2 };
  expect(await countSteps(box, ['add-service', 'web', '--shell', 'true'])).toMatchObject(edit);
  expect(await countSteps(box, ['remove-service', 'web'])).toMatchObject(edit);
});

test('a start resolves templates and lists reservations once, and again only after it has stopped the old run', async () => {
  const box = openProject();
  const once = { reads: 1, checks: 1, resolves: 1, lists: 1 };
  expect(await countSteps(box, ['start', 'api'])).toEqual(once);
  expect(await countSteps(box, ['start', 'api'])).toEqual({ ...once, resolves: 2, lists: 2 });
  await box.candle(['kill', 'api']);
  expect(await countSteps(box, ['start', 'api'])).toEqual(once);
  await box.candle(['kill', 'api']);
  await until('no background process is left', () => box.background().length === 0);
});
