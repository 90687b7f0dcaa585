import { expect, test } from 'vitest';
import { calm } from '../calm.ts';
import { sandbox } from '../sandbox.ts';

/** As Vite and webpack-dev-server do: 404 for a client that does not accept anything. */
const picky = `require('http').createServer((request, response) => {
  response.writeHead(request.headers.accept ? 200 : 404).end();
})`;

const node = (code: string) => `exec node -e "${code}"`;

test('a server that needs the header Accept, and one that listens on a Unix socket, become ready', async () => {
  const box = sandbox({
    config: {
      services: {
        web: { shell: node(`${picky}.listen(process.env.PORT)`), port: 'auto', ready: { http: '/login' } },
        app: {
          shell: node(`${picky}.listen('app.sock')`),
          root: 'app',
          port: null,
          ready: { http: 'http://unix:app.sock:/login' },
        },
      },
    },
  });
  box.writeFile('app/keep', '');
  expect(await box.candle(['start', '--wait'])).toMatchObject({ stderr: calm, exitCode: 0 });
});

test('the error says what the last request has seen', async () => {
  const box = sandbox({
    config: {
      services: {
        picky: { shell: node(`${picky.replace('200', '401')}.listen(process.env.PORT)`), ready: { http: '/' } },
        mute: { shell: node(`require('net').createServer().listen(process.env.PORT)`), ready: { http: '/' } },
        closed: { shell: 'exec sleep 1000', ready: { http: '/' } },
      },
    },
  });
  const reasons = {
    picky: '/ responds with 401',
    mute: 'no response from /: no answer within 2 s',
    closed: 'no response from /: connection refused',
  };
  for (const name of Object.keys(reasons)) await box.candle(['reserve-port', name]);
  await box.candle(['start']);
  for (const [name, reason] of Object.entries(reasons)) {
    const { stderr } = await box.candle(['wait-for-ready', name, '--timeout', '3']);
    expect(stderr.split('\n', 1)).toEqual([`Error: Service '${name}' is not ready after 3 s: ${reason}`]);
  }
});
