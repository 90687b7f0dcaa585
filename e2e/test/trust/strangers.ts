import { chmodSync, chownSync, existsSync, lchownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';

/** A user of the machine who is not the caller. It needs no name. */
export const stranger = 1002;

/** Gives a file or a symbolic link to the stranger. Only root can do that. */
export function giveToStranger(path: string, uid = stranger): void {
  lchownSync(path, uid, uid);
}

/** A directory like /tmp, where everybody can create files. */
export function sharedDirectory(box: Sandbox): string {
  const shared = join(box.root, 'shared');
  mkdirSync(shared);
  chmodSync(shared, 0o1777);
  return shared;
}

/** A configuration whose commands all leave a mark, and whether one of them has. */
export function markingConfig(box: Sandbox) {
  const marks = join(box.root, 'marks');
  mkdirSync(marks);
  chmodSync(marks, 0o777);
  const mark = (name: string) => `echo ran >> '${join(marks, name)}'`;
  const service = {
    name: 'web',
    shell: `${mark('shell')}; sleep 600`,
    ready: { exec: mark('ready') },
    stopCommand: mark('stop'),
    port: 'auto',
  };
  return {
    text: JSON.stringify({ services: [service, { name: 'api', shell: mark('api'), port: 'auto' }] }),
    ran: (name: string) => existsSync(join(marks, name)),
    hasRun: () => ['shell', 'ready', 'stop', 'api'].some((name) => existsSync(join(marks, name))),
  };
}

/** Writes a configuration that belongs to the stranger. */
export function writeAsStranger(dir: string, text: string): string {
  const path = join(dir, '.candle.json');
  writeFileSync(path, text);
  chownSync(path, stranger, stranger);
  return path;
}
