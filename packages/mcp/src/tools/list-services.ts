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
    'Lists the services of the project, running or not: status, pid, port and whether it keeps to that (contract), command, directory, and how the last run ended.',
  input: listInput('the services'),
  output: z.object({
    services: z.array(
      z.object({
        ...serviceKey,
        status: z
          .string()
          .describe(
            'RUNNING, STARTING, STOPPING, EXITED (code), FAILED (code), LOST, or not running (never started, or killed).',
          ),
        running: z.boolean(),
        ready: z
          .boolean()
          .nullable()
          .describe(
            'What its readiness asks for has been seen, by default a listener on its port; null when not running.',
          ),
        pid: z.int().nullable(),
        port: port.nullable().describe('Its reserved port, which it has, or would be given, as PORT.'),
        portCheck: portCheck.describe(
          'What it makes of its reserved port; null without one, and when it does not run.',
        ),
        runId: z.string().nullable().describe('Of its newest run.'),
        startedAt: isoTime.nullable(),
        endedAt: isoTime.nullable(),
        exitCode: z.int().nullable(),
        exitSignal: z.string().nullable(),
        shell: z.string().nullable().describe('Its command.'),
        root: z.string().nullable().describe('The directory that it runs in.'),
        transient: z.boolean().describe('Started with a command of its own, and not configured.'),
        configChanged: z.boolean().describe('It runs with another configuration than the file has now.'),
        restarts: z.number().describe('Restarts by its restart policy in a row.'),
        nextRestartAt: z.string().nullable().describe('When its policy starts it again.'),
        crashLoopedAt: z.string().nullable().describe('When its policy gave up, because restarts did not last.'),
        refusal: z.string().nullable().describe('Why its policy did not start it again.'),
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
