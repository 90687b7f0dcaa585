import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { environmentOf } from '../services/environment-of.ts';
import { program } from '../services/programs.ts';

const app = { shell: program('prints-env.mjs'), port: null };
const idles = { shell: 'exec sleep 1000', port: 'auto', ready: false };

test("a database leaves the caller's URL as it is, unless its configuration has one", async () => {
  const services = {
    database: idles,
    redis: idles,
    store: { ...idles, url: 'postgres://dev@localhost:${port}/shop' },
    app,
  };
  const box = sandbox({ config: { services } });
  const urls = { DATABASE_URL: 'postgres://remote/shop', REDIS_URL: 'redis://remote', STORE_URL: 'replaced' };
  await box.candle(['start']);
  const { env } = await environmentOf(box, 'app', urls);
  expect(env).toMatchObject({ DATABASE_URL: urls.DATABASE_URL, REDIS_URL: urls.REDIS_URL });
  expect(env.STORE_URL).toBe(`postgres://dev@localhost:${env.STORE_PORT}/shop`);
  expect(Number(env.DATABASE_PORT)).toBeGreaterThanOrEqual(1024);
  const executed = await box.candle(['exec', 'app', '--', 'sh', '-c', 'echo $DATABASE_URL $STORE_URL'], { env: urls });
  expect(executed.stdout).toBe(`${urls.DATABASE_URL} ${env.STORE_URL}\n`);
});

test('start reports the same URL', async () => {
  const services = {
    web: { ...idles },
    store: { ...idles, url: 'redis://localhost:${port}/0' },
    cache: { shell: 'exec sleep 1000', port: 'auto', ready: { exec: 'redis-cli ping' } },
  };
  const box = sandbox({ config: { services } });
  const { services: started } = await box.candleJson(['start']);
  const urlOf = (name: string) => started.find((one: { name: string }) => one.name === name);
  expect(urlOf('web').url).toBe(`http://localhost:${urlOf('web').port}`);
  expect(urlOf('store').url).toBe(`redis://localhost:${urlOf('store').port}/0`);
  expect(urlOf('cache')).toMatchObject({ url: null, port: expect.any(Number) });
  const { stdout } = await box.candle(['check-start']);
  expect(stdout).toMatch(new RegExp(`Already running: 'store', pid \\d+, redis://localhost:${urlOf('store').port}/0`));
  expect(stdout).toMatch(new RegExp(`Already running: 'cache', pid \\d+, port ${urlOf('cache').port}`));
});

test('a template for a URL that is not set is a configuration error; so is a url with another template', async () => {
  const services = {
    redis: idles,
    api: { ...idles, url: 'http://${env.HOST}:${port}' },
    web: { ...idles, env: { CACHE: '${services.redis.url}' } },
  };
  const box = sandbox({ config: { services } });
  const { error } = await box.candleJson(['start']);
  expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
  expect(error.message).toContain('services.api.url: must not contain a template other than ${port}');
  const { api: _, ...others } = services;
  box.writeFile('.candle.json', JSON.stringify({ services: others }));
  const { error: unset } = await box.candleJson(['start']);
  expect(unset.message).toContain(
    `services.web.env.CACHE: \${services.redis.url} has no value, because 'redis' does not seem to speak HTTP (its name is that of a database or broker): set its "url", or use \${services.redis.port}`,
  );
  const typed = await box.candleJson(['start', 'x', '--shell', 'echo ${services.pg.url}']);
  expect(typed.error.code).toBe('CONFIG_INVALID');
});

test('a transient service cannot use a URL that is not set either', async () => {
  const box = sandbox({ config: { services: { redis: idles } } });
  await box.candle(['start']);
  const { error } = await box.candleJson(['start', 'x', '--shell', 'echo ${services.redis.url}']);
  expect(error).toMatchObject({
    code: 'SERVICE_TEMPLATE_INVALID',
    message: expect.stringContaining("${services.redis.url} has no value, because 'redis' does not seem to speak HTTP"),
  });
});
