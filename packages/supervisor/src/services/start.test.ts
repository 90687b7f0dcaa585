import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCandle } from '@candle/core/candle';
import { movePorts } from '@candle/core/reservations';
import { runDir } from '@candle/core/runs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { findLaunch } from '../launch/launch.ts';
import { type Supervision, superviseWith } from '../supervision.ts';
import { kill } from './kill.ts';
import { start } from './start.ts';

const program = 'exec sleep 600';

interface Project {
  readonly supervision: Supervision;
  readonly projectDir: string;
  /** Creates a file in the project. */
  touch(name: string): void;
  exists(name: string): boolean;
}

/** A project with the services `web`, which has a port, and `api`. */
async function openProject(api: object, others: readonly object[] = []): Promise<Project> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'candle-start-')));
  const projectDir = join(root, 'project');
  mkdirSync(projectDir);
  const web = { name: 'web', shell: program, port: 'auto' };
  const services = [web, { name: 'api', shell: program, ready: false, ...api }, ...others];
  writeFileSync(join(projectDir, '.candle.json'), JSON.stringify({ services }));
  const candle = openCandle(join(root, 'state'));
  const supervision = await superviseWith(candle, { callerEnv: { PATH: process.env.PATH, HOME: root } });
  onTestFinished(async () => {
    writeFileSync(join(projectDir, 'go'), '');
    await kill(supervision, { names: [] });
    candle.store.close();
    rmSync(root, { recursive: true, force: true });
  });
  return {
    supervision,
    projectDir,
    touch: (name) => writeFileSync(join(projectDir, name), ''),
    exists: (name) => existsSync(join(projectDir, name)),
  };
}

const startApi = ({ supervision, projectDir }: Project) => start(supervision, { projectDir, names: ['api'] });

/** Moves the port of `web` while `api` waits, ends the wait, and checks which port of `web` the new run of `api` has. */
async function moveDuringWait(project: Project, isWaiting: () => boolean | Promise<boolean>, endWait: () => unknown) {
  const { supervision, projectDir } = project;
  const starting = startApi(project);
  await vi.waitUntil(isWaiting, { timeout: 30_000 });
  const [move] = await movePorts(supervision, { projectDir, services: [{ name: 'web' }] });
  await endWait();
  const { done, failed } = await starting;
  expect(failed).toEqual([]);
  const run = done.find(({ definition }) => definition.name === 'api')?.run;
  expect(move?.from?.port).not.toBe(move?.to.port);
  expect(findLaunch(runDir(supervision.stateDir, run?.id ?? ''))?.env.WEB_PORT).toBe(String(move?.to.port));
}

test('a service that waited for its old run to end gets a port that was moved during the wait', async () => {
  const whenStopped = 'touch stopping; while [ ! -e go ]; do sleep 0.05; done; exit 0';
  const shell = `trap '${whenStopped}' TERM; touch up; while :; do sleep 0.05; done`;
  const project = await openProject({ shell, stopTimeout: '10m' });
  await startApi(project);
  await vi.waitUntil(() => project.exists('up'), { timeout: 30_000 });
  await moveDuringWait(
    project,
    () => project.exists('stopping'),
    () => project.touch('go'),
  );
});

test('a service that waited for a dependency gets a port that was moved during the wait', async () => {
  const db = { name: 'db', shell: program, ready: { exec: 'test -e go', timeout: '10m' } };
  const project = await openProject({ dependsOn: 'db' }, [db]);
  const { supervision, projectDir } = project;
  await moveDuringWait(
    project,
    async () => (await supervision.store.runs.findActive(projectDir, 'db'))?.confirmedAtMs != null,
    () => project.touch('go'),
  );
});

test('a service that waited for the service lock gets a port that was moved during the wait', async () => {
  const project = await openProject({});
  const { supervision, projectDir } = project;
  const { store, self } = supervision;
  const key = { projectDir, name: 'api' };
  await store.services.ensure(key, self);
  await store.services.tryLock(key, self, 0, () => true);
  await moveDuringWait(
    project,
    async () => (await store.services.find(key))?.request.generation === 1,
    () => store.services.unlock(key, self, 0),
  );
});
