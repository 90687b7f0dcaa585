import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { inSandbox, refusal } from '../bad-input/refusal.ts';
import { sandbox } from '../sandbox.ts';
import { program } from './programs.ts';

const reads = program('exits-when-stdin-closes.mjs');

async function untilPrinted(box: Sandbox, name: string, text: string): Promise<string> {
  return until(`'${name}' has printed ${text}`, async () => {
    const { stdout } = await box.candle(['logs', name]);
    return stdout.includes(text) && stdout;
  });
}

test('send writes a line to the stdin of a service, even text that begins with -, and keeps stdin open', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: reads, ready: false, enableStdin: true }] } });
  const { runId } = (await box.candleJson(['start'])).services[0];
  expect(await box.candle(['send', 'api', 'rs'])).toEqual({
    stdout: "Sent 3 bytes to 'api'\n",
    stderr: '',
    exitCode: 0,
  });
  await untilPrinted(box, 'api', 'read "rs\\n"');
  expect(await box.candleJson(['send', 'api', ''])).toEqual({
    name: 'api',
    projectDir: box.projectDir,
    runId,
    sentBytes: 1,
  });
  await untilPrinted(box, 'api', 'read "\\n"');
  expect(await box.candle(['send', 'api', '--', '--verbose €'])).toMatchObject({ exitCode: 0 });
  const logs = await untilPrinted(box, 'api', 'read "--verbose €\\n"');
  expect(logs).not.toContain('ended');
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'RUNNING', runId }]);
});

test('send - copies its stdin byte for byte, even more than fits into a pipe, and to transient services too', async () => {
  const box = sandbox({ config: { services: [] } });
  // All 7-bit values, including newline and NUL. A pipe holds 64 KiB, so this does not fit.
  const bytes = Buffer.from(Array.from({ length: 400_000 }, (_, index) => (index * 7) % 128));
  await box.candle(['start', 'job', '--shell', `head -c ${bytes.length} > got; echo done; cat`]);
  expect(await box.candle(['send', 'job', '-'], { input: bytes.toString('latin1') })).toEqual({
    stdout: `Sent ${bytes.length} bytes to 'job'\n`,
    stderr: '',
    exitCode: 0,
  });
  await untilPrinted(box, 'job', 'done');
  const hashOf = (data: Buffer) => createHash('sha256').update(data).digest('hex');
  expect(hashOf(readFileSync(join(box.projectDir, 'got')))).toBe(hashOf(bytes));
  expect(await box.candle(['send', 'job', '-'], { input: '' })).toMatchObject({ stdout: "Sent 0 bytes to 'job'\n" });
});

test('a program that does not read its input is reported, with the number of bytes that were accepted', async () => {
  const box = sandbox({
    config: { services: [{ name: 'api', shell: program('idles.mjs'), ready: false, enableStdin: true }] },
  });
  await box.candle(['start']);
  expect(await box.candle(['send', 'api', '-'], { input: 'x'.repeat(100_000) })).toEqual({
    stdout: '',
    stderr:
      "Error: Service 'api' has not read its input for 5 s: 65536 bytes were accepted, and the rest was not sent\nTo see what it is doing: candle logs api\n",
    exitCode: 1,
  });
});

test('send reports why nothing can be sent, with a hint', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: reads, ready: false }] } });
  const run = inSandbox(box);
  const notRunning = {
    code: 'SERVICE_INPUT_NOT_RUNNING',
    message: "The program of service 'api' is not running, so nothing can be sent to it",
    hint: 'To start it: candle start api',
  };
  expect(await refusal(run, ['send', 'api', 'x'])).toMatchObject(notRunning);
  await box.candle(['start']);
  expect(await refusal(run, ['send', 'api', 'x'])).toMatchObject({
    code: 'SERVICE_INPUT_NOT_ENABLED',
    message: `Service 'api' was started without "enableStdin": true, so nothing can be sent to it`,
    hint: `Add "enableStdin": true to the service in ${box.projectDir}/.candle.json, then: candle restart api`,
  });
  box.writeConfig({ services: [{ name: 'api', shell: 'sleep 1000', ready: false, tty: true, enableStdin: false }] });
  await box.candle(['restart']);
  expect(await refusal(run, ['send', 'api', 'x'])).toMatchObject({
    message: `Service 'api' was started with "enableStdin": false, so nothing can be sent to it`,
    hint: `Remove "enableStdin": false from the service in ${box.projectDir}/.candle.json, then: candle restart api`,
  });
  // The configuration at the start counts, not the current one.
  box.writeConfig({ services: [{ name: 'api', shell: reads, ready: false, enableStdin: true }] });
  expect(await refusal(run, ['send', 'api', 'x'])).toMatchObject({ code: 'SERVICE_INPUT_NOT_ENABLED' });
  await box.candle(['restart']);
  expect(await box.candle(['send', 'api', 'x'])).toMatchObject({ exitCode: 0 });
  await box.candle(['kill']);
  expect(await refusal(run, ['send', 'api', 'x'])).toMatchObject(notRunning);
  expect((await refusal(run, ['send', 'api'])).message).toBe('Missing argument: text');
  expect((await refusal(run, ['send', 'api', 'x', 'y'])).message).toBe("Unexpected argument: 'y'");
});

test('a program that exits at the end of its stdin keeps running, with or without enableStdin', async () => {
  const services = [
    { name: 'with', shell: reads, ready: false, enableStdin: true },
    { name: 'without', shell: reads, ready: false },
  ];
  const box = sandbox({ config: { services } });
  expect(await box.candle(['start'], { input: '' })).toMatchObject({ exitCode: 0 });
  for (const { name } of services) expect(await untilPrinted(box, name, 'ready')).not.toContain('ended');
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'RUNNING' }, { status: 'RUNNING' }]);
});

const [esbuild] = globSync('node_modules/.pnpm/esbuild@*/node_modules/esbuild/bin/esbuild', {
  cwd: new URL('../../../', import.meta.url).pathname,
}).map((path) => new URL(`../../../${path}`, import.meta.url).pathname);

test.skipIf(esbuild === undefined)('esbuild --watch keeps rebuilding', async () => {
  const shell = `node ${esbuild} in.js --watch --outfile=out.js`;
  const box = sandbox({ config: { services: [{ name: 'build', shell }] } });
  box.writeFile('in.js', 'console.log("first")');
  await box.candle(['start'], { input: '' });
  const isBuilt = (text: string) =>
    existsSync(join(box.projectDir, 'out.js')) && readFileSync(join(box.projectDir, 'out.js'), 'utf8').includes(text);
  const explain = async () => (await box.candle(['logs'])).stdout;
  await until('it has built', () => isBuilt('first'), { explain });
  box.writeFile('in.js', 'console.log("second")');
  await until('it has built again', () => isBuilt('second'), { explain });
});
