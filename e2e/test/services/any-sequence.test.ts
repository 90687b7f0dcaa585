import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { program } from './programs.ts';
import { accepts } from './sequences/accepts.ts';
import { checkSequences, sequencesTimeoutMs } from './sequences/check-sequences.ts';
import { applyStep, expectedStatus, isAlive, type Model, neverStarted } from './sequences/model.ts';
import { type Sequences, type Step, sequences } from './sequences/steps.ts';
import { groupOf, type Tree, treeOf } from './sequences/tree.ts';

interface Service {
  readonly box: Sandbox;
  readonly name: keyof Sequences;
  /** The directory in which the program looks for orders. */
  readonly orders: string;
  readonly port: number | null;
}

test(
  'after any sequence of start, stop, restart, kill -9 and exit, ps reports the real state',
  () => checkSequences(sequences, { numRuns: 10, limitMs: 30_000 }, play),
  sequencesTimeoutMs,
);

async function play(box: Sandbox, steps: Sequences): Promise<void> {
  const orders = (name: string) => join(box.root, name);
  const names = ['api', 'worker'] as const;
  for (const name of names) mkdirSync(orders(name));
  box.writeConfig({ services: names.map((name) => ({ name, shell: program('exits-on-request.mjs', orders(name)) })) });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  const services = names.map((name) => ({ box, name, orders: orders(name), port: name === 'api' ? port : null }));
  const results = await Promise.allSettled(services.map((service) => playSteps(service, steps[service.name])));
  const models = results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });

  const { services: listed } = await box.candleJson(['ps']);
  for (const [index, service] of services.entries()) {
    await expectConsistent(service, models[index] ?? neverStarted, listed[index]);
  }
  expect(await box.candle(['kill'])).toMatchObject({ exitCode: 0 });
  for (const { name } of services) expect(treeOf(box.projectDir, name)).toEqual(treeOf('/none', name));
}

/** Plays the steps of one service without pauses and returns the model after the last step. */
async function playSteps(service: Service, steps: readonly Step[]): Promise<Model> {
  let model = neverStarted;
  for (const step of steps) {
    const next = applyStep(model, step);
    if (next === undefined) continue;
    await perform(service, step);
    model = next;
    if (step.do === 'ps') {
      const { services } = await service.box.candleJson(['ps', service.name]);
      await expectConsistent(service, model, services[0]);
    } else if (step.do === 'exit' || step.do === 'kill -9') {
      await until('the killed processes have ended', () => isReconciled(service, model), {
        explain: () => JSON.stringify({ step, model, tree: treeOf(service.box.projectDir, service.name) }),
      });
    }
  }
  return model;
}

async function perform({ box, name, orders }: Service, step: Step): Promise<void> {
  const order = (file: string) => writeFileSync(join(orders, file), '');
  const candle = async (verb: string, exitCode = 0) => {
    const { stdout, stderr, ...ended } = await box.candle([verb, name]);
    expect(ended, `${verb} ${name}: ${stdout}${stderr}`).toEqual({ exitCode });
  };
  switch (step.do) {
    case 'ps':
      return;
    case 'exit':
      return order(`exit.${step.code}`);
    case 'kill -9': {
      const tree = treeOf(box.projectDir, name);
      // The program is in the process group of the shim, even if the shim has ended.
      if (step.what === 'group') return killAll(tree.program.map((pid) => -groupOf(pid)));
      return killAll(tree[step.what]);
    }
    case 'start-and-end':
      order(`at-start.${step.code}`);
      return candle('start', step.code === 0 ? 0 : 1);
    default:
      return candle(step.do);
  }
}

function killAll(targets: readonly number[]): void {
  for (const target of targets) process.kill(target, 'SIGKILL');
}

function isReconciled({ box, name }: Service, model: Model): boolean {
  const { shim, shell, program } = treeOf(box.projectDir, name);
  const living = { shim: shim.length > 0, shell: shell.length > 0, program: program.length > 0 };
  return living.shim === model.shim && living.shell === model.shell && living.program === model.program;
}

/** The PID of a run is that of its main process. Without its shim, it is that of any of its processes. */
function pidOf({ shim, shell, program }: Tree, listed: number): number | undefined {
  if (shim.length > 0) return program[0] ?? shim[0];
  return [...shell, ...program].find((pid) => pid === listed);
}

// biome-ignore lint/suspicious/noExplicitAny: a test asserts on the form itself
async function expectConsistent(service: Service, model: Model, listed: any): Promise<void> {
  const { box, name, orders, port } = service;
  const tree = treeOf(box.projectDir, name);
  const actual = {
    tree: { shim: tree.shim.length, shell: tree.shell.length, program: tree.program.length },
    pid: isAlive(model) ? pidOf(tree, listed.pid) : null,
    port,
    accepts: port === null ? null : await accepts(port),
    hadTwoAtOnce: existsSync(join(orders, 'overlap')),
  };
  const expected = {
    tree: { shim: Number(model.shim), shell: Number(model.shell), program: Number(model.program) },
    pid: listed.pid,
    port: listed.port,
    accepts: port === null ? null : isAlive(model),
    hadTwoAtOnce: false,
  };
  expect(actual, JSON.stringify(listed)).toEqual(expected);
  expect(listed).toMatchObject({ name, ...expectedStatus(model) });
}
