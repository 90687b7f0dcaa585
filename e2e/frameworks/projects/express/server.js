import { randomUUID } from 'node:crypto';
import express from 'express';

const app = express();
const port = process.env.PORT ?? 3000;

/** The names of the users who are logged in, by the value of their cookie. */
const users = new Map();

app.use(express.urlencoded({ extended: false }));

app.get('/', (request, response) => {
  const [, session] = /\bsession=([^;]+)/.exec(request.headers.cookie ?? '') ?? [];
  const user = users.get(session);
  if (user !== undefined) response.type('text').send(`Hello, ${user}`);
  else response.send('<form method="post" action="/login"><input name="user"><button>Log in</button></form>');
});

app.post('/login', (request, response) => {
  const session = randomUUID();
  users.set(session, request.body.user);
  response.cookie('session', session, { httpOnly: true, sameSite: 'lax' }).redirect('/');
});

// If the port is in use, Express 5 passes an error to this function. Without this check, the program would report success.
app.listen(port, (error) => {
  if (error) throw error;
  console.log(`Listening on ${port}`);
});
