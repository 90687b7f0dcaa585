import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const module = JSON.stringify(fileURLToPath(new URL('write-output.ts', import.meta.url)));

/** Runs a program with `writeOutput`, and returns what it prints and its exit code. */
async function run(program: string, onStdout?: (stdout: NodeJS.ReadableStream) => void) {
  const script = `import { prepareStream, writeOutput } from ${module};\n${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  onStdout?.(child.stdout);
  const [exitCode] = await once(child, 'close');
  return { stdout, exitCode };
}

test('writes a long text, and later ones after it, although the pipe does not block', async () => {
  const { stdout } = await run(`
    import { Socket } from 'node:net';
    new Socket({ fd: 1, writable: false, readable: false }).on('error', () => undefined);
    writeOutput('stdout', 'x'.repeat(3_000_000));
    writeOutput('stdout', 'é');
    process.stdout.write('z');
    writeOutput('stdout', 'end');`);
  expect(stdout.length).toBe(3_000_005);
  expect(stdout.endsWith('xézend')).toBe(true);
});

test('prepares the stream before its first use, and only then', async () => {
  const { stdout } = await run(`
    prepareStream('stdout', () => writeOutput('stderr', '') ?? (globalThis.isPrepared = true));
    writeOutput('stdout', String(globalThis.isPrepared) + ' ');
    process.stdout.write(String(globalThis.isPrepared));`);
  expect(stdout).toBe('undefined true');
});

test('passes an error to the listener of the stream', async () => {
  const program = `
    prepareStream('stdout', (stdout) => stdout.on('error', ({ code }) => process.exit(code === 'EPIPE' ? 7 : 1)));
    setInterval(() => writeOutput('stdout', 'x'.repeat(1_000)), 1);`;
  const { exitCode } = await run(program, (stdout) =>
    stdout.once('data', () => (stdout as unknown as { destroy(): void }).destroy()),
  );
  expect(exitCode).toBe(7);
});
