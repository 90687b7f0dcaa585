// Rolls the types up into one file per entry point, including the oclif types that they need, so that plugins do not
// install anything else. Also writes the API reports for check-api.mjs.

import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import extractor from '@microsoft/api-extractor';

const { Extractor, ExtractorConfig, ExtractorLogLevel } = extractor;
const dist = fileURLToPath(new URL('../dist', import.meta.url));
const types = join(dist, 'types');

// API Extractor does not include types from node_modules.
const oclif = dirname(createRequire(import.meta.url).resolve('@oclif/core'));
cpSync(oclif, join(types, 'oclif'), { recursive: true, filter: (path) => !path.endsWith('.js') });
cpSync(fileURLToPath(new URL('promised-command.d.ts', import.meta.url)), join(types, 'oclif', 'command.d.ts'));

const compilerOptions = {
  target: 'es2024',
  module: 'esnext',
  moduleResolution: 'bundler',
  types: ['node'],
  strict: true,
  skipLibCheck: true,
  paths: {
    '@oclif/core/errors': [join(types, 'oclif', 'errors', 'index.d.ts')],
    '@oclif/core/*': [join(types, 'oclif', '*')],
  },
};
const none = { logLevel: ExtractorLogLevel.None };

for (const [name, file] of [
  ['index', 'index.d.ts'],
  ['testing', 'testing.d.ts'],
]) {
  const entry = join(types, file);
  const config = ExtractorConfig.prepare({
    // The file does not exist, but paths are relative to it.
    configObjectFullPath: join(dist, '..', 'api-extractor.json'),
    packageJsonFullPath: join(dist, '..', 'package.json'),
    configObject: {
      projectFolder: join(dist, '..'),
      mainEntryPointFilePath: entry,
      compiler: { overrideTsconfig: { compilerOptions, files: [entry] } },
      // Declarations marked as @internal are removed.
      dtsRollup: { enabled: true, untrimmedFilePath: '', publicTrimmedFilePath: join(dist, `${name}.d.ts`) },
      apiReport: {
        enabled: true,
        reportFileName: name === 'index' ? 'cli-kit' : `cli-kit-${name}`,
        reportFolder: join(types, 'api'),
        reportTempFolder: join(types, 'api', 'temporary'),
        reportVariants: ['public'],
      },
      docModel: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        // oclif types that are used only by public types are not exported.
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Error },
          'ae-forgotten-export': none,
          'ae-missing-release-tag': none,
          'ae-internal-missing-underscore': none,
          'ae-undocumented': none,
        },
        tsdocMessageReporting: { default: none },
      },
    },
  });
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      // check-api.mjs reports changed and new files.
      if (message.category === 'console') message.handled = true;
    },
  });
  if (!succeeded) process.exitCode = 1;
}
