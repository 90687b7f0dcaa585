import { z } from 'zod';

export const isoTime = z.string().describe('ISO 8601.');
