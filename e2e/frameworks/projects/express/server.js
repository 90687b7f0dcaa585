import express from 'express';

const app = express();
const port = process.env.PORT ?? 3000;

app.get('/', (_request, response) => {
  response.send('Hello');
});

// If the port is in use, Express 5 passes an error to this function. Without this check, the program would report success.
app.listen(port, (error) => {
  if (error) throw error;
  console.log(`Listening on ${port}`);
});
