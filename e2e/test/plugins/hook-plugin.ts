import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect } from 'vitest';

export const kinds = ['service-started', 'service-stopped', 'port-reserved', 'port-released'] as const;
type Kind = (typeof kinds)[number];

/** Hook code that appends each event and the PID of its process to a file in the directory of the plugin. */
const notes = `import { appendFileSync } from 'node:fs';
export default async function note({ event }) {
  appendFileSync(new URL('../notes.jsonl', import.meta.url), JSON.stringify({ ...event, hookPid: process.pid }) + '\\n');
}`;

export interface Note {
  readonly kind: Kind;
  readonly serviceName: string | null;
  readonly hookPid: number;
}

export interface HookPlugin {
  readonly name: string;
  readonly root: string;
  /** The events that its hooks have recorded, in order. */
  notes(): readonly Note[];
  /** Waits until its hooks have recorded this many events. */
  awaitNotes(count: number): Promise<readonly Note[]>;
  /** Replaces the code of its hooks. */
  write(code: string): void;
}

/** Links a plugin whose hooks all use the same file. */
export async function linkHookPlugin(
  box: Sandbox,
  {
    name = 'candle-plugin-notes',
    code = notes,
    hooked = kinds,
  }: { name?: string; code?: string; hooked?: readonly Kind[] } = {},
): Promise<HookPlugin> {
  const root = join(box.root, name);
  mkdirSync(join(root, 'hooks'), { recursive: true });
  const hooks = Object.fromEntries(hooked.map((kind) => [kind, './hooks/hook']));
  writeFileSync(
    join(root, 'package.json'),
    JSON.stringify({ name, version: '1.0.0', type: 'module', oclif: { hooks } }),
  );
  const plugin: HookPlugin = {
    name,
    root,
    notes: () => linesOf(join(root, 'notes.jsonl')).map((line) => JSON.parse(line)),
    awaitNotes: (count) =>
      until(`${name} has recorded ${count} events`, () => plugin.notes().length >= count && plugin.notes(), {
        explain: () => `${linesOf(join(root, 'notes.jsonl')).join('\n')}\n${hookLog(box)}`,
      }),
    write: (text) => writeFileSync(join(root, 'hooks', 'hook.js'), text),
  };
  plugin.write(code);
  const link = await box.candle(['plugins', 'link', root, '--no-install']);
  expect(link, link.stderr).toMatchObject({ exitCode: 0 });
  return plugin;
}

/** The log of the hooks, with their output. */
export function hookLog(box: Sandbox): string {
  return linesOf(join(box.stateDir, 'events', 'hooks.log'))
    .map((line) => `${line}\n`)
    .join('');
}

/** Waits until no events are being delivered. */
export async function awaitQuiet(box: Sandbox): Promise<void> {
  await until('no event runner is left', () => runnersOf(box).length === 0);
}

/** PIDs of the processes that deliver events to plugins. */
export function runnersOf(box: Sandbox): readonly number[] {
  return box
    .background()
    .flatMap(({ pid, command }) => (/candle-events|\/event-runner\.js /.test(command) ? [pid] : []));
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}
