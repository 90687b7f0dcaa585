import { expect, test } from 'vitest';
import { hostLabel } from './host-label.ts';
import { listHosts } from './list-hosts.ts';
import { parseDomain } from './parse-domain.ts';
import { comment } from './render-config.ts';
import { renderNginx } from './render-nginx.ts';

const projectDir = '/home/ada/shop';

test.each([
  ['api', 'api'],
  ['apps/API', 'apps-api'],
  ['web:dev (new)', 'web-dev-new'],
  ['größe', 'xn--gre-6ka8i'],
  ['日本', 'xn--wgv71a'],
  ['///', undefined],
  ['x'.repeat(64), undefined],
])('%j becomes %j in a host name', (name, label) => {
  expect(hostLabel(name)).toBe(label);
});

test('if two names give the same host, the lowest port gets it, regardless of order', () => {
  const reservations = [
    { port: 4003, serviceName: 'apps/api', projectDir },
    { port: 4001, serviceName: 'apps-api', projectDir },
    { port: 4002, serviceName: '///', projectDir },
    { port: 4004, serviceName: null, projectDir },
  ];
  const options = { domain: 'localhost', withProject: false };
  const names = ({ hosts }: ReturnType<typeof listHosts>) => hosts.map(({ host, port }) => `${host} ${port}`);
  const expected = ['apps-api.localhost 4001', 'port-4002.localhost 4002', 'port-4003.localhost 4003'];
  expect(names(listHosts(reservations, [], options))).toEqual(expected);
  expect(names(listHosts(reservations.toReversed(), [], options))).toEqual(expected);
});

test('a service has no host if only a service of the same name in another project has a port', () => {
  const reservations = [{ port: 4000, serviceName: 'api', projectDir }];
  const services = [
    { name: 'api', projectDir },
    { name: 'api', projectDir: '/home/ada/blog' },
  ];
  expect(listHosts(reservations, services, { domain: 'localhost', withProject: true }).hostless).toEqual(['api']);
});

test.each(['', 'local host', 'a;b', 'x\n}', '-a', 'a..b', '.'])('%j is not a valid domain', (text) => {
  expect(() => parseDomain(text, 'hosts')).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

test('a domain may contain upper-case and non-ASCII letters', () => {
  expect(parseDomain('Dev.Größe.example', 'hosts')).toBe('dev.xn--gre-6ka8i.example');
});

test('a directory name cannot end the comment', () => {
  const host = { host: 'api.localhost', port: 4000, serviceName: 'api', projectDir: '/tmp/a\nserver {}' };
  expect(comment(host)).toBe('# api of /tmp/a?server {}');
});

test('the nginx configuration raises the name size limit for long names', () => {
  const config = (host: string) =>
    renderNginx({ hosts: [{ host, port: 4000, serviceName: 'api', projectDir }], listenPort: 80 });
  expect(config('api.localhost')).not.toContain('bucket_size');
  expect(config(`${'x'.repeat(63)}.localhost`)).toContain('server_names_hash_bucket_size 512;');
});
