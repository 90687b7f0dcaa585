// Prints numbered lines, so that a lost line is noticed, and serves a page on PORT.
import { createServer } from 'node:http';

let count = 0;
setInterval(() => console.log(`line ${++count}`), 10);
createServer((_request, response) => response.end(`hello from ${process.env.PORT}`)).listen(process.env.PORT);
