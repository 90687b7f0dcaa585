import type { Candle } from '@candle/core/candle';
import { followRun } from '@candle/core/logs';
import type { Run } from '@candle/core/runs';
import { EntryWriter, showsColor } from './log-entries.ts';

/** Shows the output of a setup on stderr until it ends, because stdout is for the result of the command. */
export async function showSetupOutput(candle: Candle, run: Run): Promise<void> {
  const { stderr } = process;
  const style = { format: 'lines', color: showsColor(stderr, process.env), timestamps: false, labels: false } as const;
  const writer = new EntryWriter(style, (text) => stderr.write(text));
  for await (const entries of followRun(candle, run.id)) writer.add(run.serviceName, entries);
  writer.end();
}
