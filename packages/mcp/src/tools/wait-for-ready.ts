import { readyService } from '@candle/documents';
import * as v from 'valibot';
import { projectDir, serviceName, timeout } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

export const waitForReady = defineTool({
  name: 'WaitForReady',
  useCase: 'wait-for-ready',
  title: 'Wait until a service is ready',
  description:
    'Waits until a started service is ready: by default, until something listens on its port. Returns immediately if it is already ready. Fails with the last lines of output if the service is not running, exits, or is not ready in time. Does not change the service, and can be cancelled.',
  input: v.object({ name: serviceName('Service to wait for.'), timeout, projectDir }),
  output: readyService,
  async run(context, { name, timeout, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    const timeoutMs = timeout * 1000;
    context.progress.update(`Waiting for '${name}' to be ready`, timeoutMs);
    const input = { projectDir: dir, name, timeoutMs, signal: context.signal };
    const { waitForReady, readyDocument, supervision } = await context.supervise();
    return readyDocument(await waitForReady(supervision, input));
  },
});
