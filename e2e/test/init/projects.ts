import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { runProgram } from '@candle/test-kit';

/** A package whose script `dev` runs a server that answers with the given text. */
export function writeServer(box: Sandbox, directory: string, answer = directory): void {
  box.writeFile(join(directory, 'package.json'), JSON.stringify({ scripts: { dev: 'node server.js' } }, null, 2));
  box.writeFile(
    join(directory, 'server.js'),
    `require('http').createServer((_, response) => response.end('${answer}')).listen(process.env.PORT || 3001);\n`,
  );
}

/** `docker` for one test, as a shell script. Returns the variables with which commands find it first. */
export function standInForDocker(box: Sandbox, script: string): { readonly PATH: string } {
  const directory = join(box.root, 'bin');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'docker'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(directory, 'docker'), 0o755);
  return { PATH: `${directory}:${box.env.PATH}` };
}

export function git(box: Sandbox, ...args: readonly string[]) {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  return runProgram('git', [...identity, ...args], { cwd: box.projectDir, env: box.env });
}
