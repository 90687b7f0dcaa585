import { setTimeout as sleep } from 'node:timers/promises';
import { forgetHookFailure, type HookedPlugin, recordHookFailure, takeEvents } from '@candle/core/events';
import { openProcessTable } from '../supervision.ts';
import { HookLane } from './hook-lane.ts';
import type { HookProgram } from './hook-process.ts';
import { removeRunnerRecord, writeRunnerRecord } from './runner-record.ts';

const pollMs = 50;
/** About the time between two commands of a script. After it, the next event is worth a new process. Milliseconds. */
const idleTimeoutMs = 500;

/**
 * Takes events from the queue and delivers them to plugins, each in a separate process, until the queue is empty. It may be
 * killed at any moment: events that it has already taken are then lost, and the remaining ones are delivered with the next event.
 */
export async function notifyPlugins(program: HookProgram): Promise<void> {
  const { stateDir } = program;
  const self = (await openProcessTable()).identify(process.pid) ?? { pid: process.pid, startToken: '' };
  const lanes = new Map<string, HookLane>();
  writeRunnerRecord(stateDir, self);
  for (let busyAtMs = performance.now(); ; await sleep(pollMs)) {
    if (deliverQueued(program, lanes)) busyAtMs = performance.now();
    else if (performance.now() - busyAtMs >= idleTimeoutMs) {
      // Another process may have seen the record and relies on this one to check the queue once more.
      removeRunnerRecord(stateDir);
      if (!deliverQueued(program, lanes)) break;
      writeRunnerRecord(stateDir, self);
      busyAtMs = performance.now();
    }
  }
  for (const lane of lanes.values()) lane.close();
}

/** False if the queue is empty and no delivery is in progress. */
function deliverQueued(program: HookProgram, lanes: Map<string, HookLane>): boolean {
  const taken = takeEvents(program.stateDir, Date.now());
  for (const { event, plugins } of taken) {
    for (const plugin of plugins) laneOf(program, lanes, plugin).deliver(event);
  }
  return taken.length > 0 || [...lanes.values()].some(({ isBusy }) => isBusy);
}

function laneOf(program: HookProgram, lanes: Map<string, HookLane>, plugin: HookedPlugin): HookLane {
  const known = lanes.get(plugin.root);
  if (known) return known;
  const { stateDir } = program;
  const lane = new HookLane(plugin, program, ({ kind }, problem) => {
    const hook = { plugin: plugin.name, kind };
    try {
      if (problem === undefined) forgetHookFailure(stateDir, hook);
      else recordHookFailure(stateDir, { ...hook, problem, atMs: Date.now(), hint: plugin.hint });
    } catch {
      // The state was erased, or the disk is full. hooks.log may still contain the problem.
    }
  });
  lanes.set(plugin.root, lane);
  return lane;
}
