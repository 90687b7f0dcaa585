import { renderHint } from '@candle/core/errors';
import { describe, expect, test } from 'vitest';
import type { CommandClues } from './framework-fix.ts';
import type { NumberHolder } from './number-holder.ts';
import { adviseOnUnreserved } from './own-port.ts';

const clues: CommandClues = {
  serviceName: 'web',
  definition: { isTransient: false },
  shell: 'node server.js',
  script: undefined,
  commandLines: [],
  variables: [],
};
const devScript = (text: string) => ({
  shell: 'npm run dev',
  script: { manager: 'npm', script: 'dev', text } as const,
});

describe('a service that listens on 5173 without a reserved port', () => {
  const advice = (changes: Partial<CommandClues>, holder?: NumberHolder) =>
    renderHint(adviseOnUnreserved({ ...clues, ...changes }, { listensOn: [5173], holder }));
  const reserve = 'To reserve a port for it: candle reserve-port web && candle restart web';

  test.each<[string, Partial<CommandClues>, string]>([
    [
      'may read PORT',
      {},
      'To reserve a port for it, if it reads PORT: candle reserve-port web && candle restart web\nIf it always listens on 5173, set "port": 5173 in .candle.json: candle restart web',
    ],
    [
      'needs a flag',
      devScript('vite'),
      `Vite does not read PORT: "shell": "npm run dev -- --port $PORT --strictPort"\n${reserve}`,
    ],
    ['has the flag', { shell: 'vite --port ${PORT:-5173}' }, reserve],
    ['sets PORT in its command', { shell: 'PORT=5173 node x.js' }, `Its command sets PORT: remove that\n${reserve}`],
    [
      'sets PORT in its script',
      devScript('tsc && PORT=5173 node x.js'),
      `Its command sets PORT: remove that\n${reserve}`,
    ],
    [
      'never gets a port',
      { definition: { isTransient: false, port: null } as unknown as CommandClues['definition'] },
      'Its configuration says "port": null. To give it a port, if it reads PORT, set "port": "auto": candle restart web\nIf it always listens on 5173, set "port": 5173 in .candle.json: candle restart web',
    ],
    [
      'is transient and needs a flag',
      { ...devScript('vite'), definition: { isTransient: true, root: 'apps/web' } },
      "To start it on a separate port: candle start web --shell 'npm run dev -- --port $PORT --strictPort' --root apps/web --port auto",
    ],
    [
      'is transient and sets PORT',
      { shell: 'PORT=5173 node x.js', definition: { isTransient: true } },
      "To start it on a separate port: candle start web --shell 'node x.js' --port auto",
    ],
    [
      'is transient and may read PORT',
      { definition: { isTransient: true } },
      "To reserve a port for it, if it reads PORT: candle reserve-port web && candle restart web\nIf it always listens on 5173: candle start web --shell 'node server.js' --port 5173",
    ],
    [
      'is no longer configured',
      { definition: undefined },
      'It is no longer configured, so no port can be reserved for it',
    ],
  ])('that %s', (_, changes, expected) => {
    expect(advice(changes)).toBe(expected);
  });

  test('gets the variable that contains the number', () => {
    expect(advice({}, { variable: 'SERVER_PORT', port: 5173, place: '.env' })).toBe(
      `SERVER_PORT is 5173 in .env: "portEnv": ["PORT", "SERVER_PORT"]\n${reserve}`,
    );
    expect(advice({}, { variable: 'PORT', port: 5173, place: '.env' })).toBe(reserve);
  });

  test('cannot get a number that only root may use, or one of several', () => {
    for (const listensOn of [[80], [5173, 9090]])
      expect(renderHint(adviseOnUnreserved(clues, { listensOn, holder: undefined }))).not.toContain('always');
  });
});
