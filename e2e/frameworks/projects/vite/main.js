document.body.append('from main.js');
