import { createServer } from 'node:http';

// As many tools do it: when the number is taken, the next one.
const server = createServer((_request, response) => response.end('Hello'));
let port = Number(process.env.PORT ?? 3000);
server.on('error', (error) => {
  if (error.code !== 'EADDRINUSE') throw error;
  server.listen(++port);
});
server.on('listening', () => console.log(`Listening on ${port}`));
server.listen(port);
