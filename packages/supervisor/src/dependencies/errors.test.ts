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

test('services that were not started are counted apart from those that failed', () => {
  const [db, cache] = [new DiskFullError(), new DiskFullError()];
  const [api, web] = [new DependencyFailedError(of('api'), 'db', db), new DependencyFailedError(of('web'), 'db', db)];
  const messageOf = (...errors: readonly CandleError[]) => new SeveralServicesFailedError(errors).message;
  expect(messageOf(db, api)).toBe('1 service failed, and 1 was not started');
  expect(messageOf(db, cache, api, web)).toBe('2 services failed, and 2 were not started');
  expect(messageOf(api, web)).toBe('2 services were not started');
});

test('a cause that several services share is printed once', () => {
  const several = new SeveralServicesFailedError([new DiskFullError(), new DiskFullError()]);
  expect(several.message).toBe('2 services failed');
  expect(several.hint).toBe("- Service 'db' ended: no space\n  rm");
  expect(several.details).toMatchObject({ errors: [{ code: 'SERVICE_TEST' }, { code: 'SERVICE_TEST' }] });
});
