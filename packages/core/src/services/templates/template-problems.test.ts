import { expect, test } from 'vitest';
import { problemsIn, problemsWith, servicesIn } from '../../../test/config-text.ts';

test('each reference that leads nowhere is told at its own text, all at once', async () => {
  const text = `{ "services": [
    { "name": "api", "shell": "run" },
    { "name": "web",
      "shell": "run \${services.nobody.port} \${services.apj.url}",
      "env": {
        "API_URL": "\${services.api.prot}",
        "B": "\${services.api}",
        "C": "\${services.api.poort} \${env.API_ULR}",
        "D": "\${env.HOME}"
      },
      "ready": {
        "exec": "check \${services.web.urll}" }
    } ] }`;
  expect(await problemsIn(text)).toEqual([
    "4 services[1].shell: ${services.nobody.port} names 'nobody', which is not configured; configured are 'api', 'web'",
    "4 services[1].shell: ${services.apj.url} names 'apj', which is not configured; did you mean ${services.api.url}?",
    '6 services[1].env.API_URL: ${services.api.prot} must end with .port or .url; did you mean ${services.api.port}?',
    '7 services[1].env.B: ${services.api} must end with .port or .url; did you mean ${services.api.port}?',
    '8 services[1].env.C: ${services.api.poort} must end with .port or .url; did you mean ${services.api.port}?',
    "8 services[1].env.C: ${env.API_ULR} names 'API_ULR', which is not in the env of this service; did you mean ${env.API_URL}?",
    "9 services[1].env.D: ${env.HOME} names 'HOME', which is not in the env of this service; add it there, or write $HOME in shell",
    '12 services[1].ready.exec: ${services.web.urll} must end with .port or .url; did you mean ${services.web.url}?',
  ]);
});

test.each([
  ['{"A": "${env.A}"}', "A: goes in a circle: 'A' → 'A': give one of them a value"],
  ['{"A": "${env.B}", "B": "x ${env.A} y"}', "A: goes in a circle: 'A' → 'B' → 'A': give one of them a value"],
  [
    '{"Z": "${env.A}", "A": "${env.B}", "B": "${env.C}", "C": "${env.A}"}',
    "A: goes in a circle: 'A' → 'B' → 'C' → 'A': give one of them a value",
  ],
])('"env": %s is a circle', async (env, problem) => {
  expect(await problemsWith(`"env": ${env}`)).toEqual([`3 env.${problem}`]);
});

test('several circles are told all at once', async () => {
  const env = '{"A": "${env.B}", "B": "${env.A}", "C": "${env.A}", "D": "${env.D}"}';
  expect(await problemsWith(`"env": ${env}`)).toEqual([
    "3 env.A: goes in a circle: 'A' → 'B' → 'A': give one of them a value",
    "3 env.D: goes in a circle: 'D' → 'D': give one of them a value",
  ]);
});

test('services may refer to each other, and to themselves', async () => {
  const text = JSON.stringify({
    services: {
      api: { shell: 'run', env: { WEB: '${services.web.url}', SELF: '${services.api.url}' } },
      web: { shell: 'run ${services.api.port}', env: { A: '${env.B}', B: '$${env.A}' } },
    },
  });
  expect(await servicesIn(text)).toHaveLength(2);
});

const port =
  'port: must be a port from 1 to 65535, true for the reserved one, or one template like "${services.db.port}"';

test.each([
  ['{"http": "${services.api.url}/health"}', []],
  ['{"http": "http://localhost:${port}/"}', []],
  ['{"http": "/health?of=${services.api.port}"}', []],
  ['{"http": "localhost:${port}"}', ["http: must be a path like '/health' or a URL"]],
  ['{"log": "^on ${port}$", "regex": true}', []],
  ['{"log": "(${port}", "regex": true}', ['log: must be a regular expression']],
  ['{"port": "${services.api.port}"}', []],
  ['{"port": "${port}"}', []],
  ['{"port": "${services.api.url}"}', ['port: must be a port: write ${services.api.port}']],
  ['{"port": "1${port}"}', [port]],
  ['{"port": "$${port}"}', [port]],
  [
    '{"port": "${services.apj.port}"}',
    ["port: ${services.apj.port} names 'apj', which is not configured; did you mean ${services.api.port}?"],
  ],
])('"ready": %s is checked as far as can be', async (ready, problems) => {
  const written = `"ready": ${ready}`;
  if (problems.length === 0) await servicesIn(`{"services": [{"name": "api", "shell": "x", ${written}}]}`);
  else expect(await problemsWith(written)).toEqual(problems.map((problem) => `3 ready.${problem}`));
});
