import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { inPart } from '../bounded.ts';
import { bin, sandbox } from '../sandbox.ts';

const esc = '\u001b';
const hasTmux = spawnSync('tmux', ['-V']).status === 0;

const server = "require('node:http').createServer().listen(process.env.PORT, () => console.log('listens'))";
const web = { shell: `exec node -e "${server}"`, port: 'auto' };
const worker = { shell: 'echo waits for jobs; exec sleep 1000', port: null, dependsOn: 'web' };
const more = {
  api: { shell: 'echo "Error: Cannot find module \'hono\'"; exit 1', port: 'auto', autostart: false },
  日本語: { shell: 'x', port: null, autostart: false },
  'a-service-with-a-name-that-is-longer-than-usual': {
    ...{ shell: 'x', port: 'auto', autostart: false },
    url: 'http://localhost:${port}/a/page/that/is/far/below/the/root',
  },
};

/** Runs command lines in a terminal of this width, and returns what it shows in the end, without what differs in each run. */
function terminal(box: Sandbox, columns: number) {
  writeFileSync(join(box.root, 'candle'), `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`, { mode: 0o755 });
  const variables = { PATH: `${box.root}:${box.env.PATH}`, TMUX_TMPDIR: box.root, TERM: 'xterm', LC_ALL: 'C.UTF-8' };
  const env = { ...box.env, ...variables };
  const tmux = (...words: string[]) =>
    execFileSync('tmux', ['-u', '-f', '/dev/null', '-L', String(columns), ...words], { env, encoding: 'utf8' });
  const size = ['-x', String(columns), '-y', '120'];
  tmux('new-session', '-d', ...size, 'exec sleep 1000');
  onTestFinished(() => void tmux('kill-server'));
  const capture = (...flags: string[]) => tmux('capture-pane', '-p', ...flags);
  return {
    async show(line: string, { cwd = box.projectDir, interruptAt = '' } = {}) {
      tmux('respawn-pane', '-k', '-c', cwd, `trap : INT; ${line}; echo '[end]'; exec sleep 1000`);
      const explain = () => capture();
      if (interruptAt !== '') {
        await until('the output is shown', () => capture().includes(interruptAt), { explain });
        tmux('send-keys', 'C-c');
      }
      await until('the command has ended', () => /^\[end\]$/m.test(capture()), { explain });
      const [text = ''] = capture().split(/^\[end\]$/m);
      return text
        .replaceAll(box.projectDir, '/home/ada/shop')
        .replaceAll(/\b\d+\.\ds\b/g, '0.0s')
        .replace(/(?:^\[(?:web|worker)\] .*\n)+/m, (lines) => `${lines.trimEnd().split('\n').toSorted().join('\n')}\n`);
    },
    colors: () => capture('-e'),
  };
}

const recorded = (name: string, columns: number) => `../fixtures/screens/${name}-${columns}.txt`;

(hasTmux ? inPart(1) : test.skip).each([[80], [200]])(
  'screens of %d columns look as recorded in fixtures/screens (needs: apt-get install tmux)',
  async (columns) => {
    const box = sandbox({ config: { services: { web, worker } } });
    const { show, colors } = terminal(box, columns);
    const expectScreen = async (name: string, text: string) =>
      expect(text).toMatchFileSnapshot(recorded(name, columns));
    await expectScreen('outside', await show('candle', { cwd: '/' }));
    await expectScreen('up', await show('candle up', { interruptAt: '[web]    listens' }));
    expect(colors()).toContain(`${esc}[32mstarted${esc}`);
    await expectScreen('logs', await show('candle logs'));
    for (const label of ['36m[web]', '33m[worker]']) expect(colors()).toContain(`${esc}[${label}`);
    box.writeConfig({ services: { web, worker, ...more } });
    await box.candle(['start', 'api']);
    await box.candle(['reserve-port', Object.keys(more)[2] ?? '']);
    await expectScreen('project', await show('candle'));
    expect(colors()).toContain(`${esc}[31mFAILED (1)${esc}`);
    await expectScreen('ps', await show(`candle ps ${Object.keys(more).join(' ')}`));
    await expectScreen('help', await show('candle help'));
  },
);
