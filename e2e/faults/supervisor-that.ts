import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Sandbox } from '@candle/test-kit';

/** The built one. */
export const supervisorScript = fileURLToPath(new URL('../../apps/cli/dist/supervisor.js', import.meta.url));

/** The script of a supervisor that is the built one, after something was done to its process. */
export function supervisorThat(does: string): string {
  return `import fs from 'node:fs';
import child from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
${does}
syncBuiltinESMExports();
await import(${JSON.stringify(pathToFileURL(supervisorScript).href)});
`;
}

/** Where a supervisor dies: at its nth call of that kind. */
export type KillPoint = `${number} ${'before' | 'halfway' | 'after'}`;

export interface DeathPlan {
  /** Each supervisor dies at the first of the places that are left; one that finds none lives. */
  readonly supervisor: string;
  left(): number;
}

/** Dies at a write to the stored output (a segment or its time index), or before one is begun. */
export function diesAtWrites(box: Sandbox, points: readonly KillPoint[]): DeathPlan {
  return deathPlan(
    box,
    points,
    `const { writeSync } = fs;
const isStored = (fd) => /\\/log\\/[^/]*\\.(seg|idx)$/.test(fs.readlinkSync('/proc/self/fd/' + fd));
fs.writeSync = (fd, bytes, ...more) => {
  if (!isStored(fd) || !isNow()) return writeSync(fd, bytes, ...more);
  if (when === 'halfway') writeSync(fd, bytes.subarray(0, bytes.length >> 1));
  if (when === 'after') writeSync(fd, bytes, ...more);
  die();
};`,
  );
}

/** Dies when it begins a segment: before its file is there, between it and its index, or when both are there. */
export function diesAtSegments(box: Sandbox, points: readonly KillPoint[]): DeathPlan {
  return deathPlan(
    box,
    points,
    `const { openSync } = fs;
fs.openSync = (path, flags, ...more) => {
  const isAppended = flags === 'a';
  if (isAppended && when === 'before' && path.endsWith('.seg') && isNow()) die();
  if (isAppended && when === 'halfway' && path.endsWith('.idx') && isNow()) die();
  const fd = openSync(path, flags, ...more);
  if (isAppended && when === 'after' && path.endsWith('.idx') && isNow()) die();
  return fd;
};`,
  );
}

/** Dies before it has space given back, while that is done, or right after. */
export function diesAtPunches(box: Sandbox, points: readonly KillPoint[]): DeathPlan {
  return deathPlan(
    box,
    points,
    `const { spawn } = child;
child.spawn = (file, ...more) => {
  const isDeath = /fallocate$/.test(file) && isNow();
  if (isDeath && when === 'before') die();
  const spawned = spawn(file, ...more);
  if (isDeath && when === 'halfway') die();
  if (isDeath) spawned.prependOnceListener('exit', die);
  return spawned;
};`,
  );
}

function deathPlan(box: Sandbox, points: readonly KillPoint[], deaths: string): DeathPlan {
  const path = join(box.root, 'deaths');
  writeFileSync(path, points.join('\n'), { mode: 0o666 });
  const left = () => readFileSync(path, 'utf8').split('\n').filter(Boolean).length;
  const supervisor =
    supervisorThat(`const [place = '', ...others] = fs.readFileSync(${JSON.stringify(path)}, 'utf8').split('\\n');
const [calls, when] = place.split(' ');
let callsLeft = Number(calls);
const isNow = () => place !== '' && --callsLeft === 0;
const die = () => {
  fs.writeFileSync(${JSON.stringify(path)}, others.join('\\n'));
  process.kill(process.pid, 'SIGKILL');
};
${deaths}`);
  return { supervisor, left };
}
