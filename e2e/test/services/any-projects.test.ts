import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { bin } from '../sandbox.ts';
import { program } from './programs.ts';
import { accepts } from './sequences/accepts.ts';
import { checkSequences, sequencesTimeoutMs } from './sequences/check-sequences.ts';
import {
  type ProjectName,
  projectNames,
  type Round,
  rounds,
  type ServiceName,
  type StoreStep,
  serviceNames,
  type Verb,
} from './sequences/store-steps.ts';
import { treeOf } from './sequences/tree.ts';

const preferredPort = 5173;

/** The expected state of a service. A field is undefined if a command was killed and either result is correct. */
interface Model {
  readonly port: number | null | undefined;
  readonly isRunning: boolean | undefined;
}

interface ProjectDir {
  readonly box: Sandbox;
  readonly project: ProjectName;
  readonly dir: string;
}

type Models = Map<string, Model>;
const key = (project: ProjectName, service: ServiceName) => `${project}/${service}`;
const untouched: Model = { port: null, isRunning: false };

test(
  'any sequence of reserve, release, move, start, stop and crash in several projects keeps the database consistent',
  () => checkSequences(rounds, { numRuns: 8, limitMs: 4_000 }, play),
  sequencesTimeoutMs,
);

async function play(box: Sandbox, roundsToPlay: readonly Round[]): Promise<void> {
  const projectDirs = projectNames.map((project) => ({ box, project, dir: makeProject(box, project) }));
  const models: Models = new Map();
  for (const { project } of projectDirs) for (const name of serviceNames) models.set(key(project, name), untouched);

  for (const round of roundsToPlay) {
    await Promise.all(projectDirs.map((projectDir) => playStep(projectDir, round[projectDir.project], models)));
    await expectInvariants(projectDirs, models, JSON.stringify(round));
  }

  expect(await box.candle(['kill-all'])).toMatchObject({ exitCode: 0 });
  for (const { project } of projectDirs) {
    for (const name of serviceNames)
      models.set(key(project, name), { ...modelOf(models, project, name), isRunning: false });
  }
  await expectInvariants(projectDirs, models, 'kill-all');
}

function makeProject(box: Sandbox, project: ProjectName): string {
  const dir = join(box.projectDir, project);
  for (const name of serviceNames) mkdirSync(join(dir, name), { recursive: true });
  const preferences = { api: { port: 'auto' }, web: { port: preferredPort }, worker: {} };
  const services = serviceNames.map((name) => ({
    name,
    shell: program('exits-on-request.mjs', join(dir, name)),
    ...preferences[name],
  }));
  writeFileSync(join(dir, '.candle.json'), JSON.stringify({ services }));
  return dir;
}

const commandOf: Readonly<Record<Verb, (service: ServiceName) => readonly string[]>> = {
  reserve: (service) => ['reserve-port', service],
  release: (service) => ['release-ports', service],
  start: (service) => ['start', service],
  move: (service) => ['start', service, '--move'],
  kill: (service) => ['kill', service],
};

async function playStep(projectDir: ProjectDir, step: StoreStep, models: Models): Promise<void> {
  const { box, project, dir } = projectDir;
  const model = modelOf(models, project, step.service);
  const update = (next: Partial<Model>) => models.set(key(project, step.service), { ...model, ...next });
  if (step.do === 'crash') {
    for (const pid of treeOf(dir, step.service).program) process.kill(pid, 'SIGKILL');
    update({ isRunning: false });
    return;
  }
  const verb = step.do === 'kill-command' ? step.verb : step.do;
  const isStart = verb === 'start' || verb === 'move';
  if (isStart) expectPreferences(models, project);
  if (step.do === 'kill-command') {
    await killAfter(projectDir, commandOf[verb](step.service), step.afterMs);
    const mayChangePort = verb === 'release' || verb === 'move' || model.port === null;
    update({
      ...(mayChangePort ? { port: undefined } : {}),
      ...(isStart || verb === 'kill' ? { isRunning: undefined } : {}),
    });
    return;
  }
  const { stdout, stderr, exitCode } = await box.candle(commandOf[verb](step.service), { cwd: dir });
  const refused =
    (verb === 'reserve' && model.port !== null) ||
    (verb === 'release' && model.port === null) ||
    (verb === 'move' && model.port === null && step.service === 'worker');
  expect(
    { exitCode, stderr: exitCode === 0 ? '' : stderr },
    `${project}: ${verb} ${step.service}: ${stdout}${stderr}`,
  ).toMatchObject(refused ? { exitCode: 1 } : { exitCode: 0 });
  if (refused) return;
  if (verb === 'release') update({ port: null });
  else if (verb === 'reserve') update({ port: portIn(stdout, /^Reserved port (\d+) for service/m) });
  else if (verb === 'kill') update({ isRunning: false });
  else {
    const moved = /^\[Moved '\w+' from port (\d+) to (\d+)\]$/m.exec(stdout);
    // A port moves only with --move, and the output always says so.
    expect(moved !== null).toBe(verb === 'move' && model.port !== null);
    if (moved && model.port !== undefined) expect(Number(moved[1])).toBe(model.port);
    update({ isRunning: true, port: moved ? Number(moved[2]) : model.port === null ? undefined : model.port });
  }
}

/** Before the first service of a project starts, all its services with a configured port get one. */
function expectPreferences(models: Models, project: ProjectName): void {
  for (const name of ['api', 'web'] as const) {
    const model = modelOf(models, project, name);
    if (model.port === null) models.set(key(project, name), { ...model, port: undefined });
  }
}

async function killAfter({ box, dir }: ProjectDir, args: readonly string[], afterMs: number): Promise<void> {
  const child = spawn(process.execPath, [bin, ...args], { cwd: dir, env: box.env, stdio: 'ignore' });
  const closed = once(child, 'close');
  // A random delay before the kill. It does not wait for any condition.
  await Promise.race([closed, sleep(afterMs)]);
  child.kill('SIGKILL');
  await closed;
}

async function expectInvariants(projectDirs: readonly ProjectDir[], models: Models, explain: string): Promise<void> {
  const [{ box }] = projectDirs as [ProjectDir];
  const { ports } = await box.candleJson(['list-reserved-ports', '--all']);
  const numbers = ports.map(({ port }: { port: number }) => port);
  expect(new Set(numbers).size, explain).toBe(numbers.length);
  for (const { project, dir } of projectDirs) {
    for (const name of serviceNames) {
      const model = modelOf(models, project, name);
      // biome-ignore lint/suspicious/noExplicitAny: a test asserts on the form itself
      const rows = ports.filter((row: any) => row.projectDir === dir && row.serviceName === name);
      expect(rows.length, `${project}/${name}: ${explain}`).toBeLessThanOrEqual(1);
      const port: number | null = rows[0]?.port ?? null;
      if (model.port !== undefined) expect(port, `${project}/${name}: ${explain}`).toBe(model.port);
      const isRunning = await expectConsistent(box, { dir, name, model, explain });
      expect(existsSync(join(dir, name, 'overlap'))).toBe(false);
      models.set(key(project, name), { port, isRunning });
    }
  }
}

/** The listed state is the real state: at most one program runs, and it listens on its port. */
async function expectConsistent(
  box: Sandbox,
  { dir, name, model, explain }: { dir: string; name: ServiceName; model: Model; explain: string },
): Promise<boolean> {
  const listed = await until(
    `the listed state of ${dir} ${name} is correct`,
    async () => {
      const [service] = (await box.candleJson(['ps', name], { cwd: dir })).services;
      const { program: programs } = treeOf(dir, name);
      const listens = !service.running || service.port === null || (await accepts(service.port));
      return programs.length === Number(service.running) && listens ? service : undefined;
    },
    { explain: () => `${explain} ${JSON.stringify(treeOf(dir, name))}` },
  );
  if (model.isRunning !== undefined) expect(listed.running, `${dir} ${name}: ${explain}`).toBe(model.isRunning);
  if (listed.running && listed.port !== null)
    expect(listed.portCheck).toMatchObject({ status: 'ok', listensOn: [listed.port] });
  return listed.running;
}

function modelOf(models: Models, project: ProjectName, service: ServiceName): Model {
  return models.get(key(project, service)) ?? untouched;
}

function portIn(text: string, pattern: RegExp): number {
  const [, port] = pattern.exec(text) ?? [];
  expect(port, text).toBeDefined();
  return Number(port);
}
