import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Sandbox } from '@candle/test-kit';

/** The built supervisor script. */
export const supervisorScript = fileURLToPath(new URL('../../apps/cli/dist/supervisor.js', import.meta.url));

/** Returns the script of a supervisor that runs the given code first, and then the built supervisor. */
export function supervisorThat(code: string): string {
  return `import fs from 'node:fs';
import child from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
${code}
syncBuiltinESMExports();
await import(${JSON.stringify(pathToFileURL(supervisorScript).href)});
`;
}

/** Where a supervisor dies: before, halfway through or after its nth call of one kind. */
export type KillPoint = `${number} ${'before' | 'halfway' | 'after'}`;

export interface KillPlan {
  /** Each supervisor dies at the first remaining point. If none remains, it keeps running. */
  readonly supervisor: string;
  left(): number;
}

/** Dies at a write to the stored output: a segment or its time index. */
export function diesAtWrites(box: Sandbox, points: readonly KillPoint[]): KillPlan {
  return killPlan(
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

/** Fails halfway through every tenth write to the stored output, and appends a line to the file `failures` each time. */
export function failsAtWrites(failures: string): string {
  return supervisorThat(`const { fstatSync, writeSync } = fs;
const isStored = (fd) => /\\/log\\/[^/]*\\.(seg|idx)$/.test(fs.readlinkSync('/proc/self/fd/' + fd));
const fail = (code) => { throw Object.assign(new Error(code), { code }); };
let writes = 0;
let failedFd;
fs.writeSync = (fd, bytes, ...more) => {
  if (!isStored(fd) || ++writes % 10 !== 0) return writeSync(fd, bytes, ...more);
  writeSync(fd, bytes.subarray(0, bytes.length >> 1));
  fs.appendFileSync(${JSON.stringify(failures)}, 'failed\\n');
  failedFd = fd;
  fail(writes % 20 === 0 ? 'EIO' : 'EROFS');
};
fs.fstatSync = (fd, ...more) => {
  if (fd !== failedFd) return fstatSync(fd, ...more);
  failedFd = undefined;
  fail('EIO');
};`);
}

/** Dies when it begins a segment: before its file exists, between creating the file and its index, or after both exist. */
export function diesAtSegments(box: Sandbox, points: readonly KillPoint[]): KillPlan {
  return killPlan(
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

/** Dies before, while or right after `fallocate` frees the space of copied output. */
export function diesAtPunches(box: Sandbox, points: readonly KillPoint[]): KillPlan {
  return killPlan(
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

function killPlan(box: Sandbox, points: readonly KillPoint[], deaths: string): KillPlan {
  const path = join(box.root, 'deaths');
  writeFileSync(path, points.join('\n'), { mode: 0o666 });
  const left = () => readFileSync(path, 'utf8').split('\n').filter(Boolean).length;
  const supervisor =
    supervisorThat(`const [point = '', ...others] = fs.readFileSync(${JSON.stringify(path)}, 'utf8').split('\\n');
const [calls, when] = point.split(' ');
let callsLeft = Number(calls);
const isNow = () => point !== '' && --callsLeft === 0;
const die = () => {
  fs.writeFileSync(${JSON.stringify(path)}, others.join('\\n'));
  process.kill(process.pid, 'SIGKILL');
};
${deaths}`);
  return { supervisor, left };
}
