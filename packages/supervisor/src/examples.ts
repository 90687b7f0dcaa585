import { exampleProject } from '@candle/core/errors';
import type { Run } from '@candle/core/runs';

/** Values for the examples of errors, so that the examples of one page belong together. */
export const exampleService = { name: 'api', projectDir: exampleProject };
export const exampleRun = {
  ...{ id: 'mb2k', serviceName: 'api', projectDir: exampleProject, port: 4000, fingerprint: '' },
} as Run;
export const exampleLastLines: readonly string[] = ["Error: Cannot find module 'hono'"];
export const exampleReport = { lastLines: exampleLastLines, explanation: undefined };
