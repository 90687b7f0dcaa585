import { openedBrowser } from '@candle/documents';
import * as v from 'valibot';
import { projectDir, serviceName } from '../input-fields.ts';
import { defineTool } from '../tool.ts';

export const openBrowser = defineTool({
  name: 'OpenBrowser',
  useCase: 'open-browser',
  title: 'Open a service in the browser',
  description:
    "Opens a running service in the user's browser: at its reserved port if it listens on it, otherwise at the lowest port that it listens on. Without a display, only returns the URL.",
  input: v.object({ serviceName: serviceName('Service to open.'), projectDir }),
  output: openedBrowser,
  async run(context, { serviceName, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    const { openBrowser, supervision } = await context.supervise();
    const { url, opened } = await openBrowser(supervision, { projectDir: dir, name: serviceName });
    return { url, opened };
  },
});
