// Run in a page of a report by .ci/pages: measures, in the style that the browser applies, what WCAG 2.2 AA asks of
// contrast (1.4.3, 1.4.11) and of the order of the keyboard (2.4.1, 2.4.3, 2.4.7). What fails is named in #checked.
window.addEventListener('load', function () { setTimeout(function () {
  window.focus();
  var failed = [], pairs = {}, count = 0;
  function channels(colour) { return colour.match(/[\d.]+/g).map(Number); }
  function luminance(colour) {
    return channels(colour).slice(0, 3).map(function (value) {
      value /= 255;
      return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }).reduce(function (sum, value, at) { return sum + value * [0.2126, 0.7152, 0.0722][at]; }, 0);
  }
  function contrast(one, other) {
    var values = [luminance(one), luminance(other)].sort(function (a, b) { return b - a; });
    return (values[0] + 0.05) / (values[1] + 0.05);
  }
  function behind(element) {
    for (; element; element = element.parentElement) {
      var colour = getComputedStyle(element).backgroundColor, alpha = channels(colour)[3];
      if (alpha === undefined || alpha === 1) return colour;
    }
    return 'rgb(255, 255, 255)';
  }
  function compare(element, colour, least, what) {
    var paper = behind(what === 'outline' ? element.parentElement : element), key = [colour, paper, least].join(' ');
    count += 1;
    if (key in pairs) return;
    pairs[key] = contrast(colour, paper);
    if (pairs[key] < least) failed.push(what + ' of ' + element.nodeName + ': ' + colour + ' on ' + paper + ' is ' + pairs[key].toFixed(2) + ', not ' + least);
  }
  [].forEach.call(document.body.querySelectorAll('*'), function (element) {
    if (!element.getClientRects().length) return;
    var style = getComputedStyle(element), isDrawn = element.namespaceURI.indexOf('svg') > 0;
    var hasText = [].some.call(element.childNodes, function (node) { return node.nodeType === 3 && node.data.trim(); });
    if (hasText && element.nodeName !== 'SCRIPT') {
      var size = parseFloat(style.fontSize), isLarge = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight, 10) >= 700);
      compare(element, isDrawn ? style.fill : style.color, isLarge ? 3 : 4.5, 'text');
    }
    if (element.nodeName === 'rect') compare(element, style.fill, 3, 'bar');
    if (element.nodeName === 'INPUT') compare(element, style.borderTopColor, 3, 'border');
  });
  var focusable = [].filter.call(document.querySelectorAll('a[href],input,summary,[tabindex]'), function (element) {
    return element.getClientRects().length;
  });
  focusable.forEach(function (element, at) {
    if (element.tabIndex > 0) failed.push('tabindex ' + element.tabIndex + ' changes the order of the keyboard');
    if (at > 40) return;
    element.focus({ focusVisible: true });
    if (document.activeElement !== element) failed.push(element.nodeName + ' cannot be reached by keyboard');
    var style = getComputedStyle(element);
    if (style.outlineStyle === 'none') failed.push(element.nodeName + ' does not show that it has the focus');
    else compare(element, style.outlineColor, 3, 'outline');
  });
  if (!focusable.length || focusable[0].className !== 'skip') failed.push('the first stop is not the skip link');
  [].forEach.call(document.querySelectorAll('.scroll'), function (element) {
    if (element.tabIndex !== 0) failed.push('a scrolled region has no keyboard stop');
  });
  var ratios = Object.keys(pairs).map(function (key) { return pairs[key]; });
  var told = document.createElement('pre');
  told.id = 'checked';
  told.textContent = failed.length ? failed.join('\n')
    : 'accessible: ' + count + ' texts, bars and outlines in ' + ratios.length + ' pairs of colours, the least ' + Math.min.apply(null, ratios).toFixed(2);
  document.body.appendChild(told);
}, 200); });
