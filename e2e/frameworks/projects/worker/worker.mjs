// A worker that waits for jobs and never listens.
setInterval(() => console.log('Nothing to do'), 60_000);
