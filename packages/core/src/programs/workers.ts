import { isOneCommand, programIn } from './command-line.ts';

/** Programs that wait for time, input, files or jobs, and never listen on a port. Each matches the result of `programIn`. */
const workers: readonly RegExp[] = [
  /^(?:sleep|tail|cat|yes|watch)\b/,
  // Builds that start again when a file changes
  /^(?:tsc|vue-tsc|sass|postcss|rollup|tsup|swc|babel|tailwindcss|graphql-codegen|webpack(?! s)|vite build)\b.* (?:-w|--watch)\b/,
  /^esbuild\b(?!.* --serve\b).* --watch\b/,
  // Queues
  /^(?:celery|rq|dramatiq|arq|sidekiq|shoryuken|good_job|delayed_job|resque)\b/,
  /^(?:rake|rails) (?:jobs:work|resque:work|solid_queue:start)\b/,
  /^artisan (?:queue:(?:work|listen)|schedule:work)\b/,
  /^manage\.py (?:rqworker|celery|qcluster|run_huey)\b/,
];

/** Whether a shell line only runs a program that is known never to listen on a port. */
export function isWorker(shell: string): boolean {
  const program = programIn(shell);
  return isOneCommand(shell) && workers.some((worker) => worker.test(program));
}
