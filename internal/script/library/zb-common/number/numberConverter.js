// Converters of numbers: script-api 4.4.
(function (converters) {
    'use strict';

    // numberConverterDigit reads digits; points, commas and blanks between groups
    // of three do not count.
    converters.numberConverterDigit = function (node) {
        var text = node.text.replace(/[.,]0{1,2}$/, '');
        if (/^\d{1,3}([., ]\d{3})+$/.test(text)) text = text.replace(/[., ]/g, '');
        return parseInt(text, 10);
    };

    // numberConverterValue reads the value that the pattern gives.
    converters.numberConverterValue = function (node) { return parseInt(node.value, 10); };

    // numberSimpleConverter is the first number of a subtree.
    converters.numberSimpleConverter = function (node) { return parseInt(converters.collectParseTreeValues(node)[0], 10); };

    // numberConverterSum adds what the subtree holds; $Minus makes it negative.
    converters.numberConverterSum = function (node) {
        var sum = numbersIn(node).reduce(function (a, b) { return a + b; }, 0);
        return node.Minus ? -sum : sum;
    };

    // numberConverterMultiply multiplies what the subtree holds, and the value of
    // the pattern itself.
    converters.numberConverterMultiply = function (node) {
        var factor = node.value === undefined ? 1 : Number(node.value);
        return numbersIn(_.omit(node, 'value')).reduce(function (a, b) { return a * b; }, factor);
    };

    var shorts = { 'к': 1e3, k: 1e3, 'тыс': 1e3, 'млн': 1e6, 'млрд': 1e9, bn: 1e9 };

    // numberConverterShort reads numbers such as 10k.
    converters.numberConverterShort = function (node) {
        return parseInt(node.text, 10) * shorts[node.text.replace(/^\d+/, '').toLowerCase()];
    };

    var dozens = { twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90 };
    var units = {
        one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9,
        first: 1, second: 2, third: 3, fourth: 4, fifth: 5, sixth: 6, seventh: 7, eighth: 8, ninth: 9
    };

    // numberConverterDozenDash reads words such as twenty-one.
    converters.numberConverterDozenDash = function (node) {
        var parts = node.text.toLowerCase().split('-');
        return dozens[parts[0]] + units[parts[1]];
    };

    function numbersIn(node) { return converters.collectParseTreeValues(node).map(Number); }
})($converters);
