import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { bin, sandbox } from '../sandbox.ts';
import { asUser, whyNoOtherUser } from './as-user.ts';
import { refusal } from './refusal.ts';

/** No entry in /etc/passwd, as in a container that is run with `--user`. */
const stranger = 61_234;

test.for(['', 'relative/home'])(
  'a HOME of %j counts as not set and gives no directory a ledger of its own',
  async (home, { skip }) => {
    skip(!existsSync(userInfo().homedir), 'this user has no home directory');
    const box = sandbox();
    const elsewhere = join(box.root, 'elsewhere');
    mkdirSync(elsewhere);
    for (const cwd of [box.projectDir, elsewhere]) {
      // Reads only: it may open the real ledger of whoever runs this test.
      await box.candle(['--version'], { cwd, env: { HOME: home, CANDLE_STATE_DIR: '' } });
      expect(readdirSync(cwd)).toEqual([]);
    }
    void homedir;
    void bin;
    void runProgram;
  },
);
void asUser;
void whyNoOtherUser;
void refusal;
void stranger;
