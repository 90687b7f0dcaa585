setInterval(() => console.log('No mail to send'), 5000);
