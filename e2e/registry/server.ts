// The process of one registry: Verdaccio, and the server that it queries for packages that nobody has published. It sends
// its URL to the process that forked it, and exits with that process.
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
  // The fewest rounds possible, because each test creates a user.
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
