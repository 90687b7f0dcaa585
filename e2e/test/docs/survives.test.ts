import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { faults } from '../../faults/list.ts';
import { sandbox } from '../sandbox.ts';

const repository = join(import.meta.dirname, '../../..');
const concepts = readFileSync(join(repository, 'docs/concepts.md'), 'utf8');

test('every test that docs/concepts.md refers to exists', () => {
  const references = [...concepts.matchAll(/`(e2e\/[\w/.-]+\.test\.ts)`(?:: "([^"]+)")?/g)];
  expect(references.length).toBeGreaterThan(15);
  const missing = references.filter(([, path = '', title]) => {
    const file = join(repository, path);
    return !existsSync(file) || (title !== undefined && !readFileSync(file, 'utf8').includes(`'${title}'`));
  });
  expect(missing.map(([text]) => text)).toEqual([]);
});

test('every fault that docs/concepts.md refers to is in the list of faults', () => {
  const references = [...concepts.matchAll(/\[faults? ([^\]]+)\]\(reference\/faults\.md\)/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/\d+/g)].map(Number),
  );
  expect(references.length).toBeGreaterThan(10);
  expect(references.filter((number) => faults[number] === undefined)).toEqual([]);
});

test('every row of "What survives what" refers to a test or a fault', () => {
  const rows = (concepts.split('## What survives what')[1]?.split('\n## ')[0] ?? '').match(/^\| .*\|$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(15);
  expect(rows.slice(1).filter((row) => !/e2e\/|faults?\b/.test(row.split('|').at(-2) ?? ''))).toEqual([]);
});

test('release-ports does not affect a service that listens on the released port', async () => {
  const shell = `node --eval "require('node:http').createServer((_, answer) => answer.end('here')).listen(process.env.PORT)"`;
  const box = sandbox({ config: { services: [{ name: 'api', shell }] } });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  await box.candle(['start', 'api', '--wait']);
  const [{ runId }] = (await box.candleJson(['list'])).services;
  await box.candle(['release-ports']);
  await until('the service answers', () => fetch(`http://127.0.0.1:${port}`).then(({ status }) => status === 200));
  expect((await box.candleJson(['list'])).services).toMatchObject([{ name: 'api', status: 'RUNNING', runId }]);
});

test('a service whose directory was removed is not restarted after it exits', async () => {
  const box = sandbox();
  const dir = join(box.root, 'gone');
  mkdirSync(dir);
  const services = [{ name: 'api', shell: 'exec sleep 1000', ready: false, restart: 'always' }];
  writeFileSync(join(dir, '.candle.json'), JSON.stringify({ services }));
  const inDir = ['--project', dir];
  await box.candle(['start', ...inDir]);
  rmSync(dir, { recursive: true });
  for (const { pid } of box.processes()) process.kill(pid, 'SIGKILL');
  const logs = async () => (await box.candle(['logs', ...inDir])).stdout;
  await until(
    'the restart was attempted',
    async () => /restarted \(1\)(.|\n)*start was interrupted/.test(await logs()),
    {
      explain: logs,
    },
  );
  expect((await box.candleJson(['list', ...inDir])).services).toEqual([]);
});
