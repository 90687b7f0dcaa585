import { z } from 'zod';
import { projectDir, serviceName } from '../schemas/input-fields.ts';
import { defineTool } from '../tool.ts';

export const openBrowser = defineTool({
  name: 'OpenBrowser',
  useCase: 'open-browser',
  title: 'Open a service in the browser',
  description:
    "Opens a running service in the user's browser: at its reserved port if it listens on it, otherwise at the lowest port that it listens on. Without a display, only returns the URL.",
  input: z.strictObject({ serviceName: serviceName('Service to open.'), projectDir }),
  output: z.object({ url: z.string(), opened: z.boolean().describe('False if there is no display or no browser.') }),
  async run(context, { serviceName, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    const { openBrowser, supervision } = await context.supervise();
    const { url, opened } = await openBrowser(supervision, { projectDir: dir, name: serviceName });
    return { url, opened };
  },
});
