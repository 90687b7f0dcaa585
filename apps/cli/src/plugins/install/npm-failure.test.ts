import { expect, test } from 'vitest';
import { npmFailure } from './npm-failure.ts';

/** What npm 11 prints with `--json`. */
function said(code: string | number, summary: string, detail = '') {
  return { stdout: JSON.stringify({ error: { code, summary, detail } }, null, 2), stderr: 'npm error', exitCode: 1 };
}

const hosts = '@candle/plugin-hosts';
const registry = 'http://127.0.0.1:4873';

test.each([
  [said('E404', `Not Found - GET ${registry}/@candle%2fplugin-hosts - no such package available`), 'PLUGIN_NOT_FOUND'],
  // Of something that the plugin depends on.
  [said('E404', `Not Found - GET ${registry}/handlebars - Not found`), 'PLUGIN_INSTALL_FAILED'],
  [said('ETARGET', 'No matching version found for @candle/plugin-hosts@9.'), 'PLUGIN_VERSION_NOT_FOUND'],
  [said('ECONNREFUSED', 'FetchError: request to http://127.0.0.1:9/x failed'), 'PLUGIN_REGISTRY_UNREACHABLE'],
  [said('EAI_AGAIN', 'request to http://nowhere.example/x failed'), 'PLUGIN_REGISTRY_UNREACHABLE'],
  [said('E429', '429 Too Many Requests'), 'PLUGIN_REGISTRY_UNREACHABLE'],
  [said('E503', '503 Service Unavailable'), 'PLUGIN_REGISTRY_UNREACHABLE'],
  [said('EINTEGRITY', 'Verification failed while extracting'), 'PLUGIN_REGISTRY_UNREACHABLE'],
  [said('E401', 'Unable to authenticate, need: Basic'), 'PLUGIN_REGISTRY_REFUSED'],
  [said('E403', '403 Forbidden'), 'PLUGIN_REGISTRY_REFUSED'],
  [said('ENOSPC', 'ENOSPC: no space left on device, write'), 'PLUGIN_DISK_FULL'],
  [said(1, 'command failed'), 'PLUGIN_INSTALL_FAILED'],
])('%j: %s', (result, code) => {
  expect(npmFailure(result, { name: hosts }, '/data').code).toBe(code);
});

test.each([
  [
    said(128, 'An unknown git error occurred', 'git ls-remote https://nowhere.example/x.git\nfatal: it cannot be read'),
    "'x' could not be installed: it cannot be read",
  ],
  [
    said(
      128,
      'An unknown git error occurred',
      "fatal: 'x' is not there\nfatal: no\nPlease see\nand the repository exists.",
    ),
    "'x' could not be installed: 'x' is not there",
  ],
  [said('EX', 'a\u001b[2Jb'), "'x' could not be installed: a\\u001b[2Jb"],
  [said('EX', 'Error: many\nlines'), "'x' could not be installed: many"],
  [said('EX', '', 'only a detail'), "'x' could not be installed: only a detail"],
  [
    { stdout: '', stderr: 'npm error code X\nnpm error it broke\n', exitCode: 1 },
    "'x' could not be installed: it broke",
  ],
  [{ stdout: '', stderr: '', exitCode: undefined }, "'x' could not be installed: npm ended with a signal"],
])('%j is one sentence', (result, message) => {
  expect(npmFailure(result, { name: 'x' }, '/data').message).toBe(message);
});
