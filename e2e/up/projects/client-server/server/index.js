import express from 'express';

const port = process.env.PORT ?? 3001;
const app = express();
app.get('/', (_request, response) => response.send('Orders'));
app.get('/api/orders', (_request, response) => response.send(`Orders of ${process.cwd()}`));
app.listen(port, () => console.log(`Listening on ${port}`));
