// Takes work from somewhere, and never listens.
setInterval(() => console.log('Nothing to do'), 60_000);
