import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { withoutNewCommands } from '../calm.ts';
import { freePort } from '../listeners.ts';
import { serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { program } from '../services/programs.ts';
import { foreignListener } from './foreign-listener.ts';

const config = { services: [{ name: 'api', shell: program('listens.mjs') }] };

/** Creates a repository and a linked worktree on another branch; each is a project. */
function worktrees(box: Sandbox): { readonly main: string; readonly fix: string } {
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...words], {
      cwd: main,
      env: { PATH: process.env.PATH, HOME: box.home, GIT_CONFIG_NOSYSTEM: '1' },
      stdio: 'pipe',
    });
  const [main, fix] = [join(box.root, 'shop'), join(box.root, 'shop-fix')];
  mkdirSync(main);
  writeFileSync(join(main, '.candle.json'), JSON.stringify(config));
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
  git('worktree', 'add', '--quiet', '-b', 'fix/login', fix);
  return { main, fix };
}

test('if the port is in use, start reports the process, its directory and what to do; with --json, the whole report', async () => {
  const box = sandbox({ config });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  const { pid } = await foreignListener('::1', [port], { cwd: box.home, words: ['a\nb'] });
  const start = await box.candle(['start', 'api']);
  expect({ ...start, stderr: withoutNewCommands(start.stderr) }).toEqual({
    stdout: '',
    stderr: expect.stringMatching(
      new RegExp(
        [
          `^Error: Port ${port}, reserved for service 'api', is in use by node .* \\(pid ${pid}\\)`,
          `It runs in ${box.home}, since \\d+/\\d+/\\d{4}, .* as user .+`,
          "To take another port for 'api': candle start api --move",
          `To end node \\(pid ${pid}\\): kill ${pid}`,
          `For details: candle who-has ${port}\n$`,
        ].join('\n'),
      ),
    ),
    exitCode: 1,
  });
  const { details } = (await box.candleJson(['start', 'api'])).error;
  const { advice, ...report } = await box.candleJson(['who-has', String(port)]);
  expect(details).toMatchObject({ name: 'api', projectDir: box.projectDir, ...report });
  expect(details.owners).toMatchObject([{ pid, addresses: ['::1'] }]);
  expect(advice).toContainEqual(expect.objectContaining({ command: `kill ${pid}` }));
});

test('if a service exits because its hard-coded port is in use, start reports the process that uses it', async () => {
  const box = sandbox({ config });
  const taken = await freePort(7300);
  const { pid } = await foreignListener('127.0.0.1', [taken], { cwd: box.home });
  const shell = `exec node -e 'require("node:net").createServer().listen(${taken})'`;
  const { stderr, exitCode } = await box.candle(['start', 'fixed', '--shell', shell]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("Error: Service 'fixed' failed to start: it exited with code 1\n");
  expect(stderr).toMatch(
    new RegExp(`^Port ${taken} is in use by node .*\\(pid ${pid}\\)\nIt runs in ${box.home},`, 'm'),
  );
  expect(stderr).toContain('To reserve a port for it: candle reserve-port fixed && candle start fixed\n');
  const { details } = (await box.candleJson(['start', 'fixed', '--shell', shell])).error;
  expect(details.conflict).toMatchObject({ port: taken, owners: [{ pid }] });
});

test('list-reserved-ports shows the project and branch of each worktree, port conflicts, and deleted directories', async () => {
  const box = sandbox();
  const { main, fix } = worktrees(box);
  const ports = new Map<string, number>();
  for (const cwd of [main, fix]) ports.set(cwd, (await box.candleJson(['reserve-port', 'api'], { cwd })).port);
  await box.candle(['start', 'api', '--wait'], { cwd: main });
  const taken = ports.get(fix) ?? 0;
  const { pid } = await foreignListener('127.0.0.1', [taken], { cwd: box.home });

  const { stdout } = await box.candle(['list-reserved-ports', '--all'], { cwd: '/' });
  const conflicts = `In use by: node .+\\(pid ${pid}\\), in ${box.home}, since .*, as user .*`;
  expect(stdout).toMatch(
    new RegExp(
      [
        '^Reserved ports:\n',
        `  Port ${taken} \\(service: api\\)`,
        `    Project: ${fix}`,
        '    Reserved at: .*',
        '    Branch: fix/login',
        `    ${conflicts}\n`,
        `  Port ${ports.get(main)} \\(service: api\\)`,
        `    Project: ${main}`,
        '    Reserved at: .*',
        '    Branch: main\n$',
      ].join('\n'),
    ),
  );
  const document = await box.candleJson(['list-reserved-ports-all'], { cwd: '/' });
  expect(document.ports).toMatchObject([
    { port: taken, branch: 'fix/login', directoryGone: false, conflicts: [{ pid, cwd: box.home, service: null }] },
    { port: ports.get(main), branch: 'main', directoryGone: false, conflicts: [] },
  ]);
  const server = await serveMcp(box);
  expect(await server.ask('ListReservedPorts', { showAll: true })).toEqual(document);
  const { checks } = await box.candleJson(['doctor']);
  expect(checks).toContainEqual({
    name: 'reserved ports',
    status: 'warning',
    message: expect.stringMatching(
      new RegExp(
        `^Port ${taken}, reserved for service 'api' of ${fix} \\(branch fix/login\\), is in use by node .* \\(pid ${pid}\\)$`,
      ),
    ),
    hint: expect.stringMatching(new RegExp(`\nFor details: candle who-has ${taken}$`)),
  });

  rmSync(fix, { recursive: true });
  expect((await box.candle(['list-reserved-ports', '--all'], { cwd: '/' })).stdout).toMatch(
    new RegExp(`    Project: ${fix}\n    Reserved at: .*\n    \\(directory no longer exists\\)\n    ${conflicts}\n`),
  );
  const { advice } = await box.candleJson(['who-has', String(taken)]);
  expect(advice).toContainEqual({
    command: `candle release-ports --port ${taken} --project ${fix}`,
    purpose: 'to release the port',
  });
});
