import { readdirSync, readFileSync } from 'node:fs';

export interface OwnProcess {
  readonly pid: number;
  readonly command: string;
}

/** All of Candle's own processes for a state directory: supervisor, watchdog, shims and their inner shells. */
export function processesOfCandle(stateDir: string): readonly OwnProcess[] {
  const supervisor: { pid?: number; watchdog?: { pid?: number } } = readJson(`${stateDir}/supervisor.json`);
  const background = [supervisor.pid, supervisor.watchdog?.pid];
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid)) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const isShell = command.startsWith('/bin/sh ') && command.includes(`${stateDir}/runs/`);
      return background.includes(pid) || isShell ? [{ pid, command }] : [];
    } catch {
      return [];
    }
  });
}

/** Proportional set size in bytes: memory shared by several processes is divided among them. */
export function proportionalBytes(pid: number): number {
  return readSmaps(pid, 'Pss');
}

/** Resident set size in bytes: all of its memory, shared or not. */
export function residentBytes(pid: number): number {
  return readSmaps(pid, 'Rss');
}

/** Memory that only this process uses, in bytes. */
export function privateBytes(pid: number): number {
  return readSmaps(pid, 'Private_Clean') + readSmaps(pid, 'Private_Dirty');
}

/** CPU time of all threads since the process was started, in milliseconds. */
export function cpuMs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6)
    .reduce((sum, ms) => sum + ms, 0);
}

function readSmaps(pid: number, key: string): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1024;
}

function readJson(path: string): object {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}
