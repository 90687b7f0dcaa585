import { cutText, waitForLog as waitFor } from '@candle/core';
import { described, foundLine, maxTextLength } from '@candle/documents';
import * as v from 'valibot';
import { projectDir, serviceName, timeout } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

export const waitForLog = defineTool({
  name: 'WaitForLog',
  useCase: 'wait-for-log',
  title: 'Wait until a service has printed a text',
  description:
    'Waits until the current run of a service has printed a text, and returns the line; returns immediately if the text was already printed. Fails with the last lines of output if the service is not running, exits before it prints the text, or does not print it in time. Does not change the service, and can be cancelled.',
  input: v.object({
    name: serviceName('Service to wait for.'),
    message: described(v.string(), 'Text that the line contains (case-sensitive).'),
    regex: v.optional(described(v.boolean(), 'Treat message as a JavaScript regular expression.')),
    timeout,
    projectDir,
  }),
  output: foundLine,
  async run(context, { name, message, regex, timeout, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    const timeoutMs = timeout * 1000;
    context.progress.update(`Waiting for '${name}' to print '${cutText(message, 100).text}'`, timeoutMs);
    const { signal } = context;
    const input = { projectDir: dir, name, message, isRegex: regex, timeoutMs, signal };
    const found = await waitFor(context.candle(), input);
    return { ...found, text: cutText(found.text, maxTextLength).text };
  },
});
