import { expect, test } from 'vitest';
import { inPart } from '../bounded.ts';
import { sandbox } from '../sandbox.ts';
import { commandsOnServices, commandsThatMakeServices, lineOf } from './commands-on-services.ts';
import { inSandbox, refusal } from './refusal.ts';

const config = { services: [{ name: 'api', shell: 'sleep 600' }] };
const commands = commandsOnServices.filter((command) => !commandsThatMakeServices.includes(command));

inPart(4).each(commands)('%s reports an unknown service and suggests the most similar name', async (command) => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  const { code, message, hint, details } = await refusal(inSandbox(box), lineOf(command, 'apii'));
  expect(message).toContain("'apii'");
  expect(hint).toBe("Did you mean 'api'?");
  expect(code).toMatch(/^(SERVICE_UNKNOWN|SERVICE_NOT_CONFIGURED|PORT_NOT_RESERVED)$/);
  expect(details).toMatchObject({ nearest: 'api' });
  expect((await box.candleJson(['list-reserved-ports'])).ports).toHaveLength(1);
});

test('if one of several services is unknown, none of them is changed', async () => {
  const box = sandbox({ config: { services: [...config.services, { name: 'web', shell: 'sleep 600' }] } });
  await box.candle(['start', 'api', '--bg']);
  const before = (await box.candleJson(['ps'])).services;
  for (const command of ['start', 'check-start', 'restart', 'kill'] as const) {
    const { code } = await refusal(inSandbox(box), [command, 'api', 'web', 'nosuch']);
    expect(code).toBe('SERVICE_UNKNOWN');
  }
  expect((await box.candleJson(['ps'])).services).toEqual(before);
});

test('if no name is similar, the hint lists the services of the project', async () => {
  const box = sandbox({ config });
  const { hint } = await refusal(inSandbox(box), ['start', 'payments']);
  expect(hint).toBe('Services of this project: api');
});

test('the command in a hint is quoted for the shell', async () => {
  const box = sandbox();
  const name = "it's $HOME; ls";
  const { hint } = await refusal(inSandbox(box), ['get-reserved-port', name]);
  expect(hint).toBe(`To reserve one: candle reserve-port 'it'\\''s $HOME; ls'`);
});
