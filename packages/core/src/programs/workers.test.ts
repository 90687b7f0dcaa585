import { expect, test } from 'vitest';
import { isWorker } from './workers.ts';

test.each([
  'sleep 1000',
  'exec sleep 1000',
  'tail -f log/development.log',
  'npx tsc --watch --preserveWatchOutput',
  'node node_modules/.bin/tsc -w',
  'tailwindcss -i app.css -o public/app.css --watch',
  'esbuild app.ts --bundle --watch',
  'poetry run celery -A shop worker',
  'bundle exec sidekiq -C config/sidekiq.yml',
  'bin/rails solid_queue:start',
  'php artisan queue:work',
])('%s never listens', (shell) => {
  expect(isWorker(shell)).toBe(true);
});

test.each([
  'node worker.js',
  'tsc -p . && node server.js',
  'sleep 1; vite',
  'sleep 1000 & exec vite',
  'tsc',
  'esbuild app.ts --serve --watch',
  'webpack serve --watch',
  'vite',
  '',
])('%s may listen', (shell) => {
  expect(isWorker(shell)).toBe(false);
});
