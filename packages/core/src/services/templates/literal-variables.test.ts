import { expect, test } from 'vitest';
import { parseConfig } from '../../config/parse-config.ts';

async function warningsOf(env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const services = { web: { shell: 'run', env }, 'the-api': { shell: 'run', port: 'auto' } };
  const { warnings } = await parseConfig('/p/.candle.json', JSON.stringify({ services }));
  return warnings.map(({ field, problem }) => `${field} ${problem}`);
}

const stays = 'which stays as it is, because no shell expands it';

test.each([
  ['./bin:$PATH', `contains $PATH, ${stays}; remove it here, and begin "shell" with: export A=./bin:$PATH;`],
  ['${HOME}/x', `contains \${HOME}, ${stays}; remove it here, and begin "shell" with: export A=\${HOME}/x;`],
  [
    '${LEVEL:-debug}',
    `contains \${LEVEL:-debug}, ${stays}; remove it here, and begin "shell" with: export A=\${LEVEL:-debug};`,
  ],
  ['localhost:$PORT', `contains $PORT, ${stays}; write \${port} instead`],
  ['$THE_API_URL/v1', `contains $THE_API_URL, ${stays}; write \${services.the-api.url} instead`],
  ['${THE_API_PORT}', `contains \${THE_API_PORT}, ${stays}; write \${services.the-api.port} instead`],
  ['$OTHER/x', `contains $OTHER, ${stays}; write \${env.OTHER} instead`],
  ['$(git rev-parse HEAD)', `contains $(…), ${stays}; remove it here, and begin "shell" with: export A="…";`],
])('%s is reported', async (value, problem) => {
  expect(await warningsOf({ A: value, OTHER: 'x' })).toEqual([`services.web.env.A ${problem}`]);
});

test.each([
  '${port}',
  '${services.the-api.port}',
  '${env.OTHER}',
  '$${HOME}',
  '$$PATH',
  'pa$word',
  'US$',
  '5$',
  '$1',
  '\\$PATH',
])('%s is not reported', async (value) => {
  expect(await warningsOf({ A: value, OTHER: 'x' })).toEqual([]);
});
