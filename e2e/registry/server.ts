// The process of one registry: Verdaccio, and beside it what Verdaccio asks for packages that nobody has published.
// It tells its URL to the process that forked it, and leaves with that one.
import { join } from 'node:path';
import { runServer } from 'verdaccio';
import { startInstalledServer } from './installed-server.ts';
import { listen } from './listen.ts';

const [root = ''] = process.argv.slice(2);
const installed = await startInstalledServer();
const everybody = { access: '$all', publish: '$authenticated', unpublish: '$authenticated' };
const registry = await runServer({
  configPath: join(root, 'config.yaml'),
  storage: join(root, 'storage'),
  // The cheapest: a user is made for each test.
  auth: { htpasswd: { file: join(root, 'htpasswd'), algorithm: 'bcrypt', rounds: 4 } },
  uplinks: { installed: { url: installed.url, cache: false, max_fails: 1_000 } },
  packages: {
    '@candle/*': everybody,
    'candle-plugin-*': everybody,
    '**': { ...everybody, proxy: 'installed' },
  },
  max_body_size: '100mb',
  web: { enable: false },
  log: { type: 'stdout', format: 'pretty', level: 'http' },
});
const url = await listen(registry);
process.once('disconnect', () => process.exit());
process.send?.({ url });
