import { expect, test } from 'vitest';
import { inQuarantine } from './quarantine.ts';

test('what is loaded can neither end the process nor print among data, and its warnings are kept', async () => {
  const { exit, emitWarning } = process;
  const { write } = process.stdout;
  const found = await inQuarantine(async (warnings) => {
    const written = await new Promise<unknown>((resolve) => process.stdout.write('noise', resolve));
    process.emitWarning('careful');
    await expect(async () => process.exit(3)).rejects.toThrow(
      'it ended the process while it was loaded: process.exit(3)',
    );
    return { written, warnings };
  });
  expect(found).toEqual({ written: undefined, warnings: ['careful'] });
  expect([process.exit, process.emitWarning, process.stdout.write]).toEqual([exit, emitWarning, write]);
});

test('everything is as before when loading fails', async () => {
  const { exit } = process;
  await expect(inQuarantine(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(process.exit).toBe(exit);
});
