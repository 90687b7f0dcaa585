import { type Framework, flagWins, longPort, option, port, readsNone } from './framework.ts';

/** Programs for Python. */
export const pythonFrameworks: readonly Framework[] = [
  {
    name: 'Django',
    program: /^(?:manage\.py|django-admin) runserver\b/,
    why: readsNone,
    flag: '$PORT',
    given: / (?:[\w.[\]:]+:)?\d+(?= |$)/,
  },
  {
    name: 'Flask',
    program: /^flask .*\brun\b/,
    why: 'reads FLASK_RUN_PORT, not PORT',
    flag: '--port $PORT',
    given: port,
    variable: 'FLASK_RUN_PORT',
  },
  {
    name: 'Uvicorn',
    program: /^uvicorn\b/,
    why: 'reads UVICORN_PORT, not PORT',
    flag: '--port $PORT',
    given: longPort,
    variable: 'UVICORN_PORT',
  },
  {
    name: 'FastAPI',
    program: /^fastapi (?:dev|run)\b/,
    why: 'may not read PORT',
    flag: '--port $PORT',
    given: longPort,
  },
  {
    name: 'Gunicorn',
    program: /^gunicorn\b/,
    why: flagWins,
    flag: '-b 127.0.0.1:$PORT',
    given: / (?:-b|--bind)[ =]?\S+/,
  },
  {
    name: 'Hypercorn',
    program: /^hypercorn\b/,
    why: readsNone,
    flag: '-b 127.0.0.1:$PORT',
    given: / (?:-b|--bind)[ =]?\S+/,
  },
  { name: 'http.server', program: /^http\.server\b/, why: readsNone, flag: '$PORT', given: / \d+(?= |$)/ },
  {
    name: 'MkDocs',
    program: /^mkdocs serve\b/,
    why: readsNone,
    flag: '-a localhost:$PORT',
    given: / (?:-a|--dev-addr)[ =]?\S+/,
  },
  {
    name: 'Streamlit',
    program: /^streamlit run\b/,
    why: 'reads STREAMLIT_SERVER_PORT, not PORT',
    flag: '--server.port $PORT',
    given: option('--server\\.port'),
    variable: 'STREAMLIT_SERVER_PORT',
  },
];
