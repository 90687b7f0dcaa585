import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../../sandbox.ts';
import { openHttpBridge } from './http-bridge.ts';

// The official conformance scenarios. They speak HTTP only, so a bridge stands before the server, which speaks stdio. Most
// of them are about a server that was made for them; why those do not fit, docs/reference/mcp-conformance.md says:
// `vitest run test/mcp/clients/conformance -u` writes it.

const require = createRequire(import.meta.url);
const manifestPath = require.resolve('@modelcontextprotocol/conformance/package.json');
const manifest = require(manifestPath);
const page = fileURLToPath(new URL('../../../../docs/reference/mcp-conformance.md', import.meta.url));

const noSampling = 'Calls a tool of the reference server. Candle asks the client for nothing but its roots.';
const noResources = 'Candle has no resources, and says so: it does not declare the capability.';
const noPrompts = 'Candle has no prompts, and says so: it does not declare the capability.';
const aboutHttp = 'About HTTP: it is the bridge that is asked, and Candle speaks stdio.';
const testTool = (name: string, instead: string) => `Calls \`${name}\`, a tool of the reference server. ${instead}`;
const otherContent = 'The tools of Candle answer with structured content and its text, and with nothing else.';

/** Scenarios that have to pass. */
const fitting: ReadonlySet<string> = new Set(['server-initialize', 'ping', 'tools-list']);

/** Why the others say nothing about Candle. */
const reasons: Readonly<Record<string, string>> = {
  'logging-set-level': 'Candle sends no log messages, and does not declare the capability: its log is stderr.',
  'completion-complete': 'Candle has neither prompts nor resource templates to complete.',
  'tools-call-simple-text': testTool('test_simple_text', 'Calls of every tool: `inspector.test.ts`.'),
  'tools-call-image': testTool('test_image_content', otherContent),
  'tools-call-audio': testTool('test_audio_content', otherContent),
  'tools-call-embedded-resource': testTool('test_embedded_resource', otherContent),
  'tools-call-mixed-content': testTool('test_multiple_content_types', otherContent),
  'tools-call-with-logging': testTool('test_tool_with_logging', 'Candle sends no log messages.'),
  'tools-call-error': testTool(
    'test_error_handling',
    'Errors of calls: `port-tools.test.ts`, `service-tools.test.ts`.',
  ),
  'tools-call-with-progress': testTool('test_tool_with_progress', 'Progress: `waits.test.ts`.'),
  'tools-call-sampling': noSampling,
  'tools-call-elicitation': noSampling,
  'json-schema-2020-12': testTool('json_schema_2020_12_tool', 'Schemas of every tool: `tools-list.test.ts`.'),
  'elicitation-sep1034-defaults': noSampling,
  'elicitation-sep1330-enums': noSampling,
  'server-sse-polling': aboutHttp,
  'server-sse-multiple-streams': aboutHttp,
  'dns-rebinding-protection': aboutHttp,
  'resources-list': noResources,
  'resources-read-text': noResources,
  'resources-read-binary': noResources,
  'resources-templates-read': noResources,
  'resources-subscribe': noResources,
  'resources-unsubscribe': noResources,
  'prompts-list': noPrompts,
  'prompts-get-simple': noPrompts,
  'prompts-get-with-args': noPrompts,
  'prompts-get-embedded-resource': noPrompts,
  'prompts-get-with-image': noPrompts,
};

interface Outcome {
  readonly scenario: string;
  readonly passed: number;
  readonly failed: number;
}

test('The official conformance scenarios that fit pass, and of the rest it is written down why not', {
  timeout: 120_000,
}, async () => {
  const box = sandbox({ config: {} });
  const bridge = await openHttpBridge(box);
  const main = join(dirname(manifestPath), manifest.bin.conformance);
  const args = [main, 'server', '--url', bridge.url, '--suite', 'all', '--output-dir', join(box.root, 'results')];
  const { stdout, stderr } = await runProgram(process.execPath, args, { cwd: box.root, env: box.env });
  // No server has said anything on stderr, and each has left with 0.
  await bridge.close();
  const outcomes = outcomesOf(stdout);
  expect(outcomes.length, stderr).toBeGreaterThan(0);
  const failing = outcomes.filter(({ scenario, failed }) => fitting.has(scenario) && failed > 0);
  expect(failing).toEqual([]);
  expect(outcomes.map(({ scenario }) => scenario).toSorted()).toEqual([...fitting, ...Object.keys(reasons)].toSorted());
  await expect(renderPage(outcomes)).toMatchFileSnapshot(page);
});

/** From the summary: `✗ ping: 0 passed, 1 failed`. */
function outcomesOf(stdout: string): Outcome[] {
  return [...stdout.matchAll(/^[✓✗] ([\w-]+): (\d+) passed, (\d+) failed$/gm)].map(
    ([, scenario = '', passed, failed]) => ({
      scenario,
      passed: Number(passed),
      failed: Number(failed),
    }),
  );
}

function renderPage(outcomes: readonly Outcome[]): string {
  const row = ({ scenario, passed, failed }: Outcome) => {
    const reason = reasons[scenario];
    const counts = reason === aboutHttp ? '– | –' : `${passed} | ${failed}`;
    return `| ${scenario} | ${counts} | ${reason ?? 'Fits, and passes.'} |`;
  };
  return `<!-- Written by a run of e2e/test/mcp/clients/conformance.test.ts (with -u); do not edit. -->

# MCP: the official conformance scenarios

All server scenarios of \`@modelcontextprotocol/conformance\` ${manifest.version} against \`candle mcp\`, behind a bridge from
HTTP to stdio. They are written for a reference server with tools, prompts and resources of its own; those that fit any
server are ${[...fitting].join(', ')}, and they pass.

| Scenario | Checks passed | Checks failed | |
|---|---|---|---|
${outcomes.map(row).join('\n')}
`;
}
