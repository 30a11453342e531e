// Run in a page of a report by .ci/pages, in a frame of 320 pixels: what WCAG 2.2 AA asks of reflow (1.4.10). Only a
// table in its own scrolled region may be wider than the page. What is wider is told to the page around the frame.
window.addEventListener('load', function () { setTimeout(function () {
  var width = document.documentElement.clientWidth;
  var wide = [].filter.call(document.body.querySelectorAll('*'), function (element) {
    var region = element.closest('.scroll');
    return (!region || region === element) && element.getBoundingClientRect().right > width + 1;
  });
  var told = wide.slice(0, 10).map(function (element) {
    return element.nodeName + ' ' + element.className + ': ' + element.textContent.trim().slice(0, 60);
  });
  parent.postMessage(wide.length ? told.join('\n') : 'reflows: nothing is wider than ' + width + ' pixels', '*');
}, 200); });
