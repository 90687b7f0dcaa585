// Releases are the workflow's, which attests where they were built. Started anywhere else, as a test does, a release goes to
// a registry of this machine or nowhere.
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
  console.error(
    `${error.message}\nA release is made by merging the pull request that .github/workflows/release.yml keeps open.`,
  );
  process.exitCode = 1;
}
