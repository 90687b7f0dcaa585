import type { Candle } from '@candle/core/candle';
import { printable } from '@candle/core/errors';
import { followRun } from '@candle/core/logs';
import type { Run } from '@candle/core/runs';
import { renderDuration } from './format.ts';
import { EntryWriter, showsColor } from './log-entries.ts';

/** Installers print nothing for up to a minute. */
const firstSilenceMs = 5_000;

/**
 * Shows the output of a setup on stderr until it ends, because stdout is for the result of the command.
 * @param progress receives a line when the setup has printed nothing for 5 seconds, and then ever more seldom
 */
export async function showSetupOutput(candle: Candle, run: Run, progress: (text: string) => void): Promise<void> {
  const { stderr } = process;
  const style = { format: 'lines', color: showsColor(stderr, process.env), timestamps: false, labels: false } as const;
  const writer = new EntryWriter(style, (text) => stderr.write(text));
  const silence = watchSilence(firstSilenceMs, (elapsedMs) =>
    progress(`Waiting for the setup, which has run for ${renderDuration(elapsedMs)}: ${printable(run.shell)}`),
  );
  try {
    for await (const entries of followRun(candle, run.id)) {
      if (entries.length > 0) silence.restart();
      writer.add(run.serviceName, entries);
    }
  } finally {
    silence.stop();
  }
  writer.end();
}

export interface SilenceWatch {
  /** Something was printed. */
  restart(): void;
  stop(): void;
}

/** Reports silence after the given time, then after twice this time, and so on, with the time since the beginning. */
export function watchSilence(firstMs: number, onSilence: (elapsedMs: number) => void): SilenceWatch {
  const beganMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const stop = () => clearTimeout(timer);
  const wait = (delayMs: number) => {
    timer = setTimeout(() => {
      onSilence(performance.now() - beganMs);
      wait(delayMs * 2);
    }, delayMs);
  };
  wait(firstMs);
  return {
    restart() {
      stop();
      wait(firstMs);
    },
    stop,
  };
}
