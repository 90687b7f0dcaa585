import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { inSandbox, refusal } from '../bad-input/refusal.ts';
import { failureOf, serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { program } from './programs.ts';

const api = { name: 'api', shell: program('listens.mjs') };

/** An environment with a display. Its xdg-open records its arguments and then runs the script. */
function atDisplay(box: Sandbox, script = ''): Record<string, string> {
  chmodSync(box.writeFile('bin/xdg-open', `#!/bin/sh\necho "$@" >> '${box.root}/opened'\n${script}\n`), 0o755);
  return { DISPLAY: ':7', PATH: `${box.projectDir}/bin:${box.env.PATH}` };
}

const openedBy = (box: Sandbox) =>
  existsSync(join(box.root, 'opened')) ? readFileSync(join(box.root, 'opened'), 'utf8') : '';

async function listening(box: Sandbox, count: number): Promise<number[]> {
  return until(`${count} ports are open`, async () => {
    const { ports } = await box.candleJson(['list-ports']);
    return ports.length === count && ports.map(({ port }: { port: number }) => port);
  });
}

test('open-browser opens the URL of a service; without a display or a browser, it only prints the URL', async () => {
  const box = sandbox({ config: { services: [api, { name: 'idle', shell: program('idles.mjs'), ready: false }] } });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  const url = `http://localhost:${port}`;
  await box.candle(['start']);
  const plain = { stdout: `${url}\n`, exitCode: 0 };
  expect(await box.candle(['open-browser'])).toEqual({
    ...plain,
    stderr: 'No browser was opened because there is no display\n',
  });
  for (const command of ['open-browser', 'open'])
    expect(await box.candleJson([command, 'api'])).toEqual({ url, opened: false });
  const env = atDisplay(box);
  expect(openedBy(box)).toBe('');
  expect(await box.candle(['open-browser', 'api'], { env })).toEqual({ ...plain, stderr: '' });
  expect(openedBy(box)).toBe(`${url}\n`);
  expect(await box.candleJson(['open-browser'], { env })).toEqual({ url, opened: true });
  const noBrowser = 'The system found no browser to open it with\n';
  expect(await box.candle(['open-browser'], { env: atDisplay(box, 'exit 3') })).toEqual({
    ...plain,
    stderr: noBrowser,
  });
  const noOpener = { DISPLAY: ':7', PATH: join(box.root, 'nowhere') };
  expect(await box.candle(['open-browser'], { env: noOpener })).toEqual({ ...plain, stderr: noBrowser });
});

test('xdg-open gets the BROWSER variable, and open-browser does not wait for a browser that stays open', async () => {
  const box = sandbox({ config: { services: [api] } });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  await box.candle(['start']);
  const closed = join(box.root, 'closed');
  const stays = `echo "with $BROWSER" >> "$0.log"; until [ -e '${closed}' ]; do sleep 0.05; done`;
  const env = { ...atDisplay(box, stays), BROWSER: 'lynx' };
  expect(await box.candle(['open-browser'], { env })).toEqual({
    stdout: `http://localhost:${port}\n`,
    stderr: '',
    exitCode: 0,
  });
  expect(readFileSync(join(box.projectDir, 'bin/xdg-open.log'), 'utf8')).toBe('with lynx\n');
  const isOpen = () => box.processes().some(({ command }) => command.includes('/bin/xdg-open'));
  expect(isOpen()).toBe(true);
  writeFileSync(closed, '');
  await until('the browser is closed', () => !isOpen());
});

test('without a reserved port, the lowest port is opened, and the other ports are listed', async () => {
  const box = sandbox({
    config: { services: [{ name: 'many', shell: program('listens-on-free-ports.mjs', '127.0.0.1', '::1') }] },
  });
  await box.candle(['start']);
  const [lowest, other] = (await listening(box, 2)).toSorted((a, b) => a - b);
  const { stdout, stderr } = await box.candle(['open-browser', 'many']);
  expect(stdout).toBe(`http://localhost:${lowest}\n`);
  expect(stderr).toContain(`This is the lowest port of 'many', which also listens on ${other}\n`);
});

test('a service that cannot be opened is reported with a hint', async () => {
  const box = sandbox({
    config: { services: [api, { ...api, name: 'web' }, { name: 'idle', shell: program('idles.mjs'), ready: false }] },
  });
  const run = inSandbox(box);
  expect(await refusal(run, ['open-browser'])).toMatchObject({ code: 'SERVICE_NONE_LISTENING' });
  expect(await refusal(run, ['open-browser', 'api'])).toMatchObject({
    code: 'SERVICE_NOT_LISTENING',
    message: "Service 'api' is not running, so there is nothing to open",
    hint: 'To start it: candle start api',
  });
  for (const name of ['api', 'web']) await box.candle(['reserve-port', name]);
  await box.candle(['start']);
  await listening(box, 2);
  expect(await refusal(run, ['open-browser', 'idle'])).toMatchObject({
    message: "Service 'idle' is running, but does not listen on any port",
  });
  expect(await refusal(run, ['open-browser'])).toMatchObject({
    message: "Several services of this project listen on ports: 'api', 'web'",
    hint: 'Choose the one to open: candle open-browser api',
    details: { names: ['api', 'web'] },
  });
  const mcp = await serveMcp(box);
  expect(await mcp.ask('OpenBrowser', { serviceName: 'web' })).toEqual(await box.candleJson(['open-browser', 'web']));
  expect(failureOf(await mcp.call('OpenBrowser', { serviceName: 'idle' })).code).toBe('SERVICE_NOT_LISTENING');
  expect(failureOf(await mcp.call('OpenBrowser', {})).sentence).toContain('serviceName is missing');
});
