import type { Sandbox } from '@candle/test-kit';

/** Replaces times, PIDs and uptimes, which differ from run to run, by placeholders. */
export function normalize(text: string): string {
  return text
    .replace(/\b\d+\/\d+\/\d+, \d+:\d+:\d+ [AP]M/g, 'TIME')
    .replace(/(PID: +|pid )\d+/g, '$1N')
    .replace(/(Uptime: +)\d+s/g, '$1Ns')
    .replace(/(RUNNING +(?:yes|no) +)\d+( +)\d+s/g, '$1N$2Ns');
}

/** Runs the command lines concurrently. */
export function runEach(box: Sandbox, ...lines: string[][]) {
  return Promise.all(lines.map(async (args) => ({ args, ...(await box.candle(args)) })));
}

/** The PID that `list` reports for the service. */
export async function pidOf(box: Sandbox, name: string): Promise<number | null> {
  return (await box.candleJson(['list', name])).services[0].pid;
}
