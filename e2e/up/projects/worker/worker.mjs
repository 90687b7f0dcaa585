console.log('Waiting for images');
setInterval(() => console.log('No image to scale'), 5000);
