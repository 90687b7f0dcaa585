import { expect, test } from 'vitest';
import { linesOf, withCompose, writtenIn } from '../../test/findings.ts';
import { memoryFiles } from '../../test/memory-files.ts';
import { mprocs } from './mprocs.ts';

const config = `
procs:
  editor:
    cmd: ["nvim", "my file"]
  server:
    shell: "nodemon server.js"
    cwd: <CONFIG_DIR>/api
    env: { NODE_ENV: dev, DEBUG: null, PORT: "3000" }
    stop: { send-keys: ["<C-c>"] }
    autorestart: true
  webpack: "webpack serve"
  tests:
    shell: { $select: os, windows: "jest.cmd -w", $else: "jest -w" }
    autostart: false
  outside:
    shell: ./run
    cwd: ../other
    stop: hard-kill
    add_path: ./bin
  nothing: null
  broken: { cwd: x }
  all: candle start
`;

test('each process becomes a service, with its directory, environment and signal', () => {
  const found = mprocs.find(memoryFiles({ 'mprocs.yaml': config }), '', withCompose);
  expect(writtenIn(found)).toEqual({
    editor: { shell: "nvim 'my file'", port: null, ready: false },
    server: {
      shell: 'unset DEBUG; nodemon server.js',
      root: 'api',
      port: 'auto',
      env: { NODE_ENV: 'dev' },
      stopSignal: 'SIGINT',
      restart: 'always',
    },
    webpack: { shell: 'webpack serve --port ${port}', port: 'auto' },
    tests: { shell: 'jest -w', port: null, ready: false, autostart: false },
    outside: {
      shell: 'PATH=./bin:"$PATH"; cd ../other && ./run',
      port: null,
      ready: false,
      stopSignal: 'SIGKILL',
    },
  });
  expect(found.services.map(({ isSelected }) => isSelected)).toEqual([false, true, true, false, true]);
  expect(linesOf(found.problems)).toEqual(["mprocs.yaml:21 The process 'broken' has neither 'shell' nor 'cmd'"]);
  expect(linesOf(found.ignored)).toEqual(["mprocs.yaml:22 'all' runs candle itself"]);
});

test('the operating system selects values', () => {
  const shell =
    '{"procs":{"x":{"shell":{"$select":"os","macos":"mac","linux":"lin"}},"y":{"$select":"os","macos":"y"}}}';
  const on = (platform: NodeJS.Platform) =>
    mprocs
      .find(memoryFiles({ 'mprocs.json': shell }), '', { hasCompose: true, platform })
      .services.map(({ service }) => service.shell);
  expect([on('darwin'), on('linux')]).toEqual([['mac', 'y'], ['lin']]);
});

test('leaves templates and directories of the shell as they are', () => {
  const text =
    'procs: {x: {shell: "echo ${port}", cwd: "~/x", env: {A: "${env.B}", B: "${C}"}}, y: {shell: z, cwd: "/a b"}}';
  expect(writtenIn(mprocs.find(memoryFiles({ 'mprocs.yaml': text }), '', withCompose))).toMatchObject({
    x: { shell: 'cd ~/x && echo $${port}', env: { A: '$${env.B}', B: '${C}' } },
    y: { shell: "cd '/a b' && z" },
  });
});

test('a JSON file can have comments, and its errors have a line', () => {
  const find = (text: string) => mprocs.find(memoryFiles({ 'mprocs.json': text }), '', withCompose);
  expect(writtenIn(find('{ // x\n"procs": { "web": "vite", } }')).web?.port).toBe('auto');
  expect(linesOf(find('{\n"procs": {\n"web" "vite" } }').problems)).toEqual([
    'mprocs.json:3 cannot be used: it is not valid JSON (colon expected)',
  ]);
});
