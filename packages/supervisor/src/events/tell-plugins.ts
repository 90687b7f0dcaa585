import { setTimeout as sleep } from 'node:timers/promises';
import { forgetHookFailure, type HookedPlugin, recordHookFailure, takeEvents } from '@candle/core';
import { openProcessTable } from '../system/open-process-table.ts';
import { HookLane } from './hook-lane.ts';
import type { HookProgram } from './hook-process.ts';
import { removeRunnerRecord, writeRunnerRecord } from './runner-record.ts';

const pollMs = 50;
/** The commands of a script follow each other at about this distance; after it, the next event is worth a new process. Milliseconds. */
const idleBeforeLeavingMs = 500;

/**
 * Takes events from the queue and tells plugins of them, each plugin in a process of its own, until there are no more. It may
 * be killed at any moment: what it had taken is then told to nobody, and what it had not, with the next event.
 */
export async function tellPlugins(program: HookProgram): Promise<void> {
  const { stateDir } = program;
  const self = (await openProcessTable()).identify(process.pid) ?? { pid: process.pid, startToken: '' };
  const lanes = new Map<string, HookLane>();
  writeRunnerRecord(stateDir, self);
  for (let busyAtMs = performance.now(); ; await sleep(pollMs)) {
    if (tellTaken(program, lanes)) busyAtMs = performance.now();
    else if (performance.now() - busyAtMs >= idleBeforeLeavingMs) {
      // Whoever has seen the record relies on one more look.
      removeRunnerRecord(stateDir);
      if (!tellTaken(program, lanes)) break;
      writeRunnerRecord(stateDir, self);
      busyAtMs = performance.now();
    }
  }
  for (const lane of lanes.values()) lane.close();
}

/** False when there is nothing to tell and nobody is being told. */
function tellTaken(program: HookProgram, lanes: Map<string, HookLane>): boolean {
  const taken = takeEvents(program.stateDir, Date.now());
  for (const { event, plugins } of taken) {
    for (const plugin of plugins) laneOf(program, lanes, plugin).tell(event);
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
      // The state was erased, or the disk is full: hooks.log has it, if anything has.
    }
  });
  lanes.set(plugin.root, lane);
  return lane;
}
