import { CandleError } from '@candle/core/errors';
import { expect, test } from 'vitest';
import { DependencyFailedError, SeveralServicesFailedError } from './errors.ts';

class DiskFullError extends CandleError {
  static readonly code = 'SERVICE_TEST';

  constructor() {
    super({ message: "Service 'db' ended: no space", hint: 'rm', details: { left: 0 } });
  }
}

const of = (name: string) => ({ name, projectDir: '/p' });

test('the chain goes from the service that was not started to the one that failed', () => {
  const api = new DependencyFailedError(of('api'), 'db', new DiskFullError());
  expect(api.message).toBe("Service 'api' was not started because it depends on 'db': Service 'db' ended: no space");
  const web = new DependencyFailedError(of('web'), 'api', api);
  expect(web).toMatchObject({
    code: 'SERVICE_DEPENDENCY_FAILED',
    message:
      "Service 'web' was not started because it depends on 'api', which depends on 'db': Service 'db' ended: no space",
    hint: "Fix 'db', then: candle start web",
    details: {
      chain: ['web', 'api', 'db'],
      reason: { code: 'SERVICE_TEST', message: "Service 'db' ended: no space", hint: 'rm', details: { left: 0 } },
    },
  });
});

test('a cause that several services share is printed once', () => {
  const several = new SeveralServicesFailedError([new DiskFullError(), new DiskFullError()]);
  expect(several.message).toBe('2 services failed');
  expect(several.hint).toBe("- Service 'db' ended: no space\n  rm");
  expect(several.details).toMatchObject({ errors: [{ code: 'SERVICE_TEST' }, { code: 'SERVICE_TEST' }] });
});
