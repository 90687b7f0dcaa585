import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '@candle/test-kit';
import { expect } from 'vitest';
import { testInFull } from '../../bounded.ts';
import { sandbox } from '../../sandbox.ts';
import { openHttpBridge } from './http-bridge.ts';

// The official conformance scenarios support only HTTP, so a bridge connects them to the server, which uses stdio. Most
// scenarios are written for a reference server. docs/reference/mcp-conformance.md lists why those do not apply to Candle;
// `vitest run test/mcp/clients/conformance -u` regenerates it.

const require = createRequire(import.meta.url);
const manifestPath = require.resolve('@modelcontextprotocol/conformance/package.json');
const manifest = require(manifestPath);
const page = fileURLToPath(new URL('../../../../docs/reference/mcp-conformance.md', import.meta.url));

const noSampling = 'Calls a tool of the reference server. Candle asks the client only for its roots.';
const noResources = 'Candle has no resources and does not declare the capability.';
const noPrompts = 'Candle has no prompts and does not declare the capability.';
const aboutHttp = 'Tests HTTP, and so tests the bridge; Candle uses stdio.';
const testTool = (name: string, note: string) => `Calls \`${name}\`, a tool of the reference server. ${note}`;
const otherContent = 'The tools of Candle return only structured content and the same content as text.';

/** Scenarios that must pass. */
const applicable: ReadonlySet<string> = new Set(['server-initialize', 'ping', 'tools-list']);

/** Why the other scenarios do not apply to Candle. */
const reasons: Readonly<Record<string, string>> = {
  'logging-set-level': 'Candle sends no log messages and does not declare the capability. It writes its log to stderr.',
  'completion-complete': 'Candle has no prompts and no resource templates to complete.',
  'tools-call-simple-text': testTool('test_simple_text', '`inspector.test.ts` calls every tool.'),
  'tools-call-image': testTool('test_image_content', otherContent),
  'tools-call-audio': testTool('test_audio_content', otherContent),
  'tools-call-embedded-resource': testTool('test_embedded_resource', otherContent),
  'tools-call-mixed-content': testTool('test_multiple_content_types', otherContent),
  'tools-call-with-logging': testTool('test_tool_with_logging', 'Candle sends no log messages.'),
  'tools-call-error': testTool('test_error_handling', '`port-tools.test.ts` and `service-tools.test.ts` test errors.'),
  'tools-call-with-progress': testTool('test_tool_with_progress', '`waits.test.ts` tests progress notifications.'),
  'tools-call-sampling': noSampling,
  'tools-call-elicitation': noSampling,
  'json-schema-2020-12': testTool('json_schema_2020_12_tool', '`tools-list.test.ts` tests the schemas of every tool.'),
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

testInFull(
  'The official conformance scenarios that apply pass, and the reference says why the others do not apply',
  {
    timeout: 120_000,
  },
  async () => {
    const box = sandbox({ config: {} });
    const bridge = await openHttpBridge(box);
    const main = join(dirname(manifestPath), manifest.bin.conformance);
    const args = [main, 'server', '--url', bridge.url, '--suite', 'all', '--output-dir', join(box.root, 'results')];
    const { stdout, stderr } = await runProgram(process.execPath, args, { cwd: box.root, env: box.env });
    // Closing checks that no server has written to stderr and that each has exited with 0.
    await bridge.close();
    const outcomes = outcomesOf(stdout);
    expect(outcomes.length, stderr).toBeGreaterThan(0);
    const failing = outcomes.filter(({ scenario, failed }) => applicable.has(scenario) && failed > 0);
    expect(failing).toEqual([]);
    expect(outcomes.map(({ scenario }) => scenario).toSorted()).toEqual(
      [...applicable, ...Object.keys(reasons)].toSorted(),
    );
    await expect(renderPage(outcomes)).toMatchFileSnapshot(page);
  },
);

/** Reads the summary, with lines like `✗ ping: 0 passed, 1 failed`. */
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
    return `| ${scenario} | ${counts} | ${reason ?? 'Applies and passes.'} |`;
  };
  return `<!-- Generated by e2e/test/mcp/clients/conformance.test.ts (run with -u); do not edit. -->

# MCP: official conformance scenarios

The results of all server scenarios of \`@modelcontextprotocol/conformance\` ${manifest.version} with \`candle mcp\`. The
scenarios use HTTP and Candle uses stdio, so a bridge connects them. Most scenarios are written for a reference server with
specific tools, prompts and resources. These scenarios apply to any server, and pass: ${[...applicable].join(', ')}.

| Scenario | Checks passed | Checks failed | Result |
|---|---|---|---|
${outcomes.map(row).join('\n')}
`;
}
