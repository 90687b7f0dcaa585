// Only the release workflow may publish to a public registry, because it attests where the packages were built.
// Anywhere else, for example in a test, a release may only go to a registry on this machine.
import { execFileSync } from 'node:child_process';
import { refusePublicRegistry } from '../e2e/registry/refuse-public-registry.ts';

try {
  if (process.env.GITHUB_ACTIONS !== 'true') {
    for (const key of ['registry', '@candle:registry']) {
      const url = execFileSync('pnpm', ['config', 'get', key], { encoding: 'utf8' }).trim();
      if (url !== 'undefined') refusePublicRegistry(url);
    }
  }
} catch (error) {
  console.error(`${error.message}\nTo release, merge the pull request that .github/workflows/release.yml keeps open.`);
  process.exitCode = 1;
}
