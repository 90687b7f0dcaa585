import { z } from 'zod';

export const port = z.int().min(1).max(65535);

export const reservedPort = z.object({
  port,
  serviceName: z.string().nullable().describe('Null for a port of the project itself.'),
  projectDir: z.string().describe('Real path of the project.'),
});
