// Twenty services and everything of Candle's killed at random, for as long as told: not a line may be lost or doubled, and
// nothing may be left behind. `npm run soak -- --minutes 30 --seed 1`; exits with 1 when something is wrong.
//   --json FILE   the counts and the verdict, for a machine
//   --keep        leave everything where it is when something is wrong
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { actAtRandom } from './actions.ts';
import { callCandle } from './calls.ts';
import { countDescriptorsInCalm } from './calm.ts';
import { RunChecker } from './check-runs.ts';
import { killAtRandom } from './kills.ts';
import { checkWhatIsLeft } from './left-behind.ts';
import { type Sample, takeSample, thirdsOf } from './samples.ts';
import { openWorld } from './world.ts';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'string' },
    keep: { type: 'boolean' },
  },
  // pnpm, npm and turbo may pass the `--` on.
  allowPositionals: true,
  args: process.argv.slice(2).filter((arg) => arg !== '--'),
});
const minutes = Number(options.minutes ?? '30');
const seed = Number(options.seed ?? Date.now() % 1_000_000);
if (!(minutes > 0) || !Number.isInteger(seed)) throw new Error('--minutes is a number above 0, --seed a whole number');
console.log(`Soak of ${minutes} minutes, seed ${seed}`);

/** As many commands are under way at once as on a busy developer's machine. */
const actors = 3;
const sampleEveryMs = 500;
/** A supervisor that has just been started still fills its heap and its caches: not judged so long. */
const warmingMs = 60_000;
/** Thirds shorter than this say more about chance than about growth: they are told, not judged. */
const minThirdMs = 45_000;
/** The memory of the supervisor may grow by this from the first to the last third of the last quarter. */
const rssBound = 1.1;
/** Its share of a core too, and some more: what is done in the two thirds is random. */
const cpuBound = 1.5;
const cpuSlackPercent = 2;

const beganMs = performance.now();
const chaosDeadlineMs = beganMs + minutes * 0.75 * 60_000;
const deadlineMs = beganMs + minutes * 60_000;
const world = openWorld(seed);
const { box, tally } = world;
const checker = new RunChecker(world);
let isInterrupted = false;
process.once('SIGINT', () => {
  isInterrupted = true;
});

const samples: Sample[] = [];
let isChecking = true;
try {
  await callCandle(box, ['start']);
  const checking = (async () => {
    while (isChecking) {
      await checker.checkEnded();
      await sleep(500);
    }
  })();
  await actFor(chaosDeadlineMs, true);
  const openBefore = await countDescriptorsInCalm(world);
  const sampling = setInterval(() => {
    const sample = takeSample(world);
    if (sample) samples.push(sample);
  }, sampleEveryMs);
  await actFor(deadlineMs, false);
  clearInterval(sampling);
  const openAfter = await countDescriptorsInCalm(world);
  const [before, after] = [openBefore, openAfter].map((open) => JSON.stringify(open));
  console.log(`open in calm ${after}`);
  if (before !== after) tally.fault(`open in calm: ${before}, then ${after}`);
  checkFlatness();
  isChecking = false;
  await checking;
  const { end, stderr } = await callCandle(box, ['kill-all']);
  if (end !== 0) tally.fault(`kill-all ended with ${end}: ${stderr}`);
  await checker.checkEnded();
  await checkWhatIsLeft(world, checker);
} catch (error) {
  tally.fault(error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  isChecking = false;
  if (options.keep && tally.faults.length > 0) console.log(`Kept: ${box.root}`);
  else await box.close().catch((error: Error) => tally.fault(error.message));
}
report();

async function actFor(deadlineMs: number, mayKill: boolean): Promise<void> {
  const isOver = () => isInterrupted || performance.now() >= deadlineMs;
  const part = mayKill ? 'chaos' : 'quiet';
  await Promise.all([
    ...Array.from({ length: actors }, (_, index) =>
      actAtRandom(world, checker, { random: world.random(`${part} ${index}`), isOver, mayKill }),
    ),
    ...(mayKill ? [killAtRandom(world, { random: world.random('kills'), isOver })] : []),
  ]);
}

function checkFlatness(): void {
  if (new Set(samples.map(({ pid }) => pid)).size !== 1) tally.fault('the supervisor changed, though nobody killed it');
  const warm = samples.filter(({ atMs }) => atMs - (samples[0]?.atMs ?? 0) >= warmingMs);
  const isJudged = (warm.length / 3) * sampleEveryMs >= minThirdMs;
  const { first, last } = thirdsOf(isJudged ? warm : samples);
  console.log(`supervisor: ${show(first)}, later ${show(last)}${isJudged ? '' : ' (too short to be judged)'}`);
  if (!isJudged) return;
  if (!(last.rssMiB <= first.rssMiB * rssBound)) tally.fault(`memory grew: ${first.rssMiB} to ${last.rssMiB} MiB`);
  if (!(last.cpuPercent <= first.cpuPercent * cpuBound + cpuSlackPercent))
    tally.fault(`CPU grew: ${first.cpuPercent} to ${last.cpuPercent} %`);
}

function show({ rssMiB, cpuPercent }: { rssMiB: number; cpuPercent: number }): string {
  return `${rssMiB.toFixed(1)} MiB RSS, ${cpuPercent.toFixed(1)} % CPU`;
}

function report(): void {
  for (const [what, times] of Object.entries(tally.counts).sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`${String(times).padStart(10)}  ${what}`);
  }
  for (const what of tally.faults) console.log(`FAULT ${what}`);
  const isSound = tally.faults.length === 0 && !isInterrupted;
  const result = { minutes, seed, isSound, runs: checker.checked, counts: tally.counts, faults: tally.faults };
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`${checker.checked} runs checked. ${isSound ? 'SOUND' : `${tally.faults.length} FAULTS`} (seed ${seed})`);
  process.exitCode = isSound ? 0 : 1;
}
