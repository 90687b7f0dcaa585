const response = await fetch('/api/orders');
document.body.textContent = await response.text();
