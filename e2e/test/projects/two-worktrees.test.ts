import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { freePorts } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';
import { program } from '../services/programs.ts';

/** A repository with a committed configuration, and a linked worktree next to it. */
function repositoryWithWorktree(box: Sandbox, config: unknown): readonly [string, string] {
  const [main, topic] = [join(box.root, 'shop'), join(box.root, 'shop-topic')];
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: main,
      env: box.env,
    });
  mkdirSync(main);
  git('init', '--quiet');
  writeFileSync(join(main, '.candle.json'), JSON.stringify(config));
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
  git('worktree', 'add', '--quiet', '-b', 'topic', topic);
  return [main, topic];
}

test('two worktrees of one repository run the same three services side by side', async () => {
  const box = sandbox();
  const [preferred = 0] = await freePorts(1, 5600);
  const config = {
    services: [
      { name: 'api', shell: program('listens.mjs'), port: 'auto' },
      { name: 'web', shell: `${program('asks-api.mjs')} \${services.api.url}`, port: preferred },
      { name: 'job', shell: 'echo "works for $API_URL"; exec sleep 1000', ready: false },
    ],
  };
  const worktrees = repositoryWithWorktree(box, config);
  const starts = await Promise.all(worktrees.map((cwd) => box.candleJson(['start'], { cwd })));
  const seen = starts.map(({ services, fallbacks }, index) => {
    const [api, web, job] = services;
    expect(services).toMatchObject([{ ready: true }, { ready: true }, { port: null }]);
    expect(services).toMatchObject(Array(3).fill({ projectDir: worktrees[index] }));
    return { api: api.port, web: web.port, webUrl: web.url, job: job.name, fallbacks };
  });
  const ports = seen.flatMap(({ api, web }) => [api, web]);
  expect(new Set(ports).size).toBe(4);
  // The worktree that starts first gets the preferred port. The other gets a fallback port, and sees who has the first one.
  const [first, second] = seen.toSorted((a, b) => a.fallbacks.length - b.fallbacks.length);
  expect(first).toMatchObject({ web: preferred, fallbacks: [] });
  expect(second?.fallbacks).toMatchObject([
    { name: 'web', preferred, port: second?.web, reason: 'reserved', reservedBy: { serviceName: 'web' } },
  ]);
  for (const [index, cwd] of worktrees.entries()) {
    const { api, webUrl } = seen[index] ?? {};
    expect(await (await fetch(webUrl)).text()).toBe(`front end of ${api}`);
    expect((await box.candle(['logs', 'job'], { cwd })).stdout).toContain(`works for http://localhost:${api}\n`);
  }
  const [main = '', topic = ''] = worktrees;
  await box.candle(['kill'], { cwd: main });
  const { services } = await box.candleJson(['list'], { cwd: topic });
  expect(services).toMatchObject(Array(3).fill({ running: true }));
});
