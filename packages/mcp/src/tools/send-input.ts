import { described, sentInput } from '@candle/documents';
import * as v from 'valibot';
import { projectDir, serviceName } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

export const sendInput = defineTool({
  name: 'SendInput',
  useCase: 'send',
  title: 'Send a line to a service',
  description:
    'Writes a line of text to the stdin of a running service, such as r for a dev server that restarts when it reads r. A configured service accepts input if it has "enableStdin": true in .candle.json; a service started with StartTransientService always does.',
  input: v.object({
    name: serviceName('Service to send to.'),
    text: described(v.string(), 'Text to send; a newline is added at the end.'),
    projectDir,
  }),
  output: sentInput,
  async run(context, { name, text, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    const bytes = [Buffer.from(`${text}\n`)];
    const { send, sentDocument, supervision } = await context.supervise();
    return sentDocument(await send(supervision, { projectDir: dir, name, bytes }));
  },
});
