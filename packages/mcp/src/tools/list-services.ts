import { z } from 'zod';
import { listInput } from '../schemas/input-fields.ts';
import { isoTime } from '../schemas/iso-time.ts';
import { portCheck } from '../schemas/port-check.ts';
import { port } from '../schemas/reserved-port.ts';
import { serviceKey } from '../schemas/service.ts';
import { defineTool } from '../tool.ts';

export const listServices = defineTool({
  name: 'ListServices',
  useCase: 'list',
  title: 'List services',
  description:
    'Lists the services of the project, running or not: status, PID, port, whether it listens on that port (portCheck), command, directory, and how the last run ended.',
  input: listInput('the services'),
  output: z.object({
    services: z.array(
      z.object({
        ...serviceKey,
        status: z
          .string()
          .describe(
            'RUNNING, STARTING, STOPPING, EXITED (code), FAILED (code), LOST, or not running (never started, or stopped).',
          ),
        running: z.boolean(),
        ready: z
          .boolean()
          .nullable()
          .describe(
            'True if its readiness check has passed (by default: something listens on its port); null if it is not running.',
          ),
        pid: z.int().nullable(),
        port: port.nullable().describe('Its reserved port, which it has or will get as PORT.'),
        portCheck: portCheck.describe(
          'Whether it listens on its reserved port; null if it has no reserved port or is not running.',
        ),
        runId: z.string().nullable().describe('ID of its newest run.'),
        startedAt: isoTime.nullable(),
        endedAt: isoTime.nullable(),
        exitCode: z.int().nullable(),
        exitSignal: z.string().nullable(),
        shell: z.string().nullable().describe('Its command line.'),
        root: z.string().nullable().describe('Directory that it runs in.'),
        transient: z.boolean().describe('True if it was started with its own command and is not configured.'),
        configChanged: z.boolean().describe('True if the configuration has changed since it was started.'),
        restarts: z.number().describe('Number of consecutive restarts by its restart policy.'),
        nextRestartAt: z.string().nullable().describe('When its restart policy will start it again.'),
        crashLoopedAt: z
          .string()
          .nullable()
          .describe('When its restart policy gave up because the service kept exiting.'),
        refusal: z.string().nullable().describe('Why its restart policy did not start it again.'),
      }),
    ),
  }),
  async run(context, input) {
    const dir = input.showAll ? undefined : await context.findProjectDir(input, { allowNew: false });
    const { list, serviceDocument, supervision } = await context.supervise();
    const { services } = await list(supervision, { projectDir: dir, names: [] });
    return { services: services.map(serviceDocument) };
  },
});
