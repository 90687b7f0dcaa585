import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

// Takes as long as somebody takes to write `built`.
while (!existsSync('built')) await sleep(20);
