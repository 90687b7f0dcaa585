// Runs twenty services and randomly kills them, Candle's commands and its background processes for the given time. No line
// may be lost or duplicated, and nothing may be left behind. Exits with 1 if it finds a defect.
// Usage: `npm run soak -- --minutes 30 --seed 1`
//   --json FILE   write the counts and the result as JSON
//   --keep        keep all files if a defect is found
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
  // pnpm, npm and turbo may pass the `--` to this script.
  allowPositionals: true,
  args: process.argv.slice(2).filter((arg) => arg !== '--'),
});
const minutes = Number(options.minutes ?? '30');
const seed = Number(options.seed ?? Date.now() % 1_000_000);
if (!(minutes > 0) || !Number.isInteger(seed))
  throw new Error('--minutes must be a number above 0, and --seed an integer');
console.log(`Soak test: ${minutes} minutes, seed ${seed}`);

/** How many commands run at the same time, as on a busy developer's machine. */
const actors = 3;
const sampleEveryMs = 500;
/** A supervisor that has just started still fills its heap and caches, so its first samples are ignored. */
const warmUpMs = 60_000;
/** Shorter thirds show chance rather than growth, so they are printed but not checked. */
const minThirdMs = 45_000;
/** The supervisor's memory may grow by this factor from the first to the last third of the last quarter of the time. */
const rssBound = 1.1;
/** Its CPU usage may grow by this factor plus some slack, because the actions in both thirds are random. */
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
  console.log(`open descriptors while calm: ${after}`);
  if (before !== after) tally.defect(`open descriptors while calm: ${before}, then ${after}`);
  checkFlatness();
  isChecking = false;
  await checking;
  const { end, stderr } = await callCandle(box, ['kill-all']);
  if (end !== 0) tally.defect(`kill-all ended with ${end}: ${stderr}`);
  await checker.checkEnded();
  await checkWhatIsLeft(world, checker);
} catch (error) {
  tally.defect(error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  isChecking = false;
  if (options.keep && tally.defects.length > 0) console.log(`Kept: ${box.root}`);
  else await box.close().catch((error: Error) => tally.defect(error.message));
}
report();

async function actFor(deadlineMs: number, mayKill: boolean): Promise<void> {
  const isOver = () => isInterrupted || performance.now() >= deadlineMs;
  const phase = mayKill ? 'chaos' : 'quiet';
  await Promise.all([
    ...Array.from({ length: actors }, (_, index) =>
      actAtRandom(world, checker, { random: world.random(`${phase} ${index}`), isOver, mayKill }),
    ),
    ...(mayKill ? [killAtRandom(world, { random: world.random('kills'), isOver })] : []),
  ]);
}

function checkFlatness(): void {
  if (new Set(samples.map(({ pid }) => pid)).size !== 1)
    tally.defect('the supervisor was replaced, although nobody killed it');
  const warm = samples.filter(({ atMs }) => atMs - (samples[0]?.atMs ?? 0) >= warmUpMs);
  const isLongEnough = (warm.length / 3) * sampleEveryMs >= minThirdMs;
  const { first, last } = thirdsOf(isLongEnough ? warm : samples);
  console.log(
    `supervisor: ${show(first)} at first, ${show(last)} at the end${isLongEnough ? '' : ' (too short to check)'}`,
  );
  if (!isLongEnough) return;
  if (!(last.rssMiB <= first.rssMiB * rssBound)) tally.defect(`memory grew: ${first.rssMiB} to ${last.rssMiB} MiB`);
  if (!(last.cpuPercent <= first.cpuPercent * cpuBound + cpuSlackPercent))
    tally.defect(`CPU grew: ${first.cpuPercent} to ${last.cpuPercent} %`);
}

function show({ rssMiB, cpuPercent }: { rssMiB: number; cpuPercent: number }): string {
  return `${rssMiB.toFixed(1)} MiB RSS, ${cpuPercent.toFixed(1)} % CPU`;
}

function report(): void {
  for (const [what, times] of Object.entries(tally.counts).sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`${String(times).padStart(10)}  ${what}`);
  }
  for (const what of tally.defects) console.log(`DEFECT ${what}`);
  const hasPassed = tally.defects.length === 0 && !isInterrupted;
  const result = { minutes, seed, hasPassed, runs: checker.checked, counts: tally.counts, defects: tally.defects };
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
  console.log(
    `${checker.checked} runs checked. ${hasPassed ? 'PASSED' : `FAILED, defects: ${tally.defects.length}`} (seed ${seed})`,
  );
  process.exitCode = hasPassed ? 0 : 1;
}
