import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';

const heading = 'First start of these commands on this machine:\n';
const api = { name: 'api', shell: 'sleep 600', ready: false };
const db = { name: 'db', shell: 'sleep 601', ready: { exec: 'true' }, stopCommand: 'echo down' };

test('start prints commands before it runs them for the first time, and not again in another worktree', async () => {
  const box = sandbox({ config: { services: [api, db] } });
  const first = await box.candle(['start', '--bg']);
  expect(first.stderr.startsWith(`${heading}  api: sleep 600\n  db: sleep 601; `), first.stderr).toBe(true);
  expect(first.stderr).toContain('  db: sleep 601; to check whether it is ready: true; to stop it: echo down\n');
  const worktree = join(box.root, 'worktree');
  cpSync(box.projectDir, worktree, { recursive: true });
  for (const cwd of [box.projectDir, worktree]) {
    expect((await box.candle(['start', '--bg'], { cwd })).stderr).not.toContain(heading);
  }
});

test('only the service whose commands have changed is printed, even if it then fails', async () => {
  const box = sandbox({ config: { services: [api, db] } });
  await box.candle(['check-start']);
  box.writeConfig({ services: [api, { ...db, shell: 'exit 3' }] });
  const restart = await box.candle(['restart', 'db']);
  expect(restart.exitCode).toBe(1);
  expect(restart.stderr.startsWith(`${heading}  db: exit 3; `), restart.stderr).toBe(true);
  expect(restart.stderr).not.toContain('api:');
  box.writeConfig({ services: [api, { ...db, stopCommand: 'echo other' }] });
  expect((await box.candle(['check-start'])).stderr).toContain('to stop it: echo other');
  box.writeConfig({ services: [api, db] });
  expect((await box.candle(['check-start'])).stderr).not.toContain(heading);
});

test('a command that the user has typed is not printed', async () => {
  const { stderr } = await sandbox().candle(['start', 'own', '--shell', 'sleep 600', '--bg']);
  expect(stderr).not.toContain(heading);
});

test('with --json and in MCP, the result has the commands', async () => {
  const commands = (service: typeof api | typeof db) => ({
    name: service.name,
    shell: service.shell,
    stopCommand: 'stopCommand' in service ? service.stopCommand : null,
    readyCommand: typeof service.ready === 'object' ? service.ready.exec : null,
  });
  const box = sandbox({ config: { services: [api, db] } });
  expect((await box.candleJson(['start', 'db'])).newCommands).toEqual([commands(db)]);
  const mcp = await serveMcp(box);
  expect((await mcp.ask('CheckStartService')).newCommands).toEqual([commands(api)]);
  expect(mcp.log()).toContain(`${heading}  api: sleep 600\n`);
  expect((await mcp.ask('StartService', { name: 'api' })).newCommands).toEqual([]);
});

test('control characters of a command do not reach the terminal', async () => {
  const shell = '# \u001b]52;c;aGk=\u0007\u001b[2J\nsleep 600';
  const { stderr } = await sandbox({ config: { services: [{ name: 'x', shell, ready: false }] } }).candle(['start']);
  expect(stderr).toContain('  x: # \\u001b]52;c;aGk=\\u0007\\u001b[2J\\u000asleep 600\n');
});
