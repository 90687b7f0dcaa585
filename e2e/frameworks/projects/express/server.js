import express from 'express';

const app = express();
const port = process.env.PORT ?? 3000;

app.get('/', (_request, response) => {
  response.send('Hello');
});

// Express 5 hands a port that is taken to this function: who does not look at the error is told that all is well.
app.listen(port, (error) => {
  if (error) throw error;
  console.log(`Listening on ${port}`);
});
