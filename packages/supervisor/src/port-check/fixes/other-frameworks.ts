import { type Framework, flagWins, longPort, option, port, readsNone } from './framework.ts';

/** Programs in other languages, and databases. */
export const otherFrameworks: readonly Framework[] = [
  // Ruby, PHP
  { name: 'Rails', program: /^rails (?:server|s)\b/, why: flagWins, flag: '-p $PORT', given: port },
  {
    name: 'Puma',
    program: /^puma\b/,
    why: 'reads PORT only if its configuration does',
    flag: '-p $PORT',
    given: port,
  },
  {
    name: 'Jekyll',
    program: /^jekyll (?:serve|s)\b/,
    why: readsNone,
    flag: '--port $PORT',
    given: option('--port', '-P'),
  },
  { name: "PHP's server", program: /^php .*-S /, why: readsNone, flag: '-S localhost:$PORT', given: / -S \S+/ },
  { name: 'Laravel', program: /^artisan serve\b/, why: readsNone, flag: '--port $PORT', given: longPort },
  // Java, .NET
  {
    name: 'Spring Boot',
    program: /(?:spring-boot:run|\bbootRun\b|org\.springframework\.boot)/,
    why: 'reads SERVER_PORT, not PORT',
    variable: 'SERVER_PORT',
  },
  {
    name: 'Quarkus',
    program: /(?:quarkus:dev|\bquarkusDev\b|^quarkus dev\b)/,
    why: 'reads QUARKUS_HTTP_PORT, not PORT',
    variable: 'QUARKUS_HTTP_PORT',
  },
  {
    name: 'ASP.NET Core',
    program: /^dotnet (?:run|watch)\b/,
    why: readsNone,
    flag: '--urls http://localhost:$PORT',
    given: / --urls[ =]\S+/,
  },
  // Others
  {
    name: 'A Go program',
    program: /^(?:go run|air)\b/,
    why: 'listens on the port in its code: http.ListenAndServe(":"+os.Getenv("PORT"), nil)',
  },
  { name: 'Hugo', program: /^hugo (?:server|serve)\b/, why: readsNone, flag: '--port $PORT', given: port },
  {
    name: 'Redis',
    program: /^(?:redis-server|valkey-server)\b/,
    why: readsNone,
    flag: '--port $PORT',
    given: longPort,
  },
  {
    name: 'PostgreSQL',
    program: /^(?:postgres|postmaster)\b/,
    why: 'reads PGPORT, not PORT',
    flag: '-p $PORT',
    given: option('-p'),
    variable: 'PGPORT',
  },
  { name: 'MongoDB', program: /^mongod\b/, why: readsNone, flag: '--port $PORT', given: longPort },
];
