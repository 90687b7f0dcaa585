import { type Sandbox, until } from '@candle/test-kit';

const isOf = (entry: { runId: string; text?: string }, runId: string) =>
  entry.runId === runId && entry.text?.startsWith('{');

/** Starts a service that runs `prints-env.mjs` and returns the environment that it printed. */
export async function environmentOf(box: Sandbox, name: string, callerEnv: Record<string, string> = {}) {
  const { services } = await box.candleJson(['start', name], { env: callerEnv });
  const text = await until('it has printed its environment', async () => {
    const { entries } = (await box.candleJson(['logs', name])).services[0];
    return entries.findLast((entry: { runId: string; text?: string }) => isOf(entry, services[0].runId))?.text;
  });
  return { run: services[0], env: JSON.parse(text) as Record<string, string> };
}
