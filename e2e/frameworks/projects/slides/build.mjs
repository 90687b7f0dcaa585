import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

// Runs until the file `built` exists.
while (!existsSync('built')) await sleep(20);
