import { cutText, waitForLog as waitFor } from '@candle/core';
import { z } from 'zod';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { maxTextLength } from '../schemas/log-entry.ts';
import { timeout } from '../schemas/seconds.ts';
import { defineTool } from '../tool.ts';

export const waitForLog = defineTool({
  name: 'WaitForLog',
  useCase: 'wait-for-log',
  title: 'Wait until a service has printed something',
  description:
    'Waits until the current run of a service has printed a text, and gives the line; at once when it already has. Fails, with its last lines, when the service does not run, ends before, or takes too long. Changes nothing, and may be cancelled.',
  input: z.strictObject({
    name: serviceName('Service to wait for.'),
    message: z.string().describe('A part of the line, capitals and small letters held apart.'),
    regex: z.boolean().optional().describe('The message is a regular expression (of JavaScript).'),
    timeout,
    projectDir,
  }),
  output: z.object({
    serviceName: z.string(),
    projectDir: z.string(),
    runId: z.string(),
    text: z
      .string()
      .describe(`The line. A tool cuts it, with a mark, behind ${maxTextLength} characters; --json does not.`),
  }),
  async run(context, { name, message, regex, timeout, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    const timeoutMs = timeout * 1000;
    context.progress.say(`Waiting for '${name}' to print '${cutText(message, 100).text}'`, timeoutMs);
    const { signal } = context;
    const input = { projectDir: dir, name, message, isRegex: regex, timeoutMs, signal };
    const found = await waitFor(context.candle(), input);
    return { ...found, text: cutText(found.text, maxTextLength).text };
  },
});
