import { runProgram, type Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { freePorts, listen } from '../listeners.ts';
import { bin, sandbox } from '../sandbox.ts';
import { environmentOf } from './environment-of.ts';
import { program } from './programs.ts';

const printsEnv = program('prints-env.mjs');

const config = {
  services: [
    {
      name: 'api',
      shell: printsEnv,
      port: 'auto',
      portEnv: ['PORT', 'SERVER_PORT'],
      env: { A: 'env', API: `\${services.web-ui.url}/v1`, OWN: `\${port}` },
      envFile: '.env',
      color: true,
      ready: false,
    },
    { name: 'web-ui', shell: 'true', port: 'auto' },
  ],
};

const specialCharacters = `it's "$HOME" \`id\` $(id)\n\u001b[31m \u0007 \r \\ end\\`;

function project(): Sandbox {
  const box = sandbox({ config });
  box.writeFile('.env', 'A=file\nB=file\n');
  return box;
}

test('env prints exactly the variables that start gives the service, except CANDLE_RUN_ID', async () => {
  const box = project();
  const callerEnv = { ODD: specialCharacters, A: 'caller', CANDLE_SERVICE: 'other', PORT: '1', npm_config_x: 'y' };
  const lines = [
    ['env', 'api', '--json'],
    ['env', 'api', '--format', 'json'],
  ];
  const [document, flat] = await Promise.all(
    lines.map(async (line) => JSON.parse((await box.candle(line, { env: callerEnv })).stdout)),
  );
  const variables: { name: string; value: string }[] = document.variables;
  expect(Object.fromEntries(variables.map(({ name, value }) => [name, value]))).toEqual(flat);
  const { env, run } = await environmentOf(box, 'api', callerEnv);
  const { CANDLE_RUN_ID, PWD, OLDPWD, SHLVL, _, ...given } = env;
  expect(CANDLE_RUN_ID).toBe(run.runId);
  expect(flat).toEqual(given);
  expect(flat).toMatchObject({ A: 'env', B: 'file', SERVER_PORT: flat.PORT, OWN: flat.PORT, ODD: specialCharacters });
  expect(flat.API).toBe(`${flat.WEB_UI_URL}/v1`);
});

test('a shell that evaluates the output of env gets the same values', async () => {
  const box = project();
  const odd = `${specialCharacters}\u009b\u202e`;
  const script = 'eval "$("$0" "$1" env api)"; exec env -0';
  const options = { cwd: box.projectDir, env: { ...box.env, ODD: odd, 'NO-NAME': 'x' } };
  const [evaluated, printed] = await Promise.all([
    runProgram('sh', ['-c', script, process.execPath, bin], options),
    box.candle(['env', 'api', '--format', 'json'], { env: { ODD: odd } }),
  ]);
  expect(evaluated.stderr).toBe('');
  const entries = evaluated.stdout.split('\0').filter(Boolean);
  const seen = Object.fromEntries(entries.map((entry) => entry.split(/=([\s\S]*)/, 2)));
  expect(seen).toMatchObject(JSON.parse(printed.stdout));
});

test('--explain shows the source of each variable; later sources override earlier ones', async () => {
  const box = project();
  const { stdout } = await box.candle(['env', 'api', '--explain'], { env: { ESCAPE: '\u001b[31m\n' } });
  const rows = stdout.trimEnd().split('\n');
  const { ports } = await box.candleJson(['list-reserved-ports']);
  const [web, api] = ports.map(({ port }: { port: number }) => port);
  expect(rows.slice(rows.indexOf('"color"           FORCE_COLOR=1'))).toEqual([
    '"color"           FORCE_COLOR=1',
    `port of 'api'     API_PORT=${api}`,
    `port of 'api'     API_URL=http://localhost:${api}`,
    `port of 'web-ui'  WEB_UI_PORT=${web}`,
    `port of 'web-ui'  WEB_UI_URL=http://localhost:${web}`,
    `port of 'api'     API_BROWSER_URL=http://api.project.project.localhost:${api}`,
    `port of 'web-ui'  WEB_UI_BROWSER_URL=http://web-ui.project.project.localhost:${web}`,
    '.env              B=file',
    '"env"             A=env',
    `"env"             API=http://localhost:${web}/v1`,
    `"env"             OWN=${api}`,
    `reserved port     PORT=${api}`,
    `reserved port     SERVER_PORT=${api}`,
    'candle            CANDLE_SERVICE=api',
    `candle            CANDLE_PROJECT=${box.projectDir}`,
    `candle            CANDLE_STATE_DIR=${box.stateDir}`,
  ]);
  expect(rows).toContain('caller            ESCAPE=\\u001b[31m\\u000a');
});

test('variables that a format cannot represent are omitted and listed on stderr', async () => {
  const box = project();
  box.writeFile('.env', 'A-B=1\n');
  const env = { 'BASH_FUNC_x%%': '() { :; }', ALL: `'"\`\n` };
  const [shell, dotenv] = await Promise.all(
    ['shell', 'dotenv'].map((format) => box.candle(['env', 'api', '--format', format], { env })),
  );
  // The shell exported this function itself, so it does not need it.
  expect(shell?.stderr).toBe('Omitted because a shell cannot read them: A-B\n');
  expect(dotenv?.stderr).toMatch(/^Omitted because dotenv cannot read them: .*BASH_FUNC_x%%/);
  expect(dotenv?.stderr).toContain('ALL');
  expect(dotenv?.stdout).toContain('A-B=1\n');
});

test('without a service, env prints the variables that every service gets', async () => {
  const box = project();
  const { stdout, stderr } = await box.candle(['env', '--format', 'json']);
  const env = JSON.parse(stdout);
  expect(stderr).toBe('');
  expect(env).toMatchObject({ CANDLE_PROJECT: box.projectDir, API_URL: `http://localhost:${env.API_PORT}` });
  for (const name of ['PORT', 'SERVER_PORT', 'CANDLE_SERVICE', 'CANDLE_RUN_ID', 'A', 'FORCE_COLOR']) {
    expect(env).not.toHaveProperty(name);
  }
});

test('a preferred port that is in use is reported on stderr and in the JSON document', async () => {
  const box = sandbox({ config: { services: [] } });
  const [port = 0, next = 0] = await freePorts(2, 5100);
  await listen({ port, host: '127.0.0.1' });
  box.writeConfig({ services: [{ name: 'web', shell: 'true', port }] });
  const { fallbacks } = await box.candleJson(['env', 'web']);
  expect(fallbacks).toEqual([{ name: 'web', preferred: port, port: next, reason: 'in-use', reservedBy: null }]);
  await box.candle(['release-ports', 'web']);
  const { stdout, stderr } = await box.candle(['env', 'web']);
  expect(stdout).toContain(`export PORT='${next}'\n`);
  expect(stderr).toMatch(new RegExp(`^Port ${port} is not available: it is in use .*'web' has .*${next} instead`));
});

test('env reports usage errors, and the errors that start would report', async () => {
  const box = project();
  const failures: [string[], RegExp][] = [
    [['env', 'api', '--format', 'yaml'], /^Error: 'yaml' is not one of shell, dotenv, json\n/],
    [['env', 'api', '--format', 'json', '--explain'], /^Error: .*--explain/],
    [['env', 'webui'], /^Error: Unknown service 'webui' in project .*\nDid you mean 'web-ui'\?\n/],
  ];
  const results = await Promise.all(failures.map(([line]) => box.candle(line)));
  for (const [index, [line, sentence]] of failures.entries()) {
    expect({ line, ...results[index] }).toMatchObject({ line, stdout: '', exitCode: 1 });
    expect(results[index]?.stderr).toMatch(sentence);
  }
  box.writeConfig({
    services: [
      { name: 'api', shell: 'true', env: { A: `\${services.b.port}` } },
      { name: 'b', shell: 'x' },
    ],
  });
  expect(await box.candle(['env', 'api'])).toMatchObject({
    stdout: '',
    stderr: expect.stringMatching(
      /^Error: Service 'api' cannot be started: env\.A contains .*, but 'b' has no reserved port\n/,
    ),
    exitCode: 1,
  });
});

test('--explain lists each variable of the caller that is dropped, and why', async () => {
  const box = project();
  const env = {
    CLAUDECODE: '1',
    GIT_DIR: '.git',
    npm_lifecycle_event: 'dev',
    NODE_PATH: '/p/.pnpm/node_modules:/mine',
  };
  const { stdout } = await box.candle(['env', 'api', '--explain'], { env });
  expect(stdout.split('\nNot passed on:\n')[1]?.split('\n').toSorted()).toEqual([
    '',
    '  CLAUDECODE           marks a shell of a coding agent',
    '  GIT_DIR              set by git for the repository that it worked on when it ran candle',
    '  NODE_PATH            only a part: the rest is set by the package manager that ran candle',
    '  npm_lifecycle_event  set by the package manager that ran candle',
  ]);
  expect(stdout).toContain('caller            NODE_PATH=/mine\n');
  const { dropped } = JSON.parse((await box.candle(['env', 'api', '--json'], { env })).stdout);
  expect(dropped).toContainEqual({ name: 'NODE_PATH', reason: 'package-manager', partial: true });
});
