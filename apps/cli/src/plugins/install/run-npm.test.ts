import { expect, test } from 'vitest';
import { npmFailure } from './run-npm.ts';

/** The output of npm 11 with `--json`. */
function npmOutput(code: string | number, summary: string, detail = '') {
  return { stdout: JSON.stringify({ error: { code, summary, detail } }, null, 2), stderr: 'npm error', exitCode: 1 };
}

const hosts = '@candle/plugin-hosts';
const registry = 'http://127.0.0.1:4873';

test.each([
  [
    npmOutput('E404', `Not Found - GET ${registry}/@candle%2fplugin-hosts - no such package available`),
    'PLUGIN_NOT_FOUND',
  ],
  // The 404 is about a dependency of the plugin.
  [npmOutput('E404', `Not Found - GET ${registry}/handlebars - Not found`), 'PLUGIN_INSTALL_FAILED'],
  [npmOutput('ETARGET', 'No matching version found for @candle/plugin-hosts@9.'), 'PLUGIN_VERSION_NOT_FOUND'],
  [npmOutput('ECONNREFUSED', 'FetchError: request to http://127.0.0.1:9/x failed'), 'PLUGIN_REGISTRY_UNREACHABLE'],
  [npmOutput('EAI_AGAIN', 'request to http://nowhere.example/x failed'), 'PLUGIN_REGISTRY_UNREACHABLE'],
  [npmOutput('E429', '429 Too Many Requests'), 'PLUGIN_REGISTRY_UNREACHABLE'],
  [npmOutput('E503', '503 Service Unavailable'), 'PLUGIN_REGISTRY_UNREACHABLE'],
  [npmOutput('EINTEGRITY', 'Verification failed while extracting'), 'PLUGIN_REGISTRY_UNREACHABLE'],
  [npmOutput('E401', 'Unable to authenticate, need: Basic'), 'PLUGIN_REGISTRY_REFUSED'],
  [npmOutput('E403', '403 Forbidden'), 'PLUGIN_REGISTRY_REFUSED'],
  [npmOutput('ENOSPC', 'ENOSPC: no space left on device, write'), 'PLUGIN_DISK_FULL'],
  [npmOutput(1, 'command failed'), 'PLUGIN_INSTALL_FAILED'],
])('%j is reported as %s', (result, code) => {
  expect(npmFailure(result, { name: hosts }, '/data').code).toBe(code);
});

test.each([
  [
    npmOutput(
      128,
      'An unknown git error occurred',
      'git ls-remote https://nowhere.example/x.git\nfatal: it cannot be read',
    ),
    "'x' could not be installed: it cannot be read",
  ],
  [
    npmOutput(
      128,
      'An unknown git error occurred',
      "fatal: 'x' is not there\nfatal: no\nPlease see\nand the repository exists.",
    ),
    "'x' could not be installed: 'x' is not there",
  ],
  [npmOutput('EX', 'a\u001b[2Jb'), "'x' could not be installed: a\\u001b[2Jb"],
  [npmOutput('EX', 'Error: many\nlines'), "'x' could not be installed: many"],
  [npmOutput('EX', '', 'only a detail'), "'x' could not be installed: only a detail"],
  [
    { stdout: '', stderr: 'npm error code X\nnpm error it broke\n', exitCode: 1 },
    "'x' could not be installed: it broke",
  ],
  [{ stdout: '', stderr: '', exitCode: undefined }, "'x' could not be installed: npm was killed by a signal"],
])('%j is summarized in one sentence', (result, message) => {
  expect(npmFailure(result, { name: 'x' }, '/data').message).toBe(message);
});
